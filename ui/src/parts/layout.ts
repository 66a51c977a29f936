/**
 * Whether the window is narrow: under 68.75 rem, so that large text counts too.
 *
 * The frame itself follows with container queries in the style sheet; this is for what is another component there.
 */
import { createContext, useContext, useLayoutEffect, useRef, useSyncExternalStore } from "react";

export const NARROW_REM = 68.75;

export const NarrowContext = createContext(false);
export const useNarrow = (): boolean => useContext(NarrowContext);

/** The size of one rem in pixels. */
export function rem(): number {
  const { fontSize } = getComputedStyle(document.documentElement);
  return fontSize.endsWith("px") ? Number.parseFloat(fontSize) : 16;
}

function subscribe(listener: () => void): () => void {
  if (typeof ResizeObserver === "undefined") return () => undefined;
  const observer = new ResizeObserver(listener);
  observer.observe(document.documentElement);
  // The text size changes the rem without changing the size of the window.
  const styles = new MutationObserver(listener);
  styles.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => {
    observer.disconnect();
    styles.disconnect();
  };
}

/** The size of one rem in pixels, anew when the text size changes: what is drawn by it is drawn again. */
export const useRem = (): number => useSyncExternalStore(subscribe, rem);

const ROW_REM = 2.125;
/** In a narrow window rows stand closer: eight of them are to be seen at large text too. */
const NARROW_ROW_REM = 1.75;

/** The height of a row of a list (`.t.list`), in pixels. */
export function useListRow(): number {
  const narrow = useNarrow();
  return (narrow ? NARROW_ROW_REM : ROW_REM) * useRem();
}

interface MeasuredList {
  measure: () => void;
}

/** Lets a list that draws only what is in view count with its rows' height of now. */
export function useRowHeight(list: MeasuredList, height: number): void {
  const counted = useRef(height);
  useLayoutEffect(() => {
    if (counted.current === height) return;
    counted.current = height;
    list.measure();
  }, [list, height]);
}

/** From this width on a list and what is chosen in it stand side by side; from the second, with the steps beside both. */
const WIDE_REM = 100;
const VAST_REM = 130;

export type Room = "usual" | "wide" | "vast";

const room = (): Room => {
  const width = window.innerWidth / rem();
  return width >= VAST_REM ? "vast" : width >= WIDE_REM ? "wide" : "usual";
};

/** How much stands side by side. */
export const useRoom = (): Room => useSyncExternalStore(subscribe, room);

export const useMeasuredNarrow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.innerWidth < NARROW_REM * rem());
