/** Keyboard shortcuts, the same in every place: what they are called and what they do. */
import { useEffect, useRef } from "react";
import type { MessageKey } from "../i18n";
import { go, places } from "../router";
import { testIds } from "../testids";
import { SEARCH } from "../parts/searchKey";

/** How they are listed for the user, in `ShortcutsDialog.tsx`. What each does is in `act`. */
export const shortcuts: readonly { keys: readonly string[]; text: MessageKey }[] = [
  { keys: ["Ctrl", "O"], text: "drop.files" },
  { keys: ["Ctrl", "Shift", "O"], text: "drop.folder" },
  { keys: ["Ctrl", "N"], text: "keys.newDraft" },
  { keys: ["Ctrl", "K"], text: "step1.title" },
  { keys: ["Ctrl", "Enter"], text: "keys.primary" },
  { keys: ["Ctrl", "F"], text: "keys.search" },
  { keys: ["Alt", "↑ ↓"], text: "keys.findings" },
  { keys: ["Ctrl", "C"], text: "keys.copyRow" },
  { keys: ["Ctrl", "1–5"], text: "keys.places" },
  { keys: ["↑ ↓"], text: "keys.rows" },
  { keys: ["Ctrl", "A"], text: "keys.selectAll" },
  { keys: ["Ctrl", "P"], text: "menu.print" },
  { keys: ["F5"], text: "keys.refresh" },
  { keys: ["F6"], text: "keys.regions" },
  { keys: ["Ctrl", "+ − 0"], text: "settings.textSize" },
  { keys: ["Esc"], text: "action.close" },
  { keys: ["?"], text: "keys.list" },
];

export interface ShortcutActions {
  chooseFiles: () => void;
  chooseFolder: () => void;
  newDraft: () => void;
  stepTextSize: (step: -1 | 0 | 1) => void;
  toggleHelp: () => void;
  copyText: (text: string) => void;
  /** Asks the office for everything anew. */
  refresh: () => void;
  print: () => void;
}

const press = (selector: string): boolean => {
  const button = document.querySelector<HTMLElement>(`main ${selector}:not([aria-disabled="true"])`);
  button?.click();
  return button !== null;
};

/** Moves focus to the next (1) or the previous (−1) of the elements. */
function step(elements: HTMLElement[], direction: 1 | -1): void {
  if (elements.length === 0) return;
  // The innermost: the steps stand within the content.
  const at = elements.findLastIndex((element) => element.contains(document.activeElement));
  const next =
    at < 0 ? (direction === 1 ? 0 : elements.length - 1) : (at + direction + elements.length) % elements.length;
  elements[next]?.focus();
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const dialogOpen = () => document.querySelector("dialog[open]") !== null;
const writing = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** What a key does; gives back whether it did something. */
function act(event: KeyboardEvent, actions: ShortcutActions): boolean {
  const { key } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  if (key === "F6") {
    step(all("[data-region]"), event.shiftKey ? -1 : 1);
    return true;
  }
  if (key === "?" && !ctrl && !writing(event.target)) {
    actions.toggleHelp();
    return true;
  }
  if (key === "F5") {
    actions.refresh();
    return true;
  }
  // A dialog has its own keys: nothing is sent from behind it.
  if (dialogOpen()) return false;
  if (event.altKey && (key === "ArrowDown" || key === "ArrowUp")) {
    step(all("[data-finding]"), key === "ArrowDown" ? 1 : -1);
    return true;
  }
  if (key === "Escape") return escape(event.target);
  if (!ctrl || event.altKey) return false;
  switch (key.toLowerCase()) {
    case "o":
      if (event.shiftKey) actions.chooseFolder();
      else actions.chooseFiles();
      return true;
    case "n":
      actions.newDraft();
      return true;
    case "enter":
      return press('[data-shortcut="primary"]');
    case "k":
      return press(`[data-testid="${testIds.check}"]`) || press(`[data-testid="${testIds.checkAgain}"]`);
    case "f": {
      const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
      search?.focus();
      search?.select();
      // What is looked at is searched; where there is nothing to search, what was filed.
      if (!search && window.dispatchEvent(new CustomEvent(SEARCH, { cancelable: true }))) go("history");
      return true;
    }
    case "c":
      return copyRow(actions);
    case "p":
      actions.print();
      return true;
    case "a":
      return selectAll(event.target);
    case "+":
    case "=":
      actions.stepTextSize(1);
      return true;
    case "-":
      actions.stepTextSize(-1);
      return true;
    case "0":
      actions.stepTextSize(0);
      return true;
    default: {
      const place = places[Number(key) - 1];
      if (place === undefined) return false;
      go(place);
      return true;
    }
  }
}

/** In a row, the row; a selection of text is copied as always. */
function copyRow(actions: ShortcutActions): boolean {
  if (String(window.getSelection() ?? "") !== "") return false;
  const line = document.activeElement?.closest<HTMLElement>("[data-tsv]")?.dataset.tsv;
  if (line === undefined) return false;
  actions.copyText(line);
  return true;
}

/** Away from what was searched for, else back from what is shown: a return to the list, details to the history. */
function escape(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === "search") {
    // The system's search boxes are emptied by it; an empty one lets go.
    if (target.value === "") target.blur();
    return false;
  }
  if (writing(target)) return false;
  const back = document.querySelector<HTMLElement>("main [data-back]");
  back?.click();
  return back !== null;
}

/** In a table its rows; the window itself is no text to be marked. */
function selectAll(target: EventTarget | null): boolean {
  if (writing(target)) return false;
  const first = document.querySelector<HTMLElement>('main table.list [data-stop="main"][tabindex="0"]');
  if (!first) return true;
  first.focus({ preventScroll: true });
  first.dispatchEvent(new KeyboardEvent("keydown", { key: "a", ctrlKey: true, bubbles: true, cancelable: true }));
  return true;
}

export function useShortcuts(actions: ShortcutActions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && act(event, latest.current)) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, []);
}
