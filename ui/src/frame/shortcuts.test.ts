import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { shortcuts } from "./shortcuts";

it("lists every letter that does something with Ctrl, and no other", () => {
  const source = readFileSync(path.resolve(import.meta.dirname, "shortcuts.ts"), "utf8");
  const acting = [...source.matchAll(/case "([a-z])":/g)].map(([, letter = ""]) => letter.toUpperCase());
  const listed = shortcuts.flatMap(({ keys }) => (keys[0] === "Ctrl" ? keys.slice(-1) : []));
  expect(acting.length).toBeGreaterThan(4);
  expect([...new Set(listed.filter((key) => /^[A-Z]$/.test(key)))].toSorted()).toEqual(acting.toSorted());
});
