// Ctrl+P in a program that nobody drives: WebKit puts nothing on paper for a driver.

import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { acts } from "./acts.mjs";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";
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
    const paths = [];
    for (const [name, content] of files) {
      paths.push(join(desktop.root, name));
      await writeFile(join(desktop.root, name), content);
    }
    return await onPaper(desktop, picture, paths, async () => {
      // Whatever greets her is put away first.
      await desktop.run("xdotool", ["key", "--clearmodifiers", "Escape"]);
    });
  } finally {
    await desktop.close();
  }
}

/**
 * What the program puts on paper on a desktop, as text.
 *
 * @param {Desktop} desktop
 * @param {string} picture
 * @param {string[]} args
 * @param {(window: string) => Promise<void>} goThere comes to what is to be printed, with the window in front.
 * @param {RegExp} wanted what is on the paper when it has come: until then it is printed again, for nobody drives the window and
 *   nobody can be asked what it shows.
 */
async function onPaper(desktop, picture, args, goThere, wanted = /./) {
  const folders = {
    MOMSBUD_DATA_DIR: join(desktop.root, "data"),
    MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer"),
  };
  // The dialog proposes a file where the program was started.
  const file = join(desktop.root, "output.pdf");
  desktop.start(PROGRAM, args, { env: folders, cwd: desktop.root });
  const named = async (name) => (await desktop.windows({ name }))[0];
  const window = await until("the window", () => named("^Momsbud"));
  return until(
    `paper that says ${wanted}`,
    async () => {
      const dialog = await until("the system's print dialog", async () => {
        const asked = await named("^(Print|Skriv ut)$");
        if (asked) return asked;
        await desktop.run("xdotool", ["windowactivate", "--sync", window]);
        await goThere(window);
        await desktop.run("xdotool", ["key", "--clearmodifiers", "ctrl+p"]);
        await sleep(1_500);
        return named("^(Print|Skriv ut)$");
      });
      await desktop.picture(picture);
      const pdf = await until("the file that was printed", async () => {
        const bytes = await readFile(file).catch(() => undefined);
        if (bytes?.subarray(-6).toString("latin1").includes("%%EOF")) return bytes;
        // "Print to File" is the one printer there is, and the first row.
        if (await named("^(Print|Skriv ut)$")) {
          await click(desktop, dialog, 80, 87);
          await desktop.run("xdotool", ["key", "--clearmodifiers", "alt+p"]);
        }
        return undefined;
      });
      assert.match(pdf.subarray(0, 8).toString("latin1"), /^%PDF-1/);
      const text = (await desktop.run("pdftotext", ["-layout", file, "-"])).replaceAll("\u00a0", " ");
      await rm(file);
      return wanted.test(text) ? text : undefined;
    },
    180_000,
  );
}

/** Clicks a place of a window. */
const click = (desktop, window, x, y) =>
  desktop.run("xdotool", [
    "windowactivate",
    "--sync",
    window,
    "mousemove",
    "--window",
    window,
    String(Math.round(x)),
    String(Math.round(y)),
    "click",
    "1",
  ]);

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

test("a receipt is printed with what was filed, what came back and when, and nothing of practice can be paid by it", async () => {
  const desktop = await Desktop.open();
  try {
    const program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
    const { send, state } = acts(() => program);
    await send(0);
    await state("received");
    await program.click(ids.placeHistory);
    await program.see(ids.historyRow);
    const [company, row] = await program.driver.executeScript(
      `const row = document.querySelector('[data-testid="' + arguments[0] + '"]');
       const { left, top, width, height } = row.getBoundingClientRect();
       return [row.cells[0].innerText.split("\\n")[0], [left, top, width, height].map(Math.round)];`,
      ids.historyRow,
    );
    await program.quit();
    const goThere = async (window) => {
      const [left, top, width, height] = row;
      await desktop.run("xdotool", ["key", "--clearmodifiers", "Escape", "ctrl+2"]);
      await sleep(2_000);
      // Where it was when it was asked where it is: the window has its size again.
      await click(desktop, window, left + width / 3, top + height / 2);
      await sleep(2_000);
    };
    const text = await onPaper(desktop, "a8-print-receipt", [], goThere, /Betaling/);
    const parts = [
      company,
      "Mottatt",
      "Betaling",
      "ØVING, ingen KID",
      "ØVING, ingen konto",
      "Referanse i Altinn",
      "Kontrollert i øving",
    ];
    for (const part of parts) assert.ok(text.includes(part), `${part}:\n${text}`);
    assert.doesNotMatch(text, /Send ny versjon|Hent på nytt|Vis mappe|Innstillinger/);
    assert.doesNotMatch(text, /(?<!\d)\d{16}(?!\d)/, "a KID");
  } finally {
    await desktop.close();
  }
});
