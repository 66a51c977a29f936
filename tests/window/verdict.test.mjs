// What Skatteetaten decided, in the real window against the practice authorities: rejected after delivery in light and dark and
// three languages, an answer that nobody understands, a payment before the verdict, a refund. Set by the window's practice menu.

import assert from "node:assert/strict";
import { after, before, test as step } from "node:test";
import { Desktop } from "./desktop.mjs";
import { settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

/** @type {Desktop} */
let desktop;
/** @type {Program} */
let program;

before(async () => {
  desktop = await Desktop.open();
  program = await Program.start(desktop);
});

after(async () => {
  await program?.quit();
  await desktop?.close();
});

const pick = async (testId, value) => {
  const css = `[data-testid="${testId}"][data-value="${value}"]`;
  await until(`${css} to take a click`, async () => {
    await program.driver.findElement({ css }).click();
    return true;
  });
};
const situation = async (value) => {
  await program.click(ids.placeSettings);
  await program.see(ids.practiceMenu);
  const css = `[data-testid="${ids.practiceSwitch}"][data-value="${value}"]`;
  const before = await program.driver.findElement({ css }).isSelected();
  await pick(ids.practiceSwitch, value);
  await until(`${value} to be switched`, async () => (await program.driver.findElement({ css }).isSelected()) !== before);
};
const state = (wanted) =>
  until(wanted, async () => (await program.attribute(ids.step2, "data-state")) === wanted, 120_000);
/** The next sample of the list, checked and sent. */
const send = async (nth) => {
  await program.click(ids.placeFiling);
  await program.see(ids.sample);
  // What was done last may be told above it for a moment.
  await until("a sample to take a click", async () => {
    await (await program.all(ids.sample))[nth].click();
    return true;
  });
  await program.click(ids.check);
  await until("the check", async () => ["done", "deviating"].includes(await program.attribute(ids.step1, "data-state")));
  await program.click(ids.file);
};

step("rejected after delivery: the question in practice's own colour, and the answer on its lines", async () => {
  await program.signIn("Ingrid Solvang");
  await situation("rejected");
  await program.picture("91-practice-menu");
  await send(0);
  const asked = await program.reads(ids.confirmDialog, /Sende inn i øving\?/);
  assert.match(asked, /Fjordlys Interiør AS/);
  assert.match(asked, /Ingrid Solvang/);
  assert.match(asked, /79 857 kr/);
  await program.picture("92-asked-in-practice");
  await program.click(ids.confirmFile);
  await state("rejected");
  await program.reads(ids.step2, /Levert, men avvist/);
  await program.reads(ids.answer, /Rett og send på nytt/);
  await program.see(ids.finding);
  assert.ok(!(await program.shows(ids.payment)), "nothing is to be paid");
  await program.picture("93-rejected-light-nb");
});

step("in the history and the deadlines it is called the same, and the period is open", async () => {
  await program.click(ids.placeHistory);
  await program.reads(ids.historyRow, /Levert, avvist/);
  await program.click(ids.historyRow);
  await program.reads(ids.historyDetail, /Levert, avvist/);
  await program.picture("94-rejected-history");
  await program.click(ids.placeDeadlines);
  await program.see(ids.deadlineTable);
  const cell = await program.driver.findElement({ css: `[data-testid="${ids.deadlineCell}"][title*="Levert, avvist"]` });
  assert.ok(["near", "late", "later"].includes(String(await cell.getAttribute("data-state"))));
  await program.picture("95-rejected-deadlines");
});

step("dark, in nynorsk and English", async () => {
  await program.click(ids.placeSettings);
  await pick(ids.theme, "dark");
  for (const [language, words] of /** @type {const} */ ([["nn", /Levert, men avvist/], ["en", /Filed, but rejected/]])) {
    await program.click(ids.placeSettings);
    await pick(ids.language, language);
    await program.click(ids.placeFiling);
    await program.reads(ids.step2, words);
    await program.picture(`96-rejected-dark-${language}`);
  }
  await program.click(ids.placeSettings);
  await pick(ids.language, "nb");
  await program.click(ids.placeFiling);
  await program.picture("96-rejected-dark-nb");
  await program.click(ids.placeSettings);
  await pick(ids.theme, "light");
});

step("an answer that nobody understands is delivered, not received, and can be opened", async () => {
  await situation("rejected");
  await situation("unknownVerdict");
  await program.click(ids.placeFiling);
  await program.click(ids.newReturn);
  await send(0);
  await program.reads(ids.confirmDialog, /./);
  await program.click((await program.shows(ids.confirmCorrection)) ? ids.confirmCorrection : ids.confirmFile);
  await state("unclear");
  await program.reads(ids.step2, /Levert, svaret må ses på/);
  await program.see(ids.openAnswer);
  assert.ok(!(await program.shows(ids.received)));
  await program.picture("97-unclear");
});

step("a payment before the verdict is provisional; a refund is no bill", async () => {
  await situation("unknownVerdict");
  await situation("earlyPayment");
  await settings(program, { altinn: { feedbackDelaySeconds: 12 } });
  await program.click(ids.placeFiling);
  await program.click(ids.newReturn);
  await send(1);
  await program.click(ids.confirmFile);
  await program.reads(ids.payProvisional, /Foreløpig, vent på svaret/, 60_000);
  assert.ok(!(await program.shows(ids.copyAll)) && !(await program.shows(ids.copyKid)));
  await program.picture("98-provisional");
  await state("received");
  await program.reads(ids.payment, /Til gode/);
  assert.doesNotMatch(await program.text(ids.payment), /Betalingsfrist|Beløp å betale/);
  await program.picture("99-refund");
});
