// After a whole session nothing that was secret lies anywhere: data folder, log at debug, what the program printed.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { issued, log, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

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

test("no code and no token is left after a sign-in, a renewal, a filing and a sign-out", async () => {
  const desktop = await Desktop.open();
  let program;
  try {
    program = await Program.start(desktop, { env: { MOMSBUD_LOG: "debug" } });
    await settings(program, { idPorten: { accessTokenLifetimeSeconds: 24 } });
    await program.click(ids.signIn);
    await desktop.browser.signIn("Ingrid Solvang");
    await program.reads(ids.who, /Ingrid Solvang/);
    await program.click(ids.sample);
    await program.click(ids.check);
    await until("the check", async () => (await program?.attribute(ids.step1, "data-state")) === "done");
    await program.click(ids.file);
    if (await program.shows(ids.confirmDialog)) await program.click(ids.confirmFile);
    await until("the receipt", async () => (await program?.attribute(ids.step2, "data-state")) === "received", 120_000);
    await until("a renewal", async () => (await log(program)).requests.some(({ effect }) => effect === "tokens refreshed"));
    await program.click(ids.placeAccess);
    await program.click(ids.signOut);
    await until("the sign-out", async () => (await log(program)).requests.some(({ call }) => call === "revoke"));
    await desktop.browser.nextPage();
    await desktop.browser.close();

    const secrets = await issued(program);
    // A code, and twice an access, a refresh, an id and an Altinn token.
    assert.ok(secrets.length >= 9, `${secrets.length} secrets`);
    await program.quit();

    const looked = [...(await files(program.dataDir)), ...(await files(program.archiveDir))];
    const contents = await Promise.all(looked.map(async (path) => ({ path, bytes: await readFile(path) })));
    contents.push({ path: "standard output and standard error", bytes: Buffer.from(program.output()) });
    const logs = contents.filter(({ path }) => path.includes("/logs/"));
    assert.ok(logs.some(({ bytes }) => bytes.includes("DEBUG")), "the log was written at debug");
    assert.ok(contents.some(({ path, bytes }) => path.endsWith("momsbud.db") && bytes.length > 0));
    for (const secret of secrets) {
      for (const form of forms(secret)) {
        for (const { path, bytes } of contents) {
          // Never the secret itself in the message.
          assert.ok(!bytes.includes(form), `a secret of ${secret.length} characters lies in ${path}`);
        }
      }
    }
  } finally {
    await program?.quit();
    await desktop.close();
  }
});
