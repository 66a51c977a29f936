// The firm's web page with `hosted-page/callback.html` on it, and the person who comes by it on her way home.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { until } from "./processes.mjs";
import { PROGRAM } from "./program.mjs";

const PAGE = fileURLToPath(new URL("../../hosted-page/callback.html", import.meta.url));

/** Serves the page on this machine, unchanged; `close()` when done. */
export async function hostedPage() {
  const html = await readFile(PAGE);
  const server = createServer((request, answer) => {
    const known = request.url?.startsWith("/momsbud/");
    answer.writeHead(known ? 200 : 404, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" });
    answer.end(known ? html : "");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the page has no port");
  return {
    url: `http://127.0.0.1:${address.port}/momsbud/`,
    close: () => new Promise((done) => server.close(() => done(undefined))),
  };
}

/**
 * Signs in on the page that the program has opened, and comes to the firm's page.
 *
 * @param {import("./desktop.mjs").Desktop} desktop
 * @param {string} name
 * @param {string} [picture] keeps a picture of the firm's page.
 * @returns {Promise<string>} the link that the page hands over.
 */
export async function comeHome(desktop, name, picture) {
  const page = await desktop.browser.nextPage();
  await page.getByText(name).first().waitFor();
  await page.getByRole("button", { name: new RegExp(name) }).click();
  // Not its end of loading: the page hands over to another program while it loads.
  await page.waitForURL(/\/momsbud\//, { waitUntil: "commit" });
  const open = page.locator("#open");
  await open.waitFor();
  const link = await open.getAttribute("href");
  if (page.url().includes("code=")) throw new Error("the address bar keeps the code");
  if (picture !== undefined) await desktop.picture(picture);
  await desktop.browser.close();
  if (link === null || !link.startsWith("no.momsbud.desktop:/callback?")) throw new Error(`the page hands over ${link}`);
  return link;
}

/**
 * Opens a link as the operating system does: by starting the program with it. The running program takes it over.
 *
 * @param {import("./program.mjs").Program} program
 * @param {string} link
 */
export async function openLink(program, link) {
  const second = program.desktop.start(PROGRAM, [link], {
    env: { MOMSBUD_DATA_DIR: program.dataDir, MOMSBUD_ARCHIVE_DIR: program.archiveDir },
  });
  await until("the second program to hand over and end", () => second.ended);
}
