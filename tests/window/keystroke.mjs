// `cargo xtask bench ui`: a keystroke in the history's search, over 100 filings and over 100,000, and one in a draft of sixty
// lines beside an empty text field, in the real window.
//
//     node keystroke.mjs MOMSBUD BENCH_HISTORY [ROUNDS]
//
// Counted is what the person waits: from the key until the answer to it is painted. Programs over the small and the large
// history are started in turn, so that whatever else the machine does meets both alike.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Desktop } from "./desktop.mjs";
import { run, until } from "./processes.mjs";
import { ids, Program } from "./program.mjs";

/** The design's limit: the large history's median over the small one's. */
const LIMIT = 2;
/** The same of a key in a draft over one in an empty text field of the same window. */
const TYPING_LIMIT = 1.2;
const LINES = 60;
const CODES = ["3", "31", "32", "33", "5", "6", "52", "1", "11", "14", "81", "86"];
/** Figures that are typed in either field, in turn. */
const FIGURES = ["1 234 567,50", "98765", "(500)", "21 240,49", "7 000 000", "-12 345"];

/** What is typed, key by key: a word of many filings, one of few, a number, and what is nowhere. */
const WORDS = ["fjordlys", "bedrift 4", "3110002", "finnes ikke"];

/**
 * Types words key by key, in the page: for each key the milliseconds until it was handled and painted, and until its
 * answer was painted.
 */
const TYPE = `
  const [search, count, words, done] = arguments;
  const field = document.querySelector('[data-testid="' + search + '"]');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const painted = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  const answered = (text) => new Promise((go) => {
    const look = () => {
      const shown = document.querySelector('[data-testid="' + count + '"]');
      if (shown?.dataset.answers !== text) return false;
      watcher.disconnect();
      go();
      return true;
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-answers"] });
    look();
  });
  const type = async (text) => {
    const began = performance.now();
    set.call(field, text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const handled = performance.now();
    await answered(text.trim());
    await painted();
    return [handled - began, performance.now() - began];
  };
  (async () => {
    field.focus();
    const times = [];
    for (const word of words) {
      for (let n = 1; n <= word.length; n++) {
        if (word[n - 1] === " ") continue;
        times.push(await type(word.slice(0, n)));
        await new Promise((go) => setTimeout(go, 30));
      }
      await type("");
    }
    return times;
  })().then(done, (error) => done(String(error)));
`;

/** A draft of that many lines, begun as the window does it; gives its key. */
const BEGIN = `
  const [lines, codes, done] = arguments;
  const call = (name, what) => window.__TAURI_INTERNALS__.invoke(name, what);
  (async () => {
    const { id, revision } = await call("begin_draft", { orgNumber: null });
    const edits = Array.from({ length: lines }, (_, at) => ({ kind: "add", code: codes[at % codes.length], after: null }));
    const draft = await call("edit_draft", { id, revision, edits });
    const typed = draft.groups
      .flatMap((group) => group.lines)
      .filter((line) => !line.deduction)
      .map((line) => ({ kind: "type", line: line.id, field: line.hasBase ? "base" : "vat", text: "12 345" }));
    await call("edit_draft", { id, revision: draft.revision, edits: typed });
    return id;
  })().then(done, (error) => done({ error: JSON.stringify(error) }));
`;

/**
 * Types figures key by key in a field of the draft and in an empty text field of the same page, in turn: for each key the
 * milliseconds until it was painted. Each begins right after a frame, so that both wait as long for the next.
 */
