/**
 * The window's texts: a file a language, and a new file is a new language.
 *
 * `t` knows bokmål's keys, and a file that has others fails `messages.test.ts`. Placeholders are written `{name}`. How dates,
 * times and numbers are written stands in the files too (`format.…`).
 */
import i18next, { type i18n } from "i18next";
import type { LanguageName } from "../bindings";
import type nb from "./nb.json";

export type Messages = typeof nb;
export type MessageKey = keyof Messages;

const files = import.meta.glob<Messages>("./*.json", { eager: true, import: "default" });

/** Those come first, as in Rust (`crates/messages/build.rs`). */
const first = ["nb", "nn", "en"];
const place = (code: string) => (first.includes(code) ? first.indexOf(code) : first.length);

/** All of them, in the order in which they are offered: those that Rust has too (`messages.test.ts`). */
export const languages = Object.keys(files)
  .map((file) => file.slice("./".length, -".json".length))
  .sort((a, b) => place(a) - place(b) || a.localeCompare(b)) as LanguageName[];

export const messages = Object.fromEntries(languages.map((code) => [code, files[`./${code}.json`]])) as Readonly<
  Record<LanguageName, Messages>
>;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: Messages };
    keySeparator: false;
    nsSeparator: false;
    returnNull: false;
    interpolationPrefix: "{";
    interpolationSuffix: "}";
  }
}

/** A set of texts of its own for every window, so that tests do not disturb each other. */
export function createTexts(language: LanguageName): i18n {
  const texts = i18next.createInstance();
  void texts.init({
    lng: language,
    resources: Object.fromEntries(languages.map((code) => [code, { translation: messages[code] }])),
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    initAsync: false,
    // React escapes what it shows.
    interpolation: { prefix: "{", suffix: "}", escapeValue: false },
  });
  return texts;
}
