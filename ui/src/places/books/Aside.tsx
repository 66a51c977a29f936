/** The steps beside what is looked through; in a narrow window a bar at the bottom, from which they open upwards. */
import type { ReactNode } from "react";
import { useTexts } from "../../i18n/useTexts";
import { useNarrow } from "../../parts/layout";
import { StepsDock } from "../../parts/StepsDock";
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
    <StepsDock
      className={s.dock}
      steps={() => (
        <aside className={stepsCss.stepsCol} data-steps aria-label={t("saft.aside")} data-region tabIndex={-1}>
          <div className={cx("paper", stepsCss.steps)}>{children}</div>
        </aside>
      )}
    >
      {foot}
    </StepsDock>
  );
}
