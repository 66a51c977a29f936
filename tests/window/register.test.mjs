// Two desks of a firm with one office register: what one files the other sees, and is stopped with words where she tries the same.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Desktop } from "./desktop.mjs";
import { clearFaults, deliveries, faults, log, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { aFirm, CommandDesk, Server } from "./register.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

const INGRID = "testid:14838411585_idporten-loa-high";

describe("two desks and one register", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {Server} */ let server;
  /** @type {CommandDesk} */ let kari;
  /** @type {import("./processes.mjs").Running} */ let filing;

  before(async () => {
    desktop = await Desktop.open();
    server = await Server.start();
    const folder = (name) => join(desktop.root, name);
    kari = new CommandDesk(desktop, folder("kari"), folder("kari-archive"));
    const ola = new CommandDesk(desktop, folder("data"), folder("Kvitteringer"));
    for (const name of ["kari", "data"]) await mkdir(folder(name), { mode: 0o700 });
    await aFirm(server, [
      { role: "kari", name: "Kari Nordmann", desk: kari },
      { role: "ola", name: "Ola Nordmann", desk: ola },
    ]);
    program = await Program.start(desktop);
  });
  after(async () => {
    await program?.quit();
    await desktop?.close();
    await server?.close();
  });

  const step = story(() => program.picture("failed-register"));
  const row = (company) =>
    program.driver.executeScript(
      `return document.querySelector('[data-testid="${ids.cardRow}"][data-org="' + arguments[0] + '"]')?.innerText ?? ""`,
      company.number,
    );
  const says = (company, pattern, patience) =>
    until(`${company.name} to say ${pattern}`, async () => pattern.test(await row(company)), patience);

  step("two returns lie open, checked and ready", async () => {
    await program.signIn("Ingrid Solvang");
    await settings(program, { altinn: { feedbackDelaySeconds: 0.2 } });
    const paths = [];
    for (const company of [FJORDLYS, VIKA]) {
      const path = join(desktop.root, `${company.number}.xml`);
      await writeFile(path, vatReturn({ company, period: "mai-juni" }));
      paths.push(path);
    }
    await program.drop(paths);
    await program.see(ids.cardList);
    await program.click(ids.check);
    await says(FJORDLYS, /Klar/, 60_000);
    await says(VIKA, /Klar/, 60_000);
  });

  step("what is filed from another desk is seen at once, with who and where", async (t) => {
    await faults(program, { call: "firstNext", times: 0, fault: { kind: "delay", milliseconds: 25_000 } });
    const file = join(desktop.root, "karis.xml");
    await writeFile(file, vatReturn({ company: FJORDLYS, period: "mai-juni" }));
    const { control } = await program.practice();
    filing = kari.start(["submit", "--yes", "--json", "--login-hint", INGRID, file], { env: { MOMSBUD_PRACTICE: control } });
    await until("the claim to be taken", async () => {
      const held = await server.sql("momsbud", "SELECT count(*) FROM register.claims WHERE phase <> 'free'");
      return held === "1";
    });
    const began = Date.now();
    await says(FJORDLYS, /Sendes nå av andre\s+Kari Nordmann, fra pc-kari/);
    const took = Date.now() - began;
    t.diagnostic(`seen ${took} ms after the claim was`);
    assert.ok(took < 1_500, `${took} ms`);
    assert.match(await row(VIKA), /Klar/);
    await program.picture("register-1-elsewhere");
  });

  step("who tries the same period is told before, and stopped with words", async () => {
    await program.press("the row", () => program.one(ids.cardRow, FJORDLYS.number, "data-org"));
    await program.reads(ids.elsewhere, /Kari Nordmann sender terminen fra pc-kari/);
    await program.picture("register-2-card");
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await until("step 2 to wait", async () => (await program.attribute(ids.step2, "data-state")) === "waiting", 60_000);
    await program.reads(ids.problem, /Sendes fra en annen arbeidsplass/);
    await program.reads(ids.problem, /Kari Nordmann fra pc-kari, siden i dag kl\. \d\d\.\d\d/);
    await program.picture("register-3-stopped");
    assert.equal((await deliveries(program)).length, 0);
  });

  step("when it is filed the other desk knows, and its deadline turns", async () => {
    await clearFaults(program);
    await until("the other desk to be done", () => filing.ended, 90_000);
    assert.match(filing.output, /received|"state":"received"/);
    assert.equal((await deliveries(program)).length, 1);
    // Going on, the filing learns that its period is filed, and ends; what it is about stands in the history.
    await until("the filing to learn it", async () => {
      if ((await program.attribute(ids.problem, "data-code")) === "alreadyFiled") return true;
      await (await program.one(ids.problemAction, "continue", "data-remedy"))?.click().catch(() => undefined);
      return false;
    }, 60_000);
    assert.equal(await program.attribute(ids.step2, "data-state"), "abandoned");
    await program.picture("register-3b-already-filed");
    await program.press("the remedy", () => program.one(ids.problemAction, "showHistory", "data-remedy"));
    await program.see(ids.historyDetail);
    await program.click(ids.placeFiling);
    await says(FJORDLYS, /Levert før[^]*av Kari Nordmann/);
    await program.picture("register-4-filed-before");
    await program.click(ids.placeDeadlines);
    await program.reads(ids.main, /Fjordlys/);
    await program.picture("register-5-deadlines");
    const made = (await log(program)).requests.filter(({ call }) => call === "createInstance").length;
    assert.equal(made, 1, "nothing was begun at the authorities from here");
  });

  step("what another desk has filed is asked about as a new version, and is sent as that", async () => {
    await program.click(ids.placeFiling);
    await program.press("the row", () => program.one(ids.cardRow, FJORDLYS.number, "data-org"));
    await program.reads(ids.file, /ny versjon/);
    await program.click(ids.file);
    if (await program.shows(ids.confirmFile)) await program.click(ids.confirmFile);
    await program.reads(ids.confirmDialog, /Det er allerede levert en mva-melding for mai–juni 2026\. Denne erstatter den\./);
    await program.picture("register-5b-new-version");
    await program.click(ids.confirmCorrection);
    await until("it to be received", async () => (await program.attribute(ids.step2, "data-state")) === "received", 90_000);
    assert.equal((await deliveries(program)).length, 2);
    await program.click(ids.backToList);
  });

  step("that the register does not answer is said, and when it is back", async () => {
    await program.click(ids.placeFiling);
    await server.down();
    await program.reads(ids.registerAway, /Kontorregisteret svarer ikke/, 60_000);
    await program.picture("register-6-away");
    await program.click(ids.placeSettings);
    await program.press("the section", () => program.one(ids.settingsSection, "register"));
    const place = /momsbud på [^]*Du er logget på der som ola\. Denne arbeidsplassen heter pc-ola\./;
    await program.reads(ids.registerPlace, new RegExp(`${place.source}[^]*Har ikke svart siden i dag kl\\. \\d\\d\\.\\d\\d`));
    await program.picture("register-7-settings-away");
    await server.up();
    await program.gone(ids.registerAway, 90_000);
    await program.reads(ids.registerPlace, new RegExp(`${place.source}[^]*Svarer[^ ][^]*vet om alt som er gjort her`));
    await program.picture("register-8-settings");
  });

  step("a desk that idles asks the register once a minute at most", async (t) => {
    await server.listens();
    await sleep(130_000);
    const asked = await server.asked("ola");
    t.diagnostic(`asked ${asked.length} times in 130 s`);
    assert.ok(asked.length > 0, "the server's log says who asks");
    const apart = asked.slice(1).map((at, index) => at - (asked[index] ?? at));
    assert.ok(apart.every((seconds) => seconds > 55), `${apart.join(", ")} s apart`);
  });
});
