/** The drafts: those that are open, and below them the wastebasket. */
import { ArrowUndoIcon, PencilIcon, TrashIcon } from "@navikt/aksel-icons";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { DraftRow, ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { amount, norwegianDay } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart, withCard } from "../../office";
import { Button } from "../../parts/Button";
import { useRowKeys } from "../../parts/rowKeys";
import { State } from "../../parts/State";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import s from "./drafts.module.css";
import { canBeChecked, filters, found, passes, useListed, type Filter } from "./listed";
import { useBeginDraft, useDiscardDraft, useDrafts, useLayOpen, useRestoreDraft } from "./useDrafts";
import { companyOf } from "./draftTexts";
import { cx } from "../../parts/cx";
import cardCss from "../../parts/card.module.css";
import emptyCss from "../../parts/ways.module.css";

/** Where returns lie open the drafts are a press away. */
export function DraftsLink() {
  const { t } = useTexts();
  // Those that lie open as cards are in sight.
  const count = useDrafts().open.filter(({ card }) => card === null).length;
  if (count === 0) return null;
  return (
    <p className={cardCss.back}>
      <a className="ds-link sm row" href={address("draft")} data-testid={testIds.draftsLink}>
        {t("draft.count", { count })}
      </a>
    </p>
  );
}

/** The drafts as a place of their own. */
export function DraftsPage() {
  const { t } = useTexts();
  const begin = useBeginDraft();
  return (
    <div className="page col">
      <div className="head">
        <h1 tabIndex={-1} className="grow">
          {t("draft.list")}
        </h1>
        <Button
          icon={PencilIcon}
          needs="prepare"
          testId={testIds.draftBegin}
          onClick={() => {
            begin();
          }}
        >
          {t("way.type.do")}
        </Button>
      </div>
      <DraftList />
    </div>
  );
}

export function DraftList() {
  const { t } = useTexts();
  const { open, discarded } = useDrafts();
  const [basket, setBasket] = useState(false);
  const gone = discarded.filter(({ filed }) => !filed);
  if (open.length === 0 && gone.length === 0) return null;
  return (
    <section className="paper" aria-labelledby="drafts" data-testid={testIds.draftList}>
      <div className="row pad tight">
        <h2 id="drafts" className="grow">
          {t("draft.list")}
        </h2>
        {gone.length > 0 && (
          <button
            type="button"
            className="ds-link sm"
            aria-expanded={basket}
            data-testid={testIds.draftBasket}
            onClick={() => {
              setBasket(!basket);
            }}
          >
            {t(basket ? "draft.basketHide" : "draft.basketShow", { count: gone.length })}
          </button>
        )}
      </div>
      {open.length > 0 ? <Open rows={open} /> : <p className={cx("sm quiet", s.none)}>{t("draft.listNone")}</p>}
      {basket && gone.length > 0 && <Basket rows={gone} />}
    </section>
  );
}

/** From so many drafts on they are looked for; a few are seen at once. */
const MANY = 6;
/** Rows that are drawn at once; of more of them one looks for what one wants. */
const DRAWN = 200;

/** The open drafts, those that are looked for; what is ticked can be checked, or thrown away, together. */
function Open({ rows }: { rows: DraftRow[] }) {
  const { t } = useTexts();
  const { filter, text, ticked, left, change } = useListed();
  const chips = filters.filter((name) => name === "all" || rows.some((row) => passes(row, name)));
  const shownFilter = chips.includes(filter) ? filter : "all";
  const shown = found(
    rows.filter((row) => passes(row, shownFilter)),
    text,
  );
  const drawn = shown.slice(0, DRAWN);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Whoever comes back to a long list goes on where she left it.
    const row = left === null ? null : body.current?.querySelector(`[data-id="${CSS.escape(left)}"]`);
    row?.scrollIntoView({ block: "nearest" });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the list is come to
  }, []);
  const chosen = rows.filter((row) => ticked.includes(row.id) && canBeChecked(row));
  const several = rows.length > 1;
  return (
    <div ref={body}>
      {(rows.length >= MANY || text !== "" || shownFilter !== "all") && (
        <div className={`row wrap ${s.look ?? ""}`}>
          <input
            type="search"
            className="ds-input"
            aria-label={t("draft.look")}
            placeholder={t("draft.look")}
            autoComplete="off"
            value={text}
            data-testid={testIds.draftLook}
            onChange={(event) => {
              change({ text: event.target.value });
            }}
          />
          <select
            className="ds-input"
            aria-label={t("batch.filter")}
            value={shownFilter}
            data-testid={testIds.draftFilter}
            onChange={(event) => {
              change({ filter: event.target.value as Filter });
            }}
          >
            {chips.map((name) => (
              <option key={name} value={name}>
                {`${t(`draft.filter.${name}`)} (${String(rows.filter((row) => passes(row, name)).length)})`}
              </option>
            ))}
          </select>
        </div>
      )}
      {/* Above the list, however long that is. */}
      {several && chosen.length > 0 && (
        <Together
          rows={chosen}
          onDone={() => {
            change({ ticked: [] });
          }}
        />
      )}
      {shown.length === 0 ? (
        <p className="sm quiet pad tight">{t("draft.lookNone")}</p>
      ) : (
        <Table
          rows={drawn}
          ticks={several ? { chosen: new Set(chosen.map(({ id }) => id)), ticked, change } : null}
          onOpen={(id) => {
            change({ left: id });
          }}
        />
      )}
      {shown.length > drawn.length && (
        <p className="xs quiet pad tight">{t("paste.shown", { shown: String(drawn.length), count: shown.length })}</p>
      )}
    </div>
  );
}

