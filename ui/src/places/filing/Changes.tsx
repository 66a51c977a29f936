/** What a new version changes against the one that was delivered, line by line. */
import { useId } from "react";
import type { TFunction } from "i18next";
import type { EarlierView, FilingState, LineDifferenceView, LineView } from "../../bindings";
import { amount, kr, percent } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { State } from "../../parts/State";
import { address } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { cx } from "../../parts/cx";
import s from "../../parts/card.module.css";

/** `state`: of the new version, where it is itself delivered; one that is not accepted replaces nothing. */
export function Changes({ earlier, state }: { earlier: EarlierView; state: FilingState | null }) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const heading = useId();
  const { difference, rejected } = earlier;
  const changed = difference.lines.filter(({ change }) => change !== "same");
  const same = difference.lines.length - changed.length;
  return (
    <section id="changes" className={cx(s.files, s.changes)} aria-labelledby={heading} data-testid={testIds.changes}>
      <h2 id={heading} className={s.small}>
        {t(rejected ? "changes.titleRejected" : "changes.title")}
      </h2>
      <p className="sm quiet">
        {state === "rejected" || state === "unclear"
          ? t("changes.stands", { when: dayAndTime(earlier.deliveredAt, now) })
          : state === "waitingAnswer"
            ? t("changes.waits", { when: dayAndTime(earlier.deliveredAt, now) })
            : state !== null
              ? t("changes.replaced", { when: dayAndTime(earlier.deliveredAt, now) })
              : t(rejected ? "changes.rejected" : "changes.earlier", {
                  when: dayAndTime(earlier.deliveredAt, now),
                  name: earlier.filedBy ?? t("value.nameless"),
                })}{" "}
        <a className="ds-link" href={address("history", earlier.filing)}>
          {t(rejected ? "changes.showRejected" : "changes.show")}
        </a>
      </p>
      {difference.none ? (
        <p className={cx("mt2", s.sentence)}>
          <State tone="soon">{t(rejected ? "changes.noneRejected" : "changes.none")}</State>
        </p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={t("changes.region")}>
          <table className={cx("t", s.diff)}>
            <caption className="sr">{t(rejected ? "changes.captionRejected" : "changes.caption")}</caption>
            <thead>
              <tr>
                <th scope="col" className={cx("r", s.cCode)}>
                  {t("lines.code")}
                </th>
                <th scope="col">{t("lines.description")}</th>
                <th scope="col">{t("changes.change")}</th>
                <th scope="col" className="r">
                  {t("changes.before")}
                </th>
                <th scope="col" className="r">
                  {t("changes.after")}
                </th>
              </tr>
            </thead>
            <tbody>
              {changed.map((line, index) => (
                <Changed key={index} line={line} />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td />
                <td colSpan={2}>{t("lines.sum")}</td>
                <td className="num">{amount(difference.assessedBefore)}</td>
                <td className="num">{amount(difference.assessedAfter)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {!difference.none && same > 0 && <p className="xs quiet mt2">{t("changes.same", { count: same })}</p>}
    </section>
  );
}

/** Under the heading, before the lines: that this replaces a return, and by how much it differs. */
export function NewVersionBand({ earlier }: { earlier: EarlierView }) {
  const { t } = useTexts();
  return (
    <div className={cx(s.band, "row wrap")} data-testid={testIds.newVersionBand}>
      <State tone="soon" shape="forward">
        {t(earlier.rejected ? "correction.bandRejected" : "correction.band")}
      </State>
      <span className="b">{differenceSays(earlier, t)}</span>
      <a
        className="ds-link"
        href="#changes"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("changes")?.scrollIntoView({ block: "start" });
        }}
      >
        {t("correction.see")}
      </a>
    </div>
  );
}

/** "989 kr mer enn levert". Whole kroner in text: JavaScript's numbers are not decimals. */
export function differenceSays({ difference: { assessedBefore, assessedAfter }, rejected }: EarlierView, t: TFunction) {
  const whole = (kroner: string) => (/^-?\d+$/.test(kroner) ? BigInt(kroner) : 0n);
  const more = whole(assessedAfter) - whole(assessedBefore);
  if (more === 0n) return t(rejected ? "correction.sameRejected" : "correction.same");
  const amount = kr((more < 0n ? -more : more).toString());
  return more > 0n
    ? t(rejected ? "correction.moreRejected" : "correction.more", { amount })
    : t(rejected ? "correction.lessRejected" : "correction.less", { amount });
}

function Changed({ line: { change, before, after } }: { line: LineDifferenceView }) {
  const { t } = useTexts();
  const shown = after ?? before;
  if (!shown) return null;
  return (
    <tr className={s[change]} data-testid={testIds.change} data-change={change}>
      <td className="num b">{shown.code}</td>
      <td>
        {shown.description}
        {shown.specification !== null && <span className={s.spec}> · {shown.specification}</span>}
      </td>
      <td>{t(`changes.${change}`)}</td>
      <td className="num">{before && <Figures line={before} other={after} />}</td>
      <td className="num">{after && <Figures line={after} other={before} />}</td>
    </tr>
  );
}

/** The VAT, and below it whatever else differs from the other version. */
function Figures({ line, other }: { line: LineView; other: LineView | null }) {
  const { t } = useTexts();
  const differs = (of: (line: LineView) => string | null) => other !== null && of(line) !== of(other);
  return (
    <>
      {amount(line.vat)}
      {line.base !== null && (differs(({ base }) => base) || differs(({ rate }) => rate)) && (
        <span className="xs quiet block">
          {t("changes.base", { base: kr(line.base), rate: line.rate === null ? "" : percent(line.rate) })}
        </span>
      )}
      {differs(({ remark }) => remark) && (
        <span className="xs quiet block">{line.remark ?? t("changes.noRemark")}</span>
      )}
    </>
  );
}
