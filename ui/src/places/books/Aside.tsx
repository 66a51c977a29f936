/** The steps beside what is looked through; in a narrow window a bar at the bottom, from which they open upwards. */
import { ChevronDownIcon, ChevronUpIcon } from "@navikt/aksel-icons";
import { useState, type ReactNode } from "react";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { useNarrow } from "../../parts/layout";
import { cx } from "../../parts/cx";
import stepsCss from "../../parts/steps.module.css";
import s from "./books.module.css";

interface Props {
  /** The next step, always in sight. */
  foot: ReactNode;
  /** The steps scroll above the foot. */
  scrolls?: boolean;
  children: ReactNode;
}

export function Aside({ foot, scrolls = false, children }: Props) {
  const { t } = useTexts();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (!narrow) {
    return (
      <aside className={stepsCss.stepsCol} data-steps aria-label={t("saft.aside")} data-region tabIndex={-1}>
        <div className={cx("paper", stepsCss.steps, scrolls && s.side)}>
          {children}
          {foot}
        </div>
      </aside>
    );
  }
  return (
    <div className={stepsCss.docked}>
      {open && (
        <div className={stepsCss.above} id="steps-above">
          <aside className={stepsCss.stepsCol} data-steps aria-label={t("saft.aside")} data-region tabIndex={-1}>
            <div className={cx("paper", stepsCss.steps)}>{children}</div>
          </aside>
        </div>
      )}
      <div className={cx("paper", stepsCss.dock, s.dock)} data-steps role="group" aria-label={t("steps.bar")}>
        {foot}
        <Button
          variant="secondary"
          icon={open ? ChevronDownIcon : ChevronUpIcon}
          aria-expanded={open}
          aria-controls="steps-above"
          onClick={() => {
            setOpen(!open);
          }}
        >
          {t(open ? "steps.hide" : "steps.show")}
        </Button>
      </div>
    </div>
  );
}
