/** Whose file it is, what it covers, and which period is to be filed. */
import {
  ArrowRightIcon,
  CheckmarkCircleFillIcon,
  ExclamationmarkTriangleFillIcon,
  XMarkIcon,
} from "@navikt/aksel-icons";
import { useEffect, useRef } from "react";
import type { BooksPeriod, BooksView, BookView, CategoryName, PeriodKindName } from "../../bindings";
import { useCommand } from "../../commands";
import { amount, daysBetween, midSentence, norwegianDay } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { State } from "../../parts/State";
import { useNarrow } from "../../parts/layout";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { shortly } from "./amounts";
import { useCloseBooks } from "./useBooks";
import { Aside } from "./Aside";
import s from "./books.module.css";
import { StepHead } from "./StepHead";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import stepsCss from "../../parts/steps.module.css";
import cardCss from "../../parts/card.module.css";

const kinds: readonly PeriodKindName[] = [
  "twoMonths",
  "year",
  "month",
  "threeMonths",
  "sixMonths",
  "halfMonth",
  "week",
];
const categories: readonly CategoryName[] = ["ordinary", "primaryIndustry", "compensation", "reverseCharge"];

interface Props {
  delivery: BooksView;
  book: BookView;
  onReview: () => void;
}

export function Periods({ delivery, book, onReview }: Props) {
  const { t, language } = useTexts();
  const narrow = useNarrow();
  const backend = useBackend();
  const choose = useCommand((more: Partial<Pick<BookView, "chosen" | "kind" | "category" | "keepFile">>) => {
    const { chosen, kind, category, keepFile } = { ...book, ...more };
    return backend.chooseBooks(delivery.id, chosen, kind, category, keepFile);
  });
  const chosen = book.periods.find(({ key }) => key === book.chosen);
  return (
    <div className={narrow ? cx(cardCss.work, cardCss.narrow) : cx("split", cardCss.work)}>
      <article className={cx("paper", cardCss.ret)} aria-label={t("saft.kind", { version: book.version })}>
        <Head delivery={delivery} book={book} />
        <div className={cardCss.lines} tabIndex={0} role="region" aria-label={t("saft.periods")}>
          {book.periods.length === 0 ? (
            <p className="quiet pad">{t(book.vouchers === 0 ? "saft.noVouchers" : "saft.noPeriods")}</p>
          ) : (
            <table className={cx("t", s.periods)}>
              <caption className="sr">{t("saft.periods")}</caption>
              <thead>
                <tr>
                  <th scope="col">
                    <span className="sr">{t("saft.step1")}</span>
                  </th>
                  <th scope="col">{t("col.period")}</th>
                  <th scope="col" className="r">
                    {t("voucher.count")}
                  </th>
                  <th scope="col" className="r">
                    {t("saft.gives")}
                  </th>
                  <th scope="col" className="r">
                    {t("saft.before")}
                  </th>
                  <th scope="col">{t("col.state")}</th>
                </tr>
              </thead>
              <tbody>
                {book.periods.map((period) => (
                  <Period
                    key={period.key}
                    period={period}
                    on={period.key === book.chosen}
                    onChoose={() => {
                      choose.run({ chosen: period.key });
                    }}
                  />
                ))}
              </tbody>
            </table>
          )}
          <div className={cx("pad", s.choices)}>
            <label className="row sm">
              <span className="b">{t("saft.periodLength")}</span>
              <select
                className="ds-input"
                data-testid={testIds.booksKind}
                value={book.kind}
                onChange={(event) => {
                  choose.run({ kind: event.target.value as PeriodKindName, chosen: null });
                }}
              >
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {t(`duty.kind.${kind}`)}
                  </option>
                ))}
              </select>
            </label>
            <label className="row sm">
              <span className="b">{t("duty.category")}</span>
              <select
                className="ds-input"
                data-testid={testIds.booksCategory}
                value={book.category}
                onChange={(event) => {
                  choose.run({ category: event.target.value as CategoryName });
                }}
              >
                {categories.map((category) => (
                  <option key={category} value={category}>
                    {t(`duty.category.${category}`)}
                  </option>
                ))}
              </select>
            </label>
            <p className="xs quiet">
              {t(book.learnt ? "saft.learnt" : "saft.notLearnt", { company: book.company })} {t("saft.by")}
            </p>
            <label className={cx("row sm", s.keep)}>
              <input
                type="checkbox"
                checked={book.keepFile}
                data-testid={testIds.booksKeep}
                onChange={(event) => {
                  choose.run({ keepFile: event.target.checked });
                }}
              />
              {t("saft.keep")}
            </label>
          </div>
        </div>
      </article>
      <Aside
        foot={
          <div className={s.foot}>
            <Button
              wide
              icon={ArrowRightIcon}
              testId={testIds.booksReview}
              data-shortcut="primary"
              {...(chosen ? {} : { shutBecause: "stays" })}
              onClick={onReview}
            >
              {chosen
                ? t("saft.review", { period: midSentence(chosen.name.replace(/ \d{4}$/, ""), language) })
                : t("saft.step2")}
            </Button>
            <p className="xs quiet" id="stays">
              {t("saft.stays")}
            </p>
          </div>
        }
      >
        <section className={cx(stepsCss.step, stepsCss.now)}>
          <h2>
            <span className={stepsCss.no}>1</span>
            {t("saft.step1")}
          </h2>
          <div className={stepsCss.body}>
            <ul className={s.checks}>
              {book.facts.map((fact) => (
                <li key={fact.title}>
                  <span className={fact.good ? cx(stateCss.state, stateCss.ok) : cx(stateCss.state, stateCss.soon)}>
                    <Icon of={fact.good ? CheckmarkCircleFillIcon : ExclamationmarkTriangleFillIcon} />
                  </span>
                  <span>{fact.title}</span>
                  <span className={s.detail}>{fact.text}</span>
                </li>
              ))}
            </ul>
          </div>
        </section>
        <StepHead number={2} text={t("saft.step2")} state="shut" />
        <StepHead number={3} text={t("saft.step3")} state="shut" />
      </Aside>
    </div>
  );
}

