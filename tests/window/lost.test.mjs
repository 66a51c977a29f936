// Database and archive are lost, and what Altinn keeps cannot be read: nothing is sent on a guess, and trying again helps.

import assert from "node:assert/strict";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { evening } from "./evening.mjs";
import { clearFaults, deliveries, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

evening("a history that was lost", { picture: "failed-lost", person: "Ingrid Solvang" }, (it) => {
  const { step } = it;
  const { checked, send, state } = it.acts;

  step("what may have been delivered is asked about, tried again, and found when Altinn can be read", async () => {
    await send(0);
    await state("received");
    assert.equal((await deliveries(it.program)).length, 1);
    const { dataDir, archiveDir } = it.program;
    await it.program.quit();
    // The authorities of practice remember what they have; only Momsbud's own is lost.
    const lost = (await readdir(dataDir)).filter((name) => name.startsWith("momsbud.db"));
    assert.ok(lost.length > 0);
    for (const path of [...lost.map((name) => join(dataDir, name)), join(dataDir, "backups"), archiveDir])
      await rm(path, { recursive: true, force: true });

    it.program = await Program.start(it.desktop);
    await it.program.signIn("Ingrid Solvang");
    await checked(0);
    await faults(it.program, [{ call: "download", times: 0, fault: { kind: "garbled" } }]);
    await it.program.click(ids.file);
    await it.program.reads(ids.confirmDialog, /./);
    await it.program.click(ids.confirmFile);
    await it.program.reads(ids.doubtDialog, /Kan den være levert før\?[^]*innboksen i Altinn/);
    await it.program.picture("remedy-may-be-delivered");
    await it.program.click(ids.doubtRetry);
    await until("the question again", async () => (await it.program.attribute(ids.doubtRetry, "aria-busy")) !== "true");
    await clearFaults(it.program);
    await it.program.click(ids.doubtRetry);
    await it.program.gone(ids.doubtDialog, 60_000);
    await state("received");
    assert.equal((await deliveries(it.program)).length, 0, "the second run delivered nothing anew");
  });
});
