/** Innstillinger: what is told of, when there is quiet, the calendar file, and going on without a window. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { ReminderSettings } from "../../bindings";
import { useCommand } from "../../commands";
import { localeOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { autostartKey, reminderSettingsKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { Section, Setting, SwitchRow } from "./parts";
import { useAutostart, useReminderAnswer } from "./useSettings";
import { cx } from "../../parts/cx";
import fieldsCss from "../../parts/fields.module.css";

/** The settings, and how to change some of them. */
function useReminderSettings(): [ReminderSettings | undefined, (change: Partial<ReminderSettings>) => void] {
  const backend = useBackend();
  const client = useQueryClient();
  const { data } = useReminderAnswer();
  const save = useCommand((settings: ReminderSettings) => backend.setReminderSettings(settings), {
    done: (kept) => client.setQueryData(reminderSettingsKey, kept),
    refused: () => {
      void client.invalidateQueries({ queryKey: reminderSettingsKey });
      return false;
    },
  });
  const change = (what: Partial<ReminderSettings>) => {
    const now = client.getQueryData<ReminderSettings>(reminderSettingsKey);
    if (!now) return;
    const next = { ...now, ...what };
    // A switch moves at once; what was kept comes back with the answer.
    client.setQueryData(reminderSettingsKey, next);
    save.run(next);
  };
  return [data, change];
}

export function RemindersSection() {
  const { t } = useTexts();
  const backend = useBackend();
  const show = useCommand(() => backend.showCalendar());
  const [settings, change] = useReminderSettings();
  if (!settings) return null;
  const hour = (of: number) => `${String(of).padStart(2, "0")}.00`;
  return (
    <Section title={t("settings.reminders")}>
      <SwitchRow
        title={t("remind.deadline")}
        note={<DaysWords days={settings.deadlineDays} />}
        on={settings.deadline}
        testId={testIds.reminder}
        value="deadline"
        onChange={(deadline) => {
          change({ deadline });
        }}
      />
      {settings.deadline && (
        <Days
          of={t("remind.deadline")}
          days={settings.deadlineDays}
          value="deadline"
          onChange={(deadlineDays) => {
            change({ deadlineDays });
          }}
        />
      )}
      <SwitchRow
        title={t("remind.authorization")}
        note={<DaysWords days={settings.authorizationDays} />}
        on={settings.authorization}
        testId={testIds.reminder}
        value="authorization"
        onChange={(authorization) => {
          change({ authorization });
        }}
      />
      {settings.authorization && (
        <Days
          of={t("remind.authorization")}
          days={settings.authorizationDays}
          value="authorization"
          onChange={(authorizationDays) => {
            change({ authorizationDays });
          }}
        />
      )}
      <SwitchRow
        title={t("remind.payment")}
        note={t("remind.paymentWhen")}
        on={settings.payment}
        testId={testIds.reminder}
        value="payment"
        onChange={(payment) => {
          change({ payment });
        }}
      />
      <SwitchRow
        title={t("remind.receipt")}
        on={settings.receipt}
        testId={testIds.reminder}
        value="receipt"
        onChange={(receipt) => {
          change({ receipt });
        }}
      />
      <SwitchRow
        title={t("remind.waiting")}
        note={t("remind.waitingWhat")}
        on={settings.waiting}
        testId={testIds.reminder}
        value="waiting"
        onChange={(waiting) => {
          change({ waiting });
        }}
      />
      <SwitchRow
        title={t("remind.quiet")}
        note={t("remind.quietWhen", { from: hour(settings.quietFrom), to: hour(settings.quietTo) })}
        on={settings.quiet}
        testId={testIds.reminder}
        value="quiet"
        onChange={(quiet) => {
          change({ quiet });
        }}
      />
      {settings.quiet && (
        <>
          <div className={cx(fieldsCss.setrow, fieldsCss.hours)}>
            <Hour
              label={t("remind.quietFrom")}
              hour={settings.quietFrom}
              onChange={(quietFrom) => {
                change({ quietFrom });
              }}
            />
            <Hour
              label={t("remind.quietTo")}
              hour={settings.quietTo}
              onChange={(quietTo) => {
                change({ quietTo });
              }}
            />
          </div>
          <SwitchRow
            title={t("remind.weekends")}
            on={settings.quietWeekends}
            testId={testIds.reminder}
            value="weekends"
            onChange={(quietWeekends) => {
              change({ quietWeekends });
            }}
          />
        </>
      )}
      <Setting title={t("remind.calendar")} note={t("remind.calendarText")}>
        <Button
          small
          variant="secondary"
          testId={testIds.showCalendar}
          busy={show.running}
          onClick={() => {
            show.run();
          }}
        >
          {t("remind.showFile")}
        </Button>
      </Setting>
    </Section>
  );
}

