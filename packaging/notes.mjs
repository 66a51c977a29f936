// What the changelog says of a version, for the release's page and for the window that offers the update:
//
//     node notes.mjs CHANGELOG TAG

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * From the version's heading to the next.
 *
 * @param {string} changelog its text
 * @param {string} tag `v` and the version
 * @returns {string}
 */
export function notes(changelog, tag) {
  const version = tag.replace(/^v/, "");
  const heading = new RegExp(`^## ${version.replaceAll(".", "\\.")}(?=\\s|$).*\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, "m");
  const found = heading.exec(changelog)?.[1]?.trim();
  if (!found) throw new Error(`The changelog says nothing of ${version}.`);
  return found;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [changelog = "", tag = ""] = process.argv.slice(2);
  process.stdout.write(`${notes(readFileSync(changelog, "utf8"), tag)}\n`);
}
