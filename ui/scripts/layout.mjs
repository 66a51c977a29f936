// Every scene in three windows at three text sizes: `npm run test:layout [-- part of a scene's name, or "moves"]`. Fails on text that is
// cut although there is room, on what lies over something else, on a scroller within a scroller, on a next step that is
// outside the window, and on rows that are counted with another height than they have; and on what moves while a place's
// answers come in: a hand is on its way to it.
//
// What costs time is drawing a scene: a page keeps its window, and a scene in which nothing is pressed is drawn once and
// then enlarged, as with Ctrl +. Where something is pressed to come to it, other things are there to press in other sizes.
import { availableParallelism } from "node:os";
import { open, Stage } from "./browser.mjs";

const filter = process.argv[2] ?? "";
/** Labels are longest in English; each run takes one language. */
const lang = process.env.MOMSBUD_LAYOUT_LANGUAGE ?? "nb";
const session = await open();
const scenes = await session.sceneNames();
const names = scenes.filter((name) => name.includes(filter));
const windows = [
  { width: 900, height: 600 },
  { width: 1280, height: 860 },
  { width: 2560, height: 1440 },
];
const sizes = [100, 130, 200];
/** Rows of many returns that are in sight at 900 × 600 and 130 %, at least. */
const ROWS = 8;
/**
 * What is known to be otherwise, and why. 900 × 600 at 200 % is a window of 28 rem: everything stands under each other and the
 * page scrolls, but for long tables, of which only what is in sight is drawn and which therefore scroll in themselves.
 */
const known = [
  { rule: "a scroller within a scroller", width: 900, size: 200 },
  // A notice that is read once and put away stands above.
  { rule: "outside the window", width: 900, size: 130, scene: "reviewed" },
  { rule: "outside the window", width: 900, size: 200, scene: "reviewed" },
  // Drafts that lie open stand above what opens files; the page scrolls to it.
  ...["drafts-list", "drafts-basket"].flatMap((scene) =>
    [
      { width: 900, size: 130 },
      { width: 900, size: 200 },
      { width: 1280, size: 200 },
    ].map((way) => ({ rule: "outside the window", ...way, scene })),
  ),
  // At 200 % the head of the place, the search and the first row fill the window; the page scrolls to what is done with the ticked.
  { rule: "outside the window", width: 1280, size: 200, scene: "drafts-many" },
  // The card beside the list is narrow, and what happened is told at length before its way out; the card scrolls to it.
  ...["refused", "stopped-appMoved", "stopped-periodTaken"].map((scene) => ({
    rule: "outside the window",
    width: 2560,
    size: 200,
    scene,
  })),
  ...["reviewed", "recovered-gone", "history-recovered"].flatMap((scene) => [
    { rule: "outside the window", width: 1280, size: 200, scene },
    { rule: "a scroller within a scroller", width: 1280, size: 200, scene },
  ]),
];
const isKnown = (fault, name, way) =>
  known.some(
    ({ rule, width, size, scene = name }) =>
      fault.startsWith(rule) && way.viewport.width === width && way.size === size && scene === name,
  );

