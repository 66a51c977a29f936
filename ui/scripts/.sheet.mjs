import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
const [out, cols, ...files] = process.argv.slice(2);
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const p = await b.newPage({ viewport: { width: 1960, height: 400 } });
await p.setContent(`<body style="margin:0;display:grid;grid-template-columns:repeat(${cols},1fr);gap:6px;background:#888;align-items:start">${files.map((f) => `<figure style="margin:0"><figcaption style="font:12px sans-serif;background:#ff8">${f.split("/").pop()}</figcaption><img style="width:100%" src="data:image/png;base64,${readFileSync(f).toString("base64")}"></figure>`).join("")}</body>`);
await p.waitForTimeout(300);
await p.screenshot({ path: out, fullPage: true });
await b.close();
