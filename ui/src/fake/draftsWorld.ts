/** Invented drafts and spreadsheets, as an office would show them. */
import type {
  DraftCode,
  DraftFinding,
  DraftGroup,
  DraftLineView,
  DraftRow,
  DraftView,
  FoundCompany,
  SheetThere,
  SheetView,
} from "../bindings";
import { moment } from "./world";

export const remarks = [
  [
    { value: "kreditnota", words: "Kreditnota" },
    { value: "avvikende fakturering", words: "Avvikende fakturering" },
  ],
  [{ value: "tjenesteeksport", words: "Tjenesteeksport" }],
];

export const line = (id: number, code: string | null, more: Partial<DraftLineView> = {}): DraftLineView => ({
  id,
  code,
  description: "Salg og uttak av varer og tjenester",
  deduction: false,
  specification: null,
  specifications: code === "3" ? [{ value: "uttak", words: "Uttak" }] : [],
  remark: null,
  remarkList: 0,
  ownCode: null,
  hasBase: true,
  base: { amount: null, text: null },
  rate: "25",
  rates: ["25"],
  vat: { amount: null, text: null },
  vatTyped: false,
  computed: null,
  offBy: null,
  ...more,
});

const filled = (base: string, vat: string): Partial<DraftLineView> => ({
  base: { amount: base, text: null },
  vat: { amount: vat, text: null },
  computed: vat,
});

const input = { hasBase: false, rate: null, rates: [], description: "Kjøp av varer og tjenester med fradragsrett" };

export const emptyGroups: DraftGroup[] = [
  { title: "Salg av varer og tjenester i Norge", lines: [line(0, "3")] },
  { title: "Kjøp av varer og tjenester i Norge", lines: [line(1, "1", input)] },
];

export const groups: DraftGroup[] = [
  {
    title: "Salg av varer og tjenester i Norge",
    lines: [
      line(0, "3", filled("186400", "46600")),
      line(1, "3", filled("-1200", "-300")),
      line(2, "31", {
        ...filled("5000", "705"),
        rate: "15",
        rates: ["15"],
        vatTyped: true,
        computed: "750",
        offBy: "-45",
      }),
    ],
  },
  {
    title: "Salg av varer og tjenester til utlandet (eksport)",
    lines: [
      line(3, "52", {
        ...filled("92500", "0"),
        description: "Salg til utlandet som er fritatt for merverdiavgift",
        rate: "0",
        rates: ["0"],
        remark: { text: "tjenesteeksport", chosen: true },
        remarkList: 1,
      }),
    ],
  },
  {
    title: "Kjøp av varer og tjenester i Norge",
    lines: [line(4, "1", { ...input, vat: { amount: "-21240", text: null }, vatTyped: true })],
  },
  {
    title: "Kjøp av tjenester fra utlandet",
    lines: [
      line(5, "86", {
        ...filled("24800", "6200"),
        description: "Kjøp av tjenester fra utlandet med fradragsrett (høy sats)",
      }),
      line(6, "86", {
        description: "Fradrag på kjøp av tjenester fra utlandet",
        deduction: true,
        hasBase: false,
        rate: null,
        rates: [],
        vat: { amount: "-6200", text: null },
        computed: "-6200",
      }),
    ],
  },
];

export const findings: DraftFinding[] = [
  {
    number: 1,
    rule: "R020",
    identifier: "MVA_MELDINGSINNHOLD_UTGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER",
    severity: "invalid",
    title: "merknad mangler",
    message: "Kode 3 har grunnlag −1 200 kr og ingen merknad.",
    line: 1,
    field: "remark",
    fixes: [
      {
        kind: "chooseRemark",
        value: "Kreditnota",
        edit: { kind: "remark", line: 1, remark: { text: "kreditnota", chosen: true } },
      },
    ],
  },
  {
    number: 2,
    rule: "R019",
    identifier: "MVA_MELDINGSINNHOLD_GRUNNLAG_GANGER_GJELDENDE_SATS_FEIL_BEREGNET",
    severity: "deviating",
    title: "mva stemmer ikke",
    message: "Kode 31: 5 000 kr × 15 % er 750 kr, ikke 705 kr. Avviket er 45 kr. To sifre kan være byttet om.",
    line: 2,
    field: "vat",
    fixes: [{ kind: "useVat", value: "750", edit: { kind: "type", line: 2, field: "vat", text: "" } }],
  },
];

