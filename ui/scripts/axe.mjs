// axe on every scene in three languages and, in one of them, in both themes: `npm run test:axe [-- part of a scene's name]`. Fails on any
// violation, and on anything the content security policy or React complains about.
//
// What costs time is starting: a page that is loaded for one scene shows the others too, in its language, and axe is put
// into it once. A theme is an attribute that colours hang on and nothing else, which is looked at here too; so in the second
// theme of a scene only the rules about colour can find anything that the first has not shown, and no word changes a colour.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { open, Stage } from "./browser.mjs";

const filter = process.argv[2] ?? "";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const session = await open();
const names = (await session.sceneNames()).filter((name) => name.includes(filter));
const languages = readdirSync(new URL("../src/i18n", import.meta.url))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));
const options = { resultTypes: ["violations"], preload: false };
const everything = { ...options, runOnly: tags };
let bad = 0;
let runs = 0;

function report(where, violations, faults) {
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

/** What axe finds in the page as it is. */
const find = (stage, what) =>
  stage.page.evaluate(async (chosen) => (await window.axe.run(document, chosen)).violations, what);

/** Turns the page dark; gives the boxes that moved by it, which colours alone never do. */
const darken = (stage) =>
  stage.page.evaluate(() => {
    const boxes = () =>
      [...document.body.querySelectorAll("*")].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return `${element.tagName.toLowerCase()}.${element.className} ${x} ${y} ${width} ${height}`;
      });
    const light = boxes();
    document.documentElement.dataset.colorScheme = "dark";
    const dark = boxes();
    return dark.filter((box, n) => box !== light[n]).slice(0, 3);
  });

/** The rules among those that look at colours. */
const colours = async (stage) => ({
  ...options,
  runOnly: {
    type: "rule",
    values: await stage.page.evaluate(
      (chosen) => window.axe.getRules(chosen).flatMap((it) => (it.tags.includes("cat.color") ? [it.ruleId] : [])),
      tags,
    ),
  },
});

/** Goes through the scenes of one language that nobody else has taken. */
async function work(lang, pending) {
  const stage = await Stage.open(session, { lang, theme: "light" }, axe);
  const inColour = await colours(stage);
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    const faults = await stage.show(name);
    report(`${name} ${lang} light`, await find(stage, everything), faults);
    if (lang !== languages[0]) continue;
    const moved = await darken(stage);
    const alike = moved.map((box) => `moved by the dark theme: ${box}`);
    report(`${name} ${lang} dark`, await find(stage, inColour), alike);
  }
  await stage.close();
}

const waiting = languages.map((lang) => ({ lang, pending: [...names] }));
/** Half of the time a page waits for its next frame; so there are two for each processor. */
async function worker() {
  for (;;) {
    const [next] = waiting.toSorted((a, b) => b.pending.length - a.pending.length);
    if (next.pending.length === 0) return;
    await work(next.lang, next.pending);
  }
}
await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
await session.close();
console.log(`axe: ${runs} runs over ${names.length} scenes, ${bad === 0 ? "no violation" : `${bad} violations`}`);
if (bad > 0 || runs !== names.length * (languages.length + 1) || runs === 0) process.exit(1);
