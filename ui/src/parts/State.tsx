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
    <span className={`state ${tone}`} data-testid={testId}>
      <Icon of={shapes[shape]} small />
      <span>{children}</span>
    </span>
  );
}

const filingStates: Readonly<Record<FilingState, { tone: Tone; shape: Shape; text: MessageKey }>> = {
  queued: { tone: "idle", shape: "idle", text: "state.queued" },
  running: { tone: "run", shape: "run", text: "state.running" },
  waiting: { tone: "soon", shape: "wait", text: "state.waiting" },
  waitingSignature: { tone: "soon", shape: "wait", text: "state.waitingSignature" },
  waitingAnswer: { tone: "run", shape: "wait", text: "state.waitingAnswer" },
  received: { tone: "ok", shape: "ok", text: "state.received" },
  refused: { tone: "bad", shape: "bad", text: "state.rejected" },
  abandoned: { tone: "idle", shape: "minus", text: "state.cancelled" },
  rejected: { tone: "bad", shape: "bad", text: "state.deliveredRejected" },
  unclear: { tone: "soon", shape: "wait", text: "state.unclear" },
};

export function FilingStateWord({ row }: { row: Pick<FilingRow, "state" | "replaced"> }) {
  const { t } = useTexts();
  if (row.replaced && row.state === "received") {
    return (
      <State tone="idle" shape="forward">
        {t("state.replaced")}
      </State>
    );
  }
  const { tone, shape, text } = filingStates[row.state];
  return (
    <State tone={tone} shape={shape}>
      {t(text)}
    </State>
  );
}
