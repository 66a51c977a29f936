/** Companies are handed over to a colleague, one or many: all that were chosen, or none where the office register refuses one. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { DeadlineRow, DeadlinesView } from "../../bindings";
import { useCommand } from "../../commands";
import { nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { deadlinesKey, useBackend, useMay } from "../../office";
import { useTell } from "../../parts/announce";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { SaysNo } from "../../parts/SaysNo";
import fieldsCss from "../../parts/fields.module.css";
import s from "./deadlines.module.css";

interface Props {
  /** One a company. */
  rows: DeadlineRow[];
  view: DeadlinesView;
  onClose: () => void;
}

/** In the list of people: nobody, which is no role. */
const NOBODY = " ";

export function HandOverDialog({ rows, view, onClose }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const may = useMay();
  const tell = useTell();
  const id = useId();
  const mine = rows.filter(({ orgNumber }) => may("prepare", orgNumber));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [to, setTo] = useState("");
  const [no, setNo] = useState<string | null>(null);
  const chosen = mine.filter(({ orgNumber }) => !left.has(orgNumber)).map(({ orgNumber }) => orgNumber);
  const name = view.staff.find(({ role }) => role === to)?.name;
  const give = useCommand(() => backend.handOver(chosen, to === NOBODY ? null : to), {
    done: (why) => {
      setNo(why);
      void client.invalidateQueries({ queryKey: deadlinesKey });
      if (why !== null) return;
      tell(
        name === undefined
          ? t("handOver.doneNobody", { count: chosen.length })
          : t("handOver.done", { count: chosen.length, name }),
      );
      onClose();
    },
  });
  const incomplete = to === "" || chosen.length === 0;
  const toggle = (number: string, on: boolean) => {
    setLeft((before) => new Set(on ? [...before].filter((it) => it !== number) : [...before, number]));
  };
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.handOverDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("handOver.title")}
      </h1>
      <p className="sm quiet">{t("handOver.text")}</p>
      <div className={fieldsCss.fields}>
        <label>
          <span className="b sm">{t("handOver.to")}</span>
          <select
            className="ds-input"
            value={to}
            data-testid={testIds.handOverTo}
            onChange={(event) => {
              setTo(event.target.value);
            }}
          >
            <option value="">{t("handOver.choose")}</option>
            {view.staff.map((colleague) => (
              <option key={colleague.role} value={colleague.role}>
                {colleague.name}
              </option>
            ))}
            <option value={NOBODY}>{t("handOver.nobody")}</option>
          </select>
        </label>
        <fieldset className={s.handOver}>
          <legend className="b sm">{t("handOver.which", { count: chosen.length, of: mine.length })}</legend>
          {mine.length > 1 && (
            <label className="row sm">
              <input
                type="checkbox"
                checked={left.size === 0}
                data-testid={testIds.handOverAll}
                onChange={(event) => {
                  setLeft(new Set(event.target.checked ? [] : mine.map(({ orgNumber }) => orgNumber)));
                }}
              />
              {t("handOver.all")}
            </label>
          )}
          <ul className={s.handOverList}>
            {mine.map((row) => (
              <li key={row.orgNumber}>
                <label className="row sm">
                  <input
                    type="checkbox"
                    checked={!left.has(row.orgNumber)}
                    data-testid={testIds.handOverOne}
                    data-org={row.orgNumber}
                    onChange={(event) => {
                      toggle(row.orgNumber, event.target.checked);
                    }}
                  />
                  <span className="grow">{nameOf(row)}</span>
                  <span className="quiet">{row.responsible?.name ?? t("whose.nobodyShort")}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      </div>
      <SaysNo why={no} />
      <div className="acts">
        <Button
          testId={testIds.handOverConfirm}
          needs="prepare"
          busy={give.running}
          shutBecause={incomplete ? `${id}-incomplete` : undefined}
          onClick={give.run}
        >
          {t("handOver.confirm", { count: chosen.length })}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("duty.cancel")}
        </Button>
      </div>
      {incomplete && (
        <p id={`${id}-incomplete`} className="xs quiet mt3">
          {t("handOver.incomplete")}
        </p>
      )}
    </Dialog>
  );
}
