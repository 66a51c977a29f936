// The installed package as a user meets it: an upgrade, menu entry, links, a double click, a filing, a removal.
//
// Run by tests/package/journey.sh, as root, in a system of its own: it installs and removes packages.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { stop, until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { FJORDLYS, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const { By } = selenium;
const MENU_ENTRY = "/usr/share/applications/momsbud.desktop";
const NEW_PACKAGE = process.env.MOMSBUD_NEW_PACKAGE ?? "";
/** Of the files that are asked about below: those that the desktop is to know as VAT returns. */
const VAT_RETURNS = ["mva-melding.xml", "with-prefix.xml", "no-ending"];
const HERE = fileURLToPath(new URL(".", import.meta.url));
const VERSION_2 = join(HERE, "../../crates/store/tests/data/momsbud-version-2.sql");

describe("the installed package", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let dataFolder;

  before(async () => {
    desktop = await Desktop.open();
    dataFolder = join(desktop.env.XDG_DATA_HOME ?? "", "no.momsbud.desktop");
  });
  after(() => desktop?.close());

  const step = story(() => desktop.picture("failed-installed"));
  const sh = (script) => desktop.run("bash", ["-c", script]);
  const version = async () => (await desktop.run("dpkg-query", ["-W", "-f", "${Version}", "momsbud"])).trim();
  const python = (...args) => desktop.run("/usr/bin/python3", args);
  const schemaOf = async (database) =>
    Number(
      await python(
        "-c",
        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version').fetchone()[0])",
        database,
      ),
    );
  /** What the installed command line prints, with the open window's authorities. */
  const cli = async (...args) => {
    const { control } = await program.practice();
    const where = `MOMSBUD_DATA_DIR='${program.dataDir}' MOMSBUD_ARCHIVE_DIR='${program.archiveDir}' MOMSBUD_PRACTICE='${control}'`;
    return (await sh(`${where} momsbud-cli ${args.join(" ")}`)).trim();
  };
  const fileWhatIsOpen = async () => {
    await program.reads(ids.cardCompany, new RegExp(FJORDLYS.name));
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    if (await program.shows(ids.confirmDialog)) await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
  };
  const chosenLanguage = async () => {
    await program.click(ids.placeSettings);
    await program.see(ids.language);
    const pressed = await program.driver.findElement(By.css(`[data-testid="${ids.language}"][aria-pressed="true"]`));
    return pressed.getAttribute("data-value");
  };

  step("the older program files a return, and keeps a sign-in and a setting", async () => {
    program = await Program.start(desktop);
    await program.click(ids.signIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await program.reads(ids.who, /Ingrid Solvang/);
    const file = join(desktop.root, "juli-august.xml");
    await writeFile(file, vatReturn());
    // Whether it is what opens VAT returns is asked of the new package; this is "open with" of any.
    await desktop.run("gio", ["launch", MENU_ENTRY, file]);
    await fileWhatIsOpen();
    await program.click(ids.placeSettings);
    await program.see(ids.language);
    await program.press("nynorsk", () => program.one(ids.language, "nn"));
    await until("nynorsk", async () => (await chosenLanguage()) === "nn");
    await program.quit();
  });

  step("an upgrade keeps history, authorization and settings, and brings an older database up to date", async () => {
    const before = await version();
    // Whatever programs the older package has, its database is made what the program's second version left.
    const laidDown = JSON.parse(await python(join(HERE, "../package/older.py"), program.dataDir, VERSION_2));
    const database = join(program.dataDir, "momsbud.db");
    assert.equal(await schemaOf(database), 2);
    assert.ok(laidDown.version > 2 && laidDown.filings.length > 1, JSON.stringify(laidDown));
    await desktop.run("apt-get", ["install", "--yes", "--quiet=2", NEW_PACKAGE]);
    const now = await version();
    assert.notEqual(now, before);
    await desktop.run("dpkg", ["--compare-versions", now, "gt", before]);
    program = await Program.start(desktop);
    const schema = await schemaOf(database);
    assert.ok(schema >= laidDown.version, `${schema} after ${laidDown.version}`);
    assert.equal(await schemaOf(join(program.dataDir, "backups/momsbud-version-2-1.db")), 2);
    await program.reads(ids.who, /Ingrid Solvang/);
    assert.equal(await chosenLanguage(), "nn");
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, new RegExp(FJORDLYS.name));
    await program.picture("installed-1-upgraded");
    assert.match(await cli("status"), /Ingrid Solvang/);
    const listed = (await cli("history", "--json")).split("\n").map((line) => JSON.parse(line).id);
    assert.deepEqual(listed.toSorted(), laidDown.filings.toSorted());
    const said = `schema 2 to ${schema}, ${listed.length} filings, the sign-in and the settings are there`;
    process.stdout.write(`upgraded ${before} to ${now}: ${said}\n`);
    await program.quit();
  });

  step("the command line is on the path, with man page and completions", async () => {
    assert.match(await desktop.run("momsbud-cli", ["--version"]), /^momsbud-cli \d/);
    assert.match(await sh("man momsbud-cli | col -b"), /momsbud-cli/);
    assert.match(await sh("man momsbud-cli-batch | col -b"), /Status\s+0: /);
    assert.match(await sh("man -w momsbud momsbud-cli-submit"), /momsbud\.1\.gz\n.*momsbud-cli-submit\.1\.gz/);
    const completed = await sh(
      "source /usr/share/bash-completion/completions/momsbud-cli; COMP_WORDS=(momsbud-cli ch); COMP_CWORD=1; " +
        '$(complete -p momsbud-cli | sed "s/.*-F \\([^ ]*\\).*/\\1/") momsbud-cli ch momsbud-cli; echo "${COMPREPLY[@]}"',
    );
    assert.match(completed, /\bcheck\b/);
    for (const file of ["zsh/vendor-completions/_momsbud-cli", "fish/vendor_completions.d/momsbud-cli.fish"]) {
      assert.ok(existsSync(join("/usr/share", file)), file);
    }
  });

  step("the menu entry is valid, in three languages, and has its icon in every size", async () => {
    await desktop.run("desktop-file-validate", [MENU_ENTRY]);
    const entry = await readFile(MENU_ENTRY, "utf8");
    for (const line of [/^Comment=/m, /^Comment\[nb\]=/m, /^Comment\[nn\]=/m]) assert.match(entry, line);
    const found = await desktop.run("/usr/bin/python3", [
      "-c",
      "import gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk\n" +
        "theme = Gtk.IconTheme.get_default()\n" +
        "print(*[theme.lookup_icon('momsbud', size, 0).get_filename() for size in (16, 24, 32, 48, 64, 128, 256, 512)])",
    ]);
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
      assert.match(found, new RegExp(`hicolor/${size}x${size}/apps/momsbud.png`));
    }
  });

  step("links to Momsbud are its own", async () => {
    const handler = await desktop.run("/usr/bin/xdg-mime", ["query", "default", "x-scheme-handler/momsbud"]);
    assert.equal(handler.trim(), "momsbud.desktop");
  });

  step("VAT returns open with Momsbud, other XML never by itself, whoever else is there", async () => {
    const home = join(desktop.root, "nobody");
    const files = {
      "mva-melding.xml": vatReturn(),
      "with-prefix.xml": vatReturn().replaceAll(/<(\/?)(?=[a-z])/g, "<$1mva:").replace(" xmlns=", " xmlns:mva="),
      "no-ending": vatReturn(),
      "other.xml": `<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:oasis:names:specification:ubl"/>\n`,
      "bare.xml": "<note>mvaMeldingDto</note>\n",
      "notes.txt": vatReturn(),
    };
    await mkdir(home);
    for (const [name, content] of Object.entries(files)) await writeFile(join(home, name), content);
    const rivals = {
      "an editor claims XML": "text/plain;application/xml;",
      "an editor claims XML by its other name": "text/xml;text/plain;",
      "an editor claims plain text alone": "text/plain;",
    };
    for (const [which, claims] of Object.entries(rivals)) {
      const there = join(desktop.root, which);
      await mkdir(join(there, "applications"), { recursive: true });
      await copyFile(MENU_ENTRY, join(there, "applications/momsbud.desktop"));
      const editor = `[Desktop Entry]\nType=Application\nName=Editor\nExec=true %U\nMimeType=${claims}\n`;
      // A name after ours: where two claim the same, the first one wins.
      await writeFile(join(there, "applications/zz-editor.desktop"), editor);
      await symlink("/usr/share/mime", join(there, "mime"));
      await desktop.run("update-desktop-database", [join(there, "applications")]);
      const only = `XDG_DATA_DIRS='${there}' XDG_DATA_HOME='${home}' XDG_CONFIG_HOME='${home}' XDG_CONFIG_DIRS='${home}'`;
      for (const name of Object.keys(files)) {
        const told = await sh(`${only} gio info --attributes=standard::content-type '${join(home, name)}'`);
        const type = /standard::content-type: (\S+)/.exec(told)?.[1] ?? "";
        const [first = "", ...others] = (await sh(`LC_ALL=C.UTF-8 ${only} gio mime '${type}'`)).split("\n");
        if (VAT_RETURNS.includes(name)) {
          assert.match(first, /momsbud\.desktop/, `${which}: ${name} is ${type}: ${first}`);
          assert.match(others.join("\n"), /zz-editor\.desktop/, `${which}: ${name} cannot be opened with the editor`);
        } else {
          assert.match(first, /zz-editor\.desktop/, `${which}: ${name} is ${type}: ${first}`);
        }
      }
    }
    for (const type of ["application/xml", "text/xml", "text/plain"]) {
      const first = (await desktop.run("gio", ["mime", type])).split("\n")[0] ?? "";
      assert.doesNotMatch(first, /momsbud/, `in this very system it is the default: ${first}`);
    }
  });

  step("from the menu entry to a usable window", async () => {
    const times = [];
    for (const start of ["first", "second", "third"]) {
      const folder = join(desktop.root, `ready-${start}`);
      await mkdir(folder);
      const ready = join(folder, "ready");
      const begun = performance.now();
      const launched = desktop.start("gio", ["launch", MENU_ENTRY], { env: { MOMSBUD_READY_FILE: ready } });
      await until("the window", () => existsSync(ready));
      times.push(Math.round(performance.now() - begun));
      if (start === "first") await desktop.picture("installed-2-from-the-menu");
      await stop(launched);
      await sh("pid=$(pgrep -x momsbud) && kill $pid; for n in $(seq 100); do pgrep -x momsbud || exit 0; sleep 0.1; done; exit 1");
    }
    process.stdout.write(`from the menu entry to a usable window: ${times.join(", ")} ms\n`);
    assert.ok(existsSync(join(dataFolder, "momsbud.db")), `nothing in ${dataFolder}`);
  });

  step("a link comes to the program that runs, and one that nobody waits for signs nobody in", async () => {
    program = await Program.start(desktop);
    const [window = ""] = (await sh("xdotool search --onlyvisible --name '^Momsbud'")).trim().split("\n");
    await desktop.run("xdotool", ["windowminimize", "--sync", window]);
    await desktop.run("gio", ["open", "momsbud://callback?code=somebodys&state=somebodys"]);
    await program.reads(ids.signInOutcome, /for sei?nt/);
    await until("the window to come to the front", async () => /^Momsbud/.test(await desktop.activeWindow()));
    await until("the second start to be over", async () => (await sh("pgrep -xc momsbud")).trim() === "1");
    await program.picture("installed-3-a-link-too-late");
    await program.click(ids.signInNotNow);
    await program.gone(ids.signInOutcome);
  });

  step("a return that is double-clicked is filed in practice", async () => {
    await program.reads(ids.who, /Ingrid Solvang/);
    // What the desktop does with a double click, while the program is open already.
    const file = join(desktop.root, "mva melding å.xml");
    await writeFile(file, vatReturn({ period: "mai-juni" }));
    await desktop.run("gio", ["open", file]);
    await fileWhatIsOpen();
    await program.picture("installed-4-received");
    await program.quit();
  });

  step("a downgrade is not done by itself", async () => {
    const now = await version();
    await desktop.run("apt-get", ["install", "--yes", "--quiet=2", "/packages/old.deb"]).catch(() => undefined);
    assert.equal(await version(), now);
  });

  step("removal takes the program and leaves what is the user's", async () => {
    const kept = await readdir(program.dataDir);
    for (const how of ["remove", "purge"]) {
      await desktop.run("apt-get", [how, "--yes", "--quiet=2", "momsbud"]);
      for (const gone of ["/usr/bin/momsbud", "/usr/bin/momsbud-cli", MENU_ENTRY, "/usr/share/doc/momsbud"]) {
        assert.ok(!existsSync(gone), `${how}: ${gone} is left`);
      }
      // Nothing is left to purge after a removal; a purge is tried on an installation.
      if (how === "remove") await desktop.run("apt-get", ["install", "--yes", "--quiet=2", NEW_PACKAGE]);
    }
    assert.deepEqual(await readdir(program.dataDir), kept);
    assert.ok(existsSync(join(dataFolder, "momsbud.db")), "the database is gone");
    assert.ok((await readdir(program.archiveDir, { recursive: true })).some((name) => name.endsWith(".pdf")));
    process.stdout.write(`left after removal: ${dataFolder}, and the archive folder\n`);
    await rm(dataFolder, { recursive: true });
  });
});
