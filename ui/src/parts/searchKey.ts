/** Ctrl+F in a place that shows its search box only when it is asked for. */
import { useEffect, useRef } from "react";

/** Tells a place without a search box in sight that somebody looks for something in it. */
export const SEARCH = "momsbud-search";

/** For a place that shows its search box only when it is asked for. */
export function useSearchKey(has: boolean, show: () => void): void {
  const latest = useRef(show);
  useEffect(() => {
    latest.current = show;
  });
  useEffect(() => {
    if (!has) return;
    const listen = (event: Event) => {
      event.preventDefault();
      latest.current();
    };
    window.addEventListener(SEARCH, listen);
    return () => {
      window.removeEventListener(SEARCH, listen);
    };
  }, [has]);
}
