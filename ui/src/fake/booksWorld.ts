/** An invented SAF-T file: that of the mock-ups. */
import type {
  BooksCause,
  BooksDraft,
  BooksLine,
  BooksMemory,
  BooksPage,
  BooksProblem,
  BooksQuery,
  BooksQuestion,
  BooksQuestionView,
  BooksRow,
  BooksSample,
  BooksView,
  BooksVoucher,
  BookView,
  OriginView,
} from "../bindings";
import { moment } from "./world";

const FILE = "SAF-T Financial_311797816_20260609181422_1_1.xml";
const SHA = "4f1d0a7be2c35f0f4cf2d7b1f9f1a2a0c5b6e7d8f9a0b1c2d3e4f5061728394a";

const line = (
  index: number,
  code: string,
  description: string,
  vouchers: number,
  more: Partial<BooksLine>,
): BooksLine => ({
  index,
  code,
  description,
  specification: null,
  remark: null,
  base: null,
  rate: null,
  vat: "0",
  deduction: false,
  vouchers,
  own: [],
  ...more,
});

const SALES = "Salg og uttak av varer og tjenester";
const PURCHASES = "Kjøp av varer og tjenester med fradragsrett";

const question = (kind: string, more: Partial<BooksQuestion>): BooksQuestion => ({
  id: kind,
  kind,
  title: kind,
  text: "",
  effect: "0.00",
  must: false,
  answer: null,
  remembered: false,
  vouchers: 1,
  ...more,
});

export const posting = question("uncoded_vat_posting", {
  title: "Mva ført uten kode",
  text: "Bilag 10482 (30. april 2026) fører på en mva-konto uten kode: justering, tilbakeføring, tap på krav eller en retting?",
  effect: "-1250.00",
  must: true,
});

/** A system that exports one side of some journals. */
const unbalanced = question("unbalanced_voucher", {
  title: "Bilag i ubalanse",
  text: "Debet og kredit er ulike. Rett det helst i regnskapssystemet. Bilag: 10381, 10382, 10383 (+95)",
  effect: "-8420.00",
  must: true,
  vouchers: 98,
});

const questions: BooksQuestion[] = [
  question("period_mismatch", {
    title: "Bilagsdato og regnskapsperiode er uenige",
    text: "Noen bilag ligger i perioden etter dato, men ikke etter regnskapsperiode, eller omvendt. Bilag: 10391, 10394",
    effect: "-1840.00",
    must: true,
    vouchers: 2,
  }),
  posting,
  question("specification", {
    title: "Uttak eller tap på krav?",
    text: "Bilag 10470 (28. april 2026) ser ut som uttak eller tap på krav. Da skal linjen spesifiseres.",
  }),
  question("unmapped_code", {
    title: "Ukjent mva-kode",
    text: "Kode «V9» er brukt på bilag, men har ingen standardkode. Bilag: 10411, 10420, 10466",
    vouchers: 3,
  }),
  question("remark_needed", {
    title: "Linjen trenger en merknad",
    text: "Kode 52 har motsatt fortegn. Skatteetaten krever en merknad.",
    answer: "Tjenesteeksport",
    remembered: true,
    vouchers: 0,
  }),
];

const cause = (name: BooksCause["cause"], more: Partial<BooksCause> = {}): BooksCause => ({
  cause: name,
  vouchers: 0,
  examples: [],
  amount: "0.00",
  question: null,
  ...more,
});

