/**
 * Rows of a long table with the keyboard, as everywhere on a desktop: the tab key stops once, arrows go from row to row and
 * along what a row offers, Home, End and the page keys go far, Shift and Ctrl+A select for copying.
 *
 * The table is drawn in part: only rows that are drawn can have focus, so there is always one of them to come to.
 */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type RefObject } from "react";

const PAGE = 10;
/** What of a row can have focus, in its order. */
const STOPS = "[data-stop]";

export interface RowKeys {
  table: RefObject<HTMLTableElement | null>;
  /** For the table. */
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: { target: EventTarget }) => void;
  /** For the tab key: 0 for the row's main element when the reader is there. */
  tabIndexOf: (index: number) => 0 | -1;
  /** A click with Shift or Ctrl selects; whether it did. */
  onPick: (event: MouseEvent, index: number) => boolean;
  /** Whether the row is selected for copying. */
  isPicked: (index: number) => boolean;
  /** The selected rows' places, in order. */
  picked: number[];
}

const rowOf = (target: EventTarget): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("tr[aria-rowindex]") : null;
const indexOf = (row: HTMLElement): number => Number(row.getAttribute("aria-rowindex")) - 2;

/** Rows `count`; those `from` to `to` are drawn; `show` draws another. A new `list` begins without a selection. */
export function useRowKeys(
  count: number,
  drawn: { from: number; to: number },
  show: (index: number) => void,
  list: unknown,
): RowKeys {
  const table = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState(0);
  const [selection, setSelection] = useState<{ of: unknown; rows: ReadonlySet<number>; anchor: number }>({
    of: list,
    rows: new Set(),
    anchor: 0,
  });
  const rows = selection.of === list ? selection.rows : NOTHING;
  const anchor = selection.of === list && rows.size > 0 ? selection.anchor : active;
  const wanted = useRef<{ index: number; stop: number } | null>(null);
  const reached = Math.min(Math.max(active, drawn.from), Math.max(drawn.from, drawn.to));

  useEffect(() => {
    const to = wanted.current;
    if (!to) return;
    const row = table.current?.querySelector(`tr[aria-rowindex="${String(to.index + 2)}"]`);
    if (!row) return;
    wanted.current = null;
    const stops = [...row.querySelectorAll<HTMLElement>(STOPS)];
    const stop = to.stop < 0 ? stops.find((each) => each.dataset.stop === "main") : stops[to.stop];
    (stop ?? stops[0])?.focus({ preventScroll: true });
  });

  const range = (from: number, to: number) => {
    const [low, high] = from < to ? [from, to] : [to, from];
    return new Set(Array.from({ length: high - low + 1 }, (_, at) => low + at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowOf(event.target);
    if (!row || event.altKey) return;
    const index = indexOf(row);
    const stops = [...row.querySelectorAll<HTMLElement>(STOPS)];
    const stop = stops.findIndex((each) => each === event.target);
    const go = (to: number) => {
      const target = Math.max(0, Math.min(count - 1, to));
      if (event.shiftKey) setSelection({ of: list, rows: range(anchor, target), anchor });
      else if (rows.size > 0) setSelection({ of: list, rows: NOTHING, anchor: target });
      wanted.current = { index: target, stop: stops[stop]?.dataset.stop === "main" ? -1 : stop };
      setActive(target);
      show(target);
    };
    const ctrl = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case "ArrowDown":
        go(index + 1);
        break;
      case "ArrowUp":
        go(index - 1);
        break;
      case "PageDown":
        go(index + PAGE);
        break;
      case "PageUp":
        go(index - PAGE);
        break;
      case "Home":
        go(0);
        break;
      case "End":
        go(count - 1);
        break;
      case "ArrowRight":
      case "ArrowLeft":
        stops[stop + (event.key === "ArrowRight" ? 1 : -1)]?.focus();
        break;
      case "a":
      case "A":
        if (!ctrl) return;
        setSelection({ of: list, rows: range(0, count - 1), anchor: 0 });
        break;
      case "Escape":
        if (rows.size === 0) return;
        setSelection({ of: list, rows: NOTHING, anchor: index });
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const picked = useMemo(() => [...rows].sort((a, b) => a - b), [rows]);
  return {
    table,
    onKeyDown,
    onFocus: ({ target }) => {
      const row = rowOf(target);
      if (row) setActive(indexOf(row));
    },
    tabIndexOf: (index) => (index === reached ? 0 : -1),
    onPick: (event, index) => {
      if (event.shiftKey) setSelection({ of: list, rows: range(anchor, index), anchor });
      else if (event.ctrlKey || event.metaKey) {
        const next = new Set(rows);
        if (!next.delete(index)) next.add(index);
        setSelection({ of: list, rows: next, anchor: index });
      } else {
        if (rows.size > 0) setSelection({ of: list, rows: NOTHING, anchor: index });
        return false;
      }
      setActive(index);
      return true;
    },
    isPicked: (index) => rows.has(index),
    picked,
  };
}

const NOTHING: ReadonlySet<number> = new Set();
