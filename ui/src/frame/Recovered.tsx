/** The history was lost and is back: said plainly, until somebody has taken notice. */
import { ArrowsCirclepathIcon } from "@navikt/aksel-icons";
import { useId } from "react";
import type { RecoveryView } from "../bindings";
import { useCommand } from "../commands";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice } from "../office";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { testIds } from "../testids";
import { cx } from "../parts/cx";
import stateCss from "../parts/State.module.css";
import s from "./Recovered.module.css";

/** Folders that are named; more of them are only counted. */
const NAMED = 5;

export function Recovered({ recovery }: { recovery: RecoveryView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { change } = useOffice();
  const id = useId();
  const seen = useCommand(() => backend.dismissRecovery(), {
    done: () => {
      change((old) => ({ ...old, recovery: null }));
    },
  });
  const { setAside, saved, fromArchive, unreadable, foreign, rows } = recovery;
  const said = [
    setAside === null ? t("recovery.gone") : t("recovery.aside", { path: setAside }),
    saved > 0 && t("recovery.saved", { count: saved }),
    fromArchive > 0 && t("recovery.fromArchive", { count: fromArchive }),
    unreadable.length > 0 &&
      t("recovery.unreadable", { count: unreadable.length, folders: unreadable.slice(0, NAMED).join(", ") }),
    foreign.length > 0 && t("recovery.foreign", { count: foreign.length, folders: foreign.slice(0, NAMED).join(", ") }),
    rows.length > 0 && t("recovery.rows", { count: rows.length, rows: rows.slice(0, NAMED).join(", ") }),
  ];
  return (
    <section className={cx("paper pad", s.recovered)} aria-labelledby={id} data-testid={testIds.recovery}>
      <h2 id={id} className="row">
        <span className={cx(stateCss.state, stateCss.soon)}>
          <Icon of={ArrowsCirclepathIcon} />
        </span>
        {t("recovery.title")}
      </h2>
      <p className="sm wraps">{said.filter((line) => line !== false).join(" ")}</p>
      <p className="sm b">{t("recovery.todo")}</p>
      <Button small variant="secondary" busy={seen.running} testId={testIds.recoverySeen} onClick={seen.run}>
        {t("recovery.seen")}
      </Button>
    </section>
  );
}
