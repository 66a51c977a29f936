/** Every test that `docs/window-journeys.md` names is there, by its whole name. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const table = readFileSync(path.join(root, "docs/window-journeys.md"), "utf8");

/** Where a file of tests lies: by its path, or by its name in the folder of its kind. */
function lies(file: string): string {
  if (file.includes("/")) return path.join(root, file);
  return path.join(root, file.endsWith(".mjs") ? "tests/window" : "ui/src/tests", file);
}

describe("what hurt in the window", () => {
  const rows = table.split("\n").filter((line) => /^\| \d+ \|/.test(line));

  it("is all of it there, the fifteen and the twenty-one", () => {
    const numbers = rows.map((row) => Number(row.split("|")[1]));
    const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
    expect(numbers).toEqual([...upTo(15), ...upTo(21)]);
  });

  it("is held by tests that there are", () => {
    for (const row of rows) {
      const held = [
        ...(row.split("|")[4] ?? "").matchAll(/`([^`]+\.(?:mjs|tsx?|rs))`: ((?:“[^”]+”(?: \([^)]*\))?(?:, )?)+)/g),
      ];
      expect(held, row).not.toHaveLength(0);
      for (const [, file = "", names = ""] of held) {
        expect(existsSync(lies(file)), file).toBe(true);
        const source = readFileSync(lies(file), "utf8");
        for (const [, name = ""] of names.matchAll(/“([^”]+)”/g)) {
          const declared = file.endsWith(".rs") ? `fn ${name}(` : `"${name}"`;
          expect(source.includes(declared), `${file}: ${name}`).toBe(true);
        }
      }
    }
  });
});
