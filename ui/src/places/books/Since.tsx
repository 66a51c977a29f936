/** The draft beside what was filed before: the same period voucher by voucher, and the latest periods. */
import type { BooksDraft } from "../../bindings";
import { amount, kr } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { shortly } from "./amounts";
import { cx } from "../../parts/cx";
import s from "./books.module.css";

export function Since({ draft }: { draft: BooksDraft }) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const { since, recent } = draft;
  return (
    <>
      {since && (
        <div className={s.notes} data-testid={testIds.booksSince}>
          <h3>{t("since.title")}</h3>
          <p className="xs quiet">{t("since.text", { when: dayAndTime(since.at, now), amount: kr(since.sum) })}</p>
          {!since.known ? (
            <p className="xs quiet">{t("since.unknown")}</p>
          ) : since.count === 0 ? (
            <p className="xs quiet">{t("since.none")}</p>
          ) : (
            <table className={cx("t", s.small)}>
              <caption className="sr">{t("since.title")}</caption>
              <tbody>
                {(["added", "removed", "changed"] as const).flatMap((what) =>
                  since[what].map((change) => (
                    <tr key={`${what} ${change.voucher}`}>
                      <th scope="row">{shortName(change.voucher)}</th>
                      <td className="quiet">{t(`since.${what}`)}</td>
                      <td className="num">{shortly(change.vat)}</td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          )}
        </div>
      )}
      {recent.length > 0 && (
        <div className={s.notes}>
          <h3>{t("since.recent")}</h3>
          <table className={cx("t", s.small)}>
            <caption className="sr">{t("since.recent")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("col.period")}</th>
                <th scope="col" className="r">
                  {t("since.output")}
                </th>
                <th scope="col" className="r">
                  {t("since.input")}
                </th>
                <th scope="col" className="r">
                  {t("voucher.vat")}
                </th>
              </tr>
            </thead>
            <tbody>
              {recent.map((row) => (
                <tr key={row.period}>
                  <th scope="row">{row.period}</th>
                  <td className="num">{amount(row.output)}</td>
                  <td className="num">{amount(row.input)}</td>
                  <td className="num b">{amount(row.sum)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** `"HB/10433/2026-10-29"` → `"10433"`: the journal and the day are in the voucher itself. */
const shortName = (voucher: string): string => voucher.split("/").slice(1, -1).join("/") || voucher;
