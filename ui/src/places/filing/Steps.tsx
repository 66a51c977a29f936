/** The two steps at the right of a return. */
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { usePassed } from "../../time";
import type { ReturnCard } from "../../bindings";
import { CheckStep } from "./CheckStep";
import { Delivered } from "./Delivered";
import { FileStep } from "./FileStep";
import { standing, type Standing } from "./standing";

/** Where the return stands now, the session's end included. */
export function useStanding(card: ReturnCard): Standing {
  const { session } = useStart();
  // A token that renews itself ends only with the authorization.
  const over = usePassed(
    session ? (session.renewsItself ? session.authorization.until : session.idPorten.until) : null,
  );
  return standing(card, session, over);
}

export function Steps({ card, onJump }: { card: ReturnCard; onJump?: (() => void) | undefined }) {
  const { t } = useTexts();
  const where = useStanding(card);
  const received =
    where.file.kind === "filing" && where.file.filing.row.state === "received" ? where.file.filing : null;
  return (
    <aside className="steps-col" aria-label={t("steps.label")} data-region tabIndex={-1}>
      <div className="paper steps">
        <CheckStep card={card} where={where} onJump={onJump} slim={received !== null} />
        <FileStep card={card} where={where} />
      </div>
      {received && <Delivered card={card} filing={received} />}
    </aside>
  );
}
