/** Choosing a company by name or number: suggestions with both, which the browsers' own lists do not show everywhere. */
import { useId, useState, type KeyboardEvent } from "react";
import type { CompanyView, FoundCompany } from "../bindings";
import { orgNumber } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";
import s from "./CompanyBox.module.css";

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
  /** Asks Enhetsregisteret for what was typed; nothing leaves this computer before a person chooses to. */
  onFind?: (words: string) => Promise<readonly FoundCompany[]>;
}

/** What the register has said, to which words. */
type Asked = { words: string } & (
  { state: "asking" | "failed" } | { state: "found"; companies: readonly FoundCompany[] }
);

/** Fewest letters that are looked for. */
const FEWEST = 2;

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
  onFind,
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
  const typed = value.trim();
  const [asked, setAsked] = useState<Asked | null>(null);
  const said = asked?.words === typed ? asked : null;
  const outside =
    said?.state === "found"
      ? said.companies.filter(({ orgNumber: number }) => !found.some((company) => company.orgNumber === number))
      : [];
  const offered: readonly CompanyView[] = [...found, ...outside];
  const mayAsk = onFind !== undefined && !chosen && typed.length >= FEWEST && said === null;
  const count = offered.length + (mayAsk ? 1 : 0);
  const shown = open && (count > 0 || said !== null);
  const ask = () => {
    if (!onFind) return;
    setAsked({ words: typed, state: "asking" });
    setAt(-1);
    onFind(typed).then(
      (companies) => {
        setAsked({ words: typed, state: "found", companies });
      },
      () => {
        setAsked({ words: typed, state: "failed" });
      },
    );
  };
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
        setAt(shown ? (at + step + count) % Math.max(count, 1) : step === 1 ? 0 : count - 1);
        setOpen(true);
        break;
      }
      case "Enter":
        if (!shown || at < 0) return;
        if (mayAsk && at === offered.length) ask();
        else choose(offered[at]);
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
    <div className={s.combo}>
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
        {offered.map((company, index) => (
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
        {mayAsk && (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the box's
          <li
            id={option(offered.length)}
            role="option"
            aria-selected={at === offered.length}
            tabIndex={-1}
            data-testid={testIds.companyFind}
            onMouseDown={(event) => {
              event.preventDefault();
            }}
            onClick={ask}
          >
            <span>{t("company.find", { words: typed })}</span>
          </li>
        )}
      </ul>
      {shown && said !== null && (said.state !== "found" || said.companies.length === 0) && (
        <p role="status" className="xs quiet" data-testid={testIds.companyFound}>
          {t(`company.${said.state === "found" ? "none" : said.state}`)}
        </p>
      )}
    </div>
  );
}
