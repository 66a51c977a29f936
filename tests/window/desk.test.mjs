// A bookkeeper's evening, in one start of the program against the practice authorities: money that comes back, a return that
// another person files, a remedy that must work, a new version, the history asked in words, the clipboard, the menu under the
// right button, paper, closing and its way back, and a very large window.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { deliveries } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, plain, Program } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const { Key } = selenium;
const REFUND = [
  { code: "3", base: 40_000, rate: 25, vat: 10_000 },
  { code: "1", vat: -34_640 },
];

describe("a bookkeeper's evening", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open({ width: 2560, height: 1440 });
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-desk"));
  const put = async (name, wishes) => {
    const path = join(desktop.root, name);
    await writeFile(path, vatReturn(wishes));
    return path;
  };
  const step2 = (state) =>
    until(`step 2 to be ${state}`, async () => (await program.attribute(ids.step2, "data-state")) === state, 90_000);
  const checked = () =>
    until("the check", async () => ["done", "deviating"].includes(await program.attribute(ids.step1, "data-state")));
  const signInAs = async (name) => {
    await program.click(ids.placeAccess);
    await program.click(ids.signInAsAnother);
    await desktop.browser.signIn(name);
    await program.reads(ids.who, new RegExp(name));
    await program.click(ids.placeFiling);
  };
  const keys = (...pressed) =>
    program.driver
      .actions()
      .sendKeys(...pressed)
      .perform();
  const chord = (modifier, key) => program.driver.actions().keyDown(modifier).sendKeys(key).keyUp(modifier).perform();

  step("money that comes back is no bill of 0 kroner", async () => {
    await program.signIn("Ingrid Solvang");
    await program.drop([await put("til-gode.xml", { company: VIKA, lines: REFUND })]);
    await program.reads(ids.card, /Til gode\s+24 640 kr/);
    await program.click(ids.check);
    await checked();
    await program.click(ids.file);
    await program.reads(ids.confirmDialog, /Til gode\s+24 640 kr/);
    await program.click(ids.confirmFile);
    await step2("received");
    assert.equal(await program.attribute(ids.payment, "data-kind"), "refund");
    assert.doesNotMatch(await program.text(ids.payment), /Beløp å betale|Betalingsfrist|\b0 kr/);
    await program.picture("a1-refund");
    await program.click(ids.newReturn);
  });

  step("what was closed by mistake comes back", async () => {
    await program.drop([await put("juli.xml", {})]);
    await program.see(ids.card);
    await program.click(ids.cardClose);
    await program.reads(ids.told, /Fjordlys Interiør AS er lukket/);
    await program.picture("a2-closed");
    await program.click(ids.toldDeed);
    await program.reads(ids.card, /Fjordlys Interiør AS/);
  });

  step("another person may file what one without the role began", async () => {
    await signInAs("Kari Nygård");
    await program.click(ids.check);
    await checked();
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await step2("waiting");
    assert.equal(await program.attribute(ids.problem, "data-code"), "noRight");
    await program.picture("a3-no-right");
    await program.driver
      .findElement({ css: `[data-testid="${ids.problemAction}"][data-remedy="signInAsAnother"]` })
      .click();
    await desktop.browser.signIn("Ingrid Solvang");
    await step2("received");
    const mine = (await deliveries(program)).filter(({ orgNumber }) => orgNumber === FJORDLYS.number);
    assert.equal(mine.length, 1);
    await program.picture("a3-filed-by-another");
    await program.click(ids.newReturn);
  });

  step("Frister has learnt both companies, whoever filed", async () => {
    await program.click(ids.placeDeadlines);
    await until("both companies", async () => {
      const rows = await program.all(ids.deadlineRow);
      const known = await Promise.all(rows.map((row) => row.getAttribute("data-org")));
      return known.includes(FJORDLYS.number) && known.includes(VIKA.number);
    });
    await program.picture("a4-deadlines");
    await program.click(ids.addDuty);
    await program.see(ids.dutyDialog);
    await program.picture("a4-add");
    await keys(Key.ESCAPE, Key.ESCAPE);
    await program.gone(ids.dutyDialog);
  });

  step("a new version looks like one, from its band to the question", async () => {
    await program.click(ids.placeFiling);
    const lines = [
      { code: "3", base: 124_000, rate: 25, vat: 31_000 },
      { code: "31", base: 5_000, rate: 15, vat: 750 },
      { code: "1", vat: -12_511 },
    ];
    await program.drop([await put("juli-rettet.xml", { lines })]);
    await program.reads(ids.newVersionBand, /989 kr mer enn levert/);
    await program.click(ids.check);
    await checked();
    assert.match(await program.text(ids.file), /ny versjon/);
    await program.picture("a5-new-version");
    await program.click(ids.file);
    await program.reads(ids.confirmDifference, /989 kr mer enn levert/);
    await program.picture("a5-new-version-asked");
    await program.click(ids.confirmCorrection);
    await step2("received");
    await program.click(ids.newReturn);
  });

  step("the history answers as people ask", async () => {
    await program.click(ids.placeHistory);
    const finds = async (question, count) => {
      await program.type(ids.historySearch, question);
      await until(`${count} of "${question}"`, async () => {
        const answered = await program.attribute(ids.historyCount, "data-answers");
        return answered === question && (await program.text(ids.historyCount)).startsWith(`${count} `);
      });
    };
    await finds("fjordlys juli", 2);
    await finds("termin 4", 3);
    await finds("juli-august", 3);
    await finds("vika 24 640 kr", 1);
    await program.picture("a6-history");
    await finds("desember", 0);
    await program.type(ids.historySearch, " ");
    const sort = { css: `[data-testid="${ids.historySort}"][data-value="company"]` };
    await until("the companies to be sorted by", async () => {
      await program.driver.findElement(sort).click();
      return true;
    });
    await until("the company's order", async () =>
      /^Fjordlys/.test(plain(await (await program.see(ids.historyRow)).getText())),
    );
  });

  step("rows go to a spreadsheet as it wants them, from the keyboard and from the mouse", async () => {
    const rows = await program.all(ids.historyRow);
    await program.driver.executeScript("arguments[0].querySelector('[data-stop]').focus()", rows[2]);
    await chord(Key.CONTROL, "c");
    await program.reads(ids.told, /1 rad er kopiert/);
    const line = await desktop.clipboard();
    assert.match(line, /^Vika Tolketjenester AS\t315203856\tJuli–august 2026\t-24640\t/);
    await program.driver.executeScript(
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
    await program.reads(ids.told, /3 rader er kopiert/);
    const marked = await desktop.clipboard();
    assert.equal(marked.split("\n").length, 3);
    assert.doesNotMatch(marked, /[\u00a0\u2212]/);
    await program.driver.executeScript("getSelection().removeAllRanges()");
  });

  step("the right button has the window's own menu", async () => {
    const [row] = await program.all(ids.historyRow);
    assert.ok(row);
    await program.driver.executeScript(
      `const { left, top } = arguments[0].getBoundingClientRect();
       arguments[0].cells[1].dispatchEvent(new MouseEvent("contextmenu",
         { bubbles: true, cancelable: true, clientX: left + 300, clientY: top + 10 }))`,
      row,
    );
    await program.reads(ids.contextMenu, /Kopier raden/);
    await program.picture("a7-menu");
    await keys(Key.ESCAPE);
    await program.gone(ids.contextMenu);
  });

  step("a very large window shows the list and a return side by side, and cuts nothing", async () => {
    await program.click(ids.placeFiling);
    const files = [
      await put("1.xml", { company: VIKA, period: "september-oktober" }),
      await put("2.xml", { company: FJORDLYS, period: "november-desember" }),
    ];
    await program.drop(files);
    await program.driver.manage().window().setRect({ x: 0, y: 0, width: 2560, height: 1400 });
    await program.see(ids.cardList);
    await program.picture("a9-large-list");
    await program.click(ids.cardRow);
    await program.see(ids.card);
    await program.see(ids.cardList);
    await program.picture("a9-large-beside");
    await program.click(ids.closeAll);
    await program.reads(ids.closeDialog, /2 er ikke sendt/);
    await program.click(ids.closeConfirm);
    await program.see(ids.dropZone);
  });
});
