import { open, Stage } from "./browser.mjs";
// args: name:WxH:size[:lang[:theme]] ...
const session = await open();
for (const spec of process.argv.slice(2)) {
  const [name, wh, size = "100", lang = "nb", theme = "light"] = spec.split(":");
  const [width, height] = wh.split("x").map(Number);
  const stage = await Stage.open(session, { lang, theme, size: Number(size), viewport: { width, height } });
  const faults = await stage.show(name).catch((e) => [String(e).split("\n")[0]]);
  await stage.page.screenshot({ path: `/tmp/window/s/${name}-${wh}-${size}-${lang}${theme === "light" ? "" : "-" + theme}.png` });
  for (const f of faults) console.log(name, f);
  await stage.close();
}
await session.close();
