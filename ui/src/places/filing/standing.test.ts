import { describe, expect, it } from "vitest";
import * as world from "../../fake/world";
import { card, checkedOk, error, filing, findings, ingrid, unchecked } from "../../fake/world";
import { standing } from "./standing";

const of = (more: Parameters<typeof card>[1], session: typeof ingrid | null = ingrid, over = false) =>
  standing(card("nb", more), session, over);

describe("step 1", () => {
  it.each([
    ["todo", { check: unchecked }],
    ["running", { check: { ...unchecked, running: true } }],
    ["problem", { check: { ...unchecked, problem: error("unreachable") } }],
    ["bad", { check: { ...checkedOk, verdict: "invalid", findings: findings("nb") } }],
    ["bad", { check: { ...unchecked, verdict: "invalid", findings: findings("nb") } }],
    ["deviating", { check: { ...checkedOk, verdict: "deviating", findings: findings("nb").slice(1) } }],
    ["todo", { check: { ...unchecked, verdict: "deviating", findings: findings("nb").slice(1) } }],
    ["done", { check: checkedOk }],
  ] as const)("is %s", (kind, more) => {
    expect(of(more as Parameters<typeof card>[1]).check.kind).toBe(kind);
  });

  it("is behind a return that was delivered, whatever Skatteetaten answered to it", () => {
    for (const check of [unchecked, { ...checkedOk, verdict: "invalid" as const, findings: findings("nb") }]) {
      for (const state of ["waitingAnswer", "rejected", "unclear", "received"] as const) {
        expect(of({ check, filing: filing(state) }).check.kind).toBe("done");
      }
    }
    const bad = { ...checkedOk, verdict: "invalid" as const, findings: findings("nb") };
    expect(of({ check: bad, filing: filing("refused") }).check.kind).toBe("bad");
  });

  it("forgets a problem of the check when the return is being filed", () => {
    const check = { ...checkedOk, problem: error("unreachable") };
    expect(of({ check, filing: filing("running") }).check.kind).toBe("done");
  });
});

describe("step 2", () => {
  it("is shut with its reason until the first step allows it", () => {
    expect(of({ check: unchecked }).file).toEqual({ kind: "shut", reason: { kind: "unchecked" } });
    expect(of({ check: { ...unchecked, running: true } }).file).toEqual({ kind: "shut", reason: { kind: "checking" } });
    expect(of({ check: { ...checkedOk, verdict: "invalid", findings: findings("nb") } }).file).toEqual({
      kind: "shut",
      reason: { kind: "correct", findings: [1] },
    });
    expect(of({ check: checkedOk }, null).file).toEqual({ kind: "shut", reason: { kind: "signedOut" } });
    expect(of({ check: checkedOk }, ingrid, true).file).toEqual({ kind: "shut", reason: { kind: "signedOut" } });
    const problem = error("noAltinnUser");
    expect(of({ check: checkedOk }, { ...ingrid, altinn: null, altinnProblem: problem }).file).toEqual({
      kind: "shut",
      reason: { kind: "noAltinn", error: problem },
    });
  });

  it("opens for a return that is in order, and for one that deviates", () => {
    expect(of({ check: checkedOk }).file).toEqual({ kind: "open" });
    const odd = { ...checkedOk, verdict: "deviating" as const, findings: findings("nb").slice(1) };
    expect(of({ check: odd }).file).toEqual({ kind: "open" });
  });

  it("warns of a company that Altinn's list lacks, and does not shut for it", () => {
    const content = world.content("nb", true, { orgNumber: "999999999" });
    const stranger = of({ check: checkedOk, content });
    expect([stranger.notListed, stranger.file.kind]).toEqual([true, "open"]);
    expect(of({ check: checkedOk }).notListed).toBe(false);
    expect(of({ check: checkedOk, content }, { ...ingrid, companies: [] }).notListed).toBe(false);
    expect(of({ check: checkedOk, content }, null).notListed).toBe(false);
  });

  it("is the filing once there is one", () => {
    expect(of({ check: checkedOk, filing: filing("received") }).file.kind).toBe("filing");
  });
});
