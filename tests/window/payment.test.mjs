// What is to be paid, in the real window against the practice authorities: nothing before the verdict.
//
// `MOMSBUD_LOOKS=all` takes each picture in light and dark and three languages, and walks what takes minutes.

import assert from "node:assert/strict";
import { evening } from "./evening.mjs";
import { ALL_LOOKS, looks } from "./looks.mjs";
import { settings } from "./practice.mjs";
import { ids } from "./program.mjs";

evening("what is to be paid", { picture: "failed-payment", person: "Ingrid Solvang" }, (it) => {
  const { step } = it;
  const { situation, state, send } = it.acts;

  step("a payment before the verdict is provisional; a refund is no bill", async () => {
    await situation("earlyPayment");
    await settings(it.program, { altinn: { feedbackDelaySeconds: ALL_LOOKS ? 75 : 12 } });
    await send(1);
    await it.program.reads(ids.payProvisional, /Foreløpig, vent på svaret/, 60_000);
    assert.ok(!(await it.program.shows(ids.copyAll)) && !(await it.program.shows(ids.copyKid)));
    await looks(it.program, "99-provisional-refund");
    await state("received");
    await it.program.reads(ids.payment, /Til gode/);
    assert.doesNotMatch(await it.program.text(ids.payment), /Betalingsfrist|Beløp å betale/);
    await looks(it.program, "99-refund");
    if (ALL_LOOKS) {
      await send(0);
      await it.program.reads(ids.payProvisional, /Foreløpig, vent på svaret/, 60_000);
      await looks(it.program, "99-provisional-bill");
      await state("received");
      await looks(it.program, "99-bill");
    }
    await situation("earlyPayment");
  });
});
