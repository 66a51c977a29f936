/** The return as the file gives it: its lines, three controls, and the questions. */
import {
  CheckmarkCircleFillIcon,
  ChevronDownIcon,
  ChevronRightIcon,
  ExclamationmarkTriangleFillIcon,
  FileCheckmarkIcon,
  MinusCircleIcon,
  QuestionmarkCircleIcon,
  XMarkIcon,
} from "@navikt/aksel-icons";
import { Fragment, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useCommandOnCard } from "../../answers";
import type { BooksDraft, BooksLine, BooksQuestion, BooksView, BookView } from "../../bindings";
import { useAnnounce } from "../../parts/announce";
import { amount, daysBetween, isRefund, kr, norwegianDay, percent, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { State } from "../../parts/State";
import { go } from "../../router";
import { useNarrow } from "../../parts/layout";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { becomes, inKroner, shortly } from "./amounts";
import { useCloseBooks } from "./useBooks";
import { Aside } from "./Aside";
import s from "./books.module.css";
import { QuestionDialog } from "./QuestionDialog";
import { Since } from "./Since";
import { StepHead } from "./StepHead";
import type { Behind } from "./Vouchers";
import { Why } from "./Why";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import stepsCss from "../../parts/steps.module.css";
import cardCss from "../../parts/card.module.css";

interface Props {
  delivery: BooksView;
  book: BookView;
  draft: BooksDraft;
  /** The line that one comes back from. */
  left: number | null;
  onSwap: () => void;
  onVouchers: (behind: Behind) => void;
}

export function Review({ delivery, book, draft, left, onSwap, onVouchers }: Props) {
  const { t } = useTexts();
  const [asked, setAsked] = useState<string | null>(null);
  const [why, setWhy] = useState(false);
  const narrow = useNarrow();
  useSaying(draft);
  const question = draft.questions.find(({ id }) => id === asked);
  return (
    <div className={narrow ? cx(cardCss.work, cardCss.narrow) : cx("split", cardCss.work)}>
      <article className={cx("paper", cardCss.ret)} aria-label={t("saft.draft")}>
        <Head delivery={delivery} book={book} draft={draft} />
        <Lines draft={draft} left={left} onVouchers={onVouchers} />
        <p className={s.keys}>
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> {t("saft.key.line")}
          </span>
          <span>
            <kbd>→</kbd> {t("saft.key.own")}
          </span>
          <span>
            <kbd>Enter</kbd> {t("saft.key.vouchers")}
          </span>
          <span>
            <kbd>Alt</kbd> <kbd>↓</kbd> {t("saft.key.question")}
          </span>
        </p>
      </article>
      <Aside scrolls foot={<Make delivery={delivery} book={book} draft={draft} />}>
        <StepHead number={1} text={draft.period} state="done">
          <button type="button" className="ds-link xs" data-testid={testIds.booksSwap} onClick={onSwap}>
            {t("saft.swap")}
          </button>
        </StepHead>
        <section className={cx(stepsCss.step, stepsCss.now, s.scrolls)}>
          <h2>
            <span className={stepsCss.no}>2</span>
            {t("saft.step2")}
          </h2>
          <Controls
            draft={draft}
            onWhy={() => {
              setWhy(true);
            }}
          />
          <Questions draft={draft} onAsk={setAsked} />
          <Since draft={draft} />
          <Assumed draft={draft} />
        </section>
      </Aside>
      {question && (
        <QuestionDialog
          key={question.id}
          books={delivery.id}
          question={question}
          number={draft.questions.indexOf(question) + 1}
          count={draft.questions.length}
          onVouchers={onVouchers}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
      {why && (
        <Why
          books={delivery.id}
          draft={draft}
          onAsk={(id) => {
            setWhy(false);
            setAsked(id);
          }}
          onClose={() => {
            setWhy(false);
          }}
        />
      )}
    </div>
  );
}

/** After an answer, what has become of the sum and of the questions. */
function useSaying({ sum, open }: BooksDraft): void {
  const { t } = useTexts();
  const announce = useAnnounce();
  const before = useRef({ sum, open });
  useEffect(() => {
    if (open < before.current.open) {
      announce(t("ask.said", { sum: becomes(t, sum), left: t("saft.questionsLeft", { count: open }) }));
    }
    before.current = { sum, open };
  }, [sum, open, announce, t]);
}

function Head({ delivery, book, draft }: Pick<Props, "delivery" | "book" | "draft">) {
  const { t, at, dayFrom, relativeDay } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const close = useCloseBooks(delivery.id);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus();
  }, []);
  const today = norwegianDay(useMinute());
  const { deadline } = draft;
  const days = deadline === null ? null : daysBetween(today, deadline);
  return (
    <header>
      <div className="grow">
        <p className="xs quiet">
          <span className={s.draft}>{t("saft.draft")}</span>
        </p>
        <h1 ref={heading} tabIndex={-1} className="ell" data-full={book.company}>
          {book.company}
        </h1>
        <p className="mt05">
          <span className="b">{draft.period}</span> · {draft.kind}
        </p>
        <p className="xs quiet ell mt05">{t("saft.from", { count: draft.vouchers, time: at(book.readAt) })}</p>
      </div>
      <div className={cardCss.sum}>
        <p className="xs quiet">{isRefund(draft.sum) ? t("return.refund") : t("return.toPay")}</p>
        <p className={cardCss.v} data-testid={testIds.booksSum}>
          {kr(unsigned(draft.sum))}
        </p>
        {deadline !== null && days !== null && (
          <p className="xs">
            <State tone={days < 0 ? "bad" : days <= 7 ? "soon" : "idle"} shape="clock">
              {days < 0
                ? t("return.deadlinePassed", { date: dayFrom(deadline, today) })
                : t("return.deadline", { when: relativeDay(deadline, today), date: dayFrom(deadline, today) })}
            </State>
          </p>
        )}
      </div>
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

function Lines({ draft, left, onVouchers }: Pick<Props, "draft" | "left" | "onVouchers">) {
  const { t } = useTexts();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [at, setAt] = useState(left === null ? "" : String(left));
  const table = useRef<HTMLTableElement>(null);
  // Of a line, its place; of a code of the books' own below it, that too. The tab key stops where one was last.
  const places = draft.groups.flatMap(({ lines }) =>
    lines.flatMap(({ index, own }) => [
      String(index),
      ...(open.has(index) ? own.map(({ code }) => `${String(index)} ${code}`) : []),
    ]),
  );
  const stop = places.includes(at) ? at : places[0];
  const focus = (place: string | undefined) => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>("[data-link]") ?? [])];
    links.find(({ dataset }) => dataset.link === place)?.focus();
  };
  useEffect(() => {
    if (left !== null) focus(String(left));
  }, [left]);
  const turn = (index: number, on?: boolean) => {
    setOpen((old) => {
      const next = new Set(old);
      if (on ?? !next.has(index)) next.add(index);
      else next.delete(index);
      return next;
    });
  };
  const onKey = (event: KeyboardEvent<HTMLTableElement>) => {
    const place = event.target instanceof HTMLElement ? event.target.dataset.link : undefined;
    if (place === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const now = places.indexOf(place);
    const [line = ""] = place.split(" ");
    if (event.key === "ArrowDown") focus(places[Math.min(now + 1, places.length - 1)]);
    else if (event.key === "ArrowUp") focus(places[Math.max(now - 1, 0)]);
    else if (event.key === "Home") focus(places[0]);
    else if (event.key === "End") focus(places.at(-1));
    else if (event.key === "ArrowRight") turn(Number(line), true);
    else if (event.key === "ArrowLeft") {
      // What has the focus goes with the line's own codes.
      focus(line);
      turn(Number(line), false);
    } else return;
    event.preventDefault();
  };
  return (
    <div className={cardCss.lines} role="region" aria-label={t("saft.lines")}>
      {/* The tab key stops once; the arrows go from link to link, and open what a line is made of. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
      <table
        className={cx("t", s.lines)}
        ref={table}
        onKeyDown={onKey}
        onFocus={({ target }) => {
          if (target.dataset.link !== undefined) setAt(target.dataset.link);
        }}
      >
        <caption className="sr">{t("saft.lines")}</caption>
        <thead>
          <tr>
            <th scope="col" className={cx("r", s.cCode)}>
              {t("lines.code")}
            </th>
            <th scope="col">{t("lines.description")}</th>
            <th scope="col" className={cx("r", s.cCount)}>
              {t("voucher.count")}
            </th>
            <th scope="col" className={cx("r", s.cBase)}>
              {t("voucher.base")}
            </th>
            <th scope="col" className={cx("r", s.cRate)}>
              {t("lines.rate")}
            </th>
            <th scope="col" className={cx("r", s.cVat)}>
              {t("voucher.vat")}
            </th>
          </tr>
        </thead>
        <tbody>
          {draft.groups.map((group) => (
            <Fragment key={group.title}>
              <tr className="theme">
                <th colSpan={6} scope="colgroup">
                  {group.title}
                </th>
              </tr>
              {group.lines.map((line) => (
                <Line
                  key={line.index}
                  line={line}
                  open={open.has(line.index)}
                  stop={stop}
                  onTurn={() => {
                    turn(line.index);
                  }}
                  onVouchers={onVouchers}
                />
              ))}
            </Fragment>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td colSpan={4}>{t("saft.sum")}</td>
            <td className="num">{amount(draft.sum)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

interface LineProps {
  line: BooksLine;
  open: boolean;
  /** Where the tab key stops. */
  stop: string | undefined;
  onTurn: () => void;
  onVouchers: (behind: Behind) => void;
}

function Line({ line, open, stop, onTurn, onVouchers }: LineProps) {
  const { t } = useTexts();
  const { index, code, deduction } = line;
  return (
    <>
      <tr data-testid={testIds.booksLine} data-value={code} data-index={index} data-deduction={deduction || undefined}>
        <td className={cx("num b", s.cCode)}>
          <button
            type="button"
            className={s.toggle}
            tabIndex={-1}
            aria-expanded={open}
            aria-label={t(open ? "saft.ownHide" : "saft.ownShow", { code })}
            data-testid={testIds.booksOwn}
            onClick={onTurn}
          >
            <Icon of={open ? ChevronDownIcon : ChevronRightIcon} small />
          </button>
          {deduction ? "" : code}
        </td>
        <td className={deduction ? "quiet" : undefined}>
          {line.description}
          {line.specification !== null && <span className="quiet"> · {line.specification}</span>}
          {line.remark !== null && <span className="quiet"> · {line.remark}</span>}
        </td>
        <td className="num">
          <button
            type="button"
            className={cx("ds-link", s.count)}
            tabIndex={stop === String(index) ? 0 : -1}
            data-link={index}
            data-testid={testIds.booksVouchers}
            data-value={code}
            aria-label={t("saft.behind", { count: line.vouchers, code })}
            onClick={() => {
              onVouchers({ line: index, own: null });
            }}
          >
            {amount(String(line.vouchers))}
          </button>
        </td>
        <td className="num">{line.base === null ? "" : amount(line.base)}</td>
        <td className="num">{line.rate === null ? "" : percent(line.rate)}</td>
        <td className="num">{amount(line.vat)}</td>
      </tr>
      {open &&
        line.own.map((own) => (
          <tr key={own.code} className={s.sub} data-index={index}>
            <td />
            <td>{own.code === "" ? t("saft.noOwn") : [own.code, own.name].filter((it) => it !== "").join(" · ")}</td>
            <td className="num">
              <button
                type="button"
                className={cx("ds-link", s.count)}
                tabIndex={stop === `${String(index)} ${own.code}` ? 0 : -1}
                data-link={`${String(index)} ${own.code}`}
                aria-label={t("voucher.own", { count: own.vouchers, code: own.code })}
                onClick={() => {
                  onVouchers({ line: index, own: own.code });
                }}
              >
                {amount(String(own.vouchers))}
              </button>
            </td>
            <td className="num">{own.base === null ? "" : shortly(own.base)}</td>
            <td />
            <td className="num">{shortly(own.vat)}</td>
          </tr>
        ))}
    </>
  );
}

function Controls({ draft, onWhy }: { draft: BooksDraft; onWhy: () => void }) {
  const { t } = useTexts();
  const { controls } = draft;
  // Income in another currency is not held against bases in kroner.
  const foreign = controls.movement === null;
  const salesDiffer = !foreign && controls.sales !== controls.bases;
  return (
    <ul className={cx(s.checks, s.controls)}>
      <Control
        name="accounts"
        good={foreign ? null : controls.agrees}
        text={t("ctrl.accounts")}
        figure={controls.difference === null ? "" : inKroner(controls.difference)}
      >
        {controls.movement === null
          ? t("ctrl.accountsForeign")
          : t("ctrl.accountsText", { amount: shortly(controls.movement) })}{" "}
        <button type="button" className="ds-link" data-testid={testIds.booksWhy} onClick={onWhy}>
          {t("ctrl.why")}
        </button>
      </Control>
      <Control
        name="rate"
        good={controls.rateMisses === 0}
        text={t("ctrl.rate")}
        figure={inKroner(controls.rateMisses === 0 ? "0.00" : controls.rateDifference)}
      >
        {controls.rateMisses === 0 ? t("ctrl.rateOk") : t("ctrl.rateMiss", { count: controls.rateMisses })}
      </Control>
      <Control
        name="sales"
        good={foreign ? null : !salesDiffer}
        text={t("ctrl.sales")}
        figure={foreign ? "" : inKroner(difference(controls.sales, controls.bases))}
      >
        {foreign
          ? t("ctrl.accountsForeign")
          : salesDiffer
            ? t("ctrl.salesOther", { sales: shortly(controls.sales), bases: shortly(controls.bases) })
            : t("ctrl.salesSame", { amount: shortly(controls.sales) })}
      </Control>
    </ul>
  );
}

/** In øre, as whole numbers: JavaScript's other numbers are not decimals. */
function difference(one: string, other: string): string {
  const ore = (kroner: string) => BigInt(kroner.replace(".", ""));
  const apart = ore(one) - ore(other);
  const digits = String(apart < 0n ? -apart : apart).padStart(3, "0");
  return `${apart < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

interface ControlProps {
  name: string;
  /** Nothing where nothing was compared. */
  good: boolean | null;
  text: string;
  figure: string;
  children: React.ReactNode;
}

function Control({ name, good, text, figure, children }: ControlProps) {
  const looks = {
    none: { look: "quiet", icon: MinusCircleIcon },
    ok: { look: stateCss.ok, icon: CheckmarkCircleFillIcon },
    soon: { look: stateCss.soon, icon: ExclamationmarkTriangleFillIcon },
  } as const;
  const state = good === null ? "none" : good ? "ok" : "soon";
  const { look, icon } = looks[state];
  return (
    <li data-testid={testIds.booksControl} data-value={name} data-state={state}>
      <span className={cx(stateCss.state, look)}>
        <Icon of={icon} />
      </span>
      <span>{text}</span>
      <span className={cx(s.figure, state === "soon" && s.soon)}>{figure}</span>
      <span className={s.detail}>{children}</span>
    </li>
  );
}

function Questions({ draft, onAsk }: { draft: BooksDraft; onAsk: (id: string) => void }) {
  const { t } = useTexts();
  if (draft.questions.length === 0) return null;
  return (
    <>
      <h3 className={s.asks}>
        {t("ask.title")}{" "}
        <span className="quiet">
          {draft.open === 0 ? t("ask.none") : t("ask.left", { open: draft.open, must: draft.must })}
        </span>
      </h3>
      <ol>
        {draft.questions.map((question) => (
          <li key={question.id}>
            <Asked
              question={question}
              onAsk={() => {
                onAsk(question.id);
              }}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

function Asked({ question, onAsk }: { question: BooksQuestion; onAsk: () => void }) {
  const { t } = useTexts();
  const { answer, must } = question;
  const tone = answer !== null ? "ok" : must ? "soon" : "idle";
  const picture =
    answer !== null ? CheckmarkCircleFillIcon : must ? ExclamationmarkTriangleFillIcon : QuestionmarkCircleIcon;
  return (
    <button
      type="button"
      className={cx(s.ask, !(answer === null) && s.answered)}
      data-finding
      data-testid={testIds.booksQuestion}
      data-value={question.kind}
      data-state={answer === null ? (must ? "must" : "open") : "answered"}
      onClick={onAsk}
    >
      <span className={cx(stateCss.state, stateCss[tone])}>
        <Icon of={picture} />
      </span>
      <span className={must ? "b" : undefined}>{question.title}</span>
      <span className={s.figure}>{answer === null ? inKroner(question.effect) : ""}</span>
      <span className={s.detail}>
        {answer ?? question.text}
        {question.remembered && ` · ${t("ask.remembered")}`}
      </span>
    </button>
  );
}

function Assumed({ draft }: { draft: BooksDraft }) {
  const { t } = useTexts();
  const notes = [
    ...draft.assumed,
    ...draft.warnings,
    ...(draft.notReported.length === 0 ? [] : [t("saft.notReported", { codes: draft.notReported.join(", ") })]),
  ];
  if (notes.length === 0) return null;
  return (
    <div className={s.notes}>
      <h3>{t("saft.notes")}</h3>
      <ul className="xs quiet">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

function Make({ delivery, book, draft }: Pick<Props, "delivery" | "book" | "draft">) {
  const { t } = useTexts();
  const backend = useBackend();
  const make = useCommandOnCard(() => backend.makeReturn(delivery.id), {
    done: (card) => {
      go("filing", card.id);
    },
  });
  const period = book.periods.find(({ key }) => key === book.chosen);
  const notOver = period?.over === false;
  const shut = draft.must > 0 || notOver;
  return (
    <div className={s.foot}>
      <Button
        wide
        icon={FileCheckmarkIcon}
        busy={make.running}
        needs="prepare"
        of={book.orgNumber ?? undefined}
        testId={testIds.booksMake}
        data-shortcut="primary"
        {...(shut ? { shutBecause: "make-why" } : {})}
        onClick={make.run}
      >
        {t(book.made === null ? "saft.make" : "saft.makeAgain")}
      </Button>
      <p className="xs quiet" id="make-why">
        {draft.must > 0
          ? t("saft.makeWhy", { count: draft.must })
          : notOver
            ? t("saft.makeNotOver")
            : t("saft.makeNote")}
      </p>
      {book.made !== null && (
        <Button
          variant="secondary"
          wide
          small
          onClick={() => {
            go("filing", book.made);
          }}
        >
          {t("saft.toCard")}
        </Button>
      )}
    </div>
  );
}
