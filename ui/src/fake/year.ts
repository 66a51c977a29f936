/** The invented year of deadlines of the fake backend: companies, periods and what is told of them. */
import type {
  DeadlineCell,
  DeadlineRow,
  DeadlineState,
  DeadlinesView,
  LanguageName,
  NoticeView,
  PeriodKindName,
  ReminderSettings,
  RemindersView,
} from "../bindings";
import { localeOf } from "../i18n/format";
import { inLanguage, type Said } from "./said";

const TODAY = "2026-06-09";
const NAMES = [
  "Aasen Rørservice AS",
  "Anne Lie Keramikk",
  "Bergvik Maskin AS",
  "Blåfjell Turutstyr AS",
  "Bryggen Fisk og Vilt AS",
  "Dalheim Gård",
  "Elvebakken Tannklinikk AS",
  "Fagerli Snekkerverksted",
  "Fjordlys Interiør AS",
  "Furuset Bilpleie AS",
  "Granås Regnskog Design",
  "Hardanger Siderhus AS",
  "Havgløtt Sjømat AS",
  "Heggedal Elektro AS",
  "Trollheimen Ull og Tradisjonshåndverk Samvirkelag av 1897 SA under avvikling",
  "Ukebladet Vev AS",
];

const kinds: Said<Record<"two" | "month" | "three" | "year" | "farm" | "week", string>> = {
  nb: {
    two: "alminnelig næring, to måneder",
    month: "Månedlig for alminnelig næring",
    three: "Kvartal for omvendt avgiftsplikt",
    year: "Årlig for alminnelig næring",
    farm: "Årlig for primærnæring",
    week: "Ukentlig for alminnelig næring",
  },
  nn: {
    two: "alminneleg næring, to månader",
    month: "Månadleg for alminneleg næring",
    three: "Kvartal for omvend avgiftsplikt",
    year: "Årleg for alminneleg næring",
    farm: "Årleg for primærnæring",
    week: "Kvar veke for alminneleg næring",
  },
  en: {
    two: "ordinary business, two months",
    month: "Monthly, ordinary business",
    three: "Quarterly, reverse charge",
    year: "Yearly, ordinary business",
    farm: "Yearly, primary industry",
    week: "Weekly, ordinary business",
  },
};
type Shape = keyof (typeof kinds)["nb"];

const deadlines: Record<Exclude<Shape, "week">, string[]> = {
  two: ["2026-04-10", "2026-06-10", "2026-08-31", "2026-10-12", "2026-12-10", "2027-02-10"],
  month: Array.from({ length: 12 }, (_, month) =>
    month < 10 ? `2026-${String(month + 3).padStart(2, "0")}-10` : `2027-${String(month - 9).padStart(2, "0")}-10`,
  ),
  three: ["2026-05-11", "2026-08-31", "2026-11-10", "2027-02-10"],
  year: ["2027-03-10"],
  farm: ["2027-04-12"],
};

const lengths = { two: 2, month: 1, three: 3, year: 12, farm: 12, week: 0 } as const;
const periodKinds: Record<Shape, PeriodKindName> = {
  two: "twoMonths",
  month: "month",
  three: "threeMonths",
  year: "year",
  farm: "year",
  week: "week",
};

function period(language: LanguageName, month: number, months: number): string {
  if (months === 12) return "2026";
  const name = (of: number) =>
    new Intl.DateTimeFormat(localeOf(language), { month: "long", timeZone: "UTC" }).format(Date.UTC(2026, of - 1, 15));
  const first = name(month);
  const capital = first.charAt(0).toUpperCase() + first.slice(1);
  return months === 1 ? `${capital} 2026` : `${capital}–${name(month + months - 1)} 2026`;
}

function cell(
  language: LanguageName,
  shape: Exclude<Shape, "week">,
  index: number,
  state: DeadlineState,
  more: Partial<DeadlineCell> = {},
): DeadlineCell {
  const months = lengths[shape];
  const deadline = deadlines[shape][index] ?? null;
  const month = index * months + 1;
  const filed = state === "filed" || (state === "waiting" && index % 2 === 1);
  return {
    key: `911111111/alminnelig/2026/skattleggingsperiodeToMaaneder/${String(index)}`,
    because: null,
    aside: null,
    late: false,
    period: period(language, month, months),
    month,
    months,
    deadline,
    state,
    filing: state === "filed" || state === "waiting" ? "h0" : null,
    filedOn: filed ? (index === 1 ? TODAY : "2026-04-08") : null,
    ...more,
  };
}

