// `cargo xtask bench startup`: from exec to the first painted page, Momsbud against an empty Tauri window.
//
//     node startup.mjs MOMSBUD EMPTY-WINDOW [STARTS]
//
// Both are started in turn on the same desktop, so that whatever else the machine does meets both alike. Momsbud is ready
// when it shows its data, not before.

import { greeted, printRow, startUntilReady } from "./beside.mjs";
import { Desktop } from "./desktop.mjs";
import { stop } from "./processes.mjs";

const [momsbud, empty, starts = "21"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  const programs = [empty, momsbud].map((path) => ({ path, times: /** @type {number[]} */ ([]) }));
  // The first start of each fills caches and Momsbud's data folder, and does not count.
  const first = [];
  for (const { path } of programs) first.push(await start(path));
  greeted(desktop);
  for (let round = 0; round < Number(starts); round++) {
    for (const { path, times } of programs) times.push(await start(path));
  }
  printRow({
    name: "start until usable",
    against: "empty Tauri window, same UI library",
    unit: "ms",
    ours: programs[1].times,
    theirs: programs[0].times,
    goal: "<= 1.3",
    note: `${starts} starts of each in turn; the first start of all took ${first[1]} ms and ${first[0]} ms`,
  });
} finally {
  await desktop.close();
}

/** Starts a program, waits until it is ready, ends it; the answer is in milliseconds. */
async function start(path) {
  const { running, took } = await startUntilReady(desktop, path);
  await stop(running);
  return Math.round(took * 10) / 10;
}
