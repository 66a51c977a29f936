/** Step 2, Send inn: shut with its reason, open, running, or how it ended. */
import {
  CheckmarkIcon,
  EnterIcon,
  ExclamationmarkIcon,
  HourglassIcon,
  InformationSquareIcon,
  PadlockLockedIcon,
  PaperplaneIcon,
  XMarkIcon,
} from "@navikt/aksel-icons";
import { useState } from "react";
import { useCommandOnCard, useCommandOnFiling } from "../../answers";
import type { ErrorView, FilingState, FilingView, ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { useSignIn } from "../../signin/SignIn";
import { listed, nameOf } from "../../i18n/format";
import { problemOf } from "../../errors";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { Answer, hasAnswer } from "./Answer";
import { Confirm } from "./Confirm";
import { Doubt } from "./Doubt";
import { Elsewhere, Looked, WithoutRegister } from "./OfficeRegister";
import { useFilingRemedies } from "./cardCommands";
import { Progress, stepCount } from "./Progress";
import { Sender } from "./Sender";
import { Signature, useMaySign } from "./Signature";
import { hasEnded, isDelivered, isMoving, rejectedBefore, type ShutReason, type Standing } from "./standing";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";
import s from "../../parts/steps.module.css";

const looks: Readonly<Record<FilingState, string>> = {
  queued: "",
  running: "now",
  waiting: "odd",
  waitingSignature: "odd",
  waitingAnswer: "now",
  received: "done",
  rejected: "bad",
  unclear: "odd",
  refused: "bad",
  abandoned: "",
};

interface Props {
  card: ReturnCard;
  where: Standing;
  onJump?: (() => void) | undefined;
}

export function FileStep({ card, where, onJump }: Props) {
  switch (where.file.kind) {
    case "shut":
      return <Shut card={card} where={where} reason={where.file.reason} />;
    case "open":
      return <Open card={card} where={where} />;
    case "filing":
      return <Filing card={card} filing={where.file.filing} onJump={onJump} />;
  }
}

function Shut({ card, where, reason }: { card: ReturnCard; where: Standing; reason: ShutReason }) {
  const { t } = useTexts();
  const { signIn } = useSignIn();
  const { check } = card;
  return (
    <section className={cx(s.step, s.shut)} data-testid={testIds.step2} data-state="shut" aria-labelledby="step-2">
      <h2 id="step-2">
        <span className={s.no}>2</span>
        <span className="grow">{t("step2.title")}</span>
        <Icon of={PadlockLockedIcon} small />
      </h2>
      <div className={s.body}>
        {reason.kind === "noAltinn" && check.problem?.code === reason.error.code ? (
          // Step 1 says what is the matter, and what helps.
          <p className="sm quiet" id="step-2-reason" data-testid={testIds.step2Reason}>
            {t("step2.shut.noAltinn")}
          </p>
        ) : reason.kind === "noAltinn" ? (
          <ErrorCard
            error={reason.error}
            heading="h3"
            primary={check.problem === null}
            remedies={{
              signIn: () => {
                signIn();
              },
              signInAsAnother: () => {
                signIn({ asAnother: true });
              },
            }}
          />
        ) : (
          <p className="sm quiet" id="step-2-reason" data-testid={testIds.step2Reason}>
            {reason.kind === "correct"
              ? t("step2.shut", {
                  count: reason.findings.length,
                  n: listed(reason.findings.map(String), t("list.and")),
                })
              : reason.kind === "attachment"
                ? t("step2.shut.attachment", { count: reason.count })
                : t(`step2.shut.${reason.kind}`)}
          </p>
        )}
        {reason.kind === "attachment" && <RemoveWrong card={card} />}
        {reason.kind === "signedOut" && check.authorityAt !== null && (
          <Button
            icon={EnterIcon}
            wide
            testId={testIds.stepSignIn}
            data-shortcut="primary"
            onClick={() => {
              signIn();
            }}
          >
            {t("signin.signIn")}
          </Button>
        )}
        <Sender card={card} />
        {where.notListed && <NotListed card={card} />}
      </div>
    </section>
  );
}

/** Takes away all attachments that cannot be sent, at once. */
function RemoveWrong({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const backend = useBackend();
  const wrong = card.attachments.filter(({ problem }) => problem !== null);
  const remove = useCommandOnCard(async () => {
    let last = card;
    for (const { id } of wrong) last = await backend.detach(card.id, id);
    return last;
  });
  return (
    <Button
      small
      variant="secondary"
      needs="prepare"
      of={card.content?.orgNumber}
      busy={remove.running}
      onClick={remove.run}
    >
      {t("attach.removeWrong", { count: wrong.length })}
    </Button>
  );
}

/** The list from Altinn may lack what has just been given, so it warns and does not forbid. */
function NotListed({ card: { content } }: { card: ReturnCard }) {
  const { t } = useTexts();
  const { signIn } = useSignIn();
  if (!content) return null;
  return (
    <div className="stack" data-testid={testIds.notListed}>
      <p className="sm">
        <State tone="soon" shape="lock">
          {t("state.noRight")}
        </State>
      </p>
      <p className="sm">
        {t("batch.note.noRight")}. {t("step2.notListed", { right: t("value.right"), company: nameOf(content) })}
      </p>
      <Button
        small
        variant="secondary"
        onClick={() => {
          signIn({ asAnother: true });
        }}
      >
        {t("remedy.signInAsAnother")}
      </Button>
    </div>
  );
}

/**
 * The command that files; an answer that the period was filed before asks first. `before` is done when she has confirmed.
 */
export function useFile(card: ReturnCard, before?: () => Promise<unknown>) {
  const backend = useBackend();
  const { change } = useOffice();
  const [asking, setAsking] = useState<"no" | "first" | "correction" | "doubt">("no");
  const [doubt, setDoubt] = useState<ErrorView | null>(null);
  const goOn = useCommand(() => backend.fileWithoutAltinn(card.id), {
    done: () => {
      send.run(false);
    },
  });
  const attempt = async (confirmCorrection: boolean) => {
    await before?.();
    return backend.file(card.id, confirmCorrection);
  };
  const send = useCommandOnFiling(attempt, {
    done: (filing) => {
      setAsking("no");
      change((old) => ({
        ...old,
        cards: old.cards.map((known) => (known.id === card.id ? { ...known, filing } : known)),
      }));
    },
    refused: (error) => {
      if (error.code === "mayBeDelivered") {
        setDoubt(error);
        setAsking("doubt");
        return true;
      }
      if (error.code !== "alreadyFiled") {
        setAsking("no");
        return false;
      }
      setAsking("correction");
      return true;
    },
  });
  return {
    asking,
    doubt,
    sending: send.running || goOn.running,
    /** The button: who files what for whom is asked once, with the sum; practice rehearses it. */
    begin: () => {
      // A new version is asked about as what it is, and once.
      setAsking(card.earlier ? "correction" : "first");
    },
    /** What was begun turned out to be a new version. */
    beginCorrection: () => {
      setAsking("correction");
    },
    confirm: () => {
      send.run(asking === "correction");
    },
    /** She has looked in Altinn herself. */
    goOn: goOn.run,
    notNow: () => {
      setAsking("no");
    },
  };
}

/** The questions that come before a return is filed. */
function Asking({ card, file }: { card: ReturnCard; file: ReturnType<typeof useFile> }) {
  const { asking, doubt, sending, confirm, goOn, notNow } = file;
  return (
    <>
      {asking === "doubt" && doubt && (
        <Doubt card={card} error={doubt} sending={sending} onRetry={confirm} onConfirm={goOn} onClose={notNow} />
      )}
      {(asking === "first" || asking === "correction") && (
        <Confirm
          card={card}
          correction={asking === "correction"}
          sending={sending}
          onConfirm={confirm}
          onClose={notNow}
        />
      )}
    </>
  );
}

export function FileButton({ card, wide = true }: { card: ReturnCard; wide?: boolean }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const file = useFile(card);
  return (
    <>
      <Button
        icon={PaperplaneIcon}
        wide={wide}
        testId={testIds.file}
        needs="file"
        of={card.content?.orgNumber}
        data-shortcut="primary"
        busy={file.sending}
        color={environment === "production" ? "accent" : environment}
        onClick={file.begin}
      >
        {replaces(card) ? t(`correction.send.${environment}`) : t(`step2.send.${environment}`)}
      </Button>
      <Asking card={card} file={file} />
    </>
  );
}

function Open({ card, where }: { card: ReturnCard; where: Standing }) {
  const { t } = useTexts();
  const { environment } = useStart();
  return (
    <section className={cx(s.step, s.now)} data-testid={testIds.step2} data-state="open" aria-labelledby="step-2">
      <h2 id="step-2">
        <span className={s.no}>2</span>
        {t("step2.title")}
      </h2>
      <div className={s.body}>
        <Elsewhere card={card} />
        <Sender card={card} />
        {where.notListed && <NotListed card={card} />}
        <FileButton card={card} />
        <p className="xs quiet">
          {environment !== "production" && `${t(`step2.hint.${environment}`)} `}
          {t("step2.asksOnce")}
        </p>
      </div>
    </section>
  );
}

function Filing({ card, filing, onJump }: { card: ReturnCard; filing: FilingView; onJump: (() => void) | undefined }) {
  const { t, at } = useTexts();
  const { environment } = useStart();
  const { state, verdict } = filing.row;
  const moving = isMoving(filing);
  const ended = hasEnded(filing);
  const noted = state === "received" && hasAnswer(filing) ? verdict : null;
  const title = noted === "deviating" || noted === "incomplete" ? noted : state;
  const { done, total } = stepCount(filing);
  return (
    <>
      <section
        className={cx(s.step, noted === null ? s[looks[state]] : s.odd)}
        data-testid={testIds.step2}
        data-state={state}
        data-delivered={filing.delivered}
        aria-labelledby="step-2"
      >
        <h2
          id="step-2"
          tabIndex={-1}
          data-testid={state === "received" ? testIds.received : undefined}
          data-received={ended || undefined}
        >
          <span className={s.no}>
            {noted !== null || state === "unclear" ? (
              <ExclamationmarkIcon aria-hidden />
            ) : state === "received" ? (
              <CheckmarkIcon aria-hidden />
            ) : state === "refused" || state === "rejected" ? (
              <XMarkIcon aria-hidden />
            ) : state === "waiting" || state === "waitingSignature" ? (
              <HourglassIcon aria-hidden />
            ) : (
              "2"
            )}
          </span>
          <span className="grow">{t(`filing.title.${title}`)}</span>
          {moving && <span className="xs quiet">{t("run.stepOf", { n: Math.min(done + 1, total), total })}</span>}
          {ended && filing.row.deliveredAt !== null && <span className="xs quiet">{at(filing.row.deliveredAt)}</span>}
        </h2>
        {ended ? (
          <div className={s.body}>
            {hasAnswer(filing) ? (
              <Answer filing={filing} deadline={card.content?.deadline ?? null} onJump={onJump} />
            ) : (
              <p className="sm">{t(environment === "practice" ? "done.textPractice" : "done.text")}</p>
            )}
          </div>
        ) : (
          <div className={cx(s.body, s.flush)}>
            <Progress filing={filing} />
          </div>
        )}
      </section>
      {!ended && <Stopped card={card} filing={filing} />}
      {moving && <ClosingNow filing={filing} />}
      {state === "abandoned" && <Abandoned card={card} />}
      {!ended && state !== "abandoned" && (
        <section className={s.step}>
          <Sender card={card} />
        </section>
      )}
    </>
  );
}

/** Why a filing does not go on by itself, and what helps. */
function Stopped({ card, filing }: { card: ReturnCard; filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { busy, ...remedies } = useFilingRemedies(filing);
  // What was begun as the period's first return is given up, and filed as the new version it is.
  const anew = useFile(card, () => backend.cancelFiling(filing.id));
  const again = useFile(card);
  const maySign = useMaySign(filing);
  const { state } = filing.row;
  if (maySign) {
    return (
      <>
        <Signature filing={filing} />
        {filing.canCancel && (
          <section className={s.step}>
            <CancelFiling filing={filing} />
          </section>
        )}
      </>
    );
  }
  const problem = problemOf(filing);
  if (problem) {
    return (
      <section className={s.step} aria-busy={busy}>
        <ErrorCard
          error={problem}
          heading="h3"
          remedies={{
            ...remedies,
            confirmCorrection: filing.canCancel ? anew.beginCorrection : undefined,
            // What was refused is over: it begins anew, and is asked about anew.
            ...(state === "refused" ? { retry: again.begin } : {}),
          }}
          // What is wrong with the return itself has its button in step 1.
          primary={
            state === "waiting" ||
            state === "waitingSignature" ||
            (state === "refused" && card.check.verdict !== "invalid")
          }
        />
        <Asking card={card} file={anew} />
        <Asking card={card} file={again} />
        {problem.code === "registerAway" && <WithoutRegister filing={filing} />}
        {problem.code === "mayBeDelivered" && <Looked card={card} error={problem} onRetry={remedies.continue} />}
        {filing.canCancel && state !== "running" && <CancelFiling filing={filing} />}
      </section>
    );
  }
  if (state === "queued") {
    return (
      <section className={cx(s.step, "stack")}>
        <p className="sm">{t("filing.queuedText")}</p>
        {filing.canCancel && <CancelFiling filing={filing} />}
      </section>
    );
  }
  if (state === "waitingSignature") {
    return (
      <section className={cx(s.step, "stack")}>
        <State tone="soon" shape="lock">
          {t("signature.title")}
        </State>
        <p className="sm">
          {t("signature.text")} <b>{t("signature.delivered")}</b>
        </p>
        <div className="row wrap">
          <Button small data-shortcut="primary" onClick={remedies.copyForDirector}>
            {t("remedy.copyForDirector")}
          </Button>
          <Button small variant="secondary" onClick={remedies.signInAsAnother}>
            {t("remedy.signInAsAnother")}
          </Button>
        </div>
        {filing.canCancel && <CancelFiling filing={filing} />}
      </section>
    );
  }
  if (state === "waiting") {
    return (
      <section className={cx(s.step, "stack")}>
        <p className="sm">{t("filing.waitingText")}</p>
        <Button
          small
          testId={testIds.continueFiling}
          needs="file"
          of={filing.row.orgNumber}
          busy={busy}
          onClick={remedies.continue}
        >
          {t("remedy.continue")}
        </Button>
        {filing.canCancel && <CancelFiling filing={filing} />}
      </section>
    );
  }
  return null;
}

function CancelFiling({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const cancel = useCommandOnFiling(() => backend.cancelFiling(filing.id));
  return (
    <div className="row mt3">
      <Button
        variant="secondary"
        small={filing.row.state !== "running"}
        testId={testIds.cancelFiling}
        needs="file"
        of={filing.row.orgNumber}
        busy={cancel.running}
        onClick={cancel.run}
      >
        {filing.row.state === "queued" ? t("filing.unqueue") : t("run.abort")}
      </Button>
      {filing.row.state === "running" && <span className="xs quiet grow">{t("run.abortUntil")}</span>}
    </div>
  );
}

/** What happens to the filing when the program is closed: it changes at the delivery gate. */
function ClosingNow({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const text = isDelivered(filing)
    ? "run.closeAfter"
    : filing.delivered === "unknown"
      ? "run.closeUnknown"
      : "run.closeBefore";
  return (
    <section className={s.step}>
      <div className={noteCss.noteBox}>
        <Icon of={InformationSquareIcon} />
        <div>
          <b>{t("run.closeTitle")}</b>
          <br />
          {t(text)}
        </div>
      </div>
      {filing.canCancel && <CancelFiling filing={filing} />}
    </section>
  );
}

function Abandoned({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  return (
    <section className={cx(s.step, "stack")}>
      <p className="sm">
        {t("abandoned.text")} <b>{t("delivered.no")}</b>
      </p>
      <FileButton card={card} />
    </section>
  );
}

/** It would replace a return that stands; of one that was rejected nothing is left to replace. */
const replaces = (card: ReturnCard): boolean =>
  !rejectedBefore(card) && (card.earlier !== null || card.notes.some(({ kind }) => kind === "filedBefore"));
