// Writes docs/images/screens/*.png: the screens that stand beside the mock-ups in docs/screens.md: `npm run screens:docs
// [-- part of a mock-up's name]`.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { open, Stage } from "./browser.mjs";

/** Mock-up, then the scene that shows the same; `dark` where the mock-up is dark. */
const PAIRS = [
  ["01-innsending-tom", "empty-production"],
  ["01-innsending-tom-dark", "empty-production"],
  ["01-innsending-slipp", "hover"],
  ["02-melding", "return-production"],
  ["02-melding-dark", "return-production"],
  ["02-melding-klar", "return-ready-production"],
  ["02-melding-bekreft", "confirm"],
  ["02-melding-smal", "narrow-findings"],
  ["03-sender", "running"],
  ["04-levert", "delivered-production"],
  ["04-levert-dark", "delivered-production"],
  ["05-bunke", "batch"],
  ["05-bunke-dark", "batch"],
  ["05-bunke-sendes", "batch-running"],
  ["05-bunke-sendes-dark", "batch-running"],
  ["06-innlogging-venter", "signin-waiting"],
  ["06-innlogging-for-sent", "signin-signInTooLate"],
  ["07-historikk", "history-detail"],
  ["07-historikk-dark", "history-detail"],
  ["08-frister", "deadlines"],
  ["08-frister-dark", "deadlines"],
  ["09-tilganger", "access-production"],
  ["09-tilganger-dark", "access-production"],
  ["09-veiviser", "guide"],
  ["09-veiviser-dark", "guide"],
  ["10-innstillinger", "settings-production"],
  ["11-kan-ikke-sende", "may-not-sign"],
  ["11-laast", "locked"],
  ["12-tilstander", "stopped-unreachable"],
  ["13-varsler", "deadlines-notices"],
  ["14-oving", "return-ready"],
  // Without a mock-up. What the states of a filing look like is taken from the real window: tests/window/handbook.mjs.
  ["20-innsending-tre-veier", "drafts-list"],
  ["30-skriv-tom", "draft-empty"],
  ["31-skriv", "draft-filled"],
  ["32-skriv-kode", "draft-code"],
  ["33-skriv-lim-inn", "draft-paste"],
  ["34-skriv-smal", "draft-narrow"],
  ["35-rett-dette", "draft-mended"],
  ["21-saft-termin", "books-periods"],
  ["22-saft-gjennomgang", "books-review"],
  ["23-saft-bilag", "books-vouchers"],
  ["24-saft-sporsmal", "books-question"],
  ["25-saft-avstemming", "books-why"],
  ["26-saft-feil", "books-truncated"],
  ["27-saft-kort", "books-card"],
];

/** The scene of the picture at the top of the README, in its own size. */
const FRONT = "delivered";

/** Few colours are enough for flat surfaces, and a repository keeps every version of a picture. */
async function keep(stage, { pathname }, width) {
  await stage.page.screenshot({ path: pathname });
  const how = ["-resize", `${width}x>`, "-strip", "+dither", "-colors", "96", `png8:${pathname}`];
  execFileSync("convert", [pathname, ...how]);
}

const filter = process.argv[2] ?? "";
const out = new URL("../../docs/images/screens/", import.meta.url);
const session = await open();
const known = await session.sceneNames();
const wanted = PAIRS.filter(([mock]) => mock.includes(filter));
const missing = wanted.filter(([, scene]) => !known.includes(scene));
for (const [mock, scene] of missing) console.error(`${mock}: there is no scene ${scene}`);
const pairs = wanted.filter(([, scene]) => known.includes(scene));
if (filter === "") rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const theme of ["light", "dark"]) {
  const stage = await Stage.open(session, { lang: "nb", theme });
  for (const [mock, scene] of pairs.filter(([name]) => name.endsWith("-dark") === (theme === "dark"))) {
    await stage.show(scene);
    await keep(stage, new URL(`${mock}.png`, out), 1024);
  }
  if (theme === "light") {
    await stage.show(FRONT);
    await keep(stage, new URL("../received.png", out), 1280);
  }
  await stage.close();
}
await session.close();
console.log(`${pairs.length} pictures in docs/images/screens`);
if (missing.length > 0) process.exit(1);
