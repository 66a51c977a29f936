/** Step 1, Kontrollér: what Momsbud and Skatteetaten found. */
import { CheckmarkIcon, EnterIcon, ExclamationmarkIcon, UploadIcon } from "@navikt/aksel-icons";
import { useEffect, useRef, type ReactNode } from "react";
import type { ReturnCard } from "../../bindings";
import { focusNextStep } from "../../parts/focus";
import { useTexts } from "../../i18n/useTexts";
import { useMay, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { State } from "../../parts/State";
import { go } from "../../router";
import { useSignIn } from "../../signin/SignIn";
import { testIds } from "../../testids";
import { focusFinding } from "./anchors";
import { useCardCommands } from "./cardCommands";
import { Causes, withoutCause } from "./Causes";
import { Findings } from "./Findings";
import { isEarly } from "../../parts/early";
import type { CheckStanding, Standing } from "./standing";
import { KeepAsDraft } from "../drafts/Mend";
import { cx } from "../../parts/cx";
import spinCss from "../../parts/spin.module.css";
import s from "../../parts/steps.module.css";

interface Props {
  card: ReturnCard;
  where: Standing;
  slim: boolean;
  onJump: (() => void) | undefined;
}

const looks: Readonly<Record<CheckStanding["kind"], string>> = {
  todo: "now",
  running: "now",
  problem: "now",
  bad: "bad",
  deviating: "odd",
  done: "done",
};

export function CheckStep({ card, where, slim, onJump }: Props) {
  const { t, at } = useTexts();
  const { check } = card;
  const { kind } = where.check;
  useFocusAfterCheck(card);
  const passed = kind === "done" || kind === "deviating";
  // In the course of a filing the findings are behind one: one line says it. What refuses it is before one again.
  const brief = slim || (where.file.kind === "filing" && where.file.filing.row.state !== "refused");
  return (
    <>
      <section
        className={cx(s.step, kind === "bad" && isEarly(check) ? s.odd : s[looks[kind]], slim && s.slim)}
        data-testid={testIds.step1}
        data-state={kind}
        aria-labelledby="step-1"
      >
        <h2 id="step-1">
          <span className={s.no}>
            {kind === "done" ? (
              <CheckmarkIcon aria-hidden />
            ) : kind === "deviating" ? (
              <ExclamationmarkIcon aria-hidden />
            ) : (
              "1"
            )}
          </span>
          <span className="grow">{passed ? t("step1.done") : t("step1.title")}</span>
          {passed && check.authorityAt !== null && <span className="xs quiet">{at(check.authorityAt)}</span>}
        </h2>
        {!slim && (
          <div className={s.body}>
            <Outcome card={card} where={where} brief={brief} />
          </div>
        )}
      </section>
      {!brief && <Causes causes={check.causes} findings={check.findings} onJump={onJump} />}
      {!brief && <Findings findings={withoutCause(check)} onJump={onJump} />}
      {!brief && kind !== "running" && <Acts card={card} where={where} />}
    </>
  );
}

function Outcome({ card, where, brief }: { card: ReturnCard; where: Standing; brief: boolean }) {
  const { t, at } = useTexts();
  const practice = useStart().environment === "practice";
  const { check } = card;
  const state = (children: ReactNode) => <p>{children}</p>;
  switch (where.check.kind) {
    case "running":
      return (
        <p className="row" role="status">
          <span className={spinCss.spin} aria-hidden />
          <span data-testid={testIds.checkState}>{t(practice ? "step1.askingPractice" : "step1.asking")}</span>
        </p>
      );
    case "problem":
      return <CheckProblem card={card} where={where} />;
    case "bad":
      return (
        <>
          {state(
            isEarly(check) ? (
              <State tone="soon" shape="clock" testId={testIds.checkState}>
                {t("step1.early")}
              </State>
            ) : (
              <State tone="bad" testId={testIds.checkState}>
                {t("step1.cannotSendCount", { count: where.invalid })}
              </State>
            ),
          )}
          {where.odd > 0 && <p className="sm quiet">{t("step1.countOdd", { count: where.odd })}</p>}
          <p className="sm quiet">
            {check.authorityAt === null
              ? t("step1.byMomsbud")
              : t(practice ? "step1.byPractice" : "step1.by", { time: at(check.authorityAt) })}
          </p>
        </>
      );
    case "deviating":
      return (
        <>
          {state(
            <State tone="soon" testId={testIds.checkState}>
              {t("step1.canSendOdd", { count: where.odd })}
            </State>,
          )}
          {!brief && <p className="sm quiet">{t(practice ? "step1.oddTextPractice" : "step1.oddText")}</p>}
        </>
      );
    case "done":
      return (
        <p className="sm" data-testid={testIds.checkState}>
          {t(practice ? "step1.cleanPractice" : "step1.clean")}
        </p>
      );
    case "todo":
      return (
        <>
          {state(
            where.odd > 0 ? (
              <State tone="soon" testId={testIds.checkState}>
                {t("step1.momsbudOdd", { count: where.odd })}
              </State>
            ) : (
              <State tone="ok" testId={testIds.checkState}>
                {t("step1.momsbudClean")}
              </State>
            ),
          )}
          <p className="sm quiet">{t(practice ? "step1.todoTextPractice" : "step1.todoText")}</p>
        </>
      );
  }
}

function CheckProblem({ card, where: { file } }: { card: ReturnCard; where: Standing }) {
  const { check, chooseFiles, signInAndCheck } = useCardCommands(card);
  const { signIn } = useSignIn();
  const { session } = useStart();
  if (!card.check.problem) return null;
  // Asked before with another answer, step 2 has the next act: to send, or to sign in.
  const hasButton =
    file.kind === "open" ||
    (file.kind === "shut" && file.reason.kind === "signedOut" && card.check.authorityAt !== null);
  return (
    <div data-testid={testIds.checkState}>
      <ErrorCard
        error={card.check.problem}
        heading="h3"
        primary={!hasButton}
        remedies={{
          retry: session ? check.run : undefined,
          continue: undefined,
          signIn: signInAndCheck,
          signInAsAnother: () => {
            signIn({ asAnother: true, then: check.run });
          },
          chooseFiles: chooseFiles.run,
          openAddresses: () => {
            go("settings", "addresses");
          },
        }}
      />
    </div>
  );
}

/** Chooses the file that the accounting system has exported anew. */
export function CorrectedButton({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const { chooseFiles } = useCardCommands(card);
  return (
    <Button
      icon={UploadIcon}
      testId={testIds.chooseCorrected}
      needs="see"
      data-shortcut="primary"
      onClick={chooseFiles.run}
    >
      {t("step1.chooseFixed")}
    </Button>
  );
}

/** Each has a key of its own: a button that became another one would keep the focus, and it is not the next step. */
function Acts({ card, where }: { card: ReturnCard; where: Standing }) {
  const { t } = useTexts();
  const { session, environment } = useStart();
  const practice = environment === "practice";
  const { waiting } = useSignIn();
  const { check, chooseFiles, signInAndCheck } = useCardCommands(card);
  const may = useMay();
  const { kind } = where.check;
  const mayCheck = may("check", card.content?.orgNumber);
  const mayNot = (
    <p className="xs quiet mt2" data-testid={testIds.mayNot}>
      {t("work.mayNot.check")}
    </p>
  );
  const signedOut = where.file.kind === "shut" && where.file.reason.kind === "signedOut";
  if (kind === "bad" && isEarly(card.check)) {
    return (
      <div key="early" className={cx(s.body2, "row wrap", s.stays)}>
        <KeepAsDraft card={card} />
        <Button variant="secondary" needs="see" onClick={chooseFiles.run}>
          {t("remedy.chooseFiles")}
        </Button>
      </div>
    );
  }
  if (kind === "bad") {
    return (
      <div key="correct" className={cx(s.body2, "row wrap", s.stays)}>
        <CorrectedButton card={card} />
        {session ? (
          <Button
            variant="secondary"
            testId={testIds.checkAgain}
            needs="check"
            of={card.content?.orgNumber}
            busy={check.running}
            onClick={check.run}
          >
            {card.check.authorityAt === null ? t(practice ? "step1.askPractice" : "step1.ask") : t("step1.again")}
          </Button>
        ) : (
          <Button variant="secondary" testId={testIds.stepSignIn} busy={waiting} onClick={signInAndCheck}>
            {t("signin.signIn")}
          </Button>
        )}
      </div>
    );
  }
  if (kind === "todo" && (!session || signedOut)) {
    return (
      <div key="signIn" className={s.body2}>
        <Button
          wide
          icon={EnterIcon}
          testId={testIds.stepSignIn}
          needs="check"
          of={card.content?.orgNumber}
          data-shortcut="primary"
          busy={waiting}
          onClick={signInAndCheck}
        >
          {t("step1.signInAndCheck")}
        </Button>
        {mayCheck ? (
          <p className="xs quiet mt2">{t(practice ? "step1.signInWhyPractice" : "step1.signInWhy")}</p>
        ) : (
          mayNot
        )}
      </div>
    );
  }
  if (kind === "todo") {
    return (
      <div key="check" className={s.body2}>
        <Button
          wide
          testId={testIds.check}
          needs="check"
          of={card.content?.orgNumber}
          data-shortcut="primary"
          busy={check.running}
          onClick={check.run}
        >
          {t("step1.title")}
        </Button>
        {!mayCheck && mayNot}
      </div>
    );
  }
  if (kind === "problem") return null;
  return (
    <div key="again" className={cx(s.body2, "row")}>
      <Button
        variant="tertiary"
        small
        testId={testIds.checkAgain}
        needs="check"
        of={card.content?.orgNumber}
        busy={check.running}
        onClick={check.run}
      >
        {t("step1.again")}
      </Button>
    </div>
  );
}

/** After a check that failed the reader's place is the first finding; else the next step, where the button that began it is gone. */
function useFocusAfterCheck({ check }: ReturnCard): void {
  const wasRunning = useRef(check.running);
  useEffect(() => {
    const ended = wasRunning.current && !check.running;
    wasRunning.current = check.running;
    const first = check.findings.find(({ severity }) => severity === "invalid");
    if (ended && first) focusFinding(first.number);
    else if (ended) focusNextStep();
  }, [check]);
}
