/** The words and the place of a period in the year's table. */
import type { DeadlineCell, DeadlineRow, LanguageName } from "../../bindings";
import { capital, daysBetween, localeOf } from "../../i18n/format";
import { messages } from "../../i18n";
import type { Texts } from "../../i18n/useTexts";

/** `tardy`: filed, after its deadline. */
export type Tone = "ok" | "tardy" | "soon" | "late" | "wait" | "later" | "none";

const tones = {
  filed: "ok",
  near: "soon",
  late: "late",
  waiting: "wait",
  later: "later",
  notDue: "none",
  putAside: "none",
} as const satisfies Record<DeadlineCell["state"], Tone>;

export const toneOf = (cell: DeadlineCell): Tone => (cell.state === "filed" && cell.late ? "tardy" : tones[cell.state]);

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const shortDay = new Map<LanguageName, Intl.DateTimeFormat>();

/** `"31. aug."`, `"31 Aug"`. */
export function short(day: string, language: LanguageName): string {
  let format = shortDay.get(language);
  if (!format) {
    format = new Intl.DateTimeFormat(localeOf(language), { day: "numeric", month: "short", timeZone: "Europe/Oslo" });
    shortDay.set(language, format);
  }
  return format.format(noon(day));
}

/** `"9.3."` for a cell of one month. */
const tiny = (day: string, language: LanguageName): string =>
  messages[language]["format.shortDay"] === "numbers"
    ? `${String(Number(day.slice(8)))}.${String(Number(day.slice(5, 7)))}.`
    : short(day, language);

export const monthNames = (language: LanguageName): { short: string; long: string }[] =>
  Array.from({ length: 12 }, (_, month) => {
    const day = new Date(Date.UTC(2026, month, 15));
    const long = capital(new Intl.DateTimeFormat(localeOf(language), { month: "long", timeZone: "UTC" }).format(day));
    return { short: long.slice(0, 3), long };
  });

/** What stands in a cell of this length; nothing in one too short for words. A date is never cut: where there is less room it stands alone. */
export function cellText(
  cell: DeadlineCell,
  today: string,
  { t, language, dateFrom, dateYear, relativeDay }: Texts,
  narrow: boolean,
): string {
  const { deadline, filedOn } = cell;
  const long = cell.months > 1;
  const roomy = long && (!narrow || cell.months > 2);
  const near = (day: string) => relativeDay(day, today);
  switch (cell.state) {
    case "filed": {
      const day = filedOn ?? deadline ?? today;
      if (!long) return tiny(day, language);
      const when = day === today ? near(day) : roomy ? dateFrom(day, deadline ?? day) : short(day, language);
      // That it was late is never what is cut; when, stands in the tooltip and in the history.
      if (cell.late && cell.months <= 2) return t("deadlines.tooLate");
      return roomy ? t(cell.late ? "deadlines.filedLate" : "deadlines.filedOn", { date: when }) : when;
    }
    case "waiting":
      if (long && cell.because === "unclear") return t("deadlines.lookAtAnswer");
      if (!long) return deadline === null ? "" : tiny(deadline, language);
      return filedOn === null || !roomy ? t("deadlines.waits") : t("deadlines.waitsForAnswer");
    case "near":
      if (deadline === null) return "";
      if (roomy && cell.because === "rejected") return t("state.rejected");
      if (!long) return tiny(deadline, language);
      // "I morgen" has room everywhere; so many days have not, and the day itself has.
      return roomy || near(deadline).length < 10 ? capital(near(deadline)) : short(deadline, language);
    case "late":
      if (deadline === null) return "";
      if (!long) return tiny(deadline, language);
      if (roomy && cell.because === "rejected") return t("state.rejected");
      return roomy ? t("deadlines.lateDays", { count: daysBetween(deadline, today) }) : t("deadlines.late");
    case "later":
      if (deadline === null) return "";
      if (cell.months === 12) return t("deadlines.due", { date: dateYear(deadline) });
      return long ? short(deadline, language) : tiny(deadline, language);
    case "putAside":
      return long ? t("deadlines.aside") : "";
    // The stripe says it; the words are in the tooltip and for those who hear.
    case "notDue":
      return "";
  }
}

/** Everything about a cell, for the tooltip and for those who hear it. */
export function cellWords(cell: DeadlineCell, today: string, { t, dateYear, relativeDay }: Texts): string {
  const { deadline, filedOn } = cell;
  const due = deadline === null ? "" : t("deadlines.due", { date: dateYear(deadline) });
  const filed =
    filedOn === null
      ? t("deadlines.filed")
      : t(cell.late ? "deadlines.filedLate" : "deadlines.filedOn", { date: dateYear(filedOn) });
  // What was delivered and leaves the period open all the same says so first.
  const left = cell.because === "rejected" || cell.because === "unclear" ? `${t(`state.${cell.because}`)}, ` : "";
  const missing = left === "" ? `, ${t("deadlines.notFiled")}` : "";
  const says = {
    filed,
    waiting: filedOn === null ? `${t("deadlines.waits")}, ${due}` : `${filed}, ${t("deadlines.waitsForAnswer")}`,
    near: `${due}, ${deadline === null ? "" : relativeDay(deadline, today)}${missing}`,
    late: `${due}, ${deadline === null ? "" : t("deadlines.lateDays", { count: daysBetween(deadline, today) })}`,
    later: due,
    putAside: t("deadlines.asideWhy", { reason: cell.aside ?? "" }),
    notDue: t("deadlines.notFollowed"),
  };
  return `${cell.period}: ${left}${says[cell.state]}`;
}

export type Filter = "all" | "remaining" | "late" | "waiting";

/** What remains is what is near, and what is due on the next deadline however far away that is: the sentence above says so. */
const remains = (cell: DeadlineCell, next: string | null): boolean =>
  cell.state === "near" ||
  (cell.deadline !== null &&
    cell.deadline === next &&
    (cell.state === "later" || (cell.state === "waiting" && cell.filedOn === null)));

export const passes = (row: DeadlineRow, filter: Filter, next: string | null): boolean =>
  filter === "all" || row.cells.some((cell) => (filter === "remaining" ? remains(cell, next) : cell.state === filter));

/** Cells by table cell: a long period is one, the weeks of a month share one. */
export interface Group {
  month: number;
  span: number;
  cells: { cell: DeadlineCell; index: number }[];
}

export function groups(row: DeadlineRow): Group[] {
  const found: Group[] = [];
  row.cells.forEach((cell, index) => {
    const last = found.at(-1);
    if (cell.months === 0 && last?.month === cell.month) last.cells.push({ cell, index });
    else found.push({ month: cell.month, span: Math.max(1, cell.months), cells: [{ cell, index }] });
  });
  return found;
}
