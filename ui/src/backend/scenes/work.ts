/** The work account and the lock. */
import { testIds } from "../../testids";
import * as standing from "../workWorld";
import * as world from "../world";
import { plain, production, ready, withCard, type Scene } from "./make";

const locked = (more: Parameters<typeof standing.locked>[1] = {}) =>
  plain((language) => ({ session: null, recent: [], work: standing.locked(language, more) }));

export const work: readonly Scene[] = [
  {
    name: "locked",
    options: plain((language) => ({ ...production, session: null, recent: [], work: standing.locked(language) })),
  },
  {
    name: "locked-waiting",
    options: locked({ signIn: { givesUpAt: "2026-06-09T16:47:00Z", browserOpened: true } }),
  },
  ...(["blocked", "noRuleGroupsCut"] as const).map((kind) => ({
    name: `locked-${kind}`,
    options: locked({ problem: standing.problem(kind) }),
  })),
  {
    name: "locked-unusable",
    options: locked({
      firm: "",
      unusable: true,
      administrators: true,
      reason: "Reglene for jobbkontoen kan ikke leses: policy.json is no policy: unknown field `rule`",
    }),
  },
  { name: "locked-narrow", size: [900, 600], options: locked() },
  {
    name: "work-settings",
    place: "settings",
    options: plain((language) => ({ work: standing.open(language, { groupsCut: true }) })),
  },
  {
    name: "work-forbidden",
    options: withCard(
      ready,
      {},
      {
        will: {
          file: world.error("workForbidden", { values: { right: "sende inn", company: "Fjordlys Interiør AS" } }),
        },
      },
    ),
    act: [testIds.file],
  },
];
