// Writes artifacts/screens/*.png: `npm run screens [-- part of a scene's name]`.
import { mkdirSync } from "node:fs";
import { open, sceneNames, show } from "./browser.mjs";

const filter = process.argv[2] ?? "";
const out = new URL("../../artifacts/screens/", import.meta.url);
mkdirSync(out, { recursive: true });

/** Every scene in bokmål, light; those that carry most also dark, in the other languages, and in large text. */
const plain = { lang: "nb", theme: "light", size: 100 };
const more = [
  { lang: "nb", theme: "dark", size: 100 },
  { lang: "nn", theme: "light", size: 100 },
  { lang: "en", theme: "light", size: 100 },
  { lang: "en", theme: "dark", size: 100 },
  { lang: "nb", theme: "light", size: 130 },
];
const full =
  /^(empty|empty-first|return-findings|return-ready|running|delivered|several|batch|batch-running|signin-waiting|signin-signInTooLate|history-detail|access|settings|may-not-sign|narrow-findings)$/;

const session = await open();
let written = 0;
for (const name of await sceneNames(session)) {
  if (!name.includes(filter)) continue;
  for (const way of full.test(name) ? [plain, ...more] : [plain]) {
    const context = await session.browser.newContext({
      viewport: { width: 1280, height: 860 },
      colorScheme: way.theme,
      reducedMotion: "reduce",
    });
    const { page, faults } = await show(session, context, { name, ...way });
    const suffix = [way.lang !== "nb" && way.lang, way.theme === "dark" && "dark", way.size !== 100 && way.size];
    await page.screenshot({ path: new URL(`${[name, ...suffix.filter(Boolean)].join("-")}.png`, out).pathname });
    // Text that is wider than its place, outside of what may scroll or is cut with an ellipsis.
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll("main *, dialog *, header *, nav *")]
        .filter(
          (e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "visible",
        )
        .filter(
          (e) =>
            getComputedStyle(e).display !== "inline" &&
            !e.closest(".sr, .nav") &&
            !e.querySelector(".page, .pay, .swap"),
        )
        .filter((e) => !e.closest(".pay, .swap"))
        .slice(0, 3)
        .map((e) => `${e.className || e.tagName}: ${e.textContent.slice(0, 40).trim()}`),
    );
    if (wide.length > 0) console.log(`${name} ${way.lang} ${way.size}: wide: ${wide.join(" | ")}`);
    for (const fault of new Set(faults)) console.log(`${name} ${way.lang}: ${fault.slice(0, 300)}`);
    written += 1;
    await context.close();
  }
}
await session.close();
console.log(`${written} pictures in artifacts/screens`);
