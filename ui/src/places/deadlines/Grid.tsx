/**
 * The year as a grid: companies down, months across, a cell as long as its period.
 *
 * One stop of the tab key for all of it; arrows go from cell to cell, Home and End within the row, Page Up and Down by
 * ten rows. Up and down stay in the month, whatever the periods of the next company are. Long lists are drawn in part.
 */
import { PencilIcon, BellSlashIcon } from "@navikt/aksel-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { DeadlineCell, DeadlineRow, DeadlinesView } from "../../bindings";
import { useNarrow, useRem, useRowHeight } from "../../parts/layout";
import { nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { address } from "../../router";
import { testIds } from "../../testids";
import { pictures } from "./pictures";
import { cellText, cellWords, groups, monthNames, toneOf } from "./periodTexts";
import { cx } from "../../parts/cx";
import s from "./deadlines.module.css";

const ROW_REM = 2.5625;
/** As the style sheet has it in a narrow window. */
const NARROW_ROW_REM = 1.75;
const PAGE = 10;

/** Where the reader is: a row, and its company (-1) or one of its periods. */
interface Place {
  row: number;
  cell: number;
}

interface Props {
  rows: DeadlineRow[];
  view: DeadlinesView;
  onEdit: (row: DeadlineRow) => void;
  onOpen: (row: DeadlineRow, cell: DeadlineCell) => void;
}

export function Grid({ rows, view, onEdit, onOpen }: Props) {
  const { t, language, dateFrom } = useTexts();
  const scroll = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>({ row: 0, cell: -1 });
  const moved = useRef(false);
  const at: Place = {
    row: Math.min(place.row, rows.length - 1),
    cell: Math.min(place.cell, (rows[Math.min(place.row, rows.length - 1)]?.cells.length ?? 0) - 1),
  };
  const height = (useNarrow() ? NARROW_ROW_REM : ROW_REM) * useRem();
  // eslint-disable-next-line react-hooks/incompatible-library -- the table is not memoized and reads the list anew
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: 8,
    initialRect: { width: 800, height: 700 },
    scrollPaddingStart: height,
  });
  useRowHeight(list, height);
  const items = list.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  const months = useMemo(() => monthNames(language), [language]);
  const current = view.today.startsWith(`${String(view.year)}-`) ? Number(view.today.slice(5, 7)) : 0;

  useEffect(() => {
    if (!moved.current) return;
    const target = scroll.current?.querySelector<HTMLElement>(`[data-at="${String(at.row)}.${String(at.cell)}"]`);
    if (!target) return;
    moved.current = false;
    target.focus();
  });

  // Where the months do not fit, the current one is in sight first.
  useEffect(() => {
    const box = scroll.current;
    const now = box?.querySelector<HTMLElement>("thead th[aria-current]");
    const who = box?.querySelector<HTMLElement>("thead th");
    if (!box || !now || !who || box.scrollWidth <= box.clientWidth) return;
    box.scrollLeft = Math.max(0, now.offsetLeft + 2 * now.offsetWidth - box.clientWidth);
  }, [view.year]);

  const move = (to: Place) => {
    const row = Math.max(0, Math.min(rows.length - 1, to.row));
    const last = (rows[row]?.cells.length ?? 0) - 1;
    moved.current = true;
    setPlace({ row, cell: Math.max(-1, Math.min(last, to.cell)) });
    list.scrollToIndex(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    const down = (rows_: number) => {
      const to = Math.max(0, Math.min(rows.length - 1, at.row + rows_));
      move({ row: to, cell: sameMonth(rows[at.row]?.cells[at.cell], rows[to]?.cells ?? []) });
    };
    switch (event.key) {
      case "ArrowRight":
        move({ ...at, cell: at.cell + 1 });
        break;
      case "ArrowLeft":
        move({ ...at, cell: at.cell - 1 });
        break;
      case "ArrowDown":
        down(1);
        break;
      case "ArrowUp":
        down(-1);
        break;
      case "PageDown":
        down(PAGE);
        break;
      case "PageUp":
        down(-PAGE);
        break;
      case "Home":
        move({ row: event.ctrlKey ? 0 : at.row, cell: -1 });
        break;
      case "End":
        move({ row: event.ctrlKey ? rows.length - 1 : at.row, cell: Number.POSITIVE_INFINITY });
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  return (
    <div className="scroll" ref={scroll}>
      <table
        className={cx("t", s.cal)}
        role="grid"
        aria-rowcount={rows.length + 1}
        aria-label={t("deadlines.caption", { year: view.year })}
        data-testid={testIds.deadlineTable}
        onKeyDown={onKeyDown}
      >
        <colgroup>
          <col className={s.whoCol} />
          {months.map(({ long }) => (
            <col key={long} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{t("col.company")}</th>
            {months.map((month, index) => (
              <th
                key={month.long}
                scope="col"
                aria-current={index + 1 === current ? "date" : undefined}
                className={index + 1 === current ? s.today : undefined}
              >
                <abbr title={month.long}>{month.short}</abbr>
                {index + 1 === current && (
                  <span className="sr"> {t("deadlines.todaySr", { date: dateFrom(view.today, view.today) })}</span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Row
                key={`${row.orgNumber}/${row.category}`}
                row={row}
                index={index}
                focus={at.row === index ? at.cell : null}
                today={view.today}
                onPlace={(cell) => {
                  setPlace({ row: index, cell });
                }}
                onEdit={() => {
                  onEdit(row);
                }}
                onOpen={(cell) => {
                  onOpen(row, cell);
                }}
              />
            );
          })}
          {behind > 0 && <Gap height={behind} />}
        </tbody>
      </table>
    </div>
  );
}

/** The period of another company in which this one's month lies. */
function sameMonth(from: DeadlineCell | undefined, cells: DeadlineCell[]): number {
  if (!from) return -1;
  const found = cells.findIndex(({ month, months }) => from.month < month + Math.max(1, months));
  return found < 0 ? cells.length - 1 : found;
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
  row: DeadlineRow;
  index: number;
  /** Which of its parts the tab key comes to; none when the reader is in another row. */
  focus: number | null;
  today: string;
  onPlace: (cell: number) => void;
  onEdit: () => void;
  onOpen: (cell: DeadlineCell) => void;
}

function Row({ row, index, focus, today, onPlace, onEdit, onOpen }: RowProps) {
  const { t } = useTexts();
  const name = nameOf(row);
  const kind =
    row.category === "ordinary"
      ? t(`duty.kind.${row.kind}`)
      : `${t(`duty.kind.${row.kind}`)}, ${t(`duty.category.${row.category}`).toLowerCase()}`;
  const last = row.cells.at(-1);
  const rest = last === undefined ? 12 : 13 - last.month - Math.max(1, last.months);
  return (
    <tr
      aria-rowindex={index + 2}
      data-testid={testIds.deadlineRow}
      data-org={row.orgNumber}
      data-category={row.category}
    >
      <th scope="row">
        <button
          type="button"
          className={cx("plain", s.duty)}
          data-full={[name, row.kindWords, row.responsible?.name].filter((it) => it !== undefined).join(", ")}
          tabIndex={focus === -1 ? 0 : -1}
          data-at={`${String(index)}.-1`}
          data-testid={testIds.editDuty}
          onFocus={() => {
            onPlace(-1);
          }}
          onClick={onEdit}
        >
          <span className="ell b">{name}</span>
          <span className={cx("ell quiet", s.kind)}>
            {row.muted && <Icon of={BellSlashIcon} small />}
            {row.responsible === null ? kind : `${kind} · ${row.responsible.name}`}
            {row.muted && <span className="sr">, {t("deadlines.muted")}</span>}
          </span>
          <span className={s.pencil}>
            <Icon of={PencilIcon} small />
          </span>
          <span className="sr">, {t("deadlines.edit")}</span>
        </button>
      </th>
      {groups(row).map(({ month, span, cells }) => (
        <td key={month} colSpan={span}>
          <div className={cells.length > 1 ? s.parts : undefined}>
            {cells.map(({ cell, index: number }) => (
              <Cell
                key={number}
                cell={cell}
                at={`${String(index)}.${String(number)}`}
                focused={focus === number}
                today={today}
                onPlace={() => {
                  onPlace(number);
                }}
                onOpen={() => {
                  onOpen(cell);
                }}
              />
            ))}
          </div>
        </td>
      ))}
      {rest > 0 && <td colSpan={rest} />}
    </tr>
  );
}

interface CellProps {
  cell: DeadlineCell;
  at: string;
  focused: boolean;
  today: string;
  onPlace: () => void;
  /** Asks what is to become of it. */
  onOpen: () => void;
}

function Cell({ cell, at, focused, today, onPlace, onOpen }: CellProps) {
  const texts = useTexts();
  const tone = toneOf(cell);
  const picture = pictures[tone];
  const text = cellText(cell, today, texts, useNarrow());
  const words = cellWords(cell, today, texts);
  const asks = cell.state === "late" || cell.state === "putAside";
  const href =
    cell.filing !== null ? address("history", cell.filing) : cell.state === "near" ? address("filing") : null;
  const content = (
    <>
      {picture && (cell.months > 0 || tone !== "none") && <Icon of={picture} small />}
      {cell.months > 0 && (
        <span className="ell" aria-hidden>
          {text}
        </span>
      )}
      <span className="sr">{words}</span>
    </>
  );
  const common = {
    className: cx(s.pc, s[tone]),
    title: words,
    tabIndex: focused ? 0 : -1,
    "data-at": at,
    "data-testid": testIds.deadlineCell,
    "data-state": cell.state,
    onFocus: onPlace,
  };
  if (asks) {
    return (
      <button type="button" aria-haspopup="dialog" {...common} onClick={onOpen}>
        {content}
      </button>
    );
  }
  if (href !== null) {
    return (
      <a href={href} {...common}>
        {content}
      </a>
    );
  }
  return <span {...common}>{content}</span>;
}
