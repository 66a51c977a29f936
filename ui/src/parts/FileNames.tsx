/** A list of files with what each is, which scrolls in itself when it is long. */
import { testIds } from "../testids";
import { cx } from "./cx";
import s from "./FileNames.module.css";

interface Props {
  label: string;
  names: readonly (readonly [file: string, what: string])[];
}

export function FileNames({ label, names }: Props) {
  return (
    // Read with the keyboard too: it scrolls.
    <div className={cx(s.names, "mt3")} tabIndex={0} role="region" aria-label={label} data-testid={testIds.fileNames}>
      <ul>
        {names.map(([file, what], index) => (
          <li key={`${file}-${String(index)}`}>
            <span className="breaks">{file}</span> {what !== "" && <span className="quiet">{what}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
