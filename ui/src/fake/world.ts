/** The invented companies, persons and filings of the fake backend: one evening, the day before a deadline. */
import type {
  CauseView,
  NeighbourView,
  AttachmentView,
  CheckView,
  ClockView,
  EarlierView,
  ErrorCode,
  ErrorView,
  FilingRow,
  FilingState,
  FilingView,
  FindingView,
  LanguageName,
  LineView,
  PaymentView,
  ReturnCard,
  ReturnView,
  SessionView,
  StartView,
  StepName,
  StepState,
  StepView,
  UnfinishedView,
} from "../bindings";
import { inLanguage, type Said } from "./said";
import { meaning } from "./states";

/** Tuesday 9 June 2026, 18.42 in Norway. */
export const EVENING = Date.parse("2026-06-09T16:42:00Z");
const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

export const moment = (minutes: number, from = EVENING): string => new Date(from + minutes * MINUTE).toISOString();
export const lasting = (pastMinutes: number, leftMinutes: number): ClockView => ({
  from: moment(-pastMinutes),
  until: moment(leftMinutes),
});

export const words = {
  twoMonthly: {
    nb: "alminnelig næring, to måneder",
    nn: "alminneleg næring, to månader",
    en: "ordinary business, two months",
  },
  period: { nb: "Mars–april 2026", nn: "Mars–april 2026", en: "March–April 2026" },
  earlier: { nb: "Januar–februar 2026", nn: "Januar–februar 2026", en: "January–February 2026" },
  salesNorway: {
    nb: "Salg av varer og tjenester i Norge",
    nn: "Sal av varer og tenester i Noreg",
    en: "Sales of goods and services in Norway",
  },
  salesAbroad: {
    nb: "Salg av varer og tjenester til utlandet (eksport)",
    nn: "Sal av varer og tenester til utlandet (eksport)",
    en: "Sales of goods and services abroad (export)",
  },
  purchases: {
    nb: "Kjøp av varer og tjenester i Norge",
    nn: "Kjøp av varer og tenester i Noreg",
    en: "Purchases of goods and services in Norway",
  },
  imports: {
    nb: "Kjøp av varer fra utlandet (import)",
    nn: "Kjøp av varer frå utlandet (import)",
    en: "Purchases of goods from abroad (import)",
  },
  sale: {
    nb: "Salg og uttak av varer og tjenester (høy sats)",
    nn: "Sal og uttak av varer og tenester (høg sats)",
    en: "Sales and withdrawals of goods and services (standard rate)",
  },
  exportFree: {
    nb: "Salg av varer og tjenester til utlandet som er fritatt for merverdiavgift",
    nn: "Sal av varer og tenester til utlandet som er fritekne for meirverdiavgift",
    en: "Sales of goods and services abroad that are exempt from VAT",
  },
  purchase: {
    nb: "Kjøp av varer og tjenester med fradragsrett",
    nn: "Kjøp av varer og tenester med frådragsrett",
    en: "Purchases of goods and services, deductible",
  },
  importGoods: {
    nb: "Kjøp av varer fra utlandet med fradragsrett",
    nn: "Kjøp av varer frå utlandet med frådragsrett",
    en: "Purchases of goods from abroad, deductible",
  },
  importDeduction: {
    nb: "Fradrag på kjøp av varer fra utlandet",
    nn: "Frådrag på kjøp av varer frå utlandet",
    en: "Deduction on purchases of goods from abroad",
  },
  accrual: { nb: "Periodisering", nn: "Periodisering", en: "Accrual" },
  services: { nb: "Tjenesteeksport", nn: "Tenesteeksport", en: "Export of services" },
  creditNote: { nb: "Kreditnota", nn: "Kreditnota", en: "Credit note" },
} satisfies Record<string, Said>;

export const period = (language: LanguageName): string => inLanguage(words.period, language);
export const kind = (language: LanguageName): string => inLanguage(words.twoMonthly, language);

const line = (
  number: number,
  code: string,
  description: string,
  vat: string,
  more: Partial<LineView> = {},
): LineView => ({
  number,
  code,
  description,
  specification: null,
  ownCode: null,
  remark: null,
  freeText: null,
  base: null,
  rate: null,
  vat,
  deduction: false,
  ...more,
});

