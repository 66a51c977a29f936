/** A filing that is filled in and waits to be signed: by whom it was prepared, and who may sign it here. */
import { PencilWritingIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import { useCommandOnFiling } from "../../answers";
import type { FilingView } from "../../bindings";
import { capital, isRefund, kr, midSentence, nameOf, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { cx } from "../../parts/cx";
import s from "../../parts/steps.module.css";

/** Whether another person than the one who filled it in is signed in here, and so may sign it. */
export function useMaySign(filing: FilingView | null): boolean {
  const { session } = useStart();
  return (
    filing?.row.state === "waitingSignature" && session !== null && session.authorizationId !== filing.authorizationId
  );
}

/** Signing another's preparation: whose it is and what it says stands above the button, and it is asked once more. */
export function Signature({ filing }: { filing: FilingView }) {
  const { t, language } = useTexts();
  const { session, environment } = useStart();
  const { row } = filing;
  return (
    <section className={cx(s.step, "stack")} data-testid={testIds.signature}>
      <h3>{t("signature.yours")}</h3>
      <dl className={s.send}>
        <dt>{t("step2.for")}</dt>
        <dd>
          {nameOf(row)}, {midSentence(row.period, language)}
        </dd>
        <dt>{t("signature.preparedBy")}</dt>
        <dd>{row.filedBy ?? t("value.nameless")}</dd>
        <dt>{t("signature.signedBy")}</dt>
        <dd>{session?.name ?? session?.maskedId ?? ""}</dd>
        <dt>{t("step2.to")}</dt>
        <dd>{t(`step2.to.${environment}`)}</dd>
      </dl>
      <SignButton filing={filing} />
      <p className="xs quiet">{t("signature.asks")}</p>
    </section>
  );
}

/** The button with its question, which says whose the return is and what it comes to. */
export function SignButton({ filing, wide = true }: { filing: FilingView; wide?: boolean }) {
  const { t, language } = useTexts();
  const backend = useBackend();
  const { environment } = useStart();
  const [asking, setAsking] = useState(false);
  const id = useId();
  const sign = useCommandOnFiling(() => backend.continueFiling(filing.id), {
    done: () => {
      setAsking(false);
    },
    refused: () => {
      setAsking(false);
      return false;
    },
  });
  const { row } = filing;
  const sum = t(isRefund(row.assessedVat) ? "signature.refund" : "signature.toPay", {
    amount: kr(unsigned(row.assessedVat)),
  });
  return (
    <>
      <Button
        icon={PencilWritingIcon}
        wide={wide}
        testId={testIds.sign}
        needs="file"
        of={filing.row.orgNumber}
        color={environment === "production" ? "accent" : environment}
        busy={sign.running}
        onClick={() => {
          setAsking(true);
        }}
      >
        {t(`signature.sign.${environment}`)}
      </Button>
      {asking && (
        <Dialog
          labelledBy={id}
          testId={testIds.signDialog}
          onClose={() => {
            setAsking(false);
          }}
        >
          <h1 id={id}>{t("signature.question")}</h1>
          <p>{capital(t("signature.questionText", { name: row.filedBy ?? t("value.person") }))}</p>
          <div className={s.sumbox}>
            <p className={s.v}>{sum}</p>
            <p className="sm">
              {nameOf(row)} · {midSentence(row.period, language)}
            </p>
          </div>
          <div className="acts">
            <Button
              icon={PencilWritingIcon}
              testId={testIds.confirmSign}
              busy={sign.running}
              color={environment === "production" ? "accent" : environment}
              onClick={sign.run}
            >
              {t(`signature.sign.${environment}`)}
            </Button>
            <Button
              variant="tertiary"
              data-autofocus
              onClick={() => {
                setAsking(false);
              }}
            >
              {t("action.notNow")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