function weeks(language: LanguageName): DeadlineCell[] {
  return Array.from({ length: 53 }, (_, index): DeadlineCell => {
    const ends = new Date(Date.UTC(2026, 0, 4 + index * 7));
    const due = new Date(Date.UTC(2026, 1, 14 + index * 7)).toISOString().slice(0, 10);
    const state = due < "2026-06-01" ? "filed" : due < "2026-06-24" ? "near" : "later";
    return {
      key: `922222222/alminnelig/2026/skattleggingsperiodeUke/${String(index + 1)}`,
      because: null,
      aside: null,
      late: false,
      period: `${language === "nb" ? "Uke" : language === "nn" ? "Veke" : "Week"} ${String(index + 1)} 2026`,
      month: ends.getUTCFullYear() === 2026 ? ends.getUTCMonth() + 1 : 12,
      months: 0,
      deadline: due,
      state,
      filing: state === "filed" ? "h0" : null,
      filedOn: state === "filed" ? due : null,
    };
  });
}

function shapeOf(index: number): Shape {
  const special: Partial<Record<number, Shape>> = { 1: "year", 5: "farm", 6: "three", 12: "month", 15: "week" };
  return special[index % NAMES.length] ?? "two";
}

function row(language: LanguageName, index: number): DeadlineRow {
  const shape = shapeOf(index);
  const at = index % NAMES.length;
  const base = NAMES[at] ?? "";
  const round = Math.floor(index / NAMES.length);
  const count = shape === "week" ? 0 : deadlines[shape].length;
  const state = (number: number): DeadlineState => {
    const due = shape === "week" ? "" : (deadlines[shape][number] ?? "");
    if (at === 4 && number === 0) return "late";
    if (index === 18 && number === 0) return "late";
    if (index === 3 && number === 0) return "putAside";
    if (index === 20 && number === 1) return "waiting";
    if (at === 10 && number === 0) return "notDue";
    if (at === 11 && number === 1) return "waiting";
    if (at === 8 && number === 1) return "filed";
    if (due < "2026-06-01" || (shape === "month" && number < 4)) return "filed";
    return due < "2026-06-24" ? "near" : "later";
  };
  /** What some of them have to say besides: rejected, not understood, put aside, filed too late. */
  const said = (number: number): Partial<DeadlineCell> => {
    if (index === 18 && number === 0) return { because: "rejected", filing: "h1" };
    if (index === 29 && number === 1) return { because: "rejected", filing: "h1" };
    if (index === 20 && number === 1) return { because: "unclear", filedOn: null };
    if (index === 3 && number === 0) {
      return {
        aside: inLanguage(
          { nb: "levert i et annet program", nn: "levert i eit anna program", en: "filed elsewhere" },
          language,
        ),
      };
    }
    if (index === 16 && number === 0) return { late: true, filedOn: "2026-04-14" };
    return {};
  };
  return {
    orgNumber: `9${String(index).padStart(8, "0")}`,
    companyName: round === 0 ? base : `${base} ${String(round + 1)}`,
    category: shape === "three" ? "reverseCharge" : shape === "farm" ? "primaryIndustry" : "ordinary",
    kind: periodKinds[shape],
    kindWords: inLanguage(kinds, language)[shape],
    from: at === 10 ? "2026-03-01" : "2026-01-01",
    chosen: at === 6,
    muted: at === 9,
    responsible: null,
    cells:
      shape === "week"
        ? weeks(language)
        : Array.from({ length: count }, (_, number) => cell(language, shape, number, state(number), said(number))),
  };
}

/** The year of so many companies, the day before a deadline. */
export function year(language: LanguageName, companies: number): DeadlinesView {
  const rows = Array.from({ length: companies }, (_, index) => row(language, index));
  const count = (state: DeadlineState) => rows.filter(({ cells }) => cells.some((of) => of.state === state)).length;
  return {
    year: 2026,
    today: TODAY,
    rows,
    others: [
      { orgNumber: "313468727", name: "Dalheim Maskin AS" },
      { orgNumber: "315203857", name: "Vika Tolketjenester AS" },
    ],
    starts: [
      { category: "ordinary", kind: "twoMonths", from: "2026-03-01" },
      { category: "ordinary", kind: "year", from: "2026-01-01" },
    ],
    next:
      companies === 0
        ? null
        : { day: "2026-06-10", remaining: count("near"), late: count("late"), near: count("near") },
    calendarFile: "/home/ingrid/Dokumenter/Momsbud/Frister.ics",
    calendarAt: "2026-06-09T16:51:00Z",
    staff: [],
  };
}

