/** Fields of a form: label above, what is wrong with it below, and the two tied together for a screen reader. */
import { useId, type ReactNode } from "react";
import { testIds } from "../testids";
import s from "./fields.module.css";

interface RowProps {
  label: string;
  note?: string | undefined;
  fault?: string | undefined;
  id?: string;
  children?: ReactNode;
}

export function FieldRow({ label, note, fault, id, children }: RowProps) {
  const own = useId();
  const field = id ?? own;
  return (
    <div className={s.ff}>
      {id === undefined ? (
        <p className="ds-label">{label}</p>
      ) : (
        <label className="ds-label" htmlFor={field}>
          {label}
        </label>
      )}
      {children}
      {fault !== undefined && (
        <p className="xs tx-bad" id={`${field}-fault`} data-testid={testIds.fieldFault}>
          {fault}
        </p>
      )}
      {note !== undefined && (
        <p className="xs quiet" id={`${field}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

const described = (id: string, note: string | undefined, fault: string | undefined) =>
  [fault !== undefined && `${id}-fault`, note !== undefined && `${id}-note`].filter(Boolean).join(" ") || undefined;

interface LineProps {
  label: string;
  note?: string;
  fault?: string | undefined;
  value: string;
  testId: string;
  /** Typed without being shown, and kept by no browser. */
  secret?: boolean;
  onChange: (value: string) => void;
}

export function TextLine({ label, note, fault, value, testId, secret = false, onChange }: LineProps) {
  const id = useId();
  return (
    <FieldRow label={label} note={note} fault={fault} id={id}>
      <input
        id={id}
        type={secret ? "password" : "text"}
        className="ds-input"
        autoComplete="off"
        spellCheck={false}
        value={value}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={described(id, note, fault)}
        data-testid={testId}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </FieldRow>
  );
}

interface NumberProps extends Omit<LineProps, "value" | "onChange" | "secret"> {
  value: number;
  most?: number;
  onChange: (value: number) => void;
}

/** Whole numbers; whatever else is typed is not taken. */
export function NumberLine({ value, most = 4_000_000_000, onChange, ...rest }: NumberProps) {
  return (
    <TextLine
      {...rest}
      value={String(value)}
      onChange={(text) => {
        const number = Number(text.replace(/\D/g, ""));
        onChange(Math.min(number, most));
      }}
    />
  );
}

interface LinesProps extends Omit<LineProps, "value" | "onChange" | "secret"> {
  value: string[];
  onChange: (value: string[]) => void;
}

export function Lines({ label, note, fault, value, testId, onChange }: LinesProps) {
  const id = useId();
  return (
    <FieldRow label={label} note={note} fault={fault} id={id}>
      <textarea
        id={id}
        className="ds-input"
        rows={Math.max(3, value.length)}
        spellCheck={false}
        value={value.join("\n")}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={described(id, note, fault)}
        data-testid={testId}
        onChange={(event) => {
          onChange(event.target.value.split("\n"));
        }}
      />
    </FieldRow>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  fault?: string | undefined;
  value: T;
  options: { value: T; text: string }[];
  testId: string;
  onChange: (value: T) => void;
}

export function Choice<T extends string>({ label, fault, value, options, testId, onChange }: ChoiceProps<T>) {
  const id = useId();
  return (
    <FieldRow label={label} fault={fault} id={id}>
      <select
        id={id}
        className="ds-input"
        value={value}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={described(id, undefined, fault)}
        data-testid={testId}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </FieldRow>
  );
}

interface CheckProps {
  label: string;
  note?: string;
  on: boolean;
  testId: string;
  onChange: (on: boolean) => void;
}

export function Check({ label, note, on, testId, onChange }: CheckProps) {
  const id = useId();
  return (
    <div className={s.ff}>
      <label className="row sm" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          checked={on}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          data-testid={testId}
          onChange={(event) => {
            onChange(event.target.checked);
          }}
        />
        {label}
      </label>
      {note !== undefined && (
        <p className="xs quiet" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}
