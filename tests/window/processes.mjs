// Starting and ending the programs that a virtual desktop consists of.
//
// Every process is remembered by its id and ended by it: a test run shares its machine with whatever else runs there.

import { spawn } from "node:child_process";
import { readFile, readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long anything on a busy two-core machine may take before a test gives up on it. */
export const PATIENCE = 60_000;

/**
 * @typedef {{ env?: NodeJS.ProcessEnv, cwd?: string, input?: string, extraPipe?: boolean }} Options
 *   `extraPipe` opens descriptor 3 for reading.
 * @typedef {{ child: import("node:child_process").ChildProcess, output: string, pipe: string, ended: boolean }} Running
 */

/**
 * Starts a program in a process group of its own.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options} options
 * @returns {Running}
 */
export function start(command, args, { env, cwd, input, extraPipe = false }) {
  /** @type {("ignore" | "pipe")[]} */
  const stdio = [input === undefined ? "ignore" : "pipe", "pipe", "pipe"];
  if (extraPipe) stdio.push("pipe");
  /** @type {import("node:child_process").ChildProcess} */
  const child = spawn(command, args, { env, cwd, stdio, detached: true });
  /** @type {Running} */
  const running = { child, output: "", ended: false, pipe: "" };
  child.on("error", (error) => {
    running.output += `\n${command}: ${error.message}`;
    running.ended = true;
  });
  child.on("exit", () => (running.ended = true));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (running.output += text));
  }
  if (extraPipe) child.stdio[3]?.on("data", (bytes) => (running.pipe += bytes));
  if (input !== undefined) child.stdin?.end(input);
  return running;
}

/**
 * Ends a started program and its children: asks, waits three seconds, insists.
 *
 * @param {Running} running
 */
export async function stop(running) {
  const { child } = running;
  if (child.pid === undefined) return;
  signal(-child.pid, "SIGTERM");
  for (let waited = 0; waited < 3_000 && alive(-child.pid); waited += 50) await sleep(50);
  signal(-child.pid, "SIGKILL");
}

/** Sends a signal to a process (or, with a negative id, to its group); one that is gone already is fine. */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Whether a process (or, with a negative id, anybody of its group) is still there. */
export function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks again until the answer is truthy, and returns it.
 *
 * @template T
 * @param {string} what for the message when time is up
 * @param {() => T | Promise<T>} question may throw: that counts as "not yet"
 * @param {number} patience milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, question, patience = PATIENCE) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      const answer = await question();
      if (answer) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${patience / 1000} s in vain: ${what}${last ? `\n  last: ${last}` : ""}`);
    }
    await sleep(100);
  }
}

/**
 * Runs a short program to its end and returns what it printed; a non-zero exit is an error.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options} options
 */
export async function run(command, args, { env, input } = {}) {
  const running = start(command, args, { env, input });
  const code = await new Promise((resolve) => {
    running.child.on("close", resolve);
    running.child.on("error", () => resolve(-1));
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: exit ${code}\n${running.output}`);
  return running.output;
}

/** A TCP port of 127.0.0.1 that is free now. */
export async function freePort() {
  const server = createServer();
  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", () => resolve()))
  );
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/**
 * The processes of a program that work on a data folder; others of its name may run beside them.
 *
 * @param {string} program
 * @param {string} dataDir
 */
export async function running(program, dataDir) {
  const found = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const own = await readlink(`/proc/${entry}/exe`).catch(() => "");
    const environment = own === program ? await readFile(`/proc/${entry}/environ`, "utf8").catch(() => "") : "";
    if (environment.split("\0").includes(`MOMSBUD_DATA_DIR=${dataDir}`)) found.push(Number(entry));
  }
  if (found.length === 0) throw new Error(`${program} does not run on ${dataDir}`);
  return found;
}
