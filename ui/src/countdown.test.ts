import { describe, expect, it } from "vitest";
import { authorizationLimits, left, shareOf, tokenLimits, untilChange, urgency } from "./countdown";

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe("what a clock shows", () => {
  it.each([
    [49 * H, { unit: "days", days: 2 }],
    [48 * H, { unit: "hours", hours: 48, minutes: 0 }],
    [102 * M, { unit: "hours", hours: 1, minutes: 42 }],
    [59 * M + 59 * S, { unit: "minutes", minutes: 59 }],
    [2 * M, { unit: "minutes", minutes: 2 }],
    [2 * M - 1, { unit: "seconds", seconds: 120 }],
    [1, { unit: "seconds", seconds: 1 }],
    [0, { unit: "none" }],
    [-5 * M, { unit: "none" }],
  ])("%d ms left", (milliseconds, shown) => {
    expect(left(milliseconds)).toEqual(shown);
  });

  it("turns amber and red at 15 and 2 minutes, and at 30 and 7 days", () => {
    expect(urgency(15 * M + 1, tokenLimits)).toBe("calm");
    expect(urgency(15 * M, tokenLimits)).toBe("soon");
    expect(urgency(2 * M, tokenLimits)).toBe("bad");
    expect(urgency(0, tokenLimits)).toBe("expired");
    expect(urgency(30 * D + 1, authorizationLimits)).toBe("calm");
    expect(urgency(30 * D, authorizationLimits)).toBe("soon");
    expect(urgency(7 * D, authorizationLimits)).toBe("bad");
  });

  it("empties the ring with the text", () => {
    expect(shareOf(left(60 * M), 120 * M)).toBe(0.5);
    expect(shareOf(left(0), 120 * M)).toBe(0);
  });
});

describe("when it shows something else", () => {
  const shows = (milliseconds: number) => JSON.stringify([left(milliseconds), urgency(milliseconds, tokenLimits)]);

  it("is not a moment before and at that moment", () => {
    for (const start of [
      3 * D + 7,
      50 * H,
      48 * H + 1,
      47 * H,
      102 * M + 31 * S,
      15 * M + 900,
      2 * M + 1,
      119 * S,
      1500,
      1,
    ]) {
      const wait = untilChange(start, tokenLimits);
      expect(shows(start - wait), `${String(start)} after ${String(wait)}`).not.toBe(shows(start));
      expect(shows(start - wait + 1), `${String(start)} before ${String(wait)}`).toBe(shows(start));
    }
  });

  it("is once a minute until the last two minutes", () => {
    expect(untilChange(90 * M, tokenLimits)).toBeGreaterThan(0);
    expect(untilChange(89 * M + 59 * S, tokenLimits)).toBe(59 * S + 1);
    expect(untilChange(0, tokenLimits)).toBe(Number.POSITIVE_INFINITY);
  });
});
