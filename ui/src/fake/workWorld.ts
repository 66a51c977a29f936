/** Made-up standings of the work account and the lock. What the lock says is the office's own texts. */
import type { LanguageName, Permission, PermissionView, WorkClientView, WorkFailureKind, WorkView } from "../bindings";
import { message } from "./messages";

const FIRM = "Solvang Regnskap AS";
const CONTACT = "it@solvang.example";

const text = (key: string, language: LanguageName, more: Record<string, string> = {}): string =>
  message("access", `work.${key}`, language, { firm: FIRM, contact: CONTACT, ...more });

/** Each way not to get in, as the table names it, and what Ansattporten or the program says of it. */
export const failures = {
  consentNeeded: [
    "consent",
    "the sign-in was refused: access_denied: AADSTS65004: User declined to consent to access the app",
  ],
  blocked: ["blocked", "the sign-in was refused: access_denied: AADSTS50105: not assigned"],
  notOpen: ["notOpen", "the issuer refused: invalid_authorization_details: unknown type ansattporten:orgno"],
  representationMissing: [
    "representation",
    "the sign-in was refused: access_denied: representation_is_required, and there is no organisation",
  ],
  organisationUnknown: ["unknown"],
  wrongOrganisation: ["wrong", "Vika Maling AS (315203856)"],
  noRule: ["noRule", "Solvang Regnskap AS (311797816)"],
  noRuleGroupsCut: ["groups"],
  secondFactorMissing: ["factor"],
  untrusted: ["untrusted", "the id_token and the answer around it name different organisations"],
  denied: ["denied"],
  timedOut: ["timedOut", "nobody came back from the browser in time"],
  unreachable: ["unreachable", "ansattporten.no could not be reached"],
  setup: ["setup", "the issuer refused the integration: invalid_client"],
  secretMissing: ["secret"],
  other: ["other", "the listener could not be opened"],
} satisfies Record<WorkFailureKind, [key: string, detail?: string]>;

export const failureKinds = Object.keys(failures) as WorkFailureKind[];

export const locked = (language: LanguageName, more: Partial<WorkView> = {}): WorkView => ({
  firm: FIRM,
  contact: CONTACT,
  locked: true,
  reason: text("lock.idle", language, { minutes: "15", time: "18.20" }),
  unusable: false,
  administrators: false,
  version: 3,
  person: null,
  until: null,
  permissions: [],
  groupsCut: false,
  signIn: null,
  problem: null,
  client: publicClient,
  ...more,
});

export const publicClient: WorkClientView = {
  clientId: "5f2c7a9e-momsbud",
  proof: "none",
  redirectUri: "http://127.0.0.1:0/callback",
  secret: "notNeeded",
  open: false,
};

/** A client with a secret that nobody has entered here. */
export const secretClient: WorkClientView = {
  ...publicClient,
  proof: "client_secret_basic",
  redirectUri: "https://solvang.example/momsbud/",
  secret: "missing",
  open: true,
};

export const unusable = (language: LanguageName): Partial<WorkView> => ({
  firm: null,
  contact: null,
  unusable: true,
  administrators: true,
  reason: text("lock.unusable", language, { detail: "policy.json is no policy: unknown field `rule`" }),
  client: null,
});

export function problem(kind: WorkFailureKind, language: LanguageName): NonNullable<WorkView["problem"]> {
  const [key, detail] = failures[kind] as [string, string?];
  const part = (name: string) => text(`${key}.${name}`, language);
  return {
    kind,
    title: part("title"),
    text: part("text"),
    todo: part("todo"),
    details: detail === undefined ? [] : [detail],
  };
}

const TWO = ["311797816", "315203856"];

/** These for two companies; whoever may do anything for a company may see it. */
export const permitted = (...permissions: Permission[]): PermissionView[] =>
  [
    ...new Set<Permission>([
      ...(permissions.some((it) => it !== "administer") ? ["see" as const] : []),
      ...permissions,
    ]),
  ].map((permission) => ({ permission, companies: TWO }));

export const open = (language: LanguageName, more: Partial<WorkView> = {}): WorkView =>
  locked(language, {
    locked: false,
    reason: null,
    person: {
      name: "Nora Lund",
      email: "nora.lund@solvang.example",
      organisations: [{ orgNumber: "311797816", name: FIRM }],
    },
    until: { from: "2026-06-09T06:42:00Z", until: "2026-06-09T18:42:00Z" },
    permissions: permitted("prepare"),
    ...more,
  });
