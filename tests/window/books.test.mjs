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
import { FJORDLYS } from "./returns.mjs";
import { adjustment, saft, sale } from "./saft.mjs";
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

/** All files of that name below a folder. */
async function filesNamed(folder, name) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.name === name).map((entry) => join(entry.parentPath, entry.name));
}
