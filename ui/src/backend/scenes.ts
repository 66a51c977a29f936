/**
 * Every screen and every state of the window, by name: what tests, axe and the pictures go through.
 *
 * In a browser: `npm run dev:fake`, then `?scene=delivered&lang=en&theme=dark&size=115`; `&live` lets time and filings run.
 */
import type {
  EnvironmentName,
  ErrorCode,
  FilingState,
  LanguageName,
  ReturnCard,
  StartView,
  Theme,
  UpdateView,
} from "../bindings";
import { address, type Place } from "../router";
import { testIds, type TestId } from "../testids";
import { createTicker, type Ticker } from "../time";
import type { Backend } from "./backend";
import * as accessWorld from "./accessWorld";
import * as doctor from "./doctor";
import { FakeBackend, type FakeOptions } from "./fake";
import * as batchWorld from "./batchWorld";
import * as world from "./world";
import * as invented from "./year";

export interface Scene {
  name: string;
  place?: Place;
  id?: string;
  /** The window's size in the pictures, when not 1280 × 860. */
  size?: [number, number];
  options: (language: LanguageName) => FakeOptions;
  /** Buttons that are pressed, in order, to come to the state. */
  act?: TestId[];
  /** The same where several elements have one name: `data-value` says which. */
  press?: { id: TestId; value?: string }[];
  /** Files are held over the window, or over the third row of the list. */
  hover?: "window" | "row";
}

const plain =
  (more: (language: LanguageName) => Partial<StartView> = () => ({}), options: Partial<FakeOptions> = {}) =>
  (language: LanguageName): FakeOptions => ({ start: world.start(language, more(language)), ...options });

const withCard = (
  card: (language: LanguageName) => Partial<ReturnCard>,
  start: Partial<StartView> = {},
  options: Partial<FakeOptions> = {},
) => plain((language) => ({ cards: [world.card(language, card(language))], ...start }), options);

const ready = () => ({ check: world.checkedOk });
const production: Partial<StartView> = { environment: "production", samples: [] };
/** A fresh installation: nobody has been here before. */
const firstStart =
  (more: Partial<StartView> = {}) =>
  (language: LanguageName): FakeOptions => {
    const fresh = world.start(language, { session: null, recent: [], ...more });
    return { start: { ...fresh, preferences: { ...fresh.preferences, introduced: false } } };
  };
const switching = (to: EnvironmentName): Scene => ({
  name: `settings-switch-${to}`,
  place: "settings",
  options: plain((language) => ({ cards: batchWorld.batch(language).slice(0, 3) })),
  press: [{ id: testIds.environmentChoice, value: to }],
});
const noAltinn = {
  ...world.ingrid,
  name: "Odd Brekke",
  altinn: null,
  altinnProblem: world.error("noAltinnUser"),
  companies: [],
};

const filed = (state: FilingState, more: Parameters<typeof world.filing>[1] = {}) =>
  withCard(() => ({ check: world.checkedOk, filing: world.filing(state, more) }));

const batchOf = (cards: (language: LanguageName) => ReturnCard[], more: Partial<StartView> = {}) =>
  plain((language) => ({ cards: cards(language), session: batchWorld.bookkeeper, ...more }));
const running = () =>
  batchWorld.batchView({ total: 33, received: 15, answering: 1, running: 3, waiting: 1, queued: 13 });

const fileErrors: readonly ErrorCode[] = [
  "fileEmpty",
  "fileTooLarge",
  "fileIsFolder",
  "fileUnreadable",
  "fileMissing",
  "notXml",
  "notAReturn",
  "unsafeXml",
  "schemaInvalid",
  "attachmentAlone",
];
const signInErrors: readonly ErrorCode[] = [
  "signInDenied",
  "signInUntrusted",
  "signInTooLate",
  "integrationRefused",
  "noBrowser",
  "signInTooWeak",
];
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
  "internal",
];

const deadlines =
  (companies: number, more: Partial<StartView> = {}) =>
  (language: LanguageName): FakeOptions => ({
    start: world.start(language, more),
    companies,
    reminders: companies === 0 ? invented.nothingTold : invented.reminders(language),
  });

