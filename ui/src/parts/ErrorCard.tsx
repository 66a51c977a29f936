/** What went wrong, whether anything was delivered, what to do, buttons, details to copy: in this order, everywhere. */
import { useId } from "react";
import type { ErrorCode, ErrorView } from "../bindings";
import { errorDetails, errors, errorTexts, isRejectedBefore, known, type About, type Remedy } from "../errors";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";
import { useMinute } from "../time";
import { Button } from "./Button";
import { Copy } from "./Copy";
import { FileNames } from "./FileNames";
import { Icon } from "./Icon";
import { pictures } from "./pictures";
import { cx } from "./cx";
import stateCss from "./State.module.css";
import troubleCss from "./trouble.module.css";

/** What each remedy does here. A remedy that cannot be had here is left out. */
export type Remedies = Partial<Record<Remedy, (() => void) | undefined>>;

interface Props {
  error: ErrorView;
  remedies: Remedies;
  /** The first button is the view's one filled button. */
  primary?: boolean;
  heading?: "h1" | "h2" | "h3";
  /** What is at stake here, where that is not what the error's code says. */
  about?: About;
  onClose?: () => void;
  testId?: string;
}

/** Refusals of several files at once, whose details are the files. */
const named: ReadonlySet<ErrorCode> = new Set(["notReturns", "filesLeftOut", "linkLeadsOut"]);

/** A file and why it is named, as the office writes them. */
function apart(line: string): [file: string, what: string] {
  const at = line.lastIndexOf(": ");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 2)];
}

export function ErrorCard({
  error,
  remedies,
  primary = false,
  heading: Heading = "h2",
  about,
  onClose,
  testId,
}: Props) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const id = useId();
  const code = known(error.code);
  const { severity, picture, remedies: offered } = errors[code];
  // A moment is said as it is everywhere in the window: "i dag kl. 08.46".
  const { at } = error.values;
  const values = at === undefined || at === "" ? error.values : { ...error.values, since: dayAndTime(at, now) };
  const texts = errorTexts({ ...error, values }, t, about);
  // The authority's own words are shown as they are: nobody knows better what it meant.
  const words = error.values.text ?? error.values.authorityText;
  const can = offered.filter((remedy) => remedies[remedy] !== undefined);
  return (
    <div
      className={troubleCss.st}
      role="group"
      aria-labelledby={id}
      data-testid={testId ?? testIds.problem}
      data-code={code}
    >
      <Heading id={id} tabIndex={-1}>
        <span className={cx(stateCss.state, stateCss[severity])}>
          <Icon of={pictures[picture]} />
        </span>
        <span className="grow">{texts.title}</span>
      </Heading>
      <p>{texts.text}</p>
      {words !== undefined && <blockquote className={troubleCss.words}>{words}</blockquote>}
      <p className={troubleCss.deliv}>{texts.delivered}</p>
      <p>{texts.todo}</p>
      {named.has(code) && error.details.length > 0 && (
        <details>
          <summary className="sm">{t("passed.show")}</summary>
          <FileNames label={t("passed.which")} names={error.details.map(apart)} />
        </details>
      )}
      <div className="acts">
        {can.map((remedy, index) => (
          <Button
            key={remedy}
            small
            variant={primary && index === 0 ? "primary" : "secondary"}
            testId={testIds.problemAction}
            data-remedy={remedy}
            data-shortcut={primary && index === 0 ? "primary" : undefined}
            onClick={remedies[remedy]}
          >
            {t(
              remedy === "confirmCorrection" && isRejectedBefore(error)
                ? "remedy.confirmCorrectionRejected"
                : `remedy.${remedy}`,
            )}
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
