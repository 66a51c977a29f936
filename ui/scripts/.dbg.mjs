import { open, Stage } from "./browser.mjs";
const session = await open();
const stage = await Stage.open(session, { lang: "nb", theme: "light", viewport: { width: 680, height: 960 } });
await stage.show("delivered");
await stage.page.emulateMedia({ media: "print" });
console.log(await stage.page.evaluate(() => [...document.querySelectorAll(".nav, .topbar, .dock, main .ds-button")].filter((e) => e.checkVisibility()).map((e) => e.className + " " + e.textContent + " " + getComputedStyle(e).display + matchMedia("print").matches)));
await session.close();
