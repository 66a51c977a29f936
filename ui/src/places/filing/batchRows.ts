/** What the table of many returns says of each: state, order, and which can be filed together. Pure. */
import type { BatchView, CardNote, ErrorView, FilingRow, ReturnCard, SessionView, StepName } from "../../bindings";
import { isRefund } from "../../i18n/format";
import { besideOf } from "./Neighbour";
import { standing } from "./standing";

/** Where a return stands, as the table groups them. */
export type Bucket =
  /** Can be filed as it is. */
  | "ready"
  /** Can be filed, and Skatteetaten will see what deviates: somebody must want that. */
  | "odd"
  /** Cannot be read, or must be corrected, or was refused, before delivery or after it. */
  | "fix"
  /** The person may not file for this company. */
  | "noRight"
  /** The company's period lies open twice: somebody must choose. */
  | "double"
  /** The company's period has been filed before: somebody must say that it is to be replaced. */
  | "before"
  /** The company's period is being filed from another desk at this moment. */
  | "elsewhere"
  /** No return, and nothing to be mended: it is shown. */
  | "beside"
  /** Skatteetaten has not said anything yet. */
  | "unchecked"
  | "queued"
  | "running"
  /** Delivered; the receipt has not come. */
  | "answering"
  | "stopped"
  /** Delivered, and Skatteetaten's answer must be looked at by a person. */
  | "unclear"
  | "received";

export type Said =
  | { kind: "unreadable"; error: ErrorView; instead: string | null }
  | { kind: "beside"; title: string }
  | { kind: "refused"; error: ErrorView | null }
  | { kind: "rejected"; first: string | null }
  | { kind: "unclear" }
  | { kind: "attachment"; error: ErrorView }
  | { kind: "invalid"; count: number; first: string | null }
  | { kind: "noRight" }
  | { kind: "mayNotSign" }
  | { kind: "samePeriod"; file: string }
  | { kind: "filedBefore"; at: string; person: string | null; rejected: boolean }
  | { kind: "elsewhere"; person: string; desk: string }
  | { kind: "checking" }
  | { kind: "notAsked"; error: ErrorView }
  | { kind: "unchecked" }
  | { kind: "ready"; odd: number; first: string | null }
  | { kind: "queued" }
  | { kind: "running"; step: StepName | null }
  | { kind: "answering" }
  | { kind: "stopped"; error: ErrorView | null; signature: boolean }
  | { kind: "received"; at: string | null; row: FilingRow };

export interface BatchRow {
  card: ReturnCard;
  bucket: Bucket;
  said: Said;
  /** Names of other files with the same bytes. */
  copies: string[];
  /** What a search looks at, in lower case. */
  searched: string;
}

const isNote = <K extends CardNote["kind"]>(kind: K) => {
  return (note: CardNote): note is Extract<CardNote, { kind: K }> => note.kind === kind;
};

function say(card: ReturnCard, session: SessionView | null): [Bucket, Said] {
  if (card.problem) {
    const beside = besideOf(card);
    if (beside) return ["beside", { kind: "beside", title: beside.title }];
    return ["fix", { kind: "unreadable", error: card.problem, instead: card.neighbour?.title ?? null }];
  }
  const { filing } = card;
  if (filing) {
    const { state } = filing.row;
    switch (state) {
      case "queued":
        return ["queued", { kind: "queued" }];
      case "running":
        return ["running", { kind: "running", step: filing.steps.find((s) => s.state === "running")?.step ?? null }];
      case "waitingAnswer":
        return ["answering", { kind: "answering" }];
      case "received":
        return ["received", { kind: "received", at: filing.row.deliveredAt, row: filing.row }];
      case "rejected":
        return ["fix", { kind: "rejected", first: filing.deviations[0]?.title ?? null }];
      case "unclear":
        return ["unclear", { kind: "unclear" }];
      case "waiting":
        if (filing.problem?.code === "noRight") return ["stopped", { kind: "noRight" }];
        return ["stopped", { kind: "stopped", error: filing.problem, signature: false }];
      case "waitingSignature":
        if (filing.problem?.code === "mayNotSign") return ["stopped", { kind: "mayNotSign" }];
        return ["stopped", { kind: "stopped", error: filing.problem, signature: true }];
      case "refused":
        return ["fix", { kind: "refused", error: filing.problem }];
      // Given up before anything was delivered: as if it had never been begun.
      case "abandoned":
        break;
    }
  }
  const where = standing({ ...card, filing: null }, session, false);
  const first = card.check.findings[0]?.title ?? null;
  if (where.check.kind === "bad") return ["fix", { kind: "invalid", count: where.invalid, first }];
  const wrong = card.attachments.find(({ problem }) => problem !== null)?.problem;
  if (wrong) return ["fix", { kind: "attachment", error: wrong }];
  const twin = card.notes.find(isNote("samePeriod"));
  if (twin) return ["double", { kind: "samePeriod", file: twin.file }];
  const elsewhere = card.notes.find(isNote("elsewhere"));
  if (elsewhere) return ["elsewhere", { kind: "elsewhere", person: elsewhere.person, desk: elsewhere.desk }];
  const before = card.notes.find(isNote("filedBefore"));
  if (before) {
    const { at, person, state } = before;
    return ["before", { kind: "filedBefore", at, person, rejected: state === "rejected" }];
  }
  if (where.notListed) return ["noRight", { kind: "noRight" }];
  switch (where.check.kind) {
    case "running":
      return ["unchecked", { kind: "checking" }];
    case "problem":
      return ["unchecked", { kind: "notAsked", error: where.check.error }];
    case "todo":
      return ["unchecked", { kind: "unchecked" }];
    case "deviating":
      return ["odd", { kind: "ready", odd: where.odd, first }];
    case "done":
      return [where.odd > 0 ? "odd" : "ready", { kind: "ready", odd: where.odd, first }];
  }
}

