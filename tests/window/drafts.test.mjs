// Drafts in the real window: typed from nothing to the receipt with the keyboard alone, pasted from a spreadsheet, a faulty
// export mended and filed, twelve drafts through a restart.

import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const { By, Key } = selenium;
const ONCE = { concurrency: false };

/** The keyboard, as a person has it: what is focused gets the keys. */
function keyboard(program) {
  const press = async (...keys) => {
    const acts = program.driver.actions({ async: true });
    await acts.sendKeys(...keys).perform();
  };
  const chord = async (...keys) => {
    const acts = program.driver.actions({ async: true });
    for (const key of keys) acts.keyDown(key);
    for (const key of [...keys].reverse()) acts.keyUp(key);
    await acts.perform();
  };
  /** Tab until the focused element is of this name (and value). */
  const tabTo = async (id, value, most = 60) => {
    for (let at = 0; at < most; at++) {
      const [testId, its] = await program.driver.executeScript(
        "const e = document.activeElement; return [e?.dataset?.testid ?? null, e?.dataset?.value ?? null];",
      );
      if (testId === id && (value === undefined || its === value)) return;
      await press(Key.TAB);
    }
    assert.fail(`Tab never came to ${id} ${value ?? ""}`);
  };
  return { press, chord, tabTo };
}

const focused = (program) =>
  program.driver.executeScript(
    "const e = document.activeElement; return { id: e?.dataset?.testid ?? null, value: e?.dataset?.value ?? null, line: e?.closest('[data-code]')?.dataset.code ?? null };",
  );

describe("a return is typed from nothing to the receipt with the keyboard alone", ONCE, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let keys;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
    keys = keyboard(program);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-draft-typed"));

  step("Ctrl N begins one, and the company is chosen by a word of its name", async () => {
    await keys.chord(Key.CONTROL, "n");
    await until("the company to be asked for", async () => (await focused(program)).id === ids.draftCompany);
    await program.picture("draft-0-begun");
    await keys.press("fjord");
    await program.see(ids.draftCompanyChoice);
    await keys.press(Key.ARROW_DOWN, Key.ENTER);
    await program.reads(ids.draft, /Org\.nr\. 311 797 816/);
  });

  step("figures are typed as people write them; what follows is worked out at once", async () => {
    await keys.tabTo(ids.draftCell, "base");
    assert.equal((await focused(program)).line, "3");
    await keys.press("120 000,49");
    await program.reads(ids.draftSum, /30 000/);
    await keys.press(Key.ENTER);
    assert.deepEqual(await focused(program), { id: ids.draftCell, value: "vat", line: "1" });
    await keys.press("12.500");
    await program.reads(ids.draftSum, /17 500/);
    await keys.press(Key.ENTER);
    await until("a code to be asked for", async () => (await focused(program)).id === ids.draftCode);
    await keys.press("tjenester fra utlandet med");
    await program.see(ids.draftCodeChoice);
    await keys.press(Key.ENTER);
    await until("the new line", async () => (await focused(program)).line === "86");
    await keys.press("8000", Key.TAB);
    await until("the deduction beside it", async () => (await program.all(ids.draftLine)).length === 4);
    await program.reads(ids.draftSum, /17 500/);
    await program.picture("draft-1-typed");
  });

  step("a change is taken back and made again", async () => {
    await keys.chord(Key.CONTROL, "z");
    await until("the base to go", async () => !(await bases()).includes("8 000"));
    await keys.chord(Key.CONTROL, Key.SHIFT, "z");
    await until("the base to come back", async () => (await bases()).includes("8 000"));
  });

  const bases = async () => {
    const cells = await program.driver.findElements(By.css(`[data-testid="${ids.draftCell}"][data-value="base"]`));
    return Promise.all(cells.map(async (cell) => ((await cell.getAttribute("value")) ?? "").replace(/[\u00a0\u202f]/g, " ")));
  };

  step("what a rule says stands on the line, and is cleared with the keyboard", async () => {
    await keys.tabTo(ids.draftCell, "vat");
    await program.driver.executeScript(
      `document.querySelector('[data-code="3"] [data-cell="vat"]').focus();`,
    );
    await keys.press("29000");
    await program.see(ids.draftLineFinding);
    await program.picture("draft-2-finding");
    await keys.tabTo(ids.draftFix);
    await keys.press(Key.ENTER);
    await program.gone(ids.draftLineFinding);
    await program.reads(ids.draftSum, /17 500/);
  });

  step("it becomes an ordinary card, is checked, filed and receipted; the draft is closed", async () => {
    await until("the button", () => program.shows(ids.draftMake));
    await keys.chord(Key.CONTROL, Key.ENTER);
    await program.reads(ids.cardDraft, /skrevet i Momsbud/);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.picture("draft-3-card");
    await keys.chord(Key.CONTROL, Key.ENTER);
    await program.see(ids.confirmFile);
    await keys.tabTo(ids.confirmFile);
    await keys.press(Key.ENTER);
    await program.see(ids.received, 90_000);
    await program.picture("draft-4-received");
    const archived = await readdir(program.archiveDir, { recursive: true });
    assert.ok(archived.some((name) => name.endsWith(".xml")), `${archived}`);
    await program.driver.executeScript("location.hash = '#/draft'");
    await until("the drafts", async () => (await program.driver.executeScript("return location.hash")) === "#/draft");
    await sleep(500);
    assert.equal((await program.all(ids.draftRow)).length, 0, "what was filed is a draft no more");
  });
});

