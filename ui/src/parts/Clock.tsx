/** A clock: a ring that empties, a label and what is left. Only the clock itself is drawn again, and only when it must. */
import { useCallback, useEffect, useRef } from "react";
import { useAnnounce } from "./announce";
import type { ClockView } from "../bindings";
import { left, shareOf, untilChange, urgency, type Left, type Limits, type Urgency } from "../countdown";
import type { TFunction } from "i18next";
import { useTexts } from "../i18n/useTexts";
import { Ring } from "./Ring";
import { address } from "../router";
import { useTime } from "../time";
import type { TestId } from "../testids";
import { cx } from "./cx";
import s from "./Clock.module.css";

const tones: Readonly<Record<Urgency, string>> = { calm: "", soon: "soon", bad: "bad", expired: "bad" };

/** The short form on a clock. */
export function shortTime(time: Left, t: TFunction): string {
  switch (time.unit) {
    case "days":
      return t("clock.days", { count: time.days });
    case "hours":
      return t("clock.hours", { h: time.hours, m: time.minutes });
    case "minutes":
      return t("clock.minutes", { m: time.minutes });
    case "seconds":
      return `${String(Math.floor(time.seconds / 60))}:${String(time.seconds % 60).padStart(2, "0")}`;
    case "none":
      return t("clock.expired");
  }
}

export interface Counting {
  left: Left;
  urgency: Urgency;
  share: number;
}

/** What is left of a stretch of time; re-renders when the text, the colour or the ring changes. */
export function useCountdown({ from, until }: ClockView, limits: Limits): Counting {
  const start = Date.parse(from);
  const end = Date.parse(until);
  const read = useCallback(
    (now: number) =>
      JSON.stringify({
        left: left(end - now),
        urgency: urgency(end - now, limits),
        // The ring shows what the text says and does not move between two texts.
        share: shareOf(left(end - now), end - start),
      } satisfies Counting),
    [start, end, limits],
  );
  const next = useCallback((now: number) => untilChange(end - now, limits), [end, limits]);
  return JSON.parse(useTime(read, next)) as Counting;
}

interface Props {
  name: string;
  time: ClockView;
  limits: Limits;
  testId: TestId;
  /** Without the name, for narrow windows. */
  short?: boolean;
}

export function Clock({ name, time, limits, testId, short = false }: Props) {
  const { t } = useTexts();
  const counting = useCountdown(time, limits);
  const value = shortTime(counting.left, t);
  useWarning(name, counting.urgency, value);
  const spoken =
    counting.urgency === "expired" ? t("a11y.clockExpired", { name }) : t("clock.sr", { name, time: value });
  return (
    <a className={cx(s.clock, s[tones[counting.urgency]])} href={address("access")} data-testid={testId}>
      <Ring share={counting.share} />
      <span role="timer" aria-label={spoken} data-urgency={counting.urgency}>
        {!short && <span className={s.l}>{name}</span>}
        <span className={s.v2}>{value}</span>
      </span>
    </a>
  );
}

/** One polite announcement at amber, red and expired; none at the start, when nothing has turned. */
function useWarning(name: string, urgency: Urgency, value: string): void {
  const { t } = useTexts();
  const announce = useAnnounce();
  const before = useRef(urgency);
  useEffect(() => {
    if (before.current === urgency) return;
    before.current = urgency;
    if (urgency === "calm") return;
    announce(urgency === "expired" ? t("a11y.clockExpired", { name }) : t("a11y.clockSoon", { name, time: value }));
  }, [urgency, name, value, announce, t]);
}

export function UnusedClock({ name, testId }: { name: string; testId: TestId }) {
  const { t } = useTexts();
  return (
    <span className={cx(s.clock, s.idle)} data-testid={testId}>
      <Ring share={0} />
      <span>
        <span className={s.l}>{name}</span>
        <span className={s.v2}>{t("clock.unused")}</span>
      </span>
    </span>
  );
}
