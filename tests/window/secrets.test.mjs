// After a whole session nothing that was secret lies anywhere: data folder, log at debug, what the program printed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { noneLeaked } from "./leaks.mjs";
import { issued, log, settings } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

test("no code and no token is left after a sign-in, a renewal, a filing and a sign-out", async () => {
  const desktop = await Desktop.open();
  let program;
  try {
    program = await Program.start(desktop, { env: { MOMSBUD_LOG: "debug" } });
    await settings(program, { idPorten: { accessTokenLifetimeSeconds: 24 } });
    await program.signIn("Ingrid Solvang");
    await program.sendSample();
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

    await noneLeaked(program, secrets);
  } finally {
    await program?.quit();
    await desktop.close();
  }
});
