// The program is killed while Skatteetaten thinks, and started again: nothing is lost, nothing is sent twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries, settings } from "./practice.mjs";
import { running, signal, until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";

test("a filing goes on after kill -9, and the person is still signed in", async () => {
  const desktop = await Desktop.open();
  let program;
  try {
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
    await settings(program, { altinn: { feedbackDelaySeconds: 8 } });
    await program.sendSample();
    await until("the delivery", async () => (await deliveries(program)).length === 1);

    for (const pid of await running(PROGRAM, program.dataDir)) signal(pid, "SIGKILL");
    await program.quit();

    program = await Program.start(desktop);
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.picture("killed-1-started-again");
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, /Mottatt/, 60_000);
    await program.picture("killed-2-received");
    assert.equal((await deliveries(program)).length, 0, "the second run delivered nothing anew");
  } finally {
    await program?.quit();
    await desktop.close();
  }
});
