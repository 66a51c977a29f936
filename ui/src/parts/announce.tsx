/** What the window says in passing: aloud for screen readers, and for what a person did and may undo, in sight too. */
import { XMarkIcon } from "@navikt/aksel-icons";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { useTexts } from "../i18n/useTexts";
import { Icon } from "./Icon";
import { useMeasuredNarrow } from "./layout";
import { testIds } from "../testids";
import { cx } from "./cx";
import s from "./announce.module.css";

/** What can be done about what is said. */
export interface Deed {
  label: string;
  run: () => void;
}

const Announce = createContext<(text: string) => void>(() => undefined);
const Tell = createContext<(text: string, deed?: Deed, long?: boolean) => void>(() => undefined);

/** Says it to screen readers: who sees the window sees it there. */
export const useAnnounce = (): ((text: string) => void) => useContext(Announce);

/** Says it, and shows it for a while at the window's lower edge; longer where there is something to do or to think over. */
export const useTell = (): ((text: string, deed?: Deed, long?: boolean) => void) => useContext(Tell);

/** Milliseconds that a note stays. One with something to do stays long enough to read it and decide. */
const STAYS = 4_000;
const STAYS_LONG = 12_000;

interface Note {
  text: string;
  deed: Deed | undefined;
  long: boolean;
  turn: number;
}

export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ text: "", turn: 0 });
  const [note, setNote] = useState<Note | null>(null);
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
  const tell = useCallback(
    (text: string, deed?: Deed, long = deed !== undefined) => {
      say(text);
      setNote((old) => ({ text, deed, long, turn: (old?.turn ?? 0) + 1 }));
    },
    [say],
  );
  const clear = useCallback(() => {
    setNote(null);
  }, []);
  return (
    <Announce value={say}>
      <Tell value={tell}>
        {children}
        {note && <Shown key={note.turn} note={note} onGone={clear} />}
        {/* A text that is said twice must be new both times. */}
        <div className={cx("sr", s.live)} role="status" aria-live="polite">
          <span key={said.turn}>{said.text}</span>
        </div>
      </Tell>
    </Announce>
  );
}

/** The newest note; it waits while the pointer or the keyboard is on it. */
function Shown({ note: { text, deed, long }, onGone }: { note: Note; onGone: () => void }) {
  const { t } = useTexts();
  const narrow = useMeasuredNarrow();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(onGone, long ? STAYS_LONG : STAYS);
    return () => {
      clearTimeout(timer);
    };
  }, [held, long, onGone]);
  const hold = (on: boolean) => () => {
    setHeld(on);
  };
  return (
    <aside
      className={cx(s.told, narrow && s.narrow)}
      aria-label={t("a11y.told")}
      data-testid={testIds.told}
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      <p className="breaks">{text}</p>
      {deed && (
        <button
          type="button"
          className="ds-button sm"
          data-variant="secondary"
          data-testid={testIds.toldDeed}
          onClick={() => {
            onGone();
            deed.run();
          }}
        >
          {deed.label}
        </button>
      )}
      <button
        type="button"
        className="ds-button ic sm"
        data-variant="tertiary"
        aria-label={t("action.close")}
        onClick={onGone}
      >
        <Icon of={XMarkIcon} small />
      </button>
    </aside>
  );
}
