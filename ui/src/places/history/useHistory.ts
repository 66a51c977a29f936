/** The history as the window asks for it: stretch by stretch, as they come into view. */
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FilingRow, HistoryPage, HistoryQuery } from "../../bindings";
import { historyKey, useBackend } from "../../office";

/** Rows asked for at once. */
const STRETCH = 100;

/** What is looked for and how it is sorted; the page is the table's matter. */
export type Asked = Omit<HistoryQuery, "offset" | "limit">;

export interface History {
  total: number | null;
  /** What is shown is the answer to what was asked last, and not to what was asked before. */
  answers: boolean;
  /** The row at a place, when its stretch has come. */
  row: (index: number) => FilingRow | undefined;
  /** The rows at these places, fetched where they have not come. */
  rows: (places: readonly number[]) => Promise<FilingRow[]>;
  /** Whether this filing is among those that were found, or may be among those that have not come yet. */
  mayHold: (id: string) => boolean;
  /** Asks for the stretches of these rows. */
  want: (first: number, last: number) => void;
  again: () => void;
  error: unknown;
}

/** Stretches of the history as they come into view; what was shown stays until the answer to a new search is there. */
export function useHistory(asked: Asked): History {
  const backend = useBackend();
  const client = useQueryClient();
  const [at, setAt] = useState(0);
  const page = (offset: number) => ({
    queryKey: [...historyKey, asked, offset] as const,
    queryFn: () => backend.history({ ...asked, offset, limit: STRETCH }),
  });
  const first = useQuery({ ...page(0), placeholderData: keepPreviousData });
  const near = useQuery({ ...page(at), placeholderData: keepPreviousData, enabled: at > 0 });
  const after = useQuery({ ...page(at + STRETCH), enabled: (first.data?.total ?? 0) > at + STRETCH });
  return {
    total: first.data?.total ?? null,
    answers: first.data !== undefined && !first.isPlaceholderData,
    error: first.error ?? near.error ?? after.error,
    again: () => void client.invalidateQueries({ queryKey: historyKey }),
    row: (index) => {
      const offset = index - (index % STRETCH);
      const known = offset === 0 ? first.data : client.getQueryData<HistoryPage>(page(offset).queryKey);
      return known?.rows[index - offset];
    },
    rows: async (places) => {
      const found: FilingRow[] = [];
      for (const index of places) {
        const offset = index - (index % STRETCH);
        const known = await client.query({ ...page(offset), staleTime: "static" });
        const row = known.rows[index - offset];
        if (row) found.push(row);
      }
      return found;
    },
    mayHold: (id) => {
      const { rows = [], total = 0 } = first.data ?? {};
      return total > rows.length || rows.some((row) => row.id === id);
    },
    want: (from) => {
      setAt(Math.max(0, from - (from % STRETCH)));
    },
  };
}