const TYPE_IN_DRAFT = `
  const [cell, figures, done] = arguments;
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const plain = document.createElement("input");
  plain.className = "ds-input";
  document.body.append(plain);
  const frame = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
  const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
  const type = async (find, figure, times) => {
    find().focus();
    for (let n = 1; n <= figure.length; n++) {
      await frame();
      const field = find();
      const began = performance.now();
      set.call(field, figure.slice(0, n));
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await frame();
      times.push(performance.now() - began);
      // Slower than the program keeps what was typed: its answer comes among the keys.
      await pause(90);
    }
    await pause(600);
  };
  const inDraft = () => document.querySelector('[data-testid="' + cell + '"][data-value="base"]');
  (async () => {
    const [ours, theirs] = [[], []];
    // The first of each fills caches and does not count.
    await type(inDraft, "1", []);
    await type(() => plain, "1", []);
    for (const figure of figures) {
      await type(inDraft, figure, ours);
      await type(() => plain, figure, theirs);
    }
    plain.remove();
    return [ours, theirs];
  })().then(done, (error) => done(String(error)));
`;

const [momsbud, filler, rounds = "2"] = process.argv.slice(2);
const desktop = await Desktop.open();
try {
  /** @type {{ size: number, kept: string, times: number[][] }[]} */
  const histories = [100, 100_000].map((size) => ({ size, kept: join(desktop.root, `history-${size}`), times: [] }));
  for (const { size, kept } of histories) {
    await mkdir(kept, { recursive: true });
    await run(filler, ["fill", String(size), kept], { env: desktop.env });
  }
  // The first round fills caches and does not count.
  for (let round = 0; round <= Number(rounds); round++) {
    for (const history of histories) {
      const times = await measure(history);
      if (round > 0) history.times.push(...times);
    }
  }
  const [few, many] = histories.map(({ times }) => times);
  const of = (times, part) => times.map((time) => time[part].toFixed(1)).join(" ");
  row("key in the search until its answer is painted, 100,000 filings", 1, `<= ${LIMIT}`);
  row("of that until the key is handled", 0);
  const [ours, theirs] = await typing();
  const typed = [`ours=${ours.join(" ")}`, `theirs=${theirs.join(" ")}`, `goal=<= ${TYPING_LIMIT}`].join("\t");
  const name = `a key in a draft of ${LINES} lines until it is painted`;
  process.stdout.write(`row\tname=${name}\tagainst=an empty text field of the same window\tunit=ms\t${typed}\n`);

  function row(name, part, goal) {
    const parts = [
      `name=${name}`,
      "against=100 filings",
      "unit=ms",
      `ours=${of(many, part)}`,
      `theirs=${of(few, part)}`,
    ];
    if (goal) parts.push(`goal=${goal}`);
    process.stdout.write(`row\t${parts.join("\t")}\n`);
  }
} finally {
  await desktop.close();
}

/** Starts the program over a history, types, and ends it. */
async function measure({ size, kept }) {
  const data = join(desktop.root, "data");
  await rm(data, { recursive: true, force: true });
  await run("cp", ["-r", kept, data], { env: desktop.env });
  const program = await Program.start(desktop, { program: momsbud });
  try {
    await program.click(ids.placeHistory);
    const digits = String(size);
    await until("the whole history", async () => (await program.text(ids.historyCount)).replace(/\D/g, "") === digits);
    await program.driver.manage().setTimeouts({ script: 120_000 });
    const times = await program.driver.executeAsyncScript(TYPE, ids.historySearch, ids.historyCount, WORDS);
    if (!Array.isArray(times)) throw new Error(String(times));
    return times;
  } finally {
    await program.quit();
  }
}

/** Types in a draft of sixty lines and in an empty field beside it: the times of both, in words. */
async function typing() {
  await rm(join(desktop.root, "data"), { recursive: true, force: true });
  const program = await Program.start(desktop, { program: momsbud });
  try {
    await program.driver.manage().setTimeouts({ script: 240_000 });
    const id = await program.driver.executeAsyncScript(BEGIN, LINES, CODES);
    if (typeof id !== "string") throw new Error(id.error);
    await program.driver.executeScript("location.hash = arguments[0]", `#/draft/${id}`);
    await program.text(ids.draftSum);
    const times = await program.driver.executeAsyncScript(TYPE_IN_DRAFT, ids.draftCell, FIGURES);
    if (!Array.isArray(times)) throw new Error(String(times));
    return times.map((side) => side.map((time) => time.toFixed(1)));
  } finally {
    await program.quit();
  }
}