const deadlineScenes: readonly Scene[] = [
  { name: "deadlines", place: "deadlines", options: deadlines(16, production) },
  { name: "deadlines-many", place: "deadlines", options: deadlines(200) },
  { name: "deadlines-empty", place: "deadlines", options: deadlines(0) },
  { name: "deadlines-duty", place: "deadlines", act: [testIds.editDuty], options: deadlines(16, production) },
  { name: "deadlines-add", place: "deadlines", act: [testIds.addDuty], options: deadlines(0) },
  {
    name: "deadlines-problem",
    place: "deadlines",
    options: plain(undefined, { will: { deadlines: world.error("dataUnusable") } }),
  },
  { name: "deadlines-notices", place: "deadlines", act: [testIds.notices], options: deadlines(16, production) },
  { name: "narrow-deadlines", place: "deadlines", size: [900, 600], options: deadlines(42) },
];

const available: UpdateView = {
  kind: "available",
  version: "0.2.0",
  notes: "Vedlegg kan legges ved hver mva-melding.\nFrister viser hele året.",
};
const releases = "https://github.com/momsbud/momsbud/releases";
const updates: readonly UpdateView[] = [
  { kind: "off" },
  { kind: "unset", address: releases },
  { kind: "packaged", address: releases },
  { kind: "newest" },
  available,
  { kind: "unreachable", details: "error sending request: dns error" },
];

