// Forty returns in one folder, three of them bad: dropped, checked, and the others filed in one go.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries, faults, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

/** Astrid Haug signs for all companies of the practice world. */
const WORLD = readFileSync(fileURLToPath(new URL("../../crates/practice/src/world.rs", import.meta.url)), "utf8");
const CLIENTS = [...WORLD.matchAll(/^ {4}\("([^"]+)", "(\d{9})"\),$/gm)].map(([, name, number]) => ({ name, number }));

describe("a batch of forty with three bad ones", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let folder;
  let attachedTo = "";

  before(async () => {
    assert.ok(CLIENTS.length >= 38, `${CLIENTS.length} companies`);
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    folder = join(desktop.root, "termin-4");
    await mkdir(folder);
    for (const [n, company] of CLIENTS.slice(0, 37).entries()) {
      await writeFile(join(folder, `${n}.xml`), vatReturn({ company }));
    }
    const last = CLIENTS[37];
    // One that cannot be right, one that is no return, and one that lies there twice under two names.
    await writeFile(
      join(folder, "97-ugyldig.xml"),
      vatReturn({
        company: last,
        // A negative base needs a remark (R020).
        lines: [
          { code: "3", base: 120_000, rate: 25, vat: 30_000 },
          { code: "3", base: -9_600, rate: 25, vat: -2_400 },
        ],
      }),
    );
    await writeFile(join(folder, "98-ingenting.xml"), "<nothing/>");
    await writeFile(join(folder, "99-en-gang-til.xml"), vatReturn({ company: CLIENTS[0], reference: "bilagsserie 8" }));
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-batch"));
  const rows = (bucket) =>
    program.driver.executeScript(
      `return Number(document.querySelector('[data-testid="${ids.batchFilter}"][data-filter="' + arguments[0] + '"] span:last-of-type')?.innerText ?? 0)`,
      bucket,
    );
  const state = () => program.attribute(ids.batch, "data-state");

  step("Astrid Haug signs in and drops the folder", async () => {
    await program.click(ids.signIn);
    await desktop.browser.signIn("Astrid Haug");
    await program.reads(ids.who, /Astrid Haug/);
    await program.drop([folder]);
    await program.see(ids.cardList);
    await until("forty rows", async () => (await rows("all")) === 40);
    // In the order of their numbers: 2 comes before 10.
    const { cards } = /** @type {{ cards: { fileName: string }[] }} */ (
      await program.driver.executeAsyncScript(
        `const done = arguments[0]; window.__TAURI_INTERNALS__.invoke("start_view").then(done, done);`,
      )
    );
    assert.deepEqual(
      cards.slice(0, 37).map(({ fileName }) => fileName),
      Array.from({ length: 37 }, (_, n) => `${n}.xml`),
    );
    await program.picture("50-batch-dropped");
  });

  step("a document that is dropped on a row goes with that return", async () => {
    const path = join(folder, "..", "Bilag 12.pdf");
    await writeFile(path, "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n");
    // One that is fit, and does not lie there twice.
    const fit = `[data-testid="${ids.cardRow}"][data-takes][data-bucket="unchecked"]:not([data-org="${CLIENTS[0]?.number}"])`;
    const [row] = await program.driver.findElements({ css: fit });
    assert.ok(row, "no row takes attachments");
    const card = await row.getAttribute("data-id");
    attachedTo = (await row.getAttribute("data-org")) ?? "";
    await program.drop([path], {
      onto: row,
      whileHeld: async () => {
        await until(
          "the row to be named",
          async () => (await program.attribute(ids.dropOverlay, "data-card")) === card,
        );
        await program.picture("50-batch-document-held");
      },
    });
    await until("the row to have it", async () => {
      const now = await program.driver.executeScript(
        `return document.querySelector('[data-testid="${ids.cardRow}"][data-id="' + arguments[0] + '"]')?.innerText ?? ""`,
        card,
      );
      return /1 vedlegg/.test(String(now));
    });
    assert.equal(await rows("all"), 40, "a document is no return");
  });

  step("Kontrollér alle asks about every one, and says which are fit", async () => {
    await program.click(ids.check);
    await until("the checks", async () => (await rows("unchecked")) === 0 && (await rows("ready")) > 0, 180_000);
    // The first company lies there twice, so neither of its returns is fit before one is chosen.
    await until("the rows", async () => (await rows("ready")) === 36 && (await rows("double")) === 2);
    assert.equal(await rows("fix"), 2);
    await program.reads(ids.batchFoot, /36 valgt · sendes av Astrid Haug i øving/);
    await program.picture("51-batch-checked");
    assert.equal((await deliveries(program)).length, 0);
  });

  /** In a small window with large letters. */
  const small = async (look) => {
    const before = await program.resize({ width: 900, height: 600 });
    await program.driver.executeScript("document.documentElement.style.fontSize = '130%'");
    await look();
    await program.driver.executeScript("document.documentElement.style.fontSize = ''");
    await program.resize(before);
  };
  /** Waits until eight rows at least are whole in sight, each with the company that it is of. */
  const eightRows = (row, company) =>
    until(`eight rows of ${row}`, async () => {
      const [width, seen] = /** @type {[number, number]} */ (
        await program.driver.executeScript(
          `const rows = [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')];
         const box = rows[0].closest(".scroll").getBoundingClientRect();
         const inside = ({ top, bottom }) => top >= box.top && bottom <= Math.min(innerHeight, box.bottom) + 1;
         const named = rows.filter((row) => inside(row.getBoundingClientRect())
           && row.querySelector(arguments[1]).getBoundingClientRect().width > 60);
         return [innerWidth, named.length];`,
          row,
          company,
        )
      );
      if (width !== 900 || seen < 8) throw new Error(JSON.stringify([width, seen]));
      return true;
    });

  step("at 900 × 600 and 130 % eight rows are in sight, with their companies and the button that sends", () =>
    small(async () => {
      await eightRows(ids.cardRow, "td.ell[data-full]");
      const sends = await program.driver.executeScript(
        `const { right, bottom } = document.querySelector('[data-testid="${ids.batchSend}"]').getBoundingClientRect();
         return right <= innerWidth && bottom <= innerHeight;`,
      );
      assert.ok(sends, "the button that sends");
      await program.picture("51-batch-900x600-130");
    }),
  );

  step("the one that lies there twice is put away, and the other is fit", async () => {
    await program.driver.executeScript(
      `[...document.querySelectorAll('[data-testid="${ids.cardRow}"]')]
        .find((row) => row.querySelector('[data-full*="99-en-gang-til.xml"]'))
        .querySelector('button').click()`,
    );
    await until("37 fit", async () => (await rows("ready")) === 37);
  });

  step("Send inn klare files them, four at a time, and can be paused", async () => {
    await settings(program, { altinn: { feedbackDelaySeconds: 1 } });
    // From the ninth on each takes its time to begin: there is always something under way and something queued.
    await faults(program, [
      { call: "createInstance", nth: 9, times: 0, fault: { kind: "delay", milliseconds: 6_000 } },
    ]);
    await program.click(ids.batchSend);
    await program.click(ids.confirmFile);
    await until("the first to be received", async () => (await rows("received")) >= 8, 120_000);
    await program.picture("52-batch-running");
    await program.click(ids.batchPause);
    await program.see(ids.batchContinue);
    await until("what was under way to end", async () => (await rows("running")) === 0, 120_000);
    const delivered = (await deliveries(program)).length;
    assert.ok(delivered > 0 && delivered < 37, `${delivered} delivered`);
    assert.ok((await rows("queued")) > 0);
    await program.picture("53-batch-paused");
    await fetch(`${(await program.practice()).control}/faults`, { method: "DELETE" });
    await program.click(ids.batchContinue);
  });

  step("each is delivered once, and the bad ones are still there", async () => {
    await until("the end", async () => (await state()) === "done" && (await rows("received")) === 37, 180_000);
    await program.reads(ids.batchSummary, /37 mottatt/);
    await program.reads(ids.batch, /^2 gjenstår/);
    const delivered = await deliveries(program);
    assert.equal(delivered.length, 37);
    assert.equal(new Set(delivered.map(({ orgNumber }) => orgNumber)).size, 37);
    const documents = delivered.filter(({ attachments }) => attachments > 0);
    assert.deepEqual(
      documents.map(({ orgNumber, attachments }) => [orgNumber, attachments]),
      [[attachedTo, 1]],
    );
    assert.equal(await rows("fix"), 2);
    await program.picture("54-batch-done");
  });

  step("what is received is cleared away, and what must be corrected stays", async () => {
    await program.click(ids.batchTidy);
    await until("two rows", async () => (await program.all(ids.cardRow)).length === 2);
    await program.picture("55-batch-cleared");
  });

  step("Historikk and Frister have eight companies in sight there too", () =>
    small(async () => {
      await program.click(ids.placeHistory);
      await eightRows(ids.historyRow, "td");
      await program.picture("56-history-900x600-130");
      await program.click(ids.placeDeadlines);
      await eightRows(ids.deadlineRow, "th");
      await program.picture("57-deadlines-900x600-130");
    }),
  );
});
