/**
 * Numbers, dates and times as Norwegians write them: `1 234 567 kr`, `10. juni`, `18.42`.
 *
 * Amounts come as decimal digits in text and are grouped as text, because JavaScript's numbers are not decimals. All
 * moments are shown in Norwegian time, whatever the computer's own zone is: deadlines are Norwegian.
 */
import type { LanguageName } from "../bindings";
import { messages } from ".";

const SPACE = "\u00a0";
const MINUS = "\u2212";
const ZONE = "Europe/Oslo";
const DAY_MS = 86_400_000;

/** `"-12640"` → `"−12 640"`, with no-break spaces. */
export function amount(kroner: string): string {
  const [whole = "", fraction] = kroner.replace(/^[-\u2212]/, "").split(/[.,]/);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, SPACE);
  const sign = /^[-\u2212]/.test(kroner) ? MINUS : "";
  return sign + grouped + (fraction === undefined ? "" : `,${fraction}`);
}

/** `"77511"` → `"77 511 kr"`. */
export const kr = (kroner: string): string => `${amount(kroner)}${SPACE}kr`;

/** The amount without its sign: what stands under "Til gode". */
export const unsigned = (kroner: string): string => kroner.replace(/^[-\u2212]/, "");

export const isRefund = (kroner: string): boolean => /^[-\u2212]/.test(kroner);

/** A sum of nothing, however it is written. */
export const isNothing = (kroner: string): boolean => /^[-\u2212]?0*([.,]0*)?$/.test(kroner);

/** `"311797816"` → `"311 797 816"`; anything that is not nine digits stays as it stood in the file. */
export const orgNumber = (digits: string): string =>
  /^\d{9}$/.test(digits) ? digits.replace(/(\d{3})(?=\d)/g, `$1${SPACE}`) : digits;

/** A company's name, or its number as numbers are written while nobody has named it. */
export const nameOf = (company: { companyName: string | null; orgNumber: string }): string =>
  company.companyName ?? orgNumber(company.orgNumber);

/** A sentence that begins with a value. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A period as it stands in the middle of a sentence: months have a small letter, where the language has them so. */
export const midSentence = (period: string, language: LanguageName): string =>
  messages[language]["format.months"] === "small" ? period.charAt(0).toLowerCase() + period.slice(1) : period;

/** `["1", "2", "3"]` → `"1, 2 og 3"`. */
export function listed(names: readonly string[], and: string): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${and} ${last}`;
}

/** Account numbers are written 4+2+5. */
export const account = (digits: string): string =>
  /^\d{11}$/.test(digits) ? digits.replace(/^(\d{4})(\d{2})(\d{5})$/, `$1${SPACE}$2${SPACE}$3`) : digits;

/** KID in fours. */
export const kid = (digits: string): string => digits.replace(/(.{4})(?=.)/g, `$1${SPACE}`);

/** `"25"` → `"25 %"`. */
export const percent = (rate: string): string => `${rate.replace(".", ",")}${SPACE}%`;

/** What two places show of a person without a picture. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word[0] ?? "")
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join("")
    .toUpperCase();

export interface Formats {
  /** `"2026-06-10"` → `"onsdag 10. juni 2026"`. */
  fullDay: (day: string) => string;
  /** `"onsdag 10. juni"`, with its year where that is another than today's. */
  dayFrom: (day: string, today: string) => string;
  /** `"10. juni"`, with its year where that is another than today's: a day without one is taken for this year's. */
  dateFrom: (day: string, today: string) => string;
  /** `"2026-06-10"` → `"10. juni 2026"`. */
  dateYear: (day: string) => string;
  /** A moment's Norwegian date, `"2026-06-09"`. */
  dayOf: (moment: string | number) => string;
  /** `"18.42"`. */
  time: (moment: string) => string;
  /** `"18.42.07"`: where the order of events matters. */
  seconds: (moment: string) => string;
  /** `"92 kB"`. */
  bytes: (size: number) => string;
}

/** Days from one calendar date to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / DAY_MS);

/** The Norwegian date of a moment. */
const isoDay = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
export const norwegianDay = (moment: number): string => isoDay.format(moment);

/** Nynorsk is not in every engine (Chromium's, and so WebView2's, falls back to English): its months are bokmål's. */
export const localeOf = (language: LanguageName): string => messages[language]["format.locale"];

function make(language: LanguageName): Formats {
  const texts = messages[language];
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(localeOf(language), { timeZone: ZONE, ...options });
  const weekday = format({ weekday: "long", day: "numeric", month: "long" });
  const fullDay = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const date = format({ day: "numeric", month: "long" });
  const dateYear = format({ day: "numeric", month: "long", year: "numeric" });
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
  const clockSeconds = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, timeStyle: "medium" });
  // Norwegian puts a point between hours and minutes; English a colon.
  const dots = (text: string) => text.replaceAll(":", texts["format.clock"]);
  const days = texts["format.weekdays"].split(" ");
  const named = (of: Intl.DateTimeFormat, day: string) =>
    of
      .formatToParts(noon(day))
      .map(({ type, value }) => (type === "weekday" ? (days[new Date(noon(day)).getUTCDay()] ?? value) : value))
      .join("")
      .replace(",", "");
  const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
  const decimals = (value: number) => {
    const text = value.toFixed(1).replace(/\.0$/, "");
    return text.replace(".", texts["format.decimal"]);
  };
  return {
    fullDay: (day) => named(fullDay, day),
    dayFrom: (day, today) => named(day.slice(0, 4) === today.slice(0, 4) ? weekday : fullDay, day),
    dateFrom: (day, today) => (day.slice(0, 4) === today.slice(0, 4) ? date : dateYear).format(noon(day)),
    dateYear: (day) => dateYear.format(noon(day)),
    dayOf: (moment) => isoDay.format(typeof moment === "number" ? moment : Date.parse(moment)),
    time: (moment) => dots(clock.format(Date.parse(moment))),
    seconds: (moment) => dots(clockSeconds.format(Date.parse(moment))),
    bytes: (size) =>
      size < 1000
        ? `${String(size)}${SPACE}B`
        : size < 1_000_000
          ? `${String(Math.max(1, Math.round(size / 1000)))}${SPACE}kB`
          : size < 1_000_000_000
            ? `${decimals(size / 1_000_000)}${SPACE}MB`
            : `${decimals(size / 1_000_000_000)}${SPACE}GB`,
  };
}

const made = new Map<LanguageName, Formats>();

/** The formats of a language; made once, because the formatters are costly. */
export function formats(language: LanguageName): Formats {
  let known = made.get(language);
  if (!known) {
    known = make(language);
    made.set(language, known);
  }
  return known;
}
