/** The message files as the window carries them. */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const LANGUAGES = ["nb", "nn", "en"];

/**
 * Writes the keys once for all languages, and of nynorsk only the words that are not those of bokmål in the same place:
 * no text has two blanks in a row (a test sees to that), so what is left out can be told from what is there.
 */
export function textsOfAll(): Plugin {
  const file = /(.*\/i18n\/)(nb|nn|en)\.json$/;
  const all = "\0texts-of-all:";
  return {
    name: "texts-of-all",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(all) ? id : null),
    load(id) {
      if (id.startsWith(all)) {
        const [nb = {}, nn = {}, en = {}] = LANGUAGES.map((language) => {
          const path = `${id.slice(all.length)}${language}.json`;
          this.addWatchFile(path);
          return JSON.parse(readFileSync(path, "utf8")) as Record<string, string>;
        });
        const keys = Object.keys(nb);
        const of = (texts: Record<string, string>) =>
          keys.map((key) => texts[key] ?? this.error(`A language has no text for ${key}`));
        const brief = of(nn).map((text, at) => {
          const other = of(nb)[at]?.split(" ") ?? [];
          return text
            .split(" ")
            .map((word, place) => (word === other[place] ? "" : word))
            .join(" ");
        });
        const code = `const texts = (lines) => Object.fromEntries(keys.map((key, at) => [key, lines[at]]));
const keys = ${JSON.stringify(keys.join("|"))}.split("|");
const bokmål = ${JSON.stringify(of(nb))};
const word = (at) => (it, place) => it || bokmål[at].split(" ")[place];
export const nb = texts(bokmål);
export const nn = texts(${JSON.stringify(brief)}.map((line, at) => line.split(" ").map(word(at)).join(" ")));
export const en = texts(${JSON.stringify(of(en))});`;
        return { code, moduleType: "js" };
      }
      const [, folder, language] = file.exec(id) ?? [];
      if (folder === undefined || language === undefined) return null;
      return { code: `export { ${language} as default } from ${JSON.stringify(all + folder)};`, moduleType: "js" };
    },
  };
}
