// Files whose names are not UTF-8, as old archives have them: given at the first start and at the second. A name is bytes, so
// a shell writes them; JavaScript cannot.

import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program, PROGRAM } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

/** A name in Latin-1, for `printf`: "årlig.xml". */
const LATIN = "\\345rlig.xml";

describe("names that are not UTF-8", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {string} */ let folder;

  before(async () => {
    desktop = await Desktop.open();
    folder = join(desktop.root, "returns");
    await mkdir(folder);
    for (const [place, company, period] of [
      ["first", FJORDLYS, "juli-august"],
      ["second", VIKA, "mai-juni"],
    ]) {
      const plain = join(desktop.root, `${place}.xml`);
      await writeFile(plain, vatReturn({ company: /** @type {any} */ (company), period: String(period) }));
      // A folder whose name is not UTF-8 either.
      await shell(`d=$(printf '%s/${place}-\\346' '${folder}'); mkdir "$d"; cp '${plain}' "$d/$(printf '${LATIN}')"`);
    }
  });
  after(() => desktop?.close());
  const step = story(() => program.picture("failed-names"));

  step("the first start opens such a file", async () => {
    const wrapped = join(desktop.root, "bin/momsbud-with-a-name");
    await writeFile(wrapped, `#!/bin/sh\nexec '${PROGRAM}' "$(printf '${folder}/first-\\346/${LATIN}')" "$@"\n`);
    await chmod(wrapped, 0o755);
    program = await Program.start(desktop, { program: wrapped });
    await program.reads(ids.cardCompany, /311 797 816/);
  });

  step("the second start hands such a file over, named from a folder that is so named, and ends in peace", async () => {
    const script = `cd "$(printf '${folder}/second-\\346')" && exec '${PROGRAM}' "$(printf '${LATIN}')"`;
    const second = desktop.start("/bin/sh", ["-c", script], {
      env: { MOMSBUD_DATA_DIR: program.dataDir, MOMSBUD_ARCHIVE_DIR: program.archiveDir },
    });
    await until("the second program to hand over and end", () => second.ended);
    assert.equal(second.child.exitCode, 0, second.output);
    assert.doesNotMatch(second.output, /panicked/);
    await until("the second return", async () => {
      const cards = (await start()).cards.map((card) => card.content?.orgNumber);
      return cards.includes(VIKA.number) && cards.includes(FJORDLYS.number);
    });
    const names = (await start()).cards.map((card) => card.fileName);
    assert.deepEqual(names, ["\ufffdrlig.xml", "\ufffdrlig.xml"]);
  });

  step("the system's dialog gives the file that was chosen in it", async () => {
    const third = join(desktop.root, "valgt.xml");
    await writeFile(third, vatReturn({ period: "mars-april" }));
    const before = await windows();
    await program.driver.executeScript(`window.__TAURI_INTERNALS__.invoke("choose_files")`);
    const dialog = await until("the dialog", async () => (await windows()).find((it) => !before.includes(it)));
    // It opens in a folder; where the file lies is typed into a line of its own, which completes it at the first Return.
    await desktop.run("xdotool", ["windowactivate", "--sync", dialog, "key", "--clearmodifiers", "ctrl+l"]);
    await desktop.run("xdotool", ["key", "--clearmodifiers", "ctrl+a"]);
    await desktop.run("xdotool", ["type", "--delay", "30", third]);
    await until("the dialog to go away", async () => {
      if ((await windows()).length === before.length) return true;
      await desktop.run("xdotool", ["key", "--clearmodifiers", "Return"]);
      return false;
    });
    await until("the third return", async () => (await start()).cards.some((card) => card.fileName === "valgt.xml"));
  });

  step("no crash of the program leaves its memory on disk", async () => {
    const found = await desktop.run("pgrep", ["--full", `^${PROGRAM}`]);
    const limits = await readFile(`/proc/${found.trim().split("\n")[0]}/limits`, "utf8");
    assert.match(limits, /^Max core file size\s+1\s+1\s+bytes/m);
  });

  /** Numbers of the program's visible windows. */
  function windows() {
    return desktop.windows({ class: "momsbud" });
  }

  /** What the window shows. */
  function start() {
    return program.driver.executeAsyncScript(
      `const done = arguments[0]; window.__TAURI_INTERNALS__.invoke("start_view").then(done, done);`,
    );
  }

  function shell(script) {
    return desktop.run("/bin/sh", ["-c", script]);
  }
});
