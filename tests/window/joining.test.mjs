// A desk joins an office register from its window: refused with words, then let in, moved in, and shown what a colleague files.

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, PROGRAM, Program } from "./program.mjs";
import { admitted, aRegister, CommandDesk, Server } from "./register.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const CLI = join(dirname(PROGRAM), "momsbud-cli");
const INGRID = "testid:14838411585_idporten-loa-high";

describe("joining a register in the window", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {Server} */ let server;
  /** @type {CommandDesk} */ let kari;
  /** @type {string} */ let password;

  before(async () => {
    desktop = await Desktop.open();
    server = await Server.start();
    const folder = (name) => join(desktop.root, name);
    await mkdir(folder("kari"), { mode: 0o700 });
    kari = new CommandDesk(desktop, folder("kari"), folder("kari-archive"));
    await aRegister(server, kari);
    const hers = await admitted(server, kari, { role: "kari", name: "Kari Nordmann" });
    await kari.say(["register", "move-in", "--json", "--desk", "pc-kari", server.address("kari")], `${hers}\n`);
    password = await admitted(server, kari, { role: "ola", name: "Ola Nordmann" });
    // What the bell tells does not depend on the hour.
    await mkdir(folder("data"), { recursive: true });
    await desktop.run(CLI, ["due", "--data-dir", folder("data")]);
    await desktop.sql(`INSERT INTO preferences (name, value) VALUES ('reminders', '{"quiet": false}')`);
    program = await Program.start(desktop);
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
    await server?.close();
  });

  const step = story(() => program.picture("failed-joining"));
  const windows = () => desktop.windows({ class: "momsbud" });
  const key = (...keys) => desktop.run("xdotool", ["key", "--clearmodifiers", ...keys]);
  const counted = (what) => server.sql("momsbud", `SELECT count(*) FROM register.${what}`);
  const address = () => server.address("ola").replace("ola@", "");
  const section = async () => {
    await program.click(ids.placeSettings);
    await program.press("the section", () => program.one(ids.settingsSection, "register"));
  };
  /** Presses a button, and says yes or no in the question that comes outside the window. */
  const asked = async (press, yes) => {
    const before = await windows();
    await press();
    const question = await until("the question", async () => (await windows()).find((it) => !before.includes(it)));
    await desktop.run("xdotool", ["windowactivate", "--sync", question]);
    await desktop.picture(`joining-question-${yes ? "yes" : "no"}`);
    if (!yes) await key("Escape");
    let pressed = 0;
    await until("the question to go away", async () => {
      if (!(await windows()).includes(question)) return true;
      // The answer that is not chosen already is reached by the keyboard.
      if (Date.now() - pressed > 2_000) {
        await key("Return");
        pressed = Date.now();
      }
      return false;
    });
  };
  const row = (company) =>
    program.driver.executeScript(
      `return document.querySelector('[data-testid="${ids.cardRow}"][data-org="' + arguments[0] + '"]')?.innerText ?? ""`,
      company.number,
    );
  const says = (company, pattern, patience) =>
    until(`${company.name} to say ${pattern}`, async () => pattern.test(await row(company)), patience);

  step("a desk alone has filed something", async () => {
    await program.signIn("Ingrid Solvang");
    await settings(program, { altinn: { feedbackDelaySeconds: 0.2 } });
    await program.sendSample();
    await until("the receipt", async () => (await program.attribute(ids.step2, "data-state")) === "received", 90_000);
  });

  step("what is wrong is said, and nothing has changed", async () => {
    await section();
    await program.reads(ids.registerPlace, /er ikke med i noe kontorregister/);
    await program.click(ids.registerJoin);
    await program.reads(ids.joinShares, /Dette deles aldri: fødselsnumre, passord, tokener/);
    await program.type(ids.joinAddress, address());
    await program.type(ids.joinRole, "ola");
    await program.type(ids.joinPassword, "fjell");
    await program.picture("joining-1-dialog");
    await asked(() => program.click(ids.joinConfirm), false);
    assert.ok(await program.shows(ids.joinDialog), "who says no is where she was");
    await asked(() => program.click(ids.joinConfirm), true);
    await program.reads(ids.registerSaysNo, /godtar ikke passordet/);
    await program.picture("joining-2-wrong-password");
    await server.down();
    await asked(() => program.click(ids.joinConfirm), true);
    await program.reads(ids.registerSaysNo, /kan ikke nås/, 60_000);
    await server.up();
    assert.equal(await counted("desks"), "1", "only Kari's");
  });

  step("with the right password it is in, and its history is offered to be moved in", async () => {
    await program.type(ids.joinPassword, password);
    await program.type(ids.joinDesk, "pc-ola");
    await asked(() => program.click(ids.joinConfirm), true);
    await program.gone(ids.joinDialog, 60_000);
    await program.reads(ids.registerPlace, /momsbud på [^]*logget på der som ola[^]*heter pc-ola/);
    await program.reads(ids.bring, /Ikke flyttet inn ennå/);
    await program.picture("joining-3-joined");
    assert.equal(await counted("filings"), "0");
    await program.click(ids.bringDo);
    await program.reads(ids.bring, /Innsendinger: 1\. Dokumenter: \d+/, 60_000);
    assert.equal(await program.attribute(ids.bring, "data-value"), "brought");
    await program.picture("joining-4-brought");
    assert.equal(await counted("filings"), "1");
    assert.notEqual(await counted("manifests"), "0");
  });

  step("what a colleague files is seen from then on", async () => {
    await program.click(ids.placeFiling);
    const paths = [];
    for (const company of [FJORDLYS, VIKA]) {
      const path = join(desktop.root, `${company.number}.xml`);
      await writeFile(path, vatReturn({ company, period: "mai-juni" }));
      paths.push(path);
    }
    await program.drop(paths);
    await program.see(ids.cardList);
    await kari.say(["register", "hand-over", FJORDLYS.number, "--to", "ola"]);
    const { control } = await program.practice();
    const file = join(desktop.root, "karis.xml");
    await writeFile(file, vatReturn({ company: FJORDLYS, period: "mai-juni" }));
    const filing = kari.start(["submit", "--yes", "--json", "--login-hint", INGRID, file], {
      env: { MOMSBUD_PRACTICE: control },
    });
    await until("Kari to be done", () => filing.ended, 90_000);
    await says(FJORDLYS, /av Kari Nordmann/, 10_000);
    await program.picture("joining-5-colleague");
  });

  step("the bell tells the receipt to the one responsible", async () => {
    await program.click(ids.notices);
    await program.reads(ids.noticeList, /Fjordlys[^]*mai–juni 2026: sendt av Kari Nordmann/, 15_000);
    await program.picture("joining-5b-bell");
    await program.click(ids.notices);
  });

  step("the password lies in no file in the clear", async () => {
    const folder = join(desktop.root, "data");
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.includes(password), name);
    }
  });

  step("the documents of what a colleague filed are fetched to a folder, and only once", async () => {
    const to = join(desktop.root, "papirer");
    await mkdir(to);
    const fetched = async (pattern) => {
      const before = await windows();
      await program.click(ids.mirrorDo);
      const dialog = await until(
        "the dialog",
        async () => (await windows()).find((it) => !before.includes(it)),
        60_000,
      );
      await desktop.run("xdotool", ["windowactivate", "--sync", dialog]);
      await key("ctrl+l");
      // A name that is whole is completed with a slash, and below that GTK opens nothing; after a deletion it completes nothing.
      await desktop.run("xdotool", ["type", "--delay", "20", `${to}x`]);
      await key("BackSpace");
      let pressed = 0;
      // GTK takes no answer while it is still looking at what was typed.
      await until("the dialog to close", async () => {
        if (!(await windows()).includes(dialog)) return true;
        if (Date.now() - pressed > 3_000) {
          await key("Return");
          pressed = Date.now();
        }
        return false;
      });
      await program.reads(ids.mirrored, pattern, 60_000);
    };
    await section();
    await fetched(/Hentet til [^]*papirer: [1-9]\d*\. Lå der fra før: 0/);
    await program.picture("joining-5c-fetched");
    const hers = await readdir(join(to, FJORDLYS.number), { recursive: true });
    assert.ok(
      hers.some((name) => name.endsWith(".pdf")),
      `Kari's receipt: ${hers.join(", ")}`,
    );
    await fetched(/Hentet til [^]*papirer: 0\. Lå der fra før: [1-9]/);
  });

  step("who is asked where the copy goes, and chooses nowhere, is in the register still", async () => {
    await section();
    await program.click(ids.registerLeave);
    await program.see(ids.leaveDialog);
    await program.picture("joining-6-leave");
    const before = await windows();
    await program.click(ids.leaveConfirm);
    const dialog = await until("the dialog", async () => (await windows()).find((it) => !before.includes(it)), 60_000);
    await desktop.run("xdotool", ["windowactivate", "--sync", dialog]);
    let pressed = 0;
    await until("the dialog to go away", async () => {
      if (!(await windows()).includes(dialog)) return true;
      if (Date.now() - pressed > 2_000) {
        await key("Escape");
        pressed = Date.now();
      }
      return false;
    });
    assert.ok(await program.shows(ids.leaveDialog), "she is where she was");
    assert.equal(await counted("desks"), "2");
    assert.ok(!(await program.shows(ids.registerLeft)));
  });
});
