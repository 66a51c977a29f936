/** The question before many returns are really filed. Starts on "Ikke nå". */
import { PaperplaneIcon } from "@navikt/aksel-icons";
import { useId } from "react";
import type { ReturnCard } from "../../bindings";
import { kr, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { sums } from "./batchRows";
import s from "../../parts/steps.module.css";

interface Props {
  chosen: ReturnCard[];
  /** How many of them deviate: Skatteetaten will see it. */
  odd: number;
  sending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function BatchConfirm({ chosen, odd, sending, onConfirm, onClose }: Props) {
  const { t } = useTexts();
  const { environment, session } = useStart();
  const id = useId();
  const { count, companies, toPay, refund } = sums(chosen);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.confirmDialog} environment={environment}>
      <h1 id={id}>{t("batch.confirmTitle", { count })}</h1>
      <p>{environment === "production" ? t("batch.confirmText") : t(`confirm.text.${environment}`)}</p>
      {odd > 0 && (
        <p>
          <State tone="soon">
            {t(environment === "practice" ? "batch.confirmOddPractice" : "batch.confirmOdd", { count: odd })}
          </State>
        </p>
      )}
      <div className={s.sumbox}>
        <p className="xs quiet">{t("return.toPay")}</p>
        <p className={s.v}>{kr(toPay)}</p>
        {refund !== "0" && (
          <p className="sm">
            {t("return.refund")} <b>{kr(unsigned(refund))}</b>
          </p>
        )}
      </div>
      <dl className={s.send}>
        <dt>{t("step2.for")}</dt>
        <dd>{t("batch.companies", { count: companies })}</dd>
        <dt>{t("step2.by")}</dt>
        <dd>{session?.name ?? session?.maskedId ?? t("step2.nobody")}</dd>
        <dt>{t("step2.to")}</dt>
        <dd>{t(`step2.to.${environment}`)}</dd>
      </dl>
      <div className="acts">
        <Button
          icon={PaperplaneIcon}
          testId={testIds.confirmFile}
          busy={sending}
          color={environment === "production" ? "accent" : environment}
          onClick={onConfirm}
        >
          {t("batch.confirmSend", { count })}
        </Button>
        <Button variant="tertiary" testId={testIds.confirmNot} data-autofocus onClick={onClose}>
          {t("action.notNow")}
        </Button>
      </div>
    </Dialog>
  );
}
