/** The heading of a step that is done or not open yet. */
import { CheckmarkIcon, PadlockLockedIcon } from "@navikt/aksel-icons";
import type { ReactNode } from "react";
import { Icon } from "../../parts/Icon";
import { cx } from "../../parts/cx";
import stepsCss from "../../parts/steps.module.css";

interface Props {
  number: number;
  text: string;
  state: "done" | "shut";
  children?: ReactNode;
}

export function StepHead({ number, text, state, children }: Props) {
  return (
    <section className={cx(stepsCss.step, stepsCss.slim, stepsCss[state])}>
      <h2>
        <span className={stepsCss.no}>{state === "done" ? <Icon of={CheckmarkIcon} /> : number}</span>
        {text}
        <span className="grow" />
        {children ?? (state === "shut" && <Icon of={PadlockLockedIcon} small />)}
      </h2>
    </section>
  );
}
