/** The vouchers behind a line: searched, leafed through, opened, copied. Only those in view are drawn and asked for. */
import { ArrowDownRightIcon, FilesIcon, XMarkIcon } from "@navikt/aksel-icons";
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { BooksDraft, BooksOrder, BooksPage, BooksQuery, BooksRow, BooksView } from "../../bindings";
import { useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { useFixedRows } from "../../parts/fixedRows";
import { useNarrow, useRem } from "../../parts/layout";
import { amount, kr } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { exactly, shortly } from "./amounts";
import { cx } from "../../parts/cx";
import stepsCss from "../../parts/steps.module.css";
import cardCss from "../../parts/card.module.css";
import s from "./books.module.css";

/** Which vouchers: of a line, and of one of its own codes; or those that a question is about. */
export type Behind = { line: number; own: string | null } | { question: string; title: string };

interface Props {
  delivery: BooksView;
  draft: BooksDraft;
  behind: Behind;
  onBack: () => void;
}

const ROW_REM = 2.125;
/** Rows that are asked for at a time. */
const PAGE = 100;
const orders: readonly BooksOrder[] = ["newest", "oldest", "largest"];

export function Vouchers({ delivery, draft, behind, onBack }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState("");
  const [order, setOrder] = useState<BooksOrder>("newest");
  const [chosen, setChosen] = useState<number | null>(null);
  const narrow = useNarrow();
  const search = useDeferredValue(text);
  const asked = "question" in behind ? behind : null;
  const of = "question" in behind ? { line: 0, own: null } : behind;
  const query: BooksQuery = { ...of, question: asked?.question ?? null, search, order };
  const first = usePage(delivery.id, query, 0);
  const line = draft.groups.flatMap(({ lines }) => lines).find(({ index }) => index === of.line);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      // In a narrow window the voucher has taken the list's place.
      if (narrow && chosen !== null) setChosen(null);
      else onBack();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [onBack, narrow, chosen]);
  if (!line && !asked) return null;
  const total = amount(String(first?.total ?? 0));
  const title = asked
    ? t("voucher.asked", { count: total, title: asked.title })
    : of.own === null
      ? t("voucher.title", { count: amount(String(line?.vouchers ?? 0)), code: line?.code ?? "" })
      : t("voucher.own", { count: total, code: of.own });
  return (
    <div
      className={narrow ? cx(cardCss.work, cardCss.narrow, s.looking) : cx("split", cardCss.work)}
      data-chosen={chosen !== null || undefined}
    >
      <article className={cx("paper", cardCss.ret)} aria-label={title}>
        <header>
          <div className="grow">
            <p className="xs">
              <button type="button" className="ds-link" data-testid={testIds.booksBack} onClick={onBack}>
                {draft.period}
              </button>{" "}
              <span className="quiet">/ {asked ? t("ask.title") : `${t("voucher.code")} ${line?.code ?? ""}`}</span>
            </p>
            <Heading text={title} />
            {!asked && (
              <p className="xs quiet mt05">
                {line?.description}
                {first && first.reversed > 0 && ` · ${t("voucher.reversed", { count: first.reversed })}`}
              </p>
            )}
          </div>
          <div className={cardCss.sum}>
            <p className="xs quiet">{t(asked ? "voucher.gives" : "voucher.onLine")}</p>
            <p className={cardCss.v}>{asked ? `${shortly(first?.vat ?? "0")} kr` : kr(line?.vat ?? "0")}</p>
          </div>
        </header>
        <Tools
          delivery={delivery}
          query={query}
          name={asked ? `bilag-${draft.period}-${asked.title}` : `bilag-${draft.period}-kode-${line?.code ?? ""}`}
          text={text}
          onText={setText}
          onOrder={setOrder}
        />
        <Rows books={delivery.id} query={query} first={first} chosen={chosen} onChoose={setChosen} />
      </article>
      <aside className={stepsCss.stepsCol} data-steps aria-label={t("voucher.lines")} data-region tabIndex={-1}>
        {chosen !== null && (
          <Voucher
            books={delivery.id}
            voucher={chosen}
            onClose={() => {
              setChosen(null);
            }}
          />
        )}
        <p className={cx(s.keys, s.alone)}>
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> {t("saft.key.voucher")}
          </span>
          <span>
            <kbd>Ctrl</kbd> <kbd>F</kbd> {t("saft.key.find")}
          </span>
          <span>
            <kbd>Esc</kbd> {t("saft.key.back")}
          </span>
        </p>
      </aside>
    </div>
  );
}

function Heading({ text }: { text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {text}
    </h1>
  );
}

const pageKey = (books: string, query: BooksQuery, page: number) => ["booksVouchers", books, query, page] as const;

