// The installed package as a user meets it: menu entry, links, "open with", a filing, an upgrade, a removal.
//
// Run by tests/package/journey.sh, as root, in a system of its own: it installs and removes packages.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
const HERE = fileURLToPath(new URL(".", import.meta.url));
const VERSION_2 = join(HERE, "../../crates/filing/tests/data/momsbud-version-2.sql");

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
  const chosenLanguage = async () => {
    await program.click(ids.placeSettings);
    await program.see(ids.language);
    const pressed = await program.driver.findElement(By.css(`[data-testid="${ids.language}"][aria-pressed="true"]`));
    return pressed.getAttribute("data-value");
  };

  step("the command line is on the path, with man page and completions", async () => {
    assert.match(await desktop.run("momsbud-cli", ["--version"]), /^momsbud-cli \d/);
    assert.match(await sh("man momsbud-cli | col -b"), /momsbud-cli/);
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

  step("links to Momsbud open it, and XML files may be opened with it but need not", async () => {
    const handler = await desktop.run("/usr/bin/xdg-mime", ["query", "default", "x-scheme-handler/momsbud"]);
    assert.equal(handler.trim(), "momsbud.desktop");
    const offered = await desktop.run("gio", ["mime", "application/xml"]);
    assert.match(offered, /momsbud\.desktop/, "not offered");
    assert.doesNotMatch(offered.split("\n")[0] ?? "", /momsbud/, `it is the default: ${offered}`);
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
      if (start === "first") await desktop.picture("installed-1-from-the-menu");
      await stop(launched);
      await sh("pid=$(pgrep -x momsbud) && kill $pid; for n in $(seq 100); do pgrep -x momsbud || exit 0; sleep 0.1; done; exit 1");
    }
    process.stdout.write(`from the menu entry to a usable window: ${times.join(", ")} ms\n`);
    assert.ok(existsSync(join(dataFolder, "momsbud.db")), `nothing in ${dataFolder}`);
  });

  step("a return is filed in practice", async () => {
    program = await Program.start(desktop);
    await program.click(ids.signIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await program.reads(ids.who, /Ingrid Solvang/);
    // What the desktop does with "open with", while the program is open already.
    const file = join(desktop.root, "mva melding å.xml");
    await writeFile(file, vatReturn());
    await desktop.run("gio", ["launch", MENU_ENTRY, file]);
    await program.reads(ids.cardCompany, new RegExp(FJORDLYS.name));
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    if (await program.shows(ids.confirmDialog)) await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
    await program.picture("installed-3-received");
    await program.click(ids.placeSettings);
    await program.see(ids.language);
    await program.driver.findElement(By.css(`[data-testid="${ids.language}"][data-value="nn"]`)).click();
    await until("nynorsk", async () => (await chosenLanguage()) === "nn");
    await program.quit();
  });

  step("an upgrade keeps history, authorization and settings, and brings an older database up to date", async () => {
    const before = await version();
    // The older package has the programs of this tree; its database is what the program's second version left.
    const laidDown = JSON.parse(await python(join(HERE, "../package/older.py"), program.dataDir, VERSION_2));
    const database = join(program.dataDir, "momsbud.db");
    assert.equal(await schemaOf(database), 2);
    assert.ok(laidDown.version > 2 && laidDown.filings.length > 1, JSON.stringify(laidDown));
    await desktop.run("apt-get", ["install", "--yes", "--quiet=2", NEW_PACKAGE]);
    const now = await version();
    assert.notEqual(now, before);
    await desktop.run("dpkg", ["--compare-versions", now, "gt", before]);
    program = await Program.start(desktop);
    assert.equal(await schemaOf(database), laidDown.version);
    assert.equal(await schemaOf(join(program.dataDir, "backups/momsbud-version-2-1.db")), 2);
    await program.reads(ids.who, /Ingrid Solvang/);
    assert.equal(await chosenLanguage(), "nn");
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, new RegExp(FJORDLYS.name));
    await program.picture("installed-4-upgraded");
    assert.match(await cli("status"), /Ingrid Solvang/);
    const listed = (await cli("history", "--json")).split("\n").map((line) => JSON.parse(line).id);
    assert.deepEqual(listed.toSorted(), laidDown.filings.toSorted());
    const said = `schema 2 to ${laidDown.version}, ${listed.length} filings, the sign-in and the settings are there`;
    process.stdout.write(`upgraded ${before} to ${now}: ${said}\n`);
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
