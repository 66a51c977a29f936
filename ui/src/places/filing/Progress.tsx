/** The steps of a filing, each named while it runs, with the line that says where the return is delivered. */
import { CheckmarkCircleFillIcon, XMarkOctagonFillIcon } from "@navikt/aksel-icons";
import { Fragment } from "react";
import type { FilingView, StepName, StepState, StepView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { isMoving } from "./standing";

/** Steps that are shown; those that are not needed are left out and not counted. */
const shownSteps = ({ steps }: FilingView): StepView[] => steps.filter(({ state }) => state !== "skipped");

export function stepCount(filing: FilingView): { done: number; total: number } {
  const shown = shownSteps(filing);
  return { done: shown.filter(({ state }) => state === "done").length, total: shown.length };
}

/** The step after which the return is delivered. */
const GATE: StepName = "confirm";

const marks: Readonly<Record<StepState, string>> = {
  pending: "w",
  running: "n",
  done: "d",
  stopped: "x",
  skipped: "w",
};

export function Progress({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const steps = shownSteps(filing);
  const now = steps.find(({ state }) => state === "running");
  return (
    <>
      <ol className="prog">
        {steps.map((step) => (
          <Fragment key={step.step}>
            <Step step={step} moving={isMoving(filing)} />
            {step.step === GATE && (
              <li className="gate">
                <span>{t("run.gate")}</span>
              </li>
            )}
          </Fragment>
        ))}
      </ol>
      <p className="sr" role="status">
        {now && t(`run.now.${now.step}`)}
      </p>
    </>
  );
}

function Step({ step: { step, state, at }, moving }: { step: StepView; moving: boolean }) {
  const { t, seconds } = useTexts();
  const text =
    state === "done" ? t(`run.done.${step}`) : state === "running" ? t(`run.now.${step}`) : t(`run.todo.${step}`);
  return (
    <li className={marks[state]} data-testid={testIds.filingStep} data-step={step} data-state={state}>
      <span className="dot">
        {state === "done" && <Icon of={CheckmarkCircleFillIcon} />}
        {state === "stopped" && <Icon of={XMarkOctagonFillIcon} />}
        {state === "running" && <span className="spin" aria-hidden />}
      </span>
      <span>
        {text}
        <span className="sr">, {t(`run.sr.${state}`)}</span>
      </span>
      <span className="xs quiet tab">
        {state === "done" && at !== null ? seconds(at) : step === "feedback" && moving ? t("run.waitEstimate") : ""}
      </span>
    </li>
  );
}
