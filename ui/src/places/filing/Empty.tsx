/** Nothing is open: the drop zone, the newest filings, and a sample return to try with. */
import { FileImportIcon, FolderFileIcon, FolderIcon, HatSchoolIcon } from "@navikt/aksel-icons";
import { useCommandOnCard } from "../../answers";
import { useCommand } from "../../commands";
import { amount, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { useRowKeys } from "../../parts/rowKeys";
import { FilingStateWord } from "../../parts/State";
import { SaftWay, useSaftSamplesKnown } from "../books/SaftWay";
import { DraftList } from "../drafts/DraftList";
import { useDraftsKnown } from "../drafts/useDrafts";
import { WriteWay } from "../drafts/WriteWay";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import type { FilingRow, SampleView } from "../../bindings";
import { cx } from "../../parts/cx";
import sheetCss from "../../parts/sheet.module.css";
import nothingCss from "../../parts/nothing.module.css";
import s from "../../parts/ways.module.css";

/**
 * Whether it is known what the empty page shows: what stands above the rest would push it down when it comes, under a hand
 * that is on its way. The window asks when it begins, so that whoever closes the last return need not wait.
 */
export function useEmptyKnown(): boolean {
  const known = [useDraftsKnown(), useSaftSamplesKnown()];
  return !known.includes(false);
}

export function Empty() {
  const { recent, samples, environment } = useStart();
  if (!useEmptyKnown()) return null;
  return (
    <div className={s.drop}>
      <DraftList />
      <DropZone />
      <div className={s.below}>
        <Recent recent={recent} />
        {environment === "practice" && samples.length > 0 && <Samples samples={samples} />}
      </div>
    </div>
  );
}

function DropZone() {
  const { t } = useTexts();
  const backend = useBackend();
  const files = useCommand(() => backend.chooseFiles());
  const folder = useCommand(() => backend.chooseFolder());
  return (
    <div className={s.dropzone} data-testid={testIds.dropZone}>
      <div className={cx(sheetCss.sheet, s.sheet)} aria-hidden>
        <Icon of={FileImportIcon} />
      </div>
      <h1 tabIndex={-1}>{t("drop.title")}</h1>
      <p className="quiet measure">{t("drop.text")}</p>
      <div className="row center wrap mt5">
        <Button
          icon={FolderFileIcon}
          testId={testIds.chooseFiles}
          needs="see"
          data-shortcut="primary"
          onClick={files.run}
        >
          {t("drop.files")}
        </Button>
        <Button variant="secondary" icon={FolderIcon} testId={testIds.chooseFolder} needs="see" onClick={folder.run}>
          {t("drop.folder")}
        </Button>
      </div>
      <p className="xs quiet mt3">
        {t("drop.hint")} · <kbd>Ctrl</kbd> <kbd>O</kbd>
      </p>
      <div className={s.ways}>
        <SaftWay />
        <WriteWay />
      </div>
    </div>
  );
}

function Recent({ recent }: { recent: FilingRow[] }) {
  const { t, brief } = useTexts();
  const now = useMinute();
  const { table, tabIndexOf, onFocus, onKeyDown } = useRowKeys(
    recent.length,
    { from: 0, to: recent.length - 1 },
    () => undefined,
    recent,
  );
  return (
    <section className="paper" aria-labelledby="recent">
      <div className="row pad tight">
        <h2 id="recent" className="grow">
          {t("recent.title")}
        </h2>
        {recent.length > 0 && (
          <a className="ds-link sm" href={address("history")}>
            {t("recent.all")}
          </a>
        )}
      </div>
      {recent.length === 0 ? (
        <div className={cx("pad", nothingCss.nothing)}>
          <p className="b">{t("empty.title")}</p>
          <p className="quiet">{t("empty.text")}</p>
        </div>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus
        <table
          ref={table}
          className={cx("t", s.recent)}
          aria-rowcount={recent.length + 1}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
        >
          <caption className="sr">{t("recent.title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("col.company")}</th>
              <th scope="col">{t("col.period")}</th>
              <th scope="col" className="r">
                {t("col.toPayOrBack")}
              </th>
              <th scope="col">{t("col.state")}</th>
              <th scope="col" className={cx("r", s.when)}>
                {t("col.when")}
              </th>
            </tr>
          </thead>
          <tbody>
            {recent.map((row, index) => (
              <tr
                key={row.id}
                className="open"
                aria-rowindex={index + 2}
                data-testid={testIds.recent}
                data-id={row.id}
                onClick={() => {
                  go("history", row.id);
                }}
              >
                <td className="b ell" data-full={nameOf(row)}>
                  <a
                    className="plain"
                    tabIndex={tabIndexOf(index)}
                    data-stop="main"
                    href={address("history", row.id)}
                    onClick={(event) => {
                      event.stopPropagation();
                    }}
                  >
                    {nameOf(row)}
                  </a>
                </td>
                <td className="ell">{row.period}</td>
                <td className="num">{amount(row.assessedVat)}</td>
                <td className="ell">
                  <FilingStateWord row={row} />
                </td>
                <td className={cx("num quiet", s.when)}>{brief(row.deliveredAt ?? row.begunAt, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Samples({ samples }: { samples: SampleView[] }) {
  const { t } = useTexts();
  const backend = useBackend();
  const open = useCommandOnCard((id: string) => backend.openSample(id));
  return (
    <section className={cx("paper pad", s.samples)} aria-labelledby="samples">
      <div className="row top">
        <Icon of={HatSchoolIcon} />
        <div>
          <h2 id="samples">{t("sample.title")}</h2>
          <p className="sm quiet">{t("sample.practiceText")}</p>
        </div>
      </div>
      <ul>
        {samples.map(({ id, company, period, about }) => (
          <li key={id}>
            <button
              type="button"
              className={s.sample}
              data-testid={testIds.sample}
              data-id={id}
              onClick={() => {
                open.run(id);
              }}
            >
              <span className="b ell" data-full={company}>
                {company}
              </span>
              <span className="xs quiet">
                {period} · {about}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
