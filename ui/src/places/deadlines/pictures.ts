/** What a cell of the year looks like. */
import {
  CheckmarkCircleFillIcon,
  ClockDashedIcon,
  ClockIcon,
  HourglassIcon,
  MinusCircleIcon,
  XMarkOctagonFillIcon,
} from "@navikt/aksel-icons";
import type { Tone } from "./periodTexts";

export const pictures = {
  ok: CheckmarkCircleFillIcon,
  // A tick beside "too late" would say two things.
  tardy: ClockDashedIcon,
  soon: ClockIcon,
  late: XMarkOctagonFillIcon,
  wait: HourglassIcon,
  later: null,
  none: MinusCircleIcon,
} as const satisfies Record<Tone, unknown>;
