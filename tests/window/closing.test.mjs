// The window is closed while a receipt is awaited: what is delivered and what goes on is said in a dialog of the system's, and who
// wants to stay stays.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Desktop } from "./desktop.mjs";
import { clearFaults, faults } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

describe("a window that is closed", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());
  const step = story(() => program.picture("failed-closing"));

  step("asks, because a receipt is awaited", async () => {
    await program.signIn("Ingrid Solvang");
    await faults(program, [
      { authority: "altinn_app", call: "secondNext", times: 0, fault: { kind: "feedbackDelay", seconds: 3_600 } },
    ]);
    await program.sendSample();
    await until("the delivery", async () => (await start()).recent.some((row) => row.state === "waitingAnswer"));
    const before = await windows();
    await close();
    await until("the question", async () => (await windows()).length > before.length);
    await program.picture("closing");
    await key("Escape");
    await until("the question to go away", async () => (await windows()).length === before.length);
    assert.ok(await program.shows(ids.environment), "who stays, stays");
  });

  step("ends when the person says so", async () => {
    const before = await windows();
    await close();
    await until("the question", async () => (await windows()).length > before.length);
    // The answer that is not chosen already is reached by the keyboard.
    await key("Left");
    await key("Return");
    await until("the program to end", async () => (await windows()).length === 0).catch(async () => {
      await key("Right");
      await key("Return");
      await until("the program to end", async () => (await windows()).length === 0);
    });
    await clearFaults(program).catch(() => undefined);
  });

  /** Closes the program's window as its button does. */
  async function close() {
    const [largest] = (await desktop.run("xdotool", ["search", "--onlyvisible", "--name", "^Momsbud$"])).split("\n");
    await desktop.run("xdotool", ["windowactivate", "--sync", String(largest)]);
    // A key that is pressed before the window has the focus is nobody's.
    await until("the focus", async () => {
      const at = await desktop.run("xdotool", ["getactivewindow", "getwindowfocus"]).catch(() => "");
      return at.split("\n").includes(String(largest));
    });
    await key("alt+F4");
  }

  async function key(name) {
    await desktop.run("xdotool", ["key", "--clearmodifiers", name]);
  }

  /** Numbers of the program's visible windows. */
  function windows() {
    return desktop.windows({ class: "momsbud" });
  }

  function start() {
    return program.driver.executeAsyncScript(
      `const done = arguments[0]; window.__TAURI_INTERNALS__.invoke("start_view").then(done, done);`,
    );
  }
});

describe("a start that meets a program about to end", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;

  before(async () => {
    desktop = await Desktop.open();
  });
  after(() => desktop?.close());

  test("opens a window of its own", async () => {
    const ending = desktop.start("/usr/bin/python3", [fileURLToPath(new URL("ending_program.py", import.meta.url)), "2"]);
    await until("the other to have the name", () => ending.output.includes("ready"));
    const program = await Program.start(desktop);
    assert.ok(await program.shows(ids.environment));
    assert.match(ending.output, /asked/);
    await program.quit();
  });
});
