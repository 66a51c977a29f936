/** Several returns: the table, what can be done with all of them, and the batch that files them. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { ErrorView, ReturnCard } from "../../bindings";
import { useAnnounce } from "../../parts/announce";
import { focusPlace } from "../../parts/focus";
import { useNarrow } from "../../parts/layout";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { testIds } from "../../testids";
import { DraftsLink } from "../drafts/DraftList";
import { BatchFoot } from "./BatchFoot";
import { BatchHead } from "./BatchHead";
import { BatchTable } from "./BatchTable";
import { filters, found, isOpen, passes, rowOf, sorted, type Filter } from "./batchRows";
import { cx } from "../../parts/cx";
import fieldsCss from "../../parts/fields.module.css";
import chipsCss from "../../parts/chips.module.css";
import s from "./batch.module.css";

/** `left` is the card that one comes back from: its row is where the reader goes on. */
export function CardList({
  cards,
  left,
  selected = null,
}: {
  cards: ReturnCard[];
  left: string | null;
  /** The card that is shown beside the list. */
  selected?: string | null;
}) {
  const { t } = useTexts();
  const { session, batch } = useStart();
  const [filter, setFilter] = useState<Filter>("all");
  const [text, setText] = useState("");
  // What is ready is ticked until it is unticked; what deviates is not before somebody ticks it.
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [leftOut, setLeftOut] = useState<ReadonlyMap<string, ErrorView>>(new Map());
  // Typing stays smooth: the table follows when it can.
  const search = useDeferredValue(text);
  const open = isOpen(batch);
  const narrow = useNarrow();
  const rows = useMemo(
    () =>
      sorted(
        cards.map((card) => rowOf(card, session)),
        open,
      ),
    [cards, session, open],
  );
  const chips = filters(rows, open);
  const shownFilter = chips.some((chip) => chip.filter === filter) ? filter : "all";
  const shown = useMemo(
    () =>
      found(
        rows.filter((row) => passes(row, shownFilter)),
        search,
      ),
    [rows, shownFilter, search],
  );
  const ready = useMemo(() => rows.filter(({ bucket }) => bucket === "ready").map(({ card }) => card), [rows]);
  const odd = useMemo(() => rows.filter(({ bucket }) => bucket === "odd").map(({ card }) => card), [rows]);
  const chosen = useMemo(
    () => [...ready.filter(({ id }) => !turned.has(id)), ...odd.filter(({ id }) => turned.has(id))],
    [ready, odd, turned],
  );
  const oddIds = useMemo(() => new Set(odd.map(({ id }) => id)), [odd]);
  // What all have in common needs no column where there is little room.
  const periods = new Set(cards.flatMap(({ content }) => content?.period ?? []));
  useSayings(rows.length);
  // The table, drawn before this, has taken the reader to the row that was left, if it still is there.
  useEffect(() => {
    const row = document.activeElement?.closest(`[data-testid="${testIds.cardRow}"]`);
    if (!row) focusPlace();
  }, []);
  return (
    <div
      className={periods.size < 2 ? cx("col", s.batch, s.onePeriod) : cx("col", s.batch)}
      data-testid={testIds.batch}
      data-state={batch?.state ?? "none"}
    >
      <BatchHead
        rows={rows}
        chosen={chosen}
        odd={chosen.filter(({ id }) => oddIds.has(id)).length}
        onLeftOut={(left) => {
          setLeftOut(new Map(left.map(({ card, error }) => [card, error])));
        }}
      />
      <DraftsLink />
      <div className="row wrap filters">
        {narrow ? (
          <select
            className={cx("ds-input", fieldsCss.pick)}
            aria-label={t("batch.filter")}
            value={shownFilter}
            data-testid={testIds.batchFilterPick}
            onChange={(event) => {
              setFilter(event.target.value as Filter);
            }}
          >
            {chips.map((chip) => (
              <option key={chip.filter} value={chip.filter}>
                {`${t(`batch.filter.${chip.filter}`)} (${String(chip.count)})`}
              </option>
            ))}
          </select>
        ) : (
          <div className={cx("row wrap", chipsCss.chips, "grow")} role="radiogroup" aria-label={t("batch.filter")}>
            {chips.map((chip) => (
              <label
                key={chip.filter}
                className="ds-chip"
                data-color="neutral"
                data-testid={testIds.batchFilter}
                data-filter={chip.filter}
              >
                <input
                  type="radio"
                  name="batch-filter"
                  checked={chip.filter === shownFilter}
                  onChange={() => {
                    setFilter(chip.filter);
                  }}
                />
                {t(`batch.filter.${chip.filter}`)} <span className={chipsCss.cn}>{chip.count}</span>
              </label>
            ))}
          </div>
        )}
        <div className={cx("ds-search", s.findBox)}>
          <input
            className="ds-input"
            type="search"
            value={text}
            placeholder={t("batch.search")}
            aria-label={t("batch.search")}
            data-testid={testIds.batchSearch}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
        </div>
      </div>
      <div className="paper tablebox">
        {shown.length === 0 ? (
          <p className="quiet pad">{t("batch.noHits")}</p>
        ) : (
          <BatchTable
            rows={shown}
            left={left}
            selected={selected}
            leftOut={leftOut}
            ticks={
              ready.length + odd.length === 0
                ? null
                : {
                    ready: ready.length,
                    chosen: new Set(chosen.map(({ id }) => id)),
                    tick: (ids, on) => {
                      setTurned((old) => {
                        const next = new Set(old);
                        for (const id of ids) {
                          if (on === oddIds.has(id)) next.add(id);
                          else next.delete(id);
                        }
                        return next;
                      });
                    },
                    all: ready.map(({ id }) => id),
                  }
            }
          />
        )}
        <BatchFoot chosen={chosen} />
      </div>
    </div>
  );
}

/** What a screen reader hears: the turns of a batch, not every step of it. */
function useSayings(count: number): void {
  const { t } = useTexts();
  const { batch } = useStart();
  const announce = useAnnounce();
  const state = batch?.state ?? null;
  const said = useRef(state);
  const latest = useRef({ batch, count });
  useEffect(() => {
    latest.current = { batch, count };
  });
  useEffect(() => {
    const before = said.current;
    said.current = state;
    const now = latest.current.batch;
    if (before === state || !now || state === null) return;
    if (state === "done") announce(t("batch.received", { count: now.received, total: now.total }));
    else announce(t(`batch.say.${state}`, { count: now.total }));
  }, [state, announce, t]);
  // Every tenth of the way, so that one hears that it goes on.
  const tenth = batch && batch.total >= 10 ? Math.floor((batch.received * 10) / batch.total) : 0;
  const heard = useRef(tenth);
  useEffect(() => {
    const now = latest.current.batch;
    if (tenth > heard.current && tenth < 10 && now) {
      announce(t("batch.received", { count: now.received, total: now.total }));
    }
    heard.current = tenth;
  }, [tenth, announce, t]);
}
