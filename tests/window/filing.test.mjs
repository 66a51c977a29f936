// The main job from end to end: a return dropped on the window is filed, and its receipt comes back.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries, log } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, plain, Program } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("a return is filed", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  let file;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    file = join(desktop.root, "mva-juli-august.xml");
    await writeFile(file, vatReturn());
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-filing"));

  step("a fresh installation starts in practice, with nobody signed in", async () => {
    assert.match(await program.text(ids.environment), /øving/i);
    await program.see(ids.dropZone);
    await program.see(ids.signIn);
    assert.ok(!(await program.shows(ids.who)), "somebody is signed in");
    await program.picture("01-first-start");
  });

  step("sign-in goes through the system browser and comes back", async () => {
    await program.click(ids.signIn);
    const said = await desktop.browser.signIn("Ingrid Solvang", {
      beforePick: async () => {
        await program.see(ids.signInDialog);
        await program.picture("02-browser-asks-who");
      },
    });
    assert.match(said, /Du er logget inn, gå tilbake til Momsbud/);
    await program.reads(ids.who, /Ingrid Solvang/);
    await until("the window to come to the front", async () => /^Momsbud/.test(await desktop.activeWindow()));
    await program.reads(ids.clockIdPorten, /\d/);
    await program.reads(ids.clockAltinn, /\d/);
    await program.picture("03-signed-in");
  });

  step("access shows the masked id, the scopes and no whole national id", async () => {
    await program.click(ids.placeAccess);
    assert.match(await program.text(ids.accessName), /Ingrid Solvang/);
    assert.match(await program.text(ids.accessMaskedId), /^148384\D+$/);
    const scopes = await Promise.all((await program.all(ids.scope)).map((scope) => scope.getAttribute("data-granted")));
    assert.ok(scopes.length >= 5, `${scopes.length} scopes`);
    assert.ok(scopes.every((granted) => granted === "true"), `granted: ${scopes}`);
    assert.ok(!(await program.driver.getPageSource()).includes("14838411585"), "the whole national id is in the page");
    await program.picture("04-access");
    await program.click(ids.placeFiling);
  });

  step("a file dragged onto the window with the real pointer becomes a card", async () => {
    await program.drop([file], {
      whileHeld: async () => {
        await program.see(ids.dropOverlay);
        await program.picture("05-held-over-the-window");
      },
    });
    await program.reads(ids.cardCompany, new RegExp(FJORDLYS.name));
    await program.reads(ids.cardPeriod, /Juli–august 2026/i);
    await program.reads(ids.cardSum, /18 250/);
    assert.equal((await program.all(ids.line)).length, 3);
    await program.picture("06-card");
  });

  step("Kontrollér asks Skatteetaten's validation with the ID-porten token", async () => {
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    const asked = (await log(program)).requests.filter(({ authority }) => authority === "skatteetaten");
    assert.deepEqual(asked.map(({ status }) => status), [200]);
    await program.picture("07-checked");
  });

  step("Send inn runs the steps and brings the receipt back", async () => {
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.see(ids.filingStep);
    await program.picture("08-filing");
    await program.see(ids.received, 90_000);
    await program.reads(ids.received, /Mottatt/);
    await program.reads(ids.payAmount, /18 250/);
    await program.picture("09-received");
    const delivered = await deliveries(program);
    assert.equal(delivered.length, 1);
    assert.equal(delivered[0].orgNumber, FJORDLYS.number);
    assert.equal(delivered[0].period, "juli-august");
    assert.equal(delivered[0].sha256, sha256(await readFile(file)), "not the bytes of the file");
  });

  step("in practice nothing looks payable: no KID and no account, and the amount is copied as bare digits", async () => {
    await program.reads(ids.payPractice, /ØVING · IKKE BETAL/);
    await program.reads(ids.payKid, /^ØVING, ingen KID$/);
    await program.reads(ids.payAccount, /^ØVING, ingen konto$/);
    assert.deepEqual([await program.shows(ids.copyKid), await program.shows(ids.copyAccount)], [false, false]);
    await program.click(ids.copyAmount);
    await until("the amount on the clipboard", async () => (await desktop.clipboard()) === "18250", 5_000);
    await program.click(ids.copyAll);
    const all = await until(
      "everything on the clipboard",
      async () => {
        const text = await desktop.clipboard();
        return text.includes("\n") ? text : "";
      },
      5_000,
    );
    assert.match(all, /^ØVING · IKKE BETAL\n/);
    assert.doesNotMatch(all, /KID|\d{11}/);
  });

  step("the receipt opens in the system's viewer and lies in the archive with the rest", async () => {
    await program.click(ids.openReceipt);
    const path = await until("xdg-open to get the receipt", async () =>
      (await desktop.opened()).find((what) => what.endsWith(".pdf")),
    );
    assert.ok(path.startsWith(program.archiveDir), path);
    const text = plain(await desktop.run("pdftotext", ["-layout", path, "-"]));
    assert.match(text, /ØVING/);
    assert.match(text, new RegExp(`${FJORDLYS.number}|${FJORDLYS.grouped}`));
    const names = await readdir(dirname(path));
    for (const wanted of ["betalingsinformasjon.xml", "valideringsresultat.xml"]) {
      assert.ok(names.includes(wanted), `${wanted} is not among ${names}`);
    }
    const sizes = await Promise.all(names.map((name) => stat(join(dirname(path), name))));
    assert.ok(sizes.every(({ size }) => size > 0), "an archived file is empty");
    await desktop.run("pdftoppm", ["-r", "60", "-png", path, join(desktop.root, "receipt")]);
  });

  step("after a restart the filing stands in the history, and the sign-in still holds", async () => {
    await program.quit();
    program = await Program.start(desktop);
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, /Fjordlys Interiør AS/);
    await program.picture("10-history-after-restart");
    await program.click(ids.historyRow);
    await program.reads(ids.historyDetail, /18 250/);
    await program.see(ids.openReceipt);
    await program.picture("11-history-detail");
    await program.click(ids.placeFiling);
  });

  step("a second return is filed the same way, as it was when it was checked", async () => {
    const second = join(desktop.root, "vika.xml");
    const checked = vatReturn({ company: VIKA, period: "mai-juni" });
    await writeFile(second, checked);
    await program.drop([second]);
    await program.reads(ids.cardCompany, new RegExp(VIKA.name));
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    // The accounting system writes the file anew between the check and the filing.
    await writeFile(second, vatReturn({ company: VIKA, period: "mai-juni", reference: "changed since" }));
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.see(ids.received, 90_000);
    await program.picture("12-second-received");
    const delivered = (await deliveries(program)).filter(({ orgNumber }) => orgNumber === VIKA.number);
    assert.deepEqual(delivered.map((delivery) => delivery.sha256), [sha256(checked)], "not the bytes that were checked");
  });

  step("nothing secret and no whole national id is in the program's files", async () => {
    await program.quit();
    const files = await readdir(program.dataDir, { recursive: true, withFileTypes: true });
    // What the practice authorities remember is theirs, as the real ones' registers are.
    const authorities = join(program.dataDir, "practice");
    const own = files.filter((found) => found.isFile() && !found.parentPath.startsWith(authorities));
    assert.ok(own.length > 3, "the program has kept next to nothing");
    for (const entry of own) {
      const bytes = await readFile(join(entry.parentPath, entry.name));
      assert.ok(!bytes.includes("14838411585"), `${entry.name} holds the national id`);
      assert.ok(!/eyJ[A-Za-z0-9_-]{20,}\./.test(bytes.toString("latin1")), `${entry.name} holds a token`);
    }
  });
});
