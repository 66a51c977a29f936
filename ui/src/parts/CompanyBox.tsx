/** Choosing a company by name or number: suggestions with both, which the browsers' own lists do not show everywhere. */
import { useId, useState, type KeyboardEvent } from "react";
import type { CompanyView } from "../bindings";
import { orgNumber } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";

interface Props {
  companies: readonly CompanyView[];
  /** What is written, or the number of the company that was chosen. */
  value: string;
  label?: string;
  testId?: string;
  choiceId?: string;
  /** What is wrong with it. */
  fault?: string | undefined;
  onChange: (value: string) => void;
  /** The box is left, with this in it. */
  onLeave?: (value: string) => void;
}

/** More than these no eye goes through; typing finds the others. */
const MOST = 8;

export function CompanyBox({
  companies,
  value,
  label,
  testId = testIds.dutyCompany,
  choiceId = testIds.dutyChoice,
  fault,
  onChange,
  onLeave,
}: Props) {
  const { t } = useTexts();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const words = value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const digits = value.replace(/\s/g, "");
  const chosen = companies.find((company) => company.orgNumber === digits);
  const found = (
    chosen
      ? companies
      : companies.filter(
          ({ name, orgNumber: number }) =>
            words.every((word) => name.toLowerCase().includes(word)) || (digits !== "" && number.startsWith(digits)),
        )
  ).slice(0, MOST);
  const shown = open && found.length > 0;
  const choose = (company: CompanyView | undefined) => {
    if (!company) return;
    onChange(company.orgNumber);
    setOpen(false);
    setAt(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        const step = event.key === "ArrowDown" ? 1 : -1;
        setAt(shown ? (at + step + found.length) % found.length : step === 1 ? 0 : found.length - 1);
        setOpen(true);
        break;
      }
      case "Enter":
        if (!shown || at < 0) return;
        choose(found[at]);
        break;
      case "Escape":
        if (!shown) return;
        // The dialog stays: only the list goes.
        event.stopPropagation();
        setOpen(false);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  const option = (index: number) => `${id}-${String(index)}`;
  return (
    <div className="combo">
      <label className="b sm" htmlFor={id}>
        {label ?? t("duty.company")}
      </label>
      <input
        id={id}
        className="ds-input"
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? option(at) : undefined}
        autoComplete="off"
        value={chosen ? chosen.name : value}
        data-testid={testId}
        aria-invalid={fault !== undefined || undefined}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={(event) => {
          event.target.select();
          setOpen(true);
        }}
        onBlur={() => {
          setOpen(false);
          onLeave?.(value);
        }}
        onKeyDown={onKeyDown}
      />
      {fault !== undefined && (
        <span id={`${id}-fault`} className="xs tx-bad">
          {fault}
        </span>
      )}
      {chosen && <span className="xs quiet">{t("top.orgNo", { org: orgNumber(chosen.orgNumber) })}</span>}
      <ul id={`${id}-list`} role="listbox" aria-label={t("duty.companies")} hidden={!shown}>
        {found.map((company, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the box's
          <li
            key={company.orgNumber}
            id={option(index)}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            data-testid={choiceId}
            data-value={company.orgNumber}
            // Before the box loses its focus, which would take the list away.
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={() => {
              choose(company);
            }}
          >
            <span className="b ell">{company.name}</span>
            <span className="quiet tab">{orgNumber(company.orgNumber)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
