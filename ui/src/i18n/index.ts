/**
 * The window's texts in bokmål, nynorsk and English.
 *
 * A key that is missing from one language does not compile: every file must satisfy the bokmål one, and `t` knows the
 * keys. Placeholders are written `{name}`.
 */
import i18next, { type i18n } from "i18next";
import type { LanguageName } from "../bindings";
import en from "./en.json";
import nb from "./nb.json";
import nn from "./nn.json";

export type Messages = typeof nb;
export type MessageKey = keyof Messages;

export const messages: Readonly<Record<LanguageName, Messages>> = { nb, nn, en };

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
    resources: {
      nb: { translation: nb },
      nn: { translation: nn },
      en: { translation: en },
    },
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    initAsync: false,
    // React escapes what it shows.
    interpolation: { prefix: "{", suffix: "}", escapeValue: false },
  });
  return texts;
}
