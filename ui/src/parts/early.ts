/** A return that nothing is wrong with but the day. */
import type { FindingView } from "../bindings";

/** The rules that say that a period is not over, of each category of return (docs/facts/validation-rules.tsv). */
const EARLY = new Set(["R059", "R060", "R089", "R120", "R135"]);

/** What the rules say of a return or a draft. */
interface Early {
  findings: readonly Pick<FindingView, "severity" | "rule">[];
}

/** Whether all that keeps a return from being filed is that it came too early: there is nothing to correct then. */
export function isEarly({ findings }: Early): boolean {
  const invalid = findings.filter(({ severity }) => severity === "invalid");
  return invalid.length > 0 && invalid.every(({ rule }) => rule !== null && EARLY.has(rule));
}
