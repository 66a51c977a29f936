// What a bookkeeper meets besides: a folder with other things in it, a company without a name, the question that practice
// rehearses, and a return of nothing.

import assert from "node:assert/strict";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

describe("what a bookkeeper meets besides", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-walk"));
  const texts = async () =>
    plainAll(await program.driver.executeScript("return document.querySelector('main').innerText"));
  const plainAll = (text) => String(text).replace(/[\u00a0\u202f]/g, " ");

  step("a folder is read with its zip, and what was not taken is named with the reason", async () => {
    const folder = join(desktop.root, "Termin 4");
    await mkdir(folder);
    await writeFile(join(folder, "fjordlys.xml"), vatReturn({}));
    await writeFile(join(desktop.root, "vika.xml"), vatReturn({ company: VIKA }));
    await desktop.run("/usr/bin/python3", [
      "-m",
      "zipfile",
      "-c",
      join(folder, "Vika.zip"),
      join(desktop.root, "vika.xml"),
    ]);
    await writeFile(join(folder, "referat.docx"), "PK no document");
    await writeFile(join(folder, ".gjemt.xml"), vatReturn({ company: VIKA }));
    await writeFile(join(folder, "ødelagt.zip"), "PK\u0003\u0004 damaged");
    await writeFile(join(desktop.root, "utenfor.xml"), vatReturn({ period: "mai-juni" }));
    await symlink(join(desktop.root, "utenfor.xml"), join(folder, "lenke.xml"));
    await program.drop([folder]);
    await program.see(ids.cardList);
    // What has no row is counted.
    await program.reads(ids.told, /1 annen fil er ikke en mva-melding.*1 skjult fil eller mappe er ikke sett på/);
    await until(
      "both returns",
      async () => /Fjordlys|311 797 816/.test(await texts()) && /Vika|315 203 856/.test(await texts()),
    );
    await program.picture("3-folder");
    const said = await texts();
    assert.match(said, /ødelagt\.zip/, said);
    assert.match(said, /lenke\.xml/, said);
    // The note goes away; the bell has it for as long as it is wanted, with the names.
    await program.click(ids.notices);
    const css = `[data-testid="${ids.notice}"][data-id="passed"] [data-testid="${ids.noticeOpen}"]`;
    await program.press("what was passed by, in the bell", () => program.driver.findElement({ css }));
    await program.reads(ids.fileNames, /Termin 4\/referat\.docx/);
    await program.picture("3-folder-which");
    await program.click(ids.passedCopy);
    await until("the names", async () => /^Termin 4\/referat\.docx\t/.test(await desktop.clipboard()));
    await program.driver.actions().sendKeys("\uE00C").perform();
    await program.gone(ids.passedDialog);
    await program.click(ids.closeAll);
    await program.click(ids.closeConfirm);
    await program.see(ids.dropZone);
  });

  step("signed out, a company that nobody has filed for has its number", async () => {
    const path = join(desktop.root, "fjordlys-4.xml");
    await writeFile(path, vatReturn({}));
    await program.drop([path]);
    await program.reads(ids.card, /311 797 816/);
    await program.reads(ids.company, /311 797 816/);
    await program.picture("10-unknown-name");
  });

  step("signing in from the step goes on with the check that it was for", async () => {
    await program.click(ids.stepSignIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await program.reads(ids.who, /Ingrid Solvang/);
    await until("the check that signing in began", async () =>
      ["done", "deviating"].includes(await program.attribute(ids.step1, "data-state")),
    );

    await program.picture("15-focus");
  });

  step("practice asks what production asks, in violet", async () => {
    await program.click(ids.file);
    await program.reads(
      ids.confirmDialog,
      /Sende inn i øving\?[^]*18 250 kr[^]*Fjordlys Interiør AS[^]*Ingrid Solvang/,
    );
    await program.picture("15-practice-asks");
    await program.click(ids.confirmFile);
    await until("the answer", async () => (await program.attribute(ids.step2, "data-state")) === "received", 90_000);
    await program.click(ids.newReturn);
  });

  step("a return of nothing has its own words", async () => {
    const path = join(desktop.root, "null.xml");
    await writeFile(path, vatReturn({ period: "september-oktober", lines: [] }));
    await program.drop([path]);
    await program.reads(ids.card, /Nullmelding/);
    assert.doesNotMatch(await program.text(ids.card), /Å betale/);
    await program.picture("15-nothing");
    await program.click(ids.check);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) !== "running");
    if ((await program.attribute(ids.step2, "data-state")) === "open") {
      await program.click(ids.file);
      await program.see(ids.confirmDialog);
      await program.picture("15-nothing-asked");
      await program.click(ids.confirmNot);
    }
    await program.click(ids.cardClose);
  });
});
