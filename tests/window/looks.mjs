// How a state looks in light and dark and in the three languages.

import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ARTIFACTS } from "./desktop.mjs";
import { ids, plain } from "./program.mjs";

/**
 * `MOMSBUD_LOOKS=all` takes all six pictures of every state, `handbook` those that the handbook has, in light bokmål, and both
 * walk what takes minutes; otherwise each state that is quick is taken once.
 */
const HANDBOOK = process.env.MOMSBUD_LOOKS === "handbook";
export const ALL_LOOKS = HANDBOOK || process.env.MOMSBUD_LOOKS === "all";

const LANGUAGES = readdirSync(new URL("../../ui/src/i18n", import.meta.url))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""))
  .filter((language) => !HANDBOOK || language === "nb");
const THEMES = HANDBOOK ? /** @type {const} */ (["light"]) : /** @type {const} */ (["light", "dark"]);

/** Presses the button or box with this value, of those that share a test id. */
export async function pick(program, testId, value) {
  await program.press(`${testId} ${value}`, () => program.one(testId, value));
}

/**
 * Takes the picture of what is shown in a place, in every look that is wanted, and writes down its words in each language.
 *
 * @param {import("./program.mjs").Program} program
 * @param {string} name
 * @param {{ place?: string, open?: () => Promise<unknown>, close?: () => Promise<unknown> }} options `open` shows it again in
 * a place that was left, `close` takes away what lies over the window; whoever names that shows it only here.
 */
export async function looks(program, name, { place = ids.placeFiling, open = async () => undefined, close } = {}) {
  if (!ALL_LOOKS) {
    if (close) {
      await program.click(place);
      await open();
    }
    await program.picture(name);
    return close?.();
  }
  for (const theme of THEMES) {
    await program.click(ids.placeSettings);
    await pick(program, ids.theme, theme);
    for (const language of LANGUAGES) {
      await program.click(ids.placeSettings);
      await pick(program, ids.language, language);
      await program.click(place);
      await open();
      await program.picture(`${name}-${theme}-${language}`);
      if (theme === "light") await words(program, `${name}-${language}`);
      await close?.();
    }
  }
  await program.click(ids.placeSettings);
  await pick(program, ids.language, "nb");
  await pick(program, ids.theme, "light");
  await program.click(place);
}

/** What the window says, as text beside its picture. */
async function words(program, name) {
  const said = plain(await program.text(ids.main));
  await mkdir(ARTIFACTS, { recursive: true });
  await writeFile(join(ARTIFACTS, `${name}.txt`), `${said}\n`);
}
