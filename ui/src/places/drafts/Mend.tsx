/** From a card to a draft and back: mending a faulty export, what was made here, a spreadsheet that was dropped. */
import { TableIcon, WrenchIcon } from "@navikt/aksel-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ReturnCard, SheetView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { draftKey, draftsKey, useBackend, useOffice } from "../../office";
import { useTell } from "../../parts/announce";
import { Button } from "../../parts/Button";
import { address, go } from "../../router";
import { isEarly } from "../../parts/early";
import { testIds } from "../../testids";
import { SheetDialog } from "./SheetDialog";
import { cx } from "../../parts/cx";
import cardCss from "../../parts/card.module.css";

function useMend(card: ReturnCard): () => void {
  const backend = useBackend();
  const client = useQueryClient();
  const { change } = useOffice();
  return useCommand(() => backend.mendCard(card.id), {
    done: (draft) => {
      client.setQueryData([...draftKey, draft.id], draft);
      void client.invalidateQueries({ queryKey: draftsKey });
      go("draft", draft.id);
      change((old) => ({ ...old, cards: old.cards.filter(({ id }) => id !== card.id) }));
    },
  }).run;
}

/** "Rett dette": what a machine can mend is mended in a draft, each change listed; the file stays what it was. */
export function MendButton({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const mend = useMend(card);
  return (
    <p className="mt3">
      <Button small icon={WrenchIcon} needs="prepare" testId={testIds.mend} onClick={mend}>
        {t("mend.do")}
      </Button>
    </p>
  );
}

/** What cannot be filed yet lies among the drafts until it can. */
export function KeepAsDraft({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  return (
    <Button needs="prepare" testId={testIds.keepDraft} data-shortcut="primary" onClick={useMend(card)}>
      {t("mend.keep")}
    </Button>
  );
}

/** The same below the lines of a return that can be read, where nothing needs to be wrong with it. */
export function MendLine({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const mend = useMend(card);
  const save = useCommand(() => backend.exportCard(card.id), {
    done: (saved) => {
      if (saved) tell(t("draft.exported"));
    },
  });
  const faulty = (card.check.findings.length > 0 || card.check.causes.length > 0) && !isEarly(card.check);
  return (
    <div className={cx(cardCss.files, "row wrap")}>
      <Button small variant="tertiary" icon={WrenchIcon} needs="prepare" testId={testIds.mend} onClick={mend}>
        {t(faulty ? "mend.do" : "mend.edit")}
      </Button>
      <Button small variant="tertiary" icon={TableIcon} onClick={save.run}>
        {t("card.saveSheet")}
      </Button>
    </div>
  );
}

/** Below a card's heading: that it was written or mended here, with the way back to its draft. */
export function MadeHere({ card }: { card: ReturnCard }) {
  const { t, at } = useTexts();
  return (
    <p className="xs quiet mt05" data-testid={testIds.cardDraft}>
      {t(card.mended ? "card.mended" : "card.written")} {at(card.readAt)}
      {card.filing === null && card.draft !== null && (
        <>
          {" · "}
          <a className="ds-link" href={address("draft", card.draft)}>
            {t("card.toDraft")}
          </a>
        </>
      )}
    </p>
  );
}

export function SheetOfCard({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const backend = useBackend();
  const [sheet, setSheet] = useState<SheetView | null>(null);
  const open = useCommand(() => backend.openCardSheet(card.id), { done: setSheet });
  return (
    <>
      <Button small icon={TableIcon} needs="prepare" testId={testIds.sheetOfCard} onClick={open.run}>
        {t("beside.sheet")}
      </Button>
      {sheet && (
        <SheetDialog
          sheet={sheet}
          writing={null}
          onClose={() => {
            setSheet(null);
          }}
        />
      )}
    </>
  );
}
