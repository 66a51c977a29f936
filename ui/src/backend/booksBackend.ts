/** What the window asks of the office about SAF-T files. */
import type {
  BooksMemory,
  BooksPage,
  BooksQuery,
  BooksQuestionView,
  BooksSample,
  BooksView,
  BooksVoucher,
  CategoryName,
  PeriodKindName,
  ReturnCard,
} from "../bindings";

export interface BooksBackend {
  /** The deliveries that lie open; what becomes of them arrives as events. */
  books: () => Promise<BooksView[]>;
  /** Asks for files: for a delivery that lies open, or a new one. */
  chooseBooksFiles: (id: string | null) => Promise<void>;
  booksSamples: () => Promise<BooksSample[]>;
  openBooksSample: (id: string) => Promise<void>;
  /** Several companies that are registered for VAT together become one. */
  joinBooks: (ids: string[]) => Promise<void>;
  closeBooks: (id: string) => Promise<void>;
  chooseBooks: (
    id: string,
    period: string | null,
    kind: PeriodKindName,
    category: CategoryName,
    keepFile: boolean,
  ) => Promise<void>;
  booksVouchers: (id: string, query: BooksQuery, from: number, count: number) => Promise<BooksPage>;
  booksVoucher: (id: string, voucher: number) => Promise<BooksVoucher>;
  copyBooksVouchers: (id: string, query: BooksQuery) => Promise<void>;
  /** How many were written; nothing when no place was chosen. */
  exportBooksVouchers: (id: string, query: BooksQuery, name: string) => Promise<number | null>;
  booksQuestion: (id: string, question: string) => Promise<BooksQuestionView>;
  /** Without an answer, the one that was given is taken back. */
  answerBooks: (id: string, question: string, answer: string | null, remember: boolean) => Promise<void>;
  makeReturn: (id: string) => Promise<ReturnCard>;
  booksMemory: () => Promise<BooksMemory[]>;
  /** Without a question, all answers of the company and its system. */
  forgetBooksAnswers: (orgNumber: string, system: string, question: string | null) => Promise<BooksMemory[]>;
  /** False when no place was chosen. */
  exportBooksMemory: () => Promise<boolean>;
}
