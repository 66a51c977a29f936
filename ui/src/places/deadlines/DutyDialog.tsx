/** What a company files: learnt from its returns, said here where that is wrong or missing. */
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { CategoryName, DeadlineRow, DeadlinesView, DutyChoice, PeriodKindName } from "../../bindings";
import { useCommand } from "../../commands";
import { nameOf, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { deadlinesKey, remindersKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { CompanyBox } from "../../parts/CompanyBox";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { monthNames } from "./periodTexts";
import fieldsCss from "../../parts/fields.module.css";

const kinds: readonly PeriodKindName[] = [
  "month",
  "twoMonths",
  "threeMonths",
  "sixMonths",
  "year",
  "halfMonth",
  "week",
];
const categories: readonly CategoryName[] = [
  "ordinary",
  "primaryIndustry",
  "compensation",
  "reverseCharge",
  "eCommerce",
];

interface Props {
  /** The duty that is changed; none when one is added. */
  row: DeadlineRow | null;
  view: DeadlinesView;
  onClose: () => void;
}

export function DutyDialog({ row, view, onClose }: Props) {
  const { t, language } = useTexts();
  const backend = useBackend();
  const id = useId();
  const year = Number(view.today.slice(0, 4));
  const [company, setCompany] = useState(row?.orgNumber ?? "");
  const [kind, setKind] = useState<PeriodKindName>(row?.kind ?? "twoMonths");
  const [category, setCategory] = useState<CategoryName>(row?.category ?? "ordinary");
  const [chosenFrom, setFrom] = useState(row?.from ?? null);
  // A company that is new here begins with nothing late: from the first period whose deadline has not passed.
  const begins = view.starts.find((start) => start.category === category && start.kind === kind)?.from;
  const from = chosenFrom ?? begins ?? `${String(year)}-01-01`;
  const [muted, setMuted] = useState(row?.muted ?? false);
  const client = useQueryClient();
  const done = () => {
    // The year behind the dialog shows what was said, at once.
    void client.invalidateQueries({ queryKey: deadlinesKey });
    void client.invalidateQueries({ queryKey: remindersKey });
    onClose();
  };
  const digits = company.replace(/\D/g, "");
  const complete = digits.length === 9;
  const save = useCommand(
    async () => {
      const choice: DutyChoice = { orgNumber: digits, category, kind, from };
      const unchanged = row !== null && row.kind === kind && row.category === category && row.from === from;
      if (!unchanged) {
        await backend.chooseDuty(choice);
        // Another category is another duty: the learnt one was wrong.
        if (row !== null && row.category !== category) await backend.unfollowDuty(row.orgNumber, row.category);
      }
      if (muted !== (row?.muted ?? false)) await backend.muteCompany(digits, muted);
    },
    { done },
  );
  const unfollow = useCommand((known: DeadlineRow) => backend.unfollowDuty(known.orgNumber, known.category), {
    done,
  });
  const starts = months(year, from);
  const names = monthNames(language);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.dutyDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {row === null ? t("deadlines.add") : nameOf(row)}
      </h1>
      <p className="sm quiet">
        {row === null
          ? t("duty.addText")
          : `${t("top.orgNo", { org: orgNumber(row.orgNumber) })}. ${row.chosen ? t("duty.chosen") : t("duty.learnt")}`}
      </p>
      <div className={fieldsCss.fields}>
        {row === null && <CompanyBox companies={view.others} value={company} onChange={setCompany} />}
        <label>
          <span className="b sm">{t("duty.kind")}</span>
          <select
            className="ds-input"
            value={kind}
            data-testid={testIds.dutyKind}
            onChange={(event) => {
              setKind(event.target.value as PeriodKindName);
            }}
          >
            {kinds.map((known) => (
              <option key={known} value={known}>
                {t(`duty.kind.${known}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="b sm">{t("duty.category")}</span>
          <select
            className="ds-input"
            value={category}
            data-testid={testIds.dutyCategory}
            onChange={(event) => {
              setCategory(event.target.value as CategoryName);
            }}
          >
            {categories.map((known) => (
              <option key={known} value={known}>
                {t(`duty.category.${known}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="b sm">{t("duty.from")}</span>
          <select
            className="ds-input"
            value={from}
            data-testid={testIds.dutyFrom}
            onChange={(event) => {
              setFrom(event.target.value);
            }}
          >
            {starts.map((day) => (
              <option key={day} value={day}>
                {`${names[Number(day.slice(5, 7)) - 1]?.long ?? ""} ${day.slice(0, 4)}`}
              </option>
            ))}
          </select>
          <span className="xs quiet">{t("duty.fromText")}</span>
        </label>
        <label className={fieldsCss.setrow}>
          <span className="b sm">{t("duty.muted")}</span>
          <input
            type="checkbox"
            role="switch"
            className={fieldsCss.sw}
            checked={muted}
            data-testid={testIds.dutyMuted}
            onChange={(event) => {
              setMuted(event.target.checked);
            }}
          />
        </label>
      </div>
      <div className="acts">
        <Button
          testId={testIds.dutySave}
          needs="prepare"
          of={row?.orgNumber}
          busy={save.running}
          shutBecause={complete ? undefined : `${id}-incomplete`}
          onClick={() => {
            save.run();
          }}
        >
          {t("duty.save")}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("duty.cancel")}
        </Button>
        {row !== null && (
          <Button
            variant="tertiary"
            color="neutral"
            testId={testIds.dutyUnfollow}
            needs="prepare"
            of={row.orgNumber}
            busy={unfollow.running}
            onClick={() => {
              unfollow.run(row);
            }}
          >
            {t("duty.unfollow")}
          </Button>
        )}
      </div>
      {!complete && (
        <p id={`${id}-incomplete`} className="xs quiet mt3">
          {t("duty.nineDigits")}
        </p>
      )}
    </Dialog>
  );
}

/** The first days of the months from two years ago, and the day that is set whatever it is. */
function months(year: number, set: string): string[] {
  const days = [year - 2, year - 1, year, year + 1].flatMap((of) =>
    Array.from({ length: 12 }, (_, month) => `${String(of)}-${String(month + 1).padStart(2, "0")}-01`),
  );
  return days.includes(set) ? days : [...days, set].sort();
}
