/** The lines of a return by theme, with the findings on their line. */
import { Fragment, useState } from "react";
import { ChevronDownIcon, ChevronRightIcon, InformationSquareIcon } from "@navikt/aksel-icons";
import type { FindingView, FreeTextView, LineGroup, LineView, ReturnView } from "../../bindings";
import { amount, listed, percent } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { findingId, focusFinding, lineId } from "./anchors";
import { cx } from "../../parts/cx";
import markerCss from "../../parts/marker.module.css";
import stateCss from "../../parts/State.module.css";
import s from "../../parts/card.module.css";

/** The official text's last parenthesis says the rate, which has a column of its own. */
const RATE = /\s*\([^()]*(?:sats|rate)[^()]*\)\s*$/i;

/** From so many lines on, each theme has its sum, and can be folded. */
const MANY = 12;

/** The sum of a theme; its amounts are whole kroner. */
const sumOf = (lines: LineView[]): string => String(lines.reduce((sum, { vat }) => sum + BigInt(vat), 0n));

export function Lines({ content, findings }: { content: ReturnView; findings: FindingView[] }) {
  const { t } = useTexts();
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const many = content.groups.reduce((count, { lines }) => count + lines.length, 0) > MANY;
  if (content.groups.length === 0) {
    return (
      <div className="pad" data-testid={testIds.nilReturn}>
        <p className="b">{t("return.nil")}</p>
        <p className="quiet">{t("return.nilText")}</p>
      </div>
    );
  }
  return (
    <div className={s.lines} tabIndex={0} role="region" aria-label={t("lines.label")}>
      <table className={cx("t", s.linesTable)}>
        <caption className="sr">{t("lines.caption")}</caption>
        <thead>
          <tr>
            <th scope="col" className={cx("r", s.cCode)}>
              {t("lines.code")}
            </th>
            <th scope="col" className={s.cText}>
              {t("lines.description")}
            </th>
            <th scope="col" className={s.cRemark}>
              {t("lines.remark")}
            </th>
            <th scope="col" className={cx("r", s.cBase)}>
              {t("lines.base")}
            </th>
            <th scope="col" className={cx("r", s.cRate)}>
              {t("lines.rate")}
            </th>
            <th scope="col" className={cx("r", s.cVat)}>
              {t("lines.vat")}
            </th>
          </tr>
        </thead>
        {content.groups.map((group, index) => (
          <tbody key={`${group.title}-${String(index)}`}>
            {many ? (
              <Theme
                group={group}
                folded={folded.has(index)}
                onFold={() => {
                  setFolded((old) => new Set(old.has(index) ? [...old].filter((it) => it !== index) : [...old, index]));
                }}
              />
            ) : (
              <tr className="theme">
                <th colSpan={6} scope="rowgroup">
                  {group.title}
                </th>
              </tr>
            )}
            {group.lines.map((line, at) => {
              const its = findings.filter((finding) => finding.line === line.number);
              // What was found is in sight however much is folded.
              if (folded.has(index) && its.length === 0) return null;
              const another = group.lines.some(({ code, number }) => code === line.code && number !== line.number);
              return (
                <Line
                  key={line.number}
                  line={line}
                  next={group.lines[at + 1]}
                  findings={its}
                  ownCode={another ? line.ownCode : null}
                />
              );
            })}
          </tbody>
        ))}
        <tfoot>
          <tr>
            <td />
            <td colSpan={4}>{t("lines.sum")}</td>
            <td className="num" data-testid={testIds.lineSum}>
              {amount(content.assessedVat)}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** A theme of many lines: its sum, and a way to fold it. */
function Theme({ group, folded, onFold }: { group: LineGroup; folded: boolean; onFold: () => void }) {
  const { t } = useTexts();
  return (
    <tr className="theme">
      <th colSpan={5} scope="rowgroup">
        <button type="button" className={cx("plain", s.fold)} aria-expanded={!folded} onClick={onFold}>
          <Icon of={folded ? ChevronRightIcon : ChevronDownIcon} small />
          <span>{group.title}</span>
          <span className="quiet">{t("paste.lines", { count: group.lines.length })}</span>
        </button>
      </th>
      <td className="num">{amount(sumOf(group.lines))}</td>
    </tr>
  );
}

/** What a remark in free text leads to, and the coded remark that would do. */
export function FreeText({ of: { instead } }: { of: FreeTextView }) {
  const { t } = useTexts();
  const names = listed(
    instead.map((name) => `«${name}»`),
    t("list.or"),
  );
  return (
    <p className="sm row top">
      <span className={cx(stateCss.state, stateCss.soon)}>
        <Icon of={InformationSquareIcon} small />
      </span>
      <span>
        {t("remark.freeText")}
        {instead.length > 0 && ` ${t("remark.instead", { count: instead.length, names })}`}
      </span>
    </p>
  );
}

interface LineProps {
  line: LineView;
  next: LineView | undefined;
  findings: FindingView[];
  /** The accounting system's code, where it tells lines of one code from each other. */
  ownCode: string | null;
}

function Line({ line, next, findings, ownCode }: LineProps) {
  const { t } = useTexts();
  const worst = findings.some(({ severity }) => severity === "invalid")
    ? "hit-bad"
    : findings.length > 0
      ? "hit-soon"
      : "";
  const pair = next?.deduction === true && findings.length === 0 ? "pair" : "";
  const short = line.rate === null ? line.description : line.description.replace(RATE, "");
  const rest = line.description.slice(short.length);
  return (
    <Fragment>
      <tr
        id={lineId(line.number)}
        tabIndex={-1}
        className={`${worst} ${pair}`.trim() || undefined}
        data-testid={testIds.line}
        data-number={line.number}
      >
        <td className="num b">{line.deduction ? <span className="sr">{line.code}</span> : line.code}</td>
        <td className={line.deduction ? "quiet" : undefined}>
          {short}
          {rest !== "" && <span className="sr">{rest}</span>}
          {line.specification !== null && <span className={s.spec}> · {line.specification}</span>}
          {ownCode !== null && (
            <span className={s.spec}>
              {" "}
              · <span className="sr">{t("lines.ownCode")} </span>
              {ownCode}
            </span>
          )}
        </td>
        <td className={s.cRemark}>{line.remark}</td>
        <td className="num">{line.base === null ? "" : amount(line.base)}</td>
        <td className="num">{line.rate === null ? "" : percent(line.rate)}</td>
        <td className="num">{amount(line.vat)}</td>
      </tr>
      {line.freeText && (
        <tr className={cx("note", s.free)} data-testid={testIds.freeText}>
          <td />
          <td colSpan={5}>
            <FreeText of={line.freeText} />
          </td>
        </tr>
      )}
      {findings.map((finding) => {
        const bad = finding.severity === "invalid";
        return (
          <tr key={finding.number} className={cx("note", bad ? "hit-bad" : "hit-soon")}>
            <td />
            <td colSpan={5}>
              <a
                className="row plain"
                href={`#${findingId(finding.number)}`}
                data-testid={testIds.lineFinding}
                data-number={finding.number}
                onClick={(event) => {
                  event.preventDefault();
                  focusFinding(finding.number);
                }}
              >
                <span className={cx(markerCss.fm, bad ? markerCss.bad : markerCss.soon)} aria-hidden>
                  {finding.number}
                </span>
                <span>
                  {t(`finding.${finding.severity}`)}: {finding.title}
                </span>
              </a>
            </td>
          </tr>
        );
      })}
    </Fragment>
  );
}