export function StartupSection() {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const [settings, change] = useReminderSettings();
  const { data: autostart } = useAutostart();
  const start = useCommand((on: boolean) => backend.startWithSystem(on), {
    done: () => void client.invalidateQueries({ queryKey: autostartKey }),
  });
  return (
    <Section title={t("settings.startup")}>
      {autostart !== undefined && (
        <SwitchRow
          title={t("settings.autostart")}
          note={t("settings.autostartText")}
          on={autostart}
          testId={testIds.startup}
          value="autostart"
          onChange={(on) => {
            start.run(on);
          }}
        />
      )}
      {settings && (
        <SwitchRow
          title={t("settings.keep")}
          note={t("settings.keepText")}
          on={settings.keepRunning}
          testId={testIds.startup}
          value="keep"
          onChange={(keepRunning) => {
            change({ keepRunning });
          }}
        />
      )}
    </Section>
  );
}

/** "10, 3 og 1 dager før, og samme dag". */
function DaysWords({ days }: { days: number[] }) {
  const { t, language } = useTexts();
  const before = days.filter((day) => day > 0).map(String);
  const list = new Intl.ListFormat(localeOf(language), { type: "conjunction" }).format(before);
  const same = days.includes(0);
  if (before.length === 0) return <>{t("remind.onDay")}</>;
  return <>{t(same ? "remind.daysAndDay" : "remind.daysBefore", { days: list })}</>;
}

interface DaysProps {
  of: string;
  days: number[];
  value: string;
  onChange: (days: number[]) => void;
}

function Days({ of, days, value, onChange }: DaysProps) {
  const { t } = useTexts();
  const hint = useId();
  const [text, setText] = useState<string | null>(null);
  return (
    <div className={fieldsCss.setrow}>
      <span>
        <span className="sm block">{t("remind.days")}</span>
        <span id={hint} className="xs quiet block">
          {t("remind.daysHint")}
        </span>
      </span>
      <input
        className={cx("ds-input", fieldsCss.days)}
        aria-label={`${of}: ${t("remind.days")}`}
        aria-describedby={hint}
        inputMode="numeric"
        value={text ?? days.join(", ")}
        data-testid={testIds.reminderDays}
        data-value={value}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={() => {
          if (text === null) return;
          setText(null);
          const wanted = (text.match(/\d+/g) ?? []).map(Number).filter((day) => day <= 366);
          // Nothing written means nothing changed: the switch above is for turning it off.
          if (wanted.length > 0) onChange([...new Set(wanted)].sort((a, b) => b - a));
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") setText(null);
        }}
      />
    </div>
  );
}

function Hour({ label, hour, onChange }: { label: string; hour: number; onChange: (hour: number) => void }) {
  return (
    <label>
      <span className="xs quiet block">{label}</span>
      <select
        className="ds-input"
        value={hour}
        onChange={(event) => {
          onChange(Number(event.target.value));
        }}
      >
        {Array.from({ length: 24 }, (_, of) => (
          <option key={of} value={of}>
            {`${String(of).padStart(2, "0")}.00`}
          </option>
        ))}
      </select>
    </label>
  );
}
