// The window's content in Chromium, the engine of Windows' WebView2, with the real shell behind it.
//
// The program runs as always, with its own window. What the content in Chromium asks goes through that window to the shell: the
// same commands with the same permissions, the same desktop around them, and the one channel on which the office tells what happens,
// which from then on leads here. Nothing of this is in the program.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import selenium from "selenium-webdriver";
import { freePort, until } from "./processes.mjs";

const { Builder, Capabilities } = selenium;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUNDLE = join(ROOT, "ui/dist");

/** Where pictures of it are kept. */
const PICTURES = process.env.MOMSBUD_ARTIFACTS ?? join(ROOT, "artifacts/chromium");

/** How often the program's window is asked for news. */
const PAUSE = 20;

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** What stands in the program's own window: it asks the shell, and keeps what comes back until it is fetched. */
const IN_THE_WINDOW = `
  const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
  const news = [];
  const mark = "__CHANNEL__:";
  const channel = (id) => mark + transformCallback((raw) => news.push({ channel: id, raw }));
  const given = (value) => (typeof value === "string" && value.startsWith(mark) ? channel(Number(value.slice(mark.length))) : value);
  window.relay = (calls) => {
    for (const { id, command, args } of calls) {
      const own = Object.fromEntries(Object.entries(args ?? {}).map(([name, value]) => [name, given(value)]));
      invoke(command, own).then((value) => news.push({ id, value }), (error) => news.push({ id, error }));
    }
    return JSON.stringify(news.splice(0));
  };`;

/** What stands in the page in Chromium in the place of Tauri's own script. */
const IN_THE_PAGE = `"use strict";
(() => {
  const callbacks = new Map();
  const asked = new Map();
  let last = 0;
  const told = new EventSource("/told");
  told.onmessage = ({ data }) => {
    const { id, channel, raw, value, error } = JSON.parse(data);
    if (channel !== undefined) return callbacks.get(channel)?.(raw);
    const { resolve, reject } = asked.get(id);
    asked.delete(id);
    if (error === undefined) resolve(value);
    else reject(error);
  };
  const open = new Promise((opened) => told.addEventListener("open", opened, { once: true }));
  window.__TAURI_INTERNALS__ = {
    plugins: {},
    transformCallback(callback, once = false) {
      const id = (last += 1);
      callbacks.set(id, (value) => {
        if (once) callbacks.delete(id);
        return callback?.(value);
      });
      return id;
    },
    unregisterCallback: (id) => callbacks.delete(id),
    async invoke(command, args) {
      await open;
      const id = (last += 1);
      const answer = new Promise((resolve, reject) => asked.set(id, { resolve, reject }));
      await fetch("/asked", { method: "POST", body: JSON.stringify({ id, command, args }) });
      return answer;
    },
  };
  // As the program has it.
  Object.freeze(Object.prototype);
})();
`;

export class Chromium {
  /** @type {{ id: number, command: string, args: object }[]} */ #asked = [];
  /** @type {string[]} */ #unheard = [];
  /** @type {import("node:http").ServerResponse | undefined} */ #page;
  #open = true;
  /** @type {Promise<void>} */ #relaying = Promise.resolve();
  /** @type {unknown} */ #broken;

  /**
   * @param {import("selenium-webdriver").WebDriver} window the program's own window
   */
  constructor(window) {
    this.window = window;
    /** @type {import("selenium-webdriver").WebDriver} */ this.driver = /** @type {any} */ (undefined);
    this.server = createServer((request, answer) => {
      this.#answer(request, answer).catch((error) => answer.writeHead(500).end(String(error)));
    });
  }

