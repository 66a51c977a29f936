/** The way from nothing: on the empty page, beside the one from a SAF-T file. */
import { PencilIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { SheetView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useMay } from "../../office";
import { Icon } from "../../parts/Icon";
import { testIds } from "../../testids";
import books from "../books/books.module.css";
import { SheetDialog } from "./SheetDialog";
import { useBeginDraft } from "./useDrafts";
import { cx } from "../../parts/cx";

export function WriteWay() {
  const { t } = useTexts();
  const backend = useBackend();
  const may = useMay();
  const begin = useBeginDraft();
  const [sheet, setSheet] = useState<SheetView | null>(null);
  const choose = useCommand(() => backend.chooseSheetFile(null), { done: setSheet });
  return (
    <section className={cx("paper", books.way)} aria-labelledby="way-type">
      <span className={books.wayIcon} aria-hidden>
        <Icon of={PencilIcon} />
      </span>
      <div>
        <h2 id="way-type">{t("way.type.title")}</h2>
        <p className="sm quiet">{t("way.type.text")}</p>
        <p className="sm mt05 row wrap">
          <button
            type="button"
            className="ds-link"
            data-testid={testIds.draftBegin}
            disabled={!may("prepare")}
            onClick={() => {
              begin();
            }}
          >
            {t("way.type.do")}
          </button>
          <span>
            <kbd>Ctrl</kbd> <kbd>N</kbd>
          </span>
          <button
            type="button"
            className="ds-link"
            data-testid={testIds.sheetChoose}
            disabled={!may("prepare")}
            onClick={choose.run}
          >
            {t("way.type.sheet")}
          </button>
        </p>
      </div>
      {sheet && (
        <SheetDialog
          sheet={sheet}
          writing={null}
          onClose={() => {
            setSheet(null);
          }}
        />
      )}
    </section>
  );
}
