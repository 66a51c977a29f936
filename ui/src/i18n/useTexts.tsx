/** Texts and formats of the language in use, and the phrases that are made of both. */
import { createContext, useCallback, useContext, useMemo, useSyncExternalStore, type ReactNode } from "react";
import type { LanguageName } from "../bindings";
import { daysBetween, formats, norwegianDay, type Formats } from "./format";
import type { i18n, TFunction } from "i18next";

export interface Texts extends Formats {
  t: TFunction;
  language: LanguageName;
  changeLanguage: (language: LanguageName) => void;
  /** `"kl. 18.42"`. */
  at: (moment: string) => string;
  /** `"i dag kl. 18.42"`, `"i går kl. 18.42"`, `"9. juni kl. 18.42"`. */
  dayAndTime: (moment: string, now: number) => string;
  /** A narrow column's form: `"i dag 18.42"`, `"9. juni"`, `"9. juni 2025"`. */
  brief: (moment: string, now: number) => string;
  /** `"i dag"`, `"i morgen"`, `"om 5 dager"`, `"for 3 dager siden"`. */
  relativeDay: (day: string, today: string) => string;
}

const TextsContext = createContext<Texts | null>(null);

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error("The window has no texts.");
  return texts;
}

/** Gives the texts in the language in use, made once for the whole window. */
export function TextsProvider({ texts, children }: { texts: i18n; children: ReactNode }) {
  const listen = useCallback(
    (changed: () => void) => {
      texts.on("languageChanged", changed);
      return () => {
        texts.off("languageChanged", changed);
      };
    },
    [texts],
  );
  const language = useSyncExternalStore(listen, () => texts.language as LanguageName);
  const said = useMemo(() => textsIn(texts, language), [texts, language]);
  return <TextsContext value={said}>{children}</TextsContext>;
}

function textsIn(texts: i18n, language: LanguageName): Texts {
  const t = texts.getFixedT(language);
  const known = formats(language);
  const at = (moment: string) => t("when.at", { time: known.time(moment) });
  const relativeDay = (day: string, today: string) => {
    const days = daysBetween(today, day);
    if (days === 0) return t("when.today");
    if (days === 1) return t("when.tomorrow");
    if (days === -1) return t("when.yesterday");
    return days > 0 ? t("when.inDays", { count: days }) : t("when.daysAgo", { count: -days });
  };
  return {
    ...known,
    t,
    language,
    changeLanguage: (other) => void texts.changeLanguage(other),
    at,
    relativeDay,
    dayAndTime: (moment, now) => {
      const today = norwegianDay(now);
      const days = daysBetween(today, known.dayOf(moment));
      const time = at(moment);
      if (days === 0) return t("when.todayAt", { time });
      if (days === -1) return t("when.yesterdayAt", { time });
      return t("when.dayAt", { day: known.dateFrom(known.dayOf(moment), today), time });
    },
    brief: (moment, now) => {
      const day = known.dayOf(moment);
      const today = norwegianDay(now);
      const days = daysBetween(today, day);
      if (days === 0) return t("when.todayAt", { time: known.time(moment) });
      if (days === -1) return t("when.yesterdayAt", { time: known.time(moment) });
      return known.dateFrom(day, today);
    },
  };
}