/** What is wrong with the page as it is. Runs in the page. */
function look({ rows: wanted }) {
  const wrong = [];
  const shown = (element) =>
    `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 40)}"`;
  const style = (element) => getComputedStyle(element);
  const rem = parseFloat(style(document.documentElement).fontSize);
  const modal = document.querySelector("dialog[open]");
  const within = modal ?? document.body;
  const all = [...within.querySelectorAll("*")].filter(
    (element) =>
      element.clientWidth > 1 &&
      !element.closest(".sr, svg, [hidden], .ds-skip-link, .Copy_swap, option") &&
      style(element).visibility === "visible" &&
      style(element).clipPath === "none" &&
      // What a closed <details> holds has a size and is not there.
      element.checkVisibility({ contentVisibilityAuto: true }),
  );
  const ownText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "");
  const scrolls = (element, axis) => {
    const { overflowX, overflowY } = style(element);
    const [over, size, inner] =
      axis === "y"
        ? [overflowY, element.clientHeight, element.scrollHeight]
        : [overflowX, element.clientWidth, element.scrollWidth];
    return /auto|scroll/.test(over) && inner > size + 1;
  };

  // Cut: letters that are not there although the row has room for them.
  const textWidth = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().width;
  };
  const slackOf = (table) => {
    // Of each column, what its fullest cell leaves free.
    const slack = [];
    for (const row of table.rows) {
      let column = 0;
      for (const cell of row.cells) {
        if (cell.colSpan === 1 && cell.clientWidth > 0 && !row.classList.contains("gap")) {
          const { paddingLeft, paddingRight } = style(cell);
          const free = cell.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - textWidth(cell);
          slack[column] = Math.min(slack[column] ?? Infinity, free);
        }
        column += cell.colSpan;
      }
    }
    // A column is as wide as what may stand in it: that much is no waste.
    const own = 6 * rem;
    return slack.filter((free) => Number.isFinite(free) && free > own).reduce((sum, free) => sum + free - own, 0);
  };
  const slacks = new Map();
  for (const element of all) {
    const { overflowX, textOverflow, display } = style(element);
    if (display === "inline" || element.matches("input, select, textarea")) continue;
    const missing = element.scrollWidth - element.clientWidth;
    if (missing <= 1) continue;
    if (overflowX === "visible") {
      const box = element.getBoundingClientRect();
      const clipped = element.parentElement?.closest(".scroll, .card_lines, .ell");
      if (!clipped && box.right > 0 && ownText(element)) wrong.push(`runs out of its box: ${shown(element)}`);
      continue;
    }
    if (!/hidden|clip/.test(overflowX) || element.scrollWidth <= element.clientWidth + 1) continue;
    if (textOverflow !== "ellipsis") {
      if (ownText(element)) wrong.push(`cut without a sign: ${shown(element)}`);
      continue;
    }
    const table = element.closest("table");
    if (table) {
      if (!slacks.has(table)) slacks.set(table, slackOf(table));
      if (slacks.get(table) > missing) wrong.push(`cut where the table has room: ${shown(element)}`);
    } else if (element.parentElement && /flex/.test(style(element.parentElement).display)) {
      const box = element.parentElement;
      const kids = [...box.children].reduce((sum, child) => sum + child.getBoundingClientRect().width, 0);
      const { paddingLeft, paddingRight, columnGap } = style(box);
      const free =
        box.clientWidth -
        parseFloat(paddingLeft) -
        parseFloat(paddingRight) -
        kids -
        (parseFloat(columnGap) || 0) * (box.children.length - 1);
      if (free > missing + 8) wrong.push(`cut where the row has room: ${shown(element)}`);
    }
  }

  // A year's months take no room from the companies' names in a window that has it.
  for (const duty of innerWidth >= 130 * rem ? within.querySelectorAll('[role="grid"] tbody th .ell') : []) {
    if (duty.scrollWidth > duty.clientWidth + 1) wrong.push(`cut in a wide window: ${shown(duty)}`);
  }

  // Cut by what is around: words that go on past a box that hides what is wider, or that scrolls sideways for them.
  const wordsOf = (element) => {
    const range = document.createRange();
    const boxes = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== "")
      .map((node) => {
        range.selectNodeContents(node);
        return range.getBoundingClientRect();
      });
    return { left: Math.min(...boxes.map(({ left }) => left)), right: Math.max(...boxes.map(({ right }) => right)) };
  };
  for (const element of all.filter(ownText)) {
    // Tables and what is typed scroll sideways where there is no room, and say so; what ends in … was judged above.
    if (
      element.closest(".scroll, .card_lines, pre, code, textarea, .ell") ||
      style(element).textOverflow === "ellipsis"
    )
      continue;
    const { left, right } = wordsOf(element);
    // A dialog that must be scrolled sideways cuts too.
    for (let up = element.parentElement; up && up !== document.body && within.contains(up); up = up.parentElement) {
      const { overflowX, textOverflow } = style(up);
      if (overflowX === "visible") continue;
      if (textOverflow === "ellipsis") break;
      // A table scrolls sideways in a narrow window, whatever it lies in.
      if (/auto|scroll/.test(overflowX) && element.closest("table")) break;
      const box = up.getBoundingClientRect();
      const end = box.left + up.clientLeft + up.clientWidth;
      if (left < end && right > end + 1) {
        wrong.push(`cut by ${up.tagName.toLowerCase()}.${up.className}: ${shown(element)}`);
        break;
      }
    }
  }

  // Covered: what has words or can be pressed, and lies under something that is not its own.
  // What may lie over it, and why; only where it is placed as is said here, and what sticks only over what scrolls with it.
  const mayLieOver = [
    // Says what was done, and goes by itself.
    [".announce_told", "fixed"],
    // Is asked for, and goes with the next press.
    [".ContextMenu_ctxmenu", "fixed"],
    [".Notices_panel", "absolute"],
    [".CompanyBox_combo ul", "absolute"],
    // The steps, unfolded from their bar in a narrow window, and folded again by it.
    [".steps_above", "absolute"],
    // Files are held over the window: where they are let go is all that matters then.
    [".Frame_over", "fixed"],
    // A ring around the minutes it counts.
    [".BrowserWait_bigring > svg", "absolute"],
    // Four pixels of colour that say in which environment one is.
    [".Frame_envLine", "fixed"],
    // A dialog's buttons in a low window; what is above them scrolls.
    ["dialog .acts", "sticky"],
    [".sheetAsks_stays", "sticky"],
    // The next step, below the findings that scroll.
    [".steps_stays", "sticky"],
    // What the columns are called, and what they come to; whose months they are.
    ["thead th", "sticky"],
    ["tfoot td", "sticky"],
    ['[role="grid"] tbody th', "sticky"],
  ];
  const scrollerOf = (element) => {
    let up = element.parentElement;
    while (up && !/auto|scroll/.test(style(up).overflow)) up = up.parentElement;
    return up;
  };
  const floats = (over, element) =>
    mayLieOver.some(([part, position]) => {
      const box = over.closest(part);
      return (
        box !== null &&
        style(box).position === position &&
        (position !== "sticky" || scrollerOf(box)?.contains(element))
      );
    });
  for (const element of all.filter((each) => ownText(each) || each.matches("button, input, select, a[href]"))) {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (style(up).overflow === "visible") continue;
      const clip = up.getBoundingClientRect();
      [left, top, right, bottom] = [
        Math.max(left, clip.left),
        Math.max(top, clip.top),
        Math.min(right, clip.right),
        Math.min(bottom, clip.bottom),
      ];
    }
    [left, top] = [Math.max(0, left), Math.max(0, top)];
    [right, bottom] = [Math.min(innerWidth, right), Math.min(innerHeight, bottom)];
    if (right - left < 4 || bottom - top < 4 || style(element).pointerEvents === "none") continue;
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!over || over.contains(element) || element.contains(over) || floats(over, element)) continue;
    // A label's own box and its words are one.
    if (over.closest("label") && over.closest("label") === element.closest("label")) continue;
    wrong.push(`covered by ${over.tagName.toLowerCase()}.${over.className}: ${shown(element)}`);
  }

  // One scroller: nothing that scrolls within something that scrolls the same way.
  for (const element of all.filter((each) => scrolls(each, "y"))) {
    for (let up = element.parentElement; up && within.contains(up); up = up.parentElement) {
      if (scrolls(up, "y")) {
        wrong.push(
          `a scroller within a scroller: ${element.tagName.toLowerCase()}.${element.className} in ${up.tagName.toLowerCase()}.${up.className}`,
        );
        break;
      }
    }
  }

  // The next step is in the window.
  const step = within.querySelector('[data-shortcut="primary"]:not([aria-disabled="true"])');
  // A form and a guide are read from top to bottom; in all else the next step is at hand.
  if (
    step &&
    innerWidth >= 40 * rem &&
    !step.closest(".page, .steps_above") &&
    (modal !== null || step.closest("main"))
  ) {
    const { top, bottom, left, right } = step.getBoundingClientRect();
    if (top < 0 || left < 0 || bottom > innerHeight + 1 || right > innerWidth + 1)
      wrong.push(`outside the window: ${shown(step)}`);
  }

  // A dialog has buttons of their own height, wherever it is opened from; enlarged text makes fractions of a pixel.
  for (const button of modal?.querySelectorAll(".acts > .ds-button") ?? []) {
    const { height } = button.getBoundingClientRect();
    if (height > 0 && height < 1.75 * rem - 1)
      wrong.push(`a squashed button of ${height.toFixed(0)} px: ${shown(button)}`);
  }

  // A heading that a narrow window hides takes its cells with it.
  for (const table of within.querySelectorAll("table:has(thead)")) {
    const cells = (row) => [...(row?.cells ?? [])].filter((cell) => style(cell).display !== "none").length;
    const row = table.querySelector("tbody > tr[data-testid]:not(:has(> [colspan]))");
    const [heads, below] = [cells(table.tHead.rows[table.tHead.rows.length - 1]), cells(row)];
    if (row && below > 0 && heads > 0 && heads !== below && !table.tHead.querySelector("[colspan]"))
      wrong.push(`${String(heads)} headings over ${String(below)} cells: ${shown(row)}`);
  }

  // Whose return a row is can be read: the company's column stays.
  const company = within.querySelector('[data-testid="card-row"] td.b.ell, [data-testid="history-row"] td');
  const names = company?.getBoundingClientRect().width ?? Infinity;
  if (names < 6 * rem) wrong.push(`the company has ${names.toFixed(0)} px`);

  // A batch that runs or stands still has its bar and its reason above the rows; so has what was taken in after a loss.
  const above = ".bar_big, .batch_still, .batch_batch .note_noteBox, .Recovered_recovered";
  if (wanted > 0 && !document.querySelector(above)) {
    const rows = [
      ...document.querySelectorAll(
        '[data-testid="card-row"], [data-testid="history-row"], [data-testid="deadline-row"]',
      ),
    ];
    const box = rows[0]?.closest(".scroll")?.getBoundingClientRect();
    const foot = Math.min(innerHeight, box?.bottom ?? 0);
    const inSight = rows.filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return top >= (box?.top ?? 0) && bottom <= foot + 1;
    });
    if (!modal && rows.length >= wanted && inSight.length < wanted)
      wrong.push(`${String(inSight.length)} rows in sight, not ${String(wanted)}`);
  }

  // Rows that are not drawn are as high as those that are.
  for (const table of within.querySelectorAll("table[aria-rowcount]:has(tr.gap)")) {
    const drawn = [...table.querySelectorAll("tbody > tr[aria-rowindex]")];
    const missing = Number(table.getAttribute("aria-rowcount")) - 1 - drawn.length;
    const gaps = [...table.querySelectorAll("tr.gap")].reduce(
      (sum, row) => sum + row.getBoundingClientRect().height,
      0,
    );
    const row = (drawn[0]?.getBoundingClientRect().height ?? 0) * missing;
    if (missing > 0 && Math.abs(gaps - row) > 0.1 * row)
      wrong.push(`counts ${String(missing)} rows as ${gaps.toFixed(0)} px high, not ${row.toFixed(0)}`);
  }
  return [...new Set(wrong)].slice(0, 6);
}

