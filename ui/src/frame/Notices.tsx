/** The bell and its list. */
import { BellDotIcon, BellIcon, CheckmarkCircleFillIcon, ClockIcon, XMarkOctagonFillIcon } from "@navikt/aksel-icons";
import { useEffect, useId, useRef, useState } from "react";
import type { NoticeView, Snooze } from "../bindings";
import { useCommand } from "../commands";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useReminders } from "../office";
import { useMinute } from "../time";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { State } from "../parts/State";
import { address } from "../router";
import { testIds } from "../testids";
import type { Notice } from "./notices";
import { cx } from "../parts/cx";
import linkCss from "../parts/link.module.css";
import stateCss from "../parts/State.module.css";
import s from "./Notices.module.css";

export function NoticeBell({ notices }: { notices: Notice[] }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const late = useReminders().next?.late ?? 0;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const bell = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      bell.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  return (
    <div className={s.bell} ref={box}>
      <Button
        ref={bell}
        variant="tertiary"
        icon={notices.length > 0 ? BellDotIcon : BellIcon}
        aria-label={t("nav.notices", { count: notices.length })}
        aria-expanded={open}
        aria-controls={id}
        testId={testIds.notices}
        onClick={() => {
          setOpen(!open);
        }}
      />
      <div id={id} className={s.panel} hidden={!open} data-testid={testIds.noticeList}>
        <h2>{t("notice.title")}</h2>
        <Paused />
        <Overdue
          onGo={() => {
            setOpen(false);
          }}
        />
        {notices.length === 0 ? (
          <p className="quiet sm">{t(late > 0 ? "notice.noneNew" : "notice.none")}</p>
        ) : (
          <ul>
            {notices.map(({ id: key, tone, title, text, href, told, show, putAway }) => (
              <li key={key} data-testid={testIds.notice} data-id={key}>
                <span className={cx(stateCss.state, stateCss[tone])}>
                  <Icon
                    of={tone === "bad" ? XMarkOctagonFillIcon : tone === "ok" ? CheckmarkCircleFillIcon : ClockIcon}
                  />
                </span>
                <div>
                  {href === undefined ? (
                    <button
                      type="button"
                      className={cx("ds-link", linkCss.aslink)}
                      data-testid={testIds.noticeOpen}
                      onClick={() => {
                        setOpen(false);
                        show?.();
                      }}
                    >
                      {title}
                    </button>
                  ) : (
                    <a
                      className="ds-link"
                      href={href}
                      data-testid={testIds.noticeOpen}
                      onClick={() => {
                        setOpen(false);
                      }}
                    >
                      {title}
                    </a>
                  )}
                  <p className="xs quiet">{text}</p>
                  {told && <Actions notice={told} />}
                  {putAway && (
                    <div className={s.noticeActs}>
                      <button type="button" data-testid={testIds.noticeDismiss} onClick={putAway}>
                        {t("notice.dismiss")}
                      </button>
                    </div>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

/** Deadlines that have passed: they hold in quiet hours too, and long after anybody is reminded of them. */
function Overdue({ onGo }: { onGo: () => void }) {
  const { t } = useTexts();
  const late = useReminders().next?.late ?? 0;
  if (late === 0) return null;
  return (
    <p className={cx("sm", s.overdue)} data-testid={testIds.noticeOverdue}>
      <State tone="bad">
        <a className="ds-link" href={address("deadlines")} onClick={onGo}>
          {t("deadlines.lateCount", { count: late })}
        </a>
      </State>
    </p>
  );
}

/** That reminders are on pause, and until when. */
function Paused() {
  const { t, dayAndTime } = useTexts();
  const { pausedUntil } = useReminders();
  const now = useMinute();
  if (pausedUntil === null) return null;
  return <p className="xs quiet">{t("notice.paused", { when: dayAndTime(pausedUntil, now) })}</p>;
}

const snoozes: readonly Snooze[] = ["hour", "tomorrow", "threeDays"];

/** What can be done about a notice without going anywhere. */
function Actions({ notice }: { notice: NoticeView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const snooze = useCommand((how: Snooze) => backend.snoozeNotice(notice.key, how));
  const mute = useCommand((company: string) => backend.muteCompany(company, true));
  const dismiss = useCommand(() => backend.dismissNotice(notice.key));
  const { orgNumber } = notice;
  return (
    <div className={s.noticeActs} role="group" aria-label={notice.title}>
      <span className="quiet" aria-hidden>
        {t("notice.snooze")}
      </span>
      {snoozes.map((how) => (
        <button
          key={how}
          type="button"
          data-testid={testIds.noticeSnooze}
          data-value={how}
          aria-label={`${t("notice.snooze")} ${t(`notice.snooze.${how}`)}`}
          onClick={() => {
            snooze.run(how);
          }}
        >
          {t(`notice.snooze.${how}`)}
        </button>
      ))}
      <span className={s.break} aria-hidden />
      {orgNumber !== null && (
        <button
          type="button"
          data-testid={testIds.noticeMute}
          onClick={() => {
            mute.run(orgNumber);
          }}
        >
          {t("notice.notThisCompany")}
        </button>
      )}
      <button
        type="button"
        data-testid={testIds.noticeDismiss}
        onClick={() => {
          dismiss.run();
        }}
      >
        {t("notice.dismiss")}
      </button>
    </div>
  );
}
