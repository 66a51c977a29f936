/** The list of findings: what is wrong, what to do, the way to the line, and the authority's own words. */
import { useState } from "react";
import type { FindingView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { testIds } from "../../testids";
import { findingId, lineId } from "./anchors";
import { cx } from "../../parts/cx";
import markerCss from "../../parts/marker.module.css";
import troubleCss from "../../parts/trouble.module.css";
import s from "../../parts/steps.module.css";

export function Findings({ findings, onJump }: { findings: FindingView[]; onJump?: (() => void) | undefined }) {
  const { t } = useTexts();
  if (findings.length === 0) return null;
  return (
    <ol className={s.finds} aria-label={t("finding.list")} data-testid={testIds.findingList}>
      {findings.map((finding) => (
        <Finding key={finding.number} finding={finding} onJump={onJump} />
      ))}
    </ol>
  );
}

export function Finding({ finding, onJump }: { finding: FindingView; onJump: (() => void) | undefined }) {
  const { t } = useTexts();
  const practice = useStart().environment === "practice";
  const [open, setOpen] = useState(false);
  const bad = finding.severity === "invalid";
  const rule = finding.rule ?? finding.identifier;
  const { line } = finding;
  return (
    <li
      className={s.find}
      data-testid={testIds.finding}
      data-number={finding.number}
      data-rule={finding.rule ?? undefined}
    >
      <span className={cx(markerCss.fm, bad ? markerCss.bad : markerCss.soon)} aria-hidden>
        {finding.number}
      </span>
      <div className="grow">
        <h3 id={findingId(finding.number)} tabIndex={-1} data-finding>
          <span className={bad ? "tx-bad" : "tx-soon"}>{t(`finding.${finding.severity}`)}</span> · {finding.title}
        </h3>
        <p>{finding.message}</p>
        {finding.advice !== null && (
          <p>
            <b>{t("finding.howTo")}</b> {finding.advice}
          </p>
        )}
        <div className="acts">
          {line !== null && (
            <a
              className="ds-link"
              href={`#${lineId(line)}`}
              data-testid={testIds.findingJump}
              onClick={(event) => {
                event.preventDefault();
                onJump?.();
                const row = document.getElementById(lineId(line));
                row?.scrollIntoView({ block: "center" });
                row?.focus({ preventScroll: true });
              }}
            >
              {t("finding.goToLine", { n: line })}
            </a>
          )}
          <button
            type="button"
            className="ds-link"
            aria-expanded={open}
            onClick={() => {
              setOpen(!open);
            }}
          >
            {t("finding.rule", { rule })}
          </button>
        </div>
        {open && (
          <div className={s.ruleText}>
            {finding.authorityText !== null && (
              <blockquote className={troubleCss.words}>{finding.authorityText}</blockquote>
            )}
            <p className="xs quiet">
              {finding.byMomsbud
                ? t("finding.byMomsbud")
                : t(practice ? "finding.byAuthorityPractice" : "finding.byAuthority")}{" "}
              · {finding.identifier}
              {finding.xmlLine !== null && (
                <> · {t("finding.xml", { line: finding.xmlLine, column: finding.xmlColumn ?? 1 })}</>
              )}
            </p>
          </div>
        )}
      </div>
    </li>
  );
}