export const draft: BooksDraft = {
  period: "Mars–april 2026",
  kind: "alminnelig næring, to måneder",
  deadline: "2026-06-10",
  vouchers: 204,
  sum: "77457",
  groups: [
    {
      title: "Salg av varer og tjenester i Norge",
      lines: [
        line(0, "3", SALES, 98, {
          base: "502880",
          rate: "25",
          vat: "125720",
          own: [
            { code: "25U", name: "Utgående høy sats", vouchers: 96, base: "512480.00", vat: "128120.00" },
            { code: "25K", name: "Kreditnotaer", vouchers: 2, base: "-9600.00", vat: "-2400.00" },
          ],
        }),
        line(1, "31", SALES, 21, { base: "84260", rate: "15", vat: "12639" }),
      ],
    },
    {
      title: "Salg av varer og tjenester til utlandet (eksport)",
      lines: [
        line(2, "52", "Salg til utlandet som er fritatt for merverdiavgift", 4, {
          base: "46000",
          rate: "0",
          remark: "Tjenesteeksport",
        }),
      ],
    },
    {
      title: "Kjøp av varer og tjenester i Norge",
      lines: [
        line(3, "1", PURCHASES, 61, { vat: "-56310" }),
        line(4, "11", PURCHASES, 9, { vat: "-3182" }),
        line(5, "13", PURCHASES, 6, { vat: "-1410" }),
      ],
    },
    {
      title: "Kjøp av varer fra utlandet (import)",
      lines: [
        line(6, "81", "Kjøp av varer fra utlandet med fradragsrett", 3, { base: "38400", rate: "25", vat: "9600" }),
        line(7, "81", "Fradrag på kjøp av varer fra utlandet", 3, { vat: "-9600", deduction: true }),
      ],
    },
  ],
  controls: {
    vat: "77457.41",
    movement: "74367.41",
    difference: "3090.00",
    agrees: false,
    explained: true,
    unexplained: "0.00",
    accounts: [
      { id: "2700", name: "Utgående mva, høy sats", kind: "output", amount: "125720.00" },
      { id: "2710", name: "Inngående mva, høy sats", kind: "input", amount: "-57560.00" },
    ],
    causes: [
      cause("noCode", {
        vouchers: 1,
        examples: [{ voucher: 1, number: "10482" }],
        amount: "1250.00",
        question: "uncoded_vat_posting",
      }),
      cause("otherPeriod", {
        vouchers: 2,
        examples: [
          { voucher: 2, number: "10391" },
          { voucher: 3, number: "10394" },
        ],
        amount: "1840.00",
        question: "period_mismatch",
      }),
      cause("ore", { amount: "0.41" }),
      cause("noVat"),
      cause("rate"),
      cause("unmapped", { vouchers: 3, examples: [{ voucher: 4, number: "10411" }], question: "unmapped_code" }),
      cause("settled", { vouchers: 1, examples: [{ voucher: 5, number: "10412" }] }),
    ],
    rateDifference: "0.00",
    rateMisses: 0,
    sales: "633140.00",
    bases: "633140.00",
    uncoded: [],
  },
  questions,
  open: 4,
  must: 2,
  assumed: ["38 linjer: hentet fra bilagets mva-kontoer"],
  warnings: [],
  notReported: ["0 (21)"],
  since: null,
  recent: [
    { period: "Januar–februar 2026", sum: "64120", output: "118400", input: "-54280" },
    { period: "November–desember 2025", sum: "81077", output: "131900", input: "-50823" },
    { period: "September–oktober 2025", sum: "70512", output: "121050", input: "-50538" },
  ],
};

/** Without anything open. */
export const clean: BooksDraft = {
  ...draft,
  sum: "74367",
  questions: questions.map((it) => ({ ...it, must: false, answer: it.answer ?? "Etter bilagsdato" })),
  open: 0,
  must: 0,
  controls: {
    ...draft.controls,
    vat: "74367.41",
    difference: "0.00",
    agrees: true,
    causes: draft.controls.causes.map((it) => ({
      ...it,
      amount: it.cause === "ore" ? "0.41" : "0.00",
      question: null,
    })),
  },
};

/** The period was filed before. */
export const corrected: BooksDraft = {
  ...clean,
  since: {
    filing: "filing-1",
    at: moment(0),
    sum: "64120",
    known: true,
    added: [{ voucher: "HB/10498/2026-04-29", vat: "-912.00" }],
    removed: [],
    changed: [{ voucher: "HB/10471/2026-04-28", vat: "200.00" }],
    count: 2,
  },
};

