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
  return {
    address,
    browser,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** The names of all scenes, from their source: the scripts and the tests go through the same list. */
export async function sceneNames(session) {
  const page = await session.browser.newPage();
  await page.goto(`${session.address}?scene=empty`);
  await page.waitForFunction(() => window.momsbudScenes !== undefined);
  const names = await page.evaluate(() => window.momsbudScenes);
  await page.close();
  return names;
}

/** Shows a scene and comes to its state; gives the page and what went wrong on it. */
export async function show(session, context, { name, lang = "nb", theme = "light", size = 100 }) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(`${session.address}?scene=${name}&lang=${lang}&theme=${theme}&size=${size}`);
  await page.waitForSelector("main");
  await page.waitForFunction(() => window.momsbudFake !== undefined);
  const { act, viewport } = await page.evaluate(() => ({ act: window.momsbudAct, viewport: window.momsbudSize }));
  if (viewport) await page.setViewportSize({ width: viewport[0], height: viewport[1] });
  await page.waitForTimeout(60);
  for (const testId of act) await page.locator(`[data-testid="${testId}"]`).first().click();
  await page.waitForTimeout(80);
  await page.evaluate(() => document.fonts.ready);
  return { page, faults };
}
