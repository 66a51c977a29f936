import { describe, expect, it } from "vitest";
import * as batchWorld from "../../fake/batchWorld";
import * as world from "../../fake/world";
import type { CardNote, ReturnCard } from "../../bindings";
import { filters, found, passes, rowOf, sorted, sums } from "./batchRows";

const card = (more: Partial<ReturnCard> = {}) => world.card("nb", { check: world.checkedOk, ...more });
const row = (more: Partial<ReturnCard> = {}) => rowOf(card(more), world.ingrid);
const filed = (...given: Parameters<typeof world.filing>) => row({ filing: world.filing(...given) });
const before: CardNote = {
  kind: "filedBefore",
  filing: "f",
  at: world.moment(-60),
  state: "received",
  person: "Ingrid",
};
const elsewhere: CardNote = {
  kind: "elsewhere",
  person: "Kari",
  desk: "pc-kari",
  since: world.moment(-1),
  delivering: false,
};

describe("where a return stands", () => {
  it("knows one that was rejected from one that stands", () => {
    expect(row({ notes: [before] }).said).toMatchObject({ kind: "filedBefore", rejected: false });
    const rejected: CardNote = { ...before, state: "rejected" };
    expect(row({ notes: [rejected] }).said).toMatchObject({ kind: "filedBefore", rejected: true });
  });

  it.each([
    ["ready", row()],
    ["unchecked", row({ check: world.unchecked })],
    ["unchecked", row({ check: { ...world.unchecked, running: true } })],
    ["unchecked", row({ check: { ...world.unchecked, problem: world.error("unreachable") } })],
    ["fix", row({ check: { ...world.checkedOk, verdict: "invalid", findings: world.findings("nb") } })],
    ["fix", row({ content: null, problem: world.error("notXml") })],
    ["fix", row({ content: null, problem: world.error("notXml"), neighbour: world.neighbour("nb", { kind: "text" }) })],
    ["beside", row({ content: null, problem: world.error("notAReturn"), neighbour: world.neighbour("nb") })],
    ["fix", row({ attachments: [world.attachment("a.pdf", { problem: world.error("attachmentType") })] })],
    ["fix", filed("refused")],
    ["fix", filed("rejected")],
    ["unclear", filed("unclear")],
    ["received", filed("received", {}, { verdict: "deviating" })],
    ["odd", row({ check: { ...world.checkedOk, verdict: "deviating", findings: world.findings("nb").slice(1) } })],
    ["double", row({ notes: [{ kind: "samePeriod", card: "x", file: "x.xml" }] })],
    ["before", row({ notes: [before] })],
    ["elsewhere", row({ notes: [elsewhere] })],
    // What is being filed at this moment comes before what has been.
    ["elsewhere", row({ notes: [before, elsewhere] })],
    ["ready", row({ notes: [{ kind: "sameFile", file: "x.xml" }] })],
    ["noRight", row({ content: world.content("nb", true, { orgNumber: "999999999" }) })],
    ["queued", filed("queued")],
    ["running", filed("running")],
    ["answering", filed("waitingAnswer")],
    ["received", filed("received")],
    ["stopped", filed("waiting", { problem: world.error("unreachable") })],
    ["stopped", filed("waiting", { problem: world.error("noRight") })],
    ["stopped", filed("waitingSignature", { problem: world.error("mayNotSign") })],
    ["stopped", filed("waitingSignature")],
    ["ready", filed("abandoned")],
  ])("is %s", (bucket, one) => {
    expect(one.bucket).toBe(bucket);
  });

  it("is not judged by companies while the authority has named none", () => {
    const nobody = { ...world.ingrid, companies: [] };
    expect(rowOf(card({ content: world.content("nb", true, { orgNumber: "999999999" }) }), nobody).bucket).toBe(
      "ready",
    );
  });
});

describe("the table", () => {
  const rows = batchWorld.checkedBatch("nb").map((one) => rowOf(one, batchWorld.bookkeeper));

  it("puts problems first, and what runs first while a batch runs", () => {
    expect(sorted(rows, false)[0]?.bucket).toBe("fix");
    const running = batchWorld.runningBatch("nb").map((one) => rowOf(one, batchWorld.bookkeeper));
    expect(sorted(running, true)[0]?.bucket).toBe("running");
    expect(sorted(running, true).at(-1)?.bucket).toBe("ready");
  });

  it("counts each filter, and leaves out those with nothing", () => {
    const chips = filters(rows, false);
    expect(chips[0]).toEqual({ filter: "all", count: 42 });
    expect(chips.map(({ filter }) => filter)).toEqual(["all", "ready", "odd", "fix", "noRight", "double", "before"]);
    for (const { filter, count } of chips) expect(rows.filter((one) => passes(one, filter))).toHaveLength(count);
    expect(filters(rows, true).map(({ filter }) => filter)).toEqual(["all", "out"]);
  });

  it("finds by words and by numbers as they are written", () => {
    expect(found(rows, "GRANÅS").length).toBe(2);
    expect(found(rows, "312 760 428").length).toBe(2);
    expect(found(rows, "regnskog 2.xml")).toHaveLength(0);
    expect(found(rows, "  ")).toHaveLength(rows.length);
  });

  it("adds up kroner exactly, refunds apart", () => {
    const of = (assessedVat: string) => card({ content: world.content("nb", true, { assessedVat }) });
    const added = sums([of("9007199254740993"), of("2"), of("-5"), of("0"), card({ content: null })]);
    expect(added).toEqual({ count: 5, companies: 2, toPay: "9007199254740995", refund: "-5" });
  });
});
