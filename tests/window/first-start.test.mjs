// The first start, with the keyboard alone: three pages, a practice filing; then language and environment, and that all of
// it is there after a restart.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import selenium from "selenium-webdriver";
import { Desktop } from "./desktop.mjs";
import { deliveries } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

const { Key } = selenium;

describe("the first start, with the keyboard alone", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;

  before(async () => {
    desktop = await Desktop.open();
    program = await Program.start(desktop, { introduced: false });
  });
  after(() => desktop?.close());

  const step = story(() => program.picture("failed-first-start"));

  /** Presses keys, wherever the focus is. */
  const press = (...keys) =>
    program.driver
      .actions()
      .sendKeys(...keys)
      .perform();
  /** Presses a key while Ctrl is down. */
  const ctrl = (key) => program.driver.actions().keyDown(Key.CONTROL).sendKeys(key).keyUp(Key.CONTROL).perform();
  const focused = () =>
    program.driver.executeScript(
      "const { testid, value } = document.activeElement?.dataset ?? {}; return [testid, value].filter(Boolean).join(' ')",
    );

  /** Goes from element to element with Tab until it is there, as a person does who sees where the focus is. */
  async function tabTo(wanted) {
    await program.see(wanted.split(" ")[0]);
    const seen = [];
    for (let presses = 0; presses < 120; presses++) {
      const now = await focused();
      if (now === wanted) return;
      seen.push(now);
      await press(Key.TAB);
    }
    throw new Error(`Tab never came to ${wanted}; it went over ${seen.filter(Boolean).join(", ")}`);
  }
  async function open(wanted) {
    await tabTo(wanted);
    await press(Key.ENTER);
  }
  const outline = () =>
    program.driver.executeScript(
      "const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2",
    );

  step("three pages say what it is, and focus is seen", async () => {
    await program.reads(ids.welcome, /Velkommen til Momsbud/);
    await program.reads(ids.welcomePage, /1 av 3/);
    await program.picture("60-welcome");
    await tabTo(ids.welcomeNext);
    assert.ok(await outline(), "the focused button has no outline");
    await press(Key.ENTER);
    await program.reads(ids.welcomePage, /2 av 3/);
    await open(ids.welcomeNext);
    await program.reads(ids.welcomePage, /3 av 3/);
  });

  step("the last page opens a sample return, and is gone", async () => {
    await open(ids.welcomeStart);
    await program.see(ids.card);
    await program.gone(ids.welcome);
    await program.picture("63-sample");
  });

  step("signing in from the step checks the return", async () => {
    await open(ids.stepSignIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await program.reads(ids.who, /Ingrid Solvang/);
    await until("step 1 to be done", async () => (await program.attribute(ids.step1, "data-state")) === "done");
  });

  step("Ctrl Enter asks who files what for whom, and the answer files it", async () => {
    await ctrl(Key.ENTER);
    await program.reads(ids.confirmDialog, /Ingrid Solvang/);
    await open(ids.confirmFile);
    await program.see(ids.received, 90_000);
    assert.equal((await deliveries(program)).length, 1);
    await program.picture("64-received-by-keyboard");
  });

  step("? lists the shortcuts, and Escape closes the list", async () => {
    await press("?");
    await program.see(ids.shortcuts);
    await program.picture("65-shortcuts");
    await press(Key.ESCAPE);
    await program.gone(ids.shortcuts);
  });

  step("the language is switched, and every word of the frame with it", async () => {
    await open(ids.placeSettings);
    await tabTo(`${ids.language} en`);
    await press(Key.ENTER);
    await program.reads(ids.placeSettings, /Settings/);
    await program.reads(ids.environment, /Practice/);
    await program.picture("66-english");
    await tabTo(`${ids.language} nn`);
    await press(Key.ENTER);
    await program.reads(ids.placeSettings, /Innstillingar/);
    await tabTo(`${ids.theme} dark`);
    await press(Key.ENTER);
    await until("the dark window", async () =>
      program.driver.executeScript("return document.documentElement.dataset.colorScheme === 'dark'"),
    );
    await program.picture("67-nynorsk-dark");
  });

  step("the environment is switched in a dialog that says what changes, in this very window", async () => {
    await tabTo(`${ids.environmentChoice} practice`);
    await press(Key.ARROW_DOWN);
    await program.reads(ids.switchDialog, /Byte til test/);
    await program.picture("68-switch-to-test");
    await open(ids.switchConfirm);
    await program.reads(ids.environment, /Test/);
    await program.see(ids.signIn);
    assert.equal(JSON.parse(await readFile(join(program.dataDir, "settings.json"), "utf8")).environment, "test");
  });

  step(
    "after a restart language, theme and environment are as they were, and the pages are not shown again",
    async () => {
      await program.quit();
      program = await Program.start(desktop, { introduced: false });
      await program.reads(ids.environment, /Test/);
      await program.reads(ids.placeSettings, /Innstillingar/);
      assert.ok(!(await program.shows(ids.welcome)), "the first start is shown again");
      assert.equal(await program.driver.executeScript("return document.documentElement.dataset.colorScheme"), "dark");
      await program.picture("70-after-restart");
    },
  );

  step("back in practice the sign-in and the filing are where they were", async () => {
    await program.click(ids.placeSettings);
    await program.see(ids.environmentChoice);
    await program.press("practice", () => program.one(ids.environmentChoice, "practice"));
    await program.click(ids.switchConfirm);
    await program.reads(ids.environment, /Øving/);
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, /Mott/);
  });

  step("addresses, proxy, certificates, the log and the licences are shown as they are", async () => {
    await program.click(ids.placeSettings);
    await program.click(ids.showAddresses);
    await program.reads(ids.proxy, /127\.0\.0\.1/);
    await program.see(ids.certificates);
    await program.picture("71-addresses");
    await press(Key.ESCAPE);
    await program.gone(ids.addressDialog);
    await program.click(ids.showLog);
    const log = await program.text(ids.logText);
    assert.match(log, /^Momsbud \d/);
    assert.doesNotMatch(log, /14838411585|eyJ[\w-]{10}/);
    assert.ok(!log.includes(desktop.root + "/home"), "the log names the home folder");
    await press(Key.ESCAPE);
    await program.gone(ids.logDialog);
    await program.click(ids.showAbout);
    const parts = `return document.querySelectorAll('[data-testid="${ids.aboutPart}"]').length`;
    await until("the parts", async () => Number(await program.driver.executeScript(parts)) > 100);
    await program.picture("73-about");
  });
});
