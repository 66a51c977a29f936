/** What was pasted or opened, before anything is changed: what each column was taken for, what each row becomes. */
import {
  CheckmarkCircleFillIcon,
  ClipboardIcon,
  ExclamationmarkTriangleFillIcon,
  InformationSquareIcon,
  XMarkOctagonFillIcon,
} from "@navikt/aksel-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { SheetDecimals, SheetDraft, SheetMeaning, SheetRow, SheetView } from "../../bindings";
import { useCommand } from "../../commands";
import { amount, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { draftKey, draftsKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { go } from "../../router";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import sheetCss from "./sheetAsks.module.css";
import type { Writing } from "./useWriting";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";

const meanings: readonly SheetMeaning[] = [
  "code",
  "base",
  "rate",
  "vat",
  "specification",
  "remark",
  "ownCode",
  "company",
  "period",
  "nothing",
];

/** Where lines go whose return has a draft: into a new one, behind the lines that are there, or in their place. */
type Where = "new" | "behind" | "replace";

const wheres: readonly Where[] = ["new", "behind", "replace"];

/** Drafts beside another of the same return that are named one by one. */
const named = 5;

interface Props {
  sheet: SheetView;
  /** The draft that is written; none where new ones are made. */
  writing: Writing | null;
  onClose: () => void;
}

export function SheetDialog({ sheet: first, writing, onClose }: Props) {
  const { t } = useTexts();
  const id = useId();
  const backend = useBackend();
  const client = useQueryClient();
  const [sheet, setSheet] = useState(first);
  const [replace, setReplace] = useState(true);
  const [where, setWhere] = useState<Where>("new");
  const [remember, setRemember] = useState(true);
  const choose = useCommand(
    (at: number, chosen: SheetMeaning[], decimals: SheetDecimals | null) => backend.chooseSheet(at, chosen, decimals),
    { done: setSheet },
  );
  // Lines of another company or period never fall into the draft that is written.
  const into = writing !== null && sheet.drafts.length === 1 && sheet.drafts[0]?.elsewhere !== true;
  const there = into ? [] : sheet.drafts.flatMap((draft) => draft.there ?? []);
  const chosen = there.length === 0 ? "new" : where;
  const use = useCommand(
    () =>
      backend.useSheet(
        into ? writing.view.id : null,
        writing?.view.revision ?? 0,
        chosen === "new" ? [] : there.map(({ id: draft, revision }) => ({ id: draft, revision })),
        into ? replace : chosen === "replace",
        remember,
      ),
    {
      done: (ids) => {
        void client.invalidateQueries({ queryKey: draftKey });
        void client.invalidateQueries({ queryKey: draftsKey });
        onClose();
        if (into) return;
        const [only] = ids;
        if (ids.length === 1 && only !== undefined) go("draft", only);
        else go("filing");
      },
    },
  );
  const nothing = sheet.lines === 0;
  const set = (index: number, meaning: SheetMeaning) => {
    choose.run(
      sheet.sheet,
      sheet.columns.map((column, at) =>
        at === index ? meaning : column.meaning === meaning && meaning !== "nothing" ? "nothing" : column.meaning,
      ),
      sheet.decimals,
    );
  };
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.sheetDialog} className={cx(s.sheet, sheetCss.asks)}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {sheet.file === null ? t("paste.title") : t("paste.titleFile", { file: sheet.file })}
      </h1>
      <p className="sm quiet">
        {t("paste.text", { count: sheet.rowCount })} {sheet.remembered && t("paste.remembered")}
      </p>
      {sheet.sheets.length > 1 && (
        <label className={s.pick}>
          <span className="sm b">{t("paste.sheet")}</span>
          <select
            className="ds-input"
            value={sheet.sheet}
            onChange={(event) => {
              choose.run(Number(event.target.value), [], null);
            }}
          >
            {sheet.sheets.map((name, at) => (
              <option key={name} value={at}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {(sheet.ambiguous || sheet.decimals !== null) && (
        <label className={s.pick}>
          <span className="sm b">{t("paste.decimals")}</span>
          <select
            className="ds-input"
            value={sheet.decimals ?? ""}
            data-testid={testIds.sheetDecimals}
            onChange={(event) => {
              const chosen = event.target.value;
              choose.run(
                sheet.sheet,
                sheet.columns.map(({ meaning }) => meaning),
                chosen === "" ? null : (chosen as SheetDecimals),
              );
            }}
          >
            <option value="">{t("paste.decimals.choose")}</option>
            <option value="comma">{t("paste.decimals.comma")}</option>
            <option value="point">{t("paste.decimals.point")}</option>
          </select>
        </label>
      )}
      <div className={s.map} tabIndex={0} role="region" aria-label={t("paste.rows")}>
        <table className="t">
          <caption className="sr">{t("paste.rows")}</caption>
          <thead>
            <tr>
              {sheet.columns.map((column, index) => (
                <th scope="col" key={column.column}>
                  <select
                    className="ds-input"
                    aria-label={t("paste.columnOf", { column: column.name })}
                    value={column.meaning}
                    data-testid={testIds.sheetColumn}
                    data-value={column.meaning}
                    onChange={(event) => {
                      set(index, event.target.value as SheetMeaning);
                    }}
                  >
                    {meanings.map((meaning) => (
                      <option key={meaning} value={meaning}>
                        {t(`paste.meaning.${meaning}`)}
                      </option>
                    ))}
                  </select>
                </th>
              ))}
              <th scope="col">{t("paste.becomes")}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.rows.map((row) => (
              <tr
                key={row.number}
                className={row.outcome === "line" || row.outcome === "trouble" ? undefined : s.skip}
                data-testid={testIds.sheetRow}
                data-state={row.outcome}
              >
                {row.cells.map((cell, at) => (
                  <td
                    key={sheet.columns[at]?.column ?? at}
                    className={numeric(sheet.columns[at]?.meaning) ? "num" : "ell"}
                  >
                    {cell}
                  </td>
                ))}
                <td>
                  <Becomes row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {sheet.rowCount > sheet.rows.length && (
        <p className="xs quiet">{t("paste.shown", { shown: String(sheet.rows.length), count: sheet.rowCount })}</p>
      )}
      <Notes sheet={sheet} into={into} where={chosen} />
      {!into && sheet.drafts.length > 0 && <Drafts sheet={sheet} where={chosen} />}
      <div className={s.options}>
        {into && (
          <>
            <label className="row sm">
              <input
                type="radio"
                name="paste-where"
                checked={replace}
                onChange={() => {
                  setReplace(true);
                }}
              />
              {t("paste.replace")}
            </label>
            <label className="row sm">
              <input
                type="radio"
                name="paste-where"
                checked={!replace}
                onChange={() => {
                  setReplace(false);
                }}
              />
              {t("paste.behind")}
            </label>
          </>
        )}
        {there.length > 0 &&
          wheres.map((one) => (
            <label className="row sm" key={one}>
              <input
                type="radio"
                name="paste-where"
                checked={chosen === one}
                data-testid={testIds.sheetWhere}
                data-value={one}
                onChange={() => {
                  setWhere(one);
                }}
              />
              {t(`paste.where.${one}`, { count: there.length })}
            </label>
          ))}
        <label className="row sm">
          <input
            type="checkbox"
            checked={remember}
            onChange={(event) => {
              setRemember(event.target.checked);
            }}
          />
          {t("paste.remember")}
        </label>
      </div>
      <div className={cx("acts", sheetCss.stays)}>
        <Button
          icon={ClipboardIcon}
          needs="prepare"
          busy={use.running}
          shutBecause={nothing ? `${id}-nothing` : undefined}
          testId={testIds.sheetUse}
          data-shortcut="primary"
          onClick={use.run}
        >
          {into || chosen !== "new"
            ? t("paste.do", { count: sheet.lines })
            : t("paste.make", { count: sheet.drafts.length })}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("duty.cancel")}
        </Button>
        {sheet.troubles > 0 && (
          <span className={cx(stateCss.state, stateCss.soon, "sm")}>
            <Icon of={ExclamationmarkTriangleFillIcon} small />
            <span>{t("paste.left", { count: sheet.troubles })}</span>
          </span>
        )}
      </div>
      {nothing && (
        <p id={`${id}-nothing`} className="sm mt3">
          {t("paste.nothing")}
        </p>
      )}
    </Dialog>
  );
}

const numeric = (meaning: SheetMeaning | undefined) => meaning === "base" || meaning === "vat" || meaning === "rate";

function Becomes({ row }: { row: SheetRow }) {
  const { t } = useTexts();
  if (row.outcome === "line") {
    const figure =
      row.vat !== null && (row.base === null || row.vat !== "0")
        ? amount(row.vat)
        : row.base === null
          ? ""
          : t("paste.base", { amount: amount(row.base) });
    return (
      <span className={cx(stateCss.state, stateCss.ok)}>
        <Icon of={CheckmarkCircleFillIcon} small />
        <span>
          {t("draft.codeOf", { code: row.code ?? "" })}
          {figure !== "" && ` · ${figure}`}
        </span>
      </span>
    );
  }
  if (row.outcome === "trouble") {
    return (
      <span className={cx(stateCss.state, stateCss.bad)}>
        <Icon of={XMarkOctagonFillIcon} small />
        <span>
          {row.troubles
            .map(({ address, text, kind }) => `${address}: ${t(`paste.trouble.${kind}`, { text })}`)
            .join("; ")}
        </span>
      </span>
    );
  }
  return <>{t(`paste.outcome.${row.outcome}`)}</>;
}

function Notes({ sheet, into, where }: { sheet: SheetView; into: boolean; where: Where }) {
  const { t } = useTexts();
  // Two versions of a return, or two halves of it: only a person knows.
  const taken = (draft: SheetDraft) => where !== "new" && draft.there !== null;
  const others = into ? [] : sheet.drafts.filter((draft) => draft.another && !taken(draft));
  const warnings = [
    ...others
      .slice(0, named)
      .map(({ orgNumber: number, companyName, period }) =>
        t("paste.another", { company: companyName ?? (number === null ? "" : orgNumber(number)), period }),
      ),
    ...(others.length > named ? [t("paste.moreDrafts", { count: others.length - named })] : []),
    ...sheet.repeated.map(({ column, name, first }) =>
      name === null
        ? t("paste.repeatedUnnamed", { column, first })
        : t("paste.repeated", { column, name, first }),
    ),
    ...(sheet.others.length > 0 ? [t("paste.others", { sheets: sheet.others.join(", ") })] : []),
  ];
  const notes = [
    sheet.madeNegative && t("paste.minus"),
    sheet.cut && t("paste.cut"),
    sheet.hidden.length > 0 && t("paste.hidden", { sheets: sheet.hidden.join(", ") }),
  ].filter((note) => note !== false);
  if (notes.length + warnings.length === 0) return null;
  return (
    <ul className={s.notes}>
      {warnings.map((warning) => (
        <li key={warning} className={cx(stateCss.state, stateCss.soon)} data-testid={testIds.sheetWarning}>
          <Icon of={ExclamationmarkTriangleFillIcon} small />
          <span>{warning}</span>
        </li>
      ))}
      {notes.map((note) => (
        <li key={note}>
          <Icon of={InformationSquareIcon} small />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  );
}

/** A sheet of several companies or periods gives a draft for each. */
function Drafts({ sheet, where }: { sheet: SheetView; where: Where }) {
  const { t } = useTexts();
  return (
    <ul className={s.notes} data-testid={testIds.sheetDrafts}>
      {sheet.drafts.slice(0, 12).map((draft) => (
        <li key={`${draft.orgNumber ?? ""}-${draft.period}`}>
          <span className="b">
            {draft.companyName ?? (draft.orgNumber === null ? t("draft.noCompany") : orgNumber(draft.orgNumber))}
          </span>
          <span>
            {draft.period} · {t("paste.lines", { count: draft.lines })} · {amount(draft.sum)} kr
            {where !== "new" && draft.there && (
              <>
                {" · "}
                {t("paste.beforeAfter", {
                  before: amount(draft.there.before),
                  after: amount(where === "replace" ? draft.there.replaced : draft.there.added),
                })}
              </>
            )}
          </span>
        </li>
      ))}
      {sheet.drafts.length > 12 && <li>{t("paste.moreDrafts", { count: sheet.drafts.length - 12 })}</li>}
    </ul>
  );
}
