import { open, Stage } from "./browser.mjs";
const session = await open();
for (const name of process.argv.slice(2)) {
  const stage = await Stage.open(session, { lang: "nb", theme: "light", viewport: { width: 1280, height: 860 } });
  await stage.show(name);
  await stage.page.pdf({ path: `/tmp/window/s/${name}.pdf`, format: "A4", printBackground: false });
  await stage.close();
}
await session.close();
