/** Made-up standings of the work account and the lock. */
import type { LanguageName, WorkFailureKind, WorkView } from "../bindings";

const reasons = {
  nb: "Låst etter 15 minutter uten bruk, kl. 18.20",
  nn: "Låst etter 15 minutt utan bruk, kl. 18.20",
  en: "Locked after 15 minutes without use, 18.20",
} as const;

const problems = {
  blocked: {
    title: "Ansattporten er sperret for jobbkontoen din",
    text: "Administratoren for Entra ID hos Solvang Regnskap AS har ikke sluppet til Ansattporten, eller ikke deg.",
    todo: "Send siden om Entra ID til it@solvang.example: der står hva som må tillates.",
    details: ["the sign-in was refused: access_denied: AADSTS50105: not assigned"],
  },
  noRuleGroupsCut: {
    title: "Jobbkontoen har for mange grupper til å kjennes igjen",
    text: "Ansattporten oppgir bare de 20 første gruppene dine. Ingen av dem har tilgang, men du kan være med i en som har det.",
    todo: "Be it@solvang.example sende bare egne grupper for Momsbud til Ansattporten. Siden om Entra ID sier hvordan.",
    details: [],
  },
} satisfies Partial<Record<WorkFailureKind, object>>;

export const locked = (language: LanguageName, more: Partial<WorkView> = {}): WorkView => ({
  firm: "Solvang Regnskap AS",
  contact: "it@solvang.example",
  locked: true,
  reason: reasons[language],
  unusable: false,
  administrators: false,
  version: 3,
  person: null,
  until: null,
  permissions: [],
  groupsCut: false,
  signIn: null,
  problem: null,
  ...more,
});

export const problem = (kind: keyof typeof problems): NonNullable<WorkView["problem"]> => ({ kind, ...problems[kind] });

export const open = (language: LanguageName, more: Partial<WorkView> = {}): WorkView =>
  locked(language, {
    locked: false,
    reason: null,
    person: {
      name: "Nora Lund",
      email: "nora.lund@solvang.example",
      organisations: [{ orgNumber: "311797816", name: "Solvang Regnskap AS" }],
    },
    until: { from: "2026-06-09T06:42:00Z", until: "2026-06-09T18:42:00Z" },
    permissions: [
      { permission: "see", companies: ["311797816", "315203856"] },
      { permission: "prepare", companies: ["311797816", "315203856"] },
    ],
    ...more,
  });
