/**
 * Time in the window: one timer for everything that counts.
 *
 * Each counting thing says when it changes next, and only then is anything computed; nothing asks the shell. A timer
 * that was set before the computer slept fires late, so no wait is longer than ten seconds, and focus asks at once: a
 * look that finds nothing changed costs nothing, because only what changed is drawn.
 */
import { createContext, useCallback, useContext, useSyncExternalStore } from "react";

export interface Ticker {
  now: () => number;
  /** Calls `listener` when the moment that `next` gave has come, and after sleep. Gives back how to stop. */
  watch: (next: (now: number) => number, listener: () => void) => () => void;
}

const LONGEST_WAIT = 10_000;

export function createTicker(now: () => number = Date.now): Ticker {
  const watched = new Map<object, { next: (now: number) => number; listener: () => void }>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const plan = () => {
    clearTimeout(timer);
    timer = undefined;
    // Nobody sees a hidden window's clocks; they are set right when it is shown.
    if (watched.size === 0 || document.visibilityState === "hidden") return;
    const current = now();
    let wait = LONGEST_WAIT;
    for (const { next } of watched.values()) wait = Math.min(wait, Math.max(next(current), 20));
    timer = setTimeout(tick, wait);
  };
  const tick = () => {
    for (const { listener } of [...watched.values()]) listener();
    plan();
  };
  const wake = () => {
    if (document.visibilityState === "visible") tick();
    else plan();
  };

  return {
    now,
    watch(next, listener) {
      const key = {};
      if (watched.size === 0) {
        window.addEventListener("focus", wake);
        document.addEventListener("visibilitychange", wake);
      }
      watched.set(key, { next, listener });
      plan();
      return () => {
        watched.delete(key);
        if (watched.size === 0) {
          window.removeEventListener("focus", wake);
          document.removeEventListener("visibilitychange", wake);
        }
        plan();
      };
    },
  };
}

export const TickerContext = createContext<Ticker>(createTicker());

/**
 * A value of the time that re-renders its component only when it becomes another.
 *
 * `next` gives the milliseconds until it may change, `read` the value: text, number or boolean.
 */
export function useTime<T extends string | number | boolean>(
  read: (now: number) => T,
  next: (now: number) => number,
): T {
  const ticker = useContext(TickerContext);
  const subscribe = useCallback((listener: () => void) => ticker.watch(next, listener), [ticker, next]);
  return useSyncExternalStore(subscribe, () => read(ticker.now()));
}

const MINUTE = 60_000;
const toNextMinute = (now: number) => MINUTE - (now % MINUTE);
const startOfMinute = (now: number) => now - (now % MINUTE);

/** Now, to the minute: for "i dag" and "i går". */
export const useMinute = (): number => useTime(startOfMinute, toNextMinute);

/** Whether a moment has passed; turns at that moment. `null` never does. */
export function usePassed(moment: string | null): boolean {
  const at = moment === null ? Number.POSITIVE_INFINITY : Date.parse(moment);
  const read = useCallback((now: number) => now >= at, [at]);
  const next = useCallback((now: number) => (now >= at ? Number.POSITIVE_INFINITY : at - now), [at]);
  return useTime(read, next);
}
