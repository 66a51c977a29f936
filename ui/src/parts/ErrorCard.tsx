/** What went wrong, whether anything was delivered, what to do, buttons, details to copy: in this order, everywhere. */
import { useId } from "react";
import type { ErrorView } from "../bindings";
import { errorDetails, errors, errorTexts, known, type Remedy } from "../errors";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";
import { Button } from "./Button";
import { Copy } from "./Copy";
import { Icon } from "./Icon";
import { pictures } from "./pictures";

/** What each remedy does here. A remedy that cannot be had here is left out. */
export type Remedies = Partial<Record<Remedy, (() => void) | undefined>>;

interface Props {
  error: ErrorView;
  remedies: Remedies;
  /** The first button is the view's one filled button. */
  primary?: boolean;
  heading?: "h1" | "h2" | "h3";
  onClose?: () => void;
  testId?: string;
}

export function ErrorCard({ error, remedies, primary = false, heading: Heading = "h2", onClose, testId }: Props) {
  const { t } = useTexts();
  const id = useId();
  const code = known(error.code);
  const { severity, picture, remedies: offered } = errors[code];
  const texts = errorTexts(error, t);
  // The authority's own words are shown as they are: nobody knows better what it meant.
  const words = error.values.text ?? error.values.authorityText;
  const can = offered.filter((remedy) => remedies[remedy] !== undefined);
  return (
    <div className="st" role="group" aria-labelledby={id} data-testid={testId ?? testIds.problem} data-code={code}>
      <Heading id={id} tabIndex={-1}>
        <span className={`state ${severity}`}>
          <Icon of={pictures[picture]} />
        </span>
        <span className="grow">{texts.title}</span>
      </Heading>
      <p>{texts.text}</p>
      {words !== undefined && <blockquote className="words">{words}</blockquote>}
      <p className="deliv">{texts.delivered}</p>
      <p>{texts.todo}</p>
      <div className="acts">
        {can.map((remedy, index) => (
          <Button
            key={remedy}
            small
            variant={primary && index === 0 ? "primary" : "secondary"}
            testId={testIds.problemAction}
            data-remedy={remedy}
            onClick={remedies[remedy]}
          >
            {t(`remedy.${remedy}`)}
          </Button>
        ))}
        <Copy
          text={errorDetails(error)}
          what={t("action.details")}
          label={t("action.copyDetails")}
          testId={testIds.problemDetails}
        />
        {onClose && (
          <Button small variant="tertiary" testId={testIds.problemClose} onClick={onClose}>
            {t("action.close")}
          </Button>
        )}
      </div>
    </div>
  );
}