describe("what is pasted and what is faulty become drafts that are filed", ONCE, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-draft-pasted"));

  step("a table from a spreadsheet is looked at before it is taken", async () => {
    await program.click(ids.draftBegin);
    await program.see(ids.draft);
    await program.type(ids.draftCompany, VIKA.number);
    await program.reads(ids.draft, /Vika Tolketjenester|315 203 856/);
    const table = "Kode\tTekst\tGrunnlag\tMVA\n3\tSalg\t1 000,00\t250,00\n1\tInngående\t\t100,49\n2\tUkjent\t\t318\n\tSum\t\t668,49\n";
    await program.driver.executeScript(
      `const text = arguments[0];
       const data = new DataTransfer();
       data.setData("text/plain", text);
       document.querySelector('[data-testid="${ids.draftCell}"]').dispatchEvent(
         new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));`,
      table,
    );
    await program.see(ids.sheetDialog);
    const states = await Promise.all((await program.all(ids.sheetRow)).map((row) => row.getAttribute("data-state")));
    assert.deepEqual(states, ["heading", "line", "line", "trouble", "sum"]);
    await program.reads(ids.sheetDialog, /kode 2 finnes ikke/);
    await program.picture("draft-5-paste");
    await program.click(ids.sheetUse);
    await program.reads(ids.draftSum, /150/);
    assert.equal((await program.all(ids.draftLine)).length, 2);
  });

  step("a faulty export is mended with each change listed, and filed; the archive has the file as it was", async () => {
    const faulty = vatReturn({ company: FJORDLYS }).replaceAll("<sats>25<", "<sats>25.0<").replace("120000<", "120000.0<");
    const file = join(desktop.root, "faulty.xml");
    await writeFile(file, faulty);
    await program.drop([file]);
    await program.see(ids.mend);
    await program.picture("draft-6-faulty");
    await program.click(ids.mend);
    await program.see(ids.draftChange);
    const kinds = await Promise.all((await program.all(ids.draftChange)).map((row) => row.getAttribute("data-value")));
    assert.deepEqual(kinds.toSorted(), ["amount", "rate"]);
    await program.reads(ids.draftSum, /18 250/);
    await program.picture("draft-7-mended");
    await program.click(ids.draftMake);
    await program.reads(ids.cardDraft, /rettet i Momsbud/);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
    const entries = await readdir(program.archiveDir, { recursive: true, withFileTypes: true });
    const original = entries.find(({ name }) => name === "original.xml");
    assert.ok(original, `${entries.map(({ name }) => name)}`);
    assert.equal(await readFile(join(original.parentPath, original.name), "utf8"), faulty);
    const note = entries.find(({ name }) => name === "rettet-i-momsbud.txt");
    assert.ok(note);
    assert.match(await readFile(join(note.parentPath, note.name), "utf8"), /sats\t25\.0\t25/);
  });

  step("reverse charge that stands on one line is split in two where the sum proves it, and filed", async () => {
    const lines = [
      { code: "3", base: 120_000, rate: 25, vat: 30_000 },
      { code: "86", base: -8_000, rate: 25, vat: 2_000 },
      { code: "1", vat: -12_500 },
    ];
    // The sum counts the deduction that no line has.
    const faulty = vatReturn({ company: VIKA, lines }).replace(">19500<", ">17500<");
    assert.match(faulty, />17500</);
    const file = join(desktop.root, "one-line.xml");
    await writeFile(file, faulty);
    await program.drop([file]);
    await program.see(ids.mend);
    await program.click(ids.mend);
    await program.see(ids.draftChange);
    const kinds = await Promise.all((await program.all(ids.draftChange)).map((row) => row.getAttribute("data-value")));
    assert.deepEqual([...new Set(kinds)], ["reverse-charge"]);
    await until("the line and its deduction", async () => (await program.driver.findElements(By.css('[data-code="86"]'))).length === 2);
    await program.reads(ids.draftSum, /17 500/);
    await program.picture("draft-8-split");
    const before = await receipts();
    await program.click(ids.draftMake);
    await program.reads(ids.cardDraft, /rettet i Momsbud/);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await until("its receipt in the archive", async () => (await receipts()).length === before.length + 1, 90_000);
    await program.see(ids.received);
    const newest = (await receipts()).find(({ text }) => !before.some((known) => known.text === text));
    assert.ok(newest);
    assert.match(newest.text, /315203856/);
    assert.match(newest.text, /<mvaKode>86<\/mvaKode>[^]*<mvaKode>86<\/mvaKode>/);
    assert.match(newest.text, /<merverdiavgift>-2000<\/merverdiavgift>/);
  });

  /** The returns that were filed, as the archive has them. */
  const receipts = async () => {
    const entries = await readdir(program.archiveDir, { recursive: true, withFileTypes: true });
    const filed = entries.filter(({ name }) => name.startsWith("mva-melding") && name.endsWith(".xml"));
    return Promise.all(filed.map(async (entry) => ({ text: await readFile(join(entry.parentPath, entry.name), "utf8") })));
  };
});

