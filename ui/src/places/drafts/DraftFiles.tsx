/** What goes with a draft's return: kept with the draft, filed with it. */
import { PaperclipIcon, XMarkIcon } from "@navikt/aksel-icons";
import { useEffect } from "react";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import type { Writing } from "./useWriting";

export function DraftFiles({ writing: { view, set } }: { writing: Writing }) {
  const { t, bytes } = useTexts();
  const backend = useBackend();
  const { id, attachments } = view;
  useEffect(() => {
    // What is dropped on the window goes with the draft that is shown.
    void backend.aimDrops(id);
    return () => {
      void backend.aimDrops(null);
    };
  }, [backend, id]);
  const add = useCommand(() => backend.attachToDraft(id), {
    done: (now) => {
      if (now) set(now);
    },
  });
  const remove = useCommand((attachment: string) => backend.detachFromDraft(id, attachment), { done: set });
  return (
    <section className={s.attached} aria-labelledby="draft-files">
      <div className="row">
        <h2 id="draft-files" className="sm">
          {t("attach.title")}
        </h2>
        {attachments.length === 0 && <span className="sm quiet">{t("draft.remarkNone")}</span>}
        <Button
          variant="tertiary"
          small
          icon={PaperclipIcon}
          needs="prepare"
          testId={testIds.draftAttach}
          busy={add.running}
          onClick={add.run}
        >
          {t("attach.add")}
        </Button>
      </div>
      {attachments.length > 0 && (
        <ul>
          {attachments.map((file) => (
            <li key={file.id} className="row" data-testid={testIds.draftAttachment} data-id={file.id}>
              <span className="grow ell" data-full={file.name}>
                {file.name} <span className="quiet">{bytes(file.size)}</span>
              </span>
              <Button
                variant="tertiary"
                small
                icon={XMarkIcon}
                needs="prepare"
                aria-label={t("attach.remove", { file: file.name })}
                testId={testIds.draftDetach}
                onClick={() => {
                  remove.run(file.id);
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
