// Every trouble that the practice authorities can be made to give, and what the window offers then: each way that is offered
// leads on, and the trouble ends. `ui/src/tests/remedies.test.tsx` presses every button of the table; here it must help.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evening } from "./evening.mjs";
import { clearFaults, deliveries, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";
import { vatReturn } from "./returns.mjs";

const PERIODS = ["januar-februar", "mars-april", "mai-juni", "juli-august", "september-oktober", "november-desember"];

/** What an authority does, and what it is called in the window. Each holds until it is taken away. */
const TROUBLES = [
  { code: "unreachable", fault: { kind: "dropBefore" } },
  { code: "authorityFault", fault: { kind: "status", status: 503 } },
  { code: "busy", fault: { kind: "tooManyRequests", retryAfterSeconds: 3600 } },
  { code: "unreadableAnswer", fault: { kind: "html" } },
];

evening("every remedy helps", { picture: "failed-remedies", person: "Ingrid Solvang" }, (it) => {
  const { step } = it;
  const { state } = it.acts;
  let number = 0;

  /** Lays down a return that was never filed. */
  const laid = async () => {
    await it.program.click(ids.placeFiling);
    const away = [ids.newReturn, ids.cardClose];
    await until("nothing to lie open", async () => {
      if (await it.program.shows(ids.dropZone)) return true;
      for (const id of away) for (const button of await it.program.all(id)) await button.click().catch(() => undefined);
      return false;
    });
    number += 1;
    const path = join(it.desktop.root, `melding-${number}.xml`);
    const period = PERIODS[number % PERIODS.length];
    const year = 2022 + Math.floor(number / PERIODS.length);
    await writeFile(path, vatReturn({ year, period, reference: `nr ${number}` }));
    await it.program.drop([path]);
    await it.program.see(ids.card);
  };
  const step1 = (wanted) =>
    until(
      `step 1 to be ${wanted}`,
      async () => {
        const now = await it.program.attribute(ids.step1, "data-state");
        // That an earlier period is missing is a finding, and no trouble.
        return now === wanted || (wanted === "done" && now === "deviating");
      },
      60_000,
    );
  const checked = async () => {
    await laid();
    await it.program.click(ids.check);
    await step1("done");
  };
  const send = async () => {
    await it.program.click(ids.file);
    await it.program.reads(ids.confirmDialog, /./);
    await it.program.click((await it.program.shows(ids.confirmCorrection)) ? ids.confirmCorrection : ids.confirmFile);
  };
  const coded = (code) =>
    until(`the problem ${code}`, async () => (await it.program.attribute(ids.problem, "data-code")) === code, 60_000);
  // Asked at one moment: what is drawn again between two questions is another element.
  const offered = () =>
    it.program.driver.executeScript(
      `return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')].map((it) => it.dataset.remedy)`,
      ids.problemAction,
    );
  /** Presses a remedy and says whether there was one; a filing that goes on by itself meanwhile needs none. */
  const press = (remedy) =>
    until(`${remedy} to take a click, or to be gone`, async () => {
      const button = await it.program.one(ids.problemAction, remedy, "data-remedy");
      if (!button) return "gone";
      await it.program.still(button);
      await button.click();
      return "pressed";
    }).then((how) => how === "pressed");

  for (const { code, fault } of TROUBLES) {
    step(`a check that meets ${code} is helped by what is offered`, async () => {
      await laid();
      await faults(it.program, [{ authority: "skatteetaten", times: 0, fault }]);
      await it.program.click(ids.check);
      await step1("problem");
      await coded(code);
      assert.deepEqual(await offered(), ["retry"]);
      await clearFaults(it.program);
      assert.ok(await press("retry"));
      await step1("done");
    });

    step(`a filing that meets ${code} is helped by what is offered, and is delivered once`, async () => {
      const before = (await deliveries(it.program)).length;
      await faults(it.program, [{ authority: "altinn_app", times: 0, fault }]);
      await send();
      await state("waiting");
      await coded(code);
      assert.deepEqual(await offered(), ["continue"]);
      await clearFaults(it.program);
      await press("continue");
      await state("received");
      assert.equal((await deliveries(it.program)).length, before + 1);
    });
  }

  step("an app that has moved leads to its address, and the filing goes on when it is right", async () => {
    await checked();
    await it.acts.situation("appMoved");
    await it.program.click(ids.placeFiling);
    await send();
    await state("waiting");
    await coded("appMoved");
    assert.deepEqual(await offered(), ["openAddresses", "continue"]);
    assert.ok(await press("openAddresses"));
    await it.program.see(ids.addressDialog);
    await it.program.driver.actions().sendKeys("\uE00C").perform();
    await it.program.gone(ids.addressDialog);
    await it.acts.situation("appMoved");
    await it.program.click(ids.placeFiling);
    await press("continue");
    await state("received");
  });

  step("an ID-porten token that is taken for expired leads to a sign-in, and the check goes on", async () => {
    await laid();
    await faults(it.program, [{ authority: "skatteetaten", times: 0, fault: { kind: "expiredToken" } }]);
    await it.program.click(ids.check);
    await step1("problem");
    const code = await it.program.attribute(ids.problem, "data-code");
    const [first] = await offered();
    assert.ok(first, `${code} offers nothing`);
    await clearFaults(it.program);
    assert.ok(await press(first));
    if (first !== "retry") {
      await it.desktop.browser.signIn("Ingrid Solvang");
      await it.program.gone(ids.signInDialog);
    }
    await until("the check, by itself or asked for again", async () => {
      if (["done", "deviating"].includes(await it.program.attribute(ids.step1, "data-state"))) return true;
      await press("retry");
      return false;
    }, 60_000);
  });

  step("a return that the app refuses is chosen anew", async () => {
    await checked();
    await it.acts.situation("refusedByApp");
    await it.program.click(ids.placeFiling);
    await send();
    await state("refused", 60_000);
    assert.ok(await it.program.shows(ids.chooseCorrected));
    await it.acts.situation("refusedByApp");
  });

  step("who has no right may copy a message for the one who has, and that one signs in here and files", async () => {
    await it.program.click(ids.placeAccess);
    await it.program.click(ids.signInAsAnother);
    await it.desktop.browser.signIn("Kari Nygård");
    await it.program.reads(ids.who, /Kari Nygård/);
    await checked();
    await send();
    await state("waiting");
    await coded("noRight");
    assert.deepEqual(await offered(), ["copyForDirector", "signInAsAnother", "continue"]);
    assert.ok(await press("copyForDirector"));
    await until("the message", async () => /Merverdiavgift/.test(await it.desktop.clipboard()));
    assert.ok(await press("signInAsAnother"));
    await it.desktop.browser.signIn("Ingrid Solvang");
    await state("received");
  });

  step("whom Altinn does not know is led to another person, and the check goes on", async () => {
    await it.program.click(ids.placeAccess);
    await it.program.click(ids.signInAsAnother);
    await it.desktop.browser.signIn("Odd Brekke");
    await it.program.reads(ids.who, /Odd Brekke/);
    await laid();
    await it.program.click(ids.check);
    await coded("noAltinnUser");
    assert.ok((await offered()).includes("signInAsAnother"));
    assert.ok(await press("signInAsAnother"));
    await it.desktop.browser.signIn("Ingrid Solvang");
    await it.program.reads(ids.who, /Ingrid Solvang/);
    await until("the check, by itself or asked for", async () => {
      if (["done", "deviating"].includes(await it.program.attribute(ids.step1, "data-state"))) return true;
      if (await it.program.shows(ids.check)) await it.program.click(ids.check);
      return false;
    }, 60_000);
    await send();
    await state("received");
  });

  step("who came without the scopes that Altinn asks for signs in anew, and files", async () => {
    await faults(it.program, [{ call: "exchange", times: 0, fault: { kind: "status", status: 403 } }]);
    await it.program.click(ids.placeAccess);
    await it.program.click(ids.signInAsAnother);
    await it.desktop.browser.signIn("Astrid Haug");
    await it.program.reads(ids.who, /Astrid Haug/);
    await coded("scopeMissing");
    await it.program.picture("remedy-scope-missing-access");
    await checked();
    await coded("scopeMissing");
    assert.deepEqual(await offered(), ["signIn"]);
    await it.program.reads(ids.problem, /ga ikke de tillatelsene/);
    await it.program.picture("remedy-scope-missing");
    await clearFaults(it.program);
    assert.ok(await press("signIn"));
    await it.desktop.browser.signIn("Astrid Haug");
    await it.program.gone(ids.signInDialog);
    await send();
    await state("received");
  });
});
