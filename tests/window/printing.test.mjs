// Ctrl+P in a program that nobody drives: WebKit puts nothing on paper for a driver.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { PROGRAM } from "./program.mjs";

test("Ctrl+P asks in the system's own dialog where what is shown is to be printed, and prints it to a file", async () => {
  const desktop = await Desktop.open();
  try {
    const folders = { MOMSBUD_DATA_DIR: join(desktop.root, "data"), MOMSBUD_ARCHIVE_DIR: join(desktop.root, "arkiv") };
    // The dialog proposes a file where the program was started.
    desktop.start(PROGRAM, [], { env: folders, cwd: desktop.root });
    const named = async (name) => (await desktop.windows({ name }))[0];
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
    const printed = await until("the file that was printed", async () => {
      const bytes = await readFile(join(desktop.root, "output.pdf")).catch(() => undefined);
      if (bytes?.subarray(-6).toString("latin1").includes("%%EOF")) return bytes;
      // "Print to File" is the one printer there is, and the first row.
      if (await named("^(Print|Skriv ut)$")) {
        await desktop.run("xdotool", ["windowactivate", "--sync", dialog, "mousemove", "--window", dialog, "80", "87", "click", "1"]);
        await desktop.run("xdotool", ["key", "--clearmodifiers", "alt+p"]);
      }
      return undefined;
    });
    assert.match(printed.subarray(0, 8).toString("latin1"), /^%PDF-1/);
    assert.match(await desktop.run("pdftotext", [join(desktop.root, "output.pdf"), "-"]), /Slipp filer her/);
  } finally {
    await desktop.close();
  }
});
