/** What is to be known of a draft before its lines: that the period was filed, that it mends a file. */
import { InformationSquareIcon, WrenchIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import { kr } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { address } from "../../router";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import type { Writing } from "./useWriting";
import { cx } from "../../parts/cx";

export function Bands({ writing: { view } }: { writing: Writing }) {
  const { t, at } = useTexts();
  const [open, setOpen] = useState(view.mended.length > 0 && view.mended.length <= 8);
  return (
    <>
      {view.filed && (
        <p className={s.band} data-testid={testIds.draftFiled}>
          <Icon of={InformationSquareIcon} small />
          <span>
            {t("draft.filedBefore", { time: at(view.filed.at), amount: kr(view.filed.sum) })}{" "}
            <a className="ds-link" href={address("history", view.filed.filing)}>
              {t("draft.seeFiled")}
            </a>
          </span>
        </p>
      )}
      {!view.over && (
        <p className={s.band}>
          <Icon of={InformationSquareIcon} small />
          <span>{t("draft.notOver")}</span>
        </p>
      )}
      {view.origin === "return" && view.mended.length > 0 && (
        <div className={s.band} data-testid={testIds.draftMended}>
          <Icon of={WrenchIcon} small />
          <div className="grow">
            <p>
              {t("draft.mended", { count: view.mended.length, file: view.file ?? "" })}{" "}
              <button
                type="button"
                className="ds-link"
                aria-expanded={open}
                onClick={() => {
                  setOpen(!open);
                }}
              >
                {t(open ? "draft.mendedHide" : "draft.mendedShow")}
              </button>
            </p>
            {open && (
              <table className={cx("t", s.mended)}>
                <caption className="sr">{t("draft.mendedCaption")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("draft.mendedWhat")}</th>
                    <th scope="col">{t("draft.mendedBefore")}</th>
                    <th scope="col">{t("draft.mendedAfter")}</th>
                  </tr>
                </thead>
                <tbody>
                  {view.mended.map((change, index) => (
                    <tr
                      key={`${change.kind}-${String(index)}`}
                      data-testid={testIds.draftChange}
                      data-value={change.kind}
                    >
                      <td>
                        {change.element ?? change.kind}
                        {change.vatCode !== null && (
                          <span className="quiet"> · {t("draft.codeOf", { code: change.vatCode })}</span>
                        )}
                      </td>
                      <td>
                        <code>{change.before ?? "–"}</code>
                      </td>
                      <td>
                        <code>{change.after ?? "–"}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </div>
        </div>
      )}
    </>
  );
}
