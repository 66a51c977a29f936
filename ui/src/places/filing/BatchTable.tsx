/** The rows of many returns. Only those in view are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRightIcon, XMarkIcon } from "@navikt/aksel-icons";
import { useEffect, useRef, type KeyboardEvent } from "react";
import type { ErrorView } from "../../bindings";
import { useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { tsv } from "../../parts/copying";
import { useListRow, useRowHeight } from "../../parts/layout";
import { usePrinting } from "../../parts/printing";
import { amount, nameOf, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { kidToCopy } from "../../parts/Payment";
import { useRowKeys, type RowKeys } from "../../parts/rowKeys";
import { RowState } from "./RowState";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { takesAttachments } from "./Attachments";
import type { BatchRow } from "./batchRows";
import { useCloseCard } from "./closing";
import { cx } from "../../parts/cx";
import s from "./batch.module.css";

export interface Ticks {
  ready: number;
  chosen: ReadonlySet<string>;
  all: string[];
  tick: (ids: string[], on: boolean) => void;
}

interface Props {
  rows: BatchRow[];
  ticks: Ticks | null;
  leftOut: ReadonlyMap<string, ErrorView>;
  /** The card that one comes back from. */
  left: string | null;
  /** The card that is shown beside the table. */
  selected: string | null;
}

/** A row as one line of a spreadsheet: company, number, period, amount, KID, due, file. */
function useLine(): (row: BatchRow) => string {
  const { environment } = useStart();
  return ({ card: { content, filing, fileName } }) =>
    tsv([
      content?.companyName,
      content?.orgNumber,
      content?.period,
      content?.assessedVat,
      kidToCopy(filing?.payment, environment),
      filing?.payment?.due ?? content?.deadline,
      fileName,
    ]);
}

/** How many rows stand above the one that one comes back to. */
const ABOVE = 5;

export function BatchTable({ rows, ticks, leftOut, left, selected }: Props) {
  const { t } = useTexts();
  const scroll = useRef<HTMLDivElement>(null);
  const height = useListRow();
  const back = useBackTo(left);
  // eslint-disable-next-line react-hooks/incompatible-library -- the table is not memoized and reads the list anew
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.card.id ?? index,
    overscan: 12,
    initialOffset: () => Math.max(0, (rows.findIndex(({ card }) => card.id === left) - ABOVE) * height),
    initialRect: { width: 800, height: 700 },
  });
  useRowHeight(list, height);
  const printing = usePrinting();
  const items = printing
    ? rows.map(({ card }, index) => ({ index, key: card.id, start: 0, end: 0 }))
    : list.getVirtualItems();
  const before = printing ? 0 : (items[0]?.start ?? 0);
  const behind = printing ? 0 : list.getTotalSize() - (items.at(-1)?.end ?? 0);
  const keys = useRowKeys(
    rows.length,
    { from: items[0]?.index ?? 0, to: items.at(-1)?.index ?? 0 },
    (index) => {
      list.scrollToIndex(index);
    },
    null,
  );
  const line = useLine();
  const backend = useBackend();
  const tell = useTell();
  const copy = useCommand(
    async (places: readonly number[]) => {
      const lines = places.flatMap((place) => (rows[place] ? [line(rows[place])] : []));
      await backend.copyText(lines.join("\n"));
      return lines.length;
    },
    {
      done: (count) => {
        tell(t("copy.rows", { count }));
      },
    },
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c";
    if (copies && keys.picked.length > 0) {
      event.preventDefault();
      copy.run(keys.picked);
    } else keys.onKeyDown(event);
  };
  return (
    <div className="scroll" role="region" aria-label={t("batch.region")} ref={scroll}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
      <table
        className={cx("t list", s.cards)}
        aria-rowcount={rows.length + 1}
        data-testid={testIds.cardList}
        ref={(element) => {
          keys.table.current = element;
          back.current = element;
        }}
        onKeyDown={onKeyDown}
        onFocus={keys.onFocus}
      >
        <caption className="sr">{t("batch.caption")}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {ticks && (
              <th scope="col" className={s.cTick}>
                <TickAll ticks={ticks} />
              </th>
            )}
            <th scope="col">{t("col.company")}</th>
            <th scope="col" className={s.cOrg}>
              {t("col.orgNo")}
            </th>
            <th scope="col" className={s.cPeriod}>
              {t("col.period")}
            </th>
            <th scope="col" className={s.cKind}>
              {t("col.type")}
            </th>
            <th scope="col" className={cx("r", s.cAmount)}>
              {t("col.toPayOrBack")}
            </th>
            <th scope="col" className={s.cState}>
              {t("col.state")}
            </th>
            <th scope="col" className={cx("r", s.cActs)}>
              <span className="sr">{t("col.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index, key }) => {
            const row = rows[index];
            return (
              row && (
                <Row
                  key={key}
                  index={index}
                  row={row}
                  line={line(row)}
                  ticks={ticks}
                  leftOut={leftOut.get(row.card.id)}
                  keys={keys}
                  selected={row.card.id === selected}
                />
              )
            );
          })}
          {behind > 0 && <Gap height={behind} />}
        </tbody>
      </table>
    </div>
  );
}

