// Prints what the window weighs, compressed, and fails over 400 kB without fonts.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 400_000;
const folder = new URL("../dist/assets/", import.meta.url);
let total = 0;
for (const name of readdirSync(folder)) {
  if (!/\.(js|css)$/.test(name)) continue;
  const size = gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length;
  total += size;
  console.log(`${name} ${(size / 1000).toFixed(1)} kB`);
}
console.log(`UI bundle, gzip, without fonts: ${(total / 1000).toFixed(1)} kB (limit ${LIMIT / 1000} kB)`);
if (total > LIMIT) process.exit(1);
