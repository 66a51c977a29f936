/** A field for an amount: numbers as people type them; the office reads them. */
import type { DraftCell } from "../../bindings";
import { amount } from "../../i18n/format";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import { useTyped } from "./useTyped";

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
  const { text, type, leave } = useTyped(textOf(cell), onSave);
  return (
    <input
      className={`${s.cell ?? ""} ${follows ? (s.auto ?? "") : ""}`}
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
      value={text}
      onFocus={(event) => {
        event.target.select();
      }}
      onChange={(event) => {
        type(event.target.value);
      }}
      onBlur={leave}
    />
  );
}