/** Takes the reader to the row that was left when the table is drawn first. */
function useBackTo(left: string | null) {
  const table = useRef<HTMLTableElement>(null);
  const row = useRef(left);
  useEffect(() => {
    if (row.current === null) return;
    const links = table.current?.querySelectorAll<HTMLElement>(`[data-testid="${testIds.cardOpen}"]`) ?? [];
    [...links].find(({ dataset }) => dataset.id === row.current)?.focus({ preventScroll: true });
  }, []);
  return table;
}

function Gap({ height }: { height: number }) {
  return (
    <tr aria-hidden className="gap">
      {/* One cell: a span would keep columns open that a narrow window hides. */}
      <td style={{ height }} />
    </tr>
  );
}

function TickAll({ ticks }: { ticks: Ticks }) {
  const { t } = useTexts();
  const box = useRef<HTMLInputElement>(null);
  const ticked = ticks.all.filter((id) => ticks.chosen.has(id)).length;
  const some = ticks.chosen.size > 0 && ticked < ticks.ready;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={t("batch.selectReady")}
      checked={ticks.ready > 0 && ticked === ticks.ready}
      disabled={ticks.ready === 0}
      data-testid={testIds.batchTickAll}
      onChange={(event) => {
        ticks.tick(ticks.all, event.target.checked);
      }}
    />
  );
}

interface RowProps {
  index: number;
  row: BatchRow;
  /** What is copied of it. */
  line: string;
  ticks: Ticks | null;
  leftOut: ErrorView | undefined;
  keys: RowKeys;
  selected: boolean;
}

function Row({ index, row, line, ticks, leftOut, keys, selected }: RowProps) {
  const { t } = useTexts();
  const { dropHover } = useOffice();
  const { environment } = useStart();
  const { card } = row;
  const { close, question } = useCloseCard(card);
  const { content } = card;
  const name = content ? nameOf(content) : card.fileName;
  const named = content ? `${name}, ${content.period}` : name;
  const busy = row.bucket === "queued" || row.bucket === "running" || row.bucket === "answering";
  return (
    <tr
      className={cx("open", dropHover.card === card.id && "held", keys.isPicked(index) && "picked")}
      aria-current={selected || undefined}
      aria-rowindex={index + 2}
      data-testid={testIds.cardRow}
      data-id={card.id}
      data-takes={content && takesAttachments(card) ? card.id : undefined}
      data-bucket={row.bucket}
      data-org={content?.orgNumber}
      data-kid={kidToCopy(card.filing?.payment, environment)}
      data-amount={content?.assessedVat}
      data-filing={card.filing?.id}
      data-tsv={line}
      onClick={(event) => {
        if (!keys.onPick(event, index)) go("filing", card.id);
      }}
    >
      {ticks && (
        <td
          className={s.cTick}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          <input
            type="checkbox"
            aria-label={t("batch.select", { name: named })}
            checked={ticks.chosen.has(card.id)}
            disabled={row.bucket !== "ready" && row.bucket !== "odd"}
            data-testid={testIds.batchTick}
            data-stop="tick"
            tabIndex={-1}
            onChange={(event) => {
              ticks.tick([card.id], event.target.checked);
            }}
          />
        </td>
      )}
      <td className="b ell" data-full={`${name} · ${card.fileName}`}>
        {name}
      </td>
      <td className={cx("tab quiet", s.cOrg)}>{content ? orgNumber(content.orgNumber) : ""}</td>
      <td className={s.cPeriod}>{content?.period}</td>
      <td className={cx("ell quiet", s.cKind)} data-full={content?.kind}>
        {content?.kind}
      </td>
      <td className={cx("num b", s.cAmount)}>{content ? amount(content.assessedVat) : ""}</td>
      <td className="ell">
        <RowState row={row} leftOut={leftOut} />
      </td>
      <td className={cx("num", s.cActs)}>
        <span className="row end">
          {!busy && (
            <Button
              variant="tertiary"
              small
              icon={XMarkIcon}
              aria-label={t("action.closeRow", { name: named })}
              data-stop="close"
              tabIndex={-1}
              onClick={(event) => {
                event.stopPropagation();
                const of = event.currentTarget.closest("tr");
                const beside = of?.nextElementSibling ?? of?.previousElementSibling;
                beside?.querySelector<HTMLElement>(`[data-testid="${testIds.cardOpen}"]`)?.focus();
                close();
              }}
            />
          )}
          <a
            className="ds-button ic sm"
            data-variant="tertiary"
            href={address("filing", card.id)}
            aria-label={t("action.openRow", { name: named })}
            data-testid={testIds.cardOpen}
            data-id={card.id}
            data-stop="main"
            tabIndex={keys.tabIndexOf(index)}
            onClick={(event) => {
              event.stopPropagation();
            }}
          >
            <ChevronRightIcon aria-hidden />
          </a>
          {question}
        </span>
      </td>
    </tr>
  );
}
