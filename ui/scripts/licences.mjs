// The parts that the programs are made of, and their licences, with texts.
//
//   licences.mjs              writes ui/dist/licences.json, which the shell reads when somebody asks. Part of
//                             `npm run build`, so that the list is never older than the program
//   licences.mjs --list FILE  writes the same for people, for the package of a Linux system
//
// The crates are those of `cargo tree` for the system that is built for: what is linked and what makes code that is
// linked, with the features that are asked for, without tools of the build. The packages are those of the lock file that
// are no tools either. A part that carries no text of its own gets the standard one of its licence.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const LONGEST = 100_000;
/** Fewer characters only name a licence. */
const SHORTEST = 500;

/** What is built for: the release workflow says so where that is not the machine that builds. */
export const PROGRAMS = ["--package", "momsbud", "--package", "cli", "--features", "tauri/custom-protocol"];

const run = (program, args) =>
  execFileSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });

/** The system that is built for. The release workflow builds for another one than it runs on, and tauri says which. */
export function target() {
  return process.env.TAURI_ENV_TARGET_TRIPLE || /^host: (.+)$/m.exec(run("rustc", ["-vV"]))[1];
}

/** The licence texts in a folder. */
function textsIn(folder) {
  return readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|unlicense|copyright)/i.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size <= LONGEST)
    .sort()
    .map((file) => readFileSync(file, "utf8").replaceAll("\r\n", "\n").trim())
    .filter((text) => text !== "");
}

/**
 * The standard text of a licence, for a part that carries none: of the first of its alternatives that there is one for.
 *
 * @param {string} licence an SPDX expression without AND
 * @param {string} holders who made the part
 */
export function standardText(licence, holders) {
  for (const id of licence.split(/ OR |\//).map((id) => id.trim())) {
    const file = path.join(root, "ui/scripts/licences", `${id}.txt`);
    if (existsSync(file)) return readFileSync(file, "utf8").trim().replaceAll("@HOLDERS@", holders);
  }
  return undefined;
}

/** Names as in a copyright notice: without addresses. */
function holders(name, authors) {
  const names = authors.map((author) => author.replace(/\s*<[^>]*>/, "").trim()).filter(Boolean);
  return names.length > 0 ? names.join(", ") : `the authors of ${name}`;
}

function part(kind, name, version, licence, folder, authors) {
  const own = textsIn(folder);
  if (own.some((text) => text.length >= SHORTEST)) return { kind, name, version, licence, texts: own };
  const standard = standardText(licence, holders(name, authors));
  return { kind, name, version, licence, texts: standard === undefined ? [] : [...own, standard] };
}

/** The crates in both programs. */
function crates() {
  const triple = target();
  const tree = run("cargo", [
    ...["tree", "--locked", "--target", triple, "--edges", "normal", "--prefix", "none", "--format", "{p}"],
    ...PROGRAMS,
  ]);
  // "name v1.2.3", and "(proc-macro)", "(*)" or a folder behind it.
  const linked = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  const metadata = JSON.parse(
    run("cargo", ["metadata", "--locked", "--format-version", "1", "--filter-platform", triple]),
  );
  return metadata.packages
    .filter(({ name, version, source }) => source !== null && linked.has(`${name} v${version}`))
    .map(({ name, version, license, manifest_path, authors }) =>
      part("crate", name, version, license ?? "", path.dirname(manifest_path), authors),
    );
}

/** The packages that the window's content is built from, the typeface among them. */
function packages() {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([place, { dev, optional }]) => place !== "" && !dev && !optional)
    .map(([place, { version }]) => {
      const folder = path.join(root, place);
      const { license, author } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
      const named = typeof author === "string" ? author : author?.name;
      const name = place.replace(/^.*node_modules\//, "");
      return part("npm", name, version, String(license ?? ""), folder, named ? [named] : []);
    });
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Every part with its texts, by name, the same on every machine. */
export function parts() {
  const found = [...crates(), ...packages()].sort(
    (a, b) => order(a.name.toLowerCase(), b.name.toLowerCase()) || order(a.name, b.name) || order(a.version, b.version),
  );
  const without = found.filter(({ texts }) => texts.length === 0);
  if (without.length > 0) {
    const named = without.map(({ name, licence }) => `${name} (${licence || "no licence named"})`).join(", ");
    throw new Error(`There is no licence text for ${named}; ui/scripts/licences has the standard ones.`);
  }
  return found;
}

/** For the window: the texts once each, and the parts with indexes of theirs. */
export function forWindow(found) {
  const texts = [...new Set(found.flatMap((it) => it.texts))];
  const index = new Map(texts.map((text, at) => [text, at]));
  return {
    parts: found.map(({ name, version, licence, texts: own }) => ({
      name,
      version,
      licence,
      texts: own.map((text) => index.get(text)),
    })),
    texts,
  };
}

/** For people: a line for each part, then the texts with their numbers. */
export function forPeople(found) {
  const { parts: numbered, texts } = forWindow(found);
  const lines = numbered.map(({ name, version, licence, texts: own }, at) =>
    [found[at].kind, name, version, licence, own.map((text) => `[${text + 1}]`).join(" ")].join("\t"),
  );
  const rule = "=".repeat(80);
  return [
    "What is inside momsbud and momsbud-cli: kind, name, version, licence, and the texts, which follow below.",
    "The source of a crate is at https://crates.io/crates/NAME/VERSION, of an npm package at https://www.npmjs.com/package/NAME.",
    "",
    ...lines,
    ...texts.flatMap((text, at) => ["", rule, `[${at + 1}]`, "", text]),
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = parts();
  if (process.argv[2] === "--list") {
    writeFileSync(process.argv[3], forPeople(found));
  } else {
    const list = forWindow(found);
    const json = JSON.stringify(list);
    writeFileSync(path.join(root, "ui/dist/licences.json"), json);
    console.log(
      `licences.json: ${found.length} parts, ${list.texts.length} texts, ${(json.length / 1000).toFixed(0)} kB`,
    );
  }
}
