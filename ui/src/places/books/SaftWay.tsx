/** The way from a SAF-T file, on the empty page; in practice with files to try it on. */
import { FileTextIcon } from "@navikt/aksel-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useMay, useStart } from "../../office";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import { cx } from "../../parts/cx";
import s from "./books.module.css";

function useSaftSamples() {
  const { language } = useTexts();
  const backend = useBackend();
  return useQuery({
    queryKey: ["booksSamples", language],
    queryFn: () => backend.booksSamples(),
    enabled: useStart().environment === "practice",
    placeholderData: keepPreviousData,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether it is known what can be tried. */
export const useSaftSamplesKnown = (): boolean => !useSaftSamples().isLoading;

export function SaftWay() {
  const { t } = useTexts();
  const backend = useBackend();
  const { environment } = useStart();
  const may = useMay();
  const choose = useCommand(() => backend.chooseBooksFiles(null));
  const open = useCommand((id: string) => backend.openBooksSample(id));
  const samples = useSaftSamples().data;
  return (
    <section className={cx("paper", s.way)} aria-labelledby="way-saft">
      <span className={s.wayIcon} aria-hidden>
        <Icon of={FileTextIcon} />
      </span>
      <div>
        <h2 id="way-saft">{t("way.saft.title")}</h2>
        <p className="sm quiet">{t("way.saft.text")}</p>
        <p className="sm mt05">
          <button
            type="button"
            className="ds-link"
            data-testid={testIds.chooseSaft}
            disabled={!may("see")}
            onClick={choose.run}
          >
            {t("way.saft.do")}
          </button>
        </p>
        {environment === "practice" && samples && samples.length > 0 && (
          <div className="sm mt05">
            <span className="quiet">{t("way.saft.samples")}</span>
            <ul className={s.samples}>
              {samples.map(({ id, company, about }) => (
                <li key={id}>
                  <button
                    type="button"
                    className="ds-link"
                    data-testid={testIds.saftSample}
                    data-id={id}
                    onClick={() => {
                      open.run(id);
                    }}
                  >
                    {company}
                  </button>{" "}
                  <span className="quiet">{about}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}