export const draft = (more: Partial<DraftView> = {}): DraftView => ({
  id: "draft-1",
  revision: 4,
  changed: moment(2),
  discarded: false,
  orgNumber: "315203856",
  companyName: "Vika Tolketjenester AS",
  companyKnown: true,
  companyLookup: true,
  period: "twoMonths-2026-2",
  periodName: "Mars–april 2026",
  kind: "twoMonths",
  category: "ordinary",
  kindWords: "alminnelig næring, to måneder",
  periods: [
    { key: "twoMonths-2026-3", name: "Mai–juni 2026", kind: "twoMonths" },
    { key: "twoMonths-2026-2", name: "Mars–april 2026", kind: "twoMonths" },
    { key: "twoMonths-2026-1", name: "Januar–februar 2026", kind: "twoMonths" },
    { key: "year-2025-1", name: "2025", kind: "year" },
  ],
  deadline: "2026-06-10",
  over: true,
  sum: "25765",
  empty: false,
  groups,
  kid: null,
  remark: null,
  remarks: [{ value: "feil i regnskapsprogram", words: "Feil i regnskapsprogram" }],
  remarkLists: remarks,
  findings: [],
  canUndo: true,
  canRedo: false,
  origin: "asLast",
  file: null,
  before: { period: "Januar–februar 2026", at: moment(-61 * 24 * 60) },
  attachments: [],
  filed: null,
  lastYear: {
    year: 2025,
    thisYear: 2026,
    rows: [
      { code: "3", description: "Salg og uttak av varer og tjenester", before: "171900", now: "185200" },
      { code: "52", description: "Salg til utlandet", before: "88000", now: "92500" },
      { code: "1", description: "Kjøp av varer og tjenester", before: "-19870", now: "-21240" },
    ],
    before: "23105",
  },
  mended: [],
  card: null,
  told: [],
  ...more,
});

export const empty = (more: Partial<DraftView> = {}): DraftView =>
  draft({ groups: emptyGroups, sum: "0", empty: true, ...more });

export const faulty = (more: Partial<DraftView> = {}): DraftView => draft({ findings, ...more });

export const withFiles = (): DraftView =>
  draft({
    period: "twoMonths-2026-5",
    periodName: "September–oktober 2026",
    periods: [{ key: "twoMonths-2026-5", name: "September–oktober 2026", kind: "twoMonths" }],
    sum: "4212000",
    attachments: [
      { id: "file-1", name: "Kreditnota 10482.pdf", size: 48_200, ending: "pdf", problem: null },
      { id: "file-2", name: "Årsoppgjør med avstemming.png", size: 1_248_200, ending: "png", problem: null },
    ],
    findings: [
      {
        number: 1,
        rule: null,
        identifier: "tenfold",
        severity: "deviating",
        title: "stemmer 4 212 000 kr?",
        message: "Summen er mer enn ti ganger den forrige: 23 105 kr for juli–august 2026.",
        line: null,
        field: null,
        fixes: [],
      },
    ],
  });

export const mended = (): DraftView =>
  draft({
    origin: "return",
    file: "fjordlys-2026-2.xml",
    mended: [
      { kind: "rate", element: "sats", vatCode: "3", before: "25.0", after: "25", xmlLine: 22 },
      { kind: "amount", element: "grunnlag", vatCode: "3", before: "1250.0", after: "1250", xmlLine: 21 },
      {
        kind: "payment-missing",
        element: "betalingsinformasjon",
        vatCode: null,
        before: null,
        after: null,
        xmlLine: 60,
      },
    ],
    filed: { filing: "filing-1", at: moment(-60 * 24 * 60), sum: "64120" },
  });

export const row = (more: Partial<DraftRow> = {}): DraftRow => ({
  id: "draft-1",
  orgNumber: "315203856",
  companyName: "Vika Tolketjenester AS",
  period: "Mars–april 2026",
  sum: "25360",
  origin: "asLast",
  file: null,
  empty: false,
  invalid: 0,
  deviating: 0,
  changed: moment(-20),
  keptUntil: null,
  filed: false,
  dropped: false,
  card: null,
  ...more,
});

