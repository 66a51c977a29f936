// A SAF-T file dropped on the window: asked, answered, made into a return, filed; a split set; a correction.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { FJORDLYS, VIKA } from "./returns.mjs";
import { adjustment, purchaseWithTheCodeForSales, saft, sale } from "./saft.mjs";
import { story } from "./story.mjs";

const { By } = selenium;
const run = promisify(execFile);

describe("a SAF-T file becomes a filed return", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  const vouchers = [sale(1, "2026-09-04", 40_000), sale(2, "2026-09-20", 60_000), sale(3, "2026-10-12", 20_000)];
  const adjusted = [...vouchers, adjustment(4, "2026-10-30", 1250)];

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-books"));
  const one = (id, value) =>
    until(`${id} ${value}`, async () => (await program.driver.findElements(By.css(`[data-testid="${id}"][data-value="${value}"]`)))[0]);

  step("dropped, it shows whose it is and proposes the period that is due", async () => {
    await program.picture("books-0-empty");
    const file = join(desktop.root, `SAF-T Financial_${FJORDLYS.number}_20261110_1_1.xml`);
    await writeFile(file, saft(adjusted));
    await program.drop([file]);
    await program.see(ids.booksReview);
    await program.reads(ids.books, new RegExp(FJORDLYS.name));
    assert.equal(await (await one(ids.booksPeriod, "2026-5")).getAttribute("aria-selected"), "true");
    await program.picture("books-1-periods");
  });

  step("what the file cannot know is asked, and the return stays shut until it is answered", async () => {
    await program.click(ids.booksReview);
    await program.reads(ids.booksSum, /30 000/);
    assert.equal(await (await program.see(ids.booksMake)).getAttribute("aria-disabled"), "true");
    await program.picture("books-2-review");
    await program.press("the question", () => one(ids.booksQuestion, "uncoded_vat_posting"));
    await program.see(ids.booksOption);
    await program.picture("books-3-question");
    await program.press("the answer", () => one(ids.booksOption, "1 justering"));
    await program.click(ids.booksUse);
    await program.reads(ids.booksSum, /28 750/);
  });

  step("the vouchers behind a line are opened, and one of them", async () => {
    await program.press("line 3", () => one(ids.booksVouchers, "3"));
    await program.see(ids.booksRow2);
    assert.equal((await program.all(ids.booksRow2)).length, 3);
    await program.press("a voucher", async () => (await one(ids.booksRow2, "2")).findElement(By.css("button")));
    await program.reads(ids.booksVoucher, /75 000,00/);
    await program.picture("books-4-vouchers");
    await program.click(ids.booksBack);
  });

  step("the return is an ordinary card that says what it was made of, and is filed", async () => {
    await program.click(ids.booksMake);
    await program.reads(ids.cardOrigin, /fra SAF-T \(4 bilag\)/);
    await program.reads(ids.cardSum, /28 750/);
    await program.picture("books-5-card");
    await program.click(ids.check);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
    await program.picture("books-6-received");
    const sheets = await filesNamed(program.archiveDir, "avstemming.csv");
    assert.equal(sheets.length, 1, `${sheets}`);
    assert.match(await readFile(sheets[0], "utf8"), /SHA-256/);
  });

  step("a later file of the period, in a zip of two parts, names what is new and is filed as a new version", async () => {
    const parts = [vouchers, [...adjusted.slice(3), sale(5, "2026-10-29", 8000)]];
    const names = parts.map((_, at) => `SAF-T Financial_${FJORDLYS.number}_20261120_${at + 1}_2.xml`);
    await Promise.all(parts.map((part, at) => writeFile(join(desktop.root, names[at]), saft(part))));
    const zip = join(desktop.root, "SAF-T.zip");
    const program_ = "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED)\nfor n in sys.argv[2:]: z.write(n)";
    await run("python3", ["-c", program_, zip, ...names], { cwd: desktop.root });
    await program.drop([zip]);
    await until("the delivery to be read anew", async () => (await program.shows(ids.booksReview)) || (await program.shows(ids.booksSum)));
    if (await program.shows(ids.booksReview)) {
      await program.press("the period", async () => (await one(ids.booksPeriod, "2026-5")).findElement(By.css("input")));
      await program.click(ids.booksReview);
    }
    await program.reads(ids.booksSum, /30 750/);
    await program.reads(ids.booksSince, /5\s*nytt\s*2 000/);
    await program.picture("books-7-correction");
    await program.click(ids.booksMake);
    await program.reads(ids.cardSum, /30 750/);
    await program.click(ids.check);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmCorrection);
    await program.see(ids.received, 90_000);
  });
});

