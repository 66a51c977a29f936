/** SAF-T files of an office that is not there. */
import type {
  BooksPage,
  BooksQuery,
  BooksQuestionView,
  BooksView,
  BookView,
  CategoryName,
  OfficeEvent,
  PeriodKindName,
  ReturnCard,
} from "../bindings";
import type { Command } from "./options";
import * as world from "./booksWorld";
import * as office from "./world";

export abstract class FakeBooks {
  protected deliveries: BooksView[] = [];
  private remembered = world.memory;

  protected abstract given(command: Command, ...args: unknown[]): Promise<void>;
  abstract emit(event: OfficeEvent): void;

  private change(id: string, change: (book: BookView) => BookView): void {
    const books = this.deliveries.map((it) => (it.id === id && it.book ? { ...it, book: change(it.book) } : it));
    this.emit({ kind: "books", books });
  }

  /** Asked for whenever the window is drawn: not written down. */
  books = () => Promise.resolve(this.deliveries);
  chooseBooksFiles = (id: string | null) => this.given("chooseBooksFiles", id);
  booksSamples = () => Promise.resolve(world.samples);
  openBooksSample = async (id: string) => {
    await this.given("openBooksSample", id);
    this.emit({ kind: "books", books: [...this.deliveries, world.delivery({ id })] });
  };
  joinBooks = (ids: string[]) => this.given("joinBooks", ids);
  closeBooks = async (id: string) => {
    await this.given("closeBooks", id);
    this.emit({ kind: "books", books: this.deliveries.filter((it) => it.id !== id) });
  };
  chooseBooks = async (
    id: string,
    period: string | null,
    kind: PeriodKindName,
    category: CategoryName,
    keepFile: boolean,
  ) => {
    await this.given("chooseBooks", id, period, kind, category, keepFile);
    this.change(id, (book) => ({ ...book, chosen: period ?? book.chosen, kind, category, keepFile }));
  };
  booksVouchers = async (id: string, query: BooksQuery, from: number, count: number): Promise<BooksPage> => {
    await this.given("booksVouchers", id, query, from, count);
    return world.page(query, from, count);
  };
  booksVoucher = async (id: string, voucher: number) => {
    await this.given("booksVoucher", id, voucher);
    return world.voucher(voucher);
  };
  copyBooksVouchers = (id: string, query: BooksQuery) => this.given("copyBooksVouchers", id, query);
  exportBooksVouchers = async (id: string, query: BooksQuery, name: string) => {
    await this.given("exportBooksVouchers", id, query, name);
    return 98;
  };
  booksQuestion = async (id: string, question: string): Promise<BooksQuestionView> => {
    await this.given("booksQuestion", id, question);
    const draft = this.deliveries.find((it) => it.id === id)?.book?.draft;
    return world.opened(draft?.questions.find((it) => it.id === question) ?? world.posting);
  };
  answerBooks = async (id: string, question: string, answer: string | null, remember: boolean) => {
    await this.given("answerBooks", id, question, answer, remember);
    this.change(id, (book) => ({ ...book, draft: book.draft && world.answered(book.draft, question, answer) }));
  };
  makeReturn = async (id: string): Promise<ReturnCard> => {
    await this.given("makeReturn", id);
    const card = office.card("nb", { id: "card-saft", origin: world.origin(id) });
    this.change(id, (book) => ({ ...book, made: card.id }));
    return card;
  };
  booksMemory = async () => {
    await this.given("booksMemory");
    return this.remembered;
  };
  forgetBooksAnswers = async (orgNumber: string, system: string, question: string | null) => {
    await this.given("forgetBooksAnswers", orgNumber, system, question);
    this.remembered = this.remembered
      .map((it) => ({ ...it, answers: question === null ? [] : it.answers.filter(({ id }) => id !== question) }))
      .filter(({ answers }) => answers.length > 0);
    return this.remembered;
  };
  exportBooksMemory = async () => {
    await this.given("exportBooksMemory");
    return true;
  };
}
