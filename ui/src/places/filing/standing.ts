/** Where a return stands: what step 1 and step 2 say, and why step 2 is shut. Pure, so that every state has a test. */
import type { ErrorView, FilingState, FilingView, ReturnCard, SessionView } from "../../bindings";
import { isEarly } from "../../parts/early";

export type CheckStanding =
  /** Momsbud has looked; Skatteetaten has not. */
  | { kind: "todo" }
  | { kind: "running" }
  /** Skatteetaten could not be asked. */
  | { kind: "problem"; error: ErrorView }
  /** Cannot be filed. */
  | { kind: "bad" }
  /** May be filed, with deviations. */
  | { kind: "deviating" }
  | { kind: "done" };

export type ShutReason =
  | { kind: "correct"; findings: number[] }
  /** Nothing is wrong with it: its period is not over. */
  | { kind: "early" }
  | { kind: "checking" }
  | { kind: "signedOut" }
  | { kind: "unchecked" }
  /** So many attachments cannot be sent. */
  | { kind: "attachment"; count: number }
  /** The firm's rules do not let the work account file. */
  | { kind: "notPermitted" }
  | { kind: "noAltinn"; error: ErrorView };

export type FileStanding =
  { kind: "shut"; reason: ShutReason } | { kind: "open" } | { kind: "filing"; filing: FilingView };

export interface Standing {
  check: CheckStanding;
  file: FileStanding;
  /** Findings that make the return unfit for filing. */
  invalid: number;
  /** Findings that the authority will see. */
  odd: number;
  /** Altinn's list of companies does not hold this one: a warning, because the list is of the sign-in and an extra. */
  notListed: boolean;
}

export function standing(card: ReturnCard, session: SessionView | null, sessionOver: boolean): Standing {
  const { check, filing } = card;
  const invalid = check.findings.filter(({ severity }) => severity === "invalid");
  const odd = check.findings.length - invalid.length;
  return {
    check: checkStanding(card),
    file: filing
      ? { kind: "filing", filing }
      : fileStanding(
          card,
          session,
          sessionOver,
          invalid.map(({ number }) => number),
        ),
    invalid: invalid.length,
    odd,
    notListed: isNotListed(card, session),
  };
}

/** Without a list nothing can be said; some integrations are not given one. */
function isNotListed({ content }: ReturnCard, session: SessionView | null): boolean {
  const companies = session?.companies ?? [];
  return companies.length > 0 && !companies.some(({ orgNumber }) => orgNumber === content?.orgNumber);
}

function checkStanding({ check, filing }: ReturnCard): CheckStanding {
  if (check.running) return { kind: "running" };
  // A return that is being filed was checked; what was asked later does not matter to it.
  if (check.problem && !filing) return { kind: "problem", error: check.problem };
  // Nothing is delivered that was not checked, whatever Skatteetaten answered to it: that stands in step 2.
  if (filing && isDelivered(filing)) return { kind: check.verdict === "deviating" ? "deviating" : "done" };
  if (check.verdict === "invalid") return { kind: "bad" };
  if (check.authorityAt === null) return { kind: "todo" };
  return { kind: check.verdict === "deviating" ? "deviating" : "done" };
}

function fileStanding(
  { check, attachments }: ReturnCard,
  session: SessionView | null,
  sessionOver: boolean,
  invalid: number[],
): FileStanding {
  const shut = (reason: ShutReason): FileStanding => ({ kind: "shut", reason });
  if (check.running) return shut({ kind: "checking" });
  if (check.verdict === "invalid")
    return shut(isEarly(check) ? { kind: "early" } : { kind: "correct", findings: invalid });
  const unfit = attachments.filter(({ problem }) => problem !== null).length;
  if (unfit > 0) return shut({ kind: "attachment", count: unfit });
  if (!session || sessionOver) return shut({ kind: "signedOut" });
  if (check.authorityAt === null) return shut({ kind: "unchecked" });
  if (session.altinnProblem) return shut({ kind: "noAltinn", error: session.altinnProblem });
  return { kind: "open" };
}

/** Whether the authority has the return; before that the window says that nothing is delivered. */
export const isDelivered = (filing: FilingView): boolean => filing.delivered === "yes";

/** What a state means to the card of a filing. A new state does not compile before it has a meaning here. */
const meanings: Readonly<Record<FilingState, "waits" | "moves" | "answered" | "dropped">> = {
  queued: "waits",
  running: "moves",
  waiting: "waits",
  waitingSignature: "waits",
  waitingAnswer: "moves",
  received: "answered",
  rejected: "answered",
  unclear: "answered",
  refused: "dropped",
  abandoned: "dropped",
};

/** Delivered, and Skatteetaten has answered: whatever it said, nothing more happens by itself. */
export const hasEnded = ({ row }: FilingView): boolean => meanings[row.state] === "answered";

/** It was not delivered and will not be: the card is as it was before. */
export const isDropped = ({ row }: FilingView): boolean => meanings[row.state] === "dropped";

/** Nothing more happens to it, delivered or not: its card can be closed. */
export const isOver = (filing: FilingView): boolean => hasEnded(filing) || isDropped(filing);

/** A filing that moves by itself. */
export const isMoving = ({ row }: FilingView): boolean => meanings[row.state] === "moves";

/** The period has been filed, and Skatteetaten has rejected every return of it: nothing stands that this one would replace. */
export function rejectedBefore({ earlier, notes }: ReturnCard): boolean {
  if (earlier) return earlier.rejected;
  const before = notes.filter((note) => note.kind === "filedBefore");
  return before.length > 0 && before.every(({ state }) => state === "rejected");
}
