import { describe, expect, it } from "vitest";
import { account, amount, daysBetween, formats, initials, kid, kr, norwegianDay, orgNumber, percent } from "./format";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("numbers", () => {
  it.each([
    ["0", "0"],
    ["999", "999"],
    ["1000", "1 000"],
    ["1234567", "1 234 567"],
    ["-12640", "\u221212 640"],
    ["12345678901234567890", "12 345 678 901 234 567 890"],
    ["1250.50", "1 250,50"],
  ])("%s is written %s", (kroner, written) => {
    expect(plain(amount(kroner))).toBe(written);
  });

  it("never breaks a line within a number", () => {
    expect(kr("77511")).toBe("77\u00a0511\u00a0kr");
  });

  it("groups organisation numbers, accounts and KID as they are read aloud", () => {
    expect(plain(orgNumber("311797816"))).toBe("311 797 816");
    expect(orgNumber("not a number")).toBe("not a number");
    expect(plain(account("12345678903"))).toBe("1234 56 78903");
    expect(plain(kid("3126415570260201"))).toBe("3126 4155 7026 0201");
    expect(plain(percent("11.11"))).toBe("11,11 %");
  });
});

describe("dates and times", () => {
  it("are Norwegian, whatever the computer's zone", () => {
    const nb = formats("nb");
    expect(nb.dayFrom("2026-06-10", "2026-06-09")).toBe("onsdag 10. juni");
    expect(nb.fullDay("2026-06-10")).toBe("onsdag 10. juni 2026");
    expect(nb.time("2026-06-09T16:42:00Z")).toBe("18.42");
    expect(nb.seconds("2026-01-09T16:42:07Z")).toBe("17.42.07");
    expect(norwegianDay(Date.parse("2026-06-09T22:30:00Z"))).toBe("2026-06-10");
  });

  it("follow the language", () => {
    expect(formats("nn").dayFrom("2026-06-10", "2026-06-09")).toBe("onsdag 10. juni");
    expect(["2026-06-08", "2026-06-09", "2026-06-13"].map((day) => formats("nn").dayFrom(day, "2026-06-09"))).toEqual([
      "måndag 8. juni",
      "tysdag 9. juni",
      "laurdag 13. juni",
    ]);
    expect(formats("nn").dateYear("2026-07-02")).toBe("2. juli 2026");
    expect(formats("en").dayFrom("2026-06-10", "2026-06-09")).toBe("Wednesday 10 June");
    expect(formats("en").time("2026-06-09T16:42:00Z")).toBe("18:42");
  });

  it("name the year of a day that is not in this one", () => {
    expect(formats("nb").dayFrom("2026-06-10", "2026-11-30")).toBe("onsdag 10. juni");
    expect(formats("nb").dayFrom("2025-04-10", "2026-11-30")).toBe("torsdag 10. april 2025");
    expect(formats("nb").dateFrom("2026-06-10", "2026-11-30")).toBe("10. juni");
    expect(formats("nb").dateFrom("2027-01-04", "2026-11-30")).toBe("4. januar 2027");
  });

  it("count days over the change to summer time", () => {
    expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
    expect(daysBetween("2026-06-10", "2026-06-09")).toBe(-1);
  });
});

describe("initials", () => {
  it.each([
    ["Ingrid Solvang", "IS"],
    ["Ada Marie Nordmann Dahl", "AD"],
    ["Kari", "K"],
  ])("%s is %s", (name, short) => {
    expect(initials(name)).toBe(short);
  });
});
