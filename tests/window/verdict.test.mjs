// What Skatteetaten decided, in the real window against the practice authorities, set by the window's practice menu: every
// state of a delivered return, the payment before the verdict, an instance that takes its time.
//
// `MOMSBUD_LOOKS=all` takes each picture in light and dark and three languages, and walks what takes minutes.

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { ALL_LOOKS, looks, pick } from "./looks.mjs";
import { deliveries, settings, situations } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

describe("what Skatteetaten decided", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
  });
  const step = story(() => program.picture("failed-verdict"));

  /** Turns one switch of the practice menu. */
  const situation = async (value) => {
    await program.click(ids.placeSettings);
    await program.see(ids.practiceMenu);
    const css = `[data-testid="${ids.practiceSwitch}"][data-value="${value}"]`;
    const isOn = async () => program.driver.findElement({ css }).isSelected();
    // The menu is asked for when it is shown.
    await until(`${value} in the menu`, async () => (await program.driver.findElements({ css })).length > 0);
    const before = await isOn();
    await pick(program, ids.practiceSwitch, value);
    await until(`${value} to be switched`, async () => (await isOn()) !== before);
  };
  const state = (wanted, patience = 120_000) =>
    until(wanted, async () => (await program.attribute(ids.step2, "data-state")) === wanted, patience);
  /** A sample of the list, checked. */
  const checked = async (nth) => {
    await program.click(ids.placeFiling);
    if (await program.shows(ids.newReturn)) await program.click(ids.newReturn);
    else if (await program.shows(ids.cardClose)) await program.click(ids.cardClose);
    await program.see(ids.sample);
    // What was done last may be told above it for a moment.
    await until("a sample to take a click", async () => {
      await (await program.all(ids.sample))[nth].click();
      return true;
    });
    await program.click(ids.check);
    await until("the check", async () =>
      ["done", "deviating", "problem"].includes(await program.attribute(ids.step1, "data-state")),
    );
  };
  /** The button with which a filing that stands still goes on. */
  const goOn = () => {
    const css = `[data-testid="${ids.problemAction}"][data-remedy="continue"]`;
    return until("the filing to be gone on with", async () => {
      // It may have gone on by itself.
      if ((await program.attribute(ids.step2, "data-state")) !== "waiting") return true;
      await program.driver.findElement({ css }).click();
      return true;
    });
  };
  /** A sample of the list, checked and sent. */
  const send = async (nth) => {
    await checked(nth);
    await program.click(ids.file);
    await program.reads(ids.confirmDialog, /./);
    await program.click((await program.shows(ids.confirmCorrection)) ? ids.confirmCorrection : ids.confirmFile);
  };

  step("the menu lists what practice knows, each in words", async () => {
    await program.signIn("Ingrid Solvang");
    await program.click(ids.placeSettings);
    await program.see(ids.practiceMenu);
    const boxes = await until("the switches", async () => {
      const found = await program.all(ids.practiceSwitch);
      return found.length > 0 ? found : undefined;
    });
    const listed = await Promise.all(boxes.map((it) => it.getAttribute("data-value")));
    const known = (await situations(program)).map((it) => it.situation);
    assert.deepEqual(listed, known);
    const said = await program.text(ids.practiceMenu);
    assert.doesNotMatch(said, /practice\./);
    assert.equal(said.split("\n").filter((line) => line.trim()).length, known.length, said);
    // Where it begins, and below that what is in no window at once.
    const scroll = (block) => () =>
      program.driver.executeScript(
        "document.querySelector(arguments[0]).scrollIntoView({ block: arguments[1] })",
        `[data-testid="${ids.practiceMenu}"]`,
        block,
      );
    await scroll("end")();
    await looks(program, "91-practice-menu", { place: ids.placeSettings, open: scroll("end") });
  });

  step("rejected after delivery: the question in practice's own colour, and the answer on its lines", async () => {
    await situation("rejected");
    await checked(0);
    await program.click(ids.file);
    const asked = await program.reads(ids.confirmDialog, /Sende inn i øving\?/);
    assert.match(asked, /Fjordlys Interiør AS/);
    assert.match(asked, /Ingrid Solvang/);
    assert.match(asked, /79 857 kr/);
    await program.picture("92-asked-in-practice");
    await program.click(ids.confirmFile);
    await state("rejected");
    await program.reads(ids.step2, /Levert, men avvist/);
    await program.reads(ids.answer, /Rett og send på nytt/);
    await program.see(ids.finding);
    assert.ok(!(await program.shows(ids.payment)), "nothing is to be paid");
    await looks(program, "93-rejected");
  });

  step("in the history and the deadlines it is called the same, and the period is open", async () => {
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, /Levert, avvist/);
    await program.click(ids.historyRow);
    await program.reads(ids.historyDetail, /Levert, avvist/);
    await looks(program, "94-rejected-history", { place: ids.placeHistory, open: () => program.click(ids.historyRow) });
    await program.click(ids.placeDeadlines);
    await program.see(ids.deadlineTable);
    const cell = await program.driver.findElement({ css: `[data-testid="${ids.deadlineCell}"][title*="Levert, avvist"]` });
    assert.ok(["near", "late", "later"].includes(String(await cell.getAttribute("data-state"))));
    await looks(program, "95-rejected-deadlines", { place: ids.placeDeadlines });
  });

  step("dark, in nynorsk and English", async () => {
    if (ALL_LOOKS) return;
    await program.click(ids.placeSettings);
    await pick(program, ids.theme, "dark");
    for (const [language, words] of /** @type {const} */ ([["nn", /Levert, men avvist/], ["en", /Filed, but rejected/]])) {
      await program.click(ids.placeSettings);
      await pick(program, ids.language, language);
      await program.click(ids.placeFiling);
      await program.reads(ids.step2, words);
      await program.picture(`96-rejected-dark-${language}`);
    }
    await program.click(ids.placeSettings);
    await pick(program, ids.language, "nb");
    await pick(program, ids.theme, "light");
  });

  step("accepted with deviations, or as incomplete: received, and what deviates is shown", async () => {
    await situation("rejected");
    for (const [verdict, words] of /** @type {const} */ ([["deviating", /med avvik/], ["incomplete", /mangelfull/]])) {
      await situation(verdict);
      await send(0);
      await state("received");
      await program.reads(ids.step2, words);
      await program.see(ids.finding);
      await program.see(ids.payment);
      await looks(program, `97-${verdict}`);
      await situation(verdict);
    }
  });

  step("an answer that nobody understands is delivered, not received, and can be opened", async () => {
    for (const verdict of ALL_LOOKS ? ["foreignVerdict", "unreadableVerdict", "unknownVerdict"] : ["unknownVerdict"]) {
      await situation(verdict);
      await send(0);
      await state("unclear");
      await program.reads(ids.step2, /Levert, svaret må ses på/);
      await program.see(ids.openAnswer);
      assert.ok(!(await program.shows(ids.received)));
      await looks(program, `98-${verdict}`);
      await situation(verdict);
    }
  });

  step("a payment before the verdict is provisional; a refund is no bill", async () => {
    await situation("earlyPayment");
    await settings(program, { altinn: { feedbackDelaySeconds: ALL_LOOKS ? 120 : 12 } });
    await send(1);
    await program.reads(ids.payProvisional, /Foreløpig, vent på svaret/, 60_000);
    assert.ok(!(await program.shows(ids.copyAll)) && !(await program.shows(ids.copyKid)));
    await looks(program, "99-provisional-refund");
    await state("received");
    await program.reads(ids.payment, /Til gode/);
    assert.doesNotMatch(await program.text(ids.payment), /Betalingsfrist|Beløp å betale/);
    await looks(program, "99-refund");
    if (ALL_LOOKS) {
      await send(0);
      await program.reads(ids.payProvisional, /Foreløpig, vent på svaret/, 60_000);
      await looks(program, "99-provisional-bill");
      await state("received");
      await looks(program, "99-bill");
    }
    await situation("earlyPayment");
  });

  step("an instance that takes its time is said to be made ready, and is filed", async () => {
    await situation("slowInstance");
    await send(0);
    await program.reads(ids.step2, /Altinn gjør klar innsendingen/, 30_000);
    await program.picture("100-preparing");
    await state("received");
    await situation("slowInstance");
  });

  step("refused by the app before delivery, in each shape: the same reasons on the lines", async () => {
    await situation("refusedByApp");
    const delivered = (await deliveries(program)).length;
    const shapes = ["bare", "conflictWithText", "conflictAsJson", "conflictAsProblem"];
    for (const shape of ALL_LOOKS ? shapes : ["conflictAsProblem"]) {
      if (shape !== "bare") await situation(shape);
      await send(0);
      await state("refused");
      await program.reads(ids.main, /stemmer ikke med registrene/);
      assert.match(await program.text(ids.step2), /[Ii]kke levert/);
      await (shape === "bare" ? looks(program, "101-refused-by-app") : program.picture(`101-refused-${shape}`));
      if (shape !== "bare") await situation(shape);
    }
    assert.equal((await deliveries(program)).length, delivered);
    await situation("refusedByApp");
  });

  step("an app that has moved: the address is out of date, and where to change it", async () => {
    await situation("appMoved");
    await send(0);
    await state("waiting", 60_000);
    await program.reads(ids.problem, /utdatert/);
    await looks(program, "102-app-moved");
    await situation("appMoved");
    await program.click(ids.placeFiling);
    await goOn();
    await state("received");
  });

  step("money back that is held is said at the check, and at the end", async () => {
    await situation("refundHeld");
    await send(1);
    await state("received");
    await program.reads(ids.step2, /med avvik/);
    await program.reads(ids.answer, /til gode/);
    await looks(program, "103-refund-held");
    await situation("refundHeld");
  });

  step("what is never processed waits, delivered", async () => {
    await situation("neverProcessed");
    await send(1);
    await state("waitingAnswer");
    await program.reads(ids.step2, /[Ll]evert/);
    assert.ok(!(await program.shows(ids.received)) && !(await program.shows(ids.payment)));
    await looks(program, "104-never-processed");
    await situation("neverProcessed");
  });

  step("another person comes back than was expected: she is asked about", async () => {
    await situation("anotherPerson");
    await program.click(ids.placeAccess);
    await program.click(ids.renew);
    await desktop.browser.signIn("Ingrid Solvang");
    const asked = await program.reads(ids.whoCame, /Ingrid Solvang/);
    assert.match(asked, /Jonas Eide/);
    await program.picture("105-who-came");
    await program.click(ids.whoCameCancel);
    await program.gone(ids.whoCame);
    await program.reads(ids.who, /Ingrid Solvang/);
    await situation("anotherPerson");
  });

  step("scopes that are not granted: the sign-in says what to do", async () => {
    await situation("scopesNotGranted");
    await program.click(ids.placeAccess);
    await program.click(ids.signInAsAnother);
    await desktop.browser.nextPage();
    await desktop.browser.close();
    await program.reads(ids.signInOutcome, /ber om scopes den ikke har/);
    await program.picture("106-scopes-not-granted");
    await program.click(ids.signInNotNow);
    await situation("scopesNotGranted");
  });

  if (ALL_LOOKS) {
    step("a slow instance rests after three minutes, and is gone on with", async () => {
      await settings(program, { altinn: { instanceDelaySeconds: 3600, feedbackDelaySeconds: 4 } });
      await send(0);
      await program.reads(ids.step2, /Altinn gjør klar innsendingen/, 30_000);
      await looks(program, "107-preparing");
      await state("waiting", 240_000);
      await looks(program, "108-resting");
      await settings(program, { altinn: { instanceDelaySeconds: 0 } });
      await goOn();
      await state("received");
    });

    step("a verdict that is missing is waited for two minutes, and then must be looked at", async () => {
      await situation("missingVerdict");
      await send(0);
      await state("unclear", 200_000);
      await program.reads(ids.step2, /Levert, svaret må ses på/);
      assert.ok(!(await program.shows(ids.openAnswer)), "there is nothing to open");
      await looks(program, "109-missing");
      await program.click(ids.placeHistory);
      await program.click(ids.historyRow);
      await looks(program, "110-missing-history", { place: ids.placeHistory, open: () => program.click(ids.historyRow) });
    });
  }
});