  /**
   * Opens the content beside the program's window, as large as that shows it.
   *
   * @param {import("./desktop.mjs").Desktop} desktop
   * @param {import("selenium-webdriver").WebDriver} window
   */
  static async open(desktop, window) {
    const chromium = new Chromium(window);
    await until("the program's window to be asked", async () => {
      await window.executeScript(IN_THE_WINDOW);
      return true;
    });
    const size = /** @type {{ width: number, height: number }} */ (
      await window.executeScript("return { width: innerWidth, height: innerHeight }")
    );
    const port = await freePort();
    await new Promise((ready) => chromium.server.listen(port, "127.0.0.1", () => ready(undefined)));
    chromium.#relaying = chromium.#relay();
    const driver = String(await freePort());
    const servant = desktop.start("chromedriver", [`--port=${driver}`]);
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars=false", "--disable-background-networking"];
    chromium.driver = await until("Chromium", () => {
      if (servant.ended) throw new Error(servant.output);
      const wanted = new Capabilities({
        browserName: "chrome",
        "goog:chromeOptions": { binary: "/usr/bin/chromium", args: [...args, `--user-data-dir=${join(desktop.root, `engine-${driver}`)}`] },
      });
      return new Builder().usingServer(`http://127.0.0.1:${driver}/`).withCapabilities(wanted).build();
    });
    await chromium.driver.get(`http://127.0.0.1:${port}/`);
    // So that a place in one is the same place in the other.
    await chromium.resize(size);
    return chromium;
  }

  /**
   * Gives the page a size, around which Chromium has a frame of its own, and gives back which it had.
   *
   * @param {{ width: number, height: number }} size
   */
  async resize({ width, height }) {
    const [frame, above, before] = /** @type {[number, number, { width: number, height: number }]} */ (
      await this.driver.executeScript(
        "return [outerWidth - innerWidth, outerHeight - innerHeight, { width: innerWidth, height: innerHeight }]",
      )
    );
    await this.driver.manage().window().setRect({ width: width + frame, height: height + above });
    return before;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} answer */
  async #answer(request, answer) {
    if (request.method === "POST" && request.url === "/asked") {
      let body = "";
      for await (const part of request.setEncoding("utf8")) body += part;
      this.#asked.push(JSON.parse(body));
      answer.writeHead(204).end();
    } else if (request.url === "/told") {
      answer.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
      answer.flushHeaders();
      this.#page = answer;
      for (const told of this.#unheard.splice(0)) answer.write(told);
    } else if (request.url === "/shell.js") {
      answer.writeHead(200, { "Content-Type": "text/javascript" }).end(IN_THE_PAGE);
    } else {
      await this.#file(new URL(request.url ?? "/", "http://localhost").pathname, answer);
    }
  }

  /** A file of the bundle, under the rules that the program's window has for its content. */
  async #file(path, answer) {
    const name = path === "/" ? "index.html" : normalize(decodeURIComponent(path)).replace(/^(\.\.|\/)+/, "");
    const bytes = await readFile(join(BUNDLE, name)).catch(() => undefined);
    if (bytes === undefined) return answer.writeHead(404).end();
    const { app } = JSON.parse(await readFile(join(ROOT, "tauri.conf.json"), "utf8"));
    const rules = { ...app.security.csp, "connect-src": "'self'" };
    const policy = Object.entries(rules).map(([what, from]) => `${what} ${from}`).join("; ");
    answer.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream", "Content-Security-Policy": policy });
    // Before the content's own scripts, which are modules and wait.
    answer.end(name === "index.html" ? String(bytes).replace("<head>", '<head><script src="/shell.js"></script>') : bytes);
  }

  /** Carries what the page asks to the shell, and what comes back to the page. */
  async #relay() {
    while (this.#open) {
      try {
        const news = await this.window.executeScript("return window.relay(arguments[0])", this.#asked.splice(0));
        for (const told of JSON.parse(String(news))) {
          const line = `data: ${JSON.stringify(told)}\n\n`;
          if (this.#page) this.#page.write(line);
          else this.#unheard.push(line);
        }
      } catch (error) {
        // Once the program's window has gone there is nobody to ask; a test may end with its desktop alone.
        this.#broken = error;
        this.#shut();
        return;
      }
      await sleep(PAUSE);
    }
  }

  /** Keeps a picture of the page. */
  async picture(name) {
    await mkdir(PICTURES, { recursive: true });
    await writeFile(join(PICTURES, `${name}.png`), await this.driver.takeScreenshot(), "base64");
  }

  #shut() {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Ends it; the program goes on. */
  async close() {
    this.#open = false;
    await this.#relaying;
    await this.driver.quit().catch(() => undefined);
    this.#shut();
    if (this.#broken) process.stderr.write(`The program's window stopped answering: ${this.#broken}\n`);
  }
}
