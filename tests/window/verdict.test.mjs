// What Skatteetaten decided, in the real window against the practice authorities, set by the window's practice menu: every
// state of a delivered return, what is refused before that, and who may come back from a sign-in. What is waited for is in
// waiting.test.mjs, what is to be paid in payment.test.mjs.
//
// `MOMSBUD_LOOKS=all` takes each picture in light and dark and three languages.

import assert from "node:assert/strict";
import { evening } from "./evening.mjs";
import { ALL_LOOKS, looks, pick } from "./looks.mjs";
import { deliveries, situations } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids } from "./program.mjs";

evening("what Skatteetaten decided", { picture: "failed-verdict" }, (it) => {
  const { step } = it;

  const { situation, state, checked, send } = it.acts;

  step("the menu lists what practice knows, each in words", async () => {
    await it.program.signIn("Ingrid Solvang");
    await it.program.click(ids.placeSettings);
    await it.program.see(ids.practiceMenu);
    const boxes = await until("the switches", async () => {
      const found = await it.program.all(ids.practiceSwitch);
      return found.length > 0 ? found : undefined;
    });
    const listed = await Promise.all(boxes.map((it) => it.getAttribute("data-value")));
    const known = (await situations(it.program)).map((it) => it.situation);
    assert.deepEqual(listed, known);
    const said = await it.program.text(ids.practiceMenu);
    assert.doesNotMatch(said, /practice\./);
    assert.equal(said.split("\n").filter((line) => line.trim()).length, known.length, said);
    // Where it begins, and below that what is in no window at once.
    const scroll = (block) => () =>
      it.program.driver.executeScript(
        "document.querySelector(arguments[0]).scrollIntoView({ block: arguments[1] })",
        `[data-testid="${ids.practiceMenu}"]`,
        block,
      );
    await scroll("end")();
    await looks(it.program, "91-practice-menu", { place: ids.placeSettings, open: scroll("end") });
  });

  step("rejected after delivery: the question in practice's own colour, and the answer on its lines", async () => {
    await situation("rejected");
    await checked(0);
    await it.program.click(ids.file);
    const asked = await it.program.reads(ids.confirmDialog, /Sende inn i øving\?/);
    assert.match(asked, /Fjordlys Interiør AS/);
    assert.match(asked, /Ingrid Solvang/);
    assert.match(asked, /79 857 kr/);
    await it.program.picture("92-asked-in-practice");
    await it.program.click(ids.confirmFile);
    await state("rejected");
    await it.program.reads(ids.step2, /Levert, men avvist/);
    await it.program.reads(ids.answer, /Rett og send på nytt/);
    await it.program.see(ids.finding);
    assert.ok(!(await it.program.shows(ids.payment)), "nothing is to be paid");
    await looks(it.program, "93-rejected");
  });

  step("in the history and the deadlines it is called the same, and the period is open", async () => {
    await it.program.click(ids.placeHistory);
    await it.program.reads(ids.historyRow, /Levert, avvist/);
    await it.program.click(ids.historyRow);
    await it.program.reads(ids.historyDetail, /Levert, avvist/);
    await looks(it.program, "94-rejected-history", { place: ids.placeHistory, open: () => it.program.click(ids.historyRow) });
    await it.program.click(ids.placeDeadlines);
    await it.program.see(ids.deadlineTable);
    const cell = await it.program.driver.findElement({ css: `[data-testid="${ids.deadlineCell}"][title*="Levert, avvist"]` });
    assert.ok(["near", "late", "later"].includes(String(await cell.getAttribute("data-state"))));
    await looks(it.program, "95-rejected-deadlines", { place: ids.placeDeadlines });
  });

  step("dark, in nynorsk and English", async () => {
    if (ALL_LOOKS) return;
    await it.program.click(ids.placeSettings);
    await pick(it.program, ids.theme, "dark");
    for (const [language, words] of /** @type {const} */ ([["nn", /Levert, men avvist/], ["en", /Filed, but rejected/]])) {
      await it.program.click(ids.placeSettings);
      await pick(it.program, ids.language, language);
      await it.program.click(ids.placeFiling);
      await it.program.reads(ids.step2, words);
      await it.program.picture(`96-rejected-dark-${language}`);
    }
    await it.program.click(ids.placeSettings);
    await pick(it.program, ids.language, "nb");
    await pick(it.program, ids.theme, "light");
  });

  step("accepted with deviations, or as incomplete: received, and what deviates is shown", async () => {
    await situation("rejected");
    for (const [verdict, words] of /** @type {const} */ ([["deviating", /med avvik/], ["incomplete", /mangelfull/]])) {
      await situation(verdict);
      await send(0);
      await state("received");
      await it.program.reads(ids.step2, words);
      await it.program.see(ids.finding);
      await it.program.see(ids.payment);
      await looks(it.program, `97-${verdict}`);
      await situation(verdict);
    }
  });

  step("an answer that nobody understands is delivered, not received, and can be opened", async () => {
    for (const verdict of ALL_LOOKS ? ["foreignVerdict", "unreadableVerdict", "unknownVerdict"] : ["unknownVerdict"]) {
      await situation(verdict);
      await send(0);
      await state("unclear");
      await it.program.reads(ids.step2, /Levert, svaret må ses på/);
      await it.program.see(ids.openAnswer);
      assert.ok(!(await it.program.shows(ids.received)));
      await looks(it.program, `98-${verdict}`);
      await situation(verdict);
    }
  });

  step("refused by the app before delivery, in each shape: the same reasons on the lines", async () => {
    await situation("refusedByApp");
    const delivered = (await deliveries(it.program)).length;
    const shapes = ["bare", "conflictWithText", "conflictAsJson", "conflictAsProblem"];
    for (const shape of ALL_LOOKS ? shapes : ["conflictAsProblem"]) {
      if (shape !== "bare") await situation(shape);
      await send(0);
      await state("refused");
      await it.program.reads(ids.main, /stemmer ikke med registrene/);
      assert.match(await it.program.text(ids.step2), /[Ii]kke levert/);
      await (shape === "bare" ? looks(it.program, "101-refused-by-app") : it.program.picture(`101-refused-${shape}`));
      if (shape !== "bare") await situation(shape);
    }
    assert.equal((await deliveries(it.program)).length, delivered);
    await situation("refusedByApp");
  });

  step("money back that is held is said at the check, and at the end", async () => {
    await situation("refundHeld");
    await send(1);
    await state("received");
    await it.program.reads(ids.step2, /med avvik/);
    await it.program.reads(ids.answer, /til gode/);
    await looks(it.program, "103-refund-held");
    await situation("refundHeld");
  });

  step("another person comes back than was expected: she is asked about", async () => {
    await situation("anotherPerson");
    await looks(it.program, "105-who-came", {
      place: ids.placeAccess,
      open: async () => {
        await it.program.click(ids.renew);
        await it.desktop.browser.signIn("Ingrid Solvang");
        const asked = await it.program.reads(ids.whoCame, /Ingrid Solvang/);
        assert.match(asked, /Jonas Eide/);
      },
      close: async () => {
        await it.program.click(ids.whoCameCancel);
        await it.program.gone(ids.whoCame);
        await it.program.reads(ids.who, /Ingrid Solvang/);
      },
    });
    await situation("anotherPerson");
  });

  step("scopes that are not granted: the sign-in says what to do", async () => {
    await situation("scopesNotGranted");
    await looks(it.program, "106-scopes-not-granted", {
      place: ids.placeAccess,
      open: async () => {
        await it.program.click(ids.signInAsAnother);
        await it.desktop.browser.nextPage();
        await it.desktop.browser.close();
        await it.program.reads(ids.signInOutcome, /scopes den ikke har|scopes han ikkje har|scopes it does not have/);
      },
      close: async () => {
        await it.program.click(ids.signInNotNow);
        await it.program.gone(ids.signInOutcome);
      },
    });
    await situation("scopesNotGranted");
  });

});
