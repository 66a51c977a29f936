// `cargo xtask bench startup`: from exec to the first painted page, Momsbud against an empty Tauri window.
//
//     node startup.mjs MOMSBUD EMPTY-WINDOW [STARTS]
//
// Both are started in turn on the same desktop, so that whatever else the machine does meets both alike. Momsbud is ready
// when it shows its data, not before.

import { watch } from "node:fs";
import { mkdir, mkdtemp, stat } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Desktop } from "./desktop.mjs";
import { stop } from "./processes.mjs";

/** The design's limit: Momsbud's median over the empty window's. */
const LIMIT = 1.5;

const [momsbud, empty, starts = "15"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  /** @type {{ name: string, path: string, times: number[], first: number }[]} */
  const programs = [
    { name: "empty window", path: empty, times: [], first: 0 },
    { name: "Momsbud", path: momsbud, times: [], first: 0 },
  ];
  // The first start of each fills caches and Momsbud's data folder; it is shown and does not count.
  for (const program of programs) program.first = await start(program);
  for (let round = 0; round < Number(starts); round++) {
    for (const program of programs) program.times.push(await start(program));
  }
  for (const { name, first, times } of programs) {
    const sorted = times.toSorted((a, b) => a - b);
    print(
      `${name.padEnd(14)} median ${ms(median(times))}   fastest ${ms(sorted[0])}   slowest ${ms(sorted.at(-1))}   ` +
        `first start ${ms(first)}   (${times.length} starts)`,
    );
  }
  const ratio = median(programs[1].times) / median(programs[0].times);
  print(`ratio ${ratio.toFixed(2)}, limit ${LIMIT.toFixed(2)}`);
  process.exitCode = ratio <= LIMIT ? 0 : 1;
} finally {
  await desktop.close();
}

/** Starts a program, waits until it is ready, ends it; the answer is in milliseconds. */
async function start({ path }) {
  const folder = await mkdtemp(join(desktop.root, "ready-"));
  const data = join(desktop.root, "data");
  await mkdir(data, { recursive: true });
  const ready = new Promise((resolve, reject) => {
    const watcher = watch(folder, () => {
      const at = performance.now();
      watcher.close();
      clearTimeout(timer);
      resolve(at);
    });
    const timer = setTimeout(() => {
      watcher.close();
      reject(new Error(`${path} was not ready within 30 s:\n${running.output}`));
    }, 30_000);
  });
  const begun = performance.now();
  const running = desktop.start(path, [], {
    env: {
      MOMSBUD_READY_FILE: join(folder, "ready"),
      MOMSBUD_DATA_DIR: data,
      MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer"),
    },
  });
  try {
    const at = await ready;
    await stat(join(folder, "ready"));
    return at - begun;
  } finally {
    await stop(running);
  }
}

function median(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function ms(time) {
  return `${Math.round(time)} ms`.padStart(8);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
