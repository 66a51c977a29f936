// Persons who may not do everything, and sign-ins that end otherwise.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

describe("other persons and other endings", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-people"));

  const outcome = (kind) =>
    until(`the sign-in to end as ${kind}`, async () => (await program.attribute(ids.signInOutcome, "data-outcome")) === kind);

  /** Drops a return, has it checked, and presses Send inn. */
  async function fileReturn(name, wishes) {
    const path = join(desktop.root, name);
    await writeFile(path, vatReturn(wishes));
    await program.drop([path]);
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
  }

  const step2 = (state) =>
    until(`step 2 to be ${state}`, async () => (await program.attribute(ids.step2, "data-state")) === state, 60_000);

  async function signInAs(name) {
    await program.click(ids.placeAccess);
    await program.click(ids.signInAsAnother);
    await desktop.browser.signIn(name);
    await program.reads(ids.who, new RegExp(name));
    await program.click(ids.placeFiling);
  }

  step("cancelling on ID-porten's page is an outcome with a next step", async () => {
    await program.click(ids.signIn);
    const page = await desktop.browser.nextPage();
    await page.getByRole("button", { name: /Avbryt/ }).or(page.getByRole("link", { name: /Avbryt/ })).first().click();
    await page.waitForURL(/\/callback/);
    await desktop.browser.close();
    await outcome("refused");
    await program.picture("20-cancelled-in-the-browser");
    // The way that is offered opens the browser again.
    await program.click(ids.signInRetry);
    await desktop.browser.nextPage();
    await desktop.browser.close();
    await program.click(ids.signInCancel);
    await program.gone(ids.signInDialog);
  });

  step("an answer that belongs to no sign-in of ours is dropped, and the sign-in goes on", async () => {
    await program.click(ids.signIn);
    await desktop.browser.nextPage();
    const address = new URL((await desktop.opened()).at(-1) ?? "");
    for (let time = 0; time < 3; time++) {
      const answer = await fetch(`${address.searchParams.get("redirect_uri")}?code=stolen&state=somebody-elses`);
      assert.doesNotMatch(await answer.text(), /Du er logget inn/);
    }
    await program.see(ids.signInCancel);
    await program.picture("21-wrong-state");
    await desktop.browser.close();
    await program.click(ids.signInCancel);
    await program.gone(ids.signInDialog);
  });

  step("a code that has become too old is said to be so, with the way to a new one", async () => {
    await settings(program, { idPorten: { codeLifetimeSeconds: -1 } });
    await program.click(ids.signIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await outcome("refused");
    await program.reads(ids.signInOutcome, /for sent/);
    await program.picture("22-too-late");
    await settings(program, { idPorten: { codeLifetimeSeconds: 60 } });
    await program.click(ids.signInNotNow);
  });

  step("a closed browser leaves the window waiting, and cancelling there works", async () => {
    await program.click(ids.signIn);
    await desktop.browser.nextPage();
    await desktop.browser.close();
    await program.see(ids.signInCancel);
    await program.picture("23-browser-closed");
    await program.click(ids.signInCancel);
    await program.gone(ids.signInDialog);
    await outcome("cancelled");
    await program.see(ids.signIn);
  });

  step("the browser can be opened again during one sign-in", async () => {
    await program.click(ids.signIn);
    await desktop.browser.nextPage();
    await desktop.browser.close();
    await program.click(ids.signInReopen);
    await desktop.browser.signIn("Jonas Eide");
    await program.reads(ids.who, /Jonas Eide/);
  });

  step("who may only fill in leaves the return waiting for a signature", async () => {
    await fileReturn("utfylt.xml", { period: "mars-april" });
    await step2("waitingSignature");
    await program.reads(ids.step2, /signering/i);
    assert.equal((await deliveries(program)).length, 0);
    await program.picture("24-waits-for-signature");
  });

  step("who has no role is told so, and nothing is delivered", async () => {
    await signInAs("Kari Nygård");
    await fileReturn("uten-rolle.xml", { period: "januar-februar" });
    await step2("waiting");
    assert.equal(await program.attribute(ids.problem, "data-code"), "noRight");
    assert.match(await program.text(ids.problem), /Ingenting er (levert|sendt)|ikke levert/);
    await program.picture("25-no-role");
    assert.equal((await deliveries(program)).length, 0);
  });

  step("who has no user in Altinn is signed in, without an Altinn token and with the reason", async () => {
    await signInAs("Odd Brekke");
    const path = join(desktop.root, "uten-altinn.xml");
    await writeFile(path, vatReturn({ period: "mai-juni" }));
    await program.drop([path]);
    await program.click(ids.check);
    await until("the reason", async () => (await program.attribute(ids.problem, "data-code")) === "noAltinnUser");
    await program.picture("26-no-altinn-user");
    assert.equal((await deliveries(program)).length, 0);
  });
});
