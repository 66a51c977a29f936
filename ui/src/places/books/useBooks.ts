/** The SAF-T deliveries that lie open, as the window knows them. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { BooksView } from "../../bindings";
import { useCommand } from "../../commands";
import { booksKey, useBackend } from "../../office";
import { go } from "../../router";

const none: BooksView[] = [];

export function useBooks(): BooksView[] {
  const backend = useBackend();
  return useQuery({ queryKey: booksKey, queryFn: () => backend.books() }).data ?? none;
}

/** What is newly opened is shown: one delivery itself, several as rows. */
export function useShowNewBooks(): void {
  const books = useBooks();
  const before = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const known = before.current;
    before.current = new Set(books.map(({ id }) => id));
    // Those that lay open when the window was drawn are no news.
    const fresh = known === null ? [] : books.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return;
    go("books", fresh.length === 1 ? (fresh[0]?.id ?? null) : null);
  }, [books]);
}

export function useCloseBooks(id: string): () => void {
  const backend = useBackend();
  return useCommand(() => backend.closeBooks(id)).run;
}
