/** One filing: what to pay, its files, what happened and when. */
import { FileCodeIcon, FilePdfIcon, FolderIcon, XMarkIcon } from "@navikt/aksel-icons";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { ArchivedFile, FilingView, TimelineEntry } from "../../bindings";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { isRefund, kr, orgNumber, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { filingKey, useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { Payment } from "../../parts/Payment";
import { FilingStateWord } from "../../parts/State";
import { go } from "../../router";
import { testIds } from "../../testids";
import { useFilingRemedies } from "../filing/cardCommands";
import { ReceiptButton } from "../filing/Delivered";
import { Progress } from "../filing/Progress";
import { isMoving } from "../filing/standing";

export function Detail({ id }: { id: string }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { data, error, refetch } = useQuery({ queryKey: filingKey(id), queryFn: () => backend.filing(id) });
  return (
    <aside
      className="paper detail"
      aria-label={t("history.details")}
      data-testid={testIds.historyDetail}
      data-id={id}
      data-region
      tabIndex={-1}
    >
      {data ? (
        <Filing filing={data} />
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

function Filing({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const { row } = filing;
  const id = useId();
  const name = row.companyName ?? orgNumber(row.orgNumber);
  const said = isRefund(row.assessedVat)
    ? t("history.refundLine", { amount: kr(unsigned(row.assessedVat)) })
    : t("history.amountLine", { amount: kr(row.assessedVat) });
  return (
    <>
      <header className="pad">
        <div className="row top">
          <h2 className="grow wraps">{name}</h2>
          <Button variant="tertiary" small icon={XMarkIcon} aria-label={t("action.close")} onClick={close} />
        </div>
        <p className="mt05">
          <FilingStateWord row={row} />
        </p>
        <p className="sm mt05">
          <span className="b">{row.period}</span>
          {said}
        </p>
        <p className="xs quiet">{t("history.sentBy", { org: orgNumber(row.orgNumber), name: row.filedBy })}</p>
        {filing.delivered === "yes" && (
          <div className="row mt3">
            <ReceiptButton filing={filing} small />
          </div>
        )}
      </header>
      <Stopped filing={filing} />
      {filing.payment && (
        <section className="pad sec" aria-labelledby={id}>
          <Payment payment={filing.payment} environment={environment} heading="h3" headingId={id} />
        </section>
      )}
      {filing.files.length > 0 && <Files filing={filing} />}
      <Timeline entries={filing.timeline} />
      {filing.instance !== null && (
        <section className="pad sec">
          <h3>{t("history.reference")}</h3>
          <p className="xs quiet breaks">{filing.instance}</p>
        </section>
      )}
    </>
  );
}

function Stopped({ filing }: { filing: FilingView }) {
  const { busy, ...remedies } = useFilingRemedies(filing);
  if (isMoving(filing)) {
    return (
      <section className="pad sec">
        <Progress filing={filing} />
      </section>
    );
  }
  if (!filing.problem) return null;
  return (
    <section className="sec" aria-busy={busy}>
      <ErrorCard
        error={filing.problem}
        heading="h3"
        remedies={{ ...remedies, showHistory: undefined, chooseFiles: undefined }}
      />
    </section>
  );
}

function Files({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const show = useCommand(() => backend.showArchive(filing.id));
  return (
    <section className="pad sec">
      <div className="row">
        <h3 className="grow">{t("history.files")}</h3>
        <Button variant="tertiary" small icon={FolderIcon} testId={testIds.showArchive} onClick={show.run}>
          {t("history.showFolder")}
        </Button>
      </div>
      <ul>
        {filing.files.map((file) => (
          <File key={file.name} file={file} />
        ))}
      </ul>
      {filing.archiveFolder !== null && <p className="xs quiet breaks mt2">{filing.archiveFolder}</p>}
    </section>
  );
}

function File({ file: { name, size } }: { file: ArchivedFile }) {
  const { bytes } = useTexts();
  return (
    <li className="fileline" data-testid={testIds.archiveFile}>
      <Icon of={name.endsWith(".pdf") ? FilePdfIcon : FileCodeIcon} small />
      <span className="grow ell" title={name}>
        {name}
      </span>
      <span className="quiet xs">{bytes(size)}</span>
    </li>
  );
}

function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const { t, time, date, dayOf } = useTexts();
  const newest = entries.toReversed();
  return (
    <section className="pad sec">
      <h3 className="mb1">{t("history.timeline")}</h3>
      <ol className="tl" data-testid={testIds.timeline}>
        {newest.map(({ at, event }, index) => {
          const before = newest[index - 1];
          const newDay = before === undefined || dayOf(before.at) !== dayOf(at);
          return (
            <li key={`${at}-${event}-${String(index)}`} data-event={event}>
              <time dateTime={at}>{time(at)}</time>
              <div>
                {t(`event.${event}`)}
                {newDay && <span className="quiet xs"> · {date(dayOf(at))}</span>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
