/** Whose return it is, for which period and category, and what it comes to. */
import { useEffect, useRef, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { CategoryName, DraftView, PeriodKindName } from "../../bindings";
import { daysBetween, isNothing, isRefund, kr, norwegianDay, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { companiesKey, useBackend } from "../../office";
import { CompanyBox } from "../../parts/CompanyBox";
import { useNarrow } from "../../parts/layout";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import s from "./drafts.module.css";
import type { Writing } from "./useWriting";
import { companyOf } from "./draftTexts";
import cardCss from "../../parts/card.module.css";

const categories: readonly CategoryName[] = ["ordinary", "primaryIndustry", "compensation", "reverseCharge"];

export function DraftHead({ writing }: { writing: Writing }) {
  const { t } = useTexts();
  const narrow = useNarrow();
  const { view } = writing;
  const [open, setOpen] = useState(false);
  const folded = narrow && !open && view.companyKnown;
  return (
    <header className={s.head}>
      {folded ? (
        <div className={s.folded}>
          <h1 tabIndex={-1}>{companyOf(view, t)}</h1>
          <p className="sm quiet">
            {view.periodName} · {t(`duty.category.${view.category}`)} ·{" "}
            <button
              type="button"
              className="ds-link"
              data-testid={testIds.draftUnfold}
              onClick={() => {
                setOpen(true);
              }}
            >
              {t("draft.change")}
            </button>
          </p>
        </div>
      ) : (
        <>
          <h1 className="sr" tabIndex={-1}>
            {t("draft.word")}: {companyOf(view, t)}
          </h1>
          <Form writing={writing} />
        </>
      )}
      <Sum view={view} />
    </header>
  );
}

function Form({ writing }: { writing: Writing }) {
  const { view, edit } = writing;
  const { t } = useTexts();
  const kinds = [...new Set(view.periods.map(({ kind }) => kind))];
  return (
    <div className={s.form}>
      <Company writing={writing} onChange={(text) => void edit({ kind: "company", text })} />
      <label>
        <span>{t("draft.period")}</span>
        <select
          className="ds-input"
          value={view.period}
          data-testid={testIds.draftPeriod}
          onChange={(event) => void edit({ kind: "period", key: event.target.value })}
        >
          {kinds.map((kind: PeriodKindName) => (
            <optgroup key={kind} label={t(`duty.kind.${kind}`)}>
              {view.periods
                .filter((period) => period.kind === kind)
                .map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label>
        <span>{t("duty.category")}</span>
        <select
          className="ds-input"
          value={view.category}
          data-testid={testIds.draftCategory}
          onChange={(event) => void edit({ kind: "category", category: event.target.value as CategoryName })}
        >
          {(categories.includes(view.category) ? categories : [...categories, view.category]).map((known) => (
            <option key={known} value={known}>
              {t(`duty.category.${known}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Company({ writing, onChange }: { writing: Writing; onChange: (text: string) => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const { view, refresh } = writing;
  const companies = useQuery({ queryKey: companiesKey, queryFn: () => backend.draftCompanies() }).data ?? [];
  const [typed, setTyped] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const first = view.orgNumber === null && view.empty;
  useEffect(() => {
    // Whoever begins with nothing begins here.
    if (first) box.current?.querySelector("input")?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only when the draft is opened
  }, []);
  const { orgNumber, companyKnown, companyName, companyLookup } = view;
  const nameless = companyLookup && companyKnown && companyName === null ? orgNumber : null;
  useEffect(() => {
    // A number says nothing to a person: whose it is is asked for once, and remembered.
    if (nameless === null) return;
    backend.findCompanies(nameless).then(
      (found) => {
        if (found.length > 0) refresh();
      },
      () => undefined,
    );
  }, [backend, nameless, refresh]);
  const find = async (words: string) => {
    const found = await backend.findCompanies(words);
    void client.invalidateQueries({ queryKey: companiesKey });
    return found;
  };
  const keep = (text: string) => {
    setTyped(null);
    if (text.replace(/\s/g, "") !== (view.orgNumber ?? "")) onChange(text);
  };
  const fault = view.orgNumber !== null && !view.companyKnown ? t("draft.missing.company") : undefined;
  return (
    <div ref={box} className={s.company}>
      <CompanyBox
        companies={
          orgNumber === null || companyName === null || companies.some(({ orgNumber: it }) => it === orgNumber)
            ? companies
            : [...companies, { orgNumber, name: companyName }]
        }
        value={typed ?? view.orgNumber ?? ""}
        label={t("draft.company")}
        testId={testIds.draftCompany}
        choiceId={testIds.draftCompanyChoice}
        fault={fault}
        {...(companyLookup ? { onFind: find } : {})}
        onChange={(text) => {
          setTyped(text);
          // Nine digits are a number: nothing more is waited for.
          if (/^\d{9}$/.test(text.replace(/\s/g, ""))) keep(text);
        }}
        onLeave={(text) => {
          if (typed !== null) keep(text);
        }}
      />
    </div>
  );
}

export function Sum({ view }: { view: DraftView }) {
  const { t, dayFrom, relativeDay } = useTexts();
  const today = norwegianDay(useMinute());
  const days = view.deadline === null ? null : daysBetween(today, view.deadline);
  return (
    <div className={cardCss.sum}>
      <p className="xs quiet">
        {isNothing(view.sum) ? t("draft.sum") : isRefund(view.sum) ? t("return.refund") : t("return.toPay")}
      </p>
      <p className={cardCss.v} data-testid={testIds.draftSum}>
        {kr(unsigned(view.sum))}
      </p>
      {view.deadline !== null && days !== null && (
        <p className="xs">
          <State tone={days < 0 ? "bad" : days <= 7 ? "soon" : "idle"} shape="clock">
            {days < 0
              ? t("return.deadlinePassed", { date: dayFrom(view.deadline, today) })
              : t("return.deadline", { when: relativeDay(view.deadline, today), date: dayFrom(view.deadline, today) })}
          </State>
        </p>
      )}
    </div>
  );
}