export const book: BookView = {
  version: "1.30",
  company: "Fjordlys Interiør AS",
  orgNumber: "311797816",
  several: [],
  mayFile: "yes",
  system: "Balanse 8.2",
  created: "2026-06-09",
  from: "2026-01-01",
  to: "2026-05-31",
  vouchers: 447,
  lines: 1386,
  readAt: moment(0),
  kind: "twoMonths",
  category: "ordinary",
  learnt: true,
  periods: [
    {
      key: "2026-1",
      name: "Januar–februar 2026",
      vouchers: 212,
      sum: "64120",
      missing: null,
      over: true,
      deadline: "2026-04-10",
      due: false,
      filed: { filing: "filing-1", at: moment(-5_000_000), sum: "64120", state: "received", same: true },
    },
    {
      key: "2026-2",
      name: "Mars–april 2026",
      vouchers: 204,
      sum: "77457",
      missing: null,
      over: true,
      deadline: "2026-06-10",
      due: true,
      filed: null,
    },
    {
      key: "2026-3",
      name: "Mai–juni 2026",
      vouchers: 31,
      sum: "9910",
      missing: "1. juni–30. juni",
      over: false,
      deadline: "2026-08-31",
      due: false,
      filed: null,
    },
  ],
  chosen: "2026-2",
  facts: [
    { good: true, title: "Organisasjonsnummeret er ditt", text: "Ingrid Solvang kan sende for Fjordlys Interiør AS." },
    { good: true, title: "Debet og kredit stemmer", text: "i alle 447 bilag" },
    { good: true, title: "1 egne koder mangler standardkode", text: "«V9», som du blir spurt om" },
    {
      good: false,
      title: "38 linjer mangler mva-beløp",
      text: "Momsbud henter beløpet fra mva-kontoene på samme bilag, ellers grunnlag × sats.",
    },
  ],
  draft,
  keepFile: false,
  made: null,
};

export const delivery = (more: Partial<BooksView> = {}): BooksView => ({
  id: "books-1",
  files: [{ name: FILE, size: 4200, sha256: SHA }],
  state: "open",
  done: 4200,
  total: 4200,
  problem: null,
  book,
  ...more,
});

export const refused = (problem: BooksProblem): BooksView =>
  delivery({ state: "refused", problem, book: null, done: 0 });

export const truncated: BooksProblem = {
  kind: "truncated",
  file: FILE,
  title: "Filen slutter midt i",
  text: `${FILE}: Filen slutter for tidlig, ved linje 20114, bilag 10233. Eksporter på nytt.`,
  todo: "Lag filen på nytt i regnskapssystemet. Momsbud bruker aldri en halv fil.",
  details: "the file ends too early, at line 20114, voucher 10233",
};

export const origin = (books: string): OriginView => ({
  books,
  files: [{ name: FILE, size: 4200, sha256: SHA }],
  vouchers: 204,
  answers: 4,
  madeAt: moment(0),
});

const PARTIES = ["Hotell Skarven AS", "Vestre Aker Boligbyggelag", "Kontorfellesskapet DA", "Brygga Eiendom AS"];

const row = (at: number): BooksRow => ({
  voucher: at,
  number: String(10479 - at),
  date: `2026-04-${String(30 - (at % 30)).padStart(2, "0")}`,
  text: `Faktura ${2211 - at}`,
  account: "3000",
  accountName: "Salg",
  party: PARTIES[at % PARTIES.length] ?? "",
  own: "25U",
  base: `${38_400 - 10 * at}.00`,
  vat: `${9600 - 2.5 * at}`.includes(".") ? `${9600 - 2.5 * at}0` : `${9600 - 2.5 * at}.00`,
});

const ROWS = Array.from({ length: 98 }, (_, at) => row(at));

