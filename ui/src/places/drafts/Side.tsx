/** The steps: what the rules say while one types, the same period a year ago, and the way to the card. */
import { CheckmarkCircleFillIcon, PadlockLockedIcon, XMarkOctagonFillIcon } from "@navikt/aksel-icons";
import { useId, useState, type ReactNode } from "react";
import { useCommandOnCard } from "../../answers";
import type { DraftFinding, DraftView } from "../../bindings";
import { useCommand } from "../../commands";
import { amount, isRefund, midSentence } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { useTell } from "../../parts/announce";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { State } from "../../parts/State";
import { go } from "../../router";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import { isEarly } from "../../parts/early";
import { goTo } from "./places";
import type { Writing } from "./useWriting";
import { companyOf, fixOf, titleOf } from "./draftTexts";
import { cx } from "../../parts/cx";
import markerCss from "../../parts/marker.module.css";
import stateCss from "../../parts/State.module.css";
import stepsCss from "../../parts/steps.module.css";

interface Props {
  writing: Writing;
  onJump?: (() => void) | undefined;
}

export function Side({ writing, onJump }: Props) {
  const { t, at } = useTexts();
  const { view, edit } = writing;
  const bad = view.findings.filter(({ severity }) => severity === "invalid").length;
  const soon = view.findings.length - bad;
  const shut = bad > 0 || view.discarded;
  const early = isEarly(view);
  return (
    <aside className={stepsCss.stepsCol} data-steps aria-label={t("draft.aside")} data-region tabIndex={-1}>
      <div
        className={cx("paper", stepsCss.steps)}
        data-testid={testIds.draftSteps}
        data-state={bad > 0 ? "bad" : soon > 0 ? "soon" : "ok"}
      >
        <section className={cx(stepsCss.step, early ? stepsCss.odd : bad > 0 ? stepsCss.bad : stepsCss.now)}>
          <h2>
            <span className={stepsCss.no}>1</span>
            {t("draft.fill")}
          </h2>
          <div className={stepsCss.body}>
            {early ? (
              <State tone="soon" shape="clock">
                {t("step1.early")}
              </State>
            ) : (
              <Standing bad={bad} soon={soon} />
            )}
            <p className="sm quiet">{t("draft.live")}</p>
            {view.empty && <Begin view={view} onClear={() => void edit({ kind: "clear" })} />}
            {!shut && <MakeButton view={view} />}
          </div>
        </section>
        <Findings findings={view.findings} writing={writing} onJump={onJump} />
        {view.lastYear && !view.empty && <LastYear view={view} />}
        <section className={cx(stepsCss.step, stepsCss.shut)}>
          <h2>
            <span className={stepsCss.no}>2</span>
            {t(shut ? "draft.checkAndFile" : "draft.file")}
            <span className="grow" />
            <Icon of={PadlockLockedIcon} small />
          </h2>
          <p className={cx("sm quiet", s.indented)}>
            {early ? t("step2.shut.early") : bad > 0 ? t("draft.opensWhen", { count: bad }) : t("draft.opensChecked")}
          </p>
        </section>
        <div className={s.saved}>
          <span className={s.badge}>{t("draft.word")}</span>
          <span className="sm quiet grow" data-testid={testIds.draftSaved}>
            {t("draft.saved", { time: at(view.changed) })}
          </span>
          <Exports view={view} />
        </div>
      </div>
    </aside>
  );
}

export function Standing({ bad, soon }: { bad: number; soon: number }) {
  const { t } = useTexts();
  if (bad + soon === 0) {
    return (
      <p className={cx(stateCss.state, stateCss.ok, s.standing)}>
        <Icon of={CheckmarkCircleFillIcon} small />
        <span>{t("draft.nothingSoFar")}</span>
      </p>
    );
  }
  if (bad === 0) return <State tone="soon">{t("draft.shouldCheck", { count: soon })}</State>;
  return (
    <p className={cx(stateCss.state, stateCss.bad, s.standing)}>
      <Icon of={XMarkOctagonFillIcon} small />
      <span>
        {t("draft.mustMend", { count: bad })}
        {soon > 0 && <span className="quiet">, {t("draft.shouldCheck", { count: soon })}</span>}
      </span>
    </p>
  );
}

/** A period as it stands within a sentence. */

/** Before anything is typed: where the codes are from, and the one press for a return without anything. */
function Begin({ view, onClear }: { view: DraftView; onClear: () => void }) {
  const { t, at, language } = useTexts();
  return (
    <>
      {view.origin === "asLast" && (
        <p className="sm">
          {view.before === null
            ? t("draft.proposed")
            : t("draft.proposedFrom", {
                company: companyOf(view, t),
                period: midSentence(view.before.period, language),
              })}
        </p>
      )}
      {view.companyKnown && view.filed === null && view.before !== null && (
        <div className={s.known}>
          <Icon of={CheckmarkCircleFillIcon} small />
          <span>
            {t("draft.notFiledBefore")}
            <span className="quiet">
              {t("draft.lastFiled", { period: view.before.period, time: at(view.before.at) })}
            </span>
          </span>
        </div>
      )}
      {view.groups.length > 0 && (
        <Button variant="secondary" small needs="prepare" testId={testIds.draftZero} onClick={onClear}>
          {t("draft.zero")}
        </Button>
      )}
    </>
  );
}