let bad = 0;
let runs = 0;
const begun = performance.now();

/** What is wrong with a scene as it is shown now. */
async function judge(stage, name, way, faults) {
  const rows = way.viewport.width === 900 && way.size === 130 ? ROWS : 0;
  const found = [...(await stage.page.evaluate(look, { rows })), ...new Set(faults)];
  for (const fault of found.filter((each) => !isKnown(each, name, way))) {
    bad += 1;
    console.log(
      `${name} ${String(way.viewport.width)}×${String(way.viewport.height)} ${String(way.size)} %: ${fault.slice(0, 240)}`,
    );
  }
  runs += 1;
}

/** Goes through the scenes of one window that nobody else has taken. */
async function work(viewport, pending) {
  const way = { lang, theme: "light", viewport, size: sizes[0] };
  const stage = await Stage.open(session, way);
  for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
    const [smallest] = sizes;
    const show = (size) => {
      way.size = size;
      const shown = size === smallest || stage.pressed ? stage.show(name) : stage.enlarge(size);
      return shown.catch((error) => [String(error).split("\n")[0]]);
    };
    for (const size of sizes) await judge(stage, name, way, await show(size));
  }
  await stage.close();
}
/** On paper, an A4 sheet of 180 mm between its margins. */
const SHEET = { width: 680, height: 960 };
const printed = ["delivered", "history", "history-detail", "deadlines", "batch-done", "guide"];

