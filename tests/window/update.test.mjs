// Updates from a server of the test's own: what is signed, newer and for the announced version is installed, nothing
// else is. Linux updates itself only as an AppImage, so the program believes to be one: the file that APPIMAGE names is
// what is replaced.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { Desktop } from "./desktop.mjs";
import { clearFaults, faults } from "./practice.mjs";
import { run, until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The new version: all it does is to say that it was started, by a file beside itself. */
const NEW_PROGRAM = `
#include <stdio.h>
int main(int count, char **words) {
    char path[4096];
    if (snprintf(path, sizeof path, "%s.started", words[0]) >= (int) sizeof path) return 1;
    FILE *file = fopen(path, "w");
    return file == NULL || fclose(file) != 0;
}
`;

describe("updates", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {import("node:http").Server} */ let server;
  let address;
  let appImage;
  let payload;
  let key;
  let otherKey;
  /** What the server announces, and whether it was asked. */
  let announced;
  let asked = 0;

  /** A key pair as the release workflow has one. */
  async function keys(name) {
    const file = join(desktop.root, name);
    await run(join(ROOT, "node_modules/.bin/tauri"), ["signer", "generate", "--ci", "--password", "", "--write-keys", file], {
      env: desktop.env,
    });
    return { file, open: (await readFile(`${file}.pub`, "utf8")).trim() };
  }

  /** The payload's signature for a version. */
  async function signature(pair, version) {
    const file = join(desktop.root, `payload-${version}`);
    await copyFile(payload, file);
    await run(
      join(ROOT, "node_modules/.bin/tauri"),
      ["signer", "sign", "--private-key-path", pair.file, "--password", "", "--app-version", version, file],
      { env: desktop.env },
    );
    return (await readFile(`${file}.sig`, "utf8")).trim();
  }

  /** Announces a version, with the signature of what is to be had. */
  async function announce(version, { pair = key, signedFor = version, url = `${address}/payload` } = {}) {
    const offer = { url, signature: await signature(pair, signedFor) };
    announced = {
      version,
      notes: "Nytt: oppdateringer",
      platforms: { "linux-x86_64": offer, "linux-aarch64": offer },
    };
  }

  async function start(more = {}) {
    await program?.quit();
    asked = 0;
    program = await Program.start(desktop, {
      env: { MOMSBUD_UPDATE_ADDRESS: `${address}/latest.json`, MOMSBUD_UPDATE_KEY: key.open, ...more },
    });
    await program.click(ids.placeSettings);
  }

  /** Looks for an update and says what the window says of it. */
  async function look(expected) {
    await program.click(ids.updateLook);
    await until(`the window to say "${expected}"`, async () => {
      return (await program.attribute(ids.update, "data-kind")) === expected;
    });
  }

  before(async () => {
    desktop = await Desktop.open();
    key = await keys("key");
    payload = join(desktop.root, "new-program");
    await writeFile(`${payload}.c`, NEW_PROGRAM);
    await run("cc", ["-o", payload, `${payload}.c`]);
    otherKey = await keys("other-key");
    server = createServer((request, answer) => {
      asked += 1;
      if (request.url === "/latest.json") {
        answer.setHeader("content-type", "application/json").end(JSON.stringify(announced));
      } else if (request.url === "/huge") {
        answer.writeHead(200, { "content-length": String(10 * 1024 ** 3) });
        answer.write(Buffer.alloc(1024));
      } else if (request.url === "/endless") {
        const more = () => {
          while (!answer.destroyed && answer.write(Buffer.alloc(1024 * 1024)));
        };
        answer.on("drain", more).on("error", () => undefined);
        more();
      } else {
        readFile(payload).then((bytes) => answer.end(bytes));
      }
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(undefined)));
    const at = server.address();
    assert.ok(at && typeof at === "object");
    address = `http://127.0.0.1:${at.port}`;
    appImage = join(desktop.root, "Momsbud.AppImage");
    await writeFile(appImage, "the old program");
    await chmod(appImage, 0o755);
    await mkdir(join(desktop.root, "system"));
  });
  after(async () => {
    await program?.quit();
    server?.close();
    await desktop?.close();
  });

  const step = story(() => program.picture("failed-update"));
  const untouched = async () => assert.equal(await readFile(appImage, "utf8"), "the old program");

  step("an administrator's policy keeps the program from even asking", async () => {
    await announce("99.0.0");
    await writeFile(join(desktop.root, "system/policy.json"), '{"updates": "off"}');
    await start({ APPIMAGE: appImage, MOMSBUD_SYSTEM_DIR: join(desktop.root, "system") });
    await look("off");
    assert.equal(asked, 0);
  });

  step("a program from a package says where packages are", async () => {
    await start();
    await look("packaged");
    assert.match(await program.text(ids.update), /https:\/\//);
    assert.equal(asked, 0);
  });

  step("an older version is no update", async () => {
    await start({ APPIMAGE: appImage });
    await announce("0.0.1");
    await look("newest");
    assert.ok(asked > 0);
  });

  step("what somebody else has signed is refused", async () => {
    await announce("99.0.0", { pair: otherKey });
    await look("available");
    await program.reads(ids.update, /Nytt: oppdateringer/);
    await program.picture("update-available");
    await program.click(ids.updateInstall);
    await until("the refusal", async () => (await program.attribute(ids.update, "data-kind")) === "refused");
    await program.picture("update-refused");
    await untouched();
  });

  step("an old version that is announced as a new one is refused", async () => {
    await announce("99.0.0", { signedFor: "0.0.1" });
    await look("available");
    await program.click(ids.updateInstall);
    await until("the refusal", async () => (await program.attribute(ids.update, "data-kind")) === "refused");
    await untouched();
  });

  step("what is larger than an installer can be is given up, whether it says so or not", async () => {
    for (const what of ["huge", "endless"]) {
      await announce("99.0.0", { url: `${address}/${what}` });
      await look("available");
      await program.click(ids.updateInstall);
      await until("the refusal", async () => (await program.attribute(ids.update, "data-kind")) === "refused");
      await untouched();
    }
  });

  step("what is to be fetched over plain http from elsewhere is refused", async () => {
    await announce("99.0.0", { url: "http://updates.example/payload" });
    await look("refused");
    await untouched();
  });

  step("a token in the address stands neither in the window nor in the log", async () => {
    await start({ APPIMAGE: appImage, MOMSBUD_UPDATE_ADDRESS: "http://127.0.0.1:1/latest.json?token=c0ffee", MOMSBUD_LOG: "trace" });
    await look("unreachable");
    const shown = await program.driver.executeScript("return document.documentElement.outerHTML");
    assert.doesNotMatch(String(shown), /c0ffee/);
    const folder = join(program.dataDir, "logs");
    for (const file of await readdir(folder)) {
      const lines = (await readFile(join(folder, file), "utf8")).split("\n");
      assert.deepEqual(lines.filter((line) => line.includes("c0ffee")), [], file);
    }
    await start({ APPIMAGE: appImage });
  });

  step("while a return is being filed nothing is replaced", async () => {
    await program.signIn("Ingrid Solvang");
    await program.click(ids.placeFiling);
    await program.click(ids.sample);
    await program.click(ids.check);
    await until("the check", async () => (await program.attribute(ids.step1, "data-state")) === "done");
    await announce("99.0.0");
    // Every step of the filing is held up until the window has answered.
    await faults(program, [{ authority: "altinn_app", times: 0, fault: { kind: "delay", milliseconds: 5_000 } }]);
    await program.click(ids.file);
    await program.click(ids.confirmFile);
    await program.click(ids.placeSettings);
    await look("available");
    await program.click(ids.updateInstall);
    await until("the answer", async () => (await program.attribute(ids.update, "data-kind")) === "later");
    await program.picture("update-later");
    await untouched();
    await clearFaults(program);
    await program.click(ids.placeHistory);
    await program.reads(ids.historyRow, /Mottatt/);
    await program.click(ids.placeSettings);
  });

  step("what is genuine and newer is installed and started", async () => {
    await announce("99.0.0");
    await look("available");
    // The window goes away in the middle of the click's answer.
    await program.click(ids.updateInstall).catch(() => undefined);
    await until("the new program in the old one's place", async () =>
      (await readFile(appImage)).equals(await readFile(payload)),
    );
    await until("the new program's start", () => existsSync(`${appImage}.started`));
  });
});
