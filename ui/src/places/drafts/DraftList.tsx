/** The drafts: those that are open, and below them the wastebasket. */
import { ArrowUndoIcon, PencilIcon, TrashIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { DraftRow } from "../../bindings";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { State } from "../../parts/State";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import s from "./drafts.module.css";
import { useBeginDraft, useDiscardDraft, useDrafts, useRestoreDraft } from "./useDrafts";
import { companyOf } from "./words";

/** Where returns lie open the drafts are a press away. */
export function DraftsLink() {
  const { t } = useTexts();
  const count = useDrafts().open.length;
  if (count === 0) return null;
  return (
    <p className="back">
      <a className="ds-link sm row" href={address("draft")} data-testid={testIds.draftsLink}>
        {t("draft.count", { count })}
      </a>
    </p>
  );
}

/** The drafts as a place of their own. */
export function DraftsPage() {
  const { t } = useTexts();
  const begin = useBeginDraft();
  return (
    <div className="page col">
      <div className="head">
        <h1 tabIndex={-1} className="grow">
          {t("draft.list")}
        </h1>
        <Button
          icon={PencilIcon}
          needs="prepare"
          testId={testIds.draftBegin}
          onClick={() => {
            begin();
          }}
        >
          {t("way.type.do")}
        </Button>
      </div>
      <DraftList />
    </div>
  );
}

export function DraftList() {
  const { t } = useTexts();
  const { open, discarded } = useDrafts();
  const [basket, setBasket] = useState(false);
  const gone = discarded.filter(({ filed }) => !filed);
  if (open.length === 0 && gone.length === 0) return null;
  return (
    <section className="paper" aria-labelledby="drafts" data-testid={testIds.draftList}>
      <div className="row pad tight">
        <h2 id="drafts" className="grow">
          {t("draft.list")}
        </h2>
        {gone.length > 0 && (
          <button
            type="button"
            className="ds-link sm"
            aria-expanded={basket}
            data-testid={testIds.draftBasket}
            onClick={() => {
              setBasket(!basket);
            }}
          >
            {t(basket ? "draft.basketHide" : "draft.basketShow", { count: gone.length })}
          </button>
        )}
      </div>
      {open.length > 0 && <Table rows={open} />}
      {basket && gone.length > 0 && <Basket rows={gone} />}
    </section>
  );
}

function Head({ when }: { when: string }) {
  const { t } = useTexts();
  return (
    <thead>
      <tr>
        <th scope="col">{t("col.company")}</th>
        <th scope="col">{t("col.period")}</th>
        <th scope="col" className="r">
          {t("col.toPayOrBack")}
        </th>
        <th scope="col">{t("col.state")}</th>
        <th scope="col" className="r when">
          {when}
        </th>
        <th scope="col" className={s.cAct}>
          <span className="sr">{t("draft.discard")}</span>
        </th>
      </tr>
    </thead>
  );
}

function Table({ rows }: { rows: DraftRow[] }) {
  const { t, brief } = useTexts();
  const now = useMinute();
  const discard = useDiscardDraft();
  return (
    <table className={`t recent ${s.list ?? ""}`}>
      <caption className="sr">{t("draft.list")}</caption>
      <Head when={t("draft.changed")} />
      <tbody>
        {rows.map((row) => {
          const name = companyOf(row, t);
          return (
            <tr
              key={row.id}
              className="open"
              data-testid={testIds.draftRow}
              data-id={row.id}
              onClick={() => {
                go("draft", row.id);
              }}
            >
              <td className="ell" data-full={name}>
                <a
                  className="plain b"
                  href={address("draft", row.id)}
                  onClick={(event) => {
                    event.stopPropagation();
                  }}
                >
                  {name}
                </a>
                <span className="quiet"> · {t(`draft.origin.${row.origin}`)}</span>
              </td>
              <td className="ell">{row.period}</td>
              <td className="num">{amount(row.sum)}</td>
              <td className="ell">
                <RowState row={row} />
              </td>
              <td className="num quiet when">{brief(row.changed, now)}</td>
              <td className={s.cAct}>
                <Button
                  variant="tertiary"
                  small
                  icon={TrashIcon}
                  aria-label={t("draft.discardOf", { company: name, period: row.period })}
                  title={t("draft.discard")}
                  testId={testIds.draftDiscard}
                  data-id={row.id}
                  needs="prepare"
                  onClick={(event) => {
                    event.stopPropagation();
                    discard(row);
                  }}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RowState({ row }: { row: DraftRow }) {
  const { t } = useTexts();
  if (row.empty) return <State tone="idle">{t("draft.state.empty")}</State>;
  if (row.invalid > 0) return <State tone="bad">{t("draft.state.invalid", { count: row.invalid })}</State>;
  if (row.deviating > 0) return <State tone="soon">{t("draft.state.deviating", { count: row.deviating })}</State>;
  return <State tone="idle">{t("draft.state.ready")}</State>;
}

function Basket({ rows }: { rows: DraftRow[] }) {
  const { t, weekday } = useTexts();
  const restore = useRestoreDraft();
  return (
    <table className={`t recent ${s.list ?? ""}`}>
      <caption className={s.caption}>{t("draft.basket")}</caption>
      <Head when={t("draft.keptUntil")} />
      <tbody>
        {rows.map((row) => {
          const name = companyOf(row, t);
          return (
            <tr key={row.id} data-testid={testIds.draftGone} data-id={row.id}>
              <td className="b ell" data-full={name}>
                {name}
              </td>
              <td className="ell">{row.period}</td>
              <td className="num">{amount(row.sum)}</td>
              <td className="quiet">{t("draft.state.gone")}</td>
              <td className="num quiet when">{row.keptUntil !== null && weekday(row.keptUntil)}</td>
              <td className={s.cAct}>
                <Button
                  variant="tertiary"
                  small
                  icon={ArrowUndoIcon}
                  aria-label={t("draft.restoreOf", { company: name, period: row.period })}
                  title={t("draft.restore")}
                  testId={testIds.draftRestore}
                  data-id={row.id}
                  needs="prepare"
                  onClick={() => {
                    restore(row.id);
                  }}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
