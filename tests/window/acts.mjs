// What a person does with a sample, and what the practice menu makes of it: for the tests of what becomes of a return.

import { pick } from "./looks.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";

/**
 * @param {() => import("./program.mjs").Program} current the program, which a test may start again.
 */
export function acts(current) {
  /** Turns one switch of the practice menu. */
  const situation = async (value) => {
    await current().click(ids.placeSettings);
    await current().see(ids.practiceMenu);
    const css = `[data-testid="${ids.practiceSwitch}"][data-value="${value}"]`;
    const isOn = async () => current().driver.findElement({ css }).isSelected();
    // The menu is asked for when it is shown.
    await until(`${value} in the menu`, async () => (await current().driver.findElements({ css })).length > 0);
    const before = await isOn();
    await pick(current(), ids.practiceSwitch, value);
    await until(`${value} to be switched`, async () => (await isOn()) !== before);
  };
  const state = (wanted, patience = 120_000) =>
    until(wanted, async () => (await current().attribute(ids.step2, "data-state")) === wanted, patience);
  /** A sample of the list, checked. */
  const checked = async (nth) => {
    await current().click(ids.placeFiling);
    if (await current().shows(ids.newReturn)) await current().click(ids.newReturn);
    else if (await current().shows(ids.cardClose)) await current().click(ids.cardClose);
    await current().see(ids.sample);
    // What was done last is told above it for a moment.
    const told = `[data-testid="${ids.told}"] .ic`;
    for (const close of await current().driver.findElements({ css: told })) await close.click().catch(() => undefined);
    await current().press(`sample ${nth}`, async () => (await current().all(ids.sample))[nth]);
    await current().click(ids.check);
    await until("the check", async () =>
      ["done", "deviating", "problem"].includes(await current().attribute(ids.step1, "data-state")),
    );
  };
  /** The button with which a filing that stands still goes on. */
  const goOn = () =>
    until("the filing to be gone on with", async () => {
      // It may have gone on by itself.
      if ((await current().attribute(ids.step2, "data-state")) !== "waiting") return true;
      const button = await current().one(ids.problemAction, "continue", "data-remedy");
      await current().still(button);
      await button.click();
      return true;
    });
  /** A sample of the list, checked and sent. */
  const send = async (nth) => {
    await checked(nth);
    await current().click(ids.file);
    await current().reads(ids.confirmDialog, /./);
    await current().click((await current().shows(ids.confirmCorrection)) ? ids.confirmCorrection : ids.confirmFile);
  };

  return { situation, state, checked, goOn, send };
}
