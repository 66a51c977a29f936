/** What the office register has to say to a return that is to be filed: who else files it, and what a person can do where it hinders her. */
import { InformationSquareIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import type { ErrorView, FilingView, ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { midSentence, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Doubt } from "./Doubt";
import noteCss from "../../parts/note.module.css";

/** Another desk of the office register files the period at this moment: who tries all the same is stopped before anything is sent. */
export function Elsewhere({ card }: { card: ReturnCard }) {
  const { t, brief } = useTexts();
  const now = useMinute();
  const note = card.notes.find((it) => it.kind === "elsewhere");
  if (note?.kind !== "elsewhere") return null;
  const { person, desk, since, delivering } = note;
  return (
    <div className={noteCss.noteBox} role="status" data-testid={testIds.elsewhere}>
      <Icon of={InformationSquareIcon} />
      <p className="sm">
        <b>{t("elsewhere.title")}</b>{" "}
        {t(delivering ? "elsewhere.delivering" : "elsewhere.text", { person, desk, since: brief(since, now) })}
      </p>
    </div>
  );
}

/** The office register makes the program look at what lies in Altinn, and something there cannot be read: a person looks. */
export function Looked({
  card,
  error,
  onRetry,
}: {
  card: ReturnCard;
  error: ErrorView;
  onRetry: (() => void) | undefined;
}) {
  const { t } = useTexts();
  const backend = useBackend();
  const [asks, setAsks] = useState(false);
  const close = () => {
    setAsks(false);
  };
  const goOn = useCommand(() => backend.fileWithoutAltinn(card.id), { done: close });
  return (
    <>
      <div className="row mt3">
        <Button
          small
          variant="secondary"
          needs="file"
          of={card.content?.orgNumber}
          testId={testIds.doubtLooked}
          onClick={() => {
            setAsks(true);
          }}
        >
          {t("doubt.looked")}
        </Button>
      </div>
      {asks && (
        <Doubt
          card={card}
          error={error}
          unreadable
          sending={goOn.running}
          onRetry={() => {
            close();
            onRetry?.();
          }}
          onConfirm={goOn.run}
          onClose={close}
        />
      )}
    </>
  );
}

/** To file without the office register's word, where the firm permits it: after a question that names the risk. */
export function WithoutRegister({ filing }: { filing: FilingView }) {
  const { t, language } = useTexts();
  const backend = useBackend();
  const { register } = useStart();
  const [asks, setAsks] = useState(false);
  const close = () => {
    setAsks(false);
  };
  const goOn = useCommand(() => backend.goWithoutRegister(filing.id), { done: close });
  const id = useId();
  if (register?.without !== true) return null;
  return (
    <>
      <div className="row mt3">
        <Button
          small
          variant="secondary"
          needs="file"
          of={filing.row.orgNumber}
          testId={testIds.withoutRegister}
          onClick={() => {
            setAsks(true);
          }}
        >
          {t("register.without")}
        </Button>
      </div>
      {asks && (
        <Dialog labelledBy={id} onClose={close} testId={testIds.withoutRegisterDialog}>
          <h1 id={id}>{t("register.without.title")}</h1>
          <p>
            {t("register.without.text", {
              company: nameOf(filing.row),
              period: midSentence(filing.row.period, language),
            })}
          </p>
          <p className="b">{t("register.without.todo")}</p>
          <div className="acts">
            <Button testId={testIds.confirmNot} data-autofocus onClick={close}>
              {t("register.without.wait")}
            </Button>
            <Button variant="secondary" testId={testIds.withoutRegisterConfirm} busy={goOn.running} onClick={goOn.run}>
              {t("register.without.send")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
