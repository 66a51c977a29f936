/** Choosing a code by its number, a word or its rate; only codes of the draft's category and period. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { DraftCode, DraftView } from "../../bindings";
import { percent } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { codesKey, useBackend } from "../../office";
import { testIds } from "../../testids";
import s from "./drafts.module.css";

interface Props {
  draft: Pick<DraftView, "id" | "category" | "period">;
  onChoose: (code: string) => void;
  onClose: () => void;
}

const wordsOf = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** Codes that fit what was typed; one whose number is what was typed comes first. */
export function found(codes: readonly DraftCode[], text: string): DraftCode[] {
  const words = wordsOf(text);
  const hits = codes.filter(({ code, description, theme, rates }) => {
    const said = `${description} ${theme}`.toLowerCase();
    return words.every(
      (word) => code.startsWith(word) || said.includes(word) || rates.some((rate) => `${rate}%`.startsWith(word)),
    );
  });
  const bare = text.trim();
  return [...hits.filter(({ code }) => code === bare), ...hits.filter(({ code }) => code !== bare)];
}

export function CodeBox({ draft, onChoose, onClose }: Props) {
  const { t, language } = useTexts();
  const backend = useBackend();
  const id = useId();
  const codes = useQuery({
    queryKey: [...codesKey, draft.id, draft.category, draft.period, language],
    queryFn: () => backend.draftCodes(draft.id),
  }).data;
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const hits = useMemo(() => found(codes ?? [], text), [codes, text]);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The list is longer than the row it was asked for in.
    box.current?.scrollIntoView({ block: "nearest" });
  }, [codes]);
  const chosen = hits[Math.min(at, hits.length - 1)];
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (hits.length > 0) setAt((at + step + hits.length) % hits.length);
    } else if (event.key === "Enter") {
      if (chosen) onChoose(chosen.code);
    } else if (event.key === "Escape") {
      onClose();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const option = (index: number) => `${id}-${String(index)}`;
  return (
    <div className={s.codebox} ref={box}>
      <input
        className={s.codeInput}
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the row was asked for to be typed in
        autoFocus
        role="combobox"
        aria-label={t("draft.code")}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen ? option(hits.indexOf(chosen)) : undefined}
        autoComplete="off"
        placeholder={t("draft.code")}
        value={text}
        data-testid={testIds.draftCode}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        onBlur={onClose}
      />
      <div className={s.pop}>
        <ul id={`${id}-list`} role="listbox" aria-label={t("draft.codes")}>
          {hits.map((code, index) => (
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the box's
            <li
              key={code.code}
              id={option(index)}
              role="option"
              aria-selected={code === chosen}
              tabIndex={-1}
              data-testid={testIds.draftCodeChoice}
              data-value={code.code}
              onMouseDown={(event) => {
                event.preventDefault();
              }}
              onClick={() => {
                onChoose(code.code);
              }}
            >
              <b>{code.code}</b>
              <span>{marked(code.description, text)}</span>
              <span className="quiet">{code.rates.map((rate) => percent(rate)).join(" / ")}</span>
            </li>
          ))}
        </ul>
        {codes && hits.length === 0 && <p className={s.nohit}>{t("draft.codeNone", { text })}</p>}
        <p className={s.hint}>
          <kbd>↑</kbd> <kbd>↓</kbd> {t("draft.key.choose")} <kbd>Enter</kbd> {t("draft.key.use")}
        </p>
      </div>
    </div>
  );
}

/** The words that were searched for, in what was found. */
function marked(description: string, text: string): ReactNode {
  const word = wordsOf(text).find((it) => description.toLowerCase().includes(it));
  if (word === undefined) return description;
  const at = description.toLowerCase().indexOf(word);
  return (
    <>
      {description.slice(0, at)}
      <mark>{description.slice(at, at + word.length)}</mark>
      {description.slice(at + word.length)}
    </>
  );
}
