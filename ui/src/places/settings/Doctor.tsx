/** First aid: what is in order on this machine, what is not, and the report that can be sent to whoever helps. */
import { useEffect, useId, useRef, useState } from "react";
import type { DoctorOutcome, DoctorReport } from "../../bindings";
import { useCommand } from "../../commands";
import type { MessageKey } from "../../i18n";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { State, type Tone } from "../../parts/State";
import { testIds } from "../../testids";
import { Section, SwitchRow } from "./parts";
import { cx } from "../../parts/cx";
import s from "./Doctor.module.css";

const outcomes: Readonly<Record<DoctorOutcome, { tone: Tone; text: MessageKey }>> = {
  good: { tone: "ok", text: "doctor.outcome.good" },
  note: { tone: "soon", text: "doctor.outcome.note" },
  bad: { tone: "bad", text: "doctor.outcome.bad" },
  skipped: { tone: "idle", text: "doctor.outcome.skipped" },
};

export function Doctor() {
  const { t } = useTexts();
  const backend = useBackend();
  const [everywhere, setEverywhere] = useState(false);
  const [report, setReport] = useState<DoctorReport | null>(null);
  const look = useCommand(() => backend.doctorReport(everywhere), { done: setReport });
  return (
    <Section title={t("doctor.title")}>
      <div data-testid={testIds.doctor}>
        <p className="sm quiet">{t("doctor.about")}</p>
        <SwitchRow
          title={t("doctor.everywhere")}
          note={t("doctor.everywhereNote")}
          on={everywhere}
          testId={testIds.doctorEverywhere}
          onChange={setEverywhere}
        />
        <Button small variant="secondary" busy={look.running} testId={testIds.doctorRun} onClick={look.run}>
          {t("doctor.run")}
        </Button>
        {report && <Report report={report} />}
      </div>
    </Section>
  );
}

function Report({ report }: { report: DoctorReport }) {
  const { t } = useTexts();
  const shown = useId();
  const sum = useRef<HTMLParagraphElement>(null);
  // First aid is the last section: what it found would lie below the window's edge.
  useEffect(() => {
    sum.current?.scrollIntoView();
  }, [report]);
  const bad = report.checks.filter(({ outcome }) => outcome === "bad").length;
  return (
    <>
      <p ref={sum} className={cx("b sm", s.doctorSum)} role="status">
        {bad === 0 ? t("doctor.well") : t("doctor.faults", { count: bad })}
      </p>
      <ul className={s.doctor}>
        {report.checks.map(({ id, outcome, title, found, advice }) => (
          <li key={id} data-testid={testIds.doctorCheck} data-check={id} data-outcome={outcome}>
            <State tone={outcomes[outcome].tone}>{t(outcomes[outcome].text)}</State>
            <div>
              <p className="b sm">{title}</p>
              <p className="sm quiet breaks">{found}</p>
              {advice !== null && <p className="sm">{advice}</p>}
            </div>
          </li>
        ))}
      </ul>
      <details>
        <summary className="sm">{t("doctor.report")}</summary>
        <p id={shown} className="xs quiet">
          {t("doctor.send")}
        </p>
        <pre className={cx(s.doctorText, "xs")} data-testid={testIds.doctorText}>
          {report.text}
        </pre>
        <Copy
          text={report.text}
          what={t("doctor.report")}
          label={t("doctor.copy")}
          variant="secondary"
          testId={testIds.doctorCopy}
        />
      </details>
    </>
  );
}