/**
 * Lets the page say, in place of being printed, what is wrong with the sheet: what only a screen has, what is wider than the
 * paper, what is cut, words that are torn. Runs in the page.
 */
function readInsteadOfPrinting() {
  window.momsbudSheet = undefined;
  window.print = () => {
    const wrong = [];
    const seen = (element) => element.checkVisibility();
    if ([...document.querySelectorAll(".Nav_nav, .TopBar_topbar, .steps_dock, main .ds-button")].some(seen))
      wrong.push("shows what is for a screen");
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 1) wrong.push(`is ${String(wide)} px wider than the sheet`);
    for (const element of [...document.querySelectorAll("main *")].filter(seen)) {
      const { overflowY } = getComputedStyle(element);
      const words = element.childElementCount === 0 ? element.textContent.trim() : "";
      const { clientHeight, clientWidth, scrollHeight } = element;
      if (!element.closest(".sr, svg, input") && overflowY !== "visible" && scrollHeight > clientHeight + 1)
        wrong.push(`cuts ${element.className} "${element.textContent.trim().slice(0, 30)}"`);
      if (words.length > 8 && clientWidth > 1 && clientWidth < 24) wrong.push(`tears "${words.slice(0, 30)}"`);
    }
    window.momsbudSheet = [...new Set(wrong)].slice(0, 4);
  };
}