/** The return of the story; `fixed` is the corrected file. */
export function content(language: LanguageName, fixed = true, more: Partial<ReturnView> = {}): ReturnView {
  const w = (word: Said) => inLanguage(word, language);
  return {
    orgNumber: "311797816",
    companyName: "Fjordlys Interiør AS",
    period: period(language),
    kind: kind(language),
    deadline: "2026-06-10",
    assessedVat: fixed ? "77457" : "77511",
    system: "Balanse 8.2",
    remark: null,
    freeText: null,
    groups: [
      {
        title: w(words.salesNorway),
        lines: [
          line(1, "3", w(words.sale), "128120", { base: "512480", rate: "25" }),
          line(2, "3", w(words.sale), "-2400", {
            base: "-9600",
            rate: "25",
            remark: fixed ? w(words.creditNote) : null,
          }),
          line(3, "31", w(words.sale), fixed ? "12639" : "12693", { base: "84260", rate: "15" }),
        ],
      },
      {
        title: w(words.salesAbroad),
        lines: [line(4, "52", w(words.exportFree), "0", { base: "46000", rate: "0", remark: w(words.services) })],
      },
      {
        title: w(words.purchases),
        lines: [
          line(5, "1", w(words.purchase), "-56310", { remark: w(words.accrual) }),
          line(6, "11", w(words.purchase), "-3182"),
          line(7, "13", w(words.purchase), "-1410"),
        ],
      },
      {
        title: w(words.imports),
        lines: [
          line(8, "81", w(words.importGoods), "9600", { base: "38400", rate: "25" }),
          line(9, "81", w(words.importDeduction), "-9600", { deduction: true }),
        ],
      },
    ],
    sha256: "5b0c7e0f4a2d4c6e9a1f3b5d7c9e1a3b5c7d9e0f1a2b3c4d5e6f708192a3b4c5",
    size: 18_204,
    ...more,
  };
}

export function findings(language: LanguageName): FindingView[] {
  const nb = language !== "en";
  return [
    {
      number: 1,
      rule: "R020",
      identifier: "MVA_GRUNNLAG_NEGATIVT_UTEN_MERKNAD",
      severity: "invalid",
      title: nb ? "negativt grunnlag må ha merknad" : "a negative base needs a note",
      message: nb ? "Kode 3 har grunnlag −9 600 og ingen merknad." : "Code 3 has base −9 600 and no remark.",
      advice: nb
        ? "velg merknaden «kreditnota», eller en annen som passer, i regnskapssystemet."
        : "choose the note “kreditnota”, or another that fits, in the accounting system.",
      line: 2,
      xmlLine: 41,
      xmlColumn: 9,
      vatCode: "3",
      byMomsbud: true,
      authorityText: "Når grunnlaget er negativt, må merknad være oppgitt.",
    },
    {
      number: 2,
      rule: "R019",
      identifier: "MVA_SATS_STEMMER_IKKE",
      severity: "deviating",
      title: nb ? "84 260 × 15 % er 12 639, ikke 12 693" : "84 260 × 15 % is 12 639, not 12 693",
      message: nb
        ? "Avviket er 54 kr. To sifre kan være byttet om."
        : "The difference is 54 kr. Two digits may be swapped.",
      advice: nb
        ? "sjekk bilagene på kode 31. Meldingen kan sendes slik, men Skatteetaten ser avviket."
        : "check the vouchers on code 31. The return can be filed as it is, but the Tax Administration sees the difference.",
      line: 3,
      xmlLine: 52,
      xmlColumn: 9,
      vatCode: "31",
      byMomsbud: true,
      authorityText: null,
    },
  ];
}

/** A rate as the system wrote it: one mistake behind both findings. */
export const cause = (language: LanguageName, more: Partial<CauseView> = {}): CauseView => ({
  text:
    language === "en"
      ? "The rate is written as 25.0, and the list has 25."
      : language === "nn"
        ? "Satsen er skriven 25.0, og lista har 25."
        : "Satsen er skrevet 25.0, og listen har 25.",
  findings: [1, 2],
  mend: true,
  ...more,
});

