/** The rows of the history: sorted by any column, only those in view drawn, copied as a spreadsheet wants them. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type KeyboardEvent } from "react";
import type { FilingRow, HistorySort } from "../../bindings";
import { useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { tsv } from "../../parts/copying";
import { useListRow, useRowHeight } from "../../parts/layout";
import { useBeforePrinting, usePrinting } from "../../parts/printing";
import { amount, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { kidToCopy } from "../../parts/Payment";
import { useRowKeys, type RowKeys } from "../../parts/rowKeys";
import { FilingStateWord, lookOf } from "../../parts/State";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import type { Asked, History } from "./useHistory";
import { cx } from "../../parts/cx";
import s from "./history.module.css";

/** Forty pages or so: who wants more exports a file. */
const MOST_PRINTED = 2000;

const columns = [
  { sort: "company", text: "col.company", className: undefined },
  { sort: "period", text: "col.period", className: s.cPeriod },
  { sort: "amount", text: "col.amount", className: cx("r", s.cAmount) },
  { sort: "state", text: "col.state", className: s.cState },
  { sort: "sent", text: "history.sentSort", className: cx("r", s.cWhen) },
] as const satisfies readonly { sort: HistorySort; text: string; className: string | undefined }[];

/** What comes first when a column is pressed the first time: names from A, amounts and days from the highest. */
const startsAscending: Readonly<Record<HistorySort, boolean>> = {
  company: true,
  period: false,
  amount: false,
  state: true,
  sent: false,
};

interface Props {
  history: History;
  selected: string | null;
  asked: Asked;
  onSort: (sort: HistorySort, ascending: boolean) => void;
}

export function HistoryTable({ history, selected, asked, onSort }: Props) {
  const { t } = useTexts();
  const scroll = useRef<HTMLDivElement>(null);
  const total = history.total ?? 0;
  const height = useListRow();
  const printing = usePrinting();
  const printed = Math.min(total, MOST_PRINTED);
  useBeforePrinting(() => history.rows(Array.from({ length: printed }, (_, index) => index)));
  // eslint-disable-next-line react-hooks/incompatible-library -- the table is not memoized and reads the list anew
  const list = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 12,
    initialRect: { width: 800, height: 700 },
    scrollPaddingStart: height,
    onChange: ({ range }) => {
      if (range) history.want(range.startIndex, range.endIndex);
    },
  });
  useRowHeight(list, height);
  const items = printing
    ? Array.from({ length: printed }, (_, index) => ({ index, start: 0, end: 0 }))
    : list.getVirtualItems();
  const before = printing ? 0 : (items[0]?.start ?? 0);
  const behind = printing ? 0 : list.getTotalSize() - (items.at(-1)?.end ?? 0);
  const keys = useRowKeys(
    total,
    { from: items[0]?.index ?? 0, to: items.at(-1)?.index ?? 0 },
    (index) => {
      list.scrollToIndex(index);
    },
    JSON.stringify(asked),
  );
  const copy = useCopyRows(history);
  const onKeyDown = (event: KeyboardEvent) => {
    const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c";
    if (copies && keys.picked.length > 0) {
      event.preventDefault();
      copy(keys.picked);
    } else keys.onKeyDown(event);
  };
  return (
    <div className="paper tablebox">
      <div className="scroll" role="region" aria-label={t("history.caption")} ref={scroll}>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
        <table
          className={cx("t list", s.hist)}
          aria-rowcount={total + 1}
          data-testid={testIds.historyTable}
          ref={keys.table}
          onKeyDown={onKeyDown}
          onFocus={keys.onFocus}
        >
          <caption className="sr">{t("history.caption")}</caption>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ sort, text, className }) => {
                const by = (asked.sort ?? "sent") === sort;
                const ascending = asked.ascending ?? false;
                return (
                  <th
                    key={sort}
                    scope="col"
                    className={className}
                    aria-sort={by ? (ascending ? "ascending" : "descending") : undefined}
                  >
                    <button
                      type="button"
                      className={s.sorter}
                      data-testid={testIds.historySort}
                      data-value={sort}
                      aria-label={t("history.sortBy", { column: t(text) })}
                      onClick={() => {
                        onSort(sort, by ? !ascending : startsAscending[sort]);
                      }}
                    >
                      {t(text)}
                      <span aria-hidden className={s.arrow}>
                        {by ? (ascending ? "↑" : "↓") : ""}
                      </span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Gap height={before} />}
            {items.map(({ index }) => (
              <Row key={index} index={index} row={history.row(index)} selected={selected} keys={keys} />
            ))}
            {behind > 0 && <Gap height={behind} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Copies picked rows, those that have not come into view too. */
function useCopyRows(history: History): (places: readonly number[]) => void {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const line = useLine();
  return useCommand(
    async (places: readonly number[]) => {
      const rows = await history.rows(places);
      await backend.copyText(rows.map((row) => line(row)).join("\n"));
      return rows.length;
    },
    {
      done: (count) => {
        tell(t("copy.rows", { count }));
      },
    },
  ).run;
}

/** A row as one line of a spreadsheet: company, number, period, amount, state, KID, day. */
function useLine(): (row: FilingRow) => string {
  const { t, dayOf } = useTexts();
  const { environment } = useStart();
  return (row) =>
    tsv([
      row.companyName,
      row.orgNumber,
      row.period,
      row.assessedVat,
      t(lookOf(row).text),
      kidToCopy({ kid: row.kid, provisional: false }, environment),
      dayOf(row.deliveredAt ?? row.begunAt),
    ]);
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className="gap">
      {/* One cell: a span would keep columns open that a narrow window hides. */}
      <td style={{ height }} />
    </tr>
  );
}

interface RowProps {
  index: number;
  row: FilingRow | undefined;
  selected: string | null;
  keys: RowKeys;
}

function Row({ index, row, selected, keys }: RowProps) {
  const { brief } = useTexts();
  const { environment } = useStart();
  const now = useMinute();
  const line = useLine();
  if (!row) {
    return (
      <tr aria-rowindex={index + 2} aria-busy>
        <td className="quiet">…</td>
      </tr>
    );
  }
  const name = nameOf(row);
  return (
    <tr
      className={keys.isPicked(index) ? "open picked" : "open"}
      aria-rowindex={index + 2}
      aria-current={row.id === selected || undefined}
      data-testid={testIds.historyRow}
      data-id={row.id}
      data-filing={row.id}
      data-kid={kidToCopy({ kid: row.kid, provisional: false }, environment)}
      data-amount={row.assessedVat}
      data-tsv={line(row)}
      onClick={(event) => {
        if (!keys.onPick(event, index)) go("history", row.id);
      }}
    >
      <td className="b ell" data-full={name}>
        <a
          className="plain"
          href={address("history", row.id)}
          tabIndex={keys.tabIndexOf(index)}
          data-stop="main"
          onClick={(event) => {
            event.stopPropagation();
            if (keys.onPick(event, index)) event.preventDefault();
          }}
        >
          {name}
        </a>
      </td>
      <td className={s.cPeriod}>{row.period}</td>
      <td className={cx("num", s.cAmount)}>{amount(row.assessedVat)}</td>
      <td className="ell">
        <FilingStateWord row={row} />
      </td>
      <td className={cx("num quiet", s.cWhen)}>{brief(row.deliveredAt ?? row.begunAt, now)}</td>
    </tr>
  );
}