/** What is done with the drafts that are ticked: each becomes a card, and Skatteetaten is asked about all of them. */
function Together({ rows, onDone }: { rows: DraftRow[]; onDone: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { session, environment } = useStart();
  const { change } = useOffice();
  const check = useCommand((ids: string[]) => backend.checkAll(ids), {
    // The cards say why.
    refused: () => true,
  });
  const make = useCommand(
    async () => {
      const cards: ReturnCard[] = [];
      for (const { id } of rows) cards.push(await backend.makeDraft(id));
      return cards;
    },
    {
      done: (cards) => {
        change((old) => ({ ...old, cards: cards.reduce(withCard, old.cards) }));
        onDone();
        go("filing");
        if (session) check.run(cards.map(({ id }) => id));
      },
    },
  );
  return (
    <div className={`row wrap ${s.together ?? ""}`}>
      <span className="sm grow" role="status">
        {t("draft.ticked", { count: rows.length })}
      </span>
      <Button
        small
        busy={make.running}
        needs="prepare"
        data-shortcut="primary"
        testId={testIds.draftMakeAll}
        onClick={make.run}
      >
        {t(environment === "practice" ? "draft.checkSeveralPractice" : "draft.checkSeveral", { count: rows.length })}
      </Button>
    </div>
  );
}

function Head({ when, tick }: { when: string; tick?: ReactNode }) {
  const { t } = useTexts();
  return (
    <thead>
      <tr>
        {tick !== undefined && (
          <th scope="col" className={s.cTick}>
            {tick}
          </th>
        )}
        <th scope="col">{t("col.company")}</th>
        <th scope="col">{t("col.period")}</th>
        <th scope="col" className={cx("r", s.cSum)}>
          {t("col.toPayOrBack")}
        </th>
        <th scope="col">{t("col.state")}</th>
        <th scope="col" className={cx("r", emptyCss.when)}>
          {when}
        </th>
        <th scope="col" className={s.cAct}>
          <span className="sr">{t("draft.discard")}</span>
        </th>
      </tr>
    </thead>
  );
}

interface Ticks {
  /** Those that are ticked and can be checked. */
  chosen: ReadonlySet<string>;
  ticked: readonly string[];
  change: (listed: { ticked: string[] }) => void;
}

/** Every row is drawn. */
const ignore = () => undefined;

function Table({ rows, ticks, onOpen }: { rows: DraftRow[]; ticks: Ticks | null; onOpen: (id: string) => void }) {
  const { t, brief } = useTexts();
  const now = useMinute();
  const discard = useDiscardDraft();
  const lay = useLayOpen();
  const able = rows.filter(canBeChecked).map(({ id }) => id);
  const all = ticks !== null && able.length > 0 && able.every((id) => ticks.chosen.has(id));
  const open = (row: DraftRow) => {
    onOpen(row.id);
    if (row.dropped) lay(row);
    else go("draft", row.id);
  };
  const {
    table,
    tabIndexOf,
    onFocus,
    onKeyDown: move,
  } = useRowKeys(rows.length, { from: 0, to: rows.length - 1 }, ignore, rows);
  const tickAll = () => {
    const others = ticks?.ticked.filter((id) => !able.includes(id)) ?? [];
    ticks?.change({ ticked: all ? others : [...others, ...able] });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey } = event;
    if (key.toLowerCase() !== "a" || !(ctrlKey || metaKey)) {
      move(event);
      return;
    }
    if (ticks === null) return;
    tickAll();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus
    <table
      ref={table}
      className={cx("t", emptyCss.recent, s.list)}
      aria-rowcount={rows.length + 1}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
    >
      <caption className="sr">{t("draft.list")}</caption>
      <Head
        when={t("draft.changed")}
        tick={
          ticks && (
            <input
              type="checkbox"
              aria-label={t("draft.tickAll")}
              checked={all}
              disabled={able.length === 0}
              data-testid={testIds.draftTickAll}
              onChange={tickAll}
            />
          )
        }
      />
      <tbody>
        {rows.map((row, index) => {
          const name = companyOf(row, t);
          return (
            <tr
              key={row.id}
              className="open"
              aria-rowindex={index + 2}
              data-testid={testIds.draftRow}
              data-id={row.id}
              onClick={() => {
                open(row);
              }}
            >
              {ticks && (
                <td className={s.cTick}>
                  <input
                    type="checkbox"
                    aria-label={t("draft.tick", { company: name, period: row.period })}
                    checked={ticks.chosen.has(row.id)}
                    disabled={!canBeChecked(row)}
                    tabIndex={-1}
                    data-stop={canBeChecked(row) ? "tick" : undefined}
                    data-testid={testIds.draftTick}
                    data-id={row.id}
                    onClick={(event) => {
                      event.stopPropagation();
                    }}
                    onChange={(event) => {
                      const others = ticks.ticked.filter((id) => id !== row.id);
                      ticks.change({ ticked: event.target.checked ? [...others, row.id] : others });
                    }}
                  />
                </td>
              )}
              <td className={`ell ${s.cName ?? ""}`} data-full={name}>
                <a
                  className="plain b"
                  tabIndex={tabIndexOf(index)}
                  data-stop="main"
                  href={row.dropped ? address("filing") : address("draft", row.id)}
                  onClick={(event) => {
                    event.stopPropagation();
                    event.preventDefault();
                    open(row);
                  }}
                >
                  {name}
                </a>
                <span className="quiet"> · {t(row.dropped ? "draft.origin.file" : `draft.origin.${row.origin}`)}</span>
              </td>
              <td className="ell">{row.period}</td>
              <td className={cx("num", s.cSum)}>{amount(row.sum)}</td>
              <td className="ell">
                <RowState row={row} />
              </td>
              <td className={cx("num quiet", emptyCss.when)}>{brief(row.changed, now)}</td>
              <td className={s.cAct}>
                <Button
                  variant="tertiary"
                  small
                  icon={TrashIcon}
                  aria-label={t("draft.discardOf", { company: name, period: row.period })}
                  title={t("draft.discard")}
                  testId={testIds.draftDiscard}
                  data-id={row.id}
                  tabIndex={-1}
                  data-stop="discard"
                  needs="prepare"
                  onClick={(event) => {
                    event.stopPropagation();
                    discard(row);
                  }}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RowState({ row }: { row: DraftRow }) {
  const { t } = useTexts();
  if (row.empty) return <State tone="idle">{t("draft.state.empty")}</State>;
  if (row.invalid > 0) return <State tone="bad">{t("draft.state.invalid", { count: row.invalid })}</State>;
  if (row.deviating > 0) return <State tone="soon">{t("draft.state.deviating", { count: row.deviating })}</State>;
  return <State tone="idle">{t("draft.state.ready")}</State>;
}

function Basket({ rows }: { rows: DraftRow[] }) {
  const { t, dayFrom } = useTexts();
  const today = norwegianDay(useMinute());
  const restore = useRestoreDraft();
  return (
    <table className={cx("t", emptyCss.recent, s.list)}>
      <caption className={s.caption}>{t("draft.basket")}</caption>
      <Head when={t("draft.keptUntil")} />
      <tbody>
        {rows.map((row) => {
          const name = companyOf(row, t);
          return (
            <tr key={row.id} data-testid={testIds.draftGone} data-id={row.id}>
              <td className={`b ell ${s.cName ?? ""}`} data-full={name}>
                {name}
              </td>
              <td className="ell">{row.period}</td>
              <td className={cx("num", s.cSum)}>{amount(row.sum)}</td>
              <td className="quiet">{t("draft.state.gone")}</td>
              <td className={cx("num quiet", emptyCss.when)}>
                {row.keptUntil !== null && dayFrom(row.keptUntil, today)}
              </td>
              <td className={s.cAct}>
                <Button
                  variant="tertiary"
                  small
                  icon={ArrowUndoIcon}
                  aria-label={t("draft.restoreOf", { company: name, period: row.period })}
                  title={t("draft.restore")}
                  testId={testIds.draftRestore}
                  data-id={row.id}
                  needs="prepare"
                  onClick={() => {
                    restore(row.id);
                  }}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
