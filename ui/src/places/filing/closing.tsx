/** Closing returns that lie open: one or all, with a question where something would be lost, and the way back. */
import { XMarkIcon } from "@navikt/aksel-icons";
import { useId, useState, type ReactNode } from "react";
import { useTell } from "../../parts/announce";
import type { ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { isOver } from "./standing";

/** Whether a return may be closed: one that is under way stays. */
export const mayClose = ({ filing }: ReturnCard): boolean => filing === null || isOver(filing);

/** What would be gone with it that the file on the disk does not hold. */
const attachmentsOf = (cards: readonly ReturnCard[]): number =>
  cards.filter(({ filing }) => filing === null).reduce((sum, { attachments }) => sum + attachments.length, 0);

const titleOf = ({ content, fileName }: ReturnCard): string => (content ? nameOf(content) : fileName);

/** Closes at once, says so, and offers to undo it. */
export function useClose(): (cards: readonly ReturnCard[]) => void {
  const { t } = useTexts();
  const backend = useBackend();
  const { change } = useOffice();
  const tell = useTell();
  const reopen = useCommand(() => backend.reopenCards());
  const close = useCommand(
    async (cards: readonly ReturnCard[]) => {
      const ids = cards.map(({ id }) => id);
      if (ids.length === 1 && ids[0] !== undefined) await backend.closeCard(ids[0]);
      else await backend.closeCards(ids);
      return cards;
    },
    {
      done: (cards) => {
        const gone = new Set(cards.map(({ id }) => id));
        change((old) => ({ ...old, cards: old.cards.filter(({ id }) => !gone.has(id)) }));
        const [first] = cards;
        tell(t("close.closed", { count: cards.length, name: first ? titleOf(first) : "" }), {
          label: t("action.undo"),
          run: reopen.run,
        });
      },
    },
  );
  return close.run;
}

/** Closes one return; `question` is what may have to be answered first. */
export function useCloseCard(card: ReturnCard): { close: () => void; question: ReactNode } {
  const [asking, setAsking] = useState(false);
  const close = useClose();
  return {
    close: () => {
      if (attachmentsOf([card]) > 0) setAsking(true);
      else close([card]);
    },
    question: asking && (
      <Question
        cards={[card]}
        onClose={() => {
          setAsking(false);
        }}
      />
    ),
  };
}

/** "Lukk alle": everything that is not under way. */
export function CloseAll({ cards }: { cards: readonly ReturnCard[] }) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  const closable = cards.filter(mayClose);
  if (closable.length === 0) return null;
  return (
    <>
      <Button
        variant="tertiary"
        icon={XMarkIcon}
        testId={testIds.closeAll}
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("close.all")}
      </Button>
      {asking && (
        <Question
          cards={closable}
          left={cards.length - closable.length}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

function Question({
  cards,
  left = 0,
  onClose,
}: {
  cards: readonly ReturnCard[];
  /** So many are under way and stay. */
  left?: number;
  onClose: () => void;
}) {
  const { t } = useTexts();
  const id = useId();
  const close = useClose();
  const [first] = cards;
  const unsent = cards.filter(({ filing, content }) => filing === null && content !== null).length;
  const attachments = attachmentsOf(cards);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.closeDialog}>
      <h1 id={id}>{t("close.title", { count: cards.length, name: first ? titleOf(first) : "" })}</h1>
      <p>
        {[
          unsent > 0 && t("close.notSent", { count: unsent }),
          attachments > 0 && t("close.attachments", { count: attachments }),
          left > 0 && t("close.under"),
          t("close.text"),
        ]
          .filter((part) => part !== false)
          .join(" ")}
      </p>
      <div className="acts">
        <Button
          testId={testIds.closeConfirm}
          onClick={() => {
            onClose();
            close(cards);
          }}
        >
          {cards.length > 1 ? t("close.all") : t("action.close")}
        </Button>
        <Button variant="tertiary" data-autofocus onClick={onClose}>
          {t("action.keep")}
        </Button>
      </div>
    </Dialog>
  );
}
