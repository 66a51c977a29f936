/** Innsending: the first start, one return from the file to the receipt, and what goes wrong with it. */
import type { ErrorCode, ErrorView, LanguageName, NeighbourView, StartView } from "../../bindings";
import { testIds } from "../../testids";
import type { FakeOptions } from "../options";
import * as past from "../historyWorld";
import * as world from "../world";
import { filed, noAltinn, plain, production, ready, withCard, type Scene } from "./make";

/** A fresh installation: nobody has been here before. */
const firstStart =
  (more: Partial<StartView> = {}) =>
  (language: LanguageName): FakeOptions => {
    const fresh = world.start(language, { session: null, recent: [], ...more });
    return { start: { ...fresh, preferences: { ...fresh.preferences, introduced: false } } };
  };

const fileErrors: readonly ErrorCode[] = [
  "fileEmpty",
  "fileTooLarge",
  "fileIsFolder",
  "fileUnreadable",
  "linkLeadsOut",
  "filesLeftOut",
  "packedUnreadable",
  "fileMissing",
  "notXml",
  "notAReturn",
  "notReturns",
  "unsafeXml",
  "schemaInvalid",
  "attachmentAlone",
];

/** Of several files at once: which, and how many. */
const several: Partial<Record<ErrorCode, Partial<ErrorView>>> = {
  notReturns: {
    values: { file: "Regnskap 2026", count: "12" },
    details: ["bank.xml: camt.053", "saldobalanse.xml: saldobalanse", "tom.xml: ingenting"],
  },
  filesLeftOut: { values: { file: "Regnskap 2026", count: "340" }, details: ["2019: 200", "2020: 140"] },
  linkLeadsOut: {
    values: { file: "Regnskap 2026", count: "2" },
    details: ["gammelt: /srv/gammelt", "felles: /srv/felles"],
  },
};

const stops: readonly ErrorCode[] = [
  "needsSignIn",
  "unreachable",
  "authorityFault",
  "busy",
  "unreadableAnswer",
  "clockWrong",
  "diskFull",
  "scopeMissing",
  "anotherPerson",
  "preparing",
  "appMoved",
  "mayBeDelivered",
  "periodTaken",
  "registerAway",
  "registerRefused",
  "internal",
];

/** Who files the period meanwhile, as the office register knows it. */
const elsewhere = { person: "Kari Nordmann", desk: "Resepsjonen", at: world.moment(-6) };

/** Delivered, and rejected: Skatteetaten's reasons stand on their lines. */
const rejected = (start: Partial<StartView> = {}, correction = false) =>
  withCard(
    (language) => ({
      content: world.content(language, false),
      check: world.checkedOk,
      filing: world.filing("rejected", {
        problem: world.error("returnRejected", { delivered: "yes" }),
        deviations: world.findings(language),
        correction,
      }),
    }),
    start,
  );

const unclear = (start: Partial<StartView> = {}) =>
  withCard(
    () => ({
      check: world.checkedOk,
      filing: world.filing("unclear", { problem: world.error("answerUnclear", { delivered: "yes" }) }),
    }),
    start,
  );

/** A file that is no return, and is known. */
const beside = (
  fileName: string,
  neighbour: (language: LanguageName) => NeighbourView,
  code: ErrorCode = "notAReturn",
) =>
  withCard((language) => ({
    content: null,
    fileName,
    problem: world.error(code),
    neighbour: neighbour(language),
    check: { ...world.unchecked, verdict: "invalid" },
  }));

