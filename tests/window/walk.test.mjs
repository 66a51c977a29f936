// The lesser things that a bookkeeper with forty clients stumbled over, walked through once more against the practice
// authorities: what a return says that came too early, sixty lines, attachments that cannot go, a late delivery, a narrow window,
// signing out, and where the eye and the keyboard are.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, plain, Program } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const { Key } = selenium;

describe("a walk past the lesser things", { concurrency: false }, () => {
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
  const step = story(() => program.picture("failed-walk"));

  const put = async (name, content) => {
    const path = join(desktop.root, name);
    await writeFile(path, content);
    return path;
  };
  const main = async () => plain(await program.text(ids.main));
  const checked = () =>
    until("the check", async () =>
      ["done", "deviating", "bad", "problem"].includes(await program.attribute(ids.step1, "data-state")),
    );
  const inPage = (script, ...values) => program.driver.executeScript(script, ...values);
  /** How often something is said in the window. */
  const times = (text, said) => said.split(text).length - 1;
  const close = async () => {
    await program.click((await program.shows(ids.newReturn)) ? ids.newReturn : ids.cardClose);
    // Files that go with it are asked about.
    await until("the card to close", async () => {
      if (await program.shows(ids.closeConfirm)) await program.click(ids.closeConfirm);
      return program.shows(ids.dropZone);
    });
  };

  step("Frister before anything is followed says what it will show, and is not striped", async () => {
    await program.click(ids.placeDeadlines);
    await program.reads(ids.deadlinesEmpty, /Ingen frister ennå[^]*ser Momsbud hvilke terminer virksomheten har/);
    assert.ok(!(await program.shows(ids.deadlineTable)), "there is a year of nothing");
    await program.picture("w07-deadlines-empty");
    await program.click(ids.placeFiling);
  });

  step("signing in from a return goes on with it, and the next button has the keyboard", async () => {
    await program.drop([await put("mappe-sum.xml", vatReturn({}))]);
    await program.see(ids.card);
    await program.click(ids.stepSignIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await checked();
    await until("the focus on the next step", async () =>
      inPage(`return document.activeElement?.getAttribute("data-testid") === arguments[0]`, ids.file),
    );
    await program.picture("w14-after-sign-in");
  });

  step("files held over a return that is open are said to go with it", async () => {
    await program.drop(
      [
        await put("skannet.pdf", "no pdf"),
        await put("Bilag 10482 med et langt navn fra skanneren på kontoret 2026-08-31.pdf", "%PDF-1.4\n%%EOF\n"),
      ],
      {
        whileHeld: async () => {
          await program.reads(ids.dropOverlay, /Legg ved Fjordlys Interiør AS/);
          await program.picture("w20-held-over-a-card");
        },
      },
    );
    await until("both files", async () => (await program.all(ids.attachment)).length === 2);
    await program.click(ids.attachmentOpen);
    const opened = await until("the system's viewer", async () =>
      (await desktop.opened()).find((it) => it.endsWith(".pdf")),
    );
    assert.match(opened, /Bilag 10482 med et langt navn/);
    await program.picture("w21-attachments");
  });

  step("attachments that cannot be sent are counted, and taken away together", async () => {
    await program.drop([await put("arkiv.7z", Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]))]);
    await until("three files", async () => (await program.all(ids.attachment)).length === 3);
    await program.reads(ids.step2Reason, /2 vedlegg kan ikke sendes\. Fjern dem først\./);
    await program.picture("w05-two-wrong");
    await close();
  });

  step("a period that is not over says when it can be filed, and offers no corrected file", async () => {
    await program.drop([await put("for-tidlig.xml", vatReturn({ period: "november-desember" }))]);
    await program.reads(ids.checkState, /Terminen er ikke over/);
    await program.reads(ids.finding, /send meldingen 1\. januar 2027 eller senere/);
    assert.ok(!(await program.shows(ids.chooseCorrected)), "a corrected file is asked for");
    await program.picture("w01-not-over");
    await program.click(ids.keepDraft);
    await program.see(ids.draft);
    await program.picture("w01-kept");
    await program.click(ids.placeFiling);
    await program.see(ids.dropZone);
  });

  step("sixty lines have their own codes and a sum a theme", async () => {
    const lines = [];
    for (let n = 1; n <= 15; n++) lines.push({ code: "3", base: 10_000 * n, rate: 25, vat: 2_500 * n, own: `30${n}` });
    for (let n = 1; n <= 15; n++) lines.push({ code: "31", base: 1_000 * n, rate: 15, vat: 150 * n, own: `31${n}` });
    for (let n = 1; n <= 15; n++) lines.push({ code: "33", base: 1_000 * n, rate: 12, vat: 120 * n, own: `33${n}` });
    for (let n = 1; n <= 15; n++) lines.push({ code: "1", vat: -1_000 * n, own: `1${n}` });
    await program.drop([await put("seksti.xml", vatReturn({ period: "september-oktober", lines }))]);
    await program.see(ids.card);
    assert.equal((await program.all(ids.line)).length, 60);
    // 1 + 2 + … + 15 = 120 times 2 500, 150 and 120 kroner; and what is deducted.
    const themes = await inPage(
      `return [...document.querySelectorAll("main tr.theme")].map((row) => row.innerText.replace(/\\s+/g, " ").trim())`,
    );
    assert.deepEqual(themes.map(plain), [
      "Salg av varer og tjenester i Norge 45 linjer 332 400",
      "Kjøp av varer og tjenester i Norge 15 linjer −120 000",
    ]);
    const rows = await program.all(ids.line);
    assert.match(plain(await rows[0].getText()), /· 301\s?10 000/);
    assert.match(plain(await rows[44].getText()), /· 3315\s?15 000/);
    await program.picture("w03-sixty-lines");
    await close();
  });

  step("the wrong person's panel says its problem once, with its buttons in sight", async () => {
    await program.click(ids.placeAccess);
    await program.click(ids.signInAsAnother);
    await desktop.browser.signIn("Kari Nygård");
    await program.reads(ids.who, /Kari Nygård/);
    await program.click(ids.placeFiling);
    await program.drop([await put("vika.xml", vatReturn({ company: VIKA }))]);
    await program.see(ids.card);
    await program.click(ids.check);
    await checked();
    await program.picture("w13-wrong-person-checked");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await until("the refusal", async () => (await program.attribute(ids.step2, "data-state")) === "waiting", 60_000);
    await program.picture("w13-wrong-person");
    assert.equal(times("Du mangler tilgang", await main()), 1);
    for (const button of await program.all(ids.problemAction)) {
      const { top, bottom, height } = await inPage("return arguments[0].getBoundingClientRect().toJSON()", button);
      const below = await inPage("return innerHeight");
      assert.ok(
        height > 0 && top >= 0 && bottom <= below,
        `"${await button.getText()}" is at ${top}–${bottom} of ${below}`,
      );
    }
  });

  step("another person files what was begun; its receipt is dragged out; what is late says so in Frister", async () => {
    await program.press("the remedy", () => program.one(ids.problemAction, "signInAsAnother", "data-remedy"));
    await desktop.browser.signIn("Ingrid Solvang");
    await until("the receipt", async () => (await program.attribute(ids.step2, "data-state")) === "received", 90_000);
    const taken = await program.dragOut(await program.see(ids.openReceipt));
    assert.match(taken, /^file:\/\/.*\/kvittering\.pdf$/);
    assert.match(await readFile(new URL(taken), "latin1"), /^%PDF-/);
    assert.ok(!(await program.shows(ids.dropOverlay)), "the window takes its own file");
    await close();
    await program.drop([await put("i-fjor.xml", vatReturn({ year: 2025, period: "november-desember" }))]);
    await program.see(ids.card);
    await program.click(ids.check);
    await checked();
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await until("the receipt", async () => (await program.attribute(ids.step2, "data-state")) === "received", 90_000);
    await program.click(ids.placeDeadlines);
    await program.see(ids.deadlineTable);
    await program.picture("w07-deadlines");
    await program.click(ids.yearBefore);
    await until("a late delivery", async () => {
      const css = `[data-testid="${ids.deadlineCell}"][title*="for sent"]`;
      return (await program.driver.findElements({ css })).length > 0;
    });
    await program.picture("w06-late");
    await program.click(ids.yearAfter);
  });

  step("at 900 × 600 and 130 % the current month is in sight, and whose it is", async () => {
    const before = await program.resize({ width: 900, height: 600 });
    await inPage("document.documentElement.style.fontSize = '130%'");
    await program.click(ids.placeFiling);
    await program.click(ids.placeDeadlines);
    await program.see(ids.deadlineTable);
    await until("the current month", async () =>
      inPage(
        `const month = document.querySelector("thead th[aria-current]").getBoundingClientRect();
         const box = document.querySelector("main .scroll").getBoundingClientRect();
         const company = document.querySelector('[data-testid="' + arguments[0] + '"] .b').getBoundingClientRect();
         return innerWidth === 900 && month.left >= box.left && month.right <= box.right + 1 && company.left >= box.left;`,
        ids.editDuty,
      ),
    );
    await program.picture("w08-narrow-deadlines");
    await inPage("document.documentElement.style.fontSize = ''");
    await program.resize(before);
  });

  step("the history's rows name company, period and amount when copied, and the window says so", async () => {
    await program.click(ids.placeHistory);
    const row = await program.see(ids.historyRow);
    await inPage("arguments[0].querySelector('[data-stop]').focus()", row);
    await program.driver.actions().keyDown(Key.CONTROL).sendKeys("c").keyUp(Key.CONTROL).perform();
    await program.reads(ids.told, /1 rad er kopiert/);
    await program.picture("w10-copied");
    assert.match(await desktop.clipboard(), new RegExp(`^${FJORDLYS.name}\t${FJORDLYS.number}\t`));
  });

  step("what lies begun in Altinn is asked for all companies at once", async () => {
    await program.click(ids.unfinished);
    const companies = await program.see(ids.unfinishedCompany);
    assert.match(
      String(await inPage("return arguments[0].selectedOptions[0].text", companies)),
      /^Alle \(\d+ virksomheter\)$/,
    );
    await program.reads(ids.unfinishedDialog, /Ingenting er påbegynt/);
    await program.picture("w02-unfinished");
    await program.click(ids.unfinishedClose);
  });

  step("nothing that is whole has a tooltip", async () => {
    const cells = await inPage(
      `return [...document.querySelectorAll("main td, main th, main .ell")]
        .filter((cell) => {
          cell.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
          return cell.title !== "" && cell.scrollWidth <= cell.clientWidth + 1 && cell.title === cell.innerText.trim();
        })
        .map((cell) => cell.title)`,
    );
    assert.deepEqual(cells, []);
  });

  step("several returns are called by what they have in common", async () => {
    await program.click(ids.placeFiling);
    if (await program.shows(ids.newReturn)) await close();
    await program.drop([
      await put("a.xml", vatReturn({ period: "september-oktober" })),
      await put("b.xml", vatReturn({ company: VIKA, period: "september-oktober" })),
    ]);
    await program.see(ids.cardList);
    await program.reads(ids.company, /September–oktober 2026\s+2 mva-meldinger/);
    await program.picture("w16-several");
    await program.click(ids.closeAll);
    await program.click(ids.closeConfirm);
    await program.see(ids.dropZone);
  });

  step("the settings are found by their names and by what they say", async () => {
    await program.click(ids.placeSettings);
    await program.see(ids.language);
    await program.picture("w18-settings");
    const section = (key) =>
      program.driver.findElement({ css: `[data-testid="${ids.settingsSection}"][data-value="${key}"]` });
    await program.press("first aid", () => section("doctor"));
    await until("first aid in sight", async () =>
      inPage(
        `const { top, bottom } = document.querySelector('[data-testid="' + arguments[0] + '"]').getBoundingClientRect();
         return top >= 0 && bottom <= innerHeight;`,
        ids.doctorRun,
      ),
    );
    await program.picture("w18-first-aid");
    await program.type(ids.settingsSearch, "helger");
    await program.see(ids.reminder);
    assert.ok(!(await program.shows(ids.language)), "what was not sought is shown");
    await program.picture("w18-found");
  });

  step("signing out says what still holds", async () => {
    await program.click(ids.placeAccess);
    await program.see(ids.signOut);
    await program.picture("w12-before-sign-out");
    await program.click(ids.signOut);
    await program.reads(ids.told, /Du er logget ut\..*ID-porten/);
    await program.see(ids.renew);
    // Days that are left would promise what nobody can do before she signs in again.
    await program.reads(ids.authorizationRow, /Ingrid Solvang[^]*logget ut/);
    await program.picture("w12-signed-out");
  });
});
