/** One question: what it is about, the answers with what each changes, and whether it is remembered. */
import { useQuery } from "@tanstack/react-query";
import { useState, type KeyboardEvent } from "react";
import type { BooksOption, BooksQuestion, BooksQuestionView, BooksVoucher, FreeAnswer } from "../../bindings";
import { useCommand } from "../../commands";
import { kr } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { becomes, exactly } from "./amounts";
import type { Behind } from "./Vouchers";
import { cx } from "../../parts/cx";
import spinCss from "../../parts/spin.module.css";
import s from "./books.module.css";

interface Props {
  books: string;
  question: BooksQuestion;
  number: number;
  count: number;
  onVouchers: (behind: Behind) => void;
  onClose: () => void;
}

export function QuestionDialog({ books, question, number, count, onVouchers, onClose }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const { data, error } = useQuery({
    queryKey: ["booksQuestion", books, question.id, question.answer],
    queryFn: () => backend.booksQuestion(books, question.id),
    gcTime: 0,
  });
  if (error) onClose();
  return (
    <Dialog labelledBy="asked" onClose={onClose} className={s.asking} testId={testIds.booksQuestionDialog}>
      <p className="xs quiet">{t("ask.of", { number, count })}</p>
      <h1 id="asked">{question.title}</h1>
      <p className="sm">{question.text}</p>
      {data ? (
        <Answers books={books} view={data} onVouchers={onVouchers} onClose={onClose} />
      ) : (
        <p className={spinCss.spin} role="status" />
      )}
    </Dialog>
  );
}

/** Kinds of questions that another file of the same export may settle. */
const MORE_HELPS: readonly string[] = ["missing_part", "period_incomplete", "no_entries", "tax_table_missing"];

interface AnswersProps extends Pick<Props, "books" | "onVouchers" | "onClose"> {
  view: BooksQuestionView;
}

function Answers({ books, view, onVouchers, onClose }: AnswersProps) {
  const { t } = useTexts();
  const backend = useBackend();
  // Nothing is chosen beforehand, but what was answered before.
  const [chosen, setChosen] = useState(view.given);
  const [remember, setRemember] = useState(view.lasting !== null);
  const answer = useCommand(
    (given: string | null) => backend.answerBooks(books, view.question.id, given, remember && view.lasting !== null),
    { done: onClose },
  );
  const more = useCommand(() => backend.chooseBooksFiles(books), { done: onClose });
  const option = view.options.find((known) => known.answer === chosen);
  const given = chosen?.trim() ?? "";
  const onKey = (event: KeyboardEvent<HTMLFieldSetElement>) => {
    const wanted = /^[1-9]$/.test(event.key) ? view.options[Number(event.key) - 1] : undefined;
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (wanted && !typing) setChosen(wanted.answer);
  };
  const use = () => {
    if (given !== "") answer.run(given);
  };
  return (
    // Enter with Ctrl is the filled button, as everywhere.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of its fields
    <form
      onSubmit={(event) => {
        event.preventDefault();
        use();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.ctrlKey) use();
      }}
    >
      <div className={s.about}>
        {view.vouchers.map((voucher) => (
          <VoucherBox key={voucher.voucher} voucher={voucher} />
        ))}
        {view.question.vouchers > view.vouchers.length && (
          <p className="xs quiet">
            {t("ask.moreVouchers", { count: view.question.vouchers - view.vouchers.length })}{" "}
            <button
              type="button"
              className="ds-link"
              data-testid={testIds.booksAsked}
              onClick={() => {
                onVouchers({ question: view.question.id, title: view.question.title });
              }}
            >
              {t("ask.allVouchers", { count: view.question.vouchers })}
            </button>
          </p>
        )}
      </div>
      {/* Digits choose; every answer can be chosen without them. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of its choices */}
      <fieldset className={s.options} onKeyDown={onKey}>
        <legend className="sr">{t("ask.choose")}</legend>
        {view.options.map((known) => (
          <Option
            key={known.answer}
            option={known}
            on={known.answer === chosen}
            onChoose={() => {
              setChosen(known.answer);
            }}
          />
        ))}
        {view.free !== "none" && (
          <Free
            free={view.free}
            value={option ? "" : (chosen ?? "")}
            onChange={(text) => {
              setChosen(text);
            }}
          />
        )}
      </fieldset>
      {view.lasting !== null && (
        <label className={s.remember}>
          <input
            type="checkbox"
            checked={remember}
            data-testid={testIds.booksRemember}
            onChange={(event) => {
              setRemember(event.target.checked);
            }}
          />
          {view.lasting}
        </label>
      )}
      <div className="acts">
        <Button
          testId={testIds.booksUse}
          busy={answer.running}
          needs="prepare"
          {...(given === "" ? { shutBecause: "choose-first" } : {})}
          onClick={use}
        >
          {t("ask.use")}
        </Button>
        {MORE_HELPS.includes(view.question.kind) && (
          <Button variant="secondary" testId={testIds.booksMore} onClick={more.run}>
            {t("saft.more")}
          </Button>
        )}
        {view.given !== null && (
          <Button
            variant="secondary"
            testId={testIds.booksUndo}
            onClick={() => {
              answer.run(null);
            }}
          >
            {t("ask.undo")}
          </Button>
        )}
        <Button variant="tertiary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <span className="grow" />
        <span className="sm quiet" id="choose-first">
          {option ? becomes(t, option.sum) : given === "" ? t("ask.choose") : ""}
        </span>
      </div>
    </form>
  );
}

