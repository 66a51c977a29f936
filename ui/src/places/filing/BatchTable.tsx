/** The rows of many returns. Only those in view are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRightIcon, XMarkIcon } from "@navikt/aksel-icons";
import { useEffect, useRef } from "react";
import type { ErrorView } from "../../bindings";
import { useCommand } from "../../commands";
import { errorTexts } from "../../errors";
import { rem } from "../../parts/layout";
import { amount, nameOf, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { kidToCopy } from "../../parts/Payment";
import { lookOf, State } from "../../parts/State";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { takesAttachments } from "./Attachments";
import type { BatchRow } from "./batchRows";

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
}

const ROW_REM = 2.125;
/** How many rows stand above the one that one comes back to. */
const ABOVE = 5;

export function BatchTable({ rows, ticks, leftOut, left }: Props) {
  const { t } = useTexts();
  const scroll = useRef<HTMLDivElement>(null);
  const height = ROW_REM * rem();
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
  const items = list.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const behind = list.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={t("batch.region")} ref={scroll}>
      <table
        className={`t list cards${ticks ? " ticks" : ""}`}
        aria-rowcount={rows.length + 1}
        data-testid={testIds.cardList}
        ref={back}
      >
        <caption className="sr">{t("batch.caption")}</caption>
        <thead>
          <tr aria-rowindex={1}>
            {ticks && (
              <th scope="col" className="c-tick">
                <TickAll ticks={ticks} />
              </th>
            )}
            <th scope="col">{t("col.company")}</th>
            <th scope="col" className="c-org">
              {t("col.orgNo")}
            </th>
            <th scope="col" className="c-period">
              {t("col.period")}
            </th>
            <th scope="col" className="c-kind">
              {t("col.type")}
            </th>
            <th scope="col" className="r c-amount">
              {t("col.toPayOrBack")}
            </th>
            <th scope="col" className="c-state">
              {t("col.state")}
            </th>
            <th scope="col" className="r c-acts">
              <span className="sr">{t("col.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {items.map(({ index, key }) => {
            const row = rows[index];
            return row && <Row key={key} index={index} row={row} ticks={ticks} leftOut={leftOut.get(row.card.id)} />;
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
  ticks: Ticks | null;
  leftOut: ErrorView | undefined;
}

function Row({ index, row, ticks, leftOut }: RowProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const { change, dropHover } = useOffice();
  const { environment } = useStart();
  const { card } = row;
  const close = useCommand(() => backend.closeCard(card.id), {
    done: () => {
      change((old) => ({ ...old, cards: old.cards.filter(({ id }) => id !== card.id) }));
    },
  });
  const { content } = card;
  const name = content ? nameOf(content) : card.fileName;
  const named = content ? `${name}, ${content.period}` : name;
  const busy = row.bucket === "queued" || row.bucket === "running" || row.bucket === "answering";
  return (
    <tr
      className={dropHover.card === card.id ? "open held" : "open"}
      aria-rowindex={index + 2}
      data-testid={testIds.cardRow}
      data-id={card.id}
      data-takes={content && takesAttachments(card) ? card.id : undefined}
      data-bucket={row.bucket}
      data-org={content?.orgNumber}
      data-kid={kidToCopy(card.filing?.payment, environment)}
      data-amount={content?.assessedVat}
      onClick={() => {
        go("filing", card.id);
      }}
    >
      {ticks && (
        <td
          className="c-tick"
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
            onChange={(event) => {
              ticks.tick([card.id], event.target.checked);
            }}
          />
        </td>
      )}
      <td className="b ell" title={`${name} · ${card.fileName}`}>
        {name}
      </td>
      <td className="tab quiet c-org">{content ? orgNumber(content.orgNumber) : ""}</td>
      <td className="ell" title={content?.period}>
        {content?.period}
      </td>
      <td className="ell quiet c-kind" title={content?.kind}>
        {content?.kind}
      </td>
      <td className="num b">{content ? amount(content.assessedVat) : ""}</td>
      <td className="ell">
        <RowState row={row} leftOut={leftOut} />
      </td>
      <td className="num">
        <span className="row end">
          {!busy && (
            <Button
              variant="tertiary"
              small
              icon={XMarkIcon}
              aria-label={t("action.closeRow", { name: named })}
              onClick={(event) => {
                event.stopPropagation();
                const of = event.currentTarget.closest("tr");
                const beside = of?.nextElementSibling ?? of?.previousElementSibling;
                beside?.querySelector<HTMLElement>(`[data-testid="${testIds.cardOpen}"]`)?.focus();
                close.run();
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
            onClick={(event) => {
              event.stopPropagation();
            }}
          >
            <ChevronRightIcon aria-hidden />
          </a>
        </span>
      </td>
    </tr>
  );
}

/** The state's word, and in a few words more what is the matter. */
function RowState({ row, leftOut }: { row: BatchRow; leftOut: ErrorView | undefined }) {
  const { t, at, brief } = useTexts();
  const now = useMinute();
  const { said, copies } = row;
  const files = row.card.attachments.length;
  const extra = [
    files > 0 ? t("batch.note.attachments", { count: files }) : null,
    copies.length > 0 ? t("batch.note.sameFile", { file: copies.join(", ") }) : null,
  ];
  const line = (state: React.ReactNode, note: string | null = null) => {
    const whole = [note, ...extra].filter((part) => part !== null).join(" · ");
    return (
      <span className="row rowstate" title={whole === "" ? undefined : whole}>
        {state}
        {whole !== "" && <span className="quiet ell">{whole}</span>}
      </span>
    );
  };
  switch (said.kind) {
    case "unreadable":
      return line(<State tone="bad">{t("state.unreadable")}</State>, said.instead ?? errorTexts(said.error, t).title);
    case "beside":
      return line(<State tone="idle">{t("state.beside")}</State>, said.title);
    case "refused":
      return line(
        <State tone="bad">{t("state.refused")}</State>,
        said.error === null ? null : errorTexts(said.error, t).title,
      );
    case "rejected":
      return line(<State tone="bad">{t("state.rejected")}</State>, said.first);
    case "unclear":
      return line(<State tone="soon">{t("state.unclear")}</State>);
    case "attachment":
      return line(<State tone="bad">{t("state.mustFix")}</State>, errorTexts(said.error, t).title);
    case "invalid":
      return line(
        <State tone="bad">{t("state.mustFix")}</State>,
        said.count > 1 || said.first === null ? t("step1.countBad", { count: said.count }) : said.first,
      );
    case "noRight":
      return line(
        <State tone="soon" shape="lock">
          {t("state.noRight")}
        </State>,
        t("batch.note.noRight"),
      );
    case "mayNotSign":
      return line(
        <State tone="soon" shape="lock">
          {t("state.noRight")}
        </State>,
        t("reason.fillOnly"),
      );
    case "samePeriod":
      return line(<State tone="soon">{t("state.double")}</State>, t("batch.note.samePeriod", { file: said.file }));
    case "filedBefore":
      return line(
        <State tone="soon">{t("state.filedBefore")}</State>,
        t("batch.note.filedBefore", { when: brief(said.at, now), person: said.person }),
      );
    case "checking":
      return line(<State tone="run">{t("step1.running")}</State>);
    case "notAsked":
      return line(<State tone="soon">{t("step1.notAsked")}</State>, errorTexts(said.error, t).title);
    case "unchecked":
      return line(
        <State tone="idle">{t("state.unchecked")}</State>,
        leftOut === undefined ? null : errorTexts(leftOut, t).title,
      );
    case "ready":
      return line(
        said.odd > 0 ? <State tone="soon">{t("state.deviating")}</State> : <State tone="ok">{t("state.ready")}</State>,
        leftOut === undefined
          ? said.odd === 1
            ? said.first
            : said.odd > 1
              ? t("step1.countOdd", { count: said.odd })
              : null
          : errorTexts(leftOut, t).title,
      );
    case "queued":
      return line(<State tone="idle">{t("state.queued")}</State>);
    case "running":
      return line(<State tone="run">{said.step === null ? t("state.running") : t(`run.now.${said.step}`)}</State>);
    case "answering":
      return line(
        <State tone="run" shape="wait">
          {t("state.waitingAnswer")}
        </State>,
      );
    case "stopped":
      return line(
        <State tone="soon" shape="wait">
          {said.signature ? t("state.waitingSignature") : t("state.waiting")}
        </State>,
        said.error === null ? null : errorTexts(said.error, t).title,
      );
    case "received": {
      const { tone, shape, text } = lookOf(said.row);
      return line(
        <State tone={tone} shape={shape}>
          {said.at === null ? t(text) : `${t(text)} ${at(said.at)}`}
        </State>,
      );
    }
  }
}
