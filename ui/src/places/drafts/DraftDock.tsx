/** The steps in a narrow window: a bar at the bottom; what the rules say opens upwards. */
import { useTexts } from "../../i18n/useTexts";
import { StepsDock } from "../../parts/StepsDock";
import { cx } from "../../parts/cx";
import s from "./drafts.module.css";
import { MakeButton, Side, Standing } from "./Side";
import type { Writing } from "./useWriting";

export function DraftDock({ writing }: { writing: Writing }) {
  const { t, at } = useTexts();
  const { view } = writing;
  const bad = view.findings.filter(({ severity }) => severity === "invalid").length;
  const soon = view.findings.length - bad;
  return (
    <StepsDock
      steps={(shut) => <Side writing={writing} onJump={shut} />}
      act={!view.discarded && <MakeButton view={view} wide={false} />}
    >
      <div className="grow">
        <Standing bad={bad} soon={soon} />
        <p className={cx("xs quiet", s.dockSaved)}>
          {t("draft.word")} {t("draft.saved", { time: at(view.changed) })}
        </p>
      </div>
    </StepsDock>
  );
}
