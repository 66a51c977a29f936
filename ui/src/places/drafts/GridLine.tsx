/** One line as it is typed, and below it what few lines need: specification, rate, own code, a remark in words. */
import { ArrowUndoIcon, MenuElipsisVerticalIcon, XMarkIcon } from "@navikt/aksel-icons";
import { Fragment, memo, useState } from "react";
import type { DraftChoice, DraftFieldName, DraftFinding, DraftLineView, DraftView } from "../../bindings";
import { amount, percent } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { AmountField } from "./AmountField";
import { CodeBox } from "./CodeBox";
import s from "./drafts.module.css";
import { LineNote } from "./Grid";
import { findingAnchor } from "./places";
import { useTyped } from "./useTyped";
import type { Writing } from "./useWriting";
import { cx } from "../../parts/cx";
import cardCss from "../../parts/card.module.css";

interface Props {
  line: DraftLineView;
  /** The draft that the codes to choose from are of. */
  draft: Pick<DraftView, "id" | "category" | "period">;
  /** The remarks that the line may have. */
  remarks: readonly DraftChoice[];
  edit: Writing["edit"];
  findings: readonly DraftFinding[];
  onRemove: (line: number) => void;
}

/** The official text's last parenthesis says the rate, which has a column of its own. */
const RATE = /\s*\([^()]*(?:sats|rate)[^()]*\)\s*$/i;
const OWN = "\u0000own";

/**
 * Whether two lines are shown alike. What the office answers is compared with what was there, so that what has not changed is
 * the same object; the list of a line's findings is made anew each time.
 */
const isSame = (old: Props, now: Props): boolean =>
  old.line === now.line &&
  old.draft === now.draft &&
  old.remarks === now.remarks &&
  old.edit === now.edit &&
  old.onRemove === now.onRemove &&
  old.findings.length === now.findings.length &&
  old.findings.every((finding, at) => finding === now.findings[at]);

/** Drawn only when something of it has changed: of sixty lines a key changes one. */
export const GridLine = memo(LineRow, isSame);

function LineRow({ line, draft, remarks, edit, findings, onRemove }: Props) {
  const { t } = useTexts();
  const [more, setMore] = useState(false);
  const [coding, setCoding] = useState(false);
  const worst = findings.some(({ severity }) => severity === "invalid")
    ? "hit-bad"
    : findings.length > 0
      ? "hit-soon"
      : "";
  const fault = (...fields: DraftFieldName[]) => {
    const hit = findings.find(({ field }) => field !== null && fields.includes(field));
    return hit && (hit.severity === "invalid" ? "bad" : "soon");
  };
  const described = (field: DraftFieldName) => {
    const ids = findings.filter((finding) => finding.field === field).map(findingAnchor);
    return ids.length > 0 ? ids.join(" ") : undefined;
  };
  const save = (field: DraftFieldName) => (text: string) => edit({ kind: "type", line: line.id, field, text });
  const name = line.code === null ? t("draft.newLine") : t("draft.codeOf", { code: line.code });
  const shownCode = line.code ?? "?";
  const specification = line.specifications.find(({ value }) => value === line.specification)?.words;
  const words = line.rate === null ? line.description : line.description.replace(RATE, "");
  return (
    <Fragment>
      <tr
        className={worst || undefined}
        data-testid={testIds.draftLine}
        data-line={line.id}
        data-code={line.code ?? ""}
      >
        <td className={s.code}>
          {line.deduction ? (
            <span className="sr">{line.code}</span>
          ) : (
            <button
              type="button"
              className={s.codeButton}
              aria-label={t("draft.changeCode", { code: shownCode })}
              title={t("draft.changeCode", { code: shownCode })}
              data-cell="code"
              onClick={() => {
                setCoding(true);
              }}
            >
              {shownCode}
            </button>
          )}
        </td>
        <td className={line.deduction ? "quiet" : undefined}>
          {words}
          {line.specification !== null && (
            <span className={cardCss.spec}> · {specification ?? line.specification}</span>
          )}
        </td>
        <td>
          {!line.deduction && (
            <Remark
              line={line}
              list={remarks}
              edit={edit}
              label={t("draft.remarkOf", { line: name })}
              fault={fault("remark")}
              onOwn={() => {
                setMore(true);
              }}
            />
          )}
        </td>
        <td>
          {line.hasBase && (
            <AmountField
              label={t("draft.baseOf", { line: name })}
              name="base"
              cell={line.base}
              fault={fault("base")}
              describedBy={described("base")}
              onSave={save("base")}
            />
          )}
        </td>
        <td className="num">
          {line.rates.length > 1 && !line.deduction ? (
            <select
              className={s.rate}
              aria-label={t("draft.rateOf", { line: name })}
              value={line.rate ?? ""}
              data-cell="rate"
              onChange={(event) => void save("rate")(event.target.value)}
            >
              <option value="">–</option>
              {[...new Set([...line.rates, ...(line.rate === null ? [] : [line.rate])])].map((rate) => (
                <option key={rate} value={rate}>
                  {percent(rate)}
                </option>
              ))}
            </select>
          ) : (
            line.hasBase && line.rate !== null && percent(line.rate)
          )}
        </td>
        <td>
          <AmountField
            label={t(line.deduction ? "draft.deductionOf" : "draft.vatOf", { line: name })}
            name="vat"
            cell={line.vat}
            follows={!line.vatTyped && (line.hasBase || line.deduction)}
            fault={fault("vat")}
            describedBy={described("vat")}
            onSave={save("vat")}
          />
        </td>
        <td className={s.more}>
          {!line.deduction && (
            <>
              <button
                type="button"
                className={s.icon}
                aria-label={t("draft.moreOf", { line: name })}
                title={t("draft.more")}
                aria-expanded={more}
                data-cell="more"
                data-testid={testIds.draftMore}
                onClick={() => {
                  setMore(!more);
                }}
              >
                <Icon of={MenuElipsisVerticalIcon} small />
              </button>
              <button
                type="button"
                className={s.icon}
                aria-label={t("draft.removeOf", { line: name })}
                title={t("draft.remove")}
                data-cell="remove"
                data-testid={testIds.draftRemove}
                onClick={() => {
                  onRemove(line.id);
                }}
              >
                <Icon of={XMarkIcon} small />
              </button>
            </>
          )}
        </td>
      </tr>
      {coding && (
        <tr className={s.adding}>
          <td colSpan={7}>
            <CodeBox
              draft={draft}
              onChoose={(code) => {
                setCoding(false);
                void save("code")(code);
              }}
              onClose={() => {
                setCoding(false);
              }}
            />
          </td>
        </tr>
      )}
      {line.offBy !== null &&
        line.computed !== null &&
        !findings.some(({ fixes }) => fixes.some(({ kind }) => kind === "useVat")) && (
          <tr className={cx("note", worst)}>
            <td />
            <td colSpan={6} className="quiet">
              {t("draft.typedOver", { computed: amount(line.computed), off: amount(line.offBy) })}{" "}
              <button type="button" className={cx("ds-link", s.inline)} onClick={() => void save("vat")("")}>
                <Icon of={ArrowUndoIcon} small />
                {t("draft.fix.use", { value: amount(line.computed) })}
              </button>
            </td>
          </tr>
        )}
      {findings.map((finding) => (
        <LineNote key={finding.number} finding={finding} />
      ))}
      {more && <More line={line} edit={edit} />}
    </Fragment>
  );
}

