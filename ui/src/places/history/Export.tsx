/** Taking filings along: the folders of the archive as a zip, or a list for a spreadsheet. */
import { FileExportIcon, FolderFileIcon, TableIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import type { ExportFormat, ExportView, HistoryQuery } from "../../bindings";
import { useAnnounce } from "../../parts/announce";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon, type IconType } from "../../parts/Icon";
import { testIds, type TestId } from "../../testids";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";
import s from "./Export.module.css";

interface Props {
  /** What is shown now; its page does not count. */
  query: HistoryQuery;
  count: number;
}

/** The button over the list, and what it opens. */
export function ExportButton({ query, count }: Props) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        icon={FileExportIcon}
        testId={testIds.historyExport}
        needs="see"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("export.button")}
      </Button>
      {open && (
        <ExportDialog
          query={query}
          count={count}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function ExportDialog({ query, count, onClose }: Props & { onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const id = useId();
  const [saved, setSaved] = useState<ExportView | null>(null);
  const reveal = useCommand(() => backend.showSaved());
  const save = useCommand(
    (format: ExportFormat) => backend.exportHistory({ kind: "found", query }, format, t("export.fileName")),
    {
      done: (view) => {
        if (view) announce(t("export.saved", { path: view.path }));
        setSaved(view);
      },
      // The refusal is shown above the content: what lies over it has to go.
      refused: () => {
        onClose();
        return false;
      },
    },
  );
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.historyExportDialog}>
      <h2 id={id} tabIndex={-1} data-autofocus>
        {t("export.historyTitle")}
      </h2>
      <p className="quiet sm">{t("export.found", { count, n: amount(String(count)) })}</p>
      <div className={s.choices}>
        <Choice
          icon={FolderFileIcon}
          title={t("export.zip")}
          text={t("export.zipText")}
          busy={save.running}
          testId={testIds.exportZip}
          onClick={() => {
            save.run("zip");
          }}
        />
        <Choice
          icon={TableIcon}
          title={t("export.csv")}
          text={t("export.csvText")}
          busy={save.running}
          testId={testIds.exportCsv}
          onClick={() => {
            save.run("csv");
          }}
        />
      </div>
      {saved && (
        <div role="status" data-testid={testIds.exportSaved}>
          <div className={cx(noteCss.noteBox, noteCss.ok, noteCss.saved)}>
            <p className="breaks">{t("export.saved", { path: saved.path })}</p>
            <Button small variant="secondary" testId={testIds.showSaved} onClick={reveal.run}>
              {t("action.showInFolder")}
            </Button>
          </div>
          {saved.withoutFolder + saved.leftOut > 0 && (
            <div className={cx(noteCss.noteBox, noteCss.soon, noteCss.saved)}>
              {saved.withoutFolder > 0 && <p>{t("export.without", { count: saved.withoutFolder })}</p>}
              {saved.leftOut > 0 && <p>{t("export.leftOut", { count: saved.leftOut })}</p>}
            </div>
          )}
        </div>
      )}
      <div className="acts">
        <Button variant="tertiary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}

interface ChoiceProps {
  icon: IconType;
  title: string;
  text: string;
  busy: boolean;
  testId: TestId;
  onClick: () => void;
}

function Choice({ icon, title, text, busy, testId, onClick }: ChoiceProps) {
  return (
    <button
      type="button"
      className={s.choice}
      aria-disabled={busy || undefined}
      data-testid={testId}
      onClick={busy ? undefined : onClick}
    >
      <Icon of={icon} />
      <span>
        <span className="b">{title}</span>
        <span className="xs quiet">{text}</span>
      </span>
    </button>
  );
}