export function rowOf(card: ReturnCard, session: SessionView | null): BatchRow {
  const [bucket, said] = say(card, session);
  const copies = card.notes.filter(isNote("sameFile")).map(({ file }) => file);
  const { content } = card;
  const searched = [content?.companyName, content?.orgNumber, content?.period, content?.assessedVat, card.fileName]
    .filter((part) => typeof part === "string")
    .join(" ")
    .toLowerCase();
  return { card, bucket, said, copies, searched };
}

/** Whether a batch is under way, stands still in the middle, or waits for its receipts. */
export const isOpen = (batch: BatchView | null): batch is BatchView => batch !== null && batch.state !== "done";

/** Whether there is nothing left to send, so that other returns can be filed meanwhile. */
export const isAllSent = ({ state }: BatchView): boolean => state === "waitingReceipts" || state === "done";

/** The order of the rows, with what needs a look first, and with what runs first. */
const orders: Readonly<Record<Bucket, { still: number; open: number }>> = {
  fix: { still: 0, open: 6 },
  unclear: { still: 1, open: 2 },
  noRight: { still: 2, open: 7 },
  double: { still: 3, open: 8 },
  before: { still: 4, open: 9 },
  elsewhere: { still: 5, open: 10 },
  stopped: { still: 6, open: 1 },
  running: { still: 7, open: 0 },
  answering: { still: 8, open: 3 },
  unchecked: { still: 9, open: 11 },
  odd: { still: 10, open: 12 },
  ready: { still: 11, open: 13 },
  queued: { still: 12, open: 4 },
  received: { still: 13, open: 5 },
  beside: { still: 14, open: 14 },
};

const comesBack = ({ bucket, card }: BatchRow): number =>
  bucket === "received" && isRefund(card.content?.assessedVat ?? "0") ? 1 : 0;

/** What needs a look first; while a batch runs, what runs first. */
export function sorted(rows: BatchRow[], open: boolean): BatchRow[] {
  const order = open ? "open" : "still";
  return (
    rows
      .map((row, index) => ({ row, index, rank: orders[row.bucket][order] }))
      // What was received is a list to pay by: what comes back stands apart, after it.
      .sort((a, b) => a.rank - b.rank || comesBack(a.row) - comesBack(b.row) || a.index - b.index)
      .map(({ row }) => row)
  );
}

/** What is offered to look at before a batch, and while it runs. A filter that is in neither is none. */
const before = [
  "all",
  "ready",
  "odd",
  "fix",
  "unclear",
  "noRight",
  "double",
  "before",
  "elsewhere",
  "unchecked",
  "stopped",
  "running",
  "queued",
  "received",
  "beside",
] as const;
const during = ["all", "running", "queued", "received", "rejected", "unclear", "stopped", "out"] as const;

export type Filter = (typeof before)[number] | (typeof during)[number];

const within: Readonly<Record<Exclude<Filter, "all">, readonly Bucket[]>> = {
  ready: ["ready"],
  odd: ["odd"],
  fix: ["fix"],
  noRight: ["noRight"],
  double: ["double"],
  before: ["before"],
  elsewhere: ["elsewhere"],
  beside: ["beside"],
  unchecked: ["unchecked"],
  stopped: ["stopped"],
  rejected: ["fix"],
  unclear: ["unclear"],
  running: ["running", "answering"],
  queued: ["queued"],
  received: ["received"],
  out: ["ready", "odd", "fix", "noRight", "double", "before", "elsewhere", "beside", "unchecked"],
};

export const passes = ({ bucket, said }: BatchRow, filter: Filter): boolean =>
  filter === "all" ||
  (within[filter].includes(bucket) &&
    // What the authority refused was with the others.
    (filter !== "out" || !isRefused(said)) &&
    (filter !== "rejected" || isRefused(said)));

/** Whether an authority said no to it, before delivery or after it. */
export const isRefused = ({ kind }: Said): boolean => kind === "refused" || kind === "rejected";

const always: readonly Filter[] = ["all", "ready"];

/** The filters that have something to show, with their counts. */
export function filters(rows: BatchRow[], open: boolean): { filter: Filter; count: number }[] {
  const offered: readonly Filter[] = open ? during : before;
  return offered
    .map((filter) => ({ filter, count: rows.filter((row) => passes(row, filter)).length }))
    .filter(({ filter, count }) => count > 0 || (!open && always.includes(filter)));
}

/** Rows that hold all the words; digits with blanks between them are one number. */
export function found(rows: BatchRow[], text: string): BatchRow[] {
  const plain = text.trim().toLowerCase();
  if (plain === "") return rows;
  const words = /^[\d\s\u00a0]+$/.test(plain) ? [plain.replace(/[\s\u00a0]/g, "")] : plain.split(/\s+/);
  return rows.filter(({ searched }) => words.every((word) => searched.includes(word)));
}

export interface Sums {
  count: number;
  companies: number;
  toPay: string;
  refund: string;
}

/** Number, companies and sums of what is chosen. Amounts are whole kroner in text; JavaScript's numbers are not decimals. */
export function sums(cards: ReturnCard[]): Sums {
  let toPay = 0n;
  let refund = 0n;
  for (const { content } of cards) {
    const kroner = content?.assessedVat ?? "0";
    if (!/^-?\d+$/.test(kroner)) continue;
    const amount = BigInt(kroner);
    if (amount < 0n) refund += amount;
    else toPay += amount;
  }
  const companies = new Set(cards.map(({ content }) => content?.orgNumber)).size;
  return { count: cards.length, companies, toPay: toPay.toString(), refund: refund.toString() };
}
