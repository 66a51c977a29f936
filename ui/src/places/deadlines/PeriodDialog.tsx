/** A period that is late, or that was put aside: what there is to do, and why nothing will be filed for it here. */
import { FolderFileIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { DeadlineCell, DeadlineRow } from "../../bindings";
import { useCommand } from "../../commands";
import { daysBetween, midSentence, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { deadlinesKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { State } from "../../parts/State";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import fieldsCss from "../../parts/fields.module.css";

interface Props {
  row: DeadlineRow;
  cell: DeadlineCell;
  today: string;
  onClose: () => void;
}

export function PeriodDialog({ row, cell, today, onClose }: Props) {
  const { t, fullDay, language } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const [reason, setReason] = useState(cell.aside ?? "");
  const [id, why] = [useId(), useId()];
  const done = () => {
    void client.invalidateQueries({ queryKey: deadlinesKey });
    onClose();
  };
  const put = useCommand((text: string | null) => backend.putAside(cell.key, text), { done });
  const open = useCommand(() => backend.chooseFiles(), { done: onClose });
  const { deadline, because, aside } = cell;
  const empty = reason.trim() === "";
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.periodDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {nameOf(row)}, {midSentence(cell.period, language)}
      </h1>
      {deadline !== null && (
        <p>
          {aside === null ? (
            <State tone="bad">
              {`${t("return.deadlinePassed", { date: fullDay(deadline) })}. ${t("deadlines.lateDays", { count: daysBetween(deadline, today) })}.`}
            </State>
          ) : (
            t("return.deadlinePassed", { date: fullDay(deadline) })
          )}
        </p>
      )}
      {(because === "rejected" || because === "unclear") && (
        <p>
          {t(`state.${because}`)}.{" "}
          {cell.filing !== null && (
            <a className="ds-link" href={address("history", cell.filing)} onClick={onClose}>
              {t("remedy.showHistory")}
            </a>
          )}
        </p>
      )}
      <div className={fieldsCss.fields}>
        <label>
          <span className="b sm">{t("aside.reason")}</span>
          <input
            className="ds-input"
            value={reason}
            maxLength={500}
            data-testid={testIds.asideReason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
          <span className="xs quiet">{t("aside.text")}</span>
        </label>
      </div>
      <div className="acts">
        {aside === null ? (
          <>
            <Button
              icon={FolderFileIcon}
              needs="see"
              busy={open.running}
              onClick={() => {
                go("filing");
                open.run();
              }}
            >
              {t("aside.openReturn")}
            </Button>
            <Button
              variant="secondary"
              testId={testIds.asidePut}
              needs="prepare"
              of={row.orgNumber}
              busy={put.running}
              shutBecause={empty ? why : undefined}
              onClick={() => {
                put.run(reason);
              }}
            >
              {t("aside.put")}
            </Button>
          </>
        ) : (
          <Button
            testId={testIds.asideTake}
            needs="prepare"
            of={row.orgNumber}
            busy={put.running}
            onClick={() => {
              put.run(null);
            }}
          >
            {t("aside.take")}
          </Button>
        )}
        <Button variant="tertiary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
      {aside === null && empty && (
        <p id={why} className="xs quiet mt2">
          {t("aside.why")}
        </p>
      )}
    </Dialog>
  );
}