export function page(query: BooksQuery, from: number, count: number): BooksPage {
  const words = query.search.toLowerCase();
  const rows = query.question === null ? ROWS : ROWS.map((it) => ({ ...it, account: "", own: "", base: "-50.00" }));
  const found = rows.filter((it) => `${it.number} ${it.text} ${it.party} ${it.account}`.toLowerCase().includes(words));
  return {
    found: found.length,
    total: ROWS.length,
    reversed: 2,
    rows: found.slice(from, from + count),
    base: query.question === null ? "502880.00" : "-4900.00",
    vat: query.question === null ? "125720.00" : "8420.00",
    withoutTexts: false,
  };
}

export const voucher = (at: number): BooksVoucher => ({
  voucher: at,
  number: String(10479 - at),
  journal: "HB",
  date: "2026-04-28",
  period: "4/2026",
  text: "Justering varebil, mval. kap. 9",
  party: PARTIES[2] ?? "",
  reference: "2209",
  lines: [
    { account: "2710", name: "Inngående mva, høy sats", text: "", own: "", debit: "1250.00", credit: null },
    { account: "1230", name: "Varebiler", text: "", own: "", debit: null, credit: "1250.00" },
  ],
  balanced: true,
});

const asBookedOrNot = [
  { answer: "include", title: "Ta med som bokført", detail: "", effect: "0", sum: "77457", suggested: false },
  {
    answer: "leave_out",
    title: "Hold utenfor",
    detail: "Blir ikke med i meldingen.",
    effect: "-8420",
    sum: "69037",
    suggested: false,
  },
];

export const opened = (asked: BooksQuestion): BooksQuestionView => ({
  ...openedPosting(asked),
  ...(asked.id === unbalanced.id ? { options: asBookedOrNot, lasting: null } : {}),
});

const openedPosting = (asked: BooksQuestion): BooksQuestionView => ({
  question: asked,
  vouchers: asked.vouchers > 0 ? [voucher(1)] : [],
  options: [
    {
      answer: "1 justering",
      title: "Justering av inngående mva",
      detail: "Egen linje: kode 1, justering.",
      effect: "-1250",
      sum: "76207",
      suggested: true,
    },
    {
      answer: "1",
      title: "Vanlig fradrag, koden mangler",
      detail: "Legges til kode 1.",
      effect: "-1250",
      sum: "76207",
      suggested: false,
    },
    {
      answer: "ignore",
      title: "Hører ikke til meldingen",
      detail: "For eksempel oppgjør eller feilføring. Mva-kontoene vil ikke stemme med meldingen.",
      effect: "0",
      sum: "77457",
      suggested: false,
    },
  ],
  free: asked.kind === "unmapped_code" ? "code" : "none",
  given: asked.answer === null ? null : "1 justering",
  lasting: "Gjør det samme neste gang 1230 føres mot 2710 hos Fjordlys Interiør AS",
});

/** A draft after an answer. */
export function answered(before: BooksDraft, id: string, answer: string | null): BooksDraft {
  const given = answer === null ? null : "Justering av inngående mva";
  const after = before.questions.map((it) => (it.id === id ? { ...it, answer: given, must: false } : it));
  return {
    ...before,
    questions: after,
    sum: id === posting.id && answer !== null ? "76207" : before.sum,
    open: after.filter((it) => it.answer === null).length,
    must: after.filter(({ must }) => must).length,
  };
}

/** With vouchers that do not balance, all of them one question. */
export const withUnbalanced: BooksDraft = { ...draft, questions: [unbalanced, ...draft.questions] };

export const samples: BooksSample[] = [
  { id: "saft-fjordlys", company: "Fjordlys Interiør AS", about: "Alt stemmer" },
  { id: "saft-vika", company: "Vika Tolketjenester AS", about: "Med spørsmål å svare på" },
  { id: "saft-ronvik", company: "Rønvik Arkitektkontor", about: "Meldingen og kontoene er uenige" },
];

export const memory: BooksMemory[] = [
  {
    orgNumber: "311797816",
    company: "Fjordlys Interiør AS",
    system: "Balanse",
    answers: [
      { id: "unmapped_code:V9", title: "Ukjent mva-kode", about: "V9", answer: "Ikke i meldingen", period: null },
    ],
  },
];
