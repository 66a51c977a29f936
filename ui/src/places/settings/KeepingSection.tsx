/** Where receipts lie, another place for them, and a person's data to take along. */
import { useId, useState } from "react";
import { useAnnounce } from "../../parts/announce";
import type { Exported, SettingsView } from "../../bindings";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { Section, Setting, SwitchRow } from "./parts";
import { useNewSettings } from "./useSettings";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";

export function KeepingSection({ settings }: { settings: SettingsView | undefined }) {
  const { t, bytes } = useTexts();
  const backend = useBackend();
  const { archiveFolder } = useStart();
  const [chosen, setChosen] = useState<string | null>(null);
  const [exporting, setExporting] = useState(false);
  const choose = useCommand(() => backend.chooseArchiveFolder(), { done: setChosen });
  const archive = settings?.archive;
  const path = archive?.folder ?? archiveFolder;
  const counted = useCounted();
  const size = bytes((archive?.kilobytes ?? 0) * 1000);
  return (
    <Section title={t("settings.archive")}>
      <Setting
        title={t("settings.archiveFolder")}
        note={
          <>
            <span data-testid={testIds.archiveFolder}>
              {archive ? t("settings.archiveText", { path, files: counted(archive.files), size }) : path}
            </span>
            <span className="block">{t("settings.archiveKept")}</span>
            {archive?.earlier.map((folder) => (
              <span key={folder} className="block">
                {t("settings.archiveEarlier", { path: folder })}
              </span>
            ))}
            {archive?.fixed === true && <span className="block">{t("settings.archiveFixed")}</span>}
          </>
        }
      >
        {archive?.fixed === false && (
          <Button
            small
            variant="secondary"
            busy={choose.running}
            testId={testIds.changeArchive}
            needs="administer"
            onClick={() => {
              choose.run();
            }}
          >
            {t("settings.change")}
          </Button>
        )}
      </Setting>
      <Setting title={t("settings.export")} note={t("settings.exportNote")}>
        <Button
          small
          variant="secondary"
          testId={testIds.exportData}
          needs="administer"
          onClick={() => {
            setExporting(true);
          }}
        >
          {t("settings.exportDo")}
        </Button>
      </Setting>
      {chosen !== null && archive && (
        <MoveDialog
          from={path}
          to={chosen}
          files={archive.files}
          onClose={() => {
            setChosen(null);
          }}
        />
      )}
      {exporting && (
        <ExportDialog
          size={size}
          onClose={() => {
            setExporting(false);
          }}
        />
      )}
    </Section>
  );
}

/** `"13 908 filer"`. */
function useCounted(): (files: number) => string {
  const { t } = useTexts();
  return (files) => t("settings.files", { count: files, n: amount(String(files)) });
}

interface MoveProps {
  from: string;
  to: string;
  files: number;
  onClose: () => void;
}

function MoveDialog({ from, to, files, onClose }: MoveProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const show = useNewSettings();
  const { refresh } = useOffice();
  const id = useId();
  const counted = useCounted();
  const change = useCommand(async (move: boolean) => ({ move, view: await backend.changeArchiveFolder(move) }), {
    done: ({ move, view }) => {
      show(view);
      // What others have laid in while it was moved lies where it lay.
      const left = move && view.archive.earlier.includes(from);
      announce(left ? t("archive.changedButLeft", { from }) : t("archive.changed"));
      onClose();
      void refresh();
    },
    refused: () => {
      // What went wrong stands above the content, and the folder must be chosen again.
      onClose();
      return false;
    },
  });
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.archiveDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("archive.moveTitle")}
      </h1>
      <p className="breaks">{t("archive.moveText", { from, to, files: counted(files) })}</p>
      <p className="quiet mt2">{t("archive.keepNote")}</p>
      <div className="acts">
        <Button
          busy={change.running}
          testId={testIds.archiveMove}
          onClick={() => {
            change.run(true);
          }}
        >
          {t("archive.move")}
        </Button>
        <Button
          variant="secondary"
          busy={change.running}
          testId={testIds.archiveKeep}
          onClick={() => {
            change.run(false);
          }}
        >
          {t("archive.keep")}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

function ExportDialog({ size, onClose }: { size: string; onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const id = useId();
  const [archive, setArchive] = useState(false);
  const [done, setDone] = useState<Exported | null>(null);
  const run = useCommand(() => backend.exportData(archive), {
    done: setDone,
    refused: () => {
      onClose();
      return false;
    },
  });
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.exportDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("export.title")}
      </h1>
      <p>{t("export.text")}</p>
      <div className="mt3">
        <SwitchRow
          title={t("export.archive")}
          note={t("export.archiveText", { size })}
          on={archive}
          testId={testIds.exportArchive}
          onChange={setArchive}
        />
      </div>
      <p
        className={cx(noteCss.noteBox, noteCss.ok, "mt3 breaks", noteCss.onecol)}
        role="status"
        data-testid={testIds.exportDone}
        hidden={!done}
      >
        {done && t("export.done", { count: done.filings, n: amount(String(done.filings)), file: done.file })}
      </p>
      {done !== null && done.leftOut > 0 && (
        <p
          className={cx(noteCss.noteBox, noteCss.soon, noteCss.onecol, "mt2")}
          role="status"
          data-testid={testIds.exportLeftOut}
        >
          {t("export.leftOut", { count: done.leftOut })}
        </p>
      )}
      <div className="acts">
        <Button
          busy={run.running}
          testId={testIds.exportChoose}
          onClick={() => {
            run.run();
          }}
        >
          {t("export.choose")}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}
