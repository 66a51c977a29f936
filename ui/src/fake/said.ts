/** What the made-up office says, in the languages it was written in; one that came later reads bokmål. */
import type { LanguageName } from "../bindings";

export interface Said<T = string> {
  nb: T;
  nn: T;
  en: T;
}

export const inLanguage = <T>(texts: Said<T>, language: LanguageName): T =>
  (texts as Partial<Record<LanguageName, T>>)[language] ?? texts.nb;
