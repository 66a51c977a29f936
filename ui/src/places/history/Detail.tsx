/** One filing: what to pay, its files, what happened and when. */
import {
  ArrowsCirclepathIcon,
  FileCodeIcon,
  FileExportIcon,
  FilePdfIcon,
  FilesIcon,
  FolderIcon,
  PaperclipIcon,
  XMarkIcon,
} from "@navikt/aksel-icons";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useCommandOnCard, useCommandOnFiling } from "../../answers";
import type { ArchivedFile, FilingView, TimelineEntry } from "../../bindings";
import { errorView } from "../../backend/backend";
import { useAnnounce, useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { isRefund, kr, nameOf, norwegianDay, orgNumber, unsigned } from "../../i18n/format";
import { problemOf } from "../../errors";
import { useTexts } from "../../i18n/useTexts";
import { filingKey, useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { draggedFile } from "../../dragOut";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { Payment } from "../../parts/Payment";
import { FilingStateWord } from "../../parts/State";
import { go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Answer, hasAnswer } from "../filing/Answer";
import { useFilingRemedies } from "../filing/cardCommands";
import { ReceiptButton } from "../filing/Delivered";
import { Progress } from "../filing/Progress";
import { Signature, useMaySign } from "../filing/Signature";
import { hasEnded, isMoving } from "../filing/standing";
import { cx } from "../../parts/cx";
import linkCss from "../../parts/link.module.css";
import cardCss from "../../parts/card.module.css";
import s from "./history.module.css";

interface Props {
  id: string;
  /** Shows every filing of a company. */
  onCompany: (orgNumber: string) => void;
}

export function Detail({ id, onCompany }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const { data, error, refetch } = useQuery({ queryKey: filingKey(id), queryFn: () => backend.filing(id) });
  return (
    <aside
      className={cx("paper", s.detail)}
      aria-label={t("history.details")}
      data-testid={testIds.historyDetail}
      data-id={id}
      data-region
      tabIndex={-1}
    >
      {data ? (
        <Filing filing={data} onCompany={onCompany} />
      ) : error ? (
        <div className="pad">
          <ErrorCard error={errorView(error)} remedies={{ retry: () => void refetch() }} onClose={close} />
        </div>
      ) : (
        <p className="pad quiet" role="status">
          {t("loading.short")}
        </p>
      )}
    </aside>
  );
}

const close = () => {
  go("history");
};

function Filing({ filing, onCompany }: { filing: FilingView } & Pick<Props, "onCompany">) {
  const { t } = useTexts();
  const { environment } = useStart();
  const { row } = filing;
  const id = useId();
  const name = nameOf(row);
  const said = isRefund(row.assessedVat)
    ? t("history.refundLine", { amount: kr(unsigned(row.assessedVat)) })
    : t("history.amountLine", { amount: kr(row.assessedVat) });
  return (
    <>
      <header className="pad">
        <div className="row top">
          <h2 className="grow wraps">{name}</h2>
          <Button variant="tertiary" small icon={XMarkIcon} aria-label={t("action.close")} data-back onClick={close} />
        </div>
        <p className="mt05">
          <FilingStateWord row={row} />
        </p>
        <p className="sm mt05">
          <span className="b">{row.period}</span>
          {said}
        </p>
        <p className="xs quiet">
          {t("history.sentBy", { org: orgNumber(row.orgNumber), name: row.filedBy ?? t("value.nameless") })}
        </p>
        <p className="xs">
          <button
            type="button"
            className={cx("ds-link", linkCss.aslink, cardCss.aslink)}
            data-testid={testIds.sameCompany}
            onClick={() => {
              onCompany(row.orgNumber);
            }}
          >
            {t("history.allOfCompany")}
          </button>
        </p>
        {filing.signedBy !== null && <p className="xs quiet">{t("history.signedBy", { name: filing.signedBy })}</p>}
        {filing.correction && <p className="xs quiet">{t("history.correction")}</p>}
        {filing.delivered === "yes" && (
          <div className="row wrap mt3">
            <ReceiptButton filing={filing} small first={row.state !== "rejected" && row.state !== "unclear"} />
            {row.state !== "rejected" && <NewVersion filing={filing} />}
          </div>
        )}
      </header>
      {hasAnswer(filing) && (
        <section className={cx("pad", s.sec)}>
          <Answer filing={filing} />
        </section>
      )}
      <Stopped filing={filing} />
      {filing.payment && (row.state === "received" || !hasEnded(filing)) && (
        <section className={cx("pad", s.sec)} aria-labelledby={id}>
          <Payment
            payment={filing.payment}
            sum={row.assessedVat}
            environment={environment}
            heading="h3"
            headingId={id}
          />
        </section>
      )}
      {filing.files.length > 0 && <Files filing={filing} />}
      <Timeline entries={filing.timeline} />
      {filing.instance !== null && (
        <section className={cx("pad", s.sec)}>
          <h3>{t("history.reference")}</h3>
          <p className="xs quiet breaks">{filing.instance}</p>
        </section>
      )}
    </>
  );
}

/** The next version of a delivered return: its file is chosen, and what it changes is shown before anything is sent. */
function NewVersion({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const choose = useCommandOnCard(() => backend.chooseNewVersion(filing.id), {
    done: (card) => {
      if (!card) return;
      go("filing", card.id);
    },
  });
  return (
    <>
      <Button
        variant="secondary"
        small
        icon={FilesIcon}
        testId={testIds.newVersion}
        needs="prepare"
        of={filing.row.orgNumber}
        busy={choose.running}
        onClick={choose.run}
      >
        {t("history.newVersion")}
      </Button>
      <p className="xs quiet">{t("history.newVersionHint")}</p>
    </>
  );
}

function Stopped({ filing }: { filing: FilingView }) {
  const problem = problemOf(filing);
  const maySign = useMaySign(filing);
  const { busy, ...remedies } = useFilingRemedies(filing);
  return (
    <>
      {isMoving(filing) && (
        <section className={cx("pad", s.sec)}>
          <Progress filing={filing} />
        </section>
      )}
      {!isMoving(filing) && maySign && (
        <section className={s.sec}>
          <Signature filing={filing} />
        </section>
      )}
      {problem && !maySign && !hasEnded(filing) && (
        <section className={s.sec} aria-busy={busy}>
          <ErrorCard
            error={problem}
            heading="h3"
            remedies={{ ...remedies, showHistory: undefined, chooseFiles: undefined }}
          />
        </section>
      )}
    </>
  );
}

function Files({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const tell = useTell();
  const reveal = useCommand(() => backend.showSaved());
  const show = useCommand(() => backend.showArchive(filing.id));
  const open = useCommand((name: string) => backend.openArchived(filing.id, name));
  const again = useCommandOnFiling(() => backend.fetchReceiptAgain(filing.id), {
    done: () => {
      announce(t("history.fetched"));
    },
  });
  const save = useCommand(() => backend.exportHistory({ kind: "filings", ids: [filing.id] }, "zip", zipName(filing)), {
    done: (saved) => {
      if (saved) tell(t("export.saved", { path: saved.path }), { label: t("action.showInFolder"), run: reveal.run });
    },
  });
  return (
    <section className={cx("pad", s.sec)}>
      <div className="row">
        <h3 className="grow">{t("history.files")}</h3>
        <Button variant="tertiary" small icon={FolderIcon} testId={testIds.showArchive} onClick={show.run}>
          {t("history.showFolder")}
        </Button>
      </div>
      <ul>
        {filing.files.map((file) => (
          <File key={file.name} file={file} folder={filing.archiveFolder} onOpen={open.run} />
        ))}
      </ul>
      {filing.archiveFolder !== null && <p className="xs quiet breaks mt2">{filing.archiveFolder}</p>}
      <div className={cx("row", s.fileacts)}>
        <Button
          variant="tertiary"
          small
          icon={FileExportIcon}
          busy={save.running}
          testId={testIds.exportOne}
          onClick={save.run}
        >
          {t("export.oneZip")}
        </Button>
        {/* Where the receipt is missing, that is the filled button above. */}
        {filing.hasReceipt && (
          <Button
            variant="tertiary"
            small
            icon={ArrowsCirclepathIcon}
            busy={again.running}
            testId={testIds.fetchAgain}
            needs="file"
            of={filing.row.orgNumber}
            onClick={again.run}
          >
            {t("history.fetchAgain")}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Company and period: what an auditor looks for. */
const zipName = ({ row }: FilingView): string =>
  `${row.companyName ?? row.orgNumber} ${row.period}`.replaceAll("/", "-");

interface FileProps {
  file: ArchivedFile;
  folder: string | null;
  onOpen: (name: string) => void;
}

function File({ file: { name, size }, folder, onOpen }: FileProps) {
  const { t, bytes } = useTexts();
  const own = name.slice(name.lastIndexOf("/") + 1);
  const icon = own !== name ? PaperclipIcon : name.endsWith(".pdf") ? FilePdfIcon : FileCodeIcon;
  return (
    <li className={cx(cardCss.fileline, s.fileline)} data-testid={testIds.archiveFile}>
      <Icon of={icon} small />
      <span className="grow ell">
        <button
          type="button"
          className={cx("ds-link", linkCss.aslink, cardCss.aslink)}
          data-full={own}
          aria-label={t("history.openFile", { name: own })}
          {...draggedFile(folder, name)}
          onClick={() => {
            onOpen(name);
          }}
        >
          {own}
        </button>
      </span>
      <span className="quiet xs">{bytes(size)}</span>
    </li>
  );
}

function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const { t, time, dateFrom, dayOf } = useTexts();
  const { environment } = useStart();
  const today = norwegianDay(useMinute());
  const newest = entries.toReversed();
  return (
    <section className={cx("pad", s.sec)}>
      <h3 className="mb1">{t("history.timeline")}</h3>
      <ol className={s.tl} data-testid={testIds.timeline}>
        {newest.map(({ at, event }, index) => {
          const before = newest[index - 1];
          const newDay = before === undefined || dayOf(before.at) !== dayOf(at);
          return (
            <li key={`${at}-${event}-${String(index)}`} data-event={event}>
              <time dateTime={at}>{time(at)}</time>
              <div>
                {environment === "practice" && (event === "checked" || event === "received" || event === "rejected")
                  ? t(`event.practice.${event}`)
                  : t(`event.${event}`)}
                {newDay && <span className="quiet xs"> · {dateFrom(dayOf(at), today)}</span>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
