// For the benches: Momsbud and the empty window, started alike on one virtual desktop.

import { execFileSync } from "node:child_process";
import { watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

/**
 * Starts a program on the desktop and waits until it says that its page is painted (Momsbud: with its data).
 *
 * @param {import("./desktop.mjs").Desktop} desktop
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ running: import("./processes.mjs").Running, took: number }>} `took` in milliseconds, from the start
 */
export async function startUntilReady(desktop, path, env = {}) {
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
      reject(new Error(`${path} was not ready within 60 s:\n${running.output}`));
    }, 60_000);
  });
  const begun = performance.now();
  const running = desktop.start(path, [], {
    env: {
      MOMSBUD_READY_FILE: join(folder, "ready"),
      MOMSBUD_DATA_DIR: data,
      MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer"),
      ...env,
    },
  });
  const at = await ready;
  await stat(join(folder, "ready"));
  return { running, took: at - begun };
}

/**
 * After Momsbud's first start: what greets a new user has been seen, as on every start but the first.
 *
 * @param {import("./desktop.mjs").Desktop} desktop
 */
export function greeted(desktop) {
  const choices = JSON.stringify({ language: "nb", theme: "system", textSize: 100, introduced: true });
  const script = `import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("INSERT OR REPLACE INTO preferences (name, value) VALUES ('window', ?)", (sys.argv[2],))`;
  execFileSync("/usr/bin/python3", ["-c", script, join(desktop.root, "data", "momsbud.db"), choices]);
}

/**
 * Process ids of a started program and of all that it has started, WebKit's included.
 *
 * @param {import("./processes.mjs").Running} running
 */
export async function family({ child }) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // The program's name stands in parentheses and may hold anything; the parent is the second word after it.
    const parent = Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
    if (text) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [];
  for (const next = [child.pid ?? 0]; next.length; ) {
    const pid = next.pop() ?? 0;
    found.push(pid);
    next.push(...(children.get(pid) ?? []));
  }
  return found;
}

/**
 * A line for `cargo xtask bench` (xtask/src/bench/row.rs says what its parts mean).
 *
 * @param {Record<string, string | number | number[] | undefined>} parts
 */
export function printRow(parts) {
  const words = Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(" ") : value}`);
  process.stdout.write(`row\t${words.join("\t")}\n`);
}
