/** Innsending with many returns. */
import type { LanguageName, ReturnCard, StartView } from "../../bindings";
import { testIds } from "../../testids";
import * as batchWorld from "../batchWorld";
import * as world from "../world";
import { plain, production, type Scene } from "./make";

const batchOf = (cards: (language: LanguageName) => ReturnCard[], more: Partial<StartView> = {}) =>
  plain((language) => ({ cards: cards(language), session: batchWorld.bookkeeper, ...more }));

const running = () =>
  batchWorld.batchView({ total: 33, received: 15, answering: 1, running: 3, waiting: 1, queued: 13 });

/** Everything has been delivered, and so many have their receipts. */
const delivered = (receipts: number) => (language: LanguageName) =>
  batchWorld.runningBatch(language).map((card, index) => {
    if (!card.filing) return card;
    const { id, row } = card.filing;
    const filing =
      index < receipts
        ? world.filing("received", { id }, { ...row, state: "received", deliveredAt: world.moment(14) })
        : world.filing("waitingAnswer", { id }, { ...row, state: "waitingAnswer", deliveredAt: world.moment(14) });
    return { ...card, filing };
  });

/** Everything has been answered: two were rejected, one answer is not understood, one deviates. */
const answered = (language: LanguageName): ReturnCard[] => {
  let filed = 0;
  return delivered(99)(language).map((card) => {
    if (!card.filing) return card;
    filed += 1;
    const { id, row } = card.filing;
    const about = { ...row, deliveredAt: world.moment(14) };
    if (filed === 3 || filed === 9) {
      const deviations = world.findings(language);
      return {
        ...card,
        filing: world.filing("rejected", { id, deviations }, { ...about, state: "rejected", verdict: "invalid" }),
      };
    }
    if (filed === 5) {
      return { ...card, filing: world.filing("unclear", { id }, { ...about, state: "unclear", verdict: "unknown" }) };
    }
    if (filed === 7) {
      const deviations = world.findings(language).slice(1);
      return { ...card, filing: world.filing("received", { id, deviations }, { ...about, verdict: "deviating" }) };
    }
    return card;
  });
};

export const batch: readonly Scene[] = [
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
  { name: "batch-beside", size: [2560, 1440], id: "b3", options: batchOf(batchWorld.checkedBatch, { ...production }) },
  { name: "batch-beside-wide", size: [1640, 900], id: "b3", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-close-all", act: [testIds.closeAll], options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-hover", hover: "window", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-hover-row", hover: "row", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-many", options: batchOf(batchWorld.manyReturns) },
  { name: "batch-practice", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-not-listed", id: "b39", options: batchOf(batchWorld.checkedBatch) },
  { name: "narrow-batch-not-listed", size: [900, 600], id: "b39", options: batchOf(batchWorld.checkedBatch) },
  { name: "batch-correction", id: "b9", options: batchOf(batchWorld.checkedBatch) },
  {
    name: "batch-correction-asked",
    id: "b9",
    act: [testIds.file],
    options: (language) => ({
      ...batchOf(batchWorld.checkedBatch)(language),
      will: { file: world.error("alreadyFiled") },
    }),
  },
  { name: "batch-confirm", act: [testIds.batchSend], options: batchOf(batchWorld.checkedBatch, { ...production }) },
  {
    name: "batch-confirm-practice",
    act: [testIds.batchSend],
    options: batchOf(batchWorld.checkedBatch),
  },
  {
    name: "batch-verdicts",
    options: batchOf(answered, {
      ...production,
      batch: batchWorld.batchView({
        state: "done",
        total: 33,
        received: 30,
        rejected: 2,
        unclear: 1,
        minutesLeft: null,
      }),
    }),
  },
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
    options: batchOf(delivered(99), {
      batch: batchWorld.batchView({ state: "done", total: 33, received: 33, minutesLeft: null }),
    }),
  },
  {
    name: "batch-receipts",
    options: batchOf(delivered(20), {
      ...production,
      batch: batchWorld.batchView({
        state: "waitingReceipts",
        total: 33,
        received: 15,
        answering: 18,
        minutesLeft: null,
      }),
    }),
  },
  {
    name: "batch-receipts-none",
    options: batchOf(delivered(0), {
      batch: batchWorld.batchView({ state: "waitingReceipts", total: 33, answering: 33, minutesLeft: null }),
    }),
  },
  { name: "narrow-batch-many", size: [900, 600], options: batchOf(batchWorld.manyReturns) },
  { name: "narrow-batch", size: [900, 600], options: batchOf(batchWorld.checkedBatch, { ...production }) },
  { name: "narrow-batch-running", size: [900, 600], options: batchOf(batchWorld.runningBatch, { batch: running() }) },

  {
    name: "narrow-several",
    size: [900, 600],
    options: plain((language) => ({ cards: batchWorld.batch(language).slice(0, 8) })),
  },
];
