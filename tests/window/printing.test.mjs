// Ctrl+P in a program that nobody drives: WebKit puts nothing on paper for a driver.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { PROGRAM } from "./program.mjs";

test("Ctrl+P asks in the system's own dialog where what is shown is to be printed", async () => {
  const desktop = await Desktop.open();
  try {
    const folders = { MOMSBUD_DATA_DIR: join(desktop.root, "data"), MOMSBUD_ARCHIVE_DIR: join(desktop.root, "arkiv") };
    desktop.start(PROGRAM, [], { env: folders });
    const named = async (name) =>
      (await desktop.run("xdotool", ["search", "--onlyvisible", "--name", name]).catch(() => "")).trim().split("\n")[0];
    const window = await until("the window", () => named("^Momsbud"));
    const dialog = await until("the system's print dialog", async () => {
      const asked = await named("^(Print|Skriv ut)$");
      if (asked) return asked;
      // Whatever greets her is put away first.
      await desktop.run("xdotool", ["windowactivate", "--sync", window, "key", "--clearmodifiers", "Escape"]);
      await desktop.run("xdotool", ["key", "--clearmodifiers", "ctrl+p"]);
      await new Promise((done) => setTimeout(done, 1_500));
      return named("^(Print|Skriv ut)$");
    });
    assert.ok(dialog);
    await desktop.picture("a8-print");
  } finally {
    await desktop.close();
  }
});
