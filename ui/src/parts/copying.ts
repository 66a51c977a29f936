/**
 * The clipboard as spreadsheets want it: one line a row, cells with tabs between them, numbers as plain digits.
 *
 * The window writes "18 250" with a no-break space and "−" as the sign that it is; pasted into a spreadsheet neither is a
 * number. So what is copied is written anew, whether rows were picked, the keyboard is in one, or the mouse marked text.
 */
import { useEffect, useRef } from "react";

/** Numbers with plain digits and the keyboard's minus; other text with ordinary blanks. */
export const plain = (text: string): string =>
  text
    .replace(/\u2212(?=\d)/g, "-")
    .replace(/(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/[\u00a0\u202f]/g, " ");

/** A number that stands alone, as a bank or a spreadsheet takes it: "18 250 kr" is "18250". */
const bare = (text: string): string =>
  /^-?\d[\d ]*(,\d+)?( kr)?$/.test(text) ? text.replace(/ kr$/, "").replaceAll(" ", "") : text;

/** What begins a formula, in one spreadsheet or another, with what they pass over before it (`crates/shown/src/cell.rs`). */
const FORMULA = /^[\s\p{Cc}\u200b-\u200f\u2060]*[=+\-@＝＋－＠﹦﹢﹣﹫|%]/u;
const NEGATIVE = /^-\d[\d ]*([.,]\d+)?( kr)?$/;

/**
 * A text that a spreadsheet takes for a text: names of companies and files are what others have called them, and a formula can
 * call programs and addresses.
 */
const inert = (text: string): string => (FORMULA.test(text) && !NEGATIVE.test(text) ? `'${text}` : text);

/** One cell's text without what only screen readers hear. */
function cellOf(cell: HTMLElement): string {
  if (cell.dataset.copy !== undefined) return inert(cell.dataset.copy);
  const copy = cell.cloneNode(true) as HTMLElement;
  copy.querySelectorAll(".sr, button, input, [aria-hidden]").forEach((hidden) => {
    hidden.remove();
  });
  const text = plain(copy.textContent.trim().replace(/\s+/g, " "));
  return inert(cell.classList.contains("num") ? bare(text) : text);
}

/** A row as one line. A row of a long list says itself what is copied of it. */
export const lineOf = (row: HTMLTableRowElement): string =>
  row.dataset.tsv ?? [...row.cells].map((cell) => cellOf(cell)).join("\t");

/** Rows of one table that a selection touches; none when it stays within one cell. */
export function rowsOf(selection: Selection): HTMLTableRowElement[] {
  if (selection.isCollapsed || selection.rangeCount === 0) return [];
  const range = selection.getRangeAt(0);
  const cell = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest("td, th");
  const [from, to] = [cell(range.startContainer), cell(range.endContainer)];
  if (from && from === to) return [];
  return [...document.querySelectorAll<HTMLTableRowElement>("main table.t tr")].filter(
    (row) => range.intersectsNode(row) && !row.classList.contains("gap") && row.cells.length > 1,
  );
}

/** What a row tells that has several columns: blanks and line ends would break it apart. */
export const tsv = (cells: readonly (string | null | undefined)[]): string =>
  cells.map((cell) => inert((cell ?? "").replace(/[\t\r\n]+/g, " "))).join("\t");

/** What is marked with the mouse is copied in the same way. */
export function usePlainCopies(onCopied: (rows: number) => void): void {
  const latest = useRef(onCopied);
  useEffect(() => {
    latest.current = onCopied;
  });
  useEffect(() => {
    const copy = (event: ClipboardEvent) => {
      const selection = window.getSelection();
      const { target } = event;
      if (!selection || !event.clipboardData) return;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      const rows = rowsOf(selection);
      const text = rows.length > 0 ? rows.map((row) => lineOf(row)).join("\n") : plain(selection.toString());
      if (text === "") return;
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
      if (rows.length > 0) latest.current(rows.length);
    };
    document.addEventListener("copy", copy);
    return () => {
      document.removeEventListener("copy", copy);
    };
  }, []);
}
