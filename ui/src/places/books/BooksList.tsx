/** SAF-T files of several companies: one row each, with its questions counted. */
import type { BooksView } from "../../bindings";
import { useCommand } from "../../commands";
import { orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { useRowKeys } from "../../parts/rowKeys";
import { State } from "../../parts/State";
import { address, go } from "../../router";
import { cx } from "../../parts/cx";
import { testIds } from "../../testids";
import { shortly } from "./amounts";
import s from "./books.module.css";

export function BooksList({ books }: { books: BooksView[] }) {
  const { t } = useTexts();
  const backend = useBackend();
  const join = useCommand((ids: string[]) => backend.joinBooks(ids));
  const { table, tabIndexOf, onFocus, onKeyDown } = useRowKeys(
    books.length,
    { from: 0, to: books.length - 1 },
    () => undefined,
    // What is read gives news many times a second; the rows stay the same.
    null,
  );
  const open = books.filter(({ book }) => book !== null).map(({ id }) => id);
  return (
    <div className="col">
      <div className="head">
        <div className="grow">
          <h1 tabIndex={-1}>{t("saft.several")}</h1>
          <p className="quiet">{t("saft.severalText")}</p>
        </div>
        {open.length > 1 && (
          <Button
            variant="secondary"
            needs="prepare"
            testId={testIds.booksJoin}
            onClick={() => {
              join.run(open);
            }}
          >
            {t("saft.join")}
          </Button>
        )}
      </div>
      <div className="paper tablebox">
        <div className="scroll" role="region" aria-label={t("saft.several")}>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
          <table
            ref={table}
            className={cx("t", s.several)}
            aria-rowcount={books.length + 1}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
          >
            <caption className="sr">{t("saft.several")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("col.company")}</th>
                <th scope="col" className={s.orgNo}>
                  {t("col.orgNo")}
                </th>
                <th scope="col">{t("col.period")}</th>
                <th scope="col" className="r">
                  {t("col.toPayOrBack")}
                </th>
                <th scope="col">{t("col.state")}</th>
              </tr>
            </thead>
            <tbody>
              {books.map((delivery, index) => (
                <Row key={delivery.id} delivery={delivery} index={index} tabIndex={tabIndexOf(index)} />
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  );
}

function Row({ delivery, index, tabIndex }: { delivery: BooksView; index: number; tabIndex: 0 | -1 }) {
  const { book } = delivery;
  const name = book?.company ?? delivery.files.map((file) => file.name).join(", ");
  return (
    <tr
      className="open"
      aria-rowindex={index + 2}
      data-testid={testIds.booksRow}
      data-id={delivery.id}
      onClick={() => {
        go("books", delivery.id);
      }}
    >
      <td className="b">
        <a
          className="plain"
          tabIndex={tabIndex}
          data-stop="main"
          href={address("books", delivery.id)}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          {name}
        </a>
      </td>
      <td className={cx("nw", s.orgNo)}>{book?.orgNumber ? orgNumber(book.orgNumber) : ""}</td>
      <td className="nw">{book?.draft?.period ?? ""}</td>
      <td className="num">{book?.draft ? shortly(book.draft.sum) : ""}</td>
      <td>
        <Standing delivery={delivery} />
      </td>
    </tr>
  );
}

function Standing({ delivery }: { delivery: BooksView }) {
  const { t, bytes } = useTexts();
  const { book, problem } = delivery;
  if (problem) return <State tone="bad">{problem.title}</State>;
  if (!book) return <State tone="run">{bytes(delivery.done * 1000)}</State>;
  if (book.made !== null) return <State tone="ok">{t("saft.isMade")}</State>;
  if (!book.draft) return <State tone="idle">{t("saft.step1")}</State>;
  if (book.draft.open > 0) {
    return (
      <State tone={book.draft.must > 0 ? "soon" : "idle"}>{t("saft.questionsLeft", { count: book.draft.open })}</State>
    );
  }
  return <State tone="ok">{t("saft.ready")}</State>;
}
