// The system's dialogs open where they were used last, for reading and for writing, also after a new start.

import assert from "node:assert/strict";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { evening } from "./evening.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";

evening("dialogs", { picture: "dialog" }, (it) => {
  const clients = () => join(it.desktop.root, "Klienter", "2026 termin 5");
  const lists = () => join(it.desktop.root, "Lister");

  /** Waits for a dialog of the system's and answers it with a name, as somebody types it who knows where she is. */
  const answer = async (title, name, picture) => {
    const isOpen = async () => title.test(await it.desktop.activeWindow().catch(() => ""));
    await until(`a dialog that is called ${title}`, isOpen);
    const key = (...keys) => it.desktop.run("xdotool", ["key", "--clearmodifiers", ...keys]);
    if (title.source.includes("filer")) await key("ctrl+l");
    else await key("ctrl+a");
    await it.desktop.run("xdotool", ["type", "--delay", "20", name]);
    if (picture) await it.desktop.picture(picture);
    let pressed = 0;
    // GTK takes no answer while it is still looking at what was typed.
    await until("the dialog to close", async () => {
      if (!(await isOpen())) return true;
      if (Date.now() - pressed > 3_000) {
        await key("Return");
        pressed = Date.now();
      }
      return false;
    });
  };
  const opens = async (name, picture) => {
    await it.program.click(ids.placeFiling);
    await it.program.click(ids.chooseFiles);
    await answer(/^Velg filer$/, name, picture);
    await it.program.see(ids.card);
    await it.program.click(ids.cardClose);
    await it.program.gone(ids.card);
  };
  const exported = async (name, picture) => {
    await it.program.click(ids.placeDeadlines);
    await it.program.click(ids.saveCalendar);
    await answer(/^Lagre som$/, name, picture);
  };
  const isThere = (path) => until(path, () => stat(path).then(() => true, () => false));

  it.step("what is chosen is looked for where the last one was found", async () => {
    await mkdir(clients(), { recursive: true });
    await mkdir(lists(), { recursive: true });
    await writeFile(join(clients(), "a.xml"), vatReturn({ reference: "a" }));
    await writeFile(join(clients(), "b.xml"), vatReturn({ reference: "b" }));
    await writeFile(join(clients(), "c.xml"), vatReturn({ reference: "c" }));
    await opens(join(clients(), "a.xml"), "dialog-1-first");
    // A name without a folder is found in the folder that the dialog shows.
    await opens("b.xml", "dialog-2-again");
  });

  it.step("what is saved goes where the last was saved, and that is another folder", async () => {
    await exported(join(lists(), "en.ics"), "dialog-3-save");
    await isThere(join(lists(), "en.ics"));
    await exported("to.ics", "dialog-4-save-again");
    await isThere(join(lists(), "to.ics"));
  });

  it.step("both are remembered by the next start", async () => {
    await it.program.quit();
    it.program = await Program.start(it.desktop);
    await opens("c.xml", "dialog-5-next-start");
    await exported("tre.ics");
    await isThere(join(lists(), "tre.ics"));
    assert.ok(await stat(join(lists(), "tre.ics")));
  });
});
