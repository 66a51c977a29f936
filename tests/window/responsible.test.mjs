// Who is responsible for whom, at two desks with one office register: what one hands over the other sees, and the database has it.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { aFirm, CommandDesk, Server } from "./register.mjs";
import { FJORDLYS, VIKA, vatReturn } from "./returns.mjs";
import { story } from "./story.mjs";

describe("who is responsible for whom", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {Server} */ let server;
  /** @type {CommandDesk} */ let kari;

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

  const step = story(() => program.picture("failed-responsible"));
  /** The companies that the year shows. */
  const rows = () =>
    program.driver.executeScript(
      `return [...document.querySelectorAll('[data-testid="${ids.deadlineRow}"]')].map((row) => row.dataset.org).sort()`,
    );
  const shows = (companies) =>
    until(`the year to show ${companies.map(({ name }) => name).join(", ") || "nobody"}`, async () => {
      const wanted = companies.map(({ number }) => number).sort();
      return JSON.stringify(await rows()) === JSON.stringify(wanted);
    });
  const choose = (id, value) =>
    program.driver.executeScript(
      `const field = document.querySelector('[data-testid="' + arguments[0] + '"]');
       Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(field, arguments[1]);
       field.dispatchEvent(new Event("change", { bubbles: true }));`,
      id,
      value,
    );
  const held = () =>
    server.sql("momsbud", "SELECT string_agg(org_number || ' ' || role, ', ' ORDER BY org_number) FROM register.responsibles");

  step("companies are nobody's to begin with", async () => {
    const paths = [];
    for (const company of [FJORDLYS, VIKA]) {
      const path = join(desktop.root, `${company.number}.xml`);
      await writeFile(path, vatReturn({ company, period: "mai-juni" }));
      paths.push(path);
    }
    await program.signIn("Ingrid Solvang");
    await program.drop(paths);
    await program.see(ids.cardList);
    await program.click(ids.placeDeadlines);
    await program.see(ids.whose);
    await choose(ids.whose, "nobody");
    await shows([FJORDLYS, VIKA]);
    await program.picture("responsible-1-nobody");
  });

  step("both are handed over in one go, and the database has it", async () => {
    await program.click(ids.handOver);
    await program.see(ids.handOverDialog);
    await choose(ids.handOverTo, "ola");
    await program.picture("responsible-2-hand-over");
    await program.click(ids.handOverConfirm);
    await program.gone(ids.handOverDialog);
    assert.equal(await held(), `${FJORDLYS.number} ola, ${VIKA.number} ola`);
    await choose(ids.whose, "mine");
    await shows([FJORDLYS, VIKA]);
  });

  step("what another desk takes over is seen at once", async (t) => {
    await kari.say(["register", "hand-over", VIKA.number, "--to", "kari"], "");
    const began = Date.now();
    await shows([FJORDLYS]);
    t.diagnostic(`seen ${Date.now() - began} ms after the command had ended`);
    await kari.say(["register", "away", "--until", "2099-07-24", "--stand-in", "ola"], "");
    await shows([FJORDLYS, VIKA]);
    await program.picture("responsible-3-stand-in");
    await program.click(ids.morning);
    await program.reads(ids.morningDialog, /Kari Nordmann[^]*borte til[^]*Ola Nordmann er stedfortreder/);
    await program.picture("responsible-4-morning");
    await program.click(ids.morningShow);
    await program.gone(ids.morningDialog);
  });

  step("what the register refuses is said, and nothing is changed", async () => {
    await server.sql("momsbud", "UPDATE register.rights SET company = '310890898' WHERE role = 'kari'");
    await choose(ids.whose, "mine");
    await shows([FJORDLYS, VIKA]);
    const before = await held();
    await program.click(ids.handOver);
    await program.see(ids.handOverDialog);
    await choose(ids.handOverTo, "kari");
    await program.click(ids.handOverConfirm);
    await program.reads(ids.registerSaysNo, /ikke rett til å se alle disse[^]*Ingenting er endret/);
    await program.picture("responsible-5-refused");
    assert.equal(await held(), before);
    await server.down();
    await program.click(ids.handOverConfirm);
    await program.reads(ids.registerSaysNo, /kan ikke nås|svarte ikke/, 60_000);
    await program.picture("responsible-6-away");
    // What was heard last is seen all the same.
    await shows([FJORDLYS, VIKA]);
  });
});
