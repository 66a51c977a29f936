/** Scenes of SAF-T files. */
import type { BooksView } from "../../bindings";
import { testIds } from "../../testids";
import * as books from "../booksWorld";
import * as world from "../world";
import { plain, type Scene } from "./make";

const with_ = (deliveries: BooksView[], more: Partial<Scene> = {}, start = {}): Omit<Scene, "name"> => ({
  place: "books",
  id: "books-1",
  options: plain(() => ({ session: world.ingrid, ...start }), { books: deliveries }),
  ...more,
});
const open = (draft = books.draft) => [books.delivery({ book: { ...books.book, draft } })];
const other = books.delivery({
  id: "books-2",
  book: {
    ...books.book,
    company: "Vika Tolketjenester AS",
    orgNumber: "315203856",
    draft: { ...books.draft, sum: "-12640", open: 1, must: 0 },
  },
});

export const saft: readonly Scene[] = [
  { name: "books-periods", ...with_(open()) },
  { name: "books-periods-narrow", ...with_(open(), { size: [900, 600] }) },
  { name: "books-review", ...with_(open(), { act: [testIds.booksReview] }) },
  { name: "books-review-narrow", ...with_(open(), { act: [testIds.booksReview], size: [900, 600] }) },
  { name: "books-clean", ...with_(open(books.clean), { act: [testIds.booksReview] }) },
  { name: "books-correction", ...with_(open(books.corrected), { act: [testIds.booksReview] }) },
  {
    name: "books-vouchers",
    ...with_(open(), {
      act: [testIds.booksReview],
      press: [
        { id: testIds.booksVouchers, value: "3" },
        { id: testIds.booksRow2, value: "10477" },
      ],
    }),
  },
  {
    name: "books-question",
    ...with_(open(), {
      act: [testIds.booksReview],
      press: [{ id: testIds.booksQuestion, value: "uncoded_vat_posting" }],
    }),
  },
  {
    name: "books-question-code",
    ...with_(open(), { act: [testIds.booksReview], press: [{ id: testIds.booksQuestion, value: "unmapped_code" }] }),
  },
  {
    name: "books-question-unbalanced",
    ...with_(open(books.withUnbalanced), {
      act: [testIds.booksReview],
      press: [{ id: testIds.booksQuestion, value: "unbalanced_voucher" }],
    }),
  },
  {
    name: "books-question-vouchers",
    ...with_(open(books.withUnbalanced), {
      act: [testIds.booksReview],
      press: [{ id: testIds.booksQuestion, value: "unbalanced_voucher" }, { id: testIds.booksAsked }],
    }),
  },
  { name: "books-why", ...with_(open(), { act: [testIds.booksReview, testIds.booksWhy] }) },
  {
    name: "books-accounts",
    ...with_(open(), { act: [testIds.booksReview, testIds.booksWhy, testIds.booksChangeAccounts] }),
  },
  { name: "books-truncated", ...with_([books.refused(books.truncated)]) },
  {
    name: "books-reading",
    ...with_([books.delivery({ state: "reading", book: null, done: 1700 })], { act: [testIds.booksProgress] }),
  },
  {
    name: "books-several",
    ...with_([...open(), other, { ...books.refused(books.truncated), id: "books-3" }], { id: "" }),
  },
  {
    name: "books-card",
    options: plain(
      (language) => ({ session: world.ingrid, cards: [world.card(language, { origin: books.origin("books-1") })] }),
      { books: open() },
    ),
  },
];
