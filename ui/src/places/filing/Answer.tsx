/** What Skatteetaten answered to a delivered return, when it is not simply "ingen avvik": its reasons, and the next step. */
import { FileTextIcon, UploadIcon } from "@navikt/aksel-icons";
import type { FilingView } from "../../bindings";
import { useCommand } from "../../commands";
import { daysBetween, norwegianDay } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Findings } from "./Findings";
import { cx } from "../../parts/cx";
import troubleCss from "../../parts/trouble.module.css";
import s from "../../parts/steps.module.css";

/** The file of the archive in which the answer stands. */
const ANSWER = "valideringsresultat.xml";

/** Whether there is more to say of a filing's end than that it was received. */
export function hasAnswer({ row }: FilingView): boolean {
  switch (row.state) {
    case "rejected":
    case "unclear":
      return true;
    case "received":
      return row.verdict === "deviating" || row.verdict === "incomplete";
    case "queued":
    case "running":
    case "waiting":
    case "waitingSignature":
    case "waitingAnswer":
    case "refused":
    case "abandoned":
      return false;
  }
}

interface Props {
  filing: FilingView;
  /** The period's deadline, where it is known. */
  deadline?: string | null;
  onJump?: (() => void) | undefined;
}

export function Answer({ filing, deadline = null, onJump }: Props) {
  const { row } = filing;
  return (
    <div className={cx("stack", s.answer)} data-testid={testIds.answer} data-verdict={row.verdict ?? row.state}>
      {row.state === "rejected" ? (
        <Rejected filing={filing} deadline={deadline} />
      ) : row.state === "unclear" ? (
        <Unclear filing={filing} />
      ) : (
        <Noted verdict={row.verdict === "incomplete" ? "incomplete" : "deviating"} />
      )}
      <Findings findings={filing.deviations} onJump={onJump} />
    </div>
  );
}

function Noted({ verdict }: { verdict: "deviating" | "incomplete" }) {
  const { t } = useTexts();
  return <p className="sm">{t(`verdict.${verdict}.text`)}</p>;
}

function Rejected({ filing, deadline }: { filing: FilingView; deadline: string | null }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const words = filing.problem?.values.text ?? filing.problem?.values.authorityText;
  return (
    <>
      <p className="sm">
        {t("verdict.rejected.text")}
        {environment !== "practice" &&
          ` ${t(filing.correction ? "verdict.rejected.runsUnless" : "verdict.rejected.runs")}`}
      </p>
      {environment === "practice" ? (
        <p className="sm">{t("verdict.rejected.practice")}</p>
      ) : (
        deadline !== null && <StillDue deadline={deadline} />
      )}
      {words !== undefined && <blockquote className={troubleCss.words}>{words}</blockquote>}
      {filing.deviations.length === 0 && words === undefined && <p className="sm">{t("verdict.rejected.noReasons")}</p>}
      <p className="sm">
        <b>{t("finding.howTo")}</b> {t("verdict.rejected.todo")}
      </p>
      <div className="row wrap">
        <CorrectAndFile />
        <OpenAnswer filing={filing} />
      </div>
    </>
  );
}

function StillDue({ deadline }: { deadline: string }) {
  const { t, dayFrom, relativeDay } = useTexts();
  const today = norwegianDay(useMinute());
  const days = daysBetween(today, deadline);
  return (
    <p className={cx("sm", s.wraps)}>
      <State tone={days < 0 ? "bad" : days <= 7 ? "soon" : "idle"} shape="clock">
        {days < 0
          ? t("verdict.rejected.deadlinePassed", { date: dayFrom(deadline, today) })
          : t("verdict.rejected.deadline", { when: relativeDay(deadline, today), date: dayFrom(deadline, today) })}
      </State>
    </p>
  );
}

function Unclear({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const there = answerOf(filing) !== undefined;
  return (
    <>
      <p className="sm">{t(there ? "verdict.unclear.text" : "verdict.unclear.missing")}</p>
      <p className="sm">{t(there ? "verdict.unclear.todo" : "verdict.unclear.missingTodo")}</p>
      <div className="row wrap">
        <OpenAnswer filing={filing} primary />
      </div>
    </>
  );
}

/** Chooses the file that the accounting system has exported anew. */
export function CorrectAndFile({ small = true }: { small?: boolean }) {
  const { t } = useTexts();
  const backend = useBackend();
  const choose = useCommand(() => backend.chooseFiles());
  return (
    <Button
      icon={UploadIcon}
      small={small}
      testId={testIds.chooseCorrected}
      needs="see"
      data-shortcut="primary"
      busy={choose.running}
      onClick={choose.run}
    >
      {t("verdict.rejected.fix")}
    </Button>
  );
}

const answerOf = (filing: FilingView) => filing.files.find(({ name }) => name === ANSWER);

function OpenAnswer({ filing, primary = false }: { filing: FilingView; primary?: boolean }) {
  const { t } = useTexts();
  const backend = useBackend();
  const open = useCommand((name: string) => backend.openArchived(filing.id, name));
  const answer = answerOf(filing);
  if (!answer) return null;
  return (
    <Button
      variant={primary ? "primary" : "secondary"}
      small
      icon={FileTextIcon}
      testId={testIds.openAnswer}
      data-shortcut={primary ? "primary" : undefined}
      busy={open.running}
      onClick={() => {
        open.run(answer.name);
      }}
    >
      {t("verdict.open")}
    </Button>
  );
}
