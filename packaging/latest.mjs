// Writes what programs ask for when they look for updates (`latest.json`), from the signed files of a release:
//
//     node latest.mjs FOLDER TAG CHANGELOG

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { notes } from "./notes.mjs";

const [folder = "", tag = "", changelog = ""] = process.argv.slice(2);
const address = (file) => `https://github.com/momsbud/momsbud/releases/download/${tag}/${encodeURIComponent(file)}`;

/** Which file updates which system. The signature lies beside it as FILE.sig. */
const systems = {
  // What was installed for all users an administrator updates: the program does not ask for it.
  "windows-x86_64": /_x64-setup\.exe$/,
  "darwin-aarch64": /^macos-arm-.*\.app\.tar\.gz$/,
  "darwin-x86_64": /^macos-intel-.*\.app\.tar\.gz$/,
  // The .deb and the .rpm are updated by their system; only an AppImage asks.
  "linux-x86_64": /_x86_64\.AppImage$/,
};

const files = readdirSync(folder);
const platforms = Object.fromEntries(
  Object.entries(systems).map(([system, name]) => {
    const file = files.find((candidate) => name.test(candidate));
    if (file === undefined) throw new Error(`nothing in ${folder} updates ${system}`);
    return [system, { url: address(file), signature: readFileSync(join(folder, `${file}.sig`), "utf8").trim() }];
  }),
);

const said = {
  version: tag.replace(/^v/, ""),
  notes: notes(readFileSync(changelog, "utf8"), tag),
  pub_date: new Date().toISOString(),
  platforms,
};
process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
