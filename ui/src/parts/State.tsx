/** A state: shape, word and colour, always all three. */
import {
  ArrowForwardIcon,
  ArrowsCirclepathIcon,
  CheckmarkCircleFillIcon,
  CircleBrokenIcon,
  ClockIcon,
  ExclamationmarkTriangleFillIcon,
  HourglassIcon,
  MinusCircleIcon,
  PadlockLockedIcon,
  XMarkOctagonFillIcon,
} from "@navikt/aksel-icons";
import type { ReactNode } from "react";
import type { FilingRow, FilingState } from "../bindings";
import type { MessageKey } from "../i18n";
import { useTexts } from "../i18n/useTexts";
import { Icon } from "./Icon";
import { cx } from "./cx";
import s from "./State.module.css";

export type Tone = "ok" | "soon" | "bad" | "run" | "idle";
export type Shape = Tone | "wait" | "lock" | "clock" | "minus" | "forward";

const shapes = {
  ok: CheckmarkCircleFillIcon,
  soon: ExclamationmarkTriangleFillIcon,
  bad: XMarkOctagonFillIcon,
  run: ArrowsCirclepathIcon,
  idle: CircleBrokenIcon,
  wait: HourglassIcon,
  lock: PadlockLockedIcon,
  clock: ClockIcon,
  minus: MinusCircleIcon,
  forward: ArrowForwardIcon,
} as const;

interface Props {
  tone: Tone;
  shape?: Shape;
  children: ReactNode;
  testId?: string;
}

export function State({ tone, shape = tone, children, testId }: Props) {
  return (
    <span className={cx(s.state, s[tone])} data-testid={testId}>
      <Icon of={shapes[shape]} small />
      <span>{children}</span>
    </span>
  );
}

interface Look {
  tone: Tone;
  shape: Shape;
  text: MessageKey;
}

const filingStates: Readonly<Record<FilingState, Look>> = {
  queued: { tone: "idle", shape: "idle", text: "state.queued" },
  running: { tone: "run", shape: "run", text: "state.running" },
  waiting: { tone: "soon", shape: "wait", text: "state.waiting" },
  waitingSignature: { tone: "soon", shape: "wait", text: "state.waitingSignature" },
  waitingAnswer: { tone: "run", shape: "wait", text: "state.waitingAnswer" },
  received: { tone: "ok", shape: "ok", text: "state.received" },
  rejected: { tone: "bad", shape: "bad", text: "state.rejected" },
  unclear: { tone: "soon", shape: "soon", text: "state.unclear" },
  refused: { tone: "bad", shape: "bad", text: "state.refused" },
  abandoned: { tone: "idle", shape: "minus", text: "state.abandoned" },
};

/** What is said of a filing's state, everywhere: of what was received, Skatteetaten's verdict too. */
export function lookOf({ state, verdict, replaced }: Pick<FilingRow, "state" | "verdict" | "replaced">): Look {
  if (replaced && state === "received") return { tone: "idle", shape: "forward", text: "state.replaced" };
  if (state === "received" && verdict === "deviating") {
    return { tone: "soon", shape: "soon", text: "state.receivedDeviating" };
  }
  if (state === "received" && verdict === "incomplete") {
    return { tone: "soon", shape: "soon", text: "state.receivedIncomplete" };
  }
  return filingStates[state];
}

export function FilingStateWord({ row }: { row: Pick<FilingRow, "state" | "verdict" | "replaced"> }) {
  const { t } = useTexts();
  const { tone, shape, text } = lookOf(row);
  return (
    <State tone={tone} shape={shape}>
      {t(text)}
    </State>
  );
}