/** A file that is no return. The office says the words; these are its own for a verdict. */
export function neighbour(language: LanguageName, more: Partial<NeighbourView> = {}): NeighbourView {
  const nb = language !== "en";
  return {
    kind: "validationResult",
    title: nb
      ? "Dette er Skatteetatens svar på en mva-melding (valideringsresultat)."
      : "This is the Tax Administration's answer to a VAT return (valideringsresultat).",
    advice: nb
      ? "Les svaret her. Er meldingen ugyldig, rett den i regnskapssystemet og send den på nytt."
      : "Read the answer here. If the return is invalid, correct it in the accounting system and file it again.",
    verdict: "invalid",
    facts: [{ label: nb ? "Svar" : "Verdict", value: nb ? "Ugyldig: ikke godtatt" : "Invalid: not accepted" }],
    findings: findings(language).slice(0, 1),
    sheet: false,
    ...more,
  };
}

export const unchecked: CheckView = {
  verdict: "ok",
  authorityAt: null,
  running: false,
  problem: null,
  findings: [],
  causes: [],
};
export const checkedOk: CheckView = { ...unchecked, authorityAt: moment(0) };

export function card(language: LanguageName, more: Partial<ReturnCard> = {}): ReturnCard {
  return {
    id: "card-1",
    fileName: "fjordlys-2026-2.xml",
    readAt: moment(0),
    content: content(language),
    problem: null,
    neighbour: null,
    check: unchecked,
    attachments: [],
    earlier: null,
    instance: null,
    origin: null,
    draft: null,
    mended: false,
    canMend: true,
    filing: null,
    notes: [],
    brief: false,
    ...more,
  };
}

export const attachment = (name: string, more: Partial<AttachmentView> = {}): AttachmentView => ({
  id: `attachment-${name}`,
  name,
  size: 184_211,
  ending: name.slice(name.lastIndexOf(".") + 1),
  problem: null,
  ...more,
});

/** Two that are in order, as in the drawings. */
export const attachments = (): AttachmentView[] => [
  attachment("Kreditnota 10482.pdf"),
  attachment("Avstemming mars–april.xlsx", { size: 3_012_004 }),
];

/** The version that was delivered before, with one line changed, one added and one gone. */
export function earlier(language: LanguageName, more: Partial<EarlierView> = {}): EarlierView {
  const lines = content(language, true).groups.flatMap((group) => group.lines);
  const [first, second, third, ...rest] = lines;
  const changed = (line: LineView | undefined, vat: string, base: string | null): LineView[] =>
    line ? [{ ...line, vat, base }] : [];
  return {
    filing: "r1",
    deliveredAt: moment(-3 * 24 * 60),
    filedBy: "Ingrid Solvang",
    rejected: false,
    difference: {
      none: false,
      assessedBefore: "75057",
      assessedAfter: "77457",
      lines: [
        ...(first ? [{ change: "same" as const, before: first, after: first }] : []),
        ...(second
          ? [{ change: "changed" as const, before: changed(second, "-4800", "-19200")[0] ?? null, after: second }]
          : []),
        ...(third ? [{ change: "added" as const, before: null, after: third }] : []),
        ...changed(third, "12639", "84260").map((line) => ({
          change: "removed" as const,
          before: { ...line, code: "32", rate: "11,11" },
          after: null,
        })),
        ...rest.map((line) => ({ change: "same" as const, before: line, after: line })),
      ],
    },
    ...more,
  };
}

export const unfinished = (language: LanguageName): UnfinishedView[] => [
  {
    instance: "50000001/0a1b2c3d-5d0b-4e7a-9b7e-0c2f1d3a5b6c",
    orgNumber: "311797816",
    createdAt: moment(-26 * 60),
    changedAt: moment(-25 * 60),
    stage: "filling",
    period: inLanguage(words.period, language),
    assessedVat: "77457",
    attachments: 2,
    canContinue: true,
    filing: null,
  },
  {
    instance: "50000001/1a1b2c3d-5d0b-4e7a-9b7e-0c2f1d3a5b6c",
    orgNumber: "311797816",
    createdAt: moment(-9 * 24 * 60),
    changedAt: moment(-9 * 24 * 60),
    stage: "filling",
    period: null,
    assessedVat: null,
    attachments: 0,
    canContinue: false,
    filing: null,
  },
  {
    instance: "50000001/2a1b2c3d-5d0b-4e7a-9b7e-0c2f1d3a5b6c",
    orgNumber: "311797816",
    createdAt: moment(-60),
    changedAt: moment(-30),
    stage: "signing",
    period: inLanguage(words.earlier, language),
    assessedVat: "-12640",
    attachments: 0,
    canContinue: false,
    filing: "r3",
  },
];

