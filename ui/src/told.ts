/**
 * Which of two accounts of one thing is the newer: what the office has told, or a command's answer.
 *
 * Every change is told, and a command's answer says how things stood when it was made. What was told after the command was
 * given may have been made later, so the answer is not shown over it: a filing that stopped at once would be shown as it
 * began, for good.
 */
import type { BatchView, FilingView, OfficeEvent, ReturnCard, StartView } from "./bindings";

/** A moment in what has been told: how many events there had been. */
export type Moment = number;

/** What has been told of cards, filings and the batch, and when. */
export class Told {
  #now: Moment = 0;
  readonly #last = new Map<string, Moment>();

  /** The moment at which a command is given. */
  now(): Moment {
    return this.#now;
  }

  /** Takes note of an event. */
  note(event: OfficeEvent): void {
    this.#now += 1;
    const of =
      event.kind === "filing"
        ? event.filing.id
        : event.kind === "card"
          ? event.card.id
          : event.kind === "cards" || event.kind === "batch"
            ? event.kind
            : undefined;
    if (of !== undefined) this.#last.set(of, this.#now);
  }

  /** Whether something has been told since; of whatever has one of these ids. */
  since(asked: Moment, ...ids: string[]): boolean {
    return ids.some((id) => (this.#last.get(id) ?? 0) > asked);
  }

  /** The start view with a card as a command's answer shows it, unless it was told of since. */
  withCard(start: StartView, asked: Moment, card: ReturnCard): StartView {
    const { cards } = start;
    const known = cards.find(({ id }) => id === card.id);
    if (!known) return { ...start, cards: [...cards, card] };
    if (this.since(asked, "cards", card.id)) return start;
    const filing =
      card.filing && known.filing?.id === card.filing.id && this.since(asked, card.filing.id)
        ? known.filing
        : card.filing;
    return { ...start, cards: cards.map((old) => (old === known ? { ...card, filing } : old)) };
  }

  /** A filing as a command's answer shows it, or as it was told since. */
  filing(asked: Moment, answer: FilingView, told: FilingView | undefined): FilingView {
    return told && this.since(asked, answer.id) ? told : answer;
  }

  /** The start view with the batch as a command's answer shows it, unless it was told of since. */
  withBatch(start: StartView, asked: Moment, batch: BatchView | null): StartView {
    return this.since(asked, "batch") ? start : { ...start, batch };
  }
}
