/** Historikk: every filing, searchable, with its details at the right. */
import { useQuery, useQueryClient, keepPreviousData } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import type { FilingRow, FilingState, HistoryPage, HistoryQuery, PeriodChoice } from "../../bindings";
import { errorView } from "../../backend/backend";
import { rem } from "../../parts/layout";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { historyKey, useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { kidToCopy } from "../../parts/Payment";
import { FilingStateWord } from "../../parts/State";
import { address, go, useRoute } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Detail } from "./Detail";
import { ExportButton } from "./Export";
import { UnfinishedButton } from "./Unfinished";

const states: readonly FilingState[] = [
  "received",
  "queued",
  "running",
  "waiting",
  "waitingSignature",
  "waitingAnswer",
  "rejected",
  "unclear",
  "refused",
  "abandoned",
];

/** Rows asked for at once. */
const STRETCH = 100;

export function HistoryPlace() {
  const { t } = useTexts();
  const { id } = useRoute();
  const [text, setText] = useState("");
  const [state, setState] = useState<FilingState | "">("");
  // Typing stays smooth: the list follows when it can.
  const search = useDeferredValue(text.trim());
  const [period, setPeriod] = useState("");
  const periods = usePeriods();
  const query = { text: search, state: state === "" ? null : state, period: period === "" ? null : period };
  const history = useHistory(query);
  const searching = search !== "" || state !== "" || period !== "";
  useClosing(id, JSON.stringify(query), history);
  return (
    <div className={`split wide-r${id === null ? " alone" : ""}`}>
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
            className="ds-input pick"
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
            className="ds-input pick"
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
          <Table history={history} selected={id} />
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
    <div className="paper pad nothing">
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

interface History {
  total: number | null;
  /** What is shown is the answer to what was asked last, and not to what was asked before. */
  answers: boolean;
  /** The row at a place, when its stretch has come. */
  row: (index: number) => FilingRow | undefined;
  /** Whether this filing is among those that were found, or may be among those that have not come yet. */
  mayHold: (id: string) => boolean;
  /** Asks for the stretches of these rows. */
  want: (first: number, last: number) => void;
  again: () => void;
  error: unknown;
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

/** Stretches of the history as they come into view; what was shown stays until the answer to a new search is there. */
function useHistory(query: Pick<HistoryQuery, "text" | "state" | "period">): History {
  const { text, state, period } = query;
  const backend = useBackend();
  const client = useQueryClient();
  const [at, setAt] = useState(0);
  const page = (offset: number) => ({
    queryKey: [...historyKey, text, state, period, offset] as const,
    queryFn: () => backend.history({ text, state, period, offset, limit: STRETCH }),
  });
  const first = useQuery({ ...page(0), placeholderData: keepPreviousData });
  const near = useQuery({ ...page(at), placeholderData: keepPreviousData, enabled: at > 0 });
  const after = useQuery({ ...page(at + STRETCH), enabled: (first.data?.total ?? 0) > at + STRETCH });
  return {
    total: first.data?.total ?? null,
    answers: first.data !== undefined && !first.isPlaceholderData,
    error: first.error ?? near.error ?? after.error,
    again: () => void client.invalidateQueries({ queryKey: historyKey }),
    row: (index) => {
      const offset = index - (index % STRETCH);
      const known = offset === 0 ? first.data : client.getQueryData<HistoryPage>(page(offset).queryKey);
      return known?.rows[index - offset];
    },
    mayHold: (id) => {
      const { rows = [], total = 0 } = first.data ?? {};
      return total > rows.length || rows.some((row) => row.id === id);
    },
    want: (from) => {
      setAt(Math.max(0, from - (from % STRETCH)));
    },
  };
}

const ROW_REM = 2.125;

function Table({ history, selected }: { history: History; selected: string | null }) {
  const { t } = useTexts();
  const scroll = useRef<HTMLDivElement>(null);
  const total = history.total ?? 0;
  const height = ROW_REM * rem();
  // eslint-disable-next-line react-hooks/incompatible-library -- the table is not memoized and reads the list anew
  const list = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 12,
    initialRect: { width: 800, height: 700 },
    onChange: ({ range }) => {
      if (range) history.want(range.startIndex, range.endIndex);
    },
  });
  const items = list.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="paper tablebox">
      <div className="scroll" tabIndex={0} role="region" aria-label={t("history.caption")} ref={scroll}>
        <table className="t list hist" aria-rowcount={total + 1} data-testid={testIds.historyTable}>
          <caption className="sr">{t("history.caption")}</caption>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">{t("col.company")}</th>
              <th scope="col" className="c-period">
                {t("col.period")}
              </th>
              <th scope="col" className="r c-amount">
                {t("col.amount")}
              </th>
              <th scope="col" className="c-state">
                {t("col.state")}
              </th>
              <th scope="col" className="r c-when" aria-sort="descending">
                {t("col.sentDesc")}
              </th>
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} />}
            {items.map(({ index }) => (
              <Row key={index} index={index} row={history.row(index)} selected={selected} />
            ))}
            {behind > 0 && <Gap height={behind} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className="gap">
      {/* One cell: a span would keep columns open that a narrow window hides. */}
      <td style={{ height }} />
    </tr>
  );
}

function Row({ index, row, selected }: { index: number; row: FilingRow | undefined; selected: string | null }) {
  const { brief } = useTexts();
  const { environment } = useStart();
  const now = useMinute();
  if (!row) {
    return (
      <tr aria-rowindex={index + 2} aria-busy>
        <td className="quiet">…</td>
      </tr>
    );
  }
  const name = row.companyName ?? row.orgNumber;
  return (
    <tr
      className="open"
      aria-rowindex={index + 2}
      aria-current={row.id === selected || undefined}
      data-testid={testIds.historyRow}
      data-id={row.id}
      data-kid={kidToCopy({ kid: row.kid, provisional: false }, environment)}
      data-amount={row.assessedVat}
      onClick={() => {
        go("history", row.id);
      }}
    >
      <td className="b ell" title={name}>
        <a
          className="plain"
          href={address("history", row.id)}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          {name}
        </a>
      </td>
      <td className="ell">{row.period}</td>
      <td className="num">{amount(row.assessedVat)}</td>
      <td className="ell">
        <FilingStateWord row={row} />
      </td>
      <td className="num quiet">{brief(row.deliveredAt ?? row.begunAt, now)}</td>
    </tr>
  );
}
