// In the tray: an icon with its menu where there is a panel that takes one, a window that is closed and opened again, and
// the start with the system. (That it runs where there is no panel, every other test shows.)

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Desktop } from "./desktop.mjs";
import { alive, stop, until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** @type {Desktop} */
let desktop;
/** @type {import("./processes.mjs").Running} */
let panel;

before(async () => {
  desktop = await Desktop.open();
  panel = desktop.start("/usr/bin/python3", [join(HERE, "tray_host.py")]);
  await until("the panel", () => {
    if (panel.ended) throw new Error(panel.output);
    return panel.output.includes("ready");
  });
});
after(async () => desktop?.close());

test("the settings put the program into the system's start, take it out again, and keep it in the tray", async () => {
  const program = await Program.start(desktop);
  try {
    await program.click(ids.placeSettings);
    const file = join(desktop.root, "home/.config/autostart/no.momsbud.desktop.desktop");
    const entry = () => readFile(file, "utf8").catch(() => "");
    await press(program, "autostart");
    assert.match(await until("the entry", entry), new RegExp(`^Exec="${PROGRAM.replace(/[.\\]/g, "\\$&")}" --hidden$`, "m"));
    await until("the switch to be on", () => isOn(program, "autostart"));
    await press(program, "autostart");
    await until("no entry", async () => (await entry()) === "");
    await press(program, "keep");
    await until("the switch to be on", () => isOn(program, "keep"));
    await program.picture("tray-settings");
  } finally {
    await program.quit();
  }
});

test("kept in the tray, the program shows its window when it is asked to, and not for a link that nobody waits for", async () => {
  const program = await started();
  try {
    const tray = await icon();
    const words = await until("the icon's menu", async () => {
      const found = (await menu(tray)).map(({ label }) => label);
      return found.includes("Avslutt") ? found : null;
    });
    assert.ok(words.includes("Åpne Momsbud") && words.includes("Sett påminnelser på pause"), words.join(", "));

    await closeWindow();
    assert.ok(program.child.pid !== undefined && alive(program.child.pid), program.output);
    // A second start is no second program: it opens the window of the one that runs.
    const second = desktop.start(PROGRAM, [], { env: environment() });
    await until("the second start to end", () => second.ended);
    await until("the window", windows);
    assert.ok(!program.ended, program.output);

    await closeWindow();
    await choose(tray, "Åpne Momsbud");
    await until("the window", windows);

    // Any page can open our links: they are no wish to see the program, however many there are.
    await closeWindow();
    for (const link of ["momsbud://callback?code=1&state=2", "no.momsbud.desktop:/callback?code=1&state=2", "momsbud:x"]) {
      const foreign = desktop.start(PROGRAM, [link], { env: environment() });
      await until("the start with a link to end", () => foreign.ended);
    }
    await sleep(1_500);
    assert.equal(await windows(), "", "a link that nobody waits for has raised the window");
    assert.ok(!program.ended, program.output);
    await choose(tray, "Åpne Momsbud");
    await until("the window", windows);
    await choose(tray, "Avslutt");
    await until("the program to end", () => program.ended);
  } finally {
    await stop(program);
  }
});

test("not kept, the program ends with its window", async () => {
  await desktop.sql(`UPDATE preferences SET value = json_set(value, '$.keepRunning', json('false')) WHERE name = 'reminders'`);
  const program = await started();
  try {
    await closeWindow();
    await until("the program to end", () => program.ended);
  } finally {
    await stop(program);
  }
});

test("“Lås nå” in the tray locks the window, and is offered only while there is something to lock", async () => {
  const system = join(desktop.root, "system");
  await mkdir(system, { recursive: true });
  const work = {
    version: 1,
    firm: "Fjordlys Interiør AS",
    environments: ["practice"],
    signIn: { clients: { practice: "momsbud-practice" } },
    // The third of Nora Lund's groups in the practice world.
    rules: [{ groups: ["00000003-9f0e-4000-8000-000000000003"], permissions: ["see"], companies: ["all"] }],
  };
  await writeFile(join(system, "policy.json"), JSON.stringify({ work }));
  const before = icons();
  const program = await Program.start(desktop, { env: { MOMSBUD_SYSTEM_DIR: system } });
  try {
    await until("the program's icon", () => icons() > before);
    const tray = await icon();
    const labels = async () => (await menu(tray)).map(({ label }) => label);
    await until("the icon's menu", async () => (await labels()).includes("Avslutt"));
    assert.ok(!(await labels()).includes("Lås nå"), "it is locked already");
    await program.click(ids.workSignIn);
    await desktop.browser.workSignIn("Nora Lund");
    await program.see(ids.lockNow);
    await choose(tray, "Lås nå");
    await program.see(ids.lock);
    await program.reads(ids.lock, /Momsbud er låst/);
    await until("nothing to lock in the menu", async () => !(await labels()).includes("Lås nå"));
    await program.picture("tray-locked");
  } finally {
    await program.quit();
  }
});

function environment() {
  return { MOMSBUD_DATA_DIR: join(desktop.root, "data"), MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer") };
}

/** Starts the program as a desktop does, and waits for its window and for what it keeps of the settings. */
async function started() {
  const before = icons();
  await mkdir(join(desktop.root, "data"), { recursive: true });
  const ready = join(desktop.root, `ready-${Date.now()}`);
  const program = desktop.start(PROGRAM, [], { env: { ...environment(), MOMSBUD_READY_FILE: ready } });
  await until("the window to be drawn", () => {
    if (program.ended) throw new Error(program.output);
    return readFile(ready).then(() => true);
  });
  await until("the window", windows);
  // The icon of the program before may still be there for a moment, and answer.
  await until("the program's icon", () => icons() > before);
  return program;
}

/** @param {Program} program @param {string} value */
async function switchOf(program, value) {
  await program.see(ids.startup);
  return program.driver.findElement({ css: `[data-testid="${ids.startup}"][data-value="${value}"]` });
}

async function press(program, value) {
  await program.press(`the switch ${value}`, () => switchOf(program, value));
}

async function isOn(program, value) {
  const field = await switchOf(program, value);
  return (await field.getAttribute("aria-checked")) === "true" || (await field.isSelected());
}

/** Numbers of the program's visible windows, a line each. */
async function windows() {
  return (await desktop.windows({ name: "^Momsbud" })).join("\n");
}

/** Closes the window as a person does, with the window manager's keys. */
async function closeWindow() {
  await until("the window to be closed", async () => {
    const [window] = (await windows()).split("\n");
    if (!window) return true;
    await desktop.run("xdotool", ["windowactivate", "--sync", window, "key", "--clearmodifiers", "alt+F4"]);
    return until("it", async () => (await windows()) === "", 5_000);
  });
}

/** How many icons the panel has been given. */
function icons() {
  return [...panel.output.matchAll(/^item /gm)].length;
}

/** Where the newest icon of the panel is to be asked: service, object, and the object of its menu. */
async function icon() {
  return until("the icon's menu", async () => {
    const [, service = "", path = ""] = [...panel.output.matchAll(/^item (\S+) (\S+)$/gm)].at(-1) ?? [];
    const answer = await call(service, path, "org.freedesktop.DBus.Properties.Get", "org.kde.StatusNotifierItem", "Menu");
    const menuAt = /'(\/[^']+)'/.exec(answer)?.[1];
    return menuAt === undefined ? null : { service, path: menuAt };
  });
}

/** What the menu offers. */
async function menu({ service, path }) {
  const layout = await call(service, path, "com.canonical.dbusmenu.GetLayout", "0", "-1", "[]");
  return [...layout.matchAll(/\((\d+), \{([^}]*)\}/g)].flatMap(([, id, properties = ""]) => {
    const label = /'label': <'([^']*)'>/.exec(properties)?.[1];
    return label === undefined ? [] : [{ id: id ?? "", label: label.replaceAll("_", "") }];
  });
}

async function choose(tray, label) {
  const item = await until(`"${label}" in the menu`, async () => (await menu(tray)).find((it) => it.label === label));
  await call(tray.service, tray.path, "com.canonical.dbusmenu.Event", item.id, "clicked", "<''>", "0");
}

function call(service, path, method, ...given) {
  return desktop.run("gdbus", ["call", "--session", "--dest", service, "--object-path", path, "--method", method, "--", ...given]);
}
