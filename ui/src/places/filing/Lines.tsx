/** The lines of a return by theme, with the findings on their line. */
import { Fragment } from "react";
import { InformationSquareIcon } from "@navikt/aksel-icons";
import type { FindingView, FreeTextView, LineView, ReturnView } from "../../bindings";
import { amount, listed, percent } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { findingId, focusFinding, lineId } from "./anchors";

/** The official text's last parenthesis says the rate, which has a column of its own. */
const RATE = /\s*\([^()]*(?:sats|rate)[^()]*\)\s*$/i;

export function Lines({ content, findings }: { content: ReturnView; findings: FindingView[] }) {
  const { t } = useTexts();
  if (content.groups.length === 0) {
    return (
      <div className="pad nil" data-testid={testIds.nilReturn}>
        <p className="b">{t("return.nil")}</p>
        <p className="quiet">{t("return.nilText")}</p>
      </div>
    );
  }
  return (
    <div className="lines" tabIndex={0} role="region" aria-label={t("lines.label")}>
      <table className="t lines-table">
        <caption className="sr">{t("lines.caption")}</caption>
        <thead>
          <tr>
            <th scope="col" className="r c-code">
              {t("lines.code")}
            </th>
            <th scope="col" className="c-text">
              {t("lines.description")}
            </th>
            <th scope="col" className="c-remark">
              {t("lines.remark")}
            </th>
            <th scope="col" className="r c-base">
              {t("lines.base")}
            </th>
            <th scope="col" className="r c-rate">
              {t("lines.rate")}
            </th>
            <th scope="col" className="r c-vat">
              {t("lines.vat")}
            </th>
          </tr>
        </thead>
        {content.groups.map((group, index) => (
          <tbody key={`${group.title}-${String(index)}`}>
            <tr className="theme">
              <th colSpan={6} scope="rowgroup">
                {group.title}
              </th>
            </tr>
            {group.lines.map((line, at) => (
              <Line
                key={line.number}
                line={line}
                next={group.lines[at + 1]}
                findings={findings.filter((finding) => finding.line === line.number)}
              />
            ))}
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

/** What a remark in free text leads to, and the coded remark that would do. */
export function FreeText({ of: { instead } }: { of: FreeTextView }) {
  const { t } = useTexts();
  const names = listed(
    instead.map((name) => `«${name}»`),
    t("list.or"),
  );
  return (
    <p className="sm row top">
      <span className="state soon">
        <Icon of={InformationSquareIcon} small />
      </span>
      <span>
        {t("remark.freeText")}
        {instead.length > 0 && ` ${t("remark.instead", { count: instead.length, names })}`}
      </span>
    </p>
  );
}

function Line({ line, next, findings }: { line: LineView; next: LineView | undefined; findings: FindingView[] }) {
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
          {line.specification !== null && <span className="spec"> · {line.specification}</span>}
        </td>
        <td>{line.remark}</td>
        <td className="num">{line.base === null ? "" : amount(line.base)}</td>
        <td className="num">{line.rate === null ? "" : percent(line.rate)}</td>
        <td className="num">{amount(line.vat)}</td>
      </tr>
      {line.freeText && (
        <tr className="note free" data-testid={testIds.freeText}>
          <td />
          <td colSpan={5}>
            <FreeText of={line.freeText} />
          </td>
        </tr>
      )}
      {findings.map((finding) => {
        const bad = finding.severity === "invalid";
        return (
          <tr key={finding.number} className={`note ${bad ? "hit-bad" : "hit-soon"}`}>
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
                <span className={`fm ${bad ? "bad" : "soon"}`} aria-hidden>
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
