import { describe, expect, it } from "vitest";
import type { BatchView, FilingView, ReturnCard, StartView } from "./bindings";
import { Told } from "./told";

const filing = (state: string) => ({ id: "filing-1", row: { id: "filing-1", state } }) as unknown as FilingView;
const card = (name: string, of: FilingView | null = null) =>
  ({ id: "card-1", fileName: name, filing: of }) as unknown as ReturnCard;
const batch = (state: string) => ({ id: "batch-1", state }) as unknown as BatchView;
const start = (cards: ReturnCard[], of: BatchView | null = null) => ({ cards, batch: of }) as unknown as StartView;

describe("an answer and what was told", () => {
  it("shows an answer over what was told before it was asked for", () => {
    const told = new Told();
    told.note({ kind: "filing", filing: filing("waiting") });
    const asked = told.now();
    expect(told.filing(asked, filing("running"), filing("waiting")).row.state).toBe("running");
  });

  it("keeps what was told since", () => {
    const told = new Told();
    const asked = told.now();
    told.note({ kind: "filing", filing: filing("abandoned") });
    expect(told.filing(asked, filing("running"), filing("abandoned")).row.state).toBe("abandoned");
  });

  it("does not take news of another for news of this one", () => {
    const told = new Told();
    const asked = told.now();
    told.note({ kind: "filing", filing: { ...filing("abandoned"), id: "filing-2" } });
    expect(told.filing(asked, filing("running"), filing("waiting")).row.state).toBe("running");
  });

  it("keeps a card that was told since, and the filing in it", () => {
    const told = new Told();
    const asked = told.now();
    const before = start([card("old", filing("abandoned"))]);
    expect(told.withCard(before, asked, card("answered", filing("running"))).cards[0]?.fileName).toBe("answered");
    told.note({ kind: "filing", filing: filing("abandoned") });
    const shown = told.withCard(before, asked, card("answered", filing("running"))).cards[0];
    expect([shown?.fileName, shown?.filing?.row.state]).toEqual(["answered", "abandoned"]);
    told.note({ kind: "card", card: card("told") });
    expect(told.withCard(before, asked, card("answered")).cards[0]?.fileName).toBe("old");
    expect(told.withCard(start([]), asked, card("new")).cards).toHaveLength(1);
  });

  it("keeps a batch that was told since", () => {
    const told = new Told();
    const asked = told.now();
    expect(told.withBatch(start([], batch("running")), asked, batch("paused")).batch?.state).toBe("paused");
    told.note({ kind: "batch", batch: batch("done") });
    expect(told.withBatch(start([], batch("done")), asked, batch("paused")).batch?.state).toBe("done");
  });
});
