import { describe, expect, it } from "vitest";
import { inView, scrolledTo } from "./fixedRows";

describe("rows of one height", () => {
  it("draws those in view and a few beyond", () => {
    expect(inView(0, 34, 0, 700)).toEqual({ from: 0, to: 0, before: 0, behind: 0 });
    expect(inView(3, 34, 0, 700)).toEqual({ from: 0, to: 3, before: 0, behind: 0 });
    const seen = inView(1000, 34, 3400, 680);
    expect(seen).toEqual({ from: 88, to: 132, before: 88 * 34, behind: (1000 - 132) * 34 });
  });

  it("reaches the first and the last of a million, in a list that engines can still draw", () => {
    const count = 1_000_000;
    const total = 16_000_000;
    const first = inView(count, 34, 0, 700);
    expect([first.from, first.before]).toEqual([0, 0]);
    const last = inView(count, 34, total - 700, 700);
    expect([last.to, Math.round(last.behind)]).toEqual([count, 0]);
    for (const top of [0, 5000, 1_234_567, 8_000_000, total - 700]) {
      const seen = inView(count, 34, top, 700);
      expect(seen.before + seen.behind + (seen.to - seen.from) * 34).toBeCloseTo(total, 3);
      expect(seen.before).toBeLessThanOrEqual(top + 0.001);
      expect(seen.before + (seen.to - seen.from) * 34).toBeGreaterThanOrEqual(Math.min(top + 700, total) - 0.001);
    }
  });

  it("scrolls only as far as a row that is out of view", () => {
    expect(scrolledTo(5, 1000, 34, 0, 700)).toBe(0);
    expect(scrolledTo(5, 1000, 34, 3400, 700)).toBeCloseTo(170);
    const down = scrolledTo(100, 1000, 34, 0, 700);
    const seen = inView(1000, 34, down, 700);
    expect(down).toBeCloseTo(102 * 34 - 700);
    expect(seen.to).toBeGreaterThan(100);
  });

  it("costs the same however many there are", () => {
    const begun = performance.now();
    for (let at = 0; at < 10_000; at++) inView(1_000_000, 34, at * 100, 700);
    // 66 ms were spent for one list of 330 000 rows when something was kept of each.
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
