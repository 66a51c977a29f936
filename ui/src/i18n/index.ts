/**
 * The window's texts. Three languages stand here; a new one is one new file in `translations` at the repository's root, with
 * what the crates say beside what the window says.
 *
 * `t` knows bokmål's keys, and a file that has others fails `messages.test.ts`. Placeholders are written `{name}`. How dates,
 * times and numbers are written stands in the files too (`format.…`).
 */
import i18next, { type i18n } from "i18next";
import type { LanguageName } from "../bindings";
import type nb from "./nb.json";

export type Messages = typeof nb;
export type MessageKey = keyof Messages;

const own = import.meta.glob<Messages>("./*.json", { eager: true, import: "default" });
const translated = import.meta.glob<Messages>("../../../translations/*.json", { eager: true, import: "window" });

const code = (file: string) => file.slice(file.lastIndexOf("/") + 1, -".json".length);
const files = new Map(
  [...Object.entries(own), ...Object.entries(translated)].map(([file, texts]) => [code(file), texts]),
);

/** Those come first, as in Rust (`crates/messages/build.rs`). */
const first = ["nb", "nn", "en"];
const place = (code: string) => (first.includes(code) ? first.indexOf(code) : first.length);

/** All of them, in the order in which they are offered: those that Rust has too (`messages.test.ts`). */
export const languages = [...files.keys()].sort((a, b) => place(a) - place(b) || a.localeCompare(b)) as LanguageName[];

export const messages = Object.fromEntries(files) as Readonly<Record<LanguageName, Messages>>;

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

/**
 * A language may count in more forms than one and many: a text that has no form of its own for them has the one for many.
 */
export function withPlurals(language: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const counted = Object.entries(texts).filter(([key]) => key.endsWith("_other"));
  const made = counted.flatMap(([key, text]) => forms.map((form) => [key.replace(/other$/, form), text]));
  return { ...(Object.fromEntries(made) as Record<string, string>), ...texts };
}

/** A set of texts of its own for every window, so that tests do not disturb each other. */
export function createTexts(language: LanguageName): i18n {
  const texts = i18next.createInstance();
  void texts.init({
    lng: language,
    resources: Object.fromEntries(languages.map((it) => [it, { translation: withPlurals(it, messages[it]) }])),
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    initAsync: false,
    // React escapes what it shows.
    interpolation: { prefix: "{", suffix: "}", escapeValue: false },
  });
  return texts;
}
