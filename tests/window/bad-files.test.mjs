// Files that are not what they should be: a clear answer on the card, and nothing lost.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";

const utf16 = (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
const latin1 = (text) => Buffer.from(text, "latin1");

describe("files as they come", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let folder;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    folder = join(desktop.root, "files");
    await mkdir(folder);
  });
  after(() => desktop?.close());

  async function put(name, content) {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  /** Drops one file, takes the picture of its card, and puts the card away. */
  async function dropped(path, picture, look) {
    await program.drop([path]);
    await program.see(ids.card);
    await look();
    await program.picture(picture);
    const [choose] = (await program.shows(ids.fileProblem)) ? await program.all(ids.problemAction) : [];
    if (choose) await opensTheDialog(choose);
    await program.click((await program.shows(ids.cardClose)) ? ids.cardClose : ids.problemClose);
    await program.gone(ids.card);
  }

  /** The one thing that helps a file that cannot be used: another file, from the system's own dialog. */
  async function opensTheDialog(button) {
    assert.equal(await button.getAttribute("data-remedy"), "chooseFiles");
    const isOpen = async () => /^Velg filer$/.test(await desktop.activeWindow().catch(() => ""));
    await program.still(button);
    await button.click();
    await until("the dialog", isOpen);
    await until("the dialog to be put away", async () => {
      if (!(await isOpen())) return true;
      await desktop.run("xdotool", ["key", "--clearmodifiers", "Escape"]);
      return false;
    });
  }

  const problem = (code) =>
    until(`the problem ${code}`, async () => (await program.attribute(ids.fileProblem, "data-code")) === code);

  /** @type {[picture: string, name: string, content: () => string | Buffer, code: string][]} */
  const refused = [
    ["30-broken-zip", "regneark.xlsx.xml", () => Buffer.from("PK\u0003\u0004 not a return"), "packedUnreadable"],
    ["31-wrong-root", "faktura.xml", () => "<?xml version='1.0'?><faktura><sum>1</sum></faktura>", "notAReturn"],
    ["32-empty", "tom.xml", () => "", "fileEmpty"],
    ["33-not-xml", "tull.xml", () => "tull", "notXml"],
    ["33-schema", "skjema.xml", () => vatReturn().replace(/<mvaKode>[^<]*<\/mvaKode>/, ""), "schemaInvalid"],
    ["33-doctype", "doctype.xml", () => vatReturn({ prolog: '<!DOCTYPE a [<!ENTITY b "c">]>\n' }), "unsafeXml"],
  ];
  for (const [picture, name, content, code] of refused) {
    test(`${name} is refused as ${code}`, async () => {
      await dropped(await put(name, content()), picture, () => problem(code));
    });
  }

  test("a file of 200 MB is refused without being read whole", async () => {
    const path = join(folder, "stor.xml");
    const file = await open(path, "w");
    await file.truncate(200 * 1024 * 1024);
    await file.close();
    await dropped(path, "34-too-large", () => problem("fileTooLarge"));
  });

  test("a folder without returns is named as such", async () => {
    const path = join(folder, "tom mappe");
    await mkdir(path);
    await dropped(path, "35-folder", () => problem("fileIsFolder"));
  });

  test("a file that the system will not let be read is named as such", async () => {
    const path = await put("låst.xml", vatReturn());
    // Root may read everything; a directory in the place of an ancestor's permission cannot stop it. What stops everybody
    // is a path that loops.
    spawnSync("rm", [path]);
    spawnSync("ln", ["-s", path, path]);
    await dropped(path, "36-unreadable", () => problem("fileUnreadable"));
  });

  for (const [picture, name, content] of /** @type {[string, string, Buffer][]} */ ([
    ["37-latin-1", "latin1.xml", latin1(vatReturn({ encoding: "ISO-8859-1", reference: "Rørlegger Ås" }))],
    ["38-utf-16", "utf16.xml", utf16(vatReturn({ encoding: "UTF-16", reference: "Rørlegger Ås" }))],
  ])) {
    test(`${name} is read like any other`, async () => {
      await dropped(await put(name, content), picture, async () => {
        await program.reads(ids.cardSum, /18 250/);
        assert.equal((await program.all(ids.line)).length, 3);
      });
    });
  }

  test("several files at once become a list, and the good one is not lost among the bad", async () => {
    const paths = [
      await put("god.xml", vatReturn()),
      await put("tull.xml", "tull"),
      await put("tom2.xml", ""),
    ];
    await program.drop(paths);
    await program.see(ids.cardList);
    await until("three rows", async () => (await program.all(ids.cardRow)).length === 3);
    await program.picture("39-several");
  });
});
