// `cargo xtask run` where there is no display: what a new user does, on a virtual desktop, with pictures.

import { cp, mkdir, rm } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { ARTIFACTS, Desktop } from "./desktop.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

await rm(ARTIFACTS, { recursive: true, force: true });
await mkdir(ARTIFACTS, { recursive: true });

const say = (line) => process.stdout.write(`${line}\n`);
const desktop = await Desktop.open();
let program;
try {
  program = await Program.start(desktop);
  await program.see(ids.dropZone);
  await program.picture("1-the-window");
  say("The window is open, in the practice environment.");

  await program.click(ids.signIn);
  await desktop.browser.signIn("Ingrid Solvang", { beforePick: () => program.picture("2-the-browser") });
  await program.reads(ids.who, /Ingrid Solvang/);
  await program.picture("3-signed-in");
  say("Ingrid Solvang has signed in, in the browser.");

  await program.click(ids.sample);
  await program.see(ids.card);
  await program.picture("4-the-return");
  say(`Opened a sample return: ${await program.text(ids.cardCompany)}, ${await program.text(ids.cardPeriod)}.`);

  await program.click(ids.check);
  await until("the check", async () =>
    ["done", "deviating"].includes(await program.attribute(ids.step1, "data-state")),
  );
  await program.picture("5-checked");
  say("Checked by Momsbud and by the practice Skatteetaten.");

  await program.click(ids.file);
  await program.click(ids.confirmFile);
  await program.see(ids.filingStep);
  await program.picture("6-filing");
  await program.see(ids.received, 90_000);
  await program.picture("7-received");
  say(`Filed. To pay or to get back: ${await program.text(ids.payAmount)}`);

  await program.click(ids.openReceipt);
  const receipt = await until("the receipt", async () => (await desktop.opened()).find((what) => what.endsWith(".pdf")));
  const folder = join(ARTIFACTS, "receipt");
  await cp(dirname(receipt), folder, { recursive: true });
  say("");
  say(`Pictures: ${relative(process.cwd(), ARTIFACTS)}/`);
  say(`Receipt:  ${relative(process.cwd(), join(folder, basename(receipt)))}`);
} catch (error) {
  await program?.picture("failed").catch(() => undefined);
  process.exitCode = 1;
  say(`${error instanceof Error ? error.stack : error}\n${program?.output() ?? ""}\nPictures: ${ARTIFACTS}`);
} finally {
  await program?.quit();
  await desktop.close();
}
