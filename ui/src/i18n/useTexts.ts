/** Texts and formats of the language in use, and the phrases that are made of both. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { LanguageName } from "../bindings";
import { daysBetween, formats, norwegianDay, type Formats } from "./format";
import type { TFunction } from "i18next";

export interface Texts extends Formats {
  t: TFunction;
  language: LanguageName;
  /** `"kl. 18.42"`. */
  at: (moment: string) => string;
  /** `"i dag kl. 18.42"`, `"i går kl. 18.42"`, `"9. juni kl. 18.42"`. */
  dayAndTime: (moment: string, now: number) => string;
  /** A narrow column's form: `"i dag 18.42"`, `"9. juni"`, `"9. juni 2025"`. */
  brief: (moment: string, now: number) => string;
  /** `"i dag"`, `"i morgen"`, `"om 5 dager"`, `"for 3 dager siden"`. */
  relativeDay: (day: string, today: string) => string;
}

export function useTexts(): Texts {
  const { t, i18n } = useTranslation();
  const language = i18n.language as LanguageName;
  return useMemo(() => {
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
      at,
      relativeDay,
      dayAndTime: (moment, now) => {
        const days = daysBetween(norwegianDay(now), known.dayOf(moment));
        const time = at(moment);
        if (days === 0) return t("when.todayAt", { time });
        if (days === -1) return t("when.yesterdayAt", { time });
        return t("when.dayAt", { day: known.date(known.dayOf(moment)), time });
      },
      brief: (moment, now) => {
        const day = known.dayOf(moment);
        const today = norwegianDay(now);
        const days = daysBetween(today, day);
        if (days === 0) return t("when.todayAt", { time: known.time(moment) });
        if (days === -1) return t("when.yesterdayAt", { time: known.time(moment) });
        return day.slice(0, 4) === today.slice(0, 4) ? known.date(day) : known.dateYear(day);
      },
    };
  }, [t, language]);
}
