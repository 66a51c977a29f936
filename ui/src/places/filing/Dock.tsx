/** The steps in a narrow window: a bar at the bottom with the state and the next action; everything else opens upwards. */
import { EnterIcon, PadlockLockedIcon } from "@navikt/aksel-icons";
import type { ReturnCard } from "../../bindings";
import { errorTexts } from "../../errors";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { Button } from "../../parts/Button";
import { usePrinting } from "../../parts/printing";
import { StepsDock } from "../../parts/StepsDock";
import { FilingStateWord, State } from "../../parts/State";
import { testIds } from "../../testids";
import { useCardCommands } from "./cardCommands";
import { CorrectAndFile } from "./Answer";
import { CorrectedButton } from "./CheckStep";
import { ReceiptButton } from "./Delivered";
import { FileButton } from "./FileStep";
import { stepNow } from "./Progress";
import { SignButton, useMaySign } from "./Signature";
import { Steps, useStanding } from "./Steps";
import type { Standing } from "./standing";

export function Dock({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const where = useStanding(card);
  // On paper the steps stand below the return, as in a wide window beside it.
  const printing = usePrinting();
  const count = card.check.findings.length;
  const label = where.file.kind === "filing" || count === 0 ? t("steps.show") : t("step1.showFindings", { count });
  return (
    <StepsDock
      steps={(shut) => <Steps card={card} onJump={shut} />}
      shown={printing}
      label={label}
      act={<NextAct card={card} where={where} />}
    >
      <div className="grow">
        <Summary where={where} />
        {where.notListed && where.file.kind !== "filing" && (
          <p className="sm">
            <State tone="soon" shape="lock">
              {t("state.noRight")}
            </State>
          </p>
        )}
      </div>
    </StepsDock>
  );
}

function Summary({ where }: { where: Standing }) {
  const { t } = useTexts();
  const { environment } = useStart();
  if (where.file.kind === "filing") {
    const { filing } = where.file;
    // Why it waits; every other state says by itself what there is.
    const why = /^waiting(Signature)?$/.test(filing.row.state) ? filing.problem : null;
    const now = filing.steps.find(({ state }) => state === "running");
    return (
      <>
        <p className="b">
          <FilingStateWord row={filing.row} />
        </p>
        {now && <p className="sm quiet">{t(stepNow(now.step, environment))}</p>}
        {!now && why && <p className="sm quiet">{errorTexts(why, t).title}</p>}
      </>
    );
  }
  switch (where.check.kind) {
    case "bad":
      return (
        <>
          <p className="b">
            <State tone="bad">{t("step1.cannotSend")}</State>
          </p>
          <p className="sm quiet">{t("step1.countBad", { count: where.invalid })}</p>
        </>
      );
    case "running":
      return <State tone="run">{t("step1.running")}</State>;
    case "problem":
      return <State tone="soon">{t(environment === "practice" ? "step1.notAskedPractice" : "step1.notAsked")}</State>;
    case "todo":
      return <State tone="idle">{t("state.unchecked")}</State>;
    case "deviating":
      return <State tone="soon">{t("step1.canSendOdd", { count: where.odd })}</State>;
    case "done":
      return <State tone="ok">{t("step1.done")}</State>;
  }
}

function NextAct({ card, where }: { card: ReturnCard; where: Standing }) {
  const { t } = useTexts();
  const maySign = useMaySign(where.file.kind === "filing" ? where.file.filing : null);
  const { session } = useStart();
  const { check, signInAndCheck } = useCardCommands(card);
  if (where.file.kind === "filing") {
    const { filing } = where.file;
    if (maySign) return <SignButton filing={filing} wide={false} />;
    if (filing.row.state === "rejected") return <CorrectAndFile small={false} />;
    return filing.row.state === "received" ? <ReceiptButton filing={filing} /> : null;
  }
  if (where.file.kind === "open") return <FileButton card={card} wide={false} />;
  const shut = (
    <Button icon={PadlockLockedIcon} shutBecause="dock-reason">
      {t("step2.short")}
    </Button>
  );
  const reason = (
    <span className="sr" id="dock-reason">
      {where.file.reason.kind === "attachment"
        ? t("step2.shut.attachment", { count: where.file.reason.count })
        : t(`step2.shut.${where.file.reason.kind}`)}
    </span>
  );
  if (where.check.kind === "bad") {
    return (
      <>
        <CorrectedButton card={card} />
        {shut}
        {reason}
      </>
    );
  }
  return (
    <>
      {session === null || where.file.reason.kind === "signedOut" ? (
        <Button
          icon={EnterIcon}
          testId={testIds.stepSignIn}
          data-shortcut="primary"
          needs="check"
          of={card.content?.orgNumber}
          onClick={signInAndCheck}
        >
          {t("signin.signIn")}
        </Button>
      ) : (
        <Button
          testId={testIds.check}
          data-shortcut="primary"
          needs="check"
          of={card.content?.orgNumber}
          busy={check.running || where.check.kind === "running"}
          onClick={check.run}
        >
          {t("step1.title")}
        </Button>
      )}
      {shut}
      {reason}
    </>
  );
}
