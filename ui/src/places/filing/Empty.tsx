/** Nothing is open: the drop zone, the newest filings, and a sample return to try with. */
import { FileImportIcon, FolderFileIcon, FolderIcon, HatSchoolIcon } from "@navikt/aksel-icons";
import { useCommand } from "../../commands";
import { amount, nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart, withCard } from "../../office";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { FilingStateWord } from "../../parts/State";
import { SaftWay } from "../books/SaftWay";
import { DraftList } from "../drafts/DraftList";
import { WriteWay } from "../drafts/WriteWay";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import type { FilingRow, SampleView } from "../../bindings";

export function Empty() {
  const { recent, samples, environment } = useStart();
  return (
    <div className="drop">
      <DraftList />
      <DropZone />
      <div className="below">
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
    <div className="dropzone" data-testid={testIds.dropZone}>
      <div className="sheet" aria-hidden>
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
      <div className="ways">
        <SaftWay />
        <WriteWay />
      </div>
    </div>
  );
}

function Recent({ recent }: { recent: FilingRow[] }) {
  const { t, brief } = useTexts();
  const now = useMinute();
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
        <div className="pad nothing">
          <p className="b">{t("empty.title")}</p>
          <p className="quiet">{t("empty.text")}</p>
        </div>
      ) : (
        <table className="t recent">
          <caption className="sr">{t("recent.title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("col.company")}</th>
              <th scope="col">{t("col.period")}</th>
              <th scope="col" className="r">
                {t("col.toPayOrBack")}
              </th>
              <th scope="col">{t("col.state")}</th>
              <th scope="col" className="r when">
                {t("col.when")}
              </th>
            </tr>
          </thead>
          <tbody>
            {recent.map((row) => (
              <tr
                key={row.id}
                className="open"
                data-testid={testIds.recent}
                data-id={row.id}
                onClick={() => {
                  go("history", row.id);
                }}
              >
                <td className="b ell" data-full={nameOf(row)}>
                  <a
                    className="plain"
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
                <td className="num quiet when">{brief(row.deliveredAt ?? row.begunAt, now)}</td>
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
  const { change } = useOffice();
  const open = useCommand((id: string) => backend.openSample(id), {
    done: (card) => {
      change((old) => ({ ...old, cards: withCard(old.cards, card) }));
    },
  });
  return (
    <section className="paper pad samples" aria-labelledby="samples">
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
              className="sample"
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
