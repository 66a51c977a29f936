/** The program's own texts, from the message files of its crates: what the fake office says it does not make up. */
import type { LanguageName } from "../bindings";

const files = import.meta.glob<Record<string, string>>("../../../crates/*/messages/*.json", {
  eager: true,
  import: "default",
});
const translated = import.meta.glob<Record<string, Record<string, string>>>("../../../translations/*.json", {
  eager: true,
  import: "default",
});

/** A text of a crate, its places filled. */
export function message(
  crate: string,
  key: string,
  language: LanguageName,
  values: Readonly<Record<string, string>> = {},
): string {
  const own = files[`../../../crates/${crate}/messages/${language}.json`];
  const text = (own ?? translated[`../../../translations/${language}.json`]?.[crate])?.[key];
  if (text === undefined) throw new Error(`crates/${crate}/messages has no ${key}.`);
  return Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, value), text);
}