const told: Said<Record<"deadline" | "payment" | "receipt", [string, string, string]>> = {
  nb: {
    deadline: [
      "10 virksomheter har frist i morgen",
      "Mars–april 2026: Aasen Rørservice AS, Bergvik Maskin AS, Blåfjell Turutstyr AS og 7 til. Ingenting er levert ennå. Fristen er onsdag 10. juni.",
      "Se hvem",
    ],
    payment: [
      "Betalingen for Fjordlys Interiør AS forfaller i morgen",
      "77 457 kr for mars–april 2026. KID og kontonummer ligger i Historikk.",
      "Se betalingen",
    ],
    receipt: [
      "Kvitteringen er kommet",
      "Fjordlys Interiør AS, mars–april 2026: 77 457 kr å betale innen 10. juni.",
      "Se kvitteringen",
    ],
  },
  nn: {
    deadline: [
      "10 verksemder har frist i morgon",
      "Mars–april 2026: Aasen Rørservice AS, Bergvik Maskin AS, Blåfjell Turutstyr AS og 7 til. Ingenting er levert enno. Fristen er onsdag 10. juni.",
      "Sjå kven",
    ],
    payment: [
      "Betalinga for Fjordlys Interiør AS forfell i morgon",
      "77 457 kr for mars–april 2026. KID og kontonummer ligg i Historikk.",
      "Sjå betalinga",
    ],
    receipt: [
      "Kvitteringa er komen",
      "Fjordlys Interiør AS, mars–april 2026: 77 457 kr å betale innan 10. juni.",
      "Sjå kvitteringa",
    ],
  },
  en: {
    deadline: [
      "10 companies have a deadline tomorrow",
      "March–April 2026: Aasen Rørservice AS, Bergvik Maskin AS, Blåfjell Turutstyr AS and 7 more. Nothing has been filed yet. The deadline is Wednesday 10 June.",
      "See who",
    ],
    payment: [
      "The payment for Fjordlys Interiør AS is due tomorrow",
      "77 457 kr for March–April 2026. KID and account number are in History.",
      "See the payment",
    ],
    receipt: [
      "The receipt has arrived",
      "Fjordlys Interiør AS, March–April 2026: 77 457 kr to pay by 10 June.",
      "See the receipt",
    ],
  },
};

/** Three notices, as the evening before the deadline has them. */
export function reminders(language: LanguageName): RemindersView {
  const notice = (
    kind: "deadline" | "payment" | "receipt",
    key: string,
    place: NoticeView["target"]["place"],
    orgNumber: string | null,
  ): NoticeView => {
    const [title, text, action] = inLanguage(told, language)[kind];
    const target = { place, id: place === "history" ? "h0" : null };
    return { key, kind, late: false, title, text, at: "2026-06-09T06:00:00Z", action, target, orgNumber };
  };
  return {
    notices: [
      notice("deadline", "deadline:2026-06-10", "deadlines", null),
      notice("payment", "payment:2026-06-10", "history", "900000008"),
      notice("receipt", "receipt:2026-06-09", "history", "900000008"),
    ],
    standing: "soon",
    next: { day: "2026-06-10", remaining: 10, late: 1, near: 10 },
    authorization: { person: "Ingrid Solvang", until: "2027-06-02T17:14:00Z" },
    pausedUntil: null,
  };
}

export const nothingTold: RemindersView = {
  notices: [],
  standing: "ok",
  next: null,
  authorization: null,
  pausedUntil: null,
};

export const reminderSettings: ReminderSettings = {
  deadline: true,
  deadlineDays: [10, 3, 1, 0],
  authorization: true,
  authorizationDays: [30, 14, 7, 3, 1, 0],
  payment: true,
  receipt: true,
  waiting: true,
  quiet: true,
  quietFrom: 20,
  quietTo: 7,
  quietWeekends: true,
  pausedUntil: null,
  keepRunning: false,
};
