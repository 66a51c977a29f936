/**
 * Writing a draft: one change after the other, each made to the revision that the one before it gave.
 *
 * Everything that is shown comes back from the office, which has kept it by then. Nothing is computed here.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useContext, useEffect, useMemo, useRef } from "react";
import type { DraftEdit, DraftView } from "../../bindings";
import { errorView } from "../../backend/backend";
import { ShowProblem } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { draftKey, draftsKey, useBackend } from "../../office";
import { useAnnounce } from "../../parts/announce";

export interface Writing {
  view: DraftView;
  /** Ends with the draft as it is then, or nothing when it was refused. */
  edit: (...edits: DraftEdit[]) => Promise<DraftView | null>;
  undo: (again: boolean) => void;
  /** What another command has made of the draft. */
  set: (view: DraftView) => void;
  refresh: () => void;
}

type Change = (now: DraftView) => Promise<DraftView>;

export function useWriting(id: string): { writing: Writing | null; refused: unknown } {
  const backend = useBackend();
  const client = useQueryClient();
  const show = useContext(ShowProblem);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const key = useMemo(() => [...draftKey, id], [id]);
  const { data: view, error } = useQuery({
    queryKey: key,
    queryFn: () => backend.draft(id),
    refetchOnMount: "always",
  });
  const set = useCallback(
    (next: DraftView) => {
      // What is asked meanwhile would bring what was before.
      void client.cancelQueries({ queryKey: key }).then(() => {
        client.setQueryData<DraftView>(key, (old) => (old && old.revision > next.revision ? old : next));
      });
      client.setQueryData(key, next);
      void client.invalidateQueries({ queryKey: draftsKey });
    },
    [client, key],
  );
  const refresh = useCallback(() => void client.invalidateQueries({ queryKey: key }), [client, key]);
  const change = useCallback(
    (make: Change): Promise<DraftView | null> => {
      const made = queue.current.then(async () => {
        const now = client.getQueryData<DraftView>(key);
        if (!now) return null;
        try {
          const next = await make(now);
          set(next);
          return next;
        } catch (thrown) {
          const refusal = errorView(thrown);
          show({ error: refusal });
          // What another has written is shown, so that it can be gone on from.
          if (refusal.code === "draftChangedElsewhere") refresh();
          return null;
        }
      });
      queue.current = made;
      return made;
    },
    [client, key, refresh, set, show],
  );
  const edit = useCallback(
    (...edits: DraftEdit[]) => change(({ revision }) => backend.editDraft(id, revision, edits)),
    [backend, change, id],
  );
  const undo = useCallback(
    (again: boolean) => void change(({ revision }) => backend.undoDraft(id, revision, again)),
    [backend, change, id],
  );
  useSaid(view);
  const writing = useMemo(() => (view ? { view, edit, undo, set, refresh } : null), [view, edit, undo, set, refresh]);
  return { writing, refused: view ? null : error };
}

/** After a change, what has become of the sum and how much is to be mended: said once the person stops typing. */
const QUIET_FOR = 900;

function useSaid(view: DraftView | undefined): void {
  const { t } = useTexts();
  const announce = useAnnounce();
  const said = useRef<string | null>(null);
  const sum = view?.sum;
  const bad = view?.findings.filter(({ severity }) => severity === "invalid").length;
  const all = view?.findings.length;
  useEffect(() => {
    if (sum === undefined || bad === undefined || all === undefined) return undefined;
    const text = t("draft.said", { amount: amount(sum), bad: String(bad), soon: String(all - bad) });
    said.current ??= text;
    if (said.current === text) return undefined;
    const timer = setTimeout(() => {
      said.current = text;
      announce(text);
    }, QUIET_FOR);
    return () => {
      clearTimeout(timer);
    };
  }, [sum, bad, all, announce, t]);
}