export const codes: DraftCode[] = [
  {
    code: "3",
    theme: "Salg av varer og tjenester i Norge",
    description: "Salg og uttak av varer og tjenester (høy sats)",
    rates: ["25"],
  },
  {
    code: "31",
    theme: "Salg av varer og tjenester i Norge",
    description: "Salg og uttak av varer og tjenester (middels sats)",
    rates: ["15"],
  },
  {
    code: "52",
    theme: "Salg av varer og tjenester til utlandet (eksport)",
    description: "Salg til utlandet som er fritatt for merverdiavgift",
    rates: ["0"],
  },
  {
    code: "1",
    theme: "Kjøp av varer og tjenester i Norge",
    description: "Kjøp av varer og tjenester med fradragsrett (høy sats)",
    rates: ["25"],
  },
  {
    code: "86",
    theme: "Kjøp av tjenester fra utlandet",
    description: "Kjøp av tjenester fra utlandet med fradragsrett (høy sats)",
    rates: ["25"],
  },
  {
    code: "87",
    theme: "Kjøp av tjenester fra utlandet",
    description: "Kjøp av tjenester fra utlandet uten fradragsrett (høy sats)",
    rates: ["25"],
  },
];

export const sheet = (more: Partial<SheetView> = {}): SheetView => ({
  file: null,
  sheets: [""],
  sheet: 0,
  hidden: [],
  repeated: [],
  others: [],
  ambiguous: false,
  decimals: null,
  columns: [
    { column: 0, name: "Kode", meaning: "code" },
    { column: 1, name: "Tekst", meaning: "nothing" },
    { column: 2, name: "Grunnlag", meaning: "base" },
    { column: 3, name: "MVA", meaning: "vat" },
  ],
  rows: [
    {
      number: 1,
      cells: ["Kode", "Tekst", "Grunnlag", "MVA"],
      outcome: "heading",
      code: null,
      base: null,
      vat: null,
      troubles: [],
    },
    {
      number: 2,
      cells: ["3", "Salg høy sats", "186 400,00", "46 600,00"],
      outcome: "line",
      code: "3",
      base: "186400",
      vat: "46600",
      troubles: [],
    },
    {
      number: 3,
      cells: ["52", "Oppdrag utland", "kr 92.500,-", "0"],
      outcome: "line",
      code: "52",
      base: "92500",
      vat: "0",
      troubles: [],
    },
    {
      number: 4,
      cells: ["1", "Inngående", "", "21 240,49"],
      outcome: "line",
      code: "1",
      base: null,
      vat: "-21240",
      troubles: [],
    },
    {
      number: 5,
      cells: ["2", "Inngående middels", "", "318,00"],
      outcome: "trouble",
      code: null,
      base: null,
      vat: null,
      troubles: [{ address: "A5", text: "2", kind: "unknownCode" }],
    },
    { number: 6, cells: ["", "Sum", "", "68 158,49"], outcome: "sum", code: null, base: null, vat: null, troubles: [] },
  ],
  rowCount: 6,
  lines: 3,
  troubles: 1,
  cut: true,
  madeNegative: true,
  remembered: false,
  drafts: [
    {
      orgNumber: "315203856",
      companyName: "Vika Tolketjenester AS",
      period: "Mars–april 2026",
      sum: "25360",
      lines: 3,
      another: false,
      there: null,
      elsewhere: false,
    },
  ],
  ...more,
});

/** A draft of the sheet's return that lies there. */
export const there: SheetThere = {
  id: "draft-1",
  revision: 4,
  lines: 2,
  before: "12000",
  added: "37360",
  replaced: "25360",
};

export const besideAnother = sheet().drafts.map((it) => ({ ...it, another: true, there }));

/** What Enhetsregisteret has beside the companies of the person who is signed in. */
export const register: readonly FoundCompany[] = [
  { orgNumber: "310029211", name: "LAKSELV TREVARE AS", standing: "registered", branch: null },
  { orgNumber: "310029076", name: "KONKURSBOET TØMMERDAL AS", standing: "bankrupt", branch: null },
];