/** Makes the return and asks Skatteetaten about it: an ordinary card from there on. */
export function MakeButton({ view, wide = true }: { view: DraftView; wide?: boolean }) {
  const { t } = useTexts();
  const id = useId();
  const backend = useBackend();
  const { session, environment } = useStart();
  const check = useCommandOnCard((card: string) => backend.check(card), {
    // The card says why.
    refused: () => true,
  });
  const make = useCommandOnCard(() => backend.makeDraft(view.id), {
    done: (card) => {
      go("filing", card.id);
      if (session) check.run(card.id);
    },
  });
  const bad = view.findings.some(({ severity }) => severity === "invalid");
  return (
    <>
      <Button
        wide={wide}
        busy={make.running}
        needs="prepare"
        of={view.orgNumber ?? undefined}
        testId={testIds.draftMake}
        data-shortcut="primary"
        shutBecause={bad ? id : undefined}
        onClick={make.run}
      >
        {t(environment === "practice" ? "draft.checkPractice" : "draft.check")}
      </Button>
      {bad && (
        <span id={id} className="sr">
          {t("draft.opensWhen", { count: view.findings.filter(({ severity }) => severity === "invalid").length })}
        </span>
      )}
    </>
  );
}

function Findings({ findings, writing, onJump }: { findings: DraftFinding[] } & Props) {
  const { t } = useTexts();
  if (findings.length === 0) return null;
  return (
    <ol className={cx(stepsCss.finds, s.finds)} aria-label={t("finding.list")}>
      {findings.map((finding) => (
        <Finding key={finding.number} finding={finding} writing={writing} onJump={onJump} />
      ))}
    </ol>
  );
}

function Finding({ finding, writing, onJump }: { finding: DraftFinding } & Props) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const bad = finding.severity === "invalid";
  return (
    <li
      className={stepsCss.find}
      data-testid={testIds.draftFinding}
      data-rule={finding.rule ?? finding.identifier}
      data-number={finding.number}
    >
      <span className={cx(markerCss.fm, bad ? markerCss.bad : markerCss.soon)} aria-hidden>
        {finding.number}
      </span>
      <div className="grow">
        <h3 tabIndex={-1} data-finding>
          <span className={bad ? "tx-bad" : "tx-soon"}>{t(`finding.${finding.severity}`)}</span> · {titleOf(finding, t)}
        </h3>
        {finding.message !== null && <p>{finding.message}</p>}
        <div className="acts wrap">
          {finding.fixes.map((fix) => (
            <button
              key={`${fix.kind}-${fix.value}`}
              type="button"
              className="ds-link"
              data-testid={testIds.draftFix}
              data-value={fix.kind}
              onClick={() => void writing.edit(fix.edit)}
            >
              {fixOf(fix, t)}
            </button>
          ))}
          {finding.field !== null && (
            <button
              type="button"
              className="ds-link"
              data-testid={testIds.draftGoTo}
              onClick={() => {
                onJump?.();
                requestAnimationFrame(() => {
                  goTo(finding);
                });
              }}
            >
              {t("draft.goTo")}
            </button>
          )}
          {finding.rule !== null && (
            <button
              type="button"
              className="ds-link"
              aria-expanded={open}
              onClick={() => {
                setOpen(!open);
              }}
            >
              {t("finding.rule", { rule: finding.rule })}
            </button>
          )}
        </div>
        {open && <p className={cx("xs quiet", stepsCss.ruleText)}>{finding.identifier}</p>}
      </div>
    </li>
  );
}

function LastYear({ view }: { view: DraftView }) {
  const { t } = useTexts();
  const { lastYear } = view;
  if (!lastYear) return null;
  return (
    <section className={stepsCss.step}>
      <h3>{t("draft.lastYear")}</h3>
      <table className={cx("t", s.compared)}>
        <caption className="sr">{t("draft.lastYear")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("lines.code")}</th>
            <th scope="col" className="r">
              {lastYear.year}
            </th>
            <th scope="col" className="r">
              {t("draft.now")}
            </th>
          </tr>
        </thead>
        <tbody>
          {lastYear.rows.map((row) => (
            <tr key={row.code}>
              <td className="ell" data-full={row.description}>
                {row.code} {row.description}
              </td>
              <td className="num">{amount(row.before)}</td>
              <td className="num">{amount(row.now)}</td>
            </tr>
          ))}
          <tr className="b">
            <td>{isRefund(view.sum) ? t("return.refund") : t("return.toPay")}</td>
            <td className="num">{amount(lastYear.before)}</td>
            <td className="num">{amount(view.sum)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Exports({ view }: { view: DraftView }): ReactNode {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const save = useCommand((form: "xml" | "sheet" | "template") => backend.exportDraft(view.id, form), {
    done: (saved) => {
      if (saved) tell(t("draft.exported"));
    },
  });
  const bad = view.findings.some(({ rule, severity }) => rule === null && severity === "invalid");
  return (
    <span className={s.exports}>
      {!bad && (
        <button
          type="button"
          className="ds-link sm"
          data-testid={testIds.draftExport}
          data-value="xml"
          onClick={() => {
            save.run("xml");
          }}
        >
          {t("draft.saveXml")}
        </button>
      )}
      <button
        type="button"
        className="ds-link sm"
        data-testid={testIds.draftExport}
        data-value="sheet"
        onClick={() => {
          save.run(view.empty ? "template" : "sheet");
        }}
      >
        {t(view.empty ? "draft.saveTemplate" : "draft.saveSheet")}
      </button>
    </span>
  );
}
