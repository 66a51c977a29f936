// A row of tests on one desktop with one start of the program: what the tests of payments, of waiting and of verdicts begin with.

import { after, before, describe } from "node:test";
import { acts } from "./acts.mjs";
import { Desktop } from "./desktop.mjs";
import { Program } from "./program.mjs";
import { story } from "./story.mjs";

/**
 * @typedef {object} Evening
 * @property {Desktop} desktop once it is open.
 * @property {Program} program once it has started; a test may start another in its place.
 * @property {ReturnType<typeof story>} step a test that builds on the ones before it.
 * @property {ReturnType<typeof acts>} acts what a person does with a sample.
 */

/**
 * Opens the desktop, starts the program, signs somebody in if one is named, and ends both after the last test.
 *
 * @param {string} name what the tests are about.
 * @param {{ picture: string, person?: string, screen?: { width: number, height: number } }} options `picture` names what is
 *   kept of a failure.
 * @param {(evening: Evening) => void} tests
 */
export function evening(name, { picture, person, screen }, tests) {
  describe(name, { concurrency: false }, () => {
    const it = /** @type {Evening} */ ({});
    before(async () => {
      it.desktop = await Desktop.open(screen);
      it.program = await Program.start(it.desktop);
      if (person !== undefined) await it.program.signIn(person);
    });
    after(async () => {
      await it.program?.quit();
      await it.desktop?.close();
    });
    it.step = story(() => it.program.picture(picture));
    it.acts = acts(() => it.program);
    tests(it);
  });
}
