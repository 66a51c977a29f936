/** Drafts as the window knows them: the list, beginning one, throwing one away and taking it back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCommandOnCard } from "../../answers";
import type { Backend } from "../../backend/backend";
import type { DraftRow, DraftsView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { draftKey, draftsKey, useBackend } from "../../office";
import { useTell } from "../../parts/announce";
import { go } from "../../router";

const none: DraftsView = { open: [], discarded: [] };

/** Asked anew whenever it is shown: the command line and other windows write too. */
const asked = (backend: Backend) =>
  ({
    queryKey: draftsKey,
    queryFn: () => backend.drafts(),
    refetchOnMount: "always",
    // Whoever comes back sees at once what was there, and then what has changed.
    gcTime: Number.POSITIVE_INFINITY,
  }) as const;

export function useDrafts(): DraftsView {
  return useQuery(asked(useBackend())).data ?? none;
}

/** Whether it is known which drafts there are. */
export function useDraftsKnown(): boolean {
  return !useQuery(asked(useBackend())).isPending;
}

export function useBeginDraft(): (orgNumber?: string) => void {
  const backend = useBackend();
  const client = useQueryClient();
  const begin = useCommand((orgNumber: string | null) => backend.beginDraft(orgNumber), {
    done: (draft) => {
      client.setQueryData([...draftKey, draft.id], draft);
      void client.invalidateQueries({ queryKey: draftsKey });
      go("draft", draft.id);
    },
  });
  return (orgNumber) => {
    begin.run(orgNumber ?? null);
  };
}

/** Lays a return that was dropped open again: the card of its file as it was. */
export function useLayOpen(): (row: Pick<DraftRow, "id" | "card">) => void {
  const backend = useBackend();
  const lay = useCommandOnCard((id: string) => backend.makeDraft(id), {
    done: (card) => {
      go("filing", card.id);
    },
  });
  return ({ id, card }) => {
    if (card === null) lay.run(id);
    else go("filing", card);
  };
}

type Named = Pick<DraftRow, "id" | "companyName" | "orgNumber">;

/** Throws a draft away without asking: it can be taken back for thirty days, and at once from the note that says so. */
export function useDiscardDraft(): (draft: Named) => void {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const tell = useTell();
  const restore = useRestoreDraft();
  const name = ({ companyName, orgNumber }: Named) =>
    companyName ?? orgNumber ?? t("draft.noCompany");
  const discard = useCommand(
    async (draft: Named) => {
      await backend.discardDraft(draft.id);
      return draft;
    },
    {
      done: (draft) => {
        void client.invalidateQueries({ queryKey: draftsKey });
        tell(t("draft.deleted", { company: name(draft) }), {
          label: t("action.undo"),
          run: () => {
            restore(draft.id);
          },
        });
      },
    },
  );
  return discard.run;
}

export function useRestoreDraft(): (id: string) => void {
  const backend = useBackend();
  const client = useQueryClient();
  return useCommand((id: string) => backend.restoreDraft(id), {
    done: (draft) => {
      client.setQueryData([...draftKey, draft.id], draft);
      void client.invalidateQueries({ queryKey: draftsKey });
    },
  }).run;
}
