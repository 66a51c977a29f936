/** One mistake behind several findings: its sentence, what it explains, and whether Momsbud can mend it. */
import { InformationSquareIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { CauseView, CheckView, FindingView } from "../../bindings";
import { listed } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { Finding } from "./Findings";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import s from "../../parts/steps.module.css";

/** The findings that no cause explains stand for themselves. */
export function withoutCause({ causes, findings }: Pick<CheckView, "causes" | "findings">): FindingView[] {
  const explained = new Set(causes.flatMap((cause) => cause.findings));
  return findings.filter(({ number }) => !explained.has(number));
}

interface Props {
  causes: CauseView[];
  findings: FindingView[];
  onJump?: (() => void) | undefined;
}

export function Causes({ causes, findings, onJump }: Props) {
  const { t } = useTexts();
  if (causes.length === 0) return null;
  return (
    <ol className={cx(s.finds, s.causes)} aria-label={t("cause.list")} data-testid={testIds.causeList}>
      {causes.map((cause, index) => (
        <Cause
          key={`${String(index)}-${cause.text}`}
          cause={cause}
          findings={findings.filter(({ number }) => cause.findings.includes(number))}
          onJump={onJump}
        />
      ))}
    </ol>
  );
}

function Cause({ cause, findings, onJump }: { cause: CauseView; findings: FindingView[] } & Pick<Props, "onJump">) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const worst = findings.some(({ severity }) => severity === "invalid") ? "bad" : findings.length > 0 ? "soon" : "idle";
  const numbers = findings.map(({ number }) => number);
  return (
    <li className={s.find} data-testid={testIds.cause} data-mend={cause.mend}>
      <span className={cx(stateCss.state, stateCss[worst])} aria-hidden>
        <Icon of={InformationSquareIcon} small />
      </span>
      <div className="grow">
        <h3 tabIndex={-1} data-explains={numbers.join(" ")}>
          {cause.text}
        </h3>
        {numbers.length > 0 && (
          <p className="quiet">
            {t("cause.explains", { count: numbers.length, n: listed(ranges(numbers), t("list.and")) })}
          </p>
        )}
        <p data-testid={testIds.causeMend}>
          {cause.mend ? (
            <>
              {t("cause.mend")} <b>{t("mend.do")}</b>
            </>
          ) : (
            t("cause.bySystem")
          )}
        </p>
        {numbers.length > 0 && (
          <div className="acts">
            <button
              type="button"
              className="ds-link"
              aria-expanded={open}
              data-testid={testIds.causeFindings}
              onClick={() => {
                setOpen(!open);
              }}
            >
              {t(open ? "cause.hide" : "cause.show", { count: numbers.length })}
            </button>
          </div>
        )}
        {open && (
          <ol className={s.explained} aria-label={t("finding.list")}>
            {findings.map((finding) => (
              <Finding key={finding.number} finding={finding} onJump={onJump} />
            ))}
          </ol>
        )}
      </div>
    </li>
  );
}

/** Numbers that follow each other as from–to, so that a long list stays one line. */
export function ranges(numbers: number[]): string[] {
  const runs: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.flatMap(([from, to]) => {
    if (from === to) return [String(from)];
    return to === from + 1 ? [String(from), String(to)] : [`${String(from)}–${String(to)}`];
  });
}
