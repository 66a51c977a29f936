// axe on every scene in three languages and two themes: `npm run test:axe [-- part of a scene's name]`. Fails on any
// violation, and on anything the content security policy or React complains about.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { open, sceneNames, show } from "./browser.mjs";

const filter = process.argv[2] ?? "";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const session = await open();
const names = (await sceneNames(session)).filter((name) => name.includes(filter));
const ways = ["nb", "nn", "en"].flatMap((lang) => ["light", "dark"].map((theme) => ({ lang, theme })));
let bad = 0;
let runs = 0;
const pending = names.flatMap((name) => ways.map((way) => ({ name, ...way })));

async function work() {
  for (;;) {
    const next = pending.shift();
    if (!next) return;
    const context = await session.browser.newContext({
      viewport: { width: 1280, height: 860 },
      colorScheme: next.theme,
      reducedMotion: "reduce",
      // The policy forbids scripts that are put into the page; axe is one.
      bypassCSP: false,
    });
    const { page, faults } = await show(session, context, next);
    const client = await context.newCDPSession(page);
    await client.send("Runtime.evaluate", { expression: axe });
    const { violations } = await page.evaluate((only) => window.axe.run(document, { runOnly: only }), tags);
    const where = `${next.name} ${next.lang} ${next.theme}`;
    for (const { id, nodes } of violations) {
      bad += nodes.length;
      console.log(`${where}: ${id} (${nodes.length})`);
      for (const node of nodes.slice(0, 3)) {
        console.log(
          `    ${node.target} ${(node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? "").slice(0, 200)}`,
        );
      }
    }
    for (const fault of new Set(faults)) {
      bad += 1;
      console.log(`${where}: ${fault.slice(0, 300)}`);
    }
    runs += 1;
    await context.close();
  }
}
await Promise.all([work(), work()]);
await session.close();
console.log(`axe: ${runs} runs over ${names.length} scenes, ${bad === 0 ? "no violation" : `${bad} violations`}`);
if (bad > 0) process.exit(1);
