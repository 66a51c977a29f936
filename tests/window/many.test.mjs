// Two thousand and three returns in one folder, and two in folders within folders: none is left out.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const MANY = 2_003;
const DEEP = 12;

/** So many organisation numbers that are none of anybody's. */
function numbers(count) {
  const found = [];
  for (let body = 31_000_000; found.length < count; body += 1) {
    const sum = [...String(body)].reduce((total, digit, n) => total + Number(digit) * [3, 2, 7, 6, 5, 4, 3, 2][n], 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) {
      found.push(`${body}${check}`);
    }
  }
  return found;
}

describe("two thousand and five returns, two of them deep", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let folder;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    folder = join(desktop.root, "mange");
    await mkdir(folder);
    const all = numbers(MANY + 2);
    for (const [n, number] of all.slice(0, MANY).entries()) {
      const name = `klient-${String(n).padStart(4, "0")}`;
      await writeFile(join(folder, `${name}.xml`), vatReturn({ company: { name, number } }));
    }
    // Deeper than eight folders, where the last of two thousand and the deep ones were passed by without a word.
    for (const [n, depth] of [9, DEEP].entries()) {
      const below = join(folder, ...Array.from({ length: depth }, (_, level) => `nivå ${level + 1} i ${depth}`));
      await mkdir(below, { recursive: true });
      await writeFile(join(below, `dyp-${depth}.xml`), vatReturn({ company: { name: "", number: all[MANY + n] } }));
    }
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-many"));
  const rows = () =>
    program.driver.executeScript(
      `return Number((document.querySelector('[data-testid="${ids.batchFilter}"][data-filter="all"] .cn')?.innerText ?? "0").replace(/\\D/g, ""))`,
    );

  step("the folder is dropped, and every return has its row", async () => {
    await program.drop([folder]);
    await program.see(ids.cardList);
    await until("all the rows", async () => (await rows()) === MANY + 2, 120_000);
    await program.picture("90-many-dropped");
  });

  step("the same folder once more brings nothing new and loses nothing", async () => {
    await program.drop([folder]);
    await new Promise((done) => setTimeout(done, 3_000));
    assert.equal(await rows(), MANY + 2);
  });
});
