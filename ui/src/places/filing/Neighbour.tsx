/**
 * A file that lies beside returns: what it is, what it says, and what to do with it. It is shown and nothing is done with it.
 *
 * The words come from the office, so that the command line's `check` says the same.
 */
import { ClockDashedIcon, FileTextIcon } from "@navikt/aksel-icons";
import { useEffect, useRef } from "react";
import type { NeighbourName, NeighbourView, ReturnCard, Verdict } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import { pictures } from "../../parts/pictures";
import { State, type Tone } from "../../parts/State";
import { go } from "../../router";
import { testIds } from "../../testids";
import { SheetOfCard } from "../drafts/Mend";
import { useCardCommands } from "./cardCommands";
import { Findings } from "./Findings";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import troubleCss from "../../parts/trouble.module.css";
import stepsCss from "../../parts/steps.module.css";
import cardCss from "../../parts/card.module.css";

/** These were meant as a return, and are none. */
const meant: ReadonlySet<NeighbourName> = new Set(["xml", "text", "empty", "unknown"]);

/** What the file is instead of a return, where it is something with a place of its own. */
export function besideOf({ problem, neighbour }: ReturnCard): NeighbourView | null {
  if (!problem || !neighbour || meant.has(neighbour.kind)) return null;
  const instead = problem.code === "notAReturn" || problem.code === "notXml" || problem.code === "attachmentAlone";
  return instead ? neighbour : null;
}

const tones: Readonly<Record<Verdict, Tone>> = {
  accepted: "ok",
  deviating: "soon",
  incomplete: "soon",
  invalid: "bad",
  unknown: "soon",
  unreadable: "soon",
  missing: "soon",
};

/** What has been filed is seen in the history. */
const inHistory: ReadonlySet<NeighbourName> = new Set(["ownArchive", "receipt"]);

interface Props {
  card: ReturnCard;
  neighbour: NeighbourView;
  onClose: () => void;
}

export function Neighbour({ card, neighbour, onClose }: Props) {
  const { t } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector("h1")?.focus();
  }, []);
  const { kind, title, advice, facts, verdict, findings } = neighbour;
  const count = card.problem?.values.count;
  return (
    <div ref={box} className={cx("paper", cardCss.unreadable)} data-testid={testIds.card} data-id={card.id}>
      <p className={cx("xs quiet", cardCss.filename)}>{card.fileName}</p>
      <div
        className={troubleCss.st}
        role="group"
        aria-labelledby="beside"
        data-testid={testIds.neighbour}
        data-kind={kind}
      >
        <h1 id="beside" tabIndex={-1}>
          <span className={cx(stateCss.state, stateCss.idle)}>
            <Icon of={kind === "ownArchive" ? pictures.folder : FileTextIcon} />
          </span>
          <span className="grow">{title}</span>
        </h1>
        {count !== undefined && kind === "ownArchive" && <p>{t("beside.filings", { count: Number(count) })}</p>}
        {facts.length > 0 && (
          <dl
            className={cx(stepsCss.send, cardCss.facts)}
            data-testid={testIds.neighbourFacts}
            data-verdict={verdict ?? undefined}
          >
            {facts.map(({ label, value }, index) => (
              <div key={`${label}-${String(index)}`}>
                <dt>{label}</dt>
                <dd>{verdict !== null && index === 0 ? <State tone={tones[verdict]}>{value}</State> : value}</dd>
              </div>
            ))}
          </dl>
        )}
        {kind === "paymentInformation" && <p className={troubleCss.deliv}>{t("beside.provisional")}</p>}
        <p>{advice}</p>
        {card.problem?.code === "attachmentAlone" && <p>{t("beside.mayGoAlong")}</p>}
        <p className="quiet">{t("delivered.file")}</p>
        <Acts card={card} kind={kind} onClose={onClose} />
      </div>
      {findings.length > 0 && <h2>{t("finding.list")}</h2>}
      {/* The lines it speaks of are not here. */}
      <Findings findings={findings.map((finding) => ({ ...finding, line: null }))} />
    </div>
  );
}

/** What can be done from here. A kind that the program can make something of gets its button in this switch. */
function Acts({ card, kind, onClose }: { card: ReturnCard; kind: NeighbourName; onClose: () => void }) {
  const { t } = useTexts();
  const { chooseFiles } = useCardCommands(card);
  const sheet = card.neighbour?.sheet === true;
  return (
    <div className="acts">
      {sheet && <SheetOfCard card={card} />}
      {inHistory.has(kind) && (
        <Button
          small
          icon={ClockDashedIcon}
          testId={testIds.neighbourHistory}
          onClick={() => {
            go("history");
          }}
        >
          {t("remedy.showHistory")}
        </Button>
      )}
      <Button
        small
        variant={inHistory.has(kind) || sheet ? "secondary" : "primary"}
        testId={testIds.problemAction}
        data-remedy="chooseFiles"
        data-shortcut="primary"
        onClick={chooseFiles.run}
      >
        {t("remedy.chooseFiles")}
      </Button>
      <Button small variant="tertiary" testId={testIds.problemClose} onClick={onClose}>
        {t("action.close")}
      </Button>
    </div>
  );
}
