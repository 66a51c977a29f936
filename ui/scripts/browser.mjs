// The window over the fake backend in Chromium, with the content security policy of tauri.conf.json.
import { existsSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { preview } from "vite";

const root = new URL("../../", import.meta.url);

/** The policy as the shell sends it; what only the shell has (ipc:) does no harm here. */
function policy() {
  const { csp } = JSON.parse(readFileSync(new URL("tauri.conf.json", root), "utf8")).app.security;
  if (typeof csp === "string") return csp;
  return Object.entries(csp)
    .map(([directive, sources]) => `${directive} ${[sources].flat().join(" ")}`)
    .join("; ");
}

export async function open() {
  const server = await preview({
    configFile: new URL("vite.config.ts", root).pathname,
    mode: "fake",
    logLevel: "error",
    preview: { port: 0, host: "127.0.0.1", headers: { "Content-Security-Policy": policy() } },
  });
  const address = server.resolvedUrls.local[0];
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath))
    throw new Error(`There is no Chromium at ${executablePath}; CHROMIUM may name another.`);
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
  });
  const session = {
    address,
    browser,
    /** The names of all scenes, from their source: the scripts and the tests go through the same list. */
    sceneNames: async () => {
      const page = await browser.newPage();
      await page.goto(`${address}?scene=empty`);
      await page.waitForFunction(() => window.momsbudScenes !== undefined);
      const names = await page.evaluate(() => window.momsbudScenes);
      await page.close();
      return names;
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
  return session;
}

const VIEWPORT = { width: 1280, height: 860 };

/** Waits until what was begun is drawn: the office has answered, React has nothing left, two frames have passed. */
const settled = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const begun = performance.now();
        const look = () => {
          const busy = document.querySelector("main") === null || document.querySelector(".Frame_loading") !== null;
          if (busy && performance.now() - begun < 30_000) setTimeout(look, 10);
          else setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done())), 40);
        };
        setTimeout(look, 10);
      }),
  );

/** One page that shows scenes one after the other, in one language and theme. */
export class Stage {
  #faults = [];

  constructor(page, context, way) {
    this.page = page;
    this.context = context;
    this.way = way;
  }

  /**
   * `script` is put into the page by the debugger, which the content security policy does not forbid.
   */
  static async open(session, way, script) {
    const context = await session.browser.newContext({
      viewport: way.viewport ?? VIEWPORT,
      colorScheme: way.theme === "dark" ? "dark" : "light",
      forcedColors: way.forced ? "active" : "none",
      reducedMotion: "reduce",
      bypassCSP: false,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const stage = new Stage(page, context, way);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") stage.#faults.push(message.text());
    });
    page.on("pageerror", (error) => stage.#faults.push(String(error)));
    await page.goto(`${session.address}?scene=empty`);
    await page.waitForFunction(() => window.momsbudShow !== undefined);
    await page.evaluate(() => document.fonts.ready);
    if (script !== undefined) {
      const client = await context.newCDPSession(page);
      await client.send("Runtime.evaluate", { expression: script });
    }
    return stage;
  }

  /** Whether something was pressed to come to the scene that is shown. */
  pressed = false;

  /** Shows a scene and comes to its state; gives what went wrong on the way. */
  async show(name) {
    this.#faults = [];
    const { lang = "nb", theme = "light", size = 100 } = this.way;
    await this.page.evaluate(
      (query) => window.momsbudShow(query),
      String(new URLSearchParams({ scene: name, lang, theme, size: String(size) })),
    );
    const { act, viewport } = await this.page.evaluate(() => ({
      act: window.momsbudAct,
      viewport: window.momsbudSize,
    }));
    const wanted = this.way.viewport ?? (viewport ? { width: viewport[0], height: viewport[1] } : VIEWPORT);
    const now = this.page.viewportSize();
    if (now.width !== wanted.width || now.height !== wanted.height) await this.page.setViewportSize(wanted);
    await settled(this.page);
    this.pressed = act.length > 0;
    for (const selector of act) {
      const button = this.page.locator(selector).first();
      // In a narrow window the steps lie in the bar at the bottom until it is opened.
      if (!(await button.isVisible())) {
        const bar = this.page.locator('[aria-controls="steps-above"][aria-expanded="false"]');
        if (await bar.isVisible()) await bar.click();
      }
      // In a wide one there is no such bar, and nothing to open.
      if (selector.includes("show-findings") && !(await button.isVisible())) continue;
      await button.click();
      await settled(this.page);
    }
    await this.page.mouse.move(0, 0);
    return this.#faults;
  }

  /** Gives what is shown another text size; gives what went wrong on the way. */
  async enlarge(size) {
    this.#faults = [];
    await this.page.evaluate((percent) => {
      document.documentElement.style.fontSize = `${String(percent)}%`;
    }, size);
    await settled(this.page);
    return this.#faults;
  }

  close() {
    return this.context.close();
  }
}
