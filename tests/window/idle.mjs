// `cargo xtask bench idle`: what Momsbud costs the processor while nobody uses it, beside an empty Tauri window.
//
//     node idle.mjs MOMSBUD EMPTY-WINDOW MOMSBUD-CLI [SECONDS]
//
// Somebody is signed in, so that all clocks run: the practice authorities stand apart, as the real ones do, and
// `momsbud-cli login` has signed her in before. Both programs run at the same time on one desktop, and the kernel counts
// the time of all their processes, WebKit's included.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { family, greeted, printRow, startUntilReady } from "./beside.mjs";
import { Desktop } from "./desktop.mjs";
import { stop, until } from "./processes.mjs";

/** The kernel's ticks a second (`getconf CLK_TCK`), the same on every Linux that Momsbud runs on. */
const TICKS = 100;
/** A start is another bench. */
const SETTLE_SECONDS = 10;
const SAMPLES = 3;
const INGRID = "14838411585";

const [momsbud, empty, cli, seconds = "30"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  const data = join(desktop.root, "data");
  await mkdir(data, { recursive: true });
  await stop((await startUntilReady(desktop, momsbud)).running);
  greeted(desktop);
  await signIn(data);
  const env = { MOMSBUD_ENVIRONMENT: "test" };
  const ours = (await startUntilReady(desktop, momsbud, env)).running;
  const theirs = (await startUntilReady(desktop, empty)).running;
  await measure("idle, window shown, signed in: processor", ours, theirs, "+<= 0.5");
  for (const name of ["^Momsbud", "^Empty window"]) {
    const [window] = (await desktop.run("xdotool", ["search", "--onlyvisible", "--name", name])).trim().split("\n");
    await desktop.run("xdotool", ["windowminimize", "--sync", window]);
  }
  await measure("idle, window minimised: processor", ours, theirs, "+<= 0.1");
  await stop(ours);
  const hidden = desktop.start(momsbud, ["--hidden"], {
    env: { ...env, MOMSBUD_DATA_DIR: data, MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer") },
  });
  await measure("idle, in the tray: processor", hidden, theirs, "+<= 0.1");
  await stop(hidden);
  await stop(theirs);
} finally {
  await desktop.close();
}

/** Signs somebody in on a data folder, at authorities that outlive every program. */
async function signIn(data) {
  const practice = desktop.start(cli, ["practice"]);
  const at = JSON.parse(
    await until("the practice authorities", () => practice.output.split("\n").find((line) => line.startsWith("{"))),
  );
  const environment = {
    platform: at.altinn_platform,
    app: at.altinn_app,
    validation: `${at.skatteetaten}/api/mva/grensesnittstoette/mva-melding/valider`,
    integration: { name: "Firmaets klient", issuer: at.id_porten, clientId: "momsbud-practice" },
  };
  await writeFile(join(data, "environments.json"), JSON.stringify({ test: environment }));
  const hint = `testid:${INGRID}_idporten-loa-high`;
  const where = ["--environment", "test", "--data-dir", data];
  const login = desktop.start(cli, ["login", ...where, "--no-browser", "--login-hint", hint]);
  const link = await until("the link", () => /http:\/\/127\.0\.0\.1\S+/.exec(login.output)?.[0]);
  await (await fetch(link)).text();
  await until("the sign-in", () => login.ended);
  if (login.child.exitCode !== 0) throw new Error(login.output);
}

/** The processor time of both, in per cent of a core, over the same seconds. */
async function measure(name, ours, theirs, goal) {
  await sleep(SETTLE_SECONDS * 1000);
  /** @type {number[][]} */
  const samples = [[], []];
  for (let n = 0; n < SAMPLES; n++) {
    const begun = { at: Date.now(), ticks: await both(ours, theirs) };
    await sleep((Number(seconds) * 1000) / SAMPLES);
    const ended = await both(ours, theirs);
    const lasted = (Date.now() - begun.at) / 1000;
    samples.forEach((own, n) => own.push(Math.round(((ended[n] - begun.ticks[n]) / TICKS / lasted) * 1e5) / 1e3));
  }
  printRow({
    name,
    against: "empty Tauri window, same UI library",
    unit: "% of a core",
    ours: samples[0],
    theirs: samples[1],
    goal,
    note: `${SAMPLES} times ${Math.round(Number(seconds) / SAMPLES)} s, both at the same time`,
  });
}

function both(ours, theirs) {
  return Promise.all([ours, theirs].map(ticks));
}

async function ticks(running) {
  if (running.ended) throw new Error(`the program has ended:\n${running.output}`);
  const stats = (await family(running)).map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
  // The name in parentheses may hold anything; what follows is numbers.
  const fields = (await Promise.all(stats)).map((stat) => stat.slice(stat.lastIndexOf(")") + 2).split(" "));
  return fields.reduce((sum, own) => sum + Number(own[11] ?? 0) + Number(own[12] ?? 0), 0);
}
