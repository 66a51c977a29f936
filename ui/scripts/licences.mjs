// Writes ui/dist/licences.json: every part that is in the program, with the licence texts it carries. Part of
// `npm run build`, so that the list is never older than the program; the shell reads it when somebody asks.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const LONGEST = 100_000;
const texts = new Map();

/** The licence texts in a folder, as indexes into the list of all. */
function textsIn(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|unlicense|copyright)/i.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size <= LONGEST)
    .sort()
    .map((file) => {
      const text = readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim();
      if (!texts.has(text)) texts.set(text, texts.size);
      return texts.get(text);
    });
}

/** The crates that are linked into the desktop program: what it needs, and what that needs, without build tools. */
function crates() {
  const host = /^host: (.+)$/m.exec(execFileSync("rustc", ["-vV"], { encoding: "utf8" }))[1];
  const metadata = JSON.parse(
    execFileSync("cargo", ["metadata", "--format-version", "1", "--filter-platform", host], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const found = new Set();
  const pending = [metadata.packages.find(({ name, source }) => name === "momsbud" && source === null).id];
  while (pending.length > 0) {
    const id = pending.pop();
    if (found.has(id)) continue;
    found.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      if (dep_kinds.some(({ kind }) => kind === null)) pending.push(pkg);
    }
  }
  return metadata.packages
    .filter(({ id, source }) => source !== null && found.has(id))
    .map(({ name, version, license, manifest_path }) => ({
      name,
      version,
      licence: license ?? "",
      texts: textsIn(path.dirname(manifest_path)),
    }));
}

/** The packages that the window's content is built from. */
function packages() {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([place, { dev, optional }]) => place !== "" && !dev && !optional)
    .map(([place, { version }]) => {
      const folder = path.join(root, place);
      const { license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
      return {
        name: place.replace(/^.*node_modules\//, ""),
        version,
        licence: String(license ?? ""),
        texts: textsIn(folder),
      };
    });
}

const parts = [...crates(), ...packages()].sort(
  (a, b) => a.name.localeCompare(b.name, "en") || (a.version < b.version ? -1 : 1),
);
const nameless = parts.filter(({ licence, texts: own }) => licence === "" && own.length === 0);
if (nameless.length > 0) {
  console.error(`These parts name no licence: ${nameless.map(({ name }) => name).join(", ")}`);
  process.exit(1);
}
const list = JSON.stringify({ parts, texts: [...texts.keys()] });
writeFileSync(path.join(root, "ui/dist/licences.json"), list);
console.log(`licences.json: ${parts.length} parts, ${texts.size} texts, ${(list.length / 1000).toFixed(0)} kB`);
