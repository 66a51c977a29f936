/** Filings of before were looked at once more, and some stand otherwise than had been said: told until it has been seen. */
import { ExclamationmarkTriangleIcon } from "@navikt/aksel-icons";
import { useId } from "react";
import type { ReviewView } from "../bindings";
import { useCommand } from "../commands";
import { nameOf } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice } from "../office";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { FilingStateWord } from "../parts/State";
import { address } from "../router";
import { testIds } from "../testids";
import { cx } from "../parts/cx";
import stateCss from "../parts/State.module.css";
import recoveredCss from "./Recovered.module.css";
import s from "./Reviewed.module.css";

/** Filings that are named; more of them are only counted. */
const NAMED = 6;

export function Reviewed({ review }: { review: ReviewView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { change } = useOffice();
  const id = useId();
  const seen = useCommand(() => backend.dismissReview(), {
    done: () => {
      change((old) => ({ ...old, review: null }));
    },
  });
  const { filings } = review;
  if (filings.length === 0) return null;
  const rest = filings.length - NAMED;
  return (
    <section className={cx("paper pad", recoveredCss.recovered)} aria-labelledby={id} data-testid={testIds.review}>
      <h2 id={id} className="row">
        <span className={cx(stateCss.state, stateCss.soon)}>
          <Icon of={ExclamationmarkTriangleIcon} />
        </span>
        {t("review.title", { count: filings.length })}
      </h2>
      <p className="sm wraps">{t("review.text")}</p>
      <ul className={cx(s.reviewed, "sm")}>
        {filings.slice(0, NAMED).map(({ now: row }) => (
          <li key={row.id} className="row wrap">
            <a className="ds-link" href={address("history", row.id)}>
              {nameOf(row)}, {row.period}
            </a>
            <FilingStateWord row={row} />
          </li>
        ))}
        {rest > 0 && <li>{t("review.more", { count: rest })}</li>}
      </ul>
      <Button small variant="secondary" busy={seen.running} testId={testIds.reviewSeen} onClick={seen.run}>
        {t("recovery.seen")}
      </Button>
    </section>
  );
}
