// The work account: the firm's rules lock the program, a work account opens it in the browser, and what it may see and do is
// what the rules say.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { deliveries } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

/** Clients of Astrid Haug in the practice world. */
const OTHERS = [{ number: "310890898" }, { number: "312170019" }, { number: "313512770" }];
/** The third of Nora Lund's groups in the practice world. */
const GROUP = "00000003-9f0e-4000-8000-000000000003";

/** Nora may prepare and check for two companies, and file for none. */
const RULES = {
  work: {
    version: 1,
    firm: "Fjordlys Interiør AS",
    contact: "it@fjordlys.example",
    environments: ["practice"],
    signIn: { clients: { practice: "momsbud-practice" } },
    rules: [
      { groups: [GROUP], permissions: ["check", "prepare"], companies: [FJORDLYS.number, VIKA.number] },
    ],
  },
};

describe("the work account", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {string} */ let system;
  /** @type {string} */ let folder;

  before(async () => {
    desktop = await Desktop.open();
    system = join(desktop.root, "system");
    folder = join(desktop.root, "mva");
    await mkdir(system);
    await mkdir(folder);
    for (const company of [FJORDLYS, VIKA, ...OTHERS]) {
      await writeFile(join(folder, `${company.number}.xml`), vatReturn({ company }));
    }
    program = await Program.start(desktop, { env: { MOMSBUD_SYSTEM_DIR: system } });
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-work"));
  const rows = async () => (await program.all(ids.cardRow)).length;

  step("without rules five returns lie open", async () => {
    await program.click(ids.signIn);
    await desktop.browser.signIn("Astrid Haug");
    await program.reads(ids.who, /Astrid Haug/);
    await program.drop([folder]);
    await until("five rows", async () => (await rows()) === 5);
  });

  step("the administrator's rules lock the window that is open", async () => {
    await writeFile(join(system, "policy.json"), JSON.stringify(RULES));
    await program.see(ids.workSignIn, 60_000);
    await program.reads(ids.lock, /Fjordlys Interiør AS krever at du logger inn med jobbkontoen din/);
    assert.equal(await rows(), 0);
    await program.picture("80-locked");
  });

  step("while it waits for the browser it says for how long, gives the link, and can be given up", async () => {
    await program.click(ids.workSignIn);
    const page = await desktop.browser.nextPage();
    const timer = async () => (await program.see(ids.workWaiting)).findElement({ css: "[role=timer]" }).getText();
    // Of five minutes; whole ones are shown.
    assert.match(await until("the time that is left", timer), /^[1-4]/);
    await program.click(ids.signInCopyLink);
    const link = await until("the link on the clipboard", async () => {
      const text = await desktop.clipboard();
      return text.startsWith("http") ? text : "";
    });
    // A request that is pushed serves once: the one in the browser is used, this one is not.
    assert.notEqual(link, page.url());
    assert.equal(new URL(link).origin, new URL(page.url()).origin);
    await program.picture("81-waiting");
    await program.click(ids.workCancel);
    await program.see(ids.workSignIn);
    assert.ok(!(await program.shows(ids.workProblem)), "who gives it up herself is told nothing");
    await desktop.browser.close();
  });

  step("an employee of no rule is told why she is not let in", async () => {
    await program.click(ids.workSignIn);
    await program.see(ids.workWaiting);
    await desktop.browser.workSignIn("Leo Moen");
    await until("the reason", async () => (await program.attribute(ids.workProblem, "data-code")) === "noRule");
    await program.reads(ids.workProblem, /it@fjordlys\.example/);
    await program.picture("82-not-let-in");
  });

  step("the work account opens it, with two of the five companies", async () => {
    await program.click(ids.workSignIn);
    await desktop.browser.workSignIn("Nora Lund", () => desktop.picture("83-consent"));
    await program.see(ids.lockNow, 60_000);
    await until("two rows", async () => (await rows()) === 2);
    await program.picture("84-two-of-five");
  });

  step("what may be prepared is, and what may be checked", async () => {
    await program.press("the first return", async () => (await program.all(ids.cardOpen))[0]);
    await program.see(ids.card);
    const path = join(desktop.root, "Kreditnota.pdf");
    await writeFile(path, "%PDF-1.7\n% en kreditnota\n");
    await program.drop([path]);
    await until("an attachment", async () => (await program.all(ids.attachment)).length === 1);
    await program.click(ids.check);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done", 60_000);
  });

  step("filing is shut, with words; asked for all the same it is refused, and stands in the firm's record", async () => {
    await program.reads(ids.step2Reason, /Firmaets regler lar ikke jobbkontoen din sende inn for denne virksomheten/);
    assert.ok(!(await program.shows(ids.file)), "no button to file with");
    await program.picture("85-may-not-file");
    // Past the window, on its own way to the shell.
    const answer = await program.driver.executeAsyncScript(
      `const done = arguments[0];
      const { invoke } = window.__TAURI_INTERNALS__;
      invoke("start_view").then(async ({ cards }) => {
        for (const { id } of cards) await invoke("file", { id, confirmCorrection: false }).catch((error) => done(error));
        done(null);
      });`,
    );
    assert.equal(/** @type {any} */ (answer)?.code, "workForbidden");
    assert.equal((await deliveries(program)).length, 0);
    const record = await readFile(join(program.dataDir, "work-refusals.jsonl"), "utf8");
    const refused = record.trim().split("\n").map((line) => JSON.parse(line));
    assert.ok(refused.some(({ action, needs, locked }) => action === "file" && needs === "file" && !locked), record);
    assert.doesNotMatch(record, /Nora|@/);
  });

  step("Lås nå locks at once", async () => {
    await program.click(ids.lockNow);
    await program.see(ids.lock);
    await program.reads(ids.lock, /Momsbud er låst/);
    assert.equal(await rows(), 0);
  });
});