describe("books in another currency become a filed return", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-books-euro"));
  const marked = (id, mark) => until(`${id} ${mark}`, async () => (await program.driver.findElements(By.css(`[data-testid="${id}"]${mark}`)))[0]);
  const ask = (kind) => program.press(kind, () => marked(ids.booksQuestion, `[data-value="${kind}"]:not([data-state="answered"])`));
  const open = async () => (await program.driver.findElements(By.css(`[data-testid="${ids.booksQuestion}"]:not([data-state="answered"])`))).length;

  step("a code that goes both ways and the kroner that are missing are asked about", async () => {
    const file = join(desktop.root, `SAF-T Financial_${VIKA.number}_20261110_1_1.xml`);
    const vouchers = [sale(1, "2026-09-04", 4_000), sale(2, "2026-10-20", 6_000), purchaseWithTheCodeForSales(3, "2026-10-21", 800)];
    await writeFile(file, saft(vouchers, VIKA, "EUR"));
    await program.drop([file]);
    await program.click(ids.booksReview);
    await until("two questions", async () => (await open()) === 2);
    assert.equal(await (await program.see(ids.booksMake)).getAttribute("aria-disabled"), "true");
    await program.picture("books-8-euro");
  });

  step("the direction is answered, and what goes that way is an amount of its own", async () => {
    await ask("code_direction");
    await program.press("the code for purchases", () => marked(ids.booksOption, '[data-value="1"]'));
    await program.picture("books-9-direction");
    await program.click(ids.booksUse);
    await until("an amount to be asked for either way", async () => (await open()) === 2);
  });

  step("the amounts are typed in kroner, and the return is made of them", async () => {
    for (const [about, amount] of [["25U»", "28 425,00"], ["25U (1)»", "-2 274"]]) {
      await program.press(about, async () => {
        const rows = await program.driver.findElements(By.css(`[data-testid="${ids.booksQuestion}"]:not([data-state="answered"])`));
        const texts = await Promise.all(rows.map((row) => row.getText()));
        return rows[texts.findIndex((text) => text.includes(about))];
      });
      await program.type(ids.booksFree, amount);
      await program.picture("books-10-kroner");
      await program.click(ids.booksUse);
      await until(`${about} to be answered`, async () => !(await program.shows(ids.booksQuestionDialog)));
    }
    await program.reads(ids.booksSum, /26 151/);
    assert.equal(await open(), 0);
  });

  step("it is an ordinary card, and is filed", async () => {
    await program.click(ids.booksMake);
    await program.reads(ids.cardSum, /26 151/);
    await program.click(ids.check);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
  });
});

describe("the vouchers behind a line of a large file", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  const COUNT = 20_000;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-books-large"));
  const numbers = async () => Promise.all((await program.all(ids.booksRow2)).map((row) => row.getAttribute("data-value")));

  step("are opened from its line, and as many rows are drawn as are seen", async () => {
    const day = (at) => `2026-${at < COUNT / 2 ? "09" : "10"}-${String((at % 30) + 1).padStart(2, "0")}`;
    const vouchers = Array.from({ length: COUNT }, (_, at) => sale(at + 1, day(at), 4 * ((at % 97) + 1)));
    const file = join(desktop.root, `SAF-T Financial_${FJORDLYS.number}_20261110_1_1.xml`);
    await writeFile(file, saft(vouchers));
    await program.drop([file]);
    await until("the books to be read", () => program.shows(ids.booksReview), 120_000);
    await program.click(ids.booksReview);
    await program.press("line 3", async () => (await program.driver.findElements(By.css(`[data-testid="${ids.booksVouchers}"][data-value="3"]`)))[0]);
    await program.see(ids.booksRow2);
    const drawn = (await numbers()).length;
    assert.ok(drawn > 3 && drawn < 200, `${drawn} rows are drawn of ${COUNT}`);
    await program.picture("books-11-large");
  });

  step("are leafed to their end, found by number, and one is opened with all its lines", async () => {
    const first = (await numbers())[0];
    await program.driver.executeScript(
      `let box = document.querySelector('[data-testid="${ids.booksRow2}"]');
       while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
       box.scrollTop = box.scrollHeight;`,
    );
    await until("the last rows", async () => (await numbers())[0] !== first && (await numbers()).length > 3);
    assert.ok((await numbers()).length < 200);
    await program.type(ids.booksSearch, "19876");
    await until("the one that is searched for", async () => (await numbers()).join() === "19876");
    await program.press("the voucher", async () => (await program.all(ids.booksRow2))[0]?.findElement(By.css("button")));
    // 4 × (19875 mod 97 + 1) is 352, with VAT 440.
    await program.reads(ids.booksVoucher, /440,00/);
    await program.picture("books-12-large-voucher");
  });
});

/** All files of that name below a folder. */
async function filesNamed(folder, name) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.name === name).map((entry) => join(entry.parentPath, entry.name));
}
