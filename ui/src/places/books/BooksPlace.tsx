/** SAF-T files: being read, refused, or looked through; several companies as rows. */
import { ArrowLeftIcon, FileXMarkIcon, XMarkIcon } from "@navikt/aksel-icons";
import { useEffect, useRef, useState } from "react";
import type { BooksProblem, BooksView, BookView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { Icon } from "../../parts/Icon";
import { address, go, useRoute } from "../../router";
import { testIds } from "../../testids";
import { BooksList } from "./BooksList";
import s from "./books.module.css";
import { Periods } from "./Periods";
import { Review } from "./Review";
import { useBooks, useCloseBooks } from "./useBooks";
import { Vouchers, type Behind } from "./Vouchers";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import troubleCss from "../../parts/trouble.module.css";
import cardCss from "../../parts/card.module.css";

export function BooksPlace() {
  const books = useBooks();
  const { id } = useRoute();
  const chosen = books.length === 1 ? books[0] : books.find((known) => known.id === id);
  useEffect(() => {
    if (books.length === 0) go("filing");
  }, [books.length]);
  if (books.length === 0) return null;
  if (!chosen) return <BooksList books={books} />;
  return <Delivery key={chosen.id} delivery={chosen} several={books.length > 1} />;
}

function Delivery({ delivery, several }: { delivery: BooksView; several: boolean }) {
  const { t } = useTexts();
  return (
    <div className={cardCss.cardview} data-testid={testIds.books} data-id={delivery.id} data-state={delivery.state}>
      {several && (
        <p className={cardCss.back}>
          <a className="ds-link sm row" href={address("books")}>
            <ArrowLeftIcon className="i s" aria-hidden />
            {t("saft.back")}
          </a>
        </p>
      )}
      {delivery.book ? (
        <Book delivery={delivery} book={delivery.book} />
      ) : delivery.problem ? (
        <Problem delivery={delivery} problem={delivery.problem} />
      ) : (
        <Reading delivery={delivery} />
      )}
    </div>
  );
}

/** Which step one is at; a delivery that has only one period begins with looking through it all the same. */
function Book({ delivery, book }: { delivery: BooksView; book: BookView }) {
  const [step, setStep] = useState<"periods" | "review">("periods");
  const [behind, setBehind] = useState<Behind | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  if (step === "periods" || !book.draft) {
    return (
      <Periods
        delivery={delivery}
        book={book}
        onReview={() => {
          setStep("review");
        }}
      />
    );
  }
  if (behind) {
    return (
      <Vouchers
        delivery={delivery}
        draft={book.draft}
        behind={behind}
        onBack={() => {
          setLeft("line" in behind ? behind.line : null);
          setBehind(null);
        }}
      />
    );
  }
  return (
    <Review
      delivery={delivery}
      book={book}
      draft={book.draft}
      left={left}
      onSwap={() => {
        setStep("periods");
      }}
      onVouchers={setBehind}
    />
  );
}

/** Nothing is shown for what is read in a blink. */
const SHOWN_AFTER = 300;

function Reading({ delivery }: { delivery: BooksView }) {
  const { t, bytes } = useTexts();
  const cancel = useCloseBooks(delivery.id);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(true);
    }, SHOWN_AFTER);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!shown) return <div aria-busy />;
  const total = Math.max(delivery.total, delivery.done, 1);
  const file = delivery.files.map(({ name }) => name).join(", ");
  const text = t("saft.progress", { done: bytes(delivery.done * 1000), total: bytes(total * 1000) });
  return (
    <div className={cx("paper", cardCss.unreadable, s.reading)}>
      <h1 className="ell" data-full={file}>
        {t("saft.reading", { file })}
      </h1>
      <progress
        max={total}
        value={delivery.done}
        aria-label={t("saft.reading", { file })}
        data-testid={testIds.booksProgress}
      />
      <p className="sm quiet tab">{text}</p>
      <p className="sm quiet">{t("saft.stays")}</p>
      <div className="acts">
        <Button variant="secondary" small icon={XMarkIcon} testId={testIds.booksClose} onClick={cancel}>
          {t("saft.cancel")}
        </Button>
      </div>
    </div>
  );
}

/** A file that cannot be used: what it is, that nothing has been made, what to do. */
function Problem({ delivery, problem }: { delivery: BooksView; problem: BooksProblem }) {
  const { t } = useTexts();
  const backend = useBackend();
  const close = useCloseBooks(delivery.id);
  const another = useCommand(() => backend.chooseBooksFiles(null));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div className={cx("paper", cardCss.unreadable)} data-testid={testIds.booksProblem} data-value={problem.kind}>
      <p className={cx("xs quiet", cardCss.filename)}>{delivery.files.map(({ name }) => name).join(", ")}</p>
      <div className={troubleCss.st}>
        <h1 ref={heading} tabIndex={-1}>
          <span className={cx(stateCss.state, stateCss.bad)}>
            <Icon of={FileXMarkIcon} />
          </span>
          <span className="grow">{problem.title}</span>
        </h1>
        <p>{problem.text}</p>
        <p className={troubleCss.deliv}>{t("saft.nothingDone")}</p>
        <p>{problem.todo}</p>
        <div className="acts">
          <Button small data-shortcut="primary" onClick={another.run}>
            {t("saft.another")}
          </Button>
          <Copy text={problem.details} what={t("action.details")} label={t("action.copyDetails")} />
          <Button small variant="tertiary" testId={testIds.booksClose} onClick={close}>
            {t("action.close")}
          </Button>
        </div>
      </div>
    </div>
  );
}
