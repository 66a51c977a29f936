// The person at the system browser: Debian's Chromium, opened by the program through `xdg-open`, in a window beside it.
//
// Playwright attaches to the browser that the program has opened; it does not open one of its own, so a program that opened
// nothing, or something else, fails.

import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { alive, signal, until } from "./processes.mjs";

/** Flags that keep Chromium off the network (which is closed here) and from asking questions. */
const FLAGS = [
  "--no-sandbox",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-gpu",
  "--disable-features=Translate,MediaRouter",
  // No offer to translate, no warning of the missing sandbox: they would lie over the page in the pictures.
  "--accept-lang=nb",
  "--test-type",
  "--password-store=basic",
  "--remote-debugging-port=0",
  "--window-position=420,60",
  "--window-size=900,720",
];

export class PersonAtTheBrowser {
  /** @type {import("./desktop.mjs").Desktop} */
  #desktop;
  #seen = 0;
  /** @type {import("playwright-core").Browser | undefined} */
  #connection;

  /** @param {import("./desktop.mjs").Desktop} desktop */
  constructor(desktop) {
    this.#desktop = desktop;
  }

  /** The `xdg-open` of the desktop: remembers what it is asked to open, and gives addresses to a new browser. */
  opener() {
    const { root } = this.#desktop;
    return `#!/bin/sh
# Remembers what it is asked to open; addresses get a browser with a profile of its own.
printf '%s\\n' "$1" >> '${root}/opened'
case "$1" in
http://* | https://*)
    profile="${root}/browser-$(grep -c '^https\\{0,1\\}://' '${root}/opened')"
    setsid chromium ${FLAGS.join(" ")} --user-data-dir="$profile" "$1" > "$profile.log" 2>&1 < /dev/null &
    echo $! >> '${root}/browsers'
    ;;
esac
`;
  }

  /** Process groups of all browsers ever opened. */
  pids() {
    const list = join(this.#desktop.root, "browsers");
    return existsSync(list) ? readFileSync(list, "utf8").split("\n").filter(Boolean).map(Number) : [];
  }

  /** Waits for the program to open the next page, and returns it. */
  async nextPage() {
    const number = ++this.#seen;
    const address = await until(`the program to open page number ${number} in the browser`, async () =>
      (await this.#desktop.opened()).filter((what) => /^https?:/.test(what))[number - 1],
    );
    const port = await until("the browser's debugging port", async () => {
      const text = await readFile(join(this.#desktop.root, `browser-${number}`, "DevToolsActivePort"), "utf8");
      return text.split("\n")[0];
    });
    const connection = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    this.#connection = connection;
    const page = await until(`the page of ${new URL(address).origin}`, () =>
      connection.contexts()[0]?.pages().find((candidate) => candidate.url().startsWith("http")),
    );
    await page.waitForLoadState();
    return page;
  }

  /**
   * Signs in on the page that the program has opened, by pressing the button with this person's name.
   *
   * @param {string} name
   * @param {{ beforePick?: () => Promise<void>, beforeClose?: () => Promise<void> }} moments for pictures.
   * @returns {Promise<string>} what the browser says in the end.
   */
  async signIn(name, { beforePick, beforeClose } = {}) {
    const page = await this.nextPage();
    await page.getByText(name).first().waitFor();
    await beforePick?.();
    await page.getByRole("button", { name: new RegExp(name) }).click();
    await page.waitForURL(/\/callback/);
    const text = await page.locator("body").innerText();
    await beforeClose?.();
    await this.close();
    return text;
  }

  /**
   * Goes through the pages of Ansattporten that the program has opened: the way, the account with this name, the consent.
   *
   * @param {string} name
   * @param {() => Promise<void>} [beforeConsent] a moment for a picture.
   */
  async workSignIn(name, beforeConsent) {
    const page = await this.nextPage();
    await page.getByRole("button", { name: /Jobbkonto \(Entra ID\)/ }).click();
    await page.getByRole("button", { name: new RegExp(name) }).click();
    const agree = page.getByRole("button", { name: "Godta" });
    await agree.waitFor();
    await beforeConsent?.();
    await agree.click();
    await page.waitForURL(/\/callback/);
    await this.close();
  }

  /** Closes the newest browser as a person does who closes its window. */
  async close() {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close().catch(() => undefined);
    const group = this.pids().at(-1);
    if (group === undefined || !alive(-group)) return;
    signal(-group, "SIGTERM");
    await until("the browser to close", () => !alive(-group), 10_000).catch(() => signal(-group, "SIGKILL"));
  }
}
