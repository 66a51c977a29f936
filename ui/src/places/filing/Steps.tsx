/** The two steps at the right of a return. */
import { useTexts } from "../../i18n/useTexts";
import { useMay, useStart } from "../../office";
import { Payment } from "../../parts/Payment";
import { usePassed } from "../../time";
import type { ReturnCard } from "../../bindings";
import { CheckStep } from "./CheckStep";
import { Delivered } from "./Delivered";
import { FileStep } from "./FileStep";
import { hasEnded, standing, type Standing } from "./standing";
import { cx } from "../../parts/cx";
import s from "../../parts/steps.module.css";

/** Where the return stands now, the session's end and the firm's rules included. */
export function useStanding(card: ReturnCard): Standing {
  const { session } = useStart();
  // A token that renews itself ends only with the authorization.
  const over = usePassed(
    session ? (session.renewsItself ? session.authorization.until : session.idPorten.until) : null,
  );
  const may = useMay();
  const where = standing(card, session, over);
  if (where.file.kind === "filing" || may("file", card.content?.orgNumber)) return where;
  // Whatever else it waits for, she need not: the firm's rules leave it to somebody else.
  return { ...where, file: { kind: "shut", reason: { kind: "notPermitted" } } };
}

export function Steps({ card, onJump }: { card: ReturnCard; onJump?: (() => void) | undefined }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const where = useStanding(card);
  const filing = where.file.kind === "filing" ? where.file.filing : null;
  const ended = filing && hasEnded(filing) ? filing : null;
  const early = filing && !ended && filing.payment?.provisional === true ? filing.payment : null;
  return (
    <aside className={s.stepsCol} data-steps aria-label={t("steps.label")} data-region tabIndex={-1}>
      <div className={cx("paper", s.steps)}>
        <CheckStep card={card} where={where} onJump={onJump} slim={ended !== null} />
        <FileStep card={card} where={where} onJump={onJump} />
      </div>
      {filing && early && (
        <section className={cx("paper pad", s.paid)} aria-labelledby="pay">
          <Payment
            payment={early}
            sum={filing.row.assessedVat}
            environment={environment}
            heading="h2"
            headingId="pay"
          />
        </section>
      )}
      {ended && <Delivered card={card} filing={ended} />}
    </aside>
  );
}
