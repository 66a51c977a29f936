// The keyring is locked when the program starts: it says so, and once the person has given the password she is signed in.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop, KEYRING_PASSWORD } from "./desktop.mjs";
import { openLink } from "./hosted.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

const { Key } = selenium;

const HERE = fileURLToPath(new URL(".", import.meta.url));

describe("a locked keyring", () => {
  /** @type {Desktop} */
  let desktop;
  /** @type {Program} */
  let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop);
    await program.signIn("Ingrid Solvang");
    await program.quit();
    await desktop.lockKeyring();
  });

  after(async () => {
    await program?.quit();
    await desktop?.close();
  });

  it("asks at the start, and the window does not wait for the answer", async () => {
    program = await Program.start(desktop);
    await program.see(ids.signIn);
    await program.click(ids.notices);
    await program.reads(ids.noticeList, /Nøkkelringen er låst/);
    await desktop.answerKeyring("", "Escape");
    await program.picture("keyring-2-dismissed");
    assert.ok(await program.shows(ids.signIn), "nobody is signed in");
  });

  it("asks nobody, raises no window and goes on at once for links that nobody waits for, however many there are", async () => {
    const visible = (name) => desktop.windows({ class: name });
    const own = await visible("momsbud");
    for (const window of own) await desktop.run("xdotool", ["windowminimize", window]);
    await until("the window to be away", async () => (await visible("momsbud")).length === 0);
    for (let n = 0; n < 3; n++) await openLink(program, `momsbud://callback?code=${n}&state=${n}`);
    const flood = desktop.start("/usr/bin/python3", [join(HERE, "flood.py"), "500"]);
    await until("the last link to be taken", () => flood.ended, 60_000);
    assert.equal(flood.output, "");
    // What the program does for a link it does after it was taken: a question to its window waits its turn behind that.
    const began = Date.now();
    assert.ok(await program.shows(ids.signIn));
    assert.ok(Date.now() - began < 5_000, `an answer after ${Date.now() - began} ms`);
    await sleep(1_500);
    assert.deepEqual(await visible("gcr-prompter"), [], "the keyring was asked for");
    assert.deepEqual(await visible("momsbud"), [], "the window was raised");
    for (const window of own) await desktop.run("xdotool", ["windowactivate", "--sync", window]);
  });

  it("asks again from the window, and brings the person back", async () => {
    await program.driver.actions().sendKeys(Key.ESCAPE).perform();
    await program.click(ids.placeAccess);
    await program.click(ids.unlockKeyring);
    await desktop.answerKeyring(KEYRING_PASSWORD);
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.gone(ids.unlockKeyring);
    await program.picture("keyring-4-unlocked");
  });

  it("brings her back by itself when the question of the start is answered late", async () => {
    await program.quit();
    await desktop.lockKeyring();
    program = await Program.start(desktop);
    assert.ok(await program.shows(ids.signIn), "the window is there before the answer");
    await desktop.answerKeyring(KEYRING_PASSWORD);
    await program.reads(ids.who, /Ingrid Solvang/);
  });
});
