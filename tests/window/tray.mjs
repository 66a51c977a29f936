// `cargo xtask bench tray`: what Momsbud costs while it waits in the tray, hidden.
//
//     node tray.mjs MOMSBUD [SECONDS]
//
// Processor time and memory of the program and everything it started, as the kernel counts them.

import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { printRow } from "./beside.mjs";
import { Desktop } from "./desktop.mjs";
import { stop } from "./processes.mjs";

/** The kernel's ticks a second (`getconf CLK_TCK`), the same on every Linux that Momsbud runs on. */
const TICKS = 100;
/** The start is another bench. */
const SETTLE_SECONDS = 30;

const [momsbud, seconds = "600"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  await mkdir(join(desktop.root, "data"), { recursive: true });
  const program = desktop.start(momsbud, ["--hidden"], {
    env: {
      MOMSBUD_DATA_DIR: join(desktop.root, "data"),
      MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer"),
    },
  });
  await sleep(SETTLE_SECONDS * 1000);
  if (program.ended) throw new Error(program.output);
  const begun = { at: Date.now(), ticks: await ticks(program.child.pid) };
  const memory = [await pss(program.child.pid)];
  while (Date.now() - begun.at < Number(seconds) * 1000) {
    await sleep(Math.min(10_000, Number(seconds) * 100));
    memory.push(await pss(program.child.pid));
  }
  if (program.ended) throw new Error(program.output);
  const lasted = (Date.now() - begun.at) / 1000;
  const cpu = ((await ticks(program.child.pid)) - begun.ticks) / TICKS / lasted;
  const last = memory.at(-1) ?? 0;
  const third = Math.max(1, Math.floor(memory.length / 3));
  const growth = median(memory.slice(-third)) - median(memory.slice(0, third));
  const processes = (await group(program.child.pid)).length;
  printRow({
    name: "hidden in the tray: processor",
    against: "",
    unit: "% of a core",
    ours: [Math.round(cpu * 1e5) / 1e3],
    goal: "<= 0.2",
    note: `${Math.round(lasted)} s, ${processes} process${processes === 1 ? "" : "es"}`,
  });
  printRow({
    name: "hidden in the tray: growth of memory",
    against: "",
    unit: "MB",
    ours: [Math.round(growth / 10.24) / 100],
    // What an allocator keeps is no leak.
    goal: "<= 1",
    note: `${(last / 1024).toFixed(1)} MB at the end; the last third of the time against the first`,
  });
  await stop(program);
} finally {
  await desktop.close();
}

/** The processes of a process group: the program and what it started. */
async function group(leader) {
  const found = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // The name in parentheses may hold anything; what follows is numbers.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(fields[2]) === leader) found.push({ pid: name, ticks: Number(fields[11]) + Number(fields[12]) });
  }
  return found;
}

async function ticks(leader) {
  return (await group(leader)).reduce((sum, { ticks: own }) => sum + own, 0);
}

/** Proportional memory in kB. */
async function pss(leader) {
  let sum = 0;
  for (const { pid } of await group(leader)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
    sum += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return sum;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
