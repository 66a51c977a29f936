/** Ctrl+P: what is shown, on paper. Long tables are drawn whole for as long as it takes. */
import { useEffect, useRef, useSyncExternalStore } from "react";

let printing = false;
const listeners = new Set<() => void>();
const preparations = new Set<() => Promise<unknown>>();

function set(now: boolean): void {
  printing = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the window is being printed: then nothing may be left out because it is out of sight. */
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => printing);

/** Fetches what is to be printed and has not come into view yet. */
export function useBeforePrinting(prepare: () => Promise<unknown>): void {
  const latest = useRef(prepare);
  useEffect(() => {
    latest.current = prepare;
  });
  useEffect(() => {
    const own = () => latest.current();
    preparations.add(own);
    return () => {
      preparations.delete(own);
    };
  }, []);
}

const frame = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => {
      done();
    });
  });

/** Prints what is shown. The system's own dialog asks where to, and whether as a file. */
export async function print(): Promise<void> {
  if (printing) return;
  // What cannot be fetched is shown as missing, on paper as well.
  await Promise.allSettled([...preparations].map((prepare) => prepare()));
  set(true);
  await frame();
  await frame();
  window.print();
  // Where the dialog does not wait for an answer, the page has been taken by now.
  await frame();
  set(false);
}