function Remark({
  line,
  list,
  edit,
  label,
  fault,
  onOwn,
}: Pick<Props, "line" | "edit"> & {
  list: Props["remarks"];
  label: string;
  fault: "bad" | "soon" | undefined;
  onOwn: () => void;
}) {
  const { t } = useTexts();
  const { remark } = line;
  const value = remark === null ? "" : remark.chosen ? remark.text : OWN;
  const strange = remark !== null && remark.chosen && !list.some((it) => it.value === remark.text);
  return (
    <select
      className={s.remark}
      aria-label={label}
      data-fault={fault}
      data-quiet={value === "" || undefined}
      aria-invalid={fault === "bad" || undefined}
      value={value}
      data-cell="remark"
      data-testid={testIds.draftLineRemark}
      onChange={(event) => {
        const chosen = event.target.value;
        if (chosen === OWN) onOwn();
        else {
          void edit({
            kind: "remark",
            line: line.id,
            remark: chosen === "" ? null : { text: chosen, chosen: true },
          });
        }
      }}
    >
      <option value="">{fault === "bad" ? t("draft.remarkChoose") : t("draft.remarkNone")}</option>
      {strange && <option value={remark.text}>{remark.text}</option>}
      {list.map((it) => (
        <option key={it.value} value={it.value}>
          {it.words}
        </option>
      ))}
      <option value={OWN}>{remark !== null && !remark.chosen ? `«${remark.text}»` : t("draft.remarkOwn")}</option>
    </select>
  );
}

function More({ line, edit }: Pick<Props, "line" | "edit">) {
  const { t } = useTexts();
  const type = (field: DraftFieldName) => (text: string) => edit({ kind: "type", line: line.id, field, text });
  const own = line.remark !== null && !line.remark.chosen ? line.remark.text : "";
  return (
    <tr className={s.details} data-line={line.id}>
      <td />
      <td colSpan={6}>
        <div className={s.fields}>
          {line.specifications.length > 0 && (
            <label>
              <span>{t("draft.specification")}</span>
              <select
                className="ds-input"
                value={line.specification ?? ""}
                data-cell="specification"
                data-testid={testIds.draftSpecification}
                onChange={(event) => void type("specification")(event.target.value)}
              >
                <option value="">{t("draft.remarkNone")}</option>
                {line.specifications.map(({ value, words }) => (
                  <option key={value} value={value}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
          )}
          {line.hasBase && <Line label={t("draft.rate")} value={line.rate ?? ""} cell="rate" onSave={type("rate")} />}
          <Line label={t("draft.ownCode")} value={line.ownCode ?? ""} cell="ownCode" onSave={type("ownCode")} />
          <Line
            label={t("draft.remarkInWords")}
            note={t("remark.freeText")}
            value={own}
            cell="ownRemark"
            wide
            onSave={(text) =>
              edit({
                kind: "remark",
                line: line.id,
                remark: text.trim() === "" ? null : { text, chosen: false },
              })
            }
          />
        </div>
      </td>
    </tr>
  );
}

interface LineProps {
  label: string;
  note?: string;
  value: string;
  cell: string;
  wide?: boolean;
  onSave: (text: string) => Promise<unknown>;
}

function Line({ label, note, value, cell, wide = false, onSave }: LineProps) {
  const { text, type, leave } = useTyped(value, onSave);
  return (
    <label className={wide ? s.wide : undefined}>
      <span>{label}</span>
      <input
        className="ds-input"
        autoComplete="off"
        value={text}
        data-cell={cell}
        onChange={(event) => {
          type(event.target.value);
        }}
        onBlur={leave}
      />
      {note !== undefined && text !== "" && <span className="xs quiet">{note}</span>}
    </label>
  );
}