function Option({ option, on, onChoose }: { option: BooksOption; on: boolean; onChoose: () => void }) {
  const { t } = useTexts();
  return (
    <label className={s.option}>
      <input
        type="radio"
        name="answer"
        checked={on}
        data-testid={testIds.booksOption}
        data-value={option.answer}
        onChange={onChoose}
      />
      <span className="b">{option.title}</span>
      <span className={s.figure}>{kr(option.effect)}</span>
      <span className={s.detail}>
        {option.detail}
        {option.suggested && <b> {t("ask.suggested")}</b>}
      </span>
    </label>
  );
}

/** The standard codes of the return; `0` stays out. */
const CODES = "3 31 32 33 5 51 52 6 1 11 12 13 14 15 81 82 83 84 85 86 87 88 89 91 92".split(" ");

function Free({ free, value, onChange }: { free: FreeAnswer; value: string; onChange: (text: string) => void }) {
  const { t } = useTexts();
  if (free === "none") return null;
  return (
    <label className={cx("stack sm", s.free)}>
      <span className="b">{t(`ask.free.${free}`)}</span>
      {free === "code" ? (
        <select
          className="ds-input"
          value={value}
          data-testid={testIds.booksFree}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        >
          <option value="" />
          {CODES.map((code) => (
            <option key={code} value={code}>
              {code}
            </option>
          ))}
          <option value="0">{t("ask.notInReturn")}</option>
        </select>
      ) : (
        <input
          className="ds-input"
          type="text"
          value={value}
          data-testid={testIds.booksFree}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      )}
    </label>
  );
}

/** A voucher with all its lines. */
export function VoucherBox({ voucher }: { voucher: BooksVoucher }) {
  const { t, dateYear } = useTexts();
  const title = [t("voucher.open", { number: voucher.number }), dateYear(voucher.date)];
  return (
    <div className={s.box}>
      <table className="t">
        <caption className="sr">{t("voucher.lines")}</caption>
        <thead>
          <tr>
            <th scope="col" className={s.wraps}>
              {title.join(" · ")}
              {voucher.text !== "" && ` · «${voucher.text}»`}
            </th>
            <th scope="col" className="r">
              {t("voucher.debit")}
            </th>
            <th scope="col" className="r">
              {t("voucher.credit")}
            </th>
          </tr>
        </thead>
        <tbody>
          {voucher.lines.map((line, index) => (
            <tr key={index}>
              <td>
                {line.account} {line.name}
                {line.own !== "" && <span className="quiet"> · {line.own}</span>}
              </td>
              <td className="num">{line.debit === null ? "" : exactly(line.debit)}</td>
              <td className="num">{line.credit === null ? "" : exactly(line.credit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
