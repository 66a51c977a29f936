// Every verdict, however and whenever it arrives: before or after the receipt, before or after the payment, while the program
// is closed, long after the end. The window says the same of it in each of its places.
//
// Each run takes a few verdicts that come after their receipt; `MOMSBUD_VERDICTS=all` takes all, in all ways.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { acts } from "./acts.mjs";
import { Desktop } from "./desktop.mjs";
import { advance, deliveries, resetClock, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

const ALL = process.env.MOMSBUD_VERDICTS === "all";

/**
 * The practice's word for a verdict, the state, and what is said of it: at the card, and in the history. What is accepted comes
 * last: from then on the period is filed, whatever becomes of a later version.
 */
const VERDICTS = /** @type {[string, string, RegExp, RegExp, boolean][]} */ ([
  ["invalid", "rejected", /Levert, men avvist/, /Levert, avvist/, true],
  ["otherNamespace", "unclear", /Levert, svaret må ses på/, /må ses på/, false],
  ["unreadable", "unclear", /Levert, svaret må ses på/, /må ses på/, false],
  ["missing", "unclear", /Levert, svaret må ses på/, /må ses på/, false],
  ["unknownWord", "unclear", /Levert, svaret må ses på/, /må ses på/, true],
  ["deviating", "received", /med avvik/, /Mottatt med avvik/, false],
  ["incomplete", "received", /mangelfull/, /Mottatt, mangelfull/, false],
  ["accepted", "received", /Mottatt/, /Mottatt/, true],
]).filter(([, , , , daily]) => ALL || daily);

/** Seconds after delivery. */
const SOON = { verdictDelaySeconds: 0.8, receiptDelaySeconds: 0.8, paymentDelaySeconds: 0.8, feedbackDelaySeconds: 0.8 };
/** It ended so long ago that nothing is on its way any more. */
const LONG_AGO = { receiptDelaySeconds: -600, feedbackDelaySeconds: -600, paymentDelaySeconds: -600 };
/** It ends while nobody looks. */
const LATER = { verdictDelaySeconds: 240, receiptDelaySeconds: 240, feedbackDelaySeconds: 240, paymentDelaySeconds: 0.05 };

const ARRIVALS = /** @type {[string, Record<string, number>, string?][]} */ ([
  ["after the receipt", { ...SOON, verdictDelaySeconds: 1.5, receiptDelaySeconds: 0.2 }],
  ["while the program is closed", LATER, "waitingAnswer"],
  ["long after the end", { ...LONG_AGO, verdictDelaySeconds: 240 }, "unclear"],
  ["before the receipt", { ...SOON, verdictDelaySeconds: 0.2, receiptDelaySeconds: 1.5, feedbackDelaySeconds: 1.5 }],
  ["before the payment", { ...SOON, verdictDelaySeconds: 0.2, paymentDelaySeconds: 1.5 }],
  ["after the payment", { ...SOON, paymentDelaySeconds: 0.05, feedbackDelaySeconds: 2, verdictDelaySeconds: 2 }],
]).slice(0, ALL ? undefined : 1);

for (const [arrival, altinn, meanwhile] of ARRIVALS) {
  describe(`a verdict that arrives ${arrival}`, { concurrency: false }, () => {
    /** @type {Desktop} */ let desktop;
    /** @type {Program} */ let program;
    let sent = 0;

    const begin = async () => {
      desktop = await Desktop.open();
      program = await Program.start(desktop);
      await program.signIn("Ingrid Solvang");
      sent = 0;
    };
    const end = async () => {
      await program?.quit();
      await desktop?.close();
    };
    before(begin);
    after(end);
    const step = story(() => program.picture("failed-arrivals"));
    const { state, send } = acts(() => program);

    /** History and deadlines say it, and each return is delivered once. */
    const saysInHistory = async (outcome, inHistory) => {
      await program.click(ids.placeHistory);
      await program.reads(ids.historyRow, inHistory);
      await program.click(ids.placeDeadlines);
      await program.see(ids.deadlineTable);
      const filed = outcome === "received";
      const title = filed ? "evert" : outcome === "rejected" ? "Levert, avvist" : "må ses på";
      await until(`a deadline that says ${title}`, async () => {
        const css = `[data-testid="${ids.deadlineCell}"][title*="${title}"]`;
        const cells = await program.driver.findElements({ css });
        const states = await Promise.all(cells.map((cell) => cell.getAttribute("data-state")));
        return states.some((state) => (state === "filed") === filed);
      });
      assert.equal((await deliveries(program)).length, sent);
    };

    /** The card says it too, and nothing is to be paid that is not accepted. */
    const saysTheSame = async (outcome, words, inHistory) => {
      await program.reads(ids.step2, words);
      assert.equal(await program.shows(ids.received), outcome === "received");
      if (outcome !== "received") assert.ok(!(await program.shows(ids.copyKid)) && !(await program.shows(ids.copyAll)));
      await saysInHistory(outcome, inHistory);
      await program.click(ids.placeFiling);
    };

    for (const [nth, [word, outcome, words, inHistory]] of VERDICTS.entries()) {
      // One that never comes comes not late either.
      if (word === "missing" && meanwhile) continue;
      step(word, async () => {
        if (meanwhile && nth > 0) {
          // A start lays open whatever must still be looked at: each has a computer of its own, so that it lies there alone.
          await end();
          await begin();
        }
        const delays = word === "missing" ? { ...altinn, ...LONG_AGO } : altinn;
        await settings(program, { altinn: delays, skatteetaten: { verdict: word } });
        await send(0);
        sent += 1;
        if (meanwhile) {
          await state(meanwhile);
          if (meanwhile === "unclear") await saysTheSame("unclear", /Levert, svaret må ses på/, /må ses på/);
          await program.quit();
          program = await Program.start(desktop);
          await program.reads(ids.who, /Ingrid Solvang/);
          await advance(program, 241);
          // The practice's log begins anew with the program: nothing is delivered by this one.
          sent = 0;
        }
        if (meanwhile === "unclear") {
          // It is looked for seldom by itself; whoever wants to know asks.
          await program.click(ids.placeHistory);
          await program.click(ids.historyRow);
          await program.click(ids.fetchAgain);
        }
        await program.click(ids.placeFiling);
        await state(outcome);
        await saysTheSame(outcome, words, inHistory);
        await resetClock(program);
      });
    }
  });
}