function usePage(books: string, query: BooksQuery, page: number): BooksPage | undefined {
  const backend = useBackend();
  return useQuery({
    queryKey: pageKey(books, query, page),
    queryFn: () => backend.booksVouchers(books, query, page * PAGE, PAGE),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
    // Texts come a little later than the figures.
    refetchInterval: ({ state }) => (state.data?.withoutTexts === true ? 1000 : false),
  }).data;
}

interface ToolsProps {
  delivery: BooksView;
  query: BooksQuery;
  name: string;
  text: string;
  onText: (text: string) => void;
  onOrder: (order: BooksOrder) => void;
}

function Tools({ delivery, query, name, text, onText, onOrder }: ToolsProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const copy = useCommand(() => backend.copyBooksVouchers(delivery.id, query), {
    done: () => {
      tell(t("a11y.copied", { what: t("voucher.table") }));
    },
  });
  const save = useCommand(() => backend.exportBooksVouchers(delivery.id, query, `${name}.csv`), {
    done: (count) => {
      if (count !== null) tell(t("voucher.saved", { count }));
    },
  });
  return (
    <div className={s.tools}>
      <div className="ds-search grow">
        <input
          className="ds-input"
          type="search"
          value={text}
          placeholder={t("voucher.search")}
          aria-label={t("voucher.search")}
          data-testid={testIds.booksSearch}
          onChange={(event) => {
            onText(event.target.value);
          }}
        />
      </div>
      <label className="row sm">
        <span className="sr">{t("voucher.order")}</span>
        <select
          className="ds-input"
          value={query.order}
          onChange={(event) => {
            onOrder(event.target.value as BooksOrder);
          }}
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {t(`voucher.${order}`)}
            </option>
          ))}
        </select>
      </label>
      <Button
        variant="secondary"
        small
        icon={FilesIcon}
        testId={testIds.booksCopy}
        busy={copy.running}
        onClick={copy.run}
      >
        {t("voucher.copy")}
      </Button>
      <Button
        variant="tertiary"
        small
        icon={ArrowDownRightIcon}
        testId={testIds.booksSave}
        busy={save.running}
        onClick={save.run}
      >
        {t("voucher.save")}
      </Button>
    </div>
  );
}

interface RowsProps {
  books: string;
  query: BooksQuery;
  first: BooksPage | undefined;
  chosen: number | null;
  onChoose: (voucher: number) => void;
}

