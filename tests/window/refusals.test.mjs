// Refusals that wait for a person, and what the window offers then: each way that is offered leads on. What is wrong with the
// authorities stands in `remedies.test.mjs`; here it is the return, the person or the answer.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evening } from "./evening.mjs";
import { clearFaults, deliveries, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";
import { vatReturn } from "./returns.mjs";

/** A number with a right check digit that is nobody's in the practice world. */
const NOBODY = { number: "312345609" };

evening("every refusal has a way on", { picture: "failed-refusals", person: "Jonas Eide" }, (it) => {
  const { step } = it;
  const { situation, state } = it.acts;
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
      for (const id of [ids.newReturn, ids.cardClose, ids.closeAll, ids.closeConfirm])
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
  /** Answers the system's dialog as somebody types it who knows the path. */
  const choose = async (path) => {
    const isOpen = async () => /^Velg filer$/.test(await it.desktop.activeWindow().catch(() => ""));
    await until("the dialog", isOpen);
    await it.desktop.run("xdotool", ["key", "--clearmodifiers", "ctrl+l"]);
    await it.desktop.run("xdotool", ["type", "--delay", "20", path]);
    let pressed = 0;
    await until("the dialog to close", async () => {
      if (!(await isOpen())) return true;
      if (Date.now() - pressed > 3_000) {
        await it.desktop.run("xdotool", ["key", "--clearmodifiers", "Return"]);
        pressed = Date.now();
      }
      return false;
    });
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
    await it.program.reads(ids.problem, /påbegynt av Ingrid Solvang/);
    await it.program.picture("refusal-3-another-person");
    await press("signInAsAnother");
    await it.desktop.browser.signIn("Ingrid Solvang");
    await state("received");
  });

  step("a return for a company that Altinn does not know is chosen anew", async () => {
    await checked({ company: NOBODY, period: "mai-juni", year: 2025 });
    await send();
    await state("refused");
    await coded("companyUnknown");
    assert.deepEqual(await offered(), ["chooseFiles"]);
    await it.program.picture("refusal-5-company-unknown");
    await press("chooseFiles");
    await choose(await written({ period: "mai-juni", year: 2025, reference: "rettet" }));
    await it.program.reads(ids.card, new RegExp(`melding-${number}\\.xml`));
  });

  step("a return that was rejected after the delivery is corrected and delivered again", async () => {
    await situation("rejected");
    await checked({ period: "september-oktober", year: 2025 });
    await send();
    await state("rejected");
    assert.ok(await it.program.shows(ids.openAnswer));
    await it.program.picture("refusal-7-rejected");
    await it.program.click(ids.openAnswer);
    await until("the answer", async () => (await it.desktop.opened()).some((path) => path.endsWith("valideringsresultat.xml")));
    await situation("rejected");
    await it.program.click(ids.placeFiling);
    const before = (await deliveries(it.program)).length;
    await it.program.click(ids.chooseCorrected);
    await choose(await written({ period: "september-oktober", year: 2025, reference: "rettet etter avvisning" }));
    await it.program.reads(ids.card, new RegExp(`melding-${number}\\.xml`));
    await it.program.picture("refusal-8-corrected");
    await it.program.click(ids.check);
    await until("the check", async () => ["done", "deviating"].includes(await it.program.attribute(ids.step1, "data-state")));
    await send();
    await state("received");
    assert.equal((await deliveries(it.program)).length, before + 1);
    await it.program.click(ids.backToList);
    await it.program.click(ids.closeAll);
    if (await it.program.shows(ids.closeConfirm)) await it.program.click(ids.closeConfirm);
  });

  step("an answer that nobody understands can be opened", async () => {
    await situation("unknownVerdict");
    await checked({ period: "november-desember", year: 2025 });
    await send();
    await state("unclear");
    await it.program.picture("refusal-9-unclear");
    const before = (await it.desktop.opened()).length;
    await it.program.click(ids.openAnswer);
    await until("the answer", async () => (await it.desktop.opened()).slice(before).some((path) => path.endsWith("valideringsresultat.xml")));
    await situation("unknownVerdict");
  });
});
