// Every command of the window with every permission, through the real window's own way to the shell: what the firm's rules do
// not permit is refused there, whatever the window shows. The matrix is printed.
//
// Which commands there are, the generated bindings say; one without a row here fails.

import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";
import { Desktop } from "./desktop.mjs";
import { deliveries } from "./practice.mjs";
import { until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";
import { story } from "./story.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** The third of Nora Lund's groups in the practice world. */
const GROUP = "00000003-9f0e-4000-8000-000000000003";
const PERMISSIONS = ["see", "check", "prepare", "file", "administer"];
const COLUMNS = ["no rules", "locked", ...PERMISSIONS, "all"];

const query = { text: "", state: null, period: null, offset: 0, limit: 5 };
const vouchers = { line: 0, question: null, own: null, search: "", order: "newest" };
const of = { environment: "practice", id: "nothing" };
const company = { orgNumber: "311797816" };
const duty = { ...company, category: "ordinary", kind: "twoMonths", from: "2026-01-01" };
const id = "nothing";

/**
 * What each command needs: a permission, "open" where it is enough that the program is not locked, "nothing" where a locked
 * one does it too (signing in, first aid, what the program is). Things that are named are not there: what is asked is
 * whether the gate lets the command through to find that out.
 *
 * `dialog`: the command waits for a dialog of the system's; `dialogAfter`: it has answered before the dialog is there.
 * `signIn`: it waits for somebody in the browser, and this command gives it up. `silent`: it has no answer; that it was
 * refused stands in the firm's record, under this name.
 *
 * @type {Record<string, { needs: string, args?: object, dialog?: true, dialogAfter?: true, signIn?: string, silent?: string }>}
 */
const COMMANDS = {
  access: { needs: "open" },
  check_integration: { needs: "administer", args: { ...of, signIn: false } },
  choose_client_key: { needs: "administer", args: of, dialog: true },
  choose_integration: { needs: "administer", args: of },
  export_integration: { needs: "administer", args: of },
  forget_authorization: { needs: "administer", args: { id } },
  guide: { needs: "nothing", args: { request: { variant: "simple", firm: "", orgNumber: "", page: "" } } },
  import_integration: { needs: "administer", dialog: true },
  integration_form: { needs: "administer", args: { environment: "practice", id: null, guide: null } },
  make_client_key: { needs: "administer", args: of },
  remove_integration: { needs: "administer", args: of },
  // `form` is asked for before any rules hold.
  save_integration: { needs: "administer", args: of },
  set_client_secret: { needs: "administer", args: { ...of, secret: "x" } },
  sign_in_through: { needs: "open", args: { integration: "standard", asAnother: false }, signIn: "cancel_sign_in" },
  start_view: { needs: "nothing" },
  ui_ready: { needs: "nothing" },
  // A way that leads nowhere; the window is read anew afterwards and brings its own.
  hear: { needs: "nothing", args: { window: "__CHANNEL__:1" } },
  // `preferences` are asked for before any rules hold.
  set_preferences: { needs: "nothing" },
  sign_in: { needs: "open", args: { asAnother: false }, signIn: "cancel_sign_in" },
  cancel_sign_in: { needs: "nothing" },
  unlock_keyring: { needs: "nothing" },
  answer_who_came: { needs: "nothing", args: { right: false } },
  reopen_browser: { needs: "nothing" },
  sign_in_link: { needs: "nothing" },
  choose_files: { needs: "see", dialogAfter: true },
  choose_folder: { needs: "see", dialogAfter: true },
  aim_drops: { needs: "open", args: { card: null }, silent: "aim" },
  // Nothing has been let go over the window; what is, the office asks about.
  open_dropped: { needs: "nothing", args: { card: null, own: false } },
  choose_attachments: { needs: "prepare", args: { card: id } },
  open_attachment: { needs: "see", args: { card: id, attachment: id } },
  detach: { needs: "prepare", args: { card: id, attachment: id } },
  choose_new_version: { needs: "prepare", args: { filing: id } },
  unfinished: { needs: "prepare", args: company },
  continue_unfinished: { needs: "prepare", args: { instance: id } },
  delete_unfinished: { needs: "prepare", args: { instance: id } },
  open_sample: { needs: "open", args: { id } },
  close_card: { needs: "open", args: { id } },
  check: { needs: "check", args: { id } },
  file: { needs: "file", args: { id, confirmCorrection: false } },
  file_without_altinn: { needs: "file", args: { id } },
  go_without_register: { needs: "file", args: { id } },
  continue_filing: { needs: "file", args: { id } },
  cancel_filing: { needs: "file", args: { id } },
  history: { needs: "see", args: { query } },
  filing: { needs: "see", args: { id } },
  fetch_receipt_again: { needs: "file", args: { id } },
  open_receipt: { needs: "see", args: { id } },
  show_archive: { needs: "see", args: { id } },
  history_periods: { needs: "see" },
  open_archived: { needs: "see", args: { id, name: "x" } },
  verify_archive: { needs: "administer" },
  export_history: {
    needs: "see",
    args: { selection: { kind: "found", query }, format: "csv", name: "x" },
    dialog: true,
  },
  history_from_archive: { needs: "administer" },
  dismiss_recovery: { needs: "administer" },
  dismiss_review: { needs: "administer" },
  practice_situations: { needs: "nothing" },
  switch_practice: { needs: "nothing", args: { situation: "rejected", on: false } },
  copy_text: { needs: "nothing", args: { text: "x" } },
  doctor_report: { needs: "nothing", args: { everywhere: false } },
  look_for_update: { needs: "nothing" },
  install_update: { needs: "nothing" },
  card: { needs: "see", args: { id } },
  check_all: { needs: "check", args: { ids: [] } },
  stop_checking: { needs: "open", silent: "stop_checking" },
  start_batch: { needs: "file", args: { ids: [] } },
  pause_batch: { needs: "file" },
  continue_batch: { needs: "file" },
  cancel_batch: { needs: "file" },
  close_batch: { needs: "file" },
  close_cards: { needs: "open", args: { ids: [] }, silent: "close_cards" },
  reopen_cards: { needs: "open" },
  show_saved: { needs: "nothing" },
  export_batch: { needs: "file", args: { name: "x.csv" }, dialog: true },
  settings_view: { needs: "nothing" },
  switch_environment: { needs: "administer", args: { environment: "practice" } },
  set_address: { needs: "administer", args: { environment: "test", name: "platform", value: null } },
  choose_archive_folder: { needs: "administer", dialog: true },
  change_archive_folder: { needs: "administer", args: { moveFiles: false } },
  export_data: { needs: "administer", args: { withArchive: false }, dialog: true },
  support_log: { needs: "nothing" },
  save_support_log: { needs: "nothing", args: { text: "x" }, dialog: true },
  licences: { needs: "nothing" },
  set_badge: { needs: "nothing", args: { count: 0 } },
  // An address that is none: nothing is asked, and nobody answers.
  join_register: { needs: "administer", args: { wish: { address: "postgresql://x/x?sslmode=never", role: "x", desk: "x" }, password: "x" } },
  bring_to_register: { needs: "administer" },
  mirror_register: { needs: "see", dialog: true },
  leave_register: { needs: "administer", args: { anyway: false } },
  deadlines: { needs: "see", args: { year: null } },
  choose_duty: { needs: "prepare", args: { choice: duty } },
  unfollow_duty: { needs: "prepare", args: { ...company, category: "ordinary" } },
  put_aside: {
    needs: "prepare",
    args: { key: `${company.orgNumber}/alminnelig/2026/skattleggingsperiodeToMaaneder/mars-april`, reason: "x" },
  },
  mute_company: { needs: "prepare", args: { ...company, muted: false } },
  hand_over: { needs: "prepare", args: { companies: [company.orgNumber], to: null } },
  set_away: { needs: "open", args: { until: null, standIn: null } },
  save_calendar: { needs: "see", dialog: true },
  show_calendar: { needs: "see" },
  reminders: { needs: "open" },
  snooze_notice: { needs: "open", args: { key: id, snooze: "hour" } },
  dismiss_notice: { needs: "open", args: { key: id } },
  reminder_settings: { needs: "open" },
  // `settings` are asked for before any rules hold.
  set_reminder_settings: { needs: "open" },
  drafts: { needs: "see" },
  begin_draft: { needs: "prepare", args: { orgNumber: null } },
  draft: { needs: "see", args: { id } },
  edit_draft: { needs: "prepare", args: { id, revision: 1, edits: [] } },
  undo_draft: { needs: "prepare", args: { id, revision: 1, again: false } },
  discard_draft: { needs: "prepare", args: { id } },
  restore_draft: { needs: "prepare", args: { id } },
  draft_codes: { needs: "see", args: { id } },
  draft_companies: { needs: "see" },
  find_companies: { needs: "see", args: { words: "x" } },
  make_draft: { needs: "prepare", args: { id } },
  mend_card: { needs: "prepare", args: { card: id } },
  attach_to_draft: { needs: "prepare", args: { id }, dialog: true },
  detach_from_draft: { needs: "prepare", args: { id, attachment: id } },
  paste_sheet: { needs: "prepare", args: { draft: null, text: "" } },
  choose_sheet_file: { needs: "see", args: { draft: null }, dialog: true },
  open_card_sheet: { needs: "see", args: { card: id } },
  choose_sheet: { needs: "prepare", args: { sheet: 0, meanings: [], decimals: null } },
  use_sheet: { needs: "prepare", args: { draft: null, revision: 0, into: [], replace: true, remember: false } },
  export_draft: { needs: "see", args: { id, form: "xml" } },
  export_card: { needs: "see", args: { card: id } },
  books: { needs: "see" },
  choose_books_files: { needs: "see", args: { id: null }, dialog: true },
  // Who may not open one sees none.
  books_samples: { needs: "nothing" },
  open_books_sample: { needs: "open", args: { id } },
  join_books: { needs: "prepare", args: { ids: [] } },
  close_books: { needs: "open", args: { id } },
  choose_books: {
    needs: "prepare",
    args: { id, period: null, kind: "twoMonths", category: "ordinary", keepFile: false },
  },
  books_vouchers: { needs: "see", args: { id, query: vouchers, from: 0, count: 5 } },
  books_voucher: { needs: "see", args: { id, voucher: 0 } },
  copy_books_vouchers: { needs: "see", args: { id, query: vouchers } },
  export_books_vouchers: { needs: "see", args: { id, query: vouchers, name: "x" }, dialog: true },
  books_question: { needs: "see", args: { id, question: "x" } },
  answer_books: { needs: "prepare", args: { id, question: "x", answer: null, remember: false } },
  make_return: { needs: "prepare", args: { id } },
  books_memory: { needs: "see" },
  forget_books_answers: { needs: "prepare", args: { ...company, system: "x", question: null } },
  export_books_memory: { needs: "see", dialog: true },
  cancel_work_sign_in: { needs: "nothing" },
  import_work_policy: { needs: "nothing", dialog: true },
  reopen_work_browser: { needs: "nothing" },
  work_sign_in_link: { needs: "nothing" },
  // The client of these rules is public: who may, hears that it has no secret.
  set_work_secret: { needs: "nothing", args: { secret: "x" } },
  make_work_key: { needs: "nothing" },
  choose_work_key: { needs: "nothing" },
  show_work_guide: { needs: "nothing" },
  work_active: { needs: "nothing" },
  work_sign_in: { needs: "nothing", signIn: "cancel_work_sign_in" },
  starts_with_system: { needs: "nothing" },
  start_with_system: { needs: "nothing", args: { on: false } },
  // What ends something for the others comes last.
  sign_out: { needs: "open" },
  lock_work: { needs: "nothing" },
};
/** These are tried in the first and the last column only: each costs a new sign-in. */
const ENDING = ["hear", "lock_work"];

describe("every command with every permission", { concurrency: false }, () => {
  /** @type {Desktop} */ let desktop;
  /** @type {Program} */ let program;
  /** @type {string} */ let system;
  /** @type {Record<string, Record<string, string>>} */ const matrix = {};
  /** @type {string[]} */ const wrong = [];

  before(async () => {
    desktop = await Desktop.open();
    system = join(desktop.root, "system");
    await mkdir(system);
    await decide(null);
    program = await Program.start(desktop, { env: { MOMSBUD_SYSTEM_DIR: system } });
    await program.driver.manage().setTimeouts({ script: 120_000 });
  });
  after(() => desktop?.close());
  const step = story(() => program.picture("failed-permissions"));

  step("the bindings have no command that is not tried, and none that is not there", async () => {
    const bindings = await readFile(join(HERE, "../../ui/src/bindings.ts"), "utf8");
    const known = [...bindings.matchAll(/__TAURI_INVOKE\("(\w+)"/g)].map(([, name]) => name).sort();
    assert.deepEqual(Object.keys(COMMANDS).sort(), known);
  });

  step("without rules everything may be done", async () => {
    // What these are given back is what they gave.
    const given = (name, args) => {
      const command = COMMANDS[name];
      assert.ok(command);
      command.args = { ...command.args, ...args };
    };
    given("save_integration", { form: await ask("integration_form", COMMANDS["integration_form"]?.args) });
    given("set_preferences", { preferences: (await ask("start_view")).preferences });
    given("set_reminder_settings", { settings: await ask("reminder_settings") });
    // From here on nobody need be shown anything in a browser.
    const opener = join(desktop.root, "bin/xdg-open");
    const shows = await readFile(opener, "utf8");
    await writeFile(opener, "#!/bin/sh\nexit 0\n");
    await chmod(opener, 0o755);
    await column("no rules");
    await writeFile(opener, shows);
  });

  step("locked, nothing may be done", async () => {
    await decide(["see"]);
    await program.see(ids.lock, 60_000);
    const opener = join(desktop.root, "bin/xdg-open");
    const shows = await readFile(opener, "utf8");
    await writeFile(opener, "#!/bin/sh\nexit 0\n");
    await column("locked");
    await writeFile(opener, shows);
  });

  step("a work account opens it", async () => {
    await program.click(ids.workSignIn);
    await desktop.browser.workSignIn("Nora Lund");
    await program.see(ids.lockNow, 60_000);
    await writeFile(join(desktop.root, "bin/xdg-open"), "#!/bin/sh\nexit 0\n");
  });

  for (const permission of [...PERMISSIONS, "all"]) {
    step(`with ${permission}`, async () => {
      const permissions = permission === "all" ? PERMISSIONS : [permission];
      await decide(permissions);
      await column(permission);
    });
  }

  step("no command did what was not permitted", async () => {
    const width = Math.max(...Object.keys(matrix).map((name) => name.length)) + 2;
    console.log(`${"command".padEnd(width)}${COLUMNS.map((name) => name.padStart(11)).join("")}`);
    for (const [name, cells] of Object.entries(matrix)) {
      console.log(`${name.padEnd(width)}${COLUMNS.map((it) => (cells[it] ?? "").padStart(11)).join("")}`);
    }
    assert.deepEqual(wrong, []);
    assert.equal((await deliveries(program)).length, 0);
  });

  /** The administrator's rules: these permissions for Nora's group; none for no rules. */
  async function decide(permissions) {
    const work = permissions && {
      version: 1,
      firm: "Fjordlys Interiør AS",
      environments: ["practice"],
      signIn: { clients: { practice: "momsbud-practice" } },
      rules: [{ groups: [GROUP], permissions, companies: ["all"] }],
    };
    await writeFile(join(system, "policy.json"), JSON.stringify({ updates: "off", ...(work && { work }) }));
    if (!permissions || !program) return;
    const wanted = new Set([...permissions, ...(permissions.some((it) => it !== "administer") ? ["see"] : [])]);
    await until("the rules to hold", async () => {
      const { work: now } = await ask("start_view");
      if (now === null) return false;
      const has = now.permissions.map((it) => it.permission);
      return now.locked || (has.length === wanted.size && has.every((it) => wanted.has(it)));
    });
  }

  /** Tries every command. */
  async function column(name) {
    const open = name !== "locked";
    const has = (needs) =>
      open && (["no rules", "all", needs].includes(name) || (needs === "see" && name !== "administer"));
    for (const [command, how] of Object.entries(COMMANDS)) {
      if (ENDING.includes(command) && name !== "all" && name !== "no rules") continue;
      // What a locked program does too, it does in every column: once at either end is enough.
      if (how.needs === "nothing" && PERMISSIONS.includes(name)) continue;
      const granted = how.needs === "nothing" || (how.needs === "open" ? open : has(how.needs));
      const refused = await isRefused(command, how, granted);
      (matrix[command] ??= {})[name] = refused ? "-" : "yes";
      if (command === "hear") {
        await program.driver.executeScript("location.reload()");
        await program.see(ids.environment);
      }
      if (refused === granted) wrong.push(`${command} with ${name}: ${refused ? "refused" : "allowed"}`);
    }
  }

  /** Whether the gate refuses a command. Whatever it waits for is ended. */
  async function isRefused(command, how, granted) {
    const { args, dialog, dialogAfter, signIn, silent } = how;
    const waits = dialog ?? dialogAfter ?? signIn;
    const before = dialog || dialogAfter ? await windows() : [];
    const record = silent ? await refusals(silent) : 0;
    // What waits for nobody is answered in one go.
    const invoke = program.driver[waits ? "executeScript" : "executeAsyncScript"](
      `const begun = arguments[2] ?? (() => undefined);
      const cell = (window.__cell = { settled: false, code: null });
      window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
        (value) => {
          // A sign-in that is refused is an outcome and no error.
          cell.code = value?.kind === "refused" ? (value.error?.code ?? null) : null;
          cell.settled = true;
          begun();
        },
        (error) => { cell.code = error?.code ?? "no error of the office's: " + String(error); cell.settled = true; begun(); },
      );`,
      command,
      args ?? {},
    );
    await invoke.catch((error) => {
      throw new Error(`${command} gives no answer`, { cause: error });
    });
    const cell = () => program.driver.executeScript("return window.__cell");
    if (signIn && granted) {
      // It begins, or is refused; then it is given up.
      await until(`${command} to begin`, async () => {
        const { signIn: ours, work } = await ask("start_view");
        return ours !== null || work?.signIn || (await cell()).settled;
      });
      await ask(signIn);
    }
    if ((dialog || dialogAfter) && granted) await dismiss(command, before, dialog ? cell : undefined);
    const { code } = await until(`${command} to answer`, async () => {
      const now = await cell();
      return now.settled && now;
    });
    assert.doesNotMatch(code ?? "", /no error of the office's/, `${command}: ${code}`);
    if (silent) return (await refusals(silent)) > record;
    return code === "workLocked" || code === "workPolicyUnusable" || code === "workForbidden";
  }

  /** Ends the dialog that a command has opened; one that has answered without any opens none. */
  async function dismiss(command, before, cell) {
    const opened = async () => (await windows()).find((window) => !before.includes(window));
    const window = await until(`the dialog of ${command}`, async () => {
      const found = await opened();
      return found ?? ((await cell?.())?.settled ? "none" : undefined);
    });
    if (window === "none") return;
    await until("the dialog to go away", async () => {
      const still = await opened();
      if (still === undefined) return true;
      await desktop
        .run("xdotool", ["windowactivate", "--sync", still, "key", "--clearmodifiers", "Escape"])
        .catch(() => "");
      return until("it", async () => (await opened()) === undefined, 3_000).catch(() => false);
    });
  }

  /** Numbers of the program's visible windows. */
  function windows() {
    return desktop.windows({ class: "momsbud" });
  }

  /** How often something was refused, by the firm's own record. */
  async function refusals(action) {
    const record = await readFile(join(program.dataDir, "work-refusals.jsonl"), "utf8").catch(() => "");
    return record.split("\n").filter((line) => line !== "" && JSON.parse(line).action === action).length;
  }

  /** What a command answers. */
  async function ask(command, args = {}) {
    const answer = /** @type {{ value?: any, error?: string }} */ (
      await program.driver.executeAsyncScript(
        `const done = arguments[2];
        window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
          (value) => done({ value }),
          (error) => done({ error: JSON.stringify(error) }),
        );`,
        command,
        args,
      )
    );
    if (answer.error) throw new Error(`${command}: ${answer.error}`);
    return answer.value;
  }
});