describe("twelve drafts are there after a restart", ONCE, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-draft-restart"));

  step("twelve are begun, and one is typed in until the window is closed", async () => {
    const keys = keyboard(program);
    for (let at = 0; at < 12; at++) {
      const before = at === 0 ? null : await program.attribute(ids.draft, "data-id");
      await keys.chord(Key.CONTROL, "n");
      await until(`draft ${at + 1}`, async () => (await program.shows(ids.draft)) && (await program.attribute(ids.draft, "data-id")) !== before);
    }
    await program.type(ids.draftCompany, FJORDLYS.number);
    await program.reads(ids.draft, /311 797 816/);
    await keys.tabTo(ids.draftCell, "base");
    await keys.press("4321");
    // Closed within the second: what was typed last may be on its way.
    await sleep(900);
    await program.quit();
  });

  step("all of them are listed as they were left, and the figure is there", async () => {
    program = await Program.start(desktop);
    await program.see(ids.draftList);
    assert.equal((await program.all(ids.draftRow)).length, 12);
    await program.picture("draft-9-restarted");
    await program.press("the first", async () => (await program.all(ids.draftRow))[0]?.findElement(By.css("a")));
    await program.reads(ids.draftSum, /1 080/);
  });

  step("one is thrown away and taken back", async () => {
    await program.click(ids.draftBack);
    await program.see(ids.draftList);
    await program.click(ids.draftDiscard);
    await until("eleven", async () => (await program.all(ids.draftRow)).length === 11);
    await program.click(ids.draftBasket);
    await program.click(ids.draftRestore);
    await until("twelve", async () => (await program.all(ids.draftRow)).length === 12);
  });
});
