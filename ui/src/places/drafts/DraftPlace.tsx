/** A draft being written: its head and lines at the left, what the rules say and what comes next at the right. */
import { ArrowLeftIcon } from "@navikt/aksel-icons";
import { useCallback, useDeferredValue, useEffect, useState } from "react";
import type { SheetView } from "../../bindings";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { ErrorCard } from "../../parts/ErrorCard";
import { useNarrow } from "../../parts/layout";
import { address, go, useRoute } from "../../router";
import { testIds } from "../../testids";
import { Bands } from "./Bands";
import { DraftDock } from "./DraftDock";
import { DraftHead } from "./DraftHead";
import { DraftsPage } from "./DraftList";
import { Footing } from "./Footing";
import { Grid } from "./Grid";
import { SheetDialog } from "./SheetDialog";
import { Side } from "./Side";
import { useWriting, type Writing } from "./useWriting";
import { cx } from "../../parts/cx";
import cardCss from "../../parts/card.module.css";

export function DraftPlace() {
  const { id } = useRoute();
  return id === null ? <DraftsPage /> : <Draft key={id} id={id} />;
}

function Draft({ id }: { id: string }) {
  const { t } = useTexts();
  const { writing, refused } = useWriting(id);
  if (refused !== null && refused !== undefined) {
    return (
      <div className={cardCss.cardview}>
        <Back />
        <div className={cx("paper", cardCss.unreadable)}>
          <ErrorCard
            error={errorView(refused)}
            remedies={{}}
            heading="h1"
            onClose={() => {
              go("filing");
            }}
          />
        </div>
      </div>
    );
  }
  if (!writing) {
    return (
      <div className={cardCss.cardview} aria-busy>
        <Back />
      </div>
    );
  }
  return (
    <div className={cardCss.cardview} data-testid={testIds.draft} data-id={id} data-revision={writing.view.revision}>
      <Back />
      {writing.view.discarded && <p className="sm quiet">{t("draft.state.gone")}</p>}
      <Editor writing={writing} />
    </div>
  );
}

function Back() {
  const { t } = useTexts();
  return (
    <p className={cardCss.back}>
      <a className="ds-link sm row" href={address("filing")} data-testid={testIds.draftBack} data-back>
        <ArrowLeftIcon className="i s" aria-hidden />
        {t("place.filing")}
      </a>
    </p>
  );
}

function Editor({ writing }: { writing: Writing }) {
  const { t } = useTexts();
  const backend = useBackend();
  const narrow = useNarrow();
  const { view, undo } = writing;
  const [sheet, setSheet] = useState<SheetView | null>(null);
  const paste = useCommand((text: string | null) => backend.pasteSheet(view.id, text), { done: setSheet });
  // What the rules say gives way to the next key.
  const settled = useDeferredValue(writing);
  useUndoKeys(undo);
  const close = useCallback(() => {
    setSheet(null);
  }, []);
  const main = (
    <article
      className={cx("paper", cardCss.ret)}
      aria-label={t("draft.word")}
      onPaste={(event) => {
        const text = event.clipboardData.getData("text/plain");
        // One cell is pasted where one stands; a table is looked at first.
        if (!/[\t\n]/.test(text.trim())) return;
        event.preventDefault();
        paste.run(text);
      }}
    >
      <DraftHead writing={writing} />
      <Bands writing={writing} />
      <Grid
        writing={writing}
        onPaste={() => {
          paste.run(null);
        }}
      />
      <Footing writing={writing} />
    </article>
  );
  return (
    <>
      {narrow ? (
        <div className={cx(cardCss.work, cardCss.narrow)}>
          {main}
          <DraftDock writing={settled} />
        </div>
      ) : (
        <div className={cx("split", cardCss.work)}>
          {main}
          <Side writing={settled} />
        </div>
      )}
      {sheet && <SheetDialog sheet={sheet} writing={writing} onClose={close} />}
    </>
  );
}

/** Ctrl Z takes back a change that was made, wherever one is; while something is being typed, the field's own does. */
function useUndoKeys(undo: (again: boolean) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
      const key = event.key.toLowerCase();
      const again = key === "y" || (key === "z" && event.shiftKey);
      if (!again && key !== "z") return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      // What is being typed is kept first, so that it is what is taken back.
      if (document.activeElement instanceof HTMLInputElement) {
        const field = document.activeElement;
        field.blur();
        field.focus();
      }
      undo(again);
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, [undo]);
}
