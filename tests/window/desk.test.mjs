// A bookkeeper's evening, in one start of the program against the practice authorities: money that comes back, a return that
// another person files, a remedy that must work, a new version, the history asked in words, the clipboard, the menu under the
// right button, paper, closing and its way back, and a very large window.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import selenium from "selenium-webdriver";
import { evening } from "./evening.mjs";
import { deliveries } from "./practice.mjs";
import { pick } from "./looks.mjs";
import { until } from "./processes.mjs";
import { ids, plain } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";

const { Key } = selenium;
const REFUND = [
  { code: "3", base: 40_000, rate: 25, vat: 10_000 },
  { code: "1", vat: -34_640 },
];

evening("a bookkeeper's evening", { picture: "failed-desk", screen: { width: 2560, height: 1440 } }, (it) => {
  const { step } = it;

  const put = async (name, wishes) => {
    const path = join(it.desktop.root, name);
    await writeFile(path, vatReturn(wishes));
    return path;
  };
  const step2 = (state) =>
    until(`step 2 to be ${state}`, async () => (await it.program.attribute(ids.step2, "data-state")) === state, 90_000);
  const checked = () =>
    until("the check", async () => ["done", "deviating"].includes(await it.program.attribute(ids.step1, "data-state")));
  const signInAs = async (name) => {
    await it.program.click(ids.placeAccess);
    await it.program.click(ids.signInAsAnother);
    await it.desktop.browser.signIn(name);
    await it.program.reads(ids.who, new RegExp(name));
    await it.program.click(ids.placeFiling);
  };
  const keys = (...pressed) =>
    it.program.driver
      .actions()
      .sendKeys(...pressed)
      .perform();
  const chord = (modifier, key) => it.program.driver.actions().keyDown(modifier).sendKeys(key).keyUp(modifier).perform();

  step("money that comes back is no bill of 0 kroner", async () => {
    await it.program.signIn("Ingrid Solvang");
    await it.program.drop([await put("til-gode.xml", { company: VIKA, lines: REFUND })]);
    await it.program.reads(ids.card, /Til gode\s+24 640 kr/);
    await it.program.click(ids.check);
    await checked();
    await it.program.click(ids.file);
    await it.program.reads(ids.confirmDialog, /Til gode\s+24 640 kr/);
    await it.program.click(ids.confirmFile);
    await step2("received");
    assert.equal(await it.program.attribute(ids.payment, "data-kind"), "refund");
    assert.doesNotMatch(await it.program.text(ids.payment), /Beløp å betale|Betalingsfrist|\b0 kr/);
    await it.program.picture("a1-refund");
    await it.program.click(ids.newReturn);
  });

  step("what was closed by mistake comes back", async () => {
    await it.program.drop([await put("juli.xml", {})]);
    await it.program.see(ids.card);
    await it.program.click(ids.cardClose);
    await it.program.reads(ids.told, /Fjordlys Interiør AS er lukket/);
    // What is pointed at stays.
    await it.program.driver.actions().move({ origin: await it.program.see(ids.told) }).perform();
    await it.program.picture("a2-closed");
    await it.program.click(ids.toldDeed);
    await it.program.reads(ids.card, /Fjordlys Interiør AS/);
  });

  step("another person may file what one without the role began", async () => {
    await signInAs("Kari Nygård");
    await it.program.click(ids.check);
    await checked();
    await it.program.click(ids.file);
    await it.program.click(ids.confirmFile);
    await step2("waiting");
    assert.equal(await it.program.attribute(ids.problem, "data-code"), "noRight");
    await it.program.picture("a3-no-right");
    await it.program.press("the remedy", () => it.program.one(ids.problemAction, "signInAsAnother", "data-remedy"));
    await it.desktop.browser.signIn("Ingrid Solvang");
    await step2("received");
    const mine = (await deliveries(it.program)).filter(({ orgNumber }) => orgNumber === FJORDLYS.number);
    assert.equal(mine.length, 1);
    await it.program.picture("a3-filed-by-another");
    await it.program.click(ids.newReturn);
  });

  step("Frister has learnt both companies, whoever filed", async () => {
    await it.program.click(ids.placeDeadlines);
    await until("both companies", async () => {
      const rows = await it.program.all(ids.deadlineRow);
      const known = await Promise.all(rows.map((row) => row.getAttribute("data-org")));
      return known.includes(FJORDLYS.number) && known.includes(VIKA.number);
    });
    await it.program.picture("a4-deadlines");
    await it.program.click(ids.addDuty);
    await it.program.see(ids.dutyDialog);
    await it.program.picture("a4-add");
    await keys(Key.ESCAPE, Key.ESCAPE);
    await it.program.gone(ids.dutyDialog);
  });

  step("a new version looks like one, from its band to the question", async () => {
    await it.program.click(ids.placeFiling);
    const lines = [
      { code: "3", base: 124_000, rate: 25, vat: 31_000 },
      { code: "31", base: 5_000, rate: 15, vat: 750 },
      { code: "1", vat: -12_511 },
    ];
    await it.program.drop([await put("juli-rettet.xml", { lines })]);
    await it.program.reads(ids.newVersionBand, /989 kr mer enn levert/);
    await it.program.click(ids.check);
    await checked();
    assert.match(await it.program.text(ids.file), /ny versjon/);
    await it.program.picture("a5-new-version");
    await it.program.click(ids.file);
    await it.program.reads(ids.confirmDifference, /989 kr mer enn levert/);
    await it.program.picture("a5-new-version-asked");
    await it.program.click(ids.confirmCorrection);
    await step2("received");
    await it.program.click(ids.newReturn);
  });

  step("the history answers as people ask", async () => {
    await it.program.click(ids.placeHistory);
    const finds = async (question, count) => {
      await it.program.type(ids.historySearch, question);
      await until(`${count} of "${question}"`, async () => {
        const answered = await it.program.attribute(ids.historyCount, "data-answers");
        return answered === question && (await it.program.text(ids.historyCount)).startsWith(`${count} `);
      });
    };
    await finds("fjordlys juli", 2);
    await finds("termin 4", 3);
    await finds("juli-august", 3);
    await finds("vika 24 640 kr", 1);
    await it.program.picture("a6-history");
    await finds("desember", 0);
    await it.program.type(ids.historySearch, " ");
    await pick(it.program, ids.historySort, "company");
    await until("the company's order", async () =>
      /^Fjordlys/.test(plain(await (await it.program.see(ids.historyRow)).getText())),
    );
  });

  step("rows go to a spreadsheet as it wants them, from the keyboard and from the mouse", async () => {
    const rows = await it.program.all(ids.historyRow);
    await it.program.driver.executeScript("arguments[0].querySelector('[data-stop]').focus()", rows[2]);
    await chord(Key.CONTROL, "c");
    await it.program.reads(ids.told, /1 rad er kopiert/);
    const line = await it.desktop.clipboard();
    assert.match(line, /^Vika Tolketjenester AS\t315203856\tJuli–august 2026\t-24640\t/);
    await it.program.driver.executeScript(
      `const range = document.createRange();
       range.setStartBefore(arguments[0].cells[0]);
       range.setEndAfter(arguments[1].cells[4]);
       getSelection().removeAllRanges();
       getSelection().addRange(range);
       document.activeElement.blur();`,
      rows[0],
      rows[2],
    );
    await chord(Key.CONTROL, "c");
    await it.program.reads(ids.told, /3 rader er kopiert/);
    const marked = await it.desktop.clipboard();
    assert.equal(marked.split("\n").length, 3);
    assert.doesNotMatch(marked, /[\u00a0\u2212]/);
    await it.program.driver.executeScript("getSelection().removeAllRanges()");
  });

  step("the right button has the window's own menu", async () => {
    const [row] = await it.program.all(ids.historyRow);
    assert.ok(row);
    await it.program.driver.executeScript(
      `const { left, top } = arguments[0].getBoundingClientRect();
       arguments[0].cells[1].dispatchEvent(new MouseEvent("contextmenu",
         { bubbles: true, cancelable: true, clientX: left + 300, clientY: top + 10 }))`,
      row,
    );
    await it.program.reads(ids.contextMenu, /Kopier raden/);
    await it.program.picture("a7-menu");
    await keys(Key.ESCAPE);
    await it.program.gone(ids.contextMenu);
  });

  step("a very large window shows the list and a return side by side, and cuts nothing", async () => {
    await it.program.click(ids.placeFiling);
    const files = [
      await put("1.xml", { company: VIKA, period: "september-oktober" }),
      await put("2.xml", { company: FJORDLYS, period: "november-desember" }),
    ];
    await it.program.drop(files);
    await it.program.resize({ x: 0, y: 0, width: 2560, height: 1400 });
    await it.program.see(ids.cardList);
    await it.program.picture("a9-large-list");
    await it.program.click(ids.cardRow);
    await it.program.see(ids.card);
    await it.program.see(ids.cardList);
    await it.program.picture("a9-large-beside");
    await it.program.click(ids.closeAll);
    await it.program.reads(ids.closeDialog, /2 er ikke sendt/);
    await it.program.click(ids.closeConfirm);
    await it.program.see(ids.dropZone);
  });
});
