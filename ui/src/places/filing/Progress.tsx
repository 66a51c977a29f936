/** The steps of a filing, each named while it runs, with the line that says where the return is delivered. */
import { CheckmarkCircleFillIcon, XMarkOctagonFillIcon } from "@navikt/aksel-icons";
import { Fragment } from "react";
import type { EnvironmentName, FilingView, StepName, StepState, StepView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { useStart, useUpload } from "../../office";
import { testIds } from "../../testids";
import { isMoving } from "./standing";
import spinCss from "../../parts/spin.module.css";
import barCss from "../../parts/bar.module.css";
import s from "../../parts/steps.module.css";

/** Steps that are shown; those that are not needed are left out and not counted. */
const shownSteps = ({ steps }: FilingView): StepView[] => steps.filter(({ state }) => state !== "skipped");

export function stepCount(filing: FilingView): { done: number; total: number } {
  const shown = shownSteps(filing);
  return { done: shown.filter(({ state }) => state === "done").length, total: shown.length };
}

/** The step after which the return is delivered. */
const GATE: StepName = "confirm";

export function Progress({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const steps = shownSteps(filing);
  const now = steps.find(({ state }) => state === "running");
  const preparing = filing.problem?.code === "preparing";
  return (
    <>
      <ol className={s.prog}>
        {steps.map((step) => (
          <Fragment key={step.step}>
            <Step step={step} moving={isMoving(filing)} filing={filing} />
            {step.step === GATE && (
              <li className={s.gate}>
                <span>{t("run.gate")}</span>
              </li>
            )}
          </Fragment>
        ))}
      </ol>
      <p className="sr" role="status">
        {now && preparing ? t("run.preparing") : now && t(stepNow(now.step, environment))}
      </p>
    </>
  );
}

/** What is going on, in words: in practice nobody waits for Skatteetaten. */
export const stepNow = (step: StepName, environment: EnvironmentName) =>
  `run.now.${step === "feedback" && environment === "practice" ? "feedbackPractice" : step}` as const;

interface StepProps {
  step: StepView;
  moving: boolean;
  filing: FilingView;
}

function Step({ step: { step, state, at }, moving, filing }: StepProps) {
  const { t, seconds } = useTexts();
  const { environment } = useStart();
  const count = filing.attachments.length;
  const words = step === "attachments" ? t(`run.${tense(state)}.attachmentsCount`, { count }) : "";
  const inPractice = step === "feedback" && environment === "practice";
  // The slow instance: it is there, and Altinn does not find it yet.
  const preparing = moving && state === "running" && filing.problem?.code === "preparing";
  const text = preparing
    ? t("run.preparing")
    : inPractice
      ? t(`run.${tense(state)}.feedbackPractice`)
      : words === ""
        ? t(`run.${tense(state)}.${step}`)
        : words;
  return (
    <li data-testid={testIds.filingStep} data-step={step} data-state={state}>
      <span className={s.dot}>
        {state === "done" && <Icon of={CheckmarkCircleFillIcon} />}
        {state === "stopped" && <Icon of={XMarkOctagonFillIcon} />}
        {state === "running" && <span className={spinCss.spin} aria-hidden />}
      </span>
      <span>
        {text}
        <span className="sr">, {t(`run.sr.${state}`)}</span>
        {step === "attachments" && state === "running" && <UploadBar filing={filing} />}
      </span>
      <span className="xs quiet tab">
        {state === "done" && at !== null ? (
          seconds(at)
        ) : step === "feedback" && moving ? (
          t("run.waitEstimate")
        ) : step === "attachments" && state === "pending" ? (
          <Size of={filing} />
        ) : (
          ""
        )}
      </span>
    </li>
  );
}

const tense = (state: StepState) => (state === "done" ? "done" : state === "running" ? "now" : "todo");

const total = ({ attachments }: FilingView): number => attachments.reduce((sum, { size }) => sum + size, 0);

function Size({ of }: { of: FilingView }) {
  const { bytes } = useTexts();
  return <>{bytes(total(of))}</>;
}

/** How far the attachments have come, in bytes; what is told between two of them counts on from those that are there. */
function UploadBar({ filing }: { filing: FilingView }) {
  const { t, bytes } = useTexts();
  const told = useUpload(filing.id);
  const all = total(filing);
  const there = filing.attachments.filter(({ uploaded }) => uploaded).reduce((sum, { size }) => sum + size, 0);
  const done = Math.min(Math.max(told?.done ?? 0, there), all);
  return (
    <span className={s.upload} data-testid={testIds.upload}>
      <progress className={barCss.bar} max={Math.max(all, 1)} value={done} aria-label={t("run.now.attachments")} />
      <span className="xs quiet tab">{t("run.bytes", { done: bytes(done), total: bytes(all) })}</span>
    </span>
  );
}