export const error = (code: ErrorCode, more: Partial<ErrorView> = {}): ErrorView => ({
  code,
  message: `${code}, as the office says it in English.`,
  details: ["HTTP 409 POST /skd/mva-melding-innsending-v1/instances", "2026-06-09T16:42:07Z"],
  values: {},
  delivered: "no",
  ...more,
});

export const ingrid: SessionView = {
  authorizationId: "a1",
  name: "Ingrid Solvang",
  maskedId: "140381 •••••",
  integration: "Momsbud øving",
  integrationId: "standard",
  signedInAt: moment(-18),
  scopes: [
    "openid",
    "profile",
    "skatteetaten:mvameldingvalidering",
    "altinn:instances.read",
    "altinn:instances.write",
  ].map((scope) => ({ scope, granted: true })),
  idPorten: lasting(18, 102),
  altinn: lasting(18, 102),
  altinnProblem: null,
  authorization: { from: "2025-07-02T07:14:00Z", until: "2026-07-02T17:14:00Z" },
  renewsItself: true,
  companies: [
    { orgNumber: "311797816", name: "Fjordlys Interiør AS" },
    { orgNumber: "315203857", name: "Vika Tolketjenester AS" },
    { orgNumber: "312760428", name: "Granås Regnskog Design" },
  ],
};

/** In the order of a filing. A step that the office gets and that is not here, or the other way round, does not compile. */
const order: Record<StepName, number> = {
  instance: 0,
  envelope: 1,
  return: 2,
  attachments: 3,
  fill: 4,
  confirm: 5,
  feedback: 6,
  archive: 7,
};
export const allSteps = (Object.keys(order) as StepName[]).sort((a, b) => order[a] - order[b]);

/** Steps of a filing that has come to `now`; `null` when all are done. */
export function steps(now: StepName | null, state: StepState = "running", attached = false): StepView[] {
  const at = now === null ? allSteps.length : allSteps.indexOf(now);
  return allSteps.map((step, index) => {
    if (step === "attachments" && !attached) return { step, state: "skipped", at: null };
    if (index < at) return { step, state: "done", at: new Date(EVENING + (index + 1) * 2000).toISOString() };
    return { step, state: index === at ? state : "pending", at: null };
  });
}

export function row(more: Partial<FilingRow> = {}): FilingRow {
  return {
    id: "filing-1",
    environment: "practice",
    orgNumber: "311797816",
    companyName: "Fjordlys Interiør AS",
    period: words.period.nb,
    kind: words.twoMonthly.nb,
    assessedVat: "77457",
    state: "received",
    verdict: "accepted",
    replaced: false,
    filedBy: "Ingrid Solvang",
    begunAt: moment(-3),
    deliveredAt: moment(-1),
    kid: "3126415570260201",
    ...more,
  };
}

/**
 * What the office tells of a payment: by the return's sum, because the authority answers 0 with a day when money comes
 * back. What has not been accepted yet has neither KID nor account.
 */
export const payment = (sum: string, provisional = false): PaymentView => ({
  amount: sum,
  kid: provisional || sum.startsWith("-") || sum === "0" ? null : "3126415570260201",
  account: provisional || sum.startsWith("-") || sum === "0" ? null : "12345678903",
  due: sum.startsWith("-") || sum === "0" ? null : "2026-06-10",
  provisional,
  invented: null,
});

