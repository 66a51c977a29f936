// An authority whose answer comes a byte at a time: whoever waits for it can do everything else meanwhile.

import assert from "node:assert/strict";
import { evening } from "./evening.mjs";
import { clearFaults, deliveries, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";

/** How long a place may take to be shown, milliseconds: far more than it does, far less than the answer. */
const AT_ONCE = 3_000;

evening("while an answer drips", { picture: "failed-drip", person: "Ingrid Solvang" }, (it) => {
  const { step } = it;
  const { state } = it.acts;
  const running = async (id) => (await it.program.attribute(id, "data-state")) === "running";

  /** Goes through the window; what was waited for must still be under way at the end. */
  const goRound = async (waits) => {
    for (const [place, shown] of [
      [ids.placeHistory, ids.historySearch],
      [ids.placeDeadlines, ids.addDuty],
      [ids.placeSettings, ids.language],
      [ids.placeAccess, ids.signInAsAnother],
    ]) {
      await it.program.click(place);
      await it.program.see(shown, AT_ONCE);
    }
    await it.program.click(ids.placeHistory);
    await it.program.type(ids.historySearch, "vika mars");
    await it.program.click(ids.placeFiling);
    await it.program.see(ids.card, AT_ONCE);
    assert.ok(await running(waits), "the answer was there too soon to have been waited for");
  };

  step("the window is used while the check waits, and the check ends well", async () => {
    await faults(it.program, [{ authority: "skatteetaten", times: 0, fault: { kind: "drip", milliseconds: 60 } }]);
    await it.program.click(ids.sample);
    await it.program.click(ids.check);
    await until("the check to wait", () => running(ids.step1));
    await goRound(ids.step1);
    await it.program.picture("drip-1-check");
    await until("the check", async () => (await it.program.attribute(ids.step1, "data-state")) === "done", 120_000);
  });

  step("the same while a filing waits, which is delivered once", async () => {
    await clearFaults(it.program);
    await faults(it.program, [
      { authority: "altinn_app", call: "createInstance", fault: { kind: "drip", milliseconds: 30 } },
    ]);
    await it.program.click(ids.file);
    await it.program.click(ids.confirmFile);
    await until("the filing to wait", () => running(ids.step2));
    await goRound(ids.step2);
    await it.program.picture("drip-2-filing");
    await state("received");
    assert.equal((await deliveries(it.program)).length, 1);
  });
});
