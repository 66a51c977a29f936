// The authorities do not answer, and answer again: nothing is lost, nothing is promised, and it goes on.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { clearFaults, deliveries, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

describe("offline and back", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
    await program.click(ids.sample);
    await program.see(ids.card);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-offline"));
  const state = (id, wanted) =>
    until(`${id} to be ${wanted}`, async () => (await program.attribute(id, "data-state")) === wanted, 60_000);
  const down = (authority) => faults(program, [{ authority, times: 0, fault: { kind: "dropBefore" } }]);

  step("a check without an answer says so and that nothing is filed", async () => {
    await down("skatteetaten");
    await program.click(ids.check);
    await state(ids.step1, "problem");
    assert.equal(await program.attribute(ids.problem, "data-code"), "unreachable");
    await program.reads(ids.problem, /Ingenting er|ikke levert/);
    await program.picture("75-check-offline");
  });

  step("back on the network the same button checks", async () => {
    await clearFaults(program);
    await program.click(ids.problemAction);
    await state(ids.step1, "done");
  });

  step("a filing without an answer waits, and promises nothing", async () => {
    await down("altinn_app");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await state(ids.step2, "waiting");
    assert.equal(await program.attribute(ids.problem, "data-code"), "unreachable");
    await program.picture("76-filing-offline");
    assert.equal((await deliveries(program)).length, 0);
  });

  step("back on the network it goes on, and is delivered once", async () => {
    await clearFaults(program);
    // It would go on by itself; nobody has to wait for that, and nobody has to press. Both are well.
    await until("the filing to be gone on with, or to go on", async () => {
      const [button] = await program.all(ids.continueFiling);
      if (!button) return true;
      await program.still(button);
      await button.click();
      return true;
    });
    await program.see(ids.received, 120_000);
    assert.equal((await deliveries(program)).length, 1);
    await program.picture("77-back-and-received");
  });
});