export const scenes: readonly Scene[] = [
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
    name: "return-correction-same",
    options: withCard((language) => ({
      check: world.checkedOk,
      earlier: world.earlier(language, {
        difference: { none: true, assessedBefore: "77457", assessedAfter: "77457", lines: [] },
      }),
    })),
  },
  { name: "confirm", act: [testIds.file], options: withCard(ready, production) },
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
    name: "delivered-refund",
    options: withCard((language) => ({
      content: world.content(language, true, { assessedVat: "-12640" }),
      check: world.checkedOk,
      filing: world.filing(
        "received",
        { payment: { amount: "-12640", kid: null, account: null, due: null } },
        { assessedVat: "-12640" },
      ),
    })),
  },
  {
    name: "delivered-no-receipt",
    options: filed("received", {
      hasReceipt: false,
      files: [],
      payment: { amount: "77457", kid: null, account: null, due: "2026-06-10" },
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
    options: filed("waiting", { steps: world.steps("fill", "stopped"), problem: world.error(code) }),
  })),

  ...fileErrors.map((code): Scene => ({
    name: `file-${code}`,
    options: withCard((language) => ({
      content: null,
      fileName: "saldobalanse.xml",
      problem: world.error(code),
      check: {
        ...world.unchecked,
        verdict: "invalid",
        findings: code === "schemaInvalid" ? world.findings(language) : [],
      },
    })),
  })),
  {
    name: "several",
    options: plain((language) => ({
      cards: [
        world.card(language, { id: "c1", check: world.checkedOk }),
        world.card(language, {
          id: "c2",
          content: world.content(language, true, {
            companyName: "Vika Tolketjenester AS",
            orgNumber: "315203857",
            assessedVat: "-12640",
          }),
          check: world.unchecked,
        }),
        world.card(language, {
          id: "c3",
          fileName: "saldobalanse.xml",
          content: null,
          problem: world.error("notAReturn"),
        }),
        world.card(language, {
          id: "c4",
          content: world.content(language, false, { companyName: "Granås Regnskog Design" }),
          check: { ...world.checkedOk, verdict: "invalid", findings: world.findings(language) },
        }),
        world.card(language, {
          id: "c5",
          content: world.content(language, true, { companyName: "Nesodden Båtbyggeri AS" }),
          filing: world.filing("received"),
        }),
      ],
    })),
  },
  {
    name: "batch-unchecked",
    options: plain((language) => ({ cards: batchWorld.batch(language), session: batchWorld.bookkeeper })),
  },
  { name: "batch-signed-out", options: plain((language) => ({ cards: batchWorld.batch(language), session: null })) },
  { name: "batch", options: batchOf(batchWorld.checkedBatch, { ...production }) },
  { name: "batch-hover", hover: "window", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-hover-row", hover: "row", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-many", options: batchOf(batchWorld.manyReturns) },
  { name: "batch-practice", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-confirm", act: [testIds.batchSend], options: batchOf(batchWorld.checkedBatch, { ...production }) },
  { name: "batch-running", options: batchOf(batchWorld.runningBatch, { ...production, batch: running() }) },
  {
    name: "batch-paused",
    options: batchOf(batchWorld.runningBatch, { batch: { ...running(), state: "paused", minutesLeft: null } }),
  },
  {
    name: "batch-stopped",
    options: batchOf(batchWorld.runningBatch, {
      batch: { ...running(), state: "paused", minutesLeft: null, problem: world.error("diskFull") },
    }),
  },
  {
    name: "batch-interrupted",
    options: batchOf(batchWorld.runningBatch, { batch: { ...running(), state: "interrupted", minutesLeft: null } }),
  },
  {
    name: "batch-waiting-sign-in",
    options: batchOf(batchWorld.runningBatch, {
      session: null,
      batch: { ...running(), state: "waitingSignIn", minutesLeft: null },
    }),
  },
  {
    name: "batch-done",
    options: batchOf(
      (language) =>
        batchWorld.runningBatch(language).map((card) =>
          card.filing
            ? {
                ...card,
                filing: world.filing(
                  "received",
                  { id: card.filing.id },
                  { ...card.filing.row, state: "received", deliveredAt: world.moment(14) },
                ),
              }
            : card,
        ),
      { batch: batchWorld.batchView({ state: "done", total: 33, received: 33, minutesLeft: null }) },
    ),
  },
  { name: "narrow-batch-many", size: [900, 600], options: batchOf(batchWorld.manyReturns) },
  { name: "narrow-batch", size: [900, 600], options: batchOf(batchWorld.checkedBatch, { ...production }) },
  { name: "narrow-batch-running", size: [900, 600], options: batchOf(batchWorld.runningBatch, { batch: running() }) },

  {
    name: "signin-waiting",
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: "wait" }),
  },
  {
    name: "signin-no-browser",
    act: [testIds.signIn],
    options: plain(() => ({ session: null }), { signIn: "wait", browserOpened: false }),
  },
  {
    name: "signin-timed-out",
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: { kind: "timedOut" } }),
  },
  {
    name: "signin-cancelled",
    act: [testIds.signIn],
    options: plain(() => ({ session: null }), { signIn: { kind: "cancelled" } }),
  },
  ...signInErrors.map((code): Scene => ({
    name: `signin-${code}`,
    act: [testIds.stepSignIn],
    options: withCard(() => ({}), { session: null }, { signIn: { kind: "refused", error: world.error(code) } }),
  })),

  { name: "history", place: "history", options: plain(undefined, { historyLength: 2318 }) },
  { name: "history-detail", place: "history", id: "h0", options: plain(undefined, { historyLength: 2318 }) },
  {
    name: "history-refused",
    place: "history",
    id: "x1",
    options: plain(undefined, {
      historyLength: 2318,
      filings: [
        world.filing("refused", {
          id: "x1",
          problem: world.error("returnRefused"),
          steps: world.steps("confirm", "stopped"),
        }),
      ],
    }),
  },
  {
    name: "history-running",
    place: "history",
    id: "x2",
    options: plain(undefined, { filings: [world.filing("waitingAnswer", { id: "x2" })] }),
  },
  {
    name: "history-sign",
    place: "history",
    id: "x3",
    options: plain(undefined, {
      filings: [
        world.filing("waitingSignature", { id: "x3", authorizationId: "a2" }, { id: "x3", filedBy: "Jonas Eide" }),
      ],
    }),
  },
  {
    name: "history-unfinished",
    place: "history",
    act: [testIds.unfinished],
    options: (language) => ({ start: world.start(language), unfinished: world.unfinished(language) }),
  },
  {
    name: "history-unfinished-none",
    place: "history",
    act: [testIds.unfinished],
    options: plain(),
  },
  {
    name: "history-unfinished-signed-out",
    place: "history",
    act: [testIds.unfinished],
    options: plain(() => ({ session: null })),
  },
  {
    name: "history-unfinished-problem",
    place: "history",
    act: [testIds.unfinished],
    options: plain(undefined, {
      will: { unfinished: world.error("noRight", { values: { company: "Fjordlys Interiør AS" } }) },
    }),
  },
  { name: "history-empty", place: "history", options: plain(() => ({ recent: [] }), { historyLength: 0 }) },
  {
    name: "history-problem",
    place: "history",
    options: plain(undefined, { will: { history: world.error("dataUnusable") } }),
  },

  {
    name: "history-export",
    place: "history",
    act: [testIds.historyExport],
    options: plain(undefined, { historyLength: 2318 }),
  },
  {
    name: "history-exported",
    place: "history",
    act: [testIds.historyExport, testIds.exportZip],
    options: plain(undefined, { historyLength: 2318 }),
  },
  {
    name: "history-attachments",
    place: "history",
    id: "x3",
    options: plain(undefined, {
      filings: [
        world.filing("received", {
          id: "x3",
          payment: { amount: "1077457", kid: "3126415570260201", account: "12345678903", due: "2026-12-10" },
          files: [
            { name: "kvittering.pdf", size: 92_114 },
            { name: "mva-melding.xml", size: 18_204 },
            { name: "attachments/Avstemming av utgående merverdiavgift mars–april 2026.pdf", size: 1_204_000 },
            { name: "manifest.json", size: 2310 },
          ],
        }),
      ],
    }),
  },
  {
    name: "history-archive-gone",
    place: "history",
    id: "x4",
    options: plain(undefined, {
      filings: [
        world.filing("waitingAnswer", {
          id: "x4",
          steps: world.steps("archive", "stopped"),
          problem: world.error("archiveUnusable", {
            delivered: "yes",
            values: { path: "/media/ingrid/ARKIV/Momsbud/Øving" },
          }),
        }),
      ],
    }),
  },
  {
    name: "history-recovered",
    place: "history",
    options: plain(() => ({
      recovery: {
        at: world.moment(-1),
        setAside: "/home/ingrid/.local/share/no.momsbud.desktop/damaged/2026-06-09 16.41.02",
        saved: 2310,
        fromArchive: 8,
        unreadable: ["Øving/Dalheim Gård 313125688/2025 helår/1 (2026-01-20)"],
      },
    })),
  },
  {
    name: "recovered-gone",
    options: plain(() => ({
      recovery: { at: world.moment(-1), setAside: null, saved: 0, fromArchive: 1, unreadable: [] },
    })),
  },
  ...deadlineScenes,

  { name: "access", place: "access", options: plain() },
  { name: "access-production", place: "access", options: plain(() => production) },
  { name: "access-nobody", place: "access", options: plain(() => ({ session: null })) },
  { name: "access-keyring-locked", place: "access", options: plain(() => ({ session: null, keyring: "locked" })) },
  { name: "access-no-altinn", place: "access", options: plain(() => ({ session: noAltinn })) },
  {
    name: "access-running-out",
    place: "access",
    options: plain(() => ({
      ...production,
      keyring: "missing",
      session: {
        ...world.ingrid,
        renewsItself: false,
        idPorten: world.lasting(110, 10),
        altinn: world.lasting(118.5, 1.5),
        authorization: { from: "2025-06-12T07:14:00Z", until: "2026-06-12T17:14:00Z" },
      },
    })),
  },
  {
    name: "access-expired",
    place: "access",
    options: plain(() => ({
      ...production,
      session: {
        ...world.ingrid,
        idPorten: world.lasting(130, -10),
        altinn: world.lasting(130, -10),
        authorization: { from: "2025-06-02T07:14:00Z", until: "2026-06-02T17:14:00Z" },
      },
    })),
  },
  {
    name: "access-persons",
    place: "access",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  {
    name: "access-scope-missing",
    place: "access",
    options: plain(() => ({
      session: {
        ...world.ingrid,
        scopes: world.ingrid.scopes.map((it) => ({ ...it, granted: it.scope !== "altinn:instances.write" })),
      },
    })),
  },
  {
    name: "access-none",
    place: "access",
    options: plain(() => ({ ...production, session: null }), { access: accessWorld.noAccess }),
  },
  {
    name: "access-problem",
    place: "access",
    options: plain(undefined, { will: { access: world.error("dataUnusable") } }),
  },
  {
    name: "access-forget",
    place: "access",
    act: [testIds.forget],
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "guide", place: "access", id: "guide", options: plain() },
  { name: "guide-production", place: "access", id: "guide", options: plain(() => production) },
  {
    name: "integration-new",
    place: "access",
    id: "new:yearly",
    options: plain(undefined, { form: { ...accessWorld.webForm, clientId: "" } }),
  },
  {
    name: "integration-faults",
    place: "access",
    id: "new",
    act: [testIds.formSave],
    options: plain(() => production, {
      faults: [
        { field: "name", reason: "missing", text: "Fyll ut dette." },
        { field: "clientId", reason: "missing", text: "Fyll ut dette." },
        { field: "endpoints", reason: "notPrivateAddress", text: "Skriv en adresse som begynner med https://." },
      ],
    }),
  },
  {
    name: "integration-web",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  {
    name: "integration-checked",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.selfCheck],
    options: plain(() => production, { access: accessWorld.accessInProduction, selfCheck: accessWorld.checkBad }),
  },
  {
    name: "integration-halfway",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.selfCheck],
    options: plain(() => production, { access: accessWorld.accessInProduction, selfCheck: accessWorld.checkHalfway }),
  },
  {
    name: "integration-key",
    place: "access",
    id: "test/00ff00ff00ff00ff",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "integration-built-in", place: "access", id: "practice/standard", options: plain() },
  {
    name: "integration-remove",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.removeIntegration],
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "narrow-guide", size: [900, 600], place: "access", id: "guide", options: plain() },
  {
    name: "narrow-integration",
    size: [900, 600],
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "settings", place: "settings", options: plain() },
  { name: "settings-production", place: "settings", options: plain(() => production) },
  {
    name: "settings-fixed",
    place: "settings",
    options: plain(() => production, {
      settings: {
        environmentFixed: true,
        archive: {
          folder: "/srv/felles/Kvitteringer",
          fixed: true,
          earlier: ["/home/ingrid/Dokumenter/Momsbud"],
          files: 1,
          kilobytes: 92,
        },
      },
    }),
  },
  {
    name: "settings-problem",
    place: "settings",
    options: plain(undefined, { will: { settingsView: world.error("dataUnusable") } }),
  },
  switching("test"),
  switching("production"),
  {
    name: "settings-switch-refused",
    place: "settings",
    options: plain(undefined, { will: { switchEnvironment: world.error("filingUnderWay") } }),
    press: [{ id: testIds.environmentChoice, value: "test" }, { id: testIds.switchConfirm }],
  },
  { name: "settings-addresses", place: "settings", act: [testIds.showAddresses], options: plain(() => production) },
  { name: "settings-archive", place: "settings", act: [testIds.changeArchive], options: plain() },
  { name: "settings-export", place: "settings", act: [testIds.exportData], options: plain() },
  {
    name: "settings-exported",
    place: "settings",
    act: [testIds.exportData, testIds.exportChoose],
    options: plain(),
  },
  { name: "settings-log", place: "settings", act: [testIds.showLog], options: plain() },
  { name: "settings-about", place: "settings", act: [testIds.showAbout], options: plain() },
  { name: "shortcuts", place: "settings", act: [testIds.showShortcuts], options: plain() },
  { name: "settings-archive-good", place: "settings", act: [testIds.verifyArchive], options: plain() },
  {
    name: "settings-archive-bad",
    place: "settings",
    act: [testIds.verifyArchive, testIds.restoreHistory],
    options: plain(undefined, {
      archive: {
        folders: 2318,
        files: 18_544,
        complaints: [
          { folder: "Øving/Dalheim Gård 313125688/2025 helår/1 (2026-01-20)", file: "kvittering.pdf", what: "missing" },
          {
            folder: "Øving/Fjordlys Interiør AS 311797816/2026 mars–april/1 (2026-06-09)",
            file: "mva-melding.xml",
            what: "changed",
          },
          {
            folder: "Øving/Fjordlys Interiør AS 311797816/2026 mars–april/1 (2026-06-09)",
            file: "notat.txt",
            what: "surplus",
          },
          {
            folder: "Øving/Vika Tolketjenester AS 315203857/2026 mars–april/1 (2026-06-09)",
            file: null,
            what: "folderMissing",
          },
        ],
      },
    }),
  },
  { name: "settings-test", place: "settings", options: plain(() => ({ environment: "test", samples: [] })) },

  { name: "settings-doctor", place: "settings", act: [testIds.doctorRun], options: plain() },
  {
    name: "settings-doctor-faults",
    place: "settings",
    act: [testIds.doctorRun],
    options: (language) => ({ start: world.start(language), doctor: () => doctor.ill(language) }),
  },
  ...updates.map((update): Scene => ({
    name: `settings-update-${update.kind}`,
    place: "settings",
    act: [testIds.updateLook],
    options: plain(undefined, { update }),
  })),
  {
    name: "settings-update-refused",
    place: "settings",
    act: [testIds.updateLook, testIds.updateInstall],
    options: plain(undefined, {
      update: available,
      updateInstalls: { kind: "refused", details: "The signature verification failed" },
    }),
  },
  {
    name: "settings-update-later",
    place: "settings",
    act: [testIds.updateLook, testIds.updateInstall],
    options: plain(undefined, { update: available, updateInstalls: { kind: "later" } }),
  },

  {
    name: "problem",
    act: [testIds.openReceipt],
    options: withCard(
      () => ({ check: world.checkedOk, filing: world.filing("received") }),
      {},
      { will: { openReceipt: world.error("cannotOpen") } },
    ),
  },
  { name: "notices", act: [testIds.notices], options: plain(() => ({ ...production, keyring: "locked", clockOffMinutes: 187 })) },
  {
    name: "start-failed",
    options: plain(undefined, { will: { startView: world.error("dataUnusable", { delivered: "unknown" }) } }),
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
  { name: "narrow-delivered", size: [900, 600], act: [testIds.showFindings], options: filed("received") },
  { name: "narrow-empty", size: [900, 600], options: plain() },
  {
    name: "narrow-several",
    size: [900, 600],
    options: plain((language) => ({ cards: batchWorld.batch(language).slice(0, 8) })),
  },
  {
    name: "narrow-history",
    size: [900, 600],
    place: "history",
    id: "h0",
    options: plain(undefined, { historyLength: 2318 }),
  },
  { name: "narrow-access", size: [900, 600], place: "access", options: plain() },
  { name: "narrow-settings", size: [900, 600], place: "settings", options: plain() },
];

