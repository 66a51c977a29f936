/** Frister: the companies' periods of a year, what is filed and what remains. */
import { CalendarIcon, ChevronLeftIcon, ChevronRightIcon, PlusIcon } from "@navikt/aksel-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { DeadlineCell, DeadlineRow, DeadlinesView } from "../../bindings";
import { useTell } from "../../parts/announce";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { nameOf, norwegianDay } from "../../i18n/format";
import { useSearchKey } from "../../parts/searchKey";
import { useTexts } from "../../i18n/useTexts";
import { deadlinesKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { useNarrow } from "../../parts/layout";
import { address } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { DutyDialog } from "./DutyDialog";
import { Grid } from "./Grid";
import { PeriodDialog } from "./PeriodDialog";
import { pictures } from "./pictures";
import { passes, short, type Filter, type Tone } from "./periodTexts";
import { WhoseCompanies } from "./Whose";
import { belongs, type Whose } from "./whose";
import { cx } from "../../parts/cx";
import chipsCss from "../../parts/chips.module.css";
import nothingCss from "../../parts/nothing.module.css";
import s from "./deadlines.module.css";

/** With fewer companies one look is quicker than a search. */
const SEARCHED = 20;

const filters = ["all", "remaining", "late", "waiting"] as const;

export function DeadlinesPlace() {
  const { t } = useTexts();
  const backend = useBackend();
  const today = norwegianDay(useMinute());
  const [year, setYear] = useState<number | null>(null);
  const { data, error, refetch } = useQuery({
    // The day is part of the question: at midnight everything moves.
    queryKey: [...deadlinesKey, year, today],
    queryFn: () => backend.deadlines(year),
    placeholderData: keepPreviousData,
  });
  if (error !== null) {
    return (
      <div className="page">
        <div className="head">
          <h1 tabIndex={-1}>{t("place.deadlines")}</h1>
        </div>
        <div className="paper pad">
          <ErrorCard error={errorView(error)} remedies={{ retry: () => void refetch() }} />
        </div>
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div className="page">
        <div className="head">
          <h1 tabIndex={-1}>{t("place.deadlines")}</h1>
        </div>
      </div>
    );
  }
  return <Year view={data} onYear={setYear} />;
}

function Year({ view, onYear }: { view: DeadlinesView; onYear: (year: number) => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const reveal = useCommand(() => backend.showSaved());
  const [filter, setFilter] = useState<Filter>("all");
  const [text, setText] = useState("");
  const [editing, setEditing] = useState<DeadlineRow | "new" | null>(null);
  // Of few companies too somebody looks for one, with the keys.
  const [looking, setLooking] = useState(false);
  const few = view.rows.length > 0 && view.rows.length <= SEARCHED;
  useSearchKey(few, () => {
    setLooking(true);
  });
  const search = useDeferredValue(text.trim().toLowerCase());
  const save = useCommand(() => backend.saveCalendar(), {
    done: (saved) => {
      if (saved) tell(t("deadlines.icsSaved"), { label: t("action.showInFolder"), run: reveal.run });
    },
  });
  const next = view.next?.day ?? null;
  const [whose, setWhose] = useState<Whose>("all");
  const theirs = view.rows.filter((row) => belongs(row, whose));
  const rows = theirs.filter(
    (row) =>
      passes(row, filter, next) &&
      (search === "" || nameOf(row).toLowerCase().includes(search) || row.orgNumber.includes(search)),
  );
  const counted = (which: Filter) => theirs.filter((row) => passes(row, which, next)).length;
  // Who is responsible stands beside the filter where rows are dear.
  const oneLine = useNarrow() && view.staff.length > 0;
  const whoseCompanies = view.staff.length > 0 && (
    <WhoseCompanies view={view} shown={rows} whose={whose} onWhose={setWhose} />
  );
  const [asked, setAsked] = useState<{ row: DeadlineRow; cell: DeadlineCell } | null>(null);
  const question = asked !== null && (
    <PeriodDialog
      row={asked.row}
      cell={asked.cell}
      today={view.today}
      onClose={() => {
        setAsked(null);
      }}
    />
  );
  const dialog = editing !== null && (
    <DutyDialog
      row={editing === "new" ? null : editing}
      view={view}
      onClose={() => {
        setEditing(null);
      }}
    />
  );
  return (
    <section className="col" aria-labelledby="deadlines">
      <div className={cx("head", s.head)}>
        <div className="grow">
          <h1 id="deadlines" tabIndex={-1}>
            {t("deadlines.title", { year: view.year })}
          </h1>
          <p className="quiet" role="status" data-testid={testIds.deadlineSummary}>
            <Summary view={view} />
          </p>
        </div>
        <div className={cx("row", s.years)} role="group" aria-label={t("deadlines.year")}>
          <Button
            variant="tertiary"
            icon={ChevronLeftIcon}
            aria-label={String(view.year - 1)}
            testId={testIds.yearBefore}
            onClick={() => {
              onYear(view.year - 1);
            }}
          />
          <span className="b tab" aria-hidden>
            {view.year}
          </span>
          <Button
            variant="tertiary"
            icon={ChevronRightIcon}
            aria-label={String(view.year + 1)}
            testId={testIds.yearAfter}
            onClick={() => {
              onYear(view.year + 1);
            }}
          />
        </div>
        <Button
          variant="secondary"
          icon={CalendarIcon}
          testId={testIds.saveCalendar}
          needs="see"
          busy={save.running}
          shutBecause={view.rows.length === 0 ? "deadlines" : undefined}
          onClick={() => {
            save.run();
          }}
        >
          {t("deadlines.ics")}
        </Button>
      </div>
      {view.rows.length === 0 ? (
        <Nothing
          onAdd={() => {
            setEditing("new");
          }}
        />
      ) : (
        <>
          <div className={cx("row", chipsCss.chips, s.chips)}>
            {oneLine ? (
              <select
                className="ds-input"
                aria-label={t("batch.filter")}
                value={filter}
                data-testid={testIds.deadlineFilterPick}
                onChange={(event) => {
                  setFilter(event.target.value as Filter);
                }}
              >
                {filters.map((known) => (
                  <option key={known} value={known}>
                    {`${t(`deadlines.filter.${known}`)} (${String(counted(known))})`}
                  </option>
                ))}
              </select>
            ) : (
              filters.map((known) => (
                <label key={known} className="ds-chip" data-color="neutral">
                  <input
                    type="radio"
                    name="deadlines"
                    checked={filter === known}
                    data-testid={testIds.deadlineFilter}
                    data-value={known}
                    onChange={() => {
                      setFilter(known);
                    }}
                  />
                  {t(`deadlines.filter.${known}`)} <span className={chipsCss.cn}>{counted(known)}</span>
                </label>
              ))
            )}
            {(view.rows.length > SEARCHED || text !== "" || (few && looking)) && (
              <div className={cx("ds-search", s.byName)}>
                <input
                  className="ds-input"
                  type="search"
                  value={text}
                  placeholder={t("deadlines.search")}
                  aria-label={t("deadlines.search")}
                  data-testid={testIds.deadlineSearch}
                  // eslint-disable-next-line jsx-a11y/no-autofocus -- it came because Ctrl+F was pressed
                  autoFocus={looking}
                  onBlur={() => {
                    setLooking(false);
                  }}
                  onChange={(event) => {
                    setText(event.target.value);
                  }}
                />
              </div>
            )}
            {oneLine && whoseCompanies}
            <span className="grow" />
            <Legend />
          </div>
          {!oneLine && whoseCompanies}
          {rows.length === 0 ? (
            <div className={cx("paper pad", nothingCss.nothing)}>
              <p className="b">{t("deadlines.noHits")}</p>
              <div className="row mt3">
                <Button
                  small
                  variant="secondary"
                  onClick={() => {
                    setText("");
                    setFilter("all");
                    setWhose("all");
                  }}
                >
                  {t("history.reset")}
                </Button>
              </div>
            </div>
          ) : (
            <div className="paper tablebox">
              <Grid
                rows={rows}
                view={view}
                onEdit={setEditing}
                onOpen={(row, cell) => {
                  setAsked({ row, cell });
                }}
              />
              <Foot
                view={view}
                onAdd={() => {
                  setEditing("new");
                }}
              />
            </div>
          )}
        </>
      )}
      {dialog}
      {question}
    </section>
  );
}

/** The next deadline and what is late, in one sentence each. */
function Summary({ view }: { view: DeadlinesView }) {
  const { t, dayFrom, relativeDay } = useTexts();
  if (view.rows.length === 0) return <>{t("deadlines.noneShort")}</>;
  const { next } = view;
  const isLate = ({ state }: DeadlineCell) => state === "late";
  const late = view.rows.flatMap(({ cells }) => cells).filter(isLate).length;
  const companies = view.rows.filter(({ cells }) => cells.some(isLate)).length;
  // What the menu counts is of every year.
  const elsewhere = (next?.late ?? 0) - late;
  const parts: string[] = [];
  if (next !== null) {
    parts.push(
      t("deadlines.next", {
        count: next.remaining,
        day: dayFrom(next.day, view.today),
        when: relativeDay(next.day, view.today),
      }),
    );
  } else parts.push(t("deadlines.allFiled"));
  if (late > 0) {
    parts.push(
      late > companies
        ? `${t("deadlines.lateTerms", { count: late })} ${t("deadlines.lateAt", { count: companies })}`
        : t("deadlines.lateCount", { count: late }),
    );
  }
  if (elsewhere > 0) parts.push(t("deadlines.lateElsewhere", { count: elsewhere }));
  return <>{parts.join(" ")}</>;
}

function Legend() {
  const { t, language } = useTexts();
  const marks: [Tone, string][] = [
    ["ok", t("deadlines.filed")],
    ["tardy", t("deadlines.filedTooLate")],
    ["soon", t("deadlines.near")],
    ["late", t("deadlines.late")],
    ["wait", t("deadlines.waiting")],
    ["later", t("deadlines.later")],
    ["none", t("deadlines.notFollowed")],
  ];
  return (
    <ul className={s.legend} aria-label={t("deadlines.legend")}>
      {marks.map(([tone, text]) => {
        const picture = pictures[tone];
        return (
          <li key={tone}>
            <span className={cx(s.pc, s[tone])} aria-hidden>
              {picture ? <Icon of={picture} small /> : short("2026-08-31", language)}
            </span>
            {text}
          </li>
        );
      })}
    </ul>
  );
}

function Nothing({ onAdd }: { onAdd: () => void }) {
  const { t } = useTexts();
  return (
    <div className={cx("paper pad", nothingCss.nothing)} data-testid={testIds.deadlinesEmpty}>
      <p className="b">{t("deadlines.emptyTitle")}</p>
      <p className="quiet">{t("deadlines.emptyText")}</p>
      <div className="row mt3">
        <Button small variant="secondary" icon={PlusIcon} testId={testIds.addDuty} needs="prepare" onClick={onAdd}>
          {t("deadlines.add")}
        </Button>
        <a className="ds-link sm" href={address("filing")}>
          {t("empty.toFiling")}
        </a>
      </div>
    </div>
  );
}

function Foot({ view, onAdd }: { view: DeadlinesView; onAdd: () => void }) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  return (
    <div className={s.foot}>
      <span className="grow quiet">{t("deadlines.learnt")}</span>
      {view.calendarAt !== null && (
        <span className="quiet" title={view.calendarFile}>
          {t("deadlines.icsUpdated", { when: dayAndTime(view.calendarAt, now) })}
        </span>
      )}
      <Button small variant="tertiary" icon={PlusIcon} testId={testIds.addDuty} needs="prepare" onClick={onAdd}>
        {t("deadlines.add")}
      </Button>
    </div>
  );
}
