// What a script could do that had come into the window's content: it runs here, in the real window, as if it had. It reaches no
// address, hears no event, asks for nothing that the window itself does not ask for, and redirects no token by itself.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe } from "node:test";
import { Desktop } from "./desktop.mjs";
import { openLink } from "./hosted.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

/** Ways out of a page, each with an address to put in. */
const WAYS = {
  "location.href": "location.href = to",
  "location.assign": "location.assign(to)",
  "location.replace": "location.replace(to)",
  "window.open": "window.open(to)",
  "window.open in place": "window.open(to, '_self')",
  "a link": "const a = document.createElement('a'); a.href = to; document.body.append(a); a.click(); a.remove()",
  "a link to a new window":
    "const a = document.createElement('a'); a.href = to; a.target = '_blank'; document.body.append(a); a.click(); a.remove()",
  "a download":
    "const a = document.createElement('a'); a.href = to; a.download = 'x'; document.body.append(a); a.click(); a.remove()",
  "a ping":
    "const a = document.createElement('a'); a.href = '#'; a.ping = to; document.body.append(a); a.click(); a.remove()",
  "a form": "const f = document.createElement('form'); f.action = to; document.body.append(f); f.submit(); f.remove()",
  "a posted form":
    "const f = document.createElement('form'); f.action = to; f.method = 'post'; document.body.append(f); f.submit(); f.remove()",
  "meta refresh":
    "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=' + to; document.head.append(m)",
  "a frame": "const f = document.createElement('iframe'); f.src = to; document.body.append(f)",
  "a page of a frame":
    "const f = document.createElement('iframe'); document.body.append(f); f.contentWindow.location = to",
  "an object": "const o = document.createElement('object'); o.data = to; document.body.append(o)",
  "an image": "new Image().src = to",
  "a script": "const s = document.createElement('script'); s.src = to; document.head.append(s)",
  "a style sheet":
    "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = to; document.head.append(l)",
  "a preload":
    "const l = document.createElement('link'); l.rel = 'preload'; l.as = 'image'; l.href = to; document.head.append(l)",
  "a prefetch": "const l = document.createElement('link'); l.rel = 'prefetch'; l.href = to; document.head.append(l)",
  "a background": "document.body.style.backgroundImage = 'url(' + to + ')'",
  "a sound": "new Audio(to).play().catch(() => undefined)",
  fetch: "fetch(to, { mode: 'no-cors' }).catch(() => undefined)",
  XMLHttpRequest: "const x = new XMLHttpRequest(); x.open('GET', to); x.send()",
  sendBeacon: "navigator.sendBeacon(to, 'x')",
  EventSource: "new EventSource(to)",
  WebSocket: "new WebSocket(to.replace('http', 'ws'))",
  Worker: "new Worker(to)",
};

/** What Tauri and its plugins can be asked for; the build of the program writes it. */
const MANIFESTS = fileURLToPath(new URL("../../gen/schemas/acl-manifests.json", import.meta.url));

/** Addresses that are no web page. */
const OTHERS = [
  "momsbud://callback?code=1&state=2",
  "mailto:x@example.org",
  "file:///etc/passwd",
  "data:text/html,<p>x",
];

/** What Tauri and its plugins would do for a page that may ask them. */
const OF_TAURI = {
  "plugin:event|listen": { event: "deep-link://new-url", target: { kind: "Any" }, handler: 1 },
  "plugin:event|emit": { event: "x", payload: 1 },
  "plugin:event|emit_to": { event: "x", payload: 1, target: { kind: "Any" } },
  "plugin:opener|open_url": { url: "https://example.org/" },
  "plugin:opener|open_path": { path: "/etc/passwd" },
  "plugin:opener|reveal_item_in_dir": { paths: ["/etc/passwd"] },
  "plugin:deep-link|get_current": {},
  "plugin:deep-link|register": { protocol: "http" },
  "plugin:updater|check": {},
  "plugin:dialog|open": { options: {} },
  "plugin:dialog|message": { message: "x" },
  "plugin:fs|read_text_file": { path: "/etc/passwd" },
  "plugin:shell|open": { path: "https://example.org/" },
  "plugin:clipboard-manager|read_text": {},
  "plugin:window|create": { options: { label: "x" } },
  "plugin:window|set_title": { label: "main", value: "x" },
  "plugin:webview|create_webview_window": { options: { label: "x", url: "https://example.org/" } },
  "plugin:webview|internal_toggle_devtools": {},
  "plugin:window-state|save_window_state": { flags: 1 },
  "plugin:path|resolve_directory": { directory: 1 },
  "plugin:resources|close": { rid: 1 },
  "plugin:app|version": {},
  no_such_command: {},
};

