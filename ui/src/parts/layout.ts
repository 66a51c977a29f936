/**
 * Whether the window is narrow: under 68.75 rem, so that large text counts too.
 *
 * The frame itself follows with container queries in the style sheet; this is for what is another component there.
 */
import { createContext, useContext, useSyncExternalStore } from "react";

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

export const useMeasuredNarrow = (): boolean =>
  useSyncExternalStore(subscribe, () => window.innerWidth < NARROW_REM * rem());
