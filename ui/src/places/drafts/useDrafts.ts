/** Drafts as the window knows them: the list, beginning one, throwing one away and taking it back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { DraftRow, DraftsView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { draftKey, draftsKey, useBackend } from "../../office";
import { useTell } from "../../parts/announce";
import { go } from "../../router";

const none: DraftsView = { open: [], discarded: [] };

/** Asked anew whenever it is shown: the command line and other windows write too. */
export function useDrafts(): DraftsView {
  const backend = useBackend();
  return useQuery({ queryKey: draftsKey, queryFn: () => backend.drafts(), refetchOnMount: "always" }).data ?? none;
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

type Named = Pick<DraftRow, "id" | "companyName" | "orgNumber">;

/** Throws a draft away without asking: it can be taken back for thirty days, and at once from the note that says so. */
export function useDiscardDraft(): (draft: Named) => void {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const tell = useTell();
  const restore = useRestoreDraft();
  const name = ({ companyName, orgNumber }: Named) =>
    companyName ?? (orgNumber === "" ? t("draft.noCompany") : orgNumber);
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
