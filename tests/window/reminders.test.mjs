// Reminders as a person gets them: a real notification service (dunst) on the desktop's own bus shows them, grouped and
// replaced; a click leads to the place; nothing is told twice; a hidden program has no window until it is asked for.

import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { Desktop } from "./desktop.mjs";
import { alive, stop, until } from "./processes.mjs";
import { PROGRAM, Program, ids } from "./program.mjs";

const CLI = join(dirname(PROGRAM), "momsbud-cli");

/** @type {Desktop} */
let desktop;
/** @type {string} */
let data;

before(async () => {
  desktop = await Desktop.open();
  data = join(desktop.root, "data");
  await mkdir(data, { recursive: true });
  await startService();
  // An office of seven companies, each with weekly returns: the first deadline is one to two weeks ahead.
  await desktop.run(CLI, ["due", "--data-dir", data]);
  for (let n = 1; n <= 7; n++) await follow(n);
  await desktop.sql(`INSERT INTO preferences (name, value) VALUES
    ('reminders', '{"quiet": false, "deadlineDays": [18], "receipt": false}')`);
});
after(async () => desktop?.close());

test("companies with the same deadline share a notification, which replaces itself and leads to Frister", async (t) => {
  const program = await Program.start(desktop, { args: [] });
  t.after(() => program.quit());
  const first = await until("the notification", async () => (await shown()).find(({ title }) => /^7 /.test(title)));
  assert.match(first.title, /^7 virksomheter har frist /);
  assert.match(first.text, /Firma 1 AS, Firma 2 AS, Firma 3 AS og 4 til\. Ingenting er levert ennå\. Fristen er /);
  assert.equal(first.urgency, "NORMAL");
  // Seven companies whose weekly deadlines fall together: as many notifications as deadlines within the time asked for
  // (one to three, by the day of the week and the holidays), not seven for each.
  const before = await shown();
  const deadlines = new Set(before.map(({ title }) => title.replace(/^7 virksomheter har frist /, "")));
  assert.equal(before.length, deadlines.size, JSON.stringify(before));
  assert.ok(before.length <= 3, JSON.stringify(before));

  await program.click(ids.notices);
  const told = await program.all(ids.notice);
  assert.equal(told.length, before.length, "the bell lists the same");
  await program.picture("reminders-bell");
  await program.click(ids.notices);

  // One company wants no reminders: the notification on display changes its words and disturbs nobody.
  await program.click(ids.placeDeadlines);
  await program.see(ids.deadlineTable);
  await program.picture("reminders-deadlines");
  await program.click(ids.editDuty);
  await program.click(ids.dutyMuted);
  await program.click(ids.dutySave);
  await program.gone(ids.dutyDialog);
  const second = await until("the notification's new words", async () =>
    (await shown()).find(({ id, title }) => id === first.id && /^6 virksomheter/.test(title)),
  );
  assert.equal(second.urgency, "LOW");
  assert.equal((await displayed()).trim(), String(before.length), "replaced, not added");

  await program.click(ids.placeSettings);
  await program.picture("reminders-settings");
  await desktop.run("dunstctl", ["action", "0"]);
  await until("the window to go to Frister", async () => (await program.attribute(ids.main, "data-place")) === "deadlines");
});

test("a hidden start has no window, tells what is new and nothing twice", async () => {
  const before = (await shown()).length;
  await follow(8);
  const program = desktop.start(PROGRAM, ["--hidden"], { env: environment() });
  try {
    const told = await until("the notification", async () => (await shown()).slice(before).find(({ urgency }) => urgency === "NORMAL"));
    assert.match(told.title, /^7 virksomheter har frist /, "six that are not left out, and the new one");
    assert.equal(await windows(), "", "no window");

    await desktop.run("dunstctl", ["action", "0"]);
    await until("the window after the click", windows);
  } finally {
    await stop(program);
  }
  const told = (await shown()).length;
  const again = desktop.start(PROGRAM, ["--hidden"], { env: environment() });
  try {
    // It has looked when it has written down that it did.
    const was = await lastLook();
    await until("the program to look", async () => (await lastLook()) !== was);
    // The next start of the program opens the window of the one that runs.
    const second = desktop.start(PROGRAM, [], { env: environment() });
    await until("the second start to end", () => second.ended);
    await until("the window", windows);
    assert.equal((await shown()).length, told, "nothing is told twice");
    assert.ok(again.child.pid !== undefined && alive(again.child.pid));
  } finally {
    await stop(again);
  }
});

test("the calendar file is kept up to date beside the receipts", async () => {
  const file = await readFile(join(desktop.root, "Kvitteringer", "Frister (øving).ics"), "utf8");
  assert.match(file, /^BEGIN:VCALENDAR\r\n/);
  assert.match(file, /UID:deadline-\d{4}-\d\d-\d\d-practice@momsbud\.no\r\n/);
});

function environment() {
  return { MOMSBUD_DATA_DIR: data, MOMSBUD_ARCHIVE_DIR: join(desktop.root, "Kvitteringer") };
}

/** Numbers of the program's visible windows, a line each. */
async function windows() {
  return (await desktop.windows({ name: "^Momsbud" })).join("\n");
}

/** Starts dunst; every notification that it shows or replaces becomes a line of a file. */
async function startService() {
  const folder = join(desktop.root, "dunst");
  await mkdir(folder, { recursive: true });
  const script = join(folder, "told");
  await writeFile(
    script,
    `#!/bin/sh
printf '%s\\t%s\\t%s\\t%s\\n' "$DUNST_ID" "$DUNST_URGENCY" "$DUNST_SUMMARY" "$(printf '%s' "$DUNST_BODY" | tr '\\n\\t' '  ')" >> '${folder}/lines'
`,
  );
  await chmod(script, 0o755);
  const settings = join(folder, "dunstrc");
  await writeFile(
    settings,
    `[global]
    always_run_script = true
    idle_threshold = 0
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
[everything]
    summary = "*"
    script = "${script}"
`,
  );
  const service = desktop.start("dunst", ["-conf", settings]);
  await until("the notification service", () => {
    if (service.ended) throw new Error(service.output);
    return displayed().then(() => true);
  });
}

const displayed = () => desktop.run("dunstctl", ["count", "displayed"]);

/** What the service has been given so far, oldest first. */
async function shown() {
  const text = await readFile(join(desktop.root, "dunst", "lines"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [id = "", urgency = "", title = "", body = ""] = line.split("\t");
      return { id, urgency, title, text: body };
    });
}

/** Follows a company's weekly returns from five weeks ago: what was due before is not followed. */
async function follow(n) {
  // With its check digit: a number that is nobody's is set aside.
  const number = `9000000${n}${(11 - ((27 + 2 * n) % 11)) % 11}`;
  const from = new Date(Date.now() - 37 * 86_400_000).toISOString().slice(0, 10);
  await desktop.sql(`INSERT INTO duties VALUES
    ('practice', '${number}', 'alminnelig', 'skattleggingsperiodeUke', '${from}', '${from}', 1, 1)`);
  await desktop.sql(`INSERT INTO companies VALUES ('practice', '${number}', 'Firma ${n} AS')`);
}

async function lastLook() {
  return (await desktop.sql("SELECT last_at FROM reminder_watch WHERE environment = 'practice'")).trim();
}
