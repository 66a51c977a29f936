/** The self-check of an integration: what was tried, what is to be mended. */
import { ArrowsCirclepathIcon, EnterIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { CheckStepState, IntegrationRow, SelfCheckView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { State, type Shape, type Tone } from "../../parts/State";
import { testIds } from "../../testids";
import { useAccess } from "./access";
import s from "./SelfCheck.module.css";

const looks: Readonly<Record<CheckStepState, { tone: Tone; shape: Shape }>> = {
  ok: { tone: "ok", shape: "ok" },
  bad: { tone: "bad", shape: "bad" },
  note: { tone: "soon", shape: "soon" },
  notTried: { tone: "idle", shape: "minus" },
};

export function SelfCheck({ row }: { row: IntegrationRow }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { environment } = useStart();
  const { again } = useAccess();
  const [found, setFound] = useState<SelfCheckView | null>(null);
  const check = useCommand((signIn: boolean) => backend.checkIntegration(row.environment, row.id, signIn), {
    done: (view) => {
      setFound(view);
      void again();
    },
  });
  const here = row.environment === environment;
  return (
    <section className="paper pad" aria-labelledby="selfcheck" aria-busy={check.running}>
      <div className="row between">
        <h2 id="selfcheck">{t("access.colCheck")}</h2>
        <Button
          small
          variant="secondary"
          icon={ArrowsCirclepathIcon}
          busy={check.running}
          testId={testIds.selfCheck}
          needs="administer"
          onClick={() => {
            check.run(false);
          }}
        >
          {t(found === null ? "selfcheck.run" : "selfcheck.again")}
        </Button>
      </div>
      {found === null ? <p className="sm quiet mt3">{t("selfcheck.about")}</p> : <Found found={found} />}
      {here && (found?.needsSignIn ?? false) && (
        <div className="mt4">
          <Button
            wide
            icon={EnterIcon}
            busy={check.running}
            testId={testIds.selfCheckSignIn}
            needs="administer"
            onClick={() => {
              check.run(true);
            }}
          >
            {t("selfcheck.signIn")}
          </Button>
        </div>
      )}
      {!here && <p className="xs quiet mt3">{t("selfcheck.otherEnvironment")}</p>}
    </section>
  );
}

function Found({ found }: { found: SelfCheckView }) {
  const { t } = useTexts();
  const bad = found.steps.some(({ state }) => state === "bad");
  return (
    <>
      <div role="status" className="mt2" data-testid={testIds.selfCheckResult} data-bad={bad}>
        <State tone={bad ? "bad" : "ok"}>
          {bad ? t("selfcheck.bad", { count: Math.max(1, found.toMend) }) : t("selfcheck.ok")}
        </State>
      </div>
      <ul className={s.checks}>
        {found.steps.map((step) => (
          <li key={step.step} data-testid={testIds.selfCheckStep} data-step={step.step} data-state={step.state}>
            <State {...looks[step.state]}>
              <span className={step.state === "notTried" ? "quiet" : s.checked}>{step.title}</span>
            </State>
            {step.text !== null && <p className="sm quiet breaks">{step.text}</p>}
            {step.fieldLabel !== null && (
              <p className="xs" data-testid={testIds.selfCheckField}>
                {t("selfcheck.field", { field: step.fieldLabel })}
              </p>
            )}
            {step.authorityText !== null && <p className="xs quiet breaks">{step.authorityText}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}
