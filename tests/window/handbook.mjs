// Makes the handbook's pictures of what the states mean from what the real window showed: `npm run handbook -- FOLDER`, where
// FOLDER has the pictures of verdict, waiting and payment.test.mjs, run with `MOMSBUD_LOOKS=handbook`.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The handbook's picture, and the picture of the run. */
const PICTURES = [
  ["levert-avvist", "93-rejected"],
  ["levert-avvist-frist", "95-rejected-deadlines"],
  ["svaret-ma-ses-pa", "98-unknownVerdict"],
  ["svaret-mangler", "109-missing"],
  ["mottatt-med-avvik", "97-deviating"],
  ["forelopig", "99-provisional-bill"],
  ["altinn-gjor-klar", "107-preparing"],
  ["altinn-hviler", "108-resting"],
];

const [from = "artifacts"] = process.argv.slice(2);
const to = fileURLToPath(new URL("../../docs/images/window/", import.meta.url));
mkdirSync(to, { recursive: true });
for (const [name, picture] of PICTURES) {
  const path = join(to, `${name}.png`);
  // The window without the desktop around it; few colours are enough for flat surfaces, and a repository keeps every version.
  const window = ["-bordercolor", "black", "-border", "1", "-fuzz", "4%", "-trim", "+repage", "-resize", "1024x"];
  execFileSync("convert", [join(from, `${picture}-light-nb.png`), ...window, "-strip", "+dither", "-colors", "96", `png8:${path}`]);
}
console.log(`${PICTURES.length} pictures in docs/images/window`);
