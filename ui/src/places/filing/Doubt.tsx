/** The question before a return is filed although nobody could find out whether it has been: the history was lost. */
import { useId } from "react";
import type { ErrorView, ReturnCard } from "../../bindings";
import { errorDetails } from "../../errors";
import { midSentence, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";

interface Props {
  card: ReturnCard;
  error: ErrorView;
  /** The history is whole: something that was delivered cannot be read. */
  unreadable?: boolean;
  sending: boolean;
  onRetry: () => void;
  onConfirm: () => void;
  onClose: () => void;
}

export function Doubt({ card, error, unreadable = false, sending, onRetry, onConfirm, onClose }: Props) {
  const { t, language } = useTexts();
  const id = useId();
  const { content } = card;
  if (!content) return null;
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.doubtDialog}>
      <h1 id={id}>{t("doubt.title")}</h1>
      <p>
        {t(unreadable ? "doubt.unreadable" : "doubt.text", {
          company: nameOf(content),
          period: midSentence(content.period, language),
        })}
      </p>
      <p className="b">{t("doubt.todo")}</p>
      <div className="acts">
        <Button testId={testIds.doubtRetry} busy={sending} data-autofocus onClick={onRetry}>
          {t("remedy.retry")}
        </Button>
        <Button variant="secondary" testId={testIds.doubtFile} busy={sending} onClick={onConfirm}>
          {t("doubt.send")}
        </Button>
        <Button variant="tertiary" testId={testIds.confirmNot} onClick={onClose}>
          {t("action.notNow")}
        </Button>
        <span className="grow" />
        <Copy text={errorDetails(error)} what={t("action.details")} label={t("action.copyDetails")} />
      </div>
    </Dialog>
  );
}
