// axe on every scene in three languages and two themes: `npm run test:axe [-- part of a scene's name]`. Fails on any
// violation, and on anything the content security policy or React complains about.
//
// What costs time is starting: a page that is loaded for one scene shows the others too, in its language and theme, and
// axe is put into it once. Each page works off its own scenes, as many pages at a time as there are processors.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { open, Stage } from "./browser.mjs";

const filter = process.argv[2] ?? "";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const session = await open();
const names = (await session.sceneNames()).filter((name) => name.includes(filter));
const ways = ["nb", "nn", "en"].flatMap((lang) => ["light", "dark"].map((theme) => ({ lang, theme })));
let bad = 0;
let runs = 0;

/** Goes through the scenes of one language and theme that nobody else has taken. */
async function work(way, pending) {
  const stage = await Stage.open(session, way, axe);
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    const faults = await stage.show(name);
    const { violations } = await stage.page.evaluate((only) => window.axe.run(document, { runOnly: only }), tags);
    const where = `${name} ${way.lang} ${way.theme}`;
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
  }
  await stage.close();
}

const waiting = ways.map((way) => ({ way, pending: [...names] }));
async function worker() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next.way, next.pending);
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
await session.close();
console.log(`axe: ${runs} runs over ${names.length} scenes, ${bad === 0 ? "no violation" : `${bad} violations`}`);
if (bad > 0 || runs !== names.length * ways.length || runs === 0) process.exit(1);
