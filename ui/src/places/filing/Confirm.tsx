/** The question before a return is really filed, and before one that was filed is replaced. Starts on "Ikke nå". */
import { PaperplaneIcon } from "@navikt/aksel-icons";
import { useId } from "react";
import type { TFunction } from "i18next";
import type { EarlierView, ReturnCard } from "../../bindings";
import { isNothing, isRefund, kr, midSentence, nameOf, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { differenceSays } from "./Changes";
import { Sender } from "./Sender";
import { rejectedBefore } from "./standing";
import s from "../../parts/steps.module.css";

/** What the new version changes, in a sentence. */
function correctionSays({ difference, rejected }: EarlierView, t: TFunction): string {
  if (difference.none) return t(rejected ? "correction.noneRejected" : "correction.none");
  const count = difference.lines.filter(({ change }) => change !== "same").length;
  return t("correction.changes", { count, before: kr(difference.assessedBefore), after: kr(difference.assessedAfter) });
}

interface Props {
  card: ReturnCard;
  correction: boolean;
  sending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ card, correction, sending, onConfirm, onClose }: Props) {
  const { t, fullDay, language } = useTexts();
  const { environment } = useStart();
  const id = useId();
  const { content } = card;
  if (!content) return null;
  const rejected = rejectedBefore(card);
  const refund = isRefund(content.assessedVat);
  const nothing = isNothing(content.assessedVat);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.confirmDialog} environment={environment}>
      <h1 id={id}>
        {correction
          ? t(rejected ? "correction.titleRejected" : "correction.title")
          : environment === "production"
            ? t("confirm.title")
            : t(`confirm.title.${environment}`)}
      </h1>
      <p>
        {correction &&
          `${t(rejected ? "correction.textRejected" : "correction.text", { period: midSentence(content.period, language) })} `}
        {correction && card.earlier && `${correctionSays(card.earlier, t)} `}
        {environment === "production" ? t("confirm.text") : t(`confirm.text.${environment}`)}
      </p>
      <div className={s.sumbox}>
        <p className="xs quiet">
          {refund
            ? t("return.refund")
            : nothing
              ? t(content.groups.length === 0 && !card.brief ? "return.nil" : "pay.nothing")
              : content.deadline === null
                ? t("return.toPay")
                : t("confirm.due", { date: fullDay(content.deadline) })}
        </p>
        <p className={s.v}>{kr(unsigned(content.assessedVat))}</p>
        {correction && card.earlier && (
          <p className="b sm" data-testid={testIds.confirmDifference}>
            {differenceSays(card.earlier, t)}
          </p>
        )}
        <p className="sm">
          {nameOf(content)} · {midSentence(content.period, language)}
        </p>
      </div>
      <Sender card={card} />
      <div className="acts">
        <Button
          icon={PaperplaneIcon}
          testId={correction ? testIds.confirmCorrection : testIds.confirmFile}
          busy={sending}
          color={environment === "production" ? "accent" : environment}
          onClick={onConfirm}
        >
          {correction && !rejected ? t(`correction.send.${environment}`) : t(`step2.send.${environment}`)}
        </Button>
        <Button variant="tertiary" testId={testIds.confirmNot} data-autofocus onClick={onClose}>
          {t("action.notNow")}
        </Button>
      </div>
    </Dialog>
  );
}