describe("a script in the window", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {import("node:http").Server} */ let elsewhere;
  /** @type {string} */ let address;
  /** @type {string[]} */ const reached = [];
  /** @type {string} */ let opened;

  before(async () => {
    desktop = await Desktop.open();
    elsewhere = createServer((request, answer) => {
      reached.push(`${request.method} ${request.url}`);
      answer.writeHead(200, { "Content-Type": "text/html", "Access-Control-Allow-Origin": "*" });
      answer.end("<!doctype html><title>elsewhere</title>");
    });
    await new Promise((ready) => elsewhere.listen(0, "127.0.0.1", () => ready(undefined)));
    const at = elsewhere.address();
    if (at === null || typeof at === "string") throw new Error("the other place has no port");
    address = `http://127.0.0.1:${at.port}`;
    program = await Program.start(desktop);
    await program.driver.manage().setTimeouts({ script: 60_000 });
    // Whatever the system is asked to open is written down and not opened.
    opened = join(desktop.root, "opened");
    const opener = join(desktop.root, "bin/xdg-open");
    await writeFile(opener, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${opened}'\n`);
    await chmod(opener, 0o755);
  });
  after(async () => {
    await desktop?.close();
    await new Promise((done) => elsewhere?.close(() => done(undefined)) ?? done(undefined));
  });
  const step = story(() => program.picture("failed-boundary"));

  step("the place it would go to can be reached from here", async () => {
    assert.equal((await fetch(`${address}/test`)).status, 200);
    assert.deepEqual(reached.splice(0), ["GET /test"]);
  });

  step("reaches no address, and the window stays where it is", async () => {
    const home = await program.driver.getCurrentUrl();
    for (const [name, way] of Object.entries(WAYS)) {
      await tries(`const to = '${address}/${encodeURIComponent(name)}'; ${way};`);
      await sleep(150);
      await atHome(home, name);
    }
    await sleep(1_500);
    await atHome(home, "anything");
    assert.deepEqual(reached, []);
  });

  step("reaches no other program and no file", async () => {
    const home = await program.driver.getCurrentUrl();
    for (const to of OTHERS) {
      for (const name of ["location.href", "window.open", "a link", "a page of a frame"]) {
        await tries(`const to = ${JSON.stringify(to)}; ${WAYS[name]};`);
        await sleep(150);
        await atHome(home, `${name} to ${to}`);
      }
    }
    assert.ok(!existsSync(opened), existsSync(opened) ? await readFile(opened, "utf8") : "");
  });

  step("asks Tauri and its plugins for nothing", async () => {
    for (const [command, args] of Object.entries(OF_TAURI)) {
      const said = await asks(command, args);
      assert.match(said.refused ?? "", /not allowed/i, `${command}: ${JSON.stringify(said)}`);
    }
    // And every other command there is, of Tauri and of each plugin, as the build has written them down.
    const known = JSON.parse(await readFile(MANIFESTS, "utf8"));
    const others = Object.entries(known)
      .filter(([plugin]) => plugin !== "__app-acl__")
      .flatMap(([plugin, { permissions }]) => {
        const commands = Object.values(permissions).flatMap(({ commands }) => [...commands.allow, ...commands.deny]);
        return [...new Set(commands)].map((command) => `plugin:${plugin.replace(/^core:/, "")}|${command}`);
      });
    assert.ok(others.length > 150, `${others.length} commands`);
    for (const command of others) {
      const said = await asks(command, {});
      assert.match(said.refused ?? "", /not allowed/i, `${command}: ${JSON.stringify(said)}`);
    }
    await atHome(await program.driver.getCurrentUrl(), "what it asked for");
    assert.ok(!existsSync(opened));
  });

  step("hears of no link that comes home and of no file that is dropped", async () => {
    const events = ["deep-link://new-url", "tauri://drag-drop", "tauri://drag-enter", "single-instance://new-instance"];
    for (const event of events) {
      for (const target of [{ kind: "Any" }, { kind: "App" }, { kind: "WebviewWindow", label: "main" }]) {
        const said = await asks("plugin:event|listen", { event, target, handler: 7 });
        assert.match(said.refused ?? "", /not allowed/i, event);
      }
    }
    // What is sent to a page of Tauri's is run in it, and would find this one.
    await program.driver.executeScript(`
      window.__heard = [];
      window.addEventListener("message", (event) => window.__heard.push(JSON.stringify(event.data)));
      for (const id of [1, 7]) window["_" + id] = (data) => window.__heard.push(JSON.stringify(data));
    `);
    await openLink(program, "momsbud://callback?code=secret-code&state=some-state");
    await sleep(1_500);
    const heard = await program.driver.executeScript("return [window.__heard, document.documentElement.outerHTML]");
    assert.doesNotMatch(JSON.stringify(heard), /secret-code|some-state/);
  });

  step("does not send tokens elsewhere by itself: a person is asked outside the window", async () => {
    const overrides = join(program.dataDir, "environments.json");
    for (const [name, value] of [
      ["idPorten", "https://idporten.example.org"],
      ["platform", "https://platform.example.org"],
      ["app", "https://app.example.org/skd/mva-melding-innsending-v1"],
      ["validation", "https://validation.example.org"],
    ]) {
      for (const environment of ["test", "production"]) {
        const before = await windows();
        await program.driver.executeScript(
          `const cell = (window.__cell = { settled: false, ok: false });
          window.__TAURI_INTERNALS__.invoke("set_address", arguments[0])
            .then((view) => { cell.ok = view !== null; }, () => undefined).finally(() => { cell.settled = true; });`,
          { environment, name, value },
        );
        await escape(`${environment} ${name}`, before);
        const cell = await until("an answer", async () => {
          const now = await program.driver.executeScript("return window.__cell");
          return now.settled && now;
        });
        assert.equal(cell.ok, false, `${environment} ${name}`);
        const kept = existsSync(overrides) ? await readFile(overrides, "utf8") : "";
        assert.doesNotMatch(kept, /example\.org/);
      }
    }
  });

  step("goes on as it was after all that", async () => {
    await program.click(ids.sample);
    await program.see(ids.step1);
    assert.deepEqual(reached, []);
  });

  /** Runs a script; what it throws is its own matter. */
  async function tries(script) {
    await program.driver.executeScript(`try { ${script} } catch { /* refused is what it should be */ }`);
  }

  /** That the window still shows its own page. */
  async function atHome(home, what) {
    assert.equal((await program.driver.getCurrentUrl()).replace(/#$/, ""), home.replace(/#$/, ""), what);
    assert.ok(await program.shows(ids.environment), what);
  }

  /** What a command answers: `refused` has the words of a refusal. */
  function asks(command, args) {
    return program.driver.executeAsyncScript(
      `const done = arguments[2];
      window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
        (value) => done({ value }),
        (error) => done({ refused: typeof error === "string" ? error : JSON.stringify(error) }),
      );`,
      command,
      args,
    );
  }

  /** Numbers of the program's visible windows. */
  function windows() {
    return desktop.windows({ class: "momsbud" });
  }

  /** Says no in the system's dialog, which has to come. */
  async function escape(what, before) {
    const asking = async () => (await windows()).find((window) => !before.includes(window));
    const window = await until(`the dialog for ${what}`, asking);
    await until("the dialog to go away", async () => {
      if ((await asking()) === undefined) return true;
      await desktop
        .run("xdotool", ["windowactivate", "--sync", window, "key", "--clearmodifiers", "Escape"])
        .catch(() => "");
      return until("it", async () => (await asking()) === undefined, 3_000).catch(() => false);
    });
  }
});
