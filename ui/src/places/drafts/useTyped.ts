/** What is typed in a field: kept soon after the last key, and at once when the field is left or the window goes. */
import { useCallback, useEffect, useRef, useState } from "react";

/** Milliseconds after the last key. Together with the writing this is well under a second. */
const SOON = 350;

interface Typed {
  /** What stands in the field: what is being typed, or what is kept. */
  text: string;
  type: (text: string) => void;
  /** The field is left: what was typed is kept, and what the office made of it is shown. */
  leave: () => void;
  /** Back to what was kept before the typing began. */
  drop: () => void;
}

export function useTyped(kept: string, save: (text: string, left: boolean) => Promise<unknown>): Typed {
  const [typed, setTyped] = useState<string | null>(null);
  const now = useRef<string | null>(null);
  const began = useRef(kept);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(save);
  useEffect(() => {
    latest.current = save;
  });
  const flush = useCallback(async (left: boolean) => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (now.current !== null) await latest.current(now.current, left);
  }, []);
  const type = (text: string) => {
    if (now.current === null) began.current = kept;
    now.current = text;
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(false), SOON);
  };
  const leave = () => {
    const text = now.current;
    if (text === null) return;
    void flush(true).then(() => {
      // Another key may have come meanwhile.
      if (now.current !== text) return;
      now.current = null;
      setTyped(null);
    });
  };
  const drop = () => {
    if (now.current === null) return;
    now.current = began.current;
    void flush(true).then(() => {
      now.current = null;
      setTyped(null);
    });
  };
  useEffect(() => {
    // A window that is closed, and a place that is left, take nothing with them.
    const go = () => {
      if (timer.current !== undefined) void flush(true);
    };
    window.addEventListener("pagehide", go);
    window.addEventListener("blur", go);
    return () => {
      window.removeEventListener("pagehide", go);
      window.removeEventListener("blur", go);
      go();
    };
  }, [flush]);
  return { text: typed ?? kept, type, leave, drop };
}
