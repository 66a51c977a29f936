// Momsbud itself, started through tauri-driver, seen and used through WebDriver.

import { readFileSync } from "node:fs";
import { access, mkdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import selenium from "selenium-webdriver";
import { Chromium } from "./chromium.mjs";
import { freePort, stop, until } from "./processes.mjs";

const { Builder, By, Capabilities, Key } = selenium;
const HERE = fileURLToPath(new URL(".", import.meta.url));

/** How long the end of a session may stay unanswered. */
const QUITTING = 20_000;

/** The program under test: `cargo xtask` says which, by hand it is the debug build. */
export const PROGRAM = process.env.MOMSBUD_PROGRAM ?? join(HERE, "../../target/debug/momsbud");

/**
 * The names of elements, from the window's own list: a name that is not in it is a mistake of the test.
 *
 * @type {Record<string, string>}
 */
export const ids = new Proxy(
  Object.fromEntries(
    ["testids.ts", "registerTestIds.ts"]
      .map((file) => readFileSync(join(HERE, "../../ui/src", file), "utf8"))
      .flatMap((list) => [...list.matchAll(/^ {2}(\w+): "([^"]+)",$/gm)].map(([, name, value]) => [name, value])),
  ),
  {
    get(known, name) {
      const value = known[String(name)];
      if (value === undefined) throw new Error(`ui/src/testids.ts has no ${String(name)}`);
      return value;
    },
  },
);

async function tauriDriver() {
  if (process.env.MOMSBUD_TAURI_DRIVER) return process.env.MOMSBUD_TAURI_DRIVER;
  const places = [join(HERE, "../../target/tools/bin"), ...(process.env.PATH ?? "").split(delimiter)];
  for (const place of places) {
    const path = join(place, "tauri-driver");
    if (await access(path).then(() => true, () => false)) return path;
  }
  throw new Error("no tauri-driver: cargo install tauri-driver --version 2.1.0 --locked");
}

export class Program {
  /**
   * @param {import("./desktop.mjs").Desktop} desktop
   * @param {import("selenium-webdriver").WebDriver} driver
   * @param {import("./processes.mjs").Running} servant
   * @param {{ data: string, archive: string }} folders
   * @param {Chromium} [chromium] where the content is looked at in Chromium
   */
  constructor(desktop, driver, servant, folders, chromium) {
    this.desktop = desktop;
    /** WebDriver, for what the methods below do not cover. */
    this.driver = chromium?.driver ?? driver;
    this.#window = driver;
    this.#chromium = chromium;
    this.dataDir = folders.data;
    this.archiveDir = folders.archive;
    this.#servant = servant;
  }

  #servant;
  #window;
  #chromium;

  /**
   * Starts the program and waits until its window shows what it knows.
   *
   * The data folder and the archive are the desktop's, so a second start finds what the first one left.
   *
   * What only a first start shows is skipped, as a person does who knows the program; `introduced: false` leaves it.
   * With `MOMSBUD_ENGINE=chromium` the content is seen and used in Chromium, with this program behind it.
   *
   * @param {import("./desktop.mjs").Desktop} desktop
   * @param {{
   *   args?: string[], env?: Record<string, string>, program?: string, introduced?: boolean,
   *   beforeStart?: (data: string) => Promise<void>
   * }} options `beforeStart` puts something into the data folder.
   */
  static async start(desktop, { args = [], env = {}, program = PROGRAM, introduced = true, beforeStart } = {}) {
    const folders = { data: join(desktop.root, "data"), archive: join(desktop.root, "Kvitteringer") };
    await mkdir(folders.data, { recursive: true });
    await beforeStart?.(folders.data);
    const port = await freePort();
    const servant = desktop.start(
      await tauriDriver(),
      ["--port", String(port), "--native-port", String(await freePort()), "--native-driver", "/usr/bin/WebKitWebDriver"],
      { env: { MOMSBUD_DATA_DIR: folders.data, MOMSBUD_ARCHIVE_DIR: folders.archive, ...env } },
    );
    const driver = await until(`${program} to show its window`, async () => {
      if (servant.ended) throw new Error(servant.output);
      const wanted = new Capabilities({ browserName: "wry", "tauri:options": { application: program, args } });
      return new Builder().usingServer(`http://127.0.0.1:${port}/`).withCapabilities(wanted).build();
    });
    const chromium = process.env.MOMSBUD_ENGINE === "chromium" ? await Chromium.open(desktop, driver) : undefined;
    const started = new Program(desktop, driver, servant, folders, chromium);
    await started.see(ids.environment);
    if (introduced && (await started.shows(ids.welcome))) {
      await started.click(ids.welcomeSkip);
      await started.gone(ids.welcome);
    }
    return started;
  }

  /** What the program and its driver printed. */
  output() {
    return this.#servant.output;
  }

  /** The first element with this test id that is displayed, as soon as there is one. */
  async see(testId, patience) {
    return this.#kept(testId, () =>
      until(
        `"${testId}" in the window`,
        async () => {
          const [shown] = await this.#look(testId);
          return shown?.element;
        },
        patience,
      ),
    );
  }

  /** All elements with this test id, shown or not. */
  all(testId) {
    return this.driver.findElements(By.css(`[data-testid="${testId}"]`));
  }

  /** Whether an element with this test id is shown now. */
  async shows(testId) {
    return (await this.#look(testId)).length > 0;
  }

  /** Waits until no element with this test id is shown. */
  gone(testId, patience) {
    return until(`"${testId}" to go away`, async () => !(await this.shows(testId)), patience);
  }

  /** Waits until an element with this test id says something that matches, and returns its text. */
  async reads(testId, pattern, patience) {
    return this.#kept(testId, () =>
      until(
        `"${testId}" to say ${pattern}`,
        async () => {
          const texts = (await this.#look(testId)).map(({ text }) => text);
          const match = texts.find((text) => pattern.test(text));
          if (match === undefined) throw new Error(`it says: ${JSON.stringify(texts)}`);
          return match;
        },
        patience,
      ),
    );
  }

  /** Text of the first displayed element with this test id, its no-break spaces as plain ones. */
  async text(testId) {
    return this.reads(testId, /(?:)/);
  }

  /**
   * The displayed elements with this test id, with their texts.
   *
   * Asked of the page itself: WebDriver's own notion of text leaves out what an ellipsis might hide.
   *
   * @param {string} testId
   * @param {number} again how often what has gone meanwhile is looked for once more.
   * @returns {Promise<{ element: import("selenium-webdriver").WebElement, text: string }[]>}
   */
  async #look(testId, again = 5) {
    const asked = this.driver.executeScript(
      `return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0)
        .map((element) => ({ element, text: element.innerText }))`,
      testId,
    );
    /** @type {unknown} */ let found;
    try {
      found = await asked;
    } catch (error) {
      // What goes away between the page's answer and the driver's is looked for once more.
      if (again === 0 || /** @type {Error} */ (error).name !== "StaleElementReferenceError") throw error;
      return this.#look(testId, again - 1);
    }
    return /** @type {{ element: any, text: string }[]} */ (found).map(({ element, text }) => ({
      element,
      text: plain(text),
    }));
  }

  /** Keeps a picture of what was there when something was awaited in vain. */
  async #kept(testId, work) {
    try {
      return await work();
    } catch (error) {
      await this.picture(`failed-${testId}`).catch(() => undefined);
      throw error;
    }
  }

  /** Clicks the element with this test id, once it is there and not disabled. */
  async click(testId) {
    await this.press(`"${testId}"`, () => this.see(testId));
  }

  /**
   * The same of what a test id alone does not find. It is looked for anew until it takes the click: what is drawn again
   * between looking and clicking is another element, and what moves is clicked beside.
   *
   * @param {string} what for the message when time is up
   * @param {() => Promise<any>} find the element, or nothing as long as there is none
   */
  async press(what, find) {
    await until(`${what} to take a click`, async () => {
      const element = await find();
      if (!element) return false;
      if ((await element.getAttribute("aria-disabled")) === "true" || !(await element.isEnabled())) return false;
      await this.still(element);
      // WebKitWebDriver finds no place to click in a table's row; a person clicks in one of its cells, and not in its tick's.
      const row = (await element.getTagName()) === "tr";
      await (row ? element.findElement(By.css("td:not(:has(input))")) : element).click();
      return true;
    });
  }

  /** The first element with this test id and this value of an attribute, or nothing. */
  async one(testId, value, attribute = "data-value") {
    const css = `[data-testid="${testId}"][${attribute}="${value}"]`;
    return (await this.driver.findElements({ css }))[0];
  }

  /**
   * Brings an element into sight and waits until it stands still, as a person does before she clicks: what is above it in a
   * place may still be coming. What moves for a second moves for good.
   */
  async still(element) {
    await this.driver.executeAsyncScript(
      `const [element, done] = arguments;
       element.scrollIntoView({ block: "nearest" });
       let before = "", same = 0, frames = 0;
       const look = () => {
         const { x, y } = element.getBoundingClientRect();
         same = before === x + " " + y ? same + 1 : 0;
         before = x + " " + y;
         if (same > 2 || (frames += 1) > 60) done();
         else requestAnimationFrame(look);
       };
       look();`,
      element,
    );
  }

  /** Keeps a picture of the screen, once what the page shows has reached it. */
  async picture(name) {
    if (this.#chromium) return this.#chromium.picture(name);
    await this.driver.executeAsyncScript(
      "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))",
    );
    await this.desktop.picture(name);
  }

  /**
   * Makes the window as large as this, and in Chromium the content; what it was before is given back.
   *
   * @param {{ x?: number, y?: number, width: number, height: number }} size
   */
  async resize(size) {
    if (this.#chromium) return this.#chromium.resize(size);
    const before = await this.driver.manage().window().getRect();
    await this.driver.manage().window().setRect({ ...before, ...size });
    return before;
  }

  /** What stands in an attribute of the element with this test id. */
  async attribute(testId, name) {
    return (await this.see(testId)).getAttribute(name);
  }

  /** Types into the field with this test id, in place of what stood there. */
  async type(testId, text) {
    const field = await this.see(testId);
    // As a person does it: the driver's own way to empty a field may meet a drawing that puts the old text back.
    if ((await field.getAttribute("value")) !== "") await field.sendKeys(Key.chord(Key.CONTROL, "a"));
    await field.sendKeys(text);
  }

  /** Signs a person in through the browser. */
  async signIn(name) {
    await this.click(ids.signIn);
    await this.desktop.browser.signIn(name);
    await this.reads(ids.who, new RegExp(name));
  }

  /** Opens a sample return, checks it and sends it; what comes back is for the test to wait for. */
  async sendSample() {
    await this.click(ids.sample);
    await this.click(ids.check);
    await until("the check", async () => (await this.attribute(ids.step1, "data-state")) === "done");
    await this.click(ids.file);
    await this.click(ids.confirmFile);
  }

  /** Where the practice authorities listen, as the program has told in its data folder. */
  async practice() {
    return JSON.parse(
      await until("the practice authorities", () => readFile(join(this.dataDir, "practice.json"), "utf8")),
    );
  }

  /**
   * Drags files from a window beside the program onto its middle with the real pointer, and lets go.
   *
   * @param {string[]} paths
   * @param {{ onto?: import("selenium-webdriver").WebElement, whileHeld?: () => Promise<void> }} options `onto` is
   *   what the files are dropped on, in place of the window's middle; `whileHeld` runs while they are held there.
   */
  async drop(paths, { onto, whileHeld } = {}) {
    const to = await this.#middle("^Momsbud", onto);
    const pointer = (...args) => this.desktop.run("xdotool", args.map(String));
    const source = this.desktop.start("/usr/bin/python3", [join(HERE, "drag_source.py"), ...paths]);
    try {
      await until("the drag source", () => {
        if (source.ended) throw new Error(source.output);
        return source.output.includes("ready");
      });
      await sleep(300);
      const from = await this.#middle("^Filer$");
      const said = (word) =>
        until(`the drag source to say "${word}"`, () => source.output.split("\n").includes(word), 20_000);
      await this.#carry(from, to);
      await said("begin");
      await this.see(ids.dropOverlay, 20_000);
      await whileHeld?.();
      await pointer("mouseup", 1);
      await said("asked");
      // A source that goes away earlier leaves the window in the middle of a drag.
      await said("end");
    } finally {
      // After a failure the button may still be down, and the next drag would never begin.
      await pointer("mouseup", 1);
      await stop(source);
    }
  }

  /**
   * Drags an element out of the window with the real pointer, onto a small window that takes files, and lets go.
   *
   * @param {import("selenium-webdriver").WebElement} element
   * @returns {Promise<string>} the address that was taken.
   */
  async dragOut(element) {
    const target = this.desktop.start("/usr/bin/python3", [join(HERE, "drop_target.py")]);
    try {
      const said = (line) =>
        until(`the place for files to say ${line}`, () => {
          if (target.ended) throw new Error(target.output);
          return line.exec(target.output);
        });
      await said(/^ready$/m);
      const to = await until("the place for files", () => this.#middle("^Mappe$"));
      const from = await this.#middle("^Momsbud", element);
      await this.#carry(from, to);
      await this.desktop.run("xdotool", ["mouseup", "1"]);
      return (await said(/^dropped (.+)$/m))[1] ?? "";
    } finally {
      await this.desktop.run("xdotool", ["mouseup", "1"]);
      await stop(target);
    }
  }

  /** Presses the button in one place and moves to another, as a hand does: in steps. */
  async #carry(from, to) {
    const pointer = (...args) => this.desktop.run("xdotool", args.map(String));
    await pointer("mousemove", from.x, from.y);
    await pointer("mousedown", 1);
    for (let step = 1; step <= 20; step++) {
      const part = step / 20;
      await pointer(
        "mousemove",
        Math.round(from.x + (to.x - from.x) * part),
        Math.round(from.y + (to.y - from.y) * part),
      );
      await sleep(40);
    }
    // A last small move tells what is there where the pointer rests.
    await pointer("mousemove", to.x + 2, to.y + 2);
  }

  /**
   * Middle of the largest visible window of this name (toolkits keep small ones of the same name beside it), or of what
   * lies in it.
   *
   * @param {string} name
   * @param {import("selenium-webdriver").WebElement} [within]
   */
  async #middle(name, within) {
    const geometry = await this.desktop.run("xdotool", [
      "search", "--onlyvisible", "--name", name, "getwindowgeometry", "--shell", "%@",
    ]);
    const windows = geometry.split(/^WINDOW=/m).slice(1).map((block) => {
      const value = (key) => Number(new RegExp(`^${key}=(-?\\d+)`, "m").exec(block)?.[1]);
      return { id: String(parseInt(block, 10)), width: value("WIDTH"), height: value("HEIGHT") };
    });
    const [largest] = windows.toSorted((a, b) => b.width * b.height - a.width * a.height);
    if (!largest) throw new Error(`no window ${name}`);
    // WebKitWebDriver knows no place of a table's row; the page does.
    const inner = /** @type {{ x: number, y: number, width: number, height: number } | undefined} */ (
      within && (await this.driver.executeScript("return arguments[0].getBoundingClientRect().toJSON()", within))
    );
    const { x, y, width, height } = inner ?? { ...largest, x: 0, y: 0 };
    // The geometry counts the window's frame twice; the pointer, put into the window, says where that is on the screen.
    const there = [x + width / 2, y + height / 2].map((place) => String(Math.round(place)));
    await this.desktop.run("xdotool", ["mousemove", "--window", largest.id, ...there]);
    const shown = await this.desktop.run("xdotool", ["getmouselocation", "--shell"]);
    const on = (axis) => Number(new RegExp(`^${axis}=(\\d+)`, "m").exec(shown)?.[1]);
    return { x: on("X"), y: on("Y") };
  }

  /** Ends the program and its driver. */
  async quit() {
    await this.#chromium?.close();
    // A web view that is busy may leave the end of its session unanswered; its servant then ends it with the program.
    const answered = new AbortController();
    await Promise.race([
      this.#window.quit().catch(() => undefined),
      sleep(QUITTING, undefined, { signal: answered.signal }).catch(() => undefined),
    ]);
    answered.abort();
    await stop(this.#servant);
  }
}

/** Text with its no-break and thin spaces as plain ones. */
export function plain(text) {
  return text.replace(/[\u00a0\u2007\u2009\u202f]/g, " ");
}