function Rows({ books, query, first, chosen, onChoose }: RowsProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const height = ROW_REM * useRem();
  const count = first?.found ?? 0;
  const { ref: scroll, ...list } = useFixedRows(count, height);
  const drawn = Array.from({ length: list.to - list.from }, (_, at) => list.from + at);
  const pages = new Set(drawn.map((index) => Math.floor(index / PAGE)));
  const numbers = [...pages].filter((page) => page > 0);
  const others = useQueries({
    queries: numbers.map((page) => ({
      queryKey: pageKey(books, query, page),
      queryFn: () => backend.booksVouchers(books, query, page * PAGE, PAGE),
      gcTime: 10_000,
    })),
  });
  const rowAt = (index: number): BooksRow | undefined => {
    const page = Math.floor(index / PAGE);
    const rows = page === 0 ? first?.rows : others[numbers.indexOf(page)]?.data?.rows;
    return rows?.[index % PAGE];
  };
  const asked = query.question !== null;
  const columns = asked ? 6 : 8;
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const at = drawn.findIndex((index) => rowAt(index)?.voucher === chosen);
    const next = drawn[at + (event.key === "ArrowDown" ? 1 : -1)] ?? (at < 0 ? drawn[0] : undefined);
    const row = next === undefined ? undefined : rowAt(next);
    if (!row || next === undefined) return;
    event.preventDefault();
    onChoose(row.voucher);
    list.show(next);
  };
  if (first && count === 0) return <p className="quiet pad">{t("voucher.noHits")}</p>;
  return (
    <>
      {/* The arrows go from voucher to voucher; each has a button too. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its rows have the focus */}
      <div
        className={cx(cardCss.lines, "scroll", s.vouchers)}
        tabIndex={0}
        role="region"
        aria-label={t("voucher.table")}
        ref={scroll}
        onKeyDown={onKey}
      >
        <table className={cx("t list", s.list, asked && s.byQuestion)} aria-rowcount={count + 1}>
          <caption className="sr">{t("voucher.table")}</caption>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className={s.vNumber}>
                {t("voucher.number")}
              </th>
              <th scope="col" className={s.vDate}>
                {t("voucher.date")}
              </th>
              <th scope="col">{t("voucher.text")}</th>
              {!asked && (
                <th scope="col" className={s.vAccount}>
                  {t("voucher.account")}
                </th>
              )}
              <th scope="col" className={s.vParty}>
                {t("voucher.party")}
              </th>
              {!asked && (
                <th scope="col" className={s.vOwn}>
                  {t("voucher.code")}
                </th>
              )}
              <th scope="col" className={cx("r", s.vBase)}>
                {t(asked ? "voucher.balance" : "voucher.base")}
              </th>
              <th scope="col" className={cx("r", s.vVat)}>
                {t("voucher.vat")}
              </th>
            </tr>
          </thead>
          <tbody>
            {list.before > 0 && <Gap height={list.before} columns={columns} />}
            {drawn.map((index) => (
              <Row
                key={index}
                index={index}
                row={rowAt(index)}
                asked={asked}
                columns={columns}
                chosen={chosen}
                onChoose={onChoose}
              />
            ))}
            {list.behind > 0 && <Gap height={list.behind} columns={columns} />}
          </tbody>
        </table>
      </div>
      {first && (
        <div className={s.total}>
          <span className="b grow">
            {t("voucher.found", { found: amount(String(first.found)), total: amount(String(first.total)) })}
          </span>
          {first.withoutTexts && <span className="xs quiet">{t("voucher.noTexts")}</span>}
          <span className="b tab">{shortly(first.base)}</span>
          <span className="b tab">{shortly(first.vat)}</span>
        </div>
      )}
    </>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr className="gap" aria-hidden>
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

interface RowProps {
  index: number;
  row: BooksRow | undefined;
  /** Of a question: without account and code. */
  asked: boolean;
  columns: number;
  chosen: number | null;
  onChoose: (voucher: number) => void;
}

function Row({ index, row, asked, columns, chosen, onChoose }: RowProps) {
  const { t } = useTexts();
  if (!row) {
    return (
      <tr aria-rowindex={index + 2} aria-busy>
        <td colSpan={columns} />
      </tr>
    );
  }
  return (
    <tr
      className="open"
      aria-rowindex={index + 2}
      aria-current={row.voucher === chosen || undefined}
      data-testid={testIds.booksRow2}
      data-value={row.number}
      onClick={() => {
        onChoose(row.voucher);
      }}
    >
      <td className="b ell">
        <button
          type="button"
          className={s.plainLink}
          tabIndex={-1}
          aria-label={t("voucher.open", { number: row.number })}
          onClick={(event) => {
            event.stopPropagation();
            onChoose(row.voucher);
          }}
        >
          {row.number}
        </button>
      </td>
      <td className="nw">{`${row.date.slice(8)}.${row.date.slice(5, 7)}.`}</td>
      <td className="ell" data-full={row.text}>
        {row.text}
      </td>
      {!asked && (
        <td className="ell" data-full={row.accountName}>
          {row.account}
        </td>
      )}
      <td className={cx("ell", s.vParty)} data-full={row.party}>
        {row.party}
      </td>
      {!asked && <td className="ell">{row.own}</td>}
      <td className="num">{row.base === null ? "" : asked ? exactly(row.base) : shortly(row.base)}</td>
      <td className="num">{exactly(row.vat)}</td>
    </tr>
  );
}

function Voucher({ books, voucher, onClose }: { books: string; voucher: number; onClose: () => void }) {
  const { t, dateYear } = useTexts();
  const backend = useBackend();
  const { data } = useQuery({
    queryKey: ["booksVoucher", books, voucher],
    queryFn: () => backend.booksVoucher(books, voucher),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  if (!data) return null;
  const facts: [string, string][] = [
    [t("voucher.date"), dateYear(data.date)],
    [t("voucher.posted"), data.period ?? ""],
    [t("voucher.journal"), data.journal],
    [t("voucher.text"), data.text],
    [t("voucher.party"), data.party],
    [t("voucher.reference"), data.reference],
  ];
  return (
    <section className={cx("paper pad", s.voucher)} aria-labelledby="voucher" data-testid={testIds.booksVoucher}>
      <h2 id="voucher" className="row">
        <span className="grow">{t("voucher.open", { number: data.number })}</span>
        <Button variant="tertiary" small icon={XMarkIcon} aria-label={t("action.close")} onClick={onClose} />
      </h2>
      <dl>
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <table className={cx("t", s.small)}>
        <caption className="sr">{t("voucher.lines")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("voucher.account")}</th>
            <th scope="col">{t("voucher.code")}</th>
            <th scope="col" className="r">
              {t("voucher.debit")}
            </th>
            <th scope="col" className="r">
              {t("voucher.credit")}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.lines.map((line, index) => (
            <tr key={index}>
              <td>
                {line.account} <span className="quiet">{line.name}</span>
              </td>
              <td>{line.own}</td>
              <td className="num">{line.debit === null ? "" : exactly(line.debit)}</td>
              <td className="num">{line.credit === null ? "" : exactly(line.credit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {!data.balanced && <p className="sm b">{t("voucher.unbalanced")}</p>}
      <p className="xs quiet">{t("voucher.onlyReturn")}</p>
    </section>
  );
}
