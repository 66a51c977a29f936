/** The two steps at the right of a return. */
import { useTexts } from "../../i18n/useTexts";
import { useMay, useStart } from "../../office";
import { usePassed } from "../../time";
import type { ReturnCard } from "../../bindings";
import { CheckStep } from "./CheckStep";
import { Delivered } from "./Delivered";
import { FileStep } from "./FileStep";
import { standing, type Standing } from "./standing";

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
