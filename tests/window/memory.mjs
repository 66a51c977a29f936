// `cargo xtask bench memory`: memory of all processes at rest, Momsbud against an empty Tauri window.
//
//     node memory.mjs MOMSBUD EMPTY-WINDOW [STARTS]
//
// Measured is the proportional set size of the program and everything it has started: pages that several processes share
// are counted in parts, so that the sum is what the machine would have back. "At rest" is when it has not moved by more
// than one per cent for five seconds after the page was painted.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { family, greeted, printRow, startUntilReady } from "./beside.mjs";
import { Desktop } from "./desktop.mjs";
import { stop } from "./processes.mjs";

/** Seconds without movement, and seconds after which what moves on is taken as it is. */
const STILL = 5;
const LONGEST = 60;

const [momsbud, empty, starts = "5"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  const programs = [empty, momsbud].map((path) => ({ path, sizes: /** @type {number[]} */ ([]), parts: "" }));
  await stop((await startUntilReady(desktop, momsbud)).running);
  greeted(desktop);
  for (let round = 0; round < Number(starts); round++) {
    for (const program of programs) {
      const { running } = await startUntilReady(desktop, program.path);
      const { sum, parts } = await atRest(running);
      program.sizes.push(sum);
      program.parts = parts;
      await stop(running);
    }
  }
  printRow({
    name: "memory at rest, all processes",
    against: "empty Tauri window, same UI library",
    unit: "MB",
    ours: programs[1].sizes,
    theirs: programs[0].sizes,
    goal: "<= 1.2",
    note: `proportional set size; the last time ${programs[1].parts}, and ${programs[0].parts}`,
  });
} finally {
  await desktop.close();
}

/** What a program and its processes hold once it no longer moves, in MB. */
async function atRest(running) {
  let since = 0;
  let last = await measure(running);
  for (let second = 0; second < LONGEST && since < STILL; second++) {
    await sleep(1000);
    const now = await measure(running);
    if (Math.abs(now.sum - last.sum) > last.sum / 100) {
      since = 0;
      last = now;
    } else {
      since++;
    }
  }
  return measure(running);
}

async function measure(running) {
  if (running.ended) throw new Error(`the program has ended:\n${running.output}`);
  let sum = 0;
  const parts = [];
  for (const pid of await family(running)) {
    const [name, text] = await Promise.all(
      ["comm", "smaps_rollup"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
    );
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(text);
    if (!kilobytes) continue;
    const size = (Number(kilobytes[1]) * 1024) / 1e6;
    sum += size;
    parts.push(`${name.trim()} ${Math.round(size)}`);
  }
  return { sum: Math.round(sum * 10) / 10, parts: parts.join(" + ") };
}
