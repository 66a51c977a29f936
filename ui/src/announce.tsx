/** One polite voice for screen readers: what was copied, what runs out. */
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";

const Announce = createContext<(text: string) => void>(() => undefined);

export const useAnnounce = (): ((text: string) => void) => useContext(Announce);

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: "", turn: 0 });
  const waiting = useRef<string[]>([]);
  const say = useCallback((text: string) => {
    // Two clocks that end at the same moment are said in one breath, not over each other.
    if (waiting.current.push(text) > 1) return;
    queueMicrotask(() => {
      const whole = waiting.current.join(". ");
      waiting.current = [];
      setSaid((old) => ({ text: whole, turn: old.turn + 1 }));
    });
  }, []);
  return (
    <Announce value={say}>
      {children}
      {/* A text that is said twice must be new both times. */}
      <div className="sr" role="status" aria-live="polite">
        <span key={said.turn}>{said.text}</span>
      </div>
    </Announce>
  );
}
