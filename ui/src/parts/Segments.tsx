/** One of a few: buttons in a row, one of them pressed. */
import type { TestId } from "../testids";
import s from "./Segments.module.css";

interface SegmentsProps<T extends string | number> {
  label: string;
  testId: TestId;
  options: { value: T; text: string; lang?: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

export function Segments<T extends string | number>({ label, testId, options, chosen, onChoose }: SegmentsProps<T>) {
  return (
    <div className={s.seg} role="group" aria-label={label}>
      {options.map(({ value, text, lang }) => (
        <button
          key={value}
          type="button"
          lang={lang}
          aria-pressed={value === chosen}
          data-testid={testId}
          data-value={value}
          onClick={() => {
            onChoose(value);
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