/** What is pressed to come to a scene's state, as selectors. */
export const presses = ({ act = [], press = [] }: Scene): string[] =>
  [...act.map((id) => ({ id, value: undefined })), ...press].map(
    ({ id, value }) => `[data-testid="${id}"]${value === undefined ? "" : `[data-value="${value}"]`}`,
  );

export function sceneNamed(name: string): Scene {
  const scene = scenes.find((known) => known.name === name);
  if (!scene) throw new Error(`There is no scene "${name}".`);
  return scene;
}

/** A scene over the fake backend. */
export function play(scene: Scene, language: LanguageName, more: Partial<FakeOptions> = {}): FakeBackend {
  window.location.hash = address(scene.place ?? "filing", scene.id ?? null);
  const backend = new FakeBackend({ ...scene.options(language), ...more });
  const { hover } = scene;
  if (hover !== undefined) {
    const listen = backend.onOfficeEvent;
    backend.onOfficeEvent = (listener) => {
      const hold = () => {
        const row = hover === "row" ? document.querySelectorAll("[data-takes]")[2] : document.body;
        if (row) {
          const { left, top } = row.getBoundingClientRect();
          listener({ kind: "dropHover", at: { x: left + 40, y: top + 10 } });
        } else setTimeout(hold, 5);
      };
      queueMicrotask(hold);
      return listen(listener);
    };
  }
  return backend;
}

/** The scene that a browser's address names. */
export function fromAddress(query: URLSearchParams): { backend: Backend; ticker: Ticker } {
  const language = (query.get("lang") ?? "nb") as LanguageName;
  const live = query.has("live");
  const begun = Date.now();
  const now = () => (live ? world.EVENING + Date.now() - begun : world.EVENING);
  const scene = sceneNamed(query.get("scene") ?? "empty");
  const options = scene.options(language);
  const start: StartView = {
    ...options.start,
    preferences: {
      ...options.start.preferences,
      theme: (query.get("theme") ?? "system") as Theme,
      textSize: Number(query.get("size") ?? 100),
    },
  };
  const backend = play(scene, language, { ...options, start, now, ...(live ? { pace: 1200 } : {}) });
  Object.assign(window, {
    momsbudFake: backend,
    momsbudAct: presses(scene),
    momsbudSize: scene.size ?? null,
  });
  return { backend, ticker: createTicker(now) };
}
