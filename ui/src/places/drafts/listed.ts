/** How the list of drafts is looked at: what is looked for, what is ticked, which was left. Kept while the window lives. */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { DraftRow } from "../../bindings";

export type Filter = "all" | "ready" | "bad" | "empty";
export const filters: readonly Filter[] = ["all", "ready", "bad", "empty"];

interface Listed {
  filter: Filter;
  text: string;
  ticked: readonly string[];
  /** The draft that one comes back from. */
  left: string | null;
}

const none: Listed = { filter: "all", text: "", ticked: [], left: null };
const key = ["draftsListed"] as const;

export function useListed(): Listed & { change: (listed: Partial<Listed>) => void } {
  const client = useQueryClient();
  const { data } = useQuery<Listed>({ queryKey: key, queryFn: skipToken, gcTime: Number.POSITIVE_INFINITY });
  const change = useCallback(
    (listed: Partial<Listed>) => {
      client.setQueryData<Listed>(key, (old) => ({ ...(old ?? none), ...listed }));
    },
    [client],
  );
  return { ...(data ?? none), change };
}

/** What has something that must be mended would be refused; a nullmelding is as good as any. */
export const canBeChecked = ({ invalid }: DraftRow): boolean => invalid === 0;

export function passes(row: DraftRow, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "ready":
      return canBeChecked(row) && !row.empty;
    case "bad":
      return !canBeChecked(row);
    case "empty":
      return row.empty;
  }
}

/** Those with every word in company, number, period or file. */
export function found(rows: DraftRow[], text: string): DraftRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ companyName, orgNumber, period, file }) => {
    const said = [companyName, orgNumber, period, file].join(" ").toLowerCase();
    return words.every((word) => said.includes(word)) || said.includes(words.join(""));
  });
}
