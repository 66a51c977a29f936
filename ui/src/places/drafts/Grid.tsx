/** The lines as they are typed: by theme in the order of the code list, with what a rule says below the line. */
import { ClipboardIcon, PlusIcon } from "@navikt/aksel-icons";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { DraftFinding, DraftLineView, DraftView } from "../../bindings";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { CodeBox } from "./CodeBox";
import s from "./drafts.module.css";
import { GridLine } from "./GridLine";
import { findingAnchor, focusCell, rowOf } from "./places";
import type { Writing } from "./useWriting";
import { titleOf } from "./draftTexts";
import { cx } from "../../parts/cx";
import markerCss from "../../parts/marker.module.css";
import cardCss from "../../parts/card.module.css";

interface Props {
  writing: Writing;
  onPaste: () => void;
}

export const linesOf = (view: DraftView): DraftLineView[] => view.groups.flatMap(({ lines }) => lines);

const none: never[] = [];

const arrows: ReadonlySet<string> = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const isFigure = (cell: HTMLElement) => cell.dataset.cell === "base" || cell.dataset.cell === "vat";

export function Grid({ writing, onPaste }: Props) {
  const { t } = useTexts();
  const { view, edit } = writing;
  const { id: draftId, category, period } = view;
  const draft = useMemo(() => ({ id: draftId, category, period }), [draftId, category, period]);
  const shown = useRef(view);
  useEffect(() => {
    shown.current = view;
  });
  const table = useRef<HTMLTableElement>(null);
  const [adding, setAdding] = useState(false);
  // The line that was just made, where typing goes on.
  const [made, setMade] = useState<number | null>(null);
  useEffect(() => {
    if (made === null) return;
    if (focusCell(table.current, made, ["base", "vat"])) setMade(null);
  }, [made, view]);
  const remove = useCallback(
    (line: number) => {
      const ids = linesOf(shown.current).map(({ id }) => id);
      const at = ids.indexOf(line);
      const next = ids[at + 1] ?? ids[at - 1];
      void edit({ kind: "remove", line }).then(() => {
        if (next === undefined || !focusCell(table.current, next, ["base", "vat"])) {
          table.current?.querySelector<HTMLElement>(`[data-testid="${testIds.draftAdd}"]`)?.focus();
        }
      });
    },
    [edit],
  );
  const add = (code: string) => {
    setAdding(false);
    const before = new Set(linesOf(view).map(({ id }) => id));
    void edit({ kind: "add", code, after: null }).then((next) => {
      const fresh = next ? linesOf(next).find(({ id, deduction }) => !before.has(id) && !deduction) : undefined;
      if (fresh) setMade(fresh.id);
    });
  };
  const onKey = (event: KeyboardEvent<HTMLTableElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
    const line = rowOf(event.target as HTMLElement);
    if (!cell || line === null) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const column = cell.dataset.cell ?? "";
    if (ctrl && event.key.toLowerCase() === "d") void edit({ kind: "duplicate", line });
    else if ((ctrl || cell.dataset.cell === "remove") && event.key === "Delete") remove(line);
    else if (event.key === "Enter" && !ctrl && cell instanceof HTMLInputElement) step(line, column, 1, true);
    else if (ctrl || event.altKey || event.shiftKey || !arrows.has(event.key) || !isFigure(cell)) return;
    else if (cell.dataset.editing !== undefined) {
      // Within what is typed they go from figure to figure; up and down they leave it, as Enter does.
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") return;
      step(line, column, event.key === "ArrowDown" ? 1 : -1, false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(line, column, event.key === "ArrowDown" ? 1 : -1, false);
    } else aside(cell, event.key === "ArrowRight" ? 1 : -1);
    event.preventDefault();
    event.stopPropagation();
  };
  const step = (line: number, column: string, by: 1 | -1, adds: boolean) => {
    const ids = linesOf(view).map(({ id }) => id);
    const others = column === "base" ? ["base", "vat"] : ["vat", "base"];
    for (let at = ids.indexOf(line) + by; at >= 0 && at < ids.length; at += by) {
      const id = ids[at];
      if (id !== undefined && focusCell(table.current, id, others)) return;
    }
    if (adds) setAdding(true);
  };
  const aside = (cell: HTMLElement, by: 1 | -1) => {
    const figures = [...(table.current?.querySelectorAll<HTMLElement>("input[data-cell]") ?? [])].filter(isFigure);
    figures[figures.indexOf(cell) + by]?.focus();
  };
  return (
    <div className={cx(cardCss.lines, s.lines)} role="region" aria-label={t("lines.label")}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are its fields' */}
      <table className={cx("t", s.grid)} ref={table} onKeyDown={onKey}>
        <caption className="sr">{t("lines.caption")}</caption>
        <thead>
          <tr>
            <th scope="col" className={cx("r", s.cCode)}>
              {t("lines.code")}
            </th>
            <th scope="col">{t("lines.description")}</th>
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
            <th scope="col" className={s.cMore}>
              <span className="sr">{t("draft.more")}</span>
            </th>
          </tr>
        </thead>
        {view.groups.map((group) => (
          <tbody key={group.title}>
            <tr className="theme">
              <th colSpan={7} scope="rowgroup">
                {group.title}
              </th>
            </tr>
            {group.lines.map((line) => (
              <GridLine
                key={line.id}
                line={line}
                draft={draft}
                remarks={view.remarkLists[line.remarkList] ?? none}
                edit={edit}
                findings={view.findings.filter((finding) => finding.line === line.id)}
                onRemove={remove}
              />
            ))}
          </tbody>
        ))}
        <tbody>
          {adding && (
            <tr className={s.adding}>
              <td colSpan={7}>
                <CodeBox
                  draft={view}
                  onChoose={add}
                  onClose={() => {
                    setAdding(false);
                    requestAnimationFrame(() => {
                      table.current?.querySelector<HTMLElement>(`[data-testid="${testIds.draftAdd}"]`)?.focus();
                    });
                  }}
                />
              </td>
            </tr>
          )}
          <tr className={s.tools}>
            <td colSpan={7}>
              <div className="row wrap">
                <Button
                  variant="tertiary"
                  small
                  icon={PlusIcon}
                  needs="prepare"
                  testId={testIds.draftAdd}
                  onClick={() => {
                    setAdding(true);
                  }}
                >
                  {t("draft.add")}
                </Button>
                <Button
                  variant="tertiary"
                  small
                  icon={ClipboardIcon}
                  needs="prepare"
                  testId={testIds.draftPaste}
                  onClick={onPaste}
                >
                  {t("draft.paste")}
                </Button>
                <span className={s.keys}>
                  <span>
                    <kbd>Tab</kbd> {t("draft.key.next")}
                  </span>
                  <span>
                    <kbd>Enter</kbd> {t("draft.key.line")}
                  </span>
                  <span>
                    <kbd>Ctrl</kbd> <kbd>Z</kbd> {t("draft.key.undo")}
                  </span>
                </span>
              </div>
            </td>
          </tr>
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td colSpan={4}>{t("lines.sum")}</td>
            <td className="num" data-testid={testIds.draftTotal}>
              {amount(view.sum)}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** What a rule says, below its line; the number is the one in the list at the right. */
export function LineNote({ finding }: { finding: DraftFinding }) {
  const { t } = useTexts();
  const bad = finding.severity === "invalid";
  return (
    <tr
      className={cx("note", bad ? "hit-bad" : "hit-soon")}
      data-testid={testIds.draftLineFinding}
      data-rule={finding.rule ?? finding.identifier}
    >
      <td />
      <td colSpan={6}>
        <span className="row" id={findingAnchor(finding)}>
          <span className={cx(markerCss.fm, bad ? markerCss.bad : markerCss.soon)} aria-hidden>
            {finding.number}
          </span>
          <span>
            {t(`finding.${finding.severity}`)}: {titleOf(finding, t)}
          </span>
        </span>
      </td>
    </tr>
  );
}