function Head({ delivery, book }: { delivery: BooksView; book: BookView }) {
  const { t, dateYear, bytes } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useCloseBooks(delivery.id);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const span = book.from !== null && book.to !== null ? `${dateYear(book.from)} – ${dateYear(book.to)}` : "";
  const size = t("saft.size", { vouchers: amount(String(book.vouchers)), lines: amount(String(book.lines)) });
  const thousands = delivery.files.reduce((sum, file) => sum + file.size, 0);
  const about = [
    book.created === null ? "" : t("saft.made", { day: dateYear(book.created) }),
    bytes(thousands * 1000),
    delivery.files.map(({ name }) => name).join(", "),
  ];
  return (
    <header>
      <div className="grow">
        <p className="xs quiet">{t("saft.kind", { version: book.version })}</p>
        <h1 ref={heading} tabIndex={-1} className="ell" data-full={book.company}>
          {book.company}
        </h1>
        <p className="mt05">
          <span className="b">{span}</span> · {size} · {book.system}
        </p>
        <p
          className="xs quiet ell mt05"
          title={delivery.files
            .map(({ name, sha256 }) => [name, ...(sha256 === null ? [] : [sha256])].join("\n"))
            .join("\n")}
        >
          {about.filter((part) => part !== "").join(" · ")}
        </p>
      </div>
      <State tone="ok">{t("saft.read")}</State>
      <Button
        className={cardCss.shut}
        variant="tertiary"
        small
        icon={XMarkIcon}
        aria-label={t("saft.close")}
        title={t("saft.close")}
        testId={testIds.booksClose}
        onClick={close}
      />
    </header>
  );
}

function Period({ period, on, onChoose }: { period: BooksPeriod; on: boolean; onChoose: () => void }) {
  const { t, language } = useTexts();
  return (
    <tr
      aria-selected={on}
      className="open"
      data-testid={testIds.booksPeriod}
      data-value={period.key}
      data-due={period.due || undefined}
      onClick={onChoose}
    >
      <td>
        <input
          type="radio"
          name="saft-period"
          checked={on}
          aria-label={t("saft.choose", { period: midSentence(period.name, language) })}
          onChange={onChoose}
        />
      </td>
      <td>
        <span className="b">{period.name}</span>
        <br />
        <span className="xs quiet">
          {period.missing === null ? t("saft.whole") : t("saft.missing", { days: period.missing })}
        </span>
      </td>
      <td className="num">{amount(String(period.vouchers))}</td>
      <td className="num b">{shortly(period.sum)}</td>
      <td className="num">{period.filed ? shortly(period.filed.sum) : ""}</td>
      <td>
        <Standing period={period} />
      </td>
    </tr>
  );
}

function Standing({ period }: { period: BooksPeriod }) {
  const { t, dateFrom, dayFrom, relativeDay, dayOf } = useTexts();
  const today = norwegianDay(useMinute());
  const { filed, deadline } = period;
  if (filed) {
    return (
      <span className="row">
        <State tone="ok">{t("saft.filedAt", { day: dateFrom(dayOf(filed.at), today) })}</State>
        <span className="quiet">{t(filed.same ? "saft.same" : "saft.other")}</span>
      </span>
    );
  }
  if (!period.over) return <State tone="idle">{t("saft.notOver")}</State>;
  if (deadline === null) return null;
  const days = daysBetween(today, deadline);
  return (
    <State tone={days < 0 ? "bad" : days <= 7 ? "soon" : "idle"} shape="clock">
      {days < 0
        ? t("saft.late", { date: dayFrom(deadline, today) })
        : t("saft.due", { when: relativeDay(deadline, today) })}
    </State>
  );
}