async function onPaper() {
  const stage = await Stage.open(session, { lang: "nb", theme: "light", viewport: SHEET });
  for (const name of printed.filter((known) => names.includes(known))) {
    await stage.page.emulateMedia({ media: "screen" });
    await stage.show(name);
    await stage.page.emulateMedia({ media: "print" });
    await stage.page.evaluate(readInsteadOfPrinting);
    await stage.page.keyboard.press("Control+p");
    const sheet = await stage.page.waitForFunction(() => window.momsbudSheet, undefined, { timeout: 60_000 });
    for (const fault of await sheet.jsonValue()) {
      bad += 1;
      console.log(`${name} on paper: ${fault}`);
    }
  }
  await stage.close();
}
await onPaper();

/** Where people go, and what a place asks for when it is opened. */
const opened = [
  "settings",
  "history",
  "history-detail",
  "deadlines",
  "access",
  "guide",
  "drafts-list",
  "empty",
  "batch",
  "batch-beside",
];
/** Milliseconds from one answer to the next. */
const SLOW = 60;
/** Pixels by which a thing may move and still be hit. */
const LITTLE = 8;
/** Milliseconds in which nothing more may come. */
const STILL = 400;

/** Writes down what moves from now on. Runs in the page. */
function watchMoves(little) {
  window.momsbudMoves = { last: performance.now(), what: [] };
  const name = (node) => {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    return element
      ? `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.slice(0, 30)}"`
      : "?";
  };
  new MutationObserver(() => {
    window.momsbudMoves.last = performance.now();
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const { sources, value } of list.getEntries())
      for (const { node, previousRect: from, currentRect: to } of sources)
        // The room of rows that are not drawn is nothing to hit.
        if (Math.hypot(to.x - from.x, to.y - from.y) > little && node?.className !== "gap")
          window.momsbudMoves.what.push(`${value.toFixed(3)} ${String(Math.round(to.y - from.y))} px: ${name(node)}`);
  }).observe({ type: "layout-shift" });
}

async function whileAnswering() {
  const stage = await Stage.open(session, { lang: "nb", theme: "light", viewport: windows[1] });
  await stage.page.evaluate(watchMoves, LITTLE);
  for (const name of opened.filter(
    (known) => scenes.includes(known) && (known.includes(filter) || filter === "moves"),
  )) {
    await stage.page.evaluate(() => (window.momsbudMoves.what = []));
    await stage.page.evaluate(
      (query) => window.momsbudShow(query),
      String(new URLSearchParams({ scene: name, slow: String(SLOW) })),
    );
    await stage.page.waitForFunction(
      (still) => document.querySelector("main") && performance.now() - window.momsbudMoves.last > still,
      STILL,
      { polling: 50 },
    );
    for (const fault of await stage.page.evaluate(() => window.momsbudMoves.what.slice(0, 6))) {
      bad += 1;
      console.log(`${name} moves while its answers come: ${fault}`);
    }
  }
  await stage.close();
}
await whileAnswering();
const waiting = windows.map((viewport) => ({ viewport, pending: [...names] }));
/** Half of the time a page waits for its next frame; so there are two for each processor. */
async function worker() {
  for (;;) {
    const [next] = waiting.toSorted((a, b) => b.pending.length - a.pending.length);
    if (next.pending.length === 0) return;
    await work(next.viewport, next.pending);
  }
}
await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
await session.close();
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(
  `layout: ${String(runs)} runs over ${String(names.length)} scenes in ${String(seconds)} s, ${bad === 0 ? "nothing wrong" : `${String(bad)} faults`}`,
);
if (bad > 0 || runs !== names.length * windows.length * sizes.length || runs === 0) process.exit(1);
