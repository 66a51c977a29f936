// Writes artifacts/screens/*.png: `npm run screens [-- part of a scene's name] [-- all]`. Says what is wider than its
// place. Every scene in bokmål, light; those that carry most also dark, in the other languages, in large text, in a
// small window and in high contrast; with `all` every scene in every way.
import { mkdirSync } from "node:fs";
import { open, Stage } from "./browser.mjs";

const words = process.argv.slice(2);
const everything = words.includes("all");
const filter = words.find((word) => word !== "all") ?? "";
const out = new URL("../../artifacts/screens/", import.meta.url);
mkdirSync(out, { recursive: true });

const small = { width: 900, height: 600 };
const ways = [
  { lang: "nb", theme: "light" },
  { lang: "nb", theme: "dark" },
  { lang: "nn", theme: "light" },
  { lang: "en", theme: "light" },
  { lang: "en", theme: "dark" },
  { lang: "nb", theme: "light", size: 130 },
  { lang: "nb", theme: "light", size: 200 },
  { lang: "nb", theme: "light", viewport: small },
  { lang: "nn", theme: "light", viewport: small, size: 130 },
  { lang: "en", theme: "light", viewport: small, size: 200 },
  { lang: "nb", theme: "contrast" },
  { lang: "nb", theme: "light", forced: true },
];
const full =
  /^(empty|empty-first|return-findings|return-ready|running|delivered|several|batch|batch-running|signin-waiting|signin-signInTooLate|history|history-detail|access|settings|settings-addresses|settings-switch-production|welcome|welcome-how|welcome-try|shortcuts|deadlines|deadlines-notices|guide|may-not-sign)$/;

const session = await open();
const names = (await session.sceneNames()).filter((name) => name.includes(filter));
let written = 0;
let wide = 0;
for (const [index, way] of ways.entries()) {
  const stage = await Stage.open(session, way);
  for (const name of names.filter((known) => index === 0 || everything || full.test(known))) {
    const faults = await stage.show(name);
    const { page } = stage;
    const suffix = [
      way.lang !== "nb" && way.lang,
      way.theme !== "light" && way.theme,
      way.forced && "forced",
      way.viewport && "small",
      way.size,
    ];
    const file = [name, ...suffix.filter(Boolean)].join("-");
    await page.screenshot({ path: new URL(`${file}.png`, out).pathname });
    // Text that is wider than its place, outside of what may scroll or is cut with an ellipsis.
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("main *, dialog *, header *, nav *")]
        .filter(
          (e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "visible",
        )
        .filter(
          (e) =>
            getComputedStyle(e).display !== "inline" &&
            !e.closest(".sr, .Nav_nav") &&
            !e.querySelector(".page, .Payment_pay, .Copy_swap"),
        )
        .filter((e) => !e.closest(".Payment_pay, .Copy_swap"))
        .slice(0, 3)
        .map((e) => `${e.className || e.tagName}: ${e.textContent.slice(0, 40).trim()}`),
    );
    if (cut.length > 0) console.log(`${file}: wide: ${cut.join(" | ")}`);
    wide += cut.length;
    for (const fault of new Set(faults)) console.log(`${file}: ${fault.slice(0, 300)}`);
    written += 1;
  }
  await stage.close();
}
await session.close();
console.log(`${written} pictures in artifacts/screens, ${wide} places where something is wider than its place`);
