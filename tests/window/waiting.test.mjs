// What is waited for, in the real window against the practice authorities: an instance that takes its time, an app that has
// moved, an answer that does not come.
//
// `MOMSBUD_LOOKS=all` takes each picture in light and dark and three languages, and walks what takes minutes.

import assert from "node:assert/strict";
import { evening } from "./evening.mjs";
import { ALL_LOOKS, looks } from "./looks.mjs";
import { settings } from "./practice.mjs";
import { ids } from "./program.mjs";

evening("what is waited for", { picture: "failed-waiting", person: "Ingrid Solvang" }, (it) => {
  const { step } = it;
  const { situation, state, goOn, send } = it.acts;

  step("an instance that takes its time is said to be made ready, and is filed", async () => {
    await situation("slowInstance");
    await send(0);
    await it.program.reads(ids.step2, /Altinn gjør klar innsendingen/, 30_000);
    await it.program.picture("100-preparing");
    await state("received");
    await situation("slowInstance");
  });

  step("an app that has moved: the address is out of date, and where to change it", async () => {
    await situation("appMoved");
    await send(0);
    await state("waiting", 60_000);
    await it.program.reads(ids.problem, /utdatert/);
    await looks(it.program, "102-app-moved");
    await situation("appMoved");
    await it.program.click(ids.placeFiling);
    await goOn();
    await state("received");
  });

  if (ALL_LOOKS) {
    step("a slow instance rests after three minutes, and is gone on with", async () => {
      await settings(it.program, { altinn: { instanceDelaySeconds: 3600, feedbackDelaySeconds: 4 } });
      await send(0);
      await it.program.reads(ids.step2, /Altinn gjør klar innsendingen/, 30_000);
      await looks(it.program, "107-preparing");
      await state("waiting", 200_000);
      await looks(it.program, "108-resting");
      await settings(it.program, { altinn: { instanceDelaySeconds: 0 } });
      await goOn();
      await state("received");
    });

    step("a verdict that is missing is waited for two minutes, and then must be looked at", async () => {
      await situation("missingVerdict");
      await send(0);
      await state("unclear", 200_000);
      await it.program.reads(ids.step2, /Levert, svaret må ses på/);
      assert.ok(!(await it.program.shows(ids.openAnswer)), "there is nothing to open");
      await looks(it.program, "109-missing");
      await it.program.click(ids.placeHistory);
      await it.program.click(ids.historyRow);
      await looks(it.program, "110-missing-history", { place: ids.placeHistory, open: () => it.program.click(ids.historyRow) });
      await situation("missingVerdict");
    });
  }

  // It stands in the place of the next one.
  step("what is never processed waits, delivered", async () => {
    await situation("neverProcessed");
    await send(1);
    await state("waitingAnswer");
    await it.program.reads(ids.step2, /[Ll]evert/);
    assert.ok(!(await it.program.shows(ids.received)) && !(await it.program.shows(ids.payment)));
    await looks(it.program, "104-never-processed");
    await situation("neverProcessed");
  });
});