export function filing(
  state: FilingState,
  more: Partial<FilingView> = {},
  rowMore: Partial<FilingRow> = {},
): FilingView {
  const { come, answer } = meaning[state];
  const delivered = come === "delivered";
  const received = answer?.verdict === "accepted";
  const sum = rowMore.assessedVat ?? "77457";
  return {
    id: rowMore.id ?? "filing-1",
    row: row({
      state,
      deliveredAt: delivered ? moment(-1) : null,
      kid: received ? "3126415570260201" : null,
      verdict: answer?.verdict ?? null,
      ...rowMore,
    }),
    authorizationId: "a1",
    signedBy: null,
    correction: false,
    attachments: [],
    steps: steps(answer ? null : delivered ? "feedback" : "return"),
    problem: null,
    delivered: delivered ? "yes" : "no",
    canCancel: come === "begun",
    payment: delivered ? payment(sum, !received) : null,
    deviations: [],
    substatus: answer ? { label: "Mottatt", description: "Mva-meldingen er levert og mottatt av Skatteetaten." } : null,
    files: answer
      ? [
          { name: "kvittering.pdf", size: 92_114 },
          { name: "betalingsinformasjon.xml", size: 1204 },
          { name: "valideringsresultat.xml", size: 968 },
          { name: "mva-melding.xml", size: 18_204 },
        ]
      : [],
    archiveFolder: answer ? "Dokumenter/Momsbud/Øving/Fjordlys Interiør AS/2026 mars–april" : null,
    hasReceipt: answer !== undefined,
    instance: "50000001/7c1e9a04-5d0b-4e7a-9b7e-0c2f1d3a5b6c",
    timeline: [
      { at: moment(-9), event: "read" },
      { at: moment(-4), event: "checked" },
      { at: moment(-3), event: "created" },
      ...(delivered
        ? ([
            { at: moment(-3), event: "uploaded" },
            { at: moment(-2), event: "filled" },
            { at: moment(-2), event: "confirmed" },
          ] as const)
        : []),
      ...(answer
        ? ([
            { at: moment(-1), event: answer.event },
            { at: moment(-1), event: "fetched" },
          ] as const)
        : []),
    ],
    ...more,
  };
}

const recentRows: readonly [string, string, string, string, FilingState, number][] = [
  ["r1", "Nesodden Båtbyggeri AS", "311618385", "41208", "received", -157],
  ["r2", "Vika Tolketjenester AS", "315203857", "-12640", "received", -164],
  ["r3", "Havgløtt Sjømat AS", "310424331", "-208411", "waitingSignature", -24 * 60 - 262],
  ["r4", "Hardanger Siderhus AS", "313125688", "96350", "waitingAnswer", -24 * 60 - 430],
  ["r5", "Havgløtt Sjømat AS", "310424331", "-187020", "received", -24 * 60 - 442],
];

export const recent = (language: LanguageName): FilingRow[] =>
  recentRows.map(([id, companyName, orgNumber, assessedVat, state, minutes]) =>
    row({
      id,
      companyName,
      orgNumber,
      assessedVat,
      state,
      period: period(language),
      kind: kind(language),
      begunAt: moment(minutes),
      deliveredAt: meaning[state].come === "delivered" ? moment(minutes) : null,
    }),
  );

export function start(language: LanguageName, more: Partial<StartView> = {}): StartView {
  const en = language === "en";
  return {
    version: "0.1.0",
    environment: "practice",
    preferences: { language, theme: "system", textSize: 100, introduced: true },
    today: "2026-06-09",
    session: ingrid,
    signIn: null,
    work: null,
    keyring: "available",
    clockOffMinutes: null,
    cards: [],
    batch: null,
    register: null,
    recovery: null,
    review: null,
    recent: recent(language),
    samples: [
      {
        id: "fjordlys",
        company: "Fjordlys Interiør AS",
        period: period(language),
        about: en ? "in order" : "i orden",
      },
      {
        id: "vika",
        company: "Vika Tolketjenester AS",
        period: period(language),
        about: en ? "refund" : "til gode",
      },
      {
        id: "granas",
        company: "Granås Regnskog Design",
        period: period(language),
        about: en ? "must be corrected" : "må rettes",
      },
    ],
    archiveFolder: "Dokumenter/Momsbud",
    ...more,
  };
}
