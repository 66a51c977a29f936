/** The steps in a narrow window: a bar at the bottom; what the rules say opens upwards. */
import { ChevronDownIcon, ChevronUpIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import s from "./drafts.module.css";
import { MakeButton, Side, Standing } from "./Side";
import type { Writing } from "./useWriting";
import { cx } from "../../parts/cx";
import stepsCss from "../../parts/steps.module.css";

export function DraftDock({ writing }: { writing: Writing }) {
  const { t, at } = useTexts();
  const { view } = writing;
  const [open, setOpen] = useState(false);
  const bad = view.findings.filter(({ severity }) => severity === "invalid").length;
  const soon = view.findings.length - bad;
  return (
    <div className={stepsCss.docked}>
      {open && (
        <div className={stepsCss.above} id="draft-above">
          <Side
            writing={writing}
            onJump={() => {
              setOpen(false);
            }}
          />
        </div>
      )}
      <div className={cx("paper", stepsCss.dock)} data-steps role="group" aria-label={t("steps.bar")}>
        <div className="grow">
          <Standing bad={bad} soon={soon} />
          <p className={cx("xs quiet", s.dockSaved)}>
            {t("draft.word")} {t("draft.saved", { time: at(view.changed) })}
          </p>
        </div>
        <Button
          variant="secondary"
          icon={open ? ChevronDownIcon : ChevronUpIcon}
          aria-expanded={open}
          aria-controls="draft-above"
          testId={testIds.showFindings}
          onClick={() => {
            setOpen(!open);
          }}
        >
          {open ? t("steps.hide") : t("steps.show")}
        </Button>
        {!open && !view.discarded && <MakeButton view={view} wide={false} />}
      </div>
    </div>
  );
}
