// Classes and style sheets belong together: what an element is given stands in a sheet, and what stands there is given.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" });
const read = (name: string) => readFileSync(join(root, name), "utf8");
const sheets = files.filter((name) => name.endsWith(".module.css"));
const sources = files.filter((name) => /\.tsx?$/.test(name) && !/^(tests|fake)\//.test(name));

const classes = (css: string) =>
  new Set(
    [...css.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/([^{}]*)\{/g)].flatMap(([, selector = ""]) =>
      selector.startsWith("@") ? [] : [...selector.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name = ""]) => name),
    ),
  );
const own = (css: string) => classes(css.replace(/:global\([^)]*\)/g, ""));
const everywhere = new Set(
  ["global", "tables", "designsystemet"].flatMap((name) => [...classes(read(`styles/${name}.css`))]),
);

/** The sheets that a source names, with the names it gives them. */
const imports = (name: string) =>
  [...read(name).matchAll(/import (\w+) from "(\.[^"]+\.module\.css)"/g)].map(([, alias = "", path = ""]) => ({
    alias,
    sheet: join(dirname(name), path),
  }));

describe("style sheets", () => {
  it("have names that no other has, since their classes are called by them", () => {
    const names = sheets.map((sheet) => basename(sheet));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it("stand in a layer, so that it does not matter which is loaded first", () => {
    const outside = sheets.filter((sheet) => !/^@layer (parts|shared|places) \{/.test(read(sheet)));
    expect(outside).toEqual([]);
  });

  it("draw boxes and radios in one place, so that none is left as the system draws it on dark ground", () => {
    expect(sheets.filter((sheet) => read(sheet).includes("accent-color"))).toEqual([]);
    const dark = /data-color-scheme="dark"\]\s+input:is\(\[type="checkbox"\], \[type="radio"\]\)/;
    expect(read("styles/global.css")).toMatch(dark);
  });

  it("have every class that an element is given", () => {
    const missing = sources.flatMap((name) => {
      const text = read(name);
      return imports(name).flatMap(({ alias, sheet }) => {
        const there = own(read(sheet));
        return [...text.matchAll(new RegExp(`(?<![\\w.])${alias}\\.(\\w+)`, "g"))]
          .map(([, used = ""]) => used)
          .filter((used) => !there.has(used) && used !== "module")
          .map((used) => `${name}: ${alias}.${used}`);
      });
    });
    const literal = sources
      .filter((name) => name.endsWith(".tsx"))
      .flatMap((name) => {
        const text = read(name);
        const given = [
          ...text.matchAll(/className="([^"]*)"/g),
          ...[...text.matchAll(/\bcx\(([^;{}]*?)\)/g)].flatMap(([, args = ""]) => [
            ...args.replace(/[!=]==? "[^"]*"/g, "").matchAll(/"([^"]*)"/g),
          ]),
        ].flatMap(([, list = ""]) => list.split(/\s+/).filter((each) => each !== ""));
        return given.filter((each) => !everywhere.has(each)).map((each) => `${name}: "${each}"`);
      });
    expect([...missing, ...literal]).toEqual([]);
  });

  it("have no class that no element is given", () => {
    const used = new Map<string, string>();
    for (const name of sources)
      for (const { alias, sheet } of imports(name))
        used.set(sheet, (used.get(sheet) ?? "") + read(name).replaceAll(new RegExp(`\\b${alias}(?=[.[])`, "g"), "§"));
    const idle = sheets.flatMap((sheet) => {
      const text = used.get(sheet) ?? "";
      // A class that is chosen by a value is not named.
      return text.includes("§[")
        ? []
        : [...own(read(sheet))].filter((each) => !text.includes(`§.${each}`)).map((each) => `${sheet}: ${each}`);
    });
    expect(idle).toEqual([]);
  });
});