export const filing: readonly Scene[] = [
  { name: "welcome", options: firstStart() },
  { name: "welcome-how", act: [testIds.welcomeNext], options: firstStart() },
  { name: "welcome-try", act: [testIds.welcomeNext, testIds.welcomeNext], options: firstStart() },
  {
    name: "welcome-production",
    act: [testIds.welcomeNext, testIds.welcomeNext],
    options: firstStart(production),
  },
  { name: "empty-first", options: plain(() => ({ session: null, recent: [] })) },
  { name: "empty", options: plain() },
  { name: "reviewed", options: plain((language) => ({ ...production, review: past.review(language) })) },
  { name: "empty-production", options: plain(() => production) },
  { name: "hover", hover: "window", options: plain() },

  {
    name: "return-findings",
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
    })),
  },
  {
    name: "return-production",
    options: withCard(
      (language) => ({
        content: world.content(language, false),
        check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
      }),
      production,
    ),
  },
  {
    name: "return-cause",
    options: withCard((language) => ({
      content: world.content(language, false),
      check: {
        ...world.checkedOk,
        verdict: "invalid",
        findings: world.findings(language),
        causes: [world.cause(language)],
      },
    })),
  },
  {
    name: "return-cause-open",
    act: [testIds.causeFindings],
    options: withCard((language) => ({
      content: world.content(language, false),
      check: {
        ...world.unchecked,
        verdict: "invalid",
        findings: world.findings(language),
        causes: [world.cause(language, { findings: [2], mend: false })],
      },
    })),
  },
  { name: "return-signed-out", options: withCard(() => ({}), { session: null }) },
  { name: "return-todo", options: withCard(() => ({})) },
  { name: "return-checking", options: withCard(() => ({ check: { ...world.unchecked, running: true } })) },
  {
    name: "return-check-problem",
    options: withCard(() => ({ check: { ...world.unchecked, problem: world.error("unreachable") } })),
  },
  {
    name: "return-deviating",
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "deviating", findings: world.findings(language).slice(1) },
    })),
  },
  { name: "return-ready", options: withCard(ready) },
  {
    name: "return-nameless",
    options: withCard((language) => ({ ...ready(), content: world.content(language, true, { companyName: null }) })),
  },
  { name: "return-ready-production", options: withCard(ready, production) },
  { name: "return-no-altinn", options: withCard(ready, { session: noAltinn }) },
  {
    name: "return-long",
    options: withCard((language) => ({
      fileName: "eksport_mva-melding_trollheimen-ull-og-tradisjonshaandverk_2026_termin-2_versjon-3.xml",
      content: world.content(language, true, {
        companyName: "Trollheimen Ull og Tradisjonshåndverk Samvirkelag av 1897 SA under avvikling",
        assessedVat: "-123456789",
        deadline: "2026-06-01",
        remark: "Etterslep fra forrige termin er tatt med etter avtale, se vedlagt avstemming og brev av 3. mai.",
      }),
      check: world.checkedOk,
    })),
  },
  {
    name: "return-free-text",
    options: withCard((language) => {
      const said = world.content(language, true, {
        remark: "Etterslep fra forrige termin er tatt med etter avtale.",
        freeText: { instead: [] },
      });
      return {
        content: {
          ...said,
          groups: said.groups.map((group, index) => ({
            ...group,
            lines: group.lines.map((line, at) =>
              index === 0 && at === 0
                ? { ...line, remark: "Kreditnota 10482 til kunde", freeText: { instead: ["Kreditnota"] } }
                : line,
            ),
          })),
        },
        check: world.checkedOk,
      };
    }),
  },
  {
    name: "return-attachments",
    options: withCard(() => ({ check: world.checkedOk, attachments: world.attachments() })),
  },
  {
    name: "return-attachment-refused",
    options: withCard(() => ({
      check: world.checkedOk,
      attachments: [
        ...world.attachments(),
        world.attachment("Skannet bilag.pdf", {
          ending: null,
          problem: world.error("attachmentMismatch", {
            values: { file: "Skannet bilag.pdf", ending: "pdf", found: "png" },
          }),
        }),
        world.attachment("Notat fra møtet med revisor om periodisering.txt", {
          ending: null,
          size: 902,
          problem: world.error("attachmentType", {
            values: { file: "Notat fra møtet med revisor om periodisering.txt" },
          }),
        }),
      ],
    })),
  },
  {
    name: "return-correction",
    options: withCard((language) => ({ check: world.checkedOk, earlier: world.earlier(language) })),
  },
  {
    name: "return-correction-findings",
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
      earlier: world.earlier(language),
    })),
  },
  {
    name: "narrow-correction-findings",
    size: [900, 600],
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
      earlier: world.earlier(language),
    })),
  },
  {
    name: "return-correction-same",
    options: withCard((language) => ({
      check: world.checkedOk,
      earlier: world.earlier(language, {
        difference: { none: true, assessedBefore: "77457", assessedAfter: "77457", lines: [] },
      }),
    })),
  },
  {
    name: "return-after-rejected",
    options: withCard((language) => ({ check: world.checkedOk, earlier: world.earlier(language, { rejected: true }) })),
  },
  {
    name: "confirm-after-rejected",
    act: [testIds.file],
    options: withCard((language) => ({ check: world.checkedOk, earlier: world.earlier(language, { rejected: true }) })),
  },
  { name: "confirm", act: [testIds.file], options: withCard(ready, production) },
  { name: "confirm-practice", act: [testIds.file], options: withCard(ready) },
  { name: "confirm-test", act: [testIds.file], options: withCard(ready, { ...production, environment: "test" }) },
  {
    name: "correction",
    act: [testIds.file],
    options: withCard(
      (language) => ({ check: world.checkedOk, earlier: world.earlier(language) }),
      {},
      { will: { file: world.error("alreadyFiled") } },
    ),
  },
  {
    name: "running-attachments",
    options: withCard(() => ({
      check: world.checkedOk,
      attachments: world.attachments(),
      filing: world.filing("running", {
        steps: world.steps("attachments", "running", true),
        attachments: [
          { name: "Kreditnota 10482.pdf", size: 184_211, uploaded: true },
          { name: "Avstemming mars–april.xlsx", size: 3_012_004, uploaded: false },
        ],
      }),
    })),
  },
  { name: "running", options: filed("running") },
  {
    name: "running-confirm",
    options: filed("running", { steps: world.steps("confirm"), delivered: "unknown", canCancel: false }),
  },
  { name: "running-delivered", options: filed("waitingAnswer") },
  { name: "delivered", options: filed("received") },
  {
    name: "delivered-production",
    options: withCard(() => ({ check: world.checkedOk, filing: world.filing("received") }), production),
  },
  {
    name: "delivered-refund",
    options: withCard((language) => ({
      content: world.content(language, true, { assessedVat: "-12640" }),
      check: world.checkedOk,
      filing: world.filing("received", {}, { assessedVat: "-12640" }),
    })),
  },
  {
    name: "delivered-nothing",
    options: withCard((language) => ({
      content: world.content(language, true, { assessedVat: "0" }),
      check: world.checkedOk,
      filing: world.filing("received", {}, { assessedVat: "0" }),
    })),
  },
  {
    name: "delivered-deviating",
    options: withCard(
      (language) => ({
        check: { ...world.checkedOk, verdict: "deviating" },
        filing: world.filing("received", { deviations: world.findings(language).slice(1) }, { verdict: "deviating" }),
      }),
      production,
    ),
  },
  { name: "rejected", options: rejected() },
  { name: "rejected-production", options: rejected(production) },
  { name: "rejected-correction", options: rejected(production, true) },
  { name: "narrow-rejected", size: [900, 600], act: [testIds.showFindings], options: rejected(production) },
  {
    name: "rejected-no-reasons",
    options: filed("rejected", { problem: world.error("returnRejected", { delivered: "yes" }) }),
  },
  { name: "unclear", options: unclear() },
  { name: "unclear-production", options: unclear(production) },
  {
    name: "unclear-missing",
    options: withCard(
      () => ({
        check: world.checkedOk,
        filing: world.filing(
          "unclear",
          {
            files: [{ name: "kvittering.pdf", size: 92_114 }],
            problem: world.error("answerUnclear", { delivered: "yes" }),
          },
          { verdict: "missing" },
        ),
      }),
      production,
    ),
  },
  {
    name: "provisional",
    size: [1280, 1060],
    options: withCard(() => ({ check: world.checkedOk, filing: world.filing("waitingAnswer") }), production),
  },
  {
    name: "running-preparing",
    options: filed("running", { steps: world.steps("envelope"), problem: world.error("preparing") }),
  },
  {
    name: "delivered-no-receipt",
    options: filed("received", {
      hasReceipt: false,
      files: [],
      payment: { ...world.payment("77457"), kid: null, account: null },
    }),
  },
  { name: "waiting-signature", options: filed("waitingSignature", { steps: world.steps("confirm", "stopped") }) },
  {
    name: "sign-anothers",
    options: withCard(() => ({
      check: world.checkedOk,
      filing: world.filing(
        "waitingSignature",
        {
          steps: world.steps("confirm", "stopped"),
          authorizationId: "a2",
          problem: world.error("mayNotSign"),
        },
        { filedBy: "Jonas Eide" },
      ),
    })),
  },
  {
    name: "sign-anothers-asked",
    act: [testIds.sign],
    options: withCard(
      () => ({
        check: world.checkedOk,
        filing: world.filing(
          "waitingSignature",
          { steps: world.steps("confirm", "stopped"), authorizationId: "a2" },
          { filedBy: "Jonas Eide" },
        ),
      }),
      production,
    ),
  },
  {
    name: "may-not-sign",
    options: filed("waitingSignature", {
      steps: world.steps("confirm", "stopped"),
      problem: world.error("mayNotSign"),
    }),
  },
  {
    name: "no-right",
    options: filed("waiting", {
      steps: world.steps("instance", "stopped"),
      problem: world.error("noRight", { values: { company: "Fjordlys Interiør AS" } }),
    }),
  },
  {
    name: "refused",
    options: filed("refused", {
      steps: world.steps("confirm", "stopped"),
      canCancel: false,
      problem: world.error("filingRefused", {
        values: { text: "Organisasjonsnummeret i konvolutten er et annet enn i meldingen." },
      }),
    }),
  },
  { name: "abandoned", options: filed("abandoned", { steps: world.steps("return", "stopped"), canCancel: false }) },
  ...stops.map((code): Scene => ({
    name: `stopped-${code}`,
    options: filed("waiting", {
      steps: world.steps("fill", "stopped"),
      problem: world.error(code, code === "periodTaken" ? { values: elsewhere } : {}),
    }),
  })),

  ...fileErrors.map((code): Scene => ({
    name: `file-${code}`,
    options: withCard((language) => ({
      content: null,
      fileName: "saldobalanse.xml",
      problem: world.error(code, several[code]),
      // Only what is a return in all but its form can be made a draft of.
      canMend: code === "schemaInvalid",
      check: {
        ...world.unchecked,
        verdict: "invalid",
        findings: code === "schemaInvalid" ? world.findings(language) : [],
      },
    })),
  })),
  {
    name: "file-schemaInvalid-cause",
    options: withCard((language) => ({
      content: null,
      problem: world.error("schemaInvalid"),
      check: {
        ...world.unchecked,
        verdict: "invalid",
        findings: world.findings(language),
        causes: [world.cause(language, { findings: [1] })],
      },
    })),
  },
  { name: "beside-verdict", options: beside("valideringsresultat.xml", (language) => world.neighbour(language)) },
  {
    name: "beside-payment",
    options: beside("betalingsinformasjon.xml", (language) =>
      world.neighbour(language, {
        kind: "paymentInformation",
        title: "Dette er betalingsinformasjonen til en mva-melding.",
        advice: "Beløpet gjelder først når Skatteetaten har godtatt meldingen.",
        verdict: null,
        facts: [
          { label: "Beløp", value: "77 457 kr" },
          { label: "KID", value: "3126415570260201" },
        ],
        findings: [],
      }),
    ),
  },
  {
    name: "beside-receipt",
    options: beside(
      "kvittering_fra_altinn_uten_mellomrom_og_med_et_navn_som_ikke_tar_slutt_2026_termin_2_versjon_3.pdf",
      (language) =>
        world.neighbour(language, {
          kind: "receipt",
          title: "Dette ser ut som en kvittering for noe som er sendt inn.",
          advice: "Det er ingenting å sende inn i den. Se Historikk for det Momsbud har sendt inn.",
          verdict: null,
          facts: [],
          findings: [],
        }),
      "attachmentAlone",
    ),
  },
  {
    name: "narrow-findings",
    size: [900, 600],
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
    })),
  },
  {
    name: "narrow-findings-open",
    size: [900, 600],
    act: [testIds.showFindings],
    options: withCard((language) => ({
      content: world.content(language, false),
      check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
    })),
  },
  { name: "narrow-ready", size: [900, 600], options: withCard(ready) },
  { name: "narrow-running", size: [900, 600], options: filed("running") },
  {
    name: "narrow-stopped",
    size: [900, 600],
    options: filed("waiting", { steps: world.steps("fill", "stopped"), problem: world.error("unreachable") }),
  },
  { name: "narrow-delivered", size: [900, 600], act: [testIds.showFindings], options: filed("received") },
  {
    name: "narrow-sign",
    size: [900, 600],
    options: withCard(() => ({
      check: world.checkedOk,
      filing: world.filing(
        "waitingSignature",
        { steps: world.steps("confirm", "stopped"), authorizationId: "a2" },
        { filedBy: "Jonas Eide" },
      ),
    })),
  },
  { name: "narrow-empty", size: [900, 600], options: plain() },
];
