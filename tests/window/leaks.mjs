// Looks for secrets where a program leaves something: its data folder, its archive, its log, what it printed.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder. */
async function files(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The forms in which a secret could lie in a file: as it is, for an address, and in base64 at any of three offsets. */
function forms(secret) {
  const encoded = [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    // The first and last characters depend on the neighbours.
    return [bytes.toString("base64"), bytes.toString("base64url")].map((text) => text.replace(/=+$/, "").slice(4, -4));
  });
  return [secret, encodeURIComponent(secret), ...encoded].map((text) => Buffer.from(text));
}

/**
 * Fails when one of the secrets lies in a file of the program, which has ended and had its log at debug, or was printed.
 *
 * @param {import("./program.mjs").Program} program
 * @param {string[]} secrets
 */
export async function noneLeaked(program, secrets) {
  const looked = [...(await files(program.dataDir)), ...(await files(program.archiveDir).catch(() => []))];
  const contents = await Promise.all(looked.map(async (path) => ({ path, bytes: await readFile(path) })));
  contents.push({ path: "standard output and standard error", bytes: Buffer.from(program.output()) });
  // Whether it was looked where something would lie.
  const logs = contents.filter(({ path }) => path.includes("/logs/"));
  assert.ok(
    logs.some(({ bytes }) => bytes.includes("DEBUG")),
    "the log was written at debug",
  );
  assert.ok(contents.some(({ path, bytes }) => path.endsWith("momsbud.db") && bytes.length > 0));
  for (const secret of secrets) {
    for (const form of forms(secret)) {
      for (const { path, bytes } of contents) {
        // Never the secret itself in the message.
        assert.ok(!bytes.includes(form), `a secret of ${secret.length} characters lies in ${path}`);
      }
    }
  }
}
