/** The person at this desk goes on holiday: until when, and who stands in for her. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { ColleagueView, DeadlinesView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { deadlinesKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { SaysNo } from "../../parts/SaysNo";
import fieldsCss from "../../parts/fields.module.css";

/** How many days ahead can be chosen. */
const DAYS = 120;

interface Props {
  me: ColleagueView;
  view: DeadlinesView;
  onClose: () => void;
}

export function AwayDialog({ me, view, onClose }: Props) {
  const { t, dayFrom } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const id = useId();
  const [until, setUntil] = useState(me.awayUntil ?? "");
  const [standIn, setStandIn] = useState(me.standIn ?? "");
  const [no, setNo] = useState<string | null>(null);
  const done = (why: string | null) => {
    setNo(why);
    void client.invalidateQueries({ queryKey: deadlinesKey });
    if (why === null) onClose();
  };
  const save = useCommand(() => backend.setAway(until, standIn === "" ? null : standIn), { done });
  const back = useCommand(() => backend.setAway(null, null), { done });
  const days = daysFrom(view.today, until);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.awayDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("away.title")}
      </h1>
      <p className="sm quiet">{t("away.text")}</p>
      <div className={fieldsCss.fields}>
        <label>
          <span className="b sm">{t("away.until")}</span>
          <select
            className="ds-input"
            value={until}
            data-testid={testIds.awayUntil}
            onChange={(event) => {
              setUntil(event.target.value);
            }}
          >
            <option value="">{t("away.choose")}</option>
            {days.map((day) => (
              <option key={day} value={day}>
                {dayFrom(day, view.today)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="b sm">{t("away.standIn")}</span>
          <select
            className="ds-input"
            value={standIn}
            data-testid={testIds.awayStandIn}
            onChange={(event) => {
              setStandIn(event.target.value);
            }}
          >
            <option value="">{t("away.noStandIn")}</option>
            {view.staff
              .filter((colleague) => !colleague.me)
              .map(({ role, name }) => (
                <option key={role} value={role}>
                  {name}
                </option>
              ))}
          </select>
        </label>
      </div>
      <SaysNo why={no} />
      <div className="acts">
        <Button
          testId={testIds.awaySave}
          busy={save.running}
          shutBecause={until === "" ? `${id}-incomplete` : undefined}
          onClick={save.run}
        >
          {t("away.save")}
        </Button>
        {me.awayUntil !== null && (
          <Button variant="secondary" testId={testIds.awayBack} busy={back.running} onClick={back.run}>
            {t("away.back")}
          </Button>
        )}
        <Button variant="tertiary" onClick={onClose}>
          {t("duty.cancel")}
        </Button>
      </div>
      {until === "" && (
        <p id={`${id}-incomplete`} className="xs quiet mt3">
          {t("away.incomplete")}
        </p>
      )}
    </Dialog>
  );
}

/** The days from today on, and the one that is set whatever it is. */
function daysFrom(today: string, set: string): string[] {
  const first = new Date(`${today}T12:00:00Z`).getTime();
  const days = Array.from({ length: DAYS }, (_, day) => new Date(first + day * 86_400_000).toISOString().slice(0, 10));
  return set === "" || days.includes(set) ? days : [...days, set].sort();
}
