/** Below the lines: the remark of the whole return, KID for money back, and what goes with it. */
import { isRefund } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import { DraftFiles } from "./DraftFiles";
import { useTyped } from "./useTyped";
import type { Writing } from "./useWriting";
import { cx } from "../../parts/cx";
import cardCss from "../../parts/card.module.css";

const OWN = "\u0000own";

export function Footing({ writing }: { writing: Writing }) {
  const { view, edit } = writing;
  const { t } = useTexts();
  const { remark } = view;
  const own = remark !== null && !remark.chosen ? remark.text : "";
  const words = useTyped(own, (text) =>
    edit({ kind: "remark", line: null, remark: text.trim() === "" ? null : { text, chosen: false } }),
  );
  const kid = useTyped(view.kid ?? "", (text) => edit({ kind: "kid", text }));
  const bad = view.findings.some(({ field, line }) => field === "kid" && line === null);
  const value = remark === null ? "" : remark.chosen ? remark.text : OWN;
  const writes = value === OWN || words.text !== "";
  return (
    <div className={cx(cardCss.files, s.footing)}>
      <label>
        <span className="b">{t("return.remark")}</span>
        <select
          className="ds-input"
          value={writes ? OWN : value}
          data-testid={testIds.draftRemark}
          onChange={(event) => {
            const chosen = event.target.value;
            if (chosen === OWN) words.type(" ");
            else {
              words.drop();
              void edit({
                kind: "remark",
                line: null,
                remark: chosen === "" ? null : { text: chosen, chosen: true },
              });
            }
          }}
        >
          <option value="">{t("draft.remarkNone")}</option>
          {view.remarks.map((it) => (
            <option key={it.value} value={it.value}>
              {it.words}
            </option>
          ))}
          <option value={OWN}>{t("draft.remarkOwn")}</option>
        </select>
      </label>
      {writes && (
        <label className={s.wide}>
          <span className="b">{t("draft.remarkInWords")}</span>
          <input
            className="ds-input"
            value={words.text.trimStart()}
            onChange={(event) => {
              words.type(event.target.value);
            }}
            onBlur={words.leave}
          />
          <span className="xs quiet">{t("remark.freeText")}</span>
        </label>
      )}
      {(isRefund(view.sum) || view.kid !== null) && (
        <label>
          <span className="b">{t("draft.kid")}</span>
          <input
            className="ds-input"
            inputMode="numeric"
            autoComplete="off"
            value={kid.text}
            aria-invalid={bad || undefined}
            data-testid={testIds.draftKid}
            onChange={(event) => {
              kid.type(event.target.value);
            }}
            onBlur={kid.leave}
          />
          <span className="xs quiet">{t("draft.kidText")}</span>
        </label>
      )}
      <DraftFiles writing={writing} />
    </div>
  );
}
