// Filings that wait for another person, and what the window offers then: each way that is offered leads on. What is wrong with
// the authorities stands in `remedies.test.mjs`.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evening } from "./evening.mjs";
import { clearFaults, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";
import { vatReturn } from "./returns.mjs";

evening("every refusal has a way on", { picture: "failed-refusals", person: "Jonas Eide" }, (it) => {
  const { step } = it;
  const { state } = it.acts;
  let number = 0;

  const written = async (wishes) => {
    number += 1;
    const path = join(it.desktop.root, `melding-${number}.xml`);
    await writeFile(path, vatReturn({ reference: `nr ${number}`, ...wishes }));
    return path;
  };
  /** Lays down a return in an empty window and has it checked. */
  const checked = async (wishes) => {
    await it.program.click(ids.placeFiling);
    await until("nothing to lie open", async () => {
      if (await it.program.shows(ids.dropZone)) return true;
      for (const id of [ids.newReturn, ids.cardClose, ids.closeConfirm])
        for (const button of await it.program.all(id)) await button.click().catch(() => undefined);
      return false;
    });
    await it.program.drop([await written(wishes)]);
    await it.program.click(ids.check);
    await until("the check", async () =>
      ["done", "deviating", "problem"].includes(await it.program.attribute(ids.step1, "data-state")),
    );
  };
  const send = async () => {
    await it.program.click(ids.file);
    await it.program.reads(ids.confirmDialog, /./);
    await it.program.click((await it.program.shows(ids.confirmCorrection)) ? ids.confirmCorrection : ids.confirmFile);
  };
  const signInAs = async (name) => {
    await it.program.click(ids.placeAccess);
    await it.program.click(ids.signInAsAnother);
    await it.desktop.browser.signIn(name);
    await it.program.reads(ids.who, new RegExp(name));
    await it.program.click(ids.placeFiling);
  };
  const coded = (code) =>
    until(`the problem ${code}`, async () => (await it.program.attribute(ids.problem, "data-code")) === code, 60_000);
  const offered = async () => {
    const buttons = await it.program.all(ids.problemAction);
    return Promise.all(buttons.map((button) => button.getAttribute("data-remedy")));
  };
  const press = async (remedy) => {
    const css = `[data-testid="${ids.problemAction}"][data-remedy="${remedy}"]`;
    const button = await until(`${remedy} to be offered`, async () => (await it.program.driver.findElements({ css }))[0]);
    await it.program.still(button);
    await button.click();
  };
  step("who may fill in and not sign copies a message, and the one who signs does so here", async () => {
    await checked({ period: "januar-februar", year: 2025 });
    await send();
    await state("waitingSignature");
    await coded("mayNotSign");
    assert.deepEqual(await offered(), ["copyForDirector", "signInAsAnother", "continue"]);
    await it.program.picture("refusal-1-may-not-sign");
    await press("copyForDirector");
    await until("the message", async () => /Merverdiavgift/.test(await it.desktop.clipboard()));
    await press("signInAsAnother");
    await it.desktop.browser.signIn("Ingrid Solvang");
    await it.program.click(ids.sign);
    await it.program.see(ids.signDialog);
    await it.program.picture("refusal-2-sign");
    await it.program.click(ids.confirmSign);
    await state("received");
  });

  step("a filing that somebody began is hers, and goes on when she signs in again", async () => {
    await checked({ period: "mars-april", year: 2025 });
    await faults(it.program, [{ authority: "altinn_app", times: 0, fault: { kind: "status", status: 503 } }]);
    await send();
    await state("waiting");
    await coded("authorityFault");
    await signInAs("Astrid Haug");
    await clearFaults(it.program);
    await coded("anotherPerson");
    assert.deepEqual(await offered(), ["signInAsAnother"]);
    await it.program.picture("refusal-3-another-person");
    await press("signInAsAnother");
    await it.desktop.browser.signIn("Ingrid Solvang");
    await state("received");
  });
});
