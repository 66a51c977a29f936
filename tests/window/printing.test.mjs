// Ctrl+P in a program that nobody drives: WebKit puts nothing on paper for a driver.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { PROGRAM } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";

/**
 * What the window puts on paper when it is started with files, as text.
 *
 * @param {string} picture
 * @param {[name: string, content: string][]} files
 */
async function printed(picture, files) {
  const desktop = await Desktop.open();
  try {
    const folders = { MOMSBUD_DATA_DIR: join(desktop.root, "data"), MOMSBUD_ARCHIVE_DIR: join(desktop.root, "arkiv") };
    const paths = [];
    for (const [name, content] of files) {
      paths.push(join(desktop.root, name));
      await writeFile(join(desktop.root, name), content);
    }
    // The dialog proposes a file where the program was started.
    desktop.start(PROGRAM, paths, { env: folders, cwd: desktop.root });
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
    await desktop.picture(picture);
    const file = join(desktop.root, "output.pdf");
    const pdf = await until("the file that was printed", async () => {
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes?.subarray(-6).toString("latin1").includes("%%EOF")) return bytes;
      // "Print to File" is the one printer there is, and the first row.
      if (await named("^(Print|Skriv ut)$")) {
        await desktop.run("xdotool", [
          "windowactivate",
          "--sync",
          dialog,
          "mousemove",
          "--window",
          dialog,
          "80",
          "87",
          "click",
          "1",
        ]);
        await desktop.run("xdotool", ["key", "--clearmodifiers", "alt+p"]);
      }
      return undefined;
    });
    assert.match(pdf.subarray(0, 8).toString("latin1"), /^%PDF-1/);
    return (await desktop.run("pdftotext", ["-layout", file, "-"])).replaceAll("\u00a0", " ");
  } finally {
    await desktop.close();
  }
}

test("Ctrl+P asks in the system's own dialog where what is shown is to be printed, and prints it to a file", async () => {
  assert.match(await printed("a8-print", []), /Slipp filer her/);
});

test("a return is printed whole, without what is pressed", async () => {
  const text = await printed("a8-print-return", [["melding.xml", vatReturn({})]]);
  // Nobody has signed in: nothing knows a name yet.
  for (const part of [/311 797 816/, /Juli–august 2026/, /30 000/, /−12 500/, /18 250/]) assert.match(text, part);
  assert.doesNotMatch(text, /Logg inn og kontrollér|Historikk|Innstillinger/);
});

test("a list is printed with every company", async () => {
  const text = await printed("a8-print-list", [
    ["1.xml", vatReturn({})],
    ["2.xml", vatReturn({ company: VIKA, period: "mai-juni" })],
  ]);
  for (const part of [FJORDLYS.grouped, VIKA.grouped, "Juli–august 2026", "Mai–juni 2026", "18 250"])
    assert.ok(text.includes(part), `${part}:\n${text}`);
});
