// The keyring is locked when the program starts: it says so, and once the person has given the password she is signed in.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop, KEYRING_PASSWORD } from "./desktop.mjs";
import { ids, Program } from "./program.mjs";

const { Key } = selenium;

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
