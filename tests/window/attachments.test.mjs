// Attachments dropped on a return travel with it; a second version of the period is shown against the first and sent
// only when it is meant.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries, log } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

describe("attachments and a correction", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  const pdf = Buffer.from("%PDF-1.7\n% en kreditnota\n");
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-attachments"));

  async function put(name, content) {
    const path = join(desktop.root, name);
    await writeFile(path, content);
    return path;
  }

  const step1 = () =>
    until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done", 60_000);
  const received = () =>
    until("the receipt", async () => (await program.attribute(ids.step2, "data-state")) === "received", 120_000);

  step("a return and its attachment are dropped together, and told apart by what is in them", async () => {
    await program.signIn("Ingrid Solvang");
    await program.drop([await put("eksport.dat", vatReturn()), await put("Kreditnota 10482.pdf", pdf)]);
    await program.see(ids.card);
    await program.reads(ids.attachments, /1 av 57/);
    assert.equal((await program.all(ids.attachment)).length, 1);
    await program.picture("60-attached");
  });

  step("a file that is not what it is called is shown with the reason, and keeps step 2 shut", async () => {
    await program.click(ids.check);
    await step1();
    await program.drop([await put("skannet.pdf", png)]);
    await until("the complaint", async () => {
      const codes = await Promise.all((await program.all(ids.attachment)).map((it) => it.getAttribute("data-code")));
      return codes.includes("attachmentMismatch");
    });
    assert.ok(!(await program.shows(ids.file)), "step 2 is open");
    await program.picture("61-attachment-refused");
    const css = `[data-testid="${ids.attachment}"][data-code="attachmentMismatch"] [data-testid="${ids.detach}"]`;
    await program.press("the refused one", () => program.driver.findElement({ css }));
    await until("one attachment", async () => (await program.all(ids.attachment)).length === 1);
  });

  step("one more is dropped on the card, and all of them arrive with the return", async () => {
    await program.drop([await put("Skjermbilde.png", png)]);
    await until("two attachments", async () => (await program.all(ids.attachment)).length === 2);
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await received();
    await program.picture("62-received-with-attachments");
    const [delivery] = await deliveries(program);
    assert.equal(delivery.attachments, 2);
    const uploads = (await log(program)).requests.filter(({ call }) => call === "postAttachment");
    assert.equal(uploads.length, 2);
  });

  step("the archive holds what was sent, with its sums", async () => {
    const all = await readdir(join(desktop.root, "Kvitteringer"), { recursive: true });
    const manifest = all.find((name) => name.endsWith("manifest.json"));
    assert.ok(manifest, all.join("\n"));
    const folder = join(desktop.root, "Kvitteringer", manifest, "..");
    const { files } = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    for (const [name, content] of /** @type {[string, Buffer][]} */ ([
      ["attachments/vedlegg 1 Kreditnota 10482.pdf", pdf],
      ["attachments/vedlegg 2 Skjermbilde.png", png],
    ])) {
      assert.deepEqual(await readFile(join(folder, name)), content);
      assert.equal(files[name].sha256, sha256(content));
    }
  });

  step("Historikk offers a new version of what was delivered", async () => {
    await program.click(ids.newReturn);
    await program.click(ids.placeHistory);
    await program.click(ids.historyRow);
    await program.see(ids.newVersion);
    await program.picture("63-new-version");
    await program.click(ids.placeFiling);
  });

  step("a dropped return of the same period shows what it changes, line by line", async () => {
    const lines = [
      { code: "3", base: 120_000, rate: 25, vat: 30_000 },
      { code: "31", base: 6_000, rate: 15, vat: 900 },
      { code: "1", vat: -12_500 },
    ];
    await program.drop([await put("rettet.xml", vatReturn({ lines }))]);
    await program.reads(ids.changes, /2 linjer er uendret/);
    await program.reads(ids.change, /Endret[\s\S]*750[\s\S]*900/);
    assert.equal((await program.all(ids.change)).length, 1);
    await program.picture("64-changes");
  });

  step("it is filed only after the question", async () => {
    await program.click(ids.check);
    await step1();
    await program.click(ids.file);
    await program.reads(ids.confirmDialog, /Summen går fra 18 250 kr til 18 400 kr/);
    await program.picture("65-correction-asked");
    assert.equal((await deliveries(program)).length, 1);
    await program.click(ids.confirmCorrection);
    await received();
    await program.picture("66-correction-received");
    assert.equal((await deliveries(program)).length, 2);
  });

  step("what lies unfinished in Altinn can be looked up, and there is nothing", async () => {
    await program.click(ids.placeHistory);
    await program.click(ids.unfinished);
    await program.reads(ids.unfinishedDialog, /Ingenting er påbegynt/);
    await program.picture("67-nothing-unfinished");
  });
});
