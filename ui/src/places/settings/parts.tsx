/** What every section of Innstillinger is made of: a paper with a heading, rows and switches. */
import { useId, type ReactNode } from "react";
import type { TestId } from "../../testids";
import fieldsCss from "../../parts/fields.module.css";

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="paper pad" aria-labelledby={id}>
      <h2 id={id} className="mb1">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SettingProps {
  title: string;
  note?: ReactNode;
  children?: ReactNode;
}

export function Setting({ title, note, children }: SettingProps) {
  return (
    <div className={fieldsCss.setrow}>
      <div>
        <p className="b sm">{title}</p>
        {note !== undefined && <p className="xs quiet breaks">{note}</p>}
      </div>
      {children}
    </div>
  );
}

interface SwitchRowProps {
  title: string;
  note?: ReactNode;
  on: boolean;
  testId: TestId;
  onChange: (on: boolean) => void;
  /** Says what in the list it is, where one test id stands for several. */
  value?: string;
}

/** A row that is on or off; the whole row is its label. */
export function SwitchRow({ title, note, on, testId, onChange, value }: SwitchRowProps) {
  const note_ = useId();
  return (
    <label className={fieldsCss.setrow}>
      <span>
        <span className="b sm block">{title}</span>
        {note !== undefined && (
          <span id={note_} className="xs quiet block">
            {note}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        className={fieldsCss.sw}
        aria-label={title}
        aria-describedby={note === undefined ? undefined : note_}
        checked={on}
        data-testid={testId}
        data-value={value}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
    </label>
  );
}
