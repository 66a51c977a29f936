/** Innstillinger: whether the archive is unchanged, and what of it is missing in the history. */
import { useState } from "react";
import type { ArchiveReport } from "../../bindings";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { historyKey, useBackend } from "../../office";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { Section, Setting } from "./parts";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";
import s from "./ArchiveSection.module.css";

/** Complaints that are named; the command line names them all. */
const NAMED = 20;

export function ArchiveSection() {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const [report, setReport] = useState<ArchiveReport | null>(null);
  const [restored, setRestored] = useState<number | null>(null);
  const verify = useCommand(() => backend.verifyArchive(), { done: setReport });
  const restore = useCommand(() => backend.historyFromArchive(), {
    done: (count) => {
      setRestored(count);
      void client.invalidateQueries({ queryKey: historyKey });
    },
  });
  return (
    <Section title={t("archive.title")}>
      <Setting title={t("archive.verifyTitle")} note={t("archive.verifyText")}>
        <Button
          small
          variant="secondary"
          busy={verify.running}
          testId={testIds.verifyArchive}
          needs="administer"
          onClick={() => {
            setReport(null);
            verify.run();
          }}
        >
          {t("archive.verify")}
        </Button>
      </Setting>
      <div role="status">{report && <Report report={report} />}</div>
      <Setting title={t("archive.restoreTitle")} note={t("archive.restoreText")}>
        <Button
          small
          variant="secondary"
          busy={restore.running}
          testId={testIds.restoreHistory}
          needs="administer"
          onClick={restore.run}
        >
          {t("archive.restore")}
        </Button>
      </Setting>
      <div role="status">
        {restored !== null && (
          <p className={cx(noteCss.noteBox, noteCss.ok, noteCss.saved)}>{t("archive.restored", { count: restored })}</p>
        )}
      </div>
    </Section>
  );
}

function Report({ report: { folders, files, complaints } }: { report: ArchiveReport }) {
  const { t } = useTexts();
  if (complaints.length === 0) {
    return (
      <p
        className={cx(noteCss.noteBox, noteCss.ok, noteCss.saved)}
        data-testid={testIds.archiveReport}
        data-complaints={0}
      >
        {t("archive.good", { folders: amount(String(folders)), files: amount(String(files)) })}
      </p>
    );
  }
  return (
    <div
      className={cx(noteCss.noteBox, noteCss.bad, noteCss.saved)}
      data-testid={testIds.archiveReport}
      data-complaints={complaints.length}
    >
      <div>
        <p className="b">{t("archive.bad", { count: complaints.length })}</p>
        <ul className={cx("xs", s.faults)}>
          {complaints.slice(0, NAMED).map(({ folder, file, what }) => (
            <li key={`${folder}/${file ?? ""}/${what}`} className="breaks">
              <span className="b">{t(`archive.fault.${what}`)}</span> {file === null ? folder : `${folder}/${file}`}
            </li>
          ))}
          {complaints.length > NAMED && <li>…</li>}
        </ul>
      </div>
    </div>
  );
}
