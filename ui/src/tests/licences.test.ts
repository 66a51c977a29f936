/** The list of the parts and their licences, against what cargo and npm say by themselves. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");
const run = (program: string, args: string[]) =>
  execFileSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

let parts: { kind: string; name: string; version: string; licence: string; texts: number[] }[];
let texts: Map<number, string>;

beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), "momsbud-licences-"));
  const file = path.join(folder, "list");
  run(process.execPath, ["ui/scripts/licences.mjs", "--list", file]);
  const [table = "", ...written] = readFileSync(file, "utf8").split(/\n={80}\n(?=\[\d+\]\n\n)/);
  rmSync(folder, { recursive: true });
  const rows = table.split("\n").filter((line) => line.includes("\t"));
  parts = rows.map((line) => {
    const [kind = "", name = "", version = "", licence = "", own = ""] = line.split("\t");
    return { kind, name, version, licence, texts: [...own.matchAll(/\[(\d+)\]/g)].map(([, text]) => Number(text)) };
  });
  texts = new Map(
    written.map((it) => {
      const [, number, text] = /^\[(\d+)\]\n\n([^]*)$/.exec(it) ?? [];
      return [Number(number), text ?? ""];
    }),
  );
  // Where cargo has fetched nothing yet, it does so now.
}, 300_000);

const named = (kind: string) => parts.filter((it) => it.kind === kind).map(({ name, version }) => `${name} ${version}`);

describe("the list of licences", () => {
  it("has a licence and its text for every part", () => {
    expect(parts.length).toBeGreaterThan(300);
    for (const { name, licence, texts: own } of parts) {
      expect(licence, name).not.toBe("");
      expect(own, name).not.toEqual([]);
      // One of them is a licence, and not only its name.
      expect(Math.max(...own.map((text) => texts.get(text)?.length ?? 0)), name).toBeGreaterThan(500);
    }
    expect([...texts.values()].filter((text) => text.includes("@HOLDERS@"))).toEqual([]);
  });

  it("has the crates of both programs with the features they are built with, and no others", () => {
    // As a tree this time, and each program by itself.
    const linked = ["momsbud", "cli"].flatMap((program) => {
      const features = program === "momsbud" ? ["--features", "tauri/custom-protocol"] : [];
      const tree = run("cargo", ["tree", "--locked", "--edges", "normal", "--package", program, ...features]);
      return [...tree.matchAll(/^[│├└─\s]*(\S+) v(\S+)(?! \(\/)(?: \(proc-macro\))?(?: \(\*\))?$/gmu)];
    });
    const crates = new Set(linked.map(([, name = "", version = ""]) => `${name} ${version}`));
    expect(crates.size).toBeGreaterThan(300);
    expect(new Set(named("crate"))).toEqual(crates);
    for (const name of ["clap", "clap_mangen", "roff", "anstream", "tauri"]) {
      expect(
        parts.some((it) => it.name === name),
        name,
      ).toBe(true);
    }
  });

  it("has the packages of the window, the icons and the typeface among them", () => {
    const installed = run("npm", ["ls", "--all", "--omit=dev", "--omit=optional", "--parseable", "--long"]);
    const packages = [...installed.matchAll(/^[^:\n]*node_modules[^:\n]*:((?:@[^@/\n]+\/)?[^@\n]+)@([^:\n]+)/gm)];
    expect(packages.length).toBeGreaterThan(10);
    expect(new Set(named("npm"))).toEqual(new Set(packages.map(([, name = "", version = ""]) => `${name} ${version}`)));
    const licence = (name: string) => {
      const part = parts.find((it) => it.name === name);
      return part?.texts.map((text) => texts.get(text)).join("\n");
    };
    expect(licence("@navikt/aksel-icons")).toMatch(/^MIT License\n\nCopyright \(c\) Aksel/);
    expect(licence("@fontsource-variable/inter")).toContain("SIL OPEN FONT LICENSE");
  });
});
