/** Innsending: nothing open, one return, or several. */
import { useEffect, useRef, useState } from "react";
import type { BatchView, ReturnCard } from "../../bindings";
import { focusPlace } from "../../parts/focus";
import { NarrowContext, useRoom } from "../../parts/layout";
import { useStart } from "../../office";
import { go, useRoute } from "../../router";
import { isOpen } from "./batchRows";
import { CardList } from "./CardList";
import { CardView } from "./CardView";
import { Empty } from "./Empty";
import s from "./batch.module.css";

const onlyOne = (cards: ReturnCard[], batch: BatchView | null) =>
  cards.length === 1 && !isOpen(batch) ? cards[0] : undefined;

export function FilingPlace() {
  const { cards, batch } = useStart();
  const { id } = useRoute();
  const only = onlyOne(cards, batch);
  const chosen = only ?? cards.find((card) => card.id === id);
  const shown = chosen?.id ?? null;
  const left = useLeft(shown);
  const room = useRoom();
  useFocusWhenEmptied(cards.length === 0);
  if (cards.length === 0) return <Empty />;
  if (chosen && !only && room !== "usual") {
    return (
      <div className={s.beside}>
        <CardList cards={cards} left={left} selected={chosen.id} />
        <NarrowContext value={room === "wide"}>
          <CardView key={chosen.id} card={chosen} several beside />
        </NarrowContext>
      </div>
    );
  }
  if (chosen) return <CardView key={chosen.id} card={chosen} several={!only} />;
  return <CardList cards={cards} left={left} />;
}

/** The card that was shown before. */
function useLeft(shown: string | null): string | null {
  const [seen, setSeen] = useState(shown);
  if (shown !== null && shown !== seen) setSeen(shown);
  return seen;
}

/** When the last card is closed, the reader goes on at the heading of what is shown then. */
function useFocusWhenEmptied(empty: boolean): void {
  const before = useRef(empty);
  useEffect(() => {
    if (empty && !before.current) focusPlace();
    before.current = empty;
  }, [empty]);
}

/** Whether it is the list of several returns that is shown. */
export const showsList = (cards: ReturnCard[], batch: BatchView | null, id: string | null): boolean =>
  cards.length > 0 && !onlyOne(cards, batch) && !cards.some((card) => card.id === id);

/** What is newly opened is shown: one return itself, several as the list, from whichever place one is in. */
export function useShowNewCards(): void {
  const { cards } = useStart();
  const before = useRef<ReadonlySet<string>>(new Set(cards.map(({ id }) => id)));
  useEffect(() => {
    const fresh = cards.filter(({ id }) => !before.current.has(id));
    before.current = new Set(cards.map(({ id }: ReturnCard) => id));
    if (fresh.length === 0) return;
    go("filing", fresh.length === 1 ? (fresh[0]?.id ?? null) : null);
  }, [cards]);
}
