/** What the bell tells: things that need the user some time, drawn from what the window already knows. */
import { useMemo } from "react";
import type { NoticeView, StartView } from "../bindings";
import { authorizationLimits } from "../countdown";
import { nameOf } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { address } from "../router";
import { useMinute } from "../time";

export interface Notice {
  id: string;
  tone: "ok" | "soon" | "bad";
  title: string;
  text: string;
  /** The place it leads to. */
  href?: string;
  /** What it shows, where it leads to no place. */
  show?: () => void;
  /** How it is put away, where nobody but the window knows of it. */
  putAway?: () => void;
  /** What the office tells, with what can be done about it. */
  told?: NoticeView;
}

export function useNotices(start: StartView, told: NoticeView[]): Notice[] {
  const { t, dateYear, dayOf } = useTexts();
  const now = useMinute();
  return useMemo(() => {
    const notices: Notice[] = told.map((notice) => ({
      id: notice.key,
      tone: notice.late ? "bad" : notice.kind === "receipt" ? "ok" : "soon",
      title: notice.title,
      text: notice.text,
      href: address(notice.target.place, notice.target.id),
      told: notice,
    }));
    // The office tells the same in its own time; nothing is said twice.
    const has = (kind: NoticeView["kind"]) => told.some((notice) => notice.kind === kind);
    const { session } = start;
    if (session) {
      const rest = Date.parse(session.authorization.until) - now;
      const date = dateYear(dayOf(session.authorization.until));
      // An integration whose sign-in lasts a day or two is always near its end: nobody needs to be told every day.
      const lasts = Date.parse(session.authorization.until) - Date.parse(session.authorization.from);
      if (has("authorization")) {
        // Told above.
      } else if (rest <= 0) {
        notices.push({
          id: "authorization",
          tone: "bad",
          title: t("notice.authEnded"),
          text: t("notice.authEndedText", { date }),
          href: address("access"),
        });
      } else if (rest <= authorizationLimits.soon && lasts > 2 * authorizationLimits.soon) {
        notices.push({
          id: "authorization",
          tone: "soon",
          title: t("notice.authSoon", { date }),
          text: t("access.renewWhy"),
          href: address("access"),
        });
      }
      if (session.altinnProblem) {
        notices.push({
          id: "altinn",
          tone: "bad",
          title: t(`error.${session.altinnProblem.code}.title`),
          text: t("notice.noAltinnText"),
          href: address("access"),
        });
      }
    }
    if (start.clockOffMinutes !== null) {
      notices.push({
        id: "clock",
        tone: "bad",
        title: t("notice.clock"),
        text: t("notice.clockText", {
          time:
            start.clockOffMinutes < 60
              ? t("clock.minutes", { m: start.clockOffMinutes })
              : t("clock.hours", { h: Math.floor(start.clockOffMinutes / 60), m: start.clockOffMinutes % 60 }),
        }),
        href: address("access"),
      });
    }
    if (start.keyring !== "available") {
      notices.push({
        id: "keyring",
        tone: "soon",
        title: t(`keyring.${start.keyring}`),
        text: t(start.keyring === "locked" ? "keyring.lockedTodo" : "keyring.todo"),
        href: address("access"),
      });
    }
    for (const row of start.recent) {
      if (has("waiting") || (row.state !== "waiting" && row.state !== "waitingSignature")) continue;
      notices.push({
        id: row.id,
        tone: "soon",
        title: t(row.state === "waiting" ? "notice.waiting" : "notice.signature", {
          company: nameOf(row),
        }),
        text: row.period,
        href: address("history", row.id),
      });
    }
    return notices;
  }, [start, told, now, t, dateYear, dayOf]);
}
