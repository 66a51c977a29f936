// Two thousand and three returns in one folder (or as many as are asked for), and two in folders within folders: none is left out.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { running, until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

/** `MOMSBUD_MANY=100000` takes an office's whole archive, and says how long it takes and what it needs. */
const MANY = Number(process.env.MOMSBUD_MANY ?? 2_003);
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

describe("thousands of returns, two of them deep", { concurrency: false }, () => {
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
      const name = `klient-${String(n).padStart(6, "0")}`;
      // As offices have them: no folder has more than a thousand.
      const below = join(folder, `mappe-${Math.floor(n / 1_000)}`);
      if (n % 1_000 === 0) await mkdir(below);
      await writeFile(join(below, `${name}.xml`), vatReturn({ company: { name, number } }));
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
      `return Number((document.querySelector('[data-testid="${ids.batchFilter}"][data-filter="all"] span:last-of-type')?.innerText ?? "0").replace(/\\D/g, ""))`,
    );

  /** Megabytes that the program and the processes of its window have of their own. */
  const megabytes = async () => {
    const owners = await running(PROGRAM, program.dataDir);
    let sum = 0;
    for (const entry of await readdir("/proc")) {
      const environment = await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "");
      const ours = owners.includes(Number(entry)) || environment.includes(`MOMSBUD_DATA_DIR=${program.dataDir}\0`);
      const memory = ours ? await readFile(`/proc/${entry}/smaps_rollup`, "utf8").catch(() => "") : "";
      sum += Number(/^Pss:\s+(\d+) kB$/m.exec(memory)?.[1] ?? 0) / 1024;
    }
    return Math.round(sum);
  };

  step("the folder is dropped, and every return has its row", async (t) => {
    const before = await megabytes();
    const began = Date.now();
    await program.drop([folder]);
    await program.see(ids.cardList, 600_000);
    await until("all the rows", async () => (await rows()) === MANY + 2, Math.max(120_000, MANY * 10));
    t.diagnostic(`${MANY + 2} returns in ${Date.now() - began} ms, ${before} MB before and ${await megabytes()} MB after`);
    await program.picture("90-many-dropped");
  });

  step("the same folder once more brings nothing new and loses nothing", async () => {
    await program.drop([folder]);
    await new Promise((done) => setTimeout(done, 3_000));
    assert.equal(await rows(), MANY + 2);
  });
});
