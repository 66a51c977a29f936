/** Commands whose answers are shown: of a card, a filing or the batch, as it stands, unless it was told of since. */
import type { BatchView, FilingView, ReturnCard } from "./bindings";
import { useCommand, type Command, type Then } from "./commands";
import { useOffice } from "./office";
import type { Moment } from "./told";

function useAnswered<A extends unknown[], T>(
  command: (...args: A) => Promise<T>,
  show: (asked: Moment, answer: T) => T,
  then: Then<T>,
): Command<A> {
  const { asked } = useOffice();
  return useCommand(
    async (...args: A) => {
      const at = asked();
      return { at, answer: await command(...args) };
    },
    {
      done: ({ at, answer }) => {
        const shown = show(at, answer);
        then.done?.(shown);
      },
      refused: then.refused,
    },
  );
}

/** A command that answers with a card. */
export function useCommandOnCard<A extends unknown[], T extends ReturnCard | null>(
  command: (...args: A) => Promise<T>,
  then: Then<T> = {},
): Command<A> {
  const { answerCard } = useOffice();
  const show = (asked: Moment, card: T) => {
    if (card) answerCard(asked, card);
    return card;
  };
  return useAnswered(command, show, then);
}

/** A command that answers with a filing; what comes then is given the newest of it. */
export function useCommandOnFiling<A extends unknown[]>(
  command: (...args: A) => Promise<FilingView>,
  then: Then<FilingView> = {},
): Command<A> {
  const { answerFiling } = useOffice();
  return useAnswered(command, answerFiling, then);
}

/** A command that answers with the batch. */
export function useCommandOnBatch<A extends unknown[]>(command: (...args: A) => Promise<BatchView>): Command<A> {
  const { answerBatch } = useOffice();
  const show = (asked: Moment, batch: BatchView) => {
    answerBatch(asked, batch);
    return batch;
  };
  return useAnswered(command, show, {});
}
