/** A narrow window's bar at the bottom: how things stand, the next act, and a button that opens all steps upwards. */
import { ChevronDownIcon, ChevronUpIcon } from "@navikt/aksel-icons";
import { useState, type ReactNode } from "react";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";
import { Button } from "./Button";
import { cx } from "./cx";
import s from "./steps.module.css";

interface Props {
  /** The steps, shown above the bar while it is open; `shut` closes it, as for a jump to a line. */
  steps: (shut: () => void) => ReactNode;
  /** They are shown in any case, as on paper. */
  shown?: boolean;
  /** What the button opens, where it is more than the steps. */
  label?: string;
  /** The next act; it stands in the steps while they are open. */
  act?: ReactNode;
  className?: string | undefined;
  /** How things stand. */
  children: ReactNode;
}

export function StepsDock({ steps, shown = false, label, act, className, children }: Props) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <div className={s.docked}>
      {(open || shown) && (
        <div className={s.above} id="steps-above">
          {steps(() => {
            setOpen(false);
          })}
        </div>
      )}
      <div className={cx("paper", s.dock, className)} data-steps tabIndex={-1} role="group" aria-label={t("steps.bar")}>
        {children}
        <Button
          variant="secondary"
          icon={open ? ChevronDownIcon : ChevronUpIcon}
          aria-expanded={open}
          aria-controls="steps-above"
          testId={testIds.showFindings}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? t("steps.hide") : (label ?? t("steps.show"))}
        </Button>
        {!open && act}
      </div>
    </div>
  );
}
