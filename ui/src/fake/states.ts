/** What the states of a filing mean to the made-up office: a new one does not compile before it is said here. */
import type { FilingState, TimelineEvent, Verdict } from "../bindings";

interface Meaning {
  come: "begun" | "ended" | "delivered";
  /** What Skatteetaten has said by then, and what the timeline calls it. */
  answer?: { event: TimelineEvent; verdict: Verdict };
}

export const meaning: Readonly<Record<FilingState, Meaning>> = {
  queued: { come: "begun" },
  running: { come: "begun" },
  waiting: { come: "begun" },
  waitingSignature: { come: "begun" },
  waitingAnswer: { come: "delivered" },
  received: { come: "delivered", answer: { event: "received", verdict: "accepted" } },
  rejected: { come: "delivered", answer: { event: "rejected", verdict: "invalid" } },
  unclear: { come: "delivered", answer: { event: "unclear", verdict: "unknown" } },
  refused: { come: "ended" },
  abandoned: { come: "ended" },
};
