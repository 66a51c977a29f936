/**
 * A field for an amount: numbers as people type them; the office reads them.
 *
 * As in a spreadsheet the arrows go on to the next field until one edits: F2, a press on the figure, or the first key. Esc
 * gives up what was typed.
 */
import { useState } from "react";
import type { DraftCell } from "../../bindings";
import { amount } from "../../i18n/format";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import { useTyped } from "./useTyped";
import { cx } from "../../parts/cx";

interface Props {
  label: string;
  cell: DraftCell;
  /** Which field: the arrows go from line to line within one. */
  name: "base" | "vat";
  /** It follows from other fields. */
  follows?: boolean;
  fault: "bad" | "soon" | undefined;
  describedBy: string | undefined;
  onSave: (text: string) => Promise<unknown>;
}

export const textOf = ({ amount: number, text }: DraftCell): string => text ?? (number === null ? "" : amount(number));

export function AmountField({ label, cell, name, follows = false, fault, describedBy, onSave }: Props) {
  const { text, type, leave, drop } = useTyped(textOf(cell), onSave);
  const [editing, setEditing] = useState(false);
  return (
    <input
      className={cx(s.cell, follows && s.auto)}
      data-fault={fault}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      aria-invalid={fault === "bad" || undefined}
      aria-describedby={describedBy}
      data-cell={name}
      data-testid={testIds.draftCell}
      data-value={name}
      data-editing={editing || undefined}
      value={text}
      onFocus={(event) => {
        event.target.select();
      }}
      onMouseDown={(event) => {
        // The first press chooses the field, the next a place in it.
        if (document.activeElement === event.currentTarget) setEditing(true);
      }}
      onKeyDown={(event) => {
        const field = event.currentTarget;
        if (event.key === "F2" && !editing) {
          field.setSelectionRange(field.value.length, field.value.length);
          setEditing(true);
        } else if (event.key === "Escape" && editing) {
          drop();
          setEditing(false);
          requestAnimationFrame(() => {
            field.select();
          });
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onChange={(event) => {
        type(event.target.value);
        setEditing(true);
      }}
      onBlur={() => {
        setEditing(false);
        leave();
      }}
    />
  );
}
