/** Historikk: every filing, searchable, with its details at the right. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import type { FilingState, HistorySort, PeriodChoice } from "../../bindings";
import { errorView } from "../../backend/backend";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { historyKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { address, go, useRoute } from "../../router";
import { testIds } from "../../testids";
import { Detail } from "./Detail";
import { ExportButton } from "./Export";
import { HistoryTable } from "./HistoryTable";
import { UnfinishedButton } from "./Unfinished";
import { useHistory, type Asked, type History } from "./useHistory";
import { cx } from "../../parts/cx";
import fieldsCss from "../../parts/fields.module.css";
import nothingCss from "../../parts/nothing.module.css";
import s from "./history.module.css";

/** In the order of the list; a state that is missing does not compile. */
const states = Object.keys({
  received: true,
  queued: true,
  running: true,
  waiting: true,
  waitingSignature: true,
  waitingAnswer: true,
  rejected: true,
  unclear: true,
  refused: true,
  abandoned: true,
} satisfies Record<FilingState, true>) as FilingState[];

export function HistoryPlace() {
  const { t } = useTexts();
  const { id } = useRoute();
  const [text, setText] = useState("");
  const [state, setState] = useState<FilingState | "">("");
  // Typing stays smooth: the list follows when it can.
  const search = useDeferredValue(text.trim());
  const [period, setPeriod] = useState("");
  const periods = usePeriods();
  const [order, setOrder] = useState<{ sort: HistorySort; ascending: boolean }>({ sort: "sent", ascending: false });
  const query: Asked = {
    text: search,
    state: state === "" ? null : state,
    period: period === "" ? null : period,
    ...order,
  };
  const history = useHistory(query);
  const searching = search !== "" || state !== "" || period !== "";
  useClosing(id, JSON.stringify(query), history);
  return (
    <div className={cx("split", s.wideR, id === null && s.alone)}>
      <section className="col" aria-labelledby="history">
        <div className="head">
          <h1 id="history" tabIndex={-1} className="grow">
            {t("place.history")}
          </h1>
          <p
            className="quiet sm"
            role="status"
            data-testid={testIds.historyCount}
            data-answers={history.answers ? search : undefined}
          >
            {history.total !== null && t("history.count", { count: history.total, n: amount(String(history.total)) })}
          </p>
          {(history.total ?? 0) > 0 && (
            <ExportButton query={{ ...query, offset: 0, limit: 0 }} count={history.total ?? 0} />
          )}
          <UnfinishedButton />
        </div>
        <div className="row filters">
          <div className="ds-search grow">
            <input
              className="ds-input"
              type="search"
              value={text}
              placeholder={t("history.search")}
              aria-label={t("history.searchSr")}
              data-testid={testIds.historySearch}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
          </div>
          <select
            className={cx("ds-input", fieldsCss.pick)}
            aria-label={t("history.period")}
            value={period}
            data-testid={testIds.historyPeriod}
            onChange={(event) => {
              setPeriod(event.target.value);
            }}
          >
            <option value="">{t("history.allPeriods")}</option>
            {byYear(periods).map(([year, choices]) => (
              <optgroup key={year} label={String(year)}>
                {choices.map(({ key, words }) => (
                  <option key={key} value={key}>
                    {words ?? t("history.wholeYear", { year })}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          <select
            className={cx("ds-input", fieldsCss.pick)}
            aria-label={t("col.state")}
            value={state}
            data-testid={testIds.historyState}
            onChange={(event) => {
              setState(event.target.value as FilingState | "");
            }}
          >
            <option value="">{t("history.allStates")}</option>
            {states.map((known) => (
              <option key={known} value={known}>
                {t(`state.${known}`)}
              </option>
            ))}
          </select>
        </div>
        {history.error !== null ? (
          <div className="paper pad">
            <ErrorCard error={errorView(history.error)} remedies={{ retry: history.again }} />
          </div>
        ) : history.total === 0 ? (
          <Nothing
            searching={searching}
            onReset={() => {
              setText("");
              setState("");
              setPeriod("");
            }}
          />
        ) : (
          <HistoryTable
            history={history}
            selected={id}
            asked={query}
            onSort={(sort, ascending) => {
              setOrder({ sort, ascending });
            }}
          />
        )}
      </section>
      {id !== null && (
        <Detail
          id={id}
          onCompany={(orgNumber) => {
            setText(orgNumber);
            setState("");
            setPeriod("");
          }}
        />
      )}
    </div>
  );
}

function Nothing({ searching, onReset }: { searching: boolean; onReset: () => void }) {
  const { t } = useTexts();
  return (
    <div className={cx("paper pad", nothingCss.nothing)}>
      {searching ? (
        <>
          <p className="b">{t("history.noHits")}</p>
          <p className="quiet">{t("history.noHitsText")}</p>
          <div className="row mt3">
            <Button small variant="secondary" onClick={onReset}>
              {t("history.reset")}
            </Button>
          </div>
        </>
      ) : (
        <>
          <p className="b">{t("empty.title")}</p>
          <p className="quiet">{t("empty.text")}</p>
          <p className="mt3">
            <a className="ds-link" href={address("filing")}>
              {t("empty.toFiling")}
            </a>
          </p>
        </>
      )}
    </div>
  );
}

/**
 * Closes the details when a new search does not find their row: beside other rows they would seem to belong to one of them.
 * A row that was opened from elsewhere, or that changes while it is read, stays open.
 */
function useClosing(id: string | null, asked: string, history: History): void {
  const answered = useRef(asked);
  useEffect(() => {
    if (!history.answers || answered.current === asked) return;
    answered.current = asked;
    if (id !== null && !history.mayHold(id)) go("history");
  }, [id, asked, history]);
}

/** The years and periods to choose from; without them the list is there all the same. */
function usePeriods(): PeriodChoice[] {
  const backend = useBackend();
  const { data } = useQuery({ queryKey: [...historyKey, "periods"], queryFn: () => backend.historyPeriods() });
  return data ?? [];
}

function byYear(choices: PeriodChoice[]): [number, PeriodChoice[]][] {
  const years = new Map<number, PeriodChoice[]>();
  for (const choice of choices) years.set(choice.year, [...(years.get(choice.year) ?? []), choice]);
  return [...years];
}
