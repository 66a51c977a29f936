/** SAF-T files in the window: from the drop to the card. */
import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import * as books from "../fake/booksWorld";
import { createTexts } from "../i18n";
import { becomes } from "../places/books/amounts";
import { testIds } from "../testids";
import { must, nth, showScene } from "./render";

const find = (id: string) => screen.findByTestId(id);
const byValue = (id: string, value: string) =>
  screen.getAllByTestId(id).find(({ dataset }) => dataset.value === value) ?? document.body;

describe("a SAF-T file", () => {
  it("that is opened is shown, with the period that is due chosen and the filed one marked", async () => {
    const { backend } = await showScene("empty");
    backend.emit({ kind: "books", books: [books.delivery()] });
    expect(await find(testIds.books)).toHaveAttribute("data-state", "open");
    expect(byValue(testIds.booksPeriod, "2026-2")).toHaveAttribute("aria-selected", "true");
    expect(byValue(testIds.booksPeriod, "2026-1")).toHaveTextContent(/Levert .*lik/);
    expect(byValue(testIds.booksPeriod, "2026-3")).toHaveTextContent("Terminen er ikke over");
    expect(byValue(testIds.booksPeriod, "2026-3")).toHaveTextContent("mangler 1. juni–30. juni");
  });

  it("is read with its bytes counted, and can be broken off", async () => {
    const { backend, user } = await showScene("books-reading");
    expect(screen.getByText("1,7 MB av 4,2 MB")).toBeInTheDocument();
    await user.click(await find(testIds.booksClose));
    expect(backend.calls).toContainEqual(["closeBooks", "books-1"]);
  });

  it("that cannot be used says what, that nothing is made, and what to do", async () => {
    await showScene("books-truncated");
    const problem = await find(testIds.booksProblem);
    expect(within(problem).getByRole("heading")).toHaveTextContent("Filen slutter midt i");
    expect(problem).toHaveTextContent("linje 20114, bilag 10233");
    expect(problem).toHaveTextContent("Ingenting er laget eller sendt.");
    expect(problem).toHaveTextContent("Momsbud bruker aldri en halv fil");
  });

  it("keeps the return shut until what changes kroner is answered; nothing is chosen beforehand", async () => {
    const { backend, user } = await showScene("books-question");
    const dialog = await find(testIds.booksQuestionDialog);
    const options = await within(dialog).findAllByTestId(testIds.booksOption);
    for (const option of options) expect(option).not.toBeChecked();
    expect(dialog).toHaveTextContent("Foreslått");
    expect(within(dialog).getByTestId(testIds.booksUse)).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByTestId(testIds.booksMake)).toHaveAttribute("aria-disabled", "true");
    await user.click(nth(testIds.booksOption, 0));
    expect(dialog).toHaveTextContent(/Å betale blir 76 207 kr/);
    await user.click(within(dialog).getByTestId(testIds.booksUse));
    expect(backend.calls).toContainEqual(["answerBooks", "books-1", "uncoded_vat_posting", "1 justering", true]);
    await waitFor(() => {
      expect(screen.getByTestId(testIds.booksSum)).toHaveTextContent("76 207 kr");
    });
    expect(byValue(testIds.booksQuestion, "uncoded_vat_posting")).toHaveAttribute("data-state", "answered");
    expect(await screen.findByText(/^Besvart\. Å betale blir 76 207 kr\. \d spørsmål gjenstår\.$/)).toBeInTheDocument();
  });

  it("has lines that are one stop of the tab key; arrows go through them, and open and shut what they are made of", async () => {
    const { user } = await showScene("books-review");
    const stops = () =>
      [...document.querySelectorAll<HTMLElement>("main table :is(a, button)")].filter(({ tabIndex }) => tabIndex >= 0);
    expect(stops().map(({ dataset }) => dataset.testid)).toEqual([testIds.booksVouchers]);
    const codes = screen.getAllByTestId(testIds.booksVouchers).map(({ dataset }) => dataset.value);
    must(stops()[0]).focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveAttribute("data-value", codes[1]);
    expect(stops()).toEqual([document.activeElement]);
    await user.keyboard("{ArrowUp}{ArrowRight}{ArrowDown}{ArrowDown}");
    expect(nth(testIds.booksOwn, 0)).toHaveAttribute("aria-expanded", "true");
    expect(document.activeElement?.closest("tr")).toHaveTextContent("25K · Kreditnotaer");
    expect(stops()).toEqual([document.activeElement]);
    // What has the focus would go with what is shut.
    await user.keyboard("{ArrowLeft}");
    expect(nth(testIds.booksOwn, 0)).toHaveAttribute("aria-expanded", "false");
    expect(document.activeElement).toHaveAttribute("data-value", codes[0]);
    await user.keyboard("{End}");
    expect(document.activeElement).toHaveAttribute("data-value", codes.at(-1));
    expect(stops()).toEqual([document.activeElement]);
  });

  it("of several companies are one stop of the tab key, and arrows go through them", async () => {
    const { user } = await showScene("books-several");
    const links = (await screen.findAllByTestId(testIds.booksRow)).map((row) =>
      must(row.querySelector("a") ?? undefined),
    );
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter(({ tabIndex }) => tabIndex >= 0)).toEqual([links[0]]);
    must(links[0]).focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(links[1]);
    expect(links.filter(({ tabIndex }) => tabIndex >= 0)).toEqual([links[1]]);
  });

  it("never says that money back is to pay", () => {
    const { t } = createTexts("nb");
    expect(becomes(t, "-24640").replaceAll("\u00a0", " ")).toBe("Til gode blir 24 640 kr");
  });

  it("shows three controls, and why one differs: always seven rows", async () => {
    await showScene("books-why");
    expect(screen.getAllByTestId(testIds.booksControl).map(({ dataset }) => dataset.state)).toEqual([
      "soon",
      "ok",
      "ok",
    ]);
    const dialog = await find(testIds.booksWhyDialog);
    expect(within(dialog).getAllByRole("row")).toHaveLength(8);
    expect(dialog).toHaveTextContent("Hele forskjellen er forklart");
  });

  it("does not hold income in another currency against bases in kroner", async () => {
    const { backend } = await showScene("books-review");
    const { draft } = books;
    const controls = { ...draft.controls, movement: null, difference: null, agrees: true, sales: "10000.00" };
    backend.emit({
      kind: "books",
      books: [books.delivery({ book: { ...books.book, draft: { ...draft, controls } } })],
    });
    const sales = () => byValue(testIds.booksControl, "sales");
    await waitFor(() => {
      expect(sales()).toHaveTextContent("Regnskapet føres i en annen valuta.");
    });
    // Green would say that something was compared.
    expect(sales()).toHaveAttribute("data-state", "none");
    expect(sales()).not.toHaveTextContent("kr");
  });

  it("heads a column with one voucher a row otherwise than one that counts them", async () => {
    await showScene("books-why", { language: "en" });
    const dialog = await find(testIds.booksWhyDialog);
    expect(within(dialog).getByRole("columnheader", { name: "Vouchers" })).toBeInTheDocument();
    expect(screen.queryByRole("columnheader", { name: "Voucher" })).not.toBeInTheDocument();
  });

  it("heads the vouchers' own numbers with one", async () => {
    await showScene("books-vouchers", { language: "en" });
    expect(await screen.findByRole("columnheader", { name: "Voucher" })).toBeInTheDocument();
  });

  it("opens the vouchers of a line, one with all its lines, and finds by counterparty", async () => {
    const { backend, user } = await showScene("books-vouchers");
    expect(await find(testIds.booksVoucher)).toHaveTextContent("Justering varebil");
    await user.type(screen.getByTestId(testIds.booksSearch), "skarven");
    await waitFor(() => {
      expect(screen.getByText("viser 25 av 98")).toBeInTheDocument();
    });
    await user.click(screen.getByTestId(testIds.booksCopy));
    const query = { line: 0, own: null, question: null, search: "skarven", order: "newest" };
    expect(backend.calls).toContainEqual(["copyBooksVouchers", "books-1", query]);
    await user.keyboard("{Escape}");
    expect(await find(testIds.booksSum)).toBeInTheDocument();
  });

  it("lists the vouchers of a question with their effect, to search, to copy and to save", async () => {
    const { backend, user } = await showScene("books-question-vouchers");
    expect(await screen.findByRole("heading", { name: "98 bilag: Bilag i ubalanse" })).toBeInTheDocument();
    expect(screen.getByRole("columnheader", { name: "Debet − kredit" })).toBeInTheDocument();
    expect(screen.queryByRole("columnheader", { name: "Konto" })).not.toBeInTheDocument();
    await user.click(screen.getByTestId(testIds.booksSave));
    const query = { line: 0, own: null, question: "unbalanced_voucher", search: "", order: "newest" };
    expect(backend.calls).toContainEqual([
      "exportBooksVouchers",
      "books-1",
      query,
      "bilag-Mars–april 2026-Bilag i ubalanse.csv",
    ]);
    await user.keyboard("{Escape}");
    expect(await find(testIds.booksSum)).toBeInTheDocument();
  });

  it("becomes an ordinary card that says what it was made of", async () => {
    const { backend, user } = await showScene("books-clean");
    await user.click(await find(testIds.booksMake));
    expect(backend.calls).toContainEqual(["makeReturn", "books-1"]);
    expect(await find(testIds.cardOrigin)).toHaveTextContent("laget av Momsbud fra SAF-T (204 bilag)");
    expect(screen.getByText("Se grunnlaget")).toHaveAttribute("href", "#/books/books-1");
  });

  it("of a filed period names the vouchers that are new since", async () => {
    await showScene("books-correction");
    expect(await find(testIds.booksSince)).toHaveTextContent(/10498.*nytt.*−912/);
  });

  it("of several companies are rows, with their questions counted", async () => {
    await showScene("books-several");
    const rows = await screen.findAllByTestId(testIds.booksRow);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toHaveTextContent("4 spørsmål gjenstår");
    expect(rows[2]).toHaveTextContent("Filen slutter midt i");
  });

  it("can be tried on a sample of practice from the empty page", async () => {
    const { backend, user } = await showScene("empty");
    await user.click((await screen.findAllByTestId(testIds.saftSample))[0] ?? document.body);
    expect(backend.calls).toContainEqual(["openBooksSample", "saft-fjordlys"]);
  });
});

describe("remembered answers", () => {
  it("are shown in Innstillinger, and forgotten when that is wished", async () => {
    const { backend, user } = await showScene("settings");
    const memory = await find(testIds.memory);
    await waitFor(() => {
      expect(memory).toHaveTextContent("Ukjent mva-kode V9 Ikke i meldingen");
    });
    await user.click(within(memory).getByTestId(testIds.memoryForget));
    expect(backend.calls).toContainEqual(["forgetBooksAnswers", "311797816", "Balanse", null]);
    await waitFor(() => {
      expect(memory).toHaveTextContent("Ingen svar er husket ennå.");
    });
  });
});
