/** The invented integrations and authorizations of the fake backend, and a guide and self-checks for them. */
import type {
  AccessView,
  AuthorizationRow,
  CheckStepView,
  GuideField,
  GuideRequest,
  GuideView,
  IntegrationForm,
  IntegrationRow,
  LanguageName,
  SelfCheckView,
} from "../bindings";
import { ingrid, moment } from "./world";
import { inLanguage, type Said } from "./said";

const endpoints: IntegrationForm["endpoints"] = {
  discovery: "",
  authorization: "",
  token: "",
  pushedAuthorizationRequest: "",
  jwks: "",
  userinfo: "",
  revocation: "",
  endSession: "",
};

export const form = (more: Partial<IntegrationForm> = {}): IntegrationForm => ({
  name: "",
  issuer: "https://idporten.no",
  clientId: "",
  authentication: "none",
  redirect: { kind: "loopback_any_port", path: "/callback" },
  scopes: ingrid.scopes.map(({ scope }) => scope),
  askForOldScope: false,
  acrValues: [],
  usePar: false,
  authorizationSeconds: 31_536_000,
  accessTokenSeconds: 7200,
  refreshTokenSeconds: 0,
  refreshTokenKind: "oneTime",
  keyId: "",
  endpoints,
  postLogoutRedirectUri: "",
  ...more,
});

const row = (more: Partial<IntegrationRow>): IntegrationRow => ({
  id: "standard",
  environment: "practice",
  source: "own",
  chosen: false,
  settings: form(),
  redirectUri: "http://127.0.0.1:0/callback",
  secret: "notNeeded",
  publicKey: null,
  persons: [],
  checkedAt: null,
  toMend: 0,
  destinations: ["idporten.no"],
  foreign: [],
  ...more,
});

export const webForm = form({
  name: "Solvang Regnskap, web",
  clientId: "8d2f6a1e-0b7c-4b8e-9f5d-3a6e2c9b41c7",
  authentication: "client_secret_post",
  redirect: { kind: "hosted_page", page: "https://solvang.example/momsbud/" },
});

const web = row({
  id: "a1b2c3d4e5f60718",
  environment: "production",
  settings: webForm,
  redirectUri: "https://solvang.example/momsbud/",
  secret: "kept",
  persons: ["Ingrid Solvang", "Jonas Berg"],
  checkedAt: "2026-06-02T10:00:00Z",
});
const key = row({
  id: "00ff00ff00ff00ff",
  environment: "test",
  settings: form({
    name: "Solvang Regnskap, test",
    issuer: "https://test.idporten.no",
    clientId: "c07a55aa-8e3b-4d16-9d0f-1f4b7c21e920",
    authentication: "private_key_jwt",
    authorizationSeconds: 28_800,
  }),
  secret: "kept",
  publicKey: JSON.stringify({
    kty: "RSA",
    use: "sig",
    alg: "RS256",
    kid: "oVYxz-4Wq0",
    n: "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsue",
    e: "AQAB",
  }),
  checkedAt: "2026-06-08T10:00:00Z",
  toMend: 1,
  destinations: ["idporten.no"],
  foreign: [],
});
const builtIn = row({
  source: "builtIn",
  chosen: true,
  settings: form({ name: "Momsbud øving", issuer: "http://127.0.0.1:41234", clientId: "momsbud-practice" }),
  persons: ["Ingrid Solvang"],
});

const person = (more: Partial<AuthorizationRow>): AuthorizationRow => ({
  id: "a1",
  name: "Ingrid Solvang",
  maskedId: "140381 •••••",
  integrationId: "standard",
  integration: "Momsbud øving",
  current: true,
  signedOut: false,
  authorization: ingrid.authorization,
  scopes: ingrid.scopes,
  ...more,
});

export const access: AccessView = { integrations: [builtIn, web, key], authorizations: [person({})] };

export const accessInProduction: AccessView = {
  integrations: [{ ...web, chosen: true }, key],
  authorizations: [
    person({ integrationId: web.id, integration: web.settings.name }),
    person({
      id: "a2",
      name: "Jonas Berg",
      maskedId: "021190 •••••",
      current: false,
      integrationId: web.id,
      integration: web.settings.name,
      authorization: { from: "2025-06-20T08:00:00Z", until: "2026-06-20T08:00:00Z" },
    }),
    person({
      id: "a3",
      name: null,
      maskedId: "310775 •••••",
      current: false,
      integrationId: web.id,
      integration: web.settings.name,
      authorization: { from: "2025-05-30T08:00:00Z", until: "2026-05-30T08:00:00Z" },
      scopes: ingrid.scopes.map(({ scope }) => ({ scope, granted: scope !== "altinn:instances.write" })),
    }),
    person({
      id: "a4",
      name: "Kari Moen",
      maskedId: "090277 •••••",
      current: false,
      signedOut: true,
      integrationId: web.id,
      integration: web.settings.name,
    }),
  ],
};

export const noAccess: AccessView = { integrations: [], authorizations: [] };

const fields: readonly [string, string, string, boolean][] = [
  ["service", "Tjeneste", "Service", true],
  ["scopes", "Scopes", "Scopes", false],
  ["orgNumber", "Organisasjonsnummer", "Organisation number", false],
  ["name", "Navn", "Display name", false],
  ["description", "Beskrivelse", "Description", false],
  ["grantTypes", "Tillatte grant types", "Allowed grant types", true],
  ["authentication", "Klientautentisering", "Client authentication method", true],
  ["applicationType", "Applikasjonstype", "Application type", true],
  ["redirect", "Gyldige redirect-URI-er", "Valid redirect URIs", false],
  ["postLogout", "Gyldige post logout redirect-URI-er", "Valid post logout redirect URIs", false],
  ["frontChannel", "Frontchannel logout-URI", "Front-channel logout URI", false],
  ["returnUri", "Tilbake-URI", "Return URI", false],
  ["authorizationSeconds", "Levetid autorisasjon (sekunder)", "Authorization lifetime (seconds)", false],
  ["accessTokenSeconds", "Levetid access token (sekunder)", "Access token lifetime (seconds)", false],
  ["refreshTokenSeconds", "Levetid refresh token (sekunder)", "Refresh token lifetime (seconds)", false],
  ["refreshTokenKind", "Type refresh token", "Refresh token usage", true],
];

const guideTexts: Readonly<Said<{ about: string; comfort: string; security: string }>> = {
  nb: {
    about: "Du logger inn én gang i året. Firmaet må legge ut en liten nettside og passe på en hemmelighet.",
    comfort: "Etter den ene innloggingen fornyer Momsbud tilgangen selv, til året er omme eller du logger ut.",
    security:
      "Den som kommer inn på maskinen som deg, kan sende mva-meldinger i ditt navn helt til autorisasjonen er trukket.",
  },
  nn: {
    about: "Du loggar inn éin gong i året. Firmaet må leggje ut ei lita nettside og passe på ein løyndom.",
    comfort: "Etter den eine innlogginga fornyar Momsbud tilgangen sjølv, til året er omme eller du loggar ut.",
    security:
      "Den som kjem inn på maskina som deg, kan sende mva-meldingar i ditt namn heilt til autorisasjonen er trekt.",
  },
  en: {
    about: "You sign in once a year. The firm must publish a small web page and keep a secret.",
    comfort: "After that one sign-in Momsbud renews the access itself, until the year is over or you sign out.",
    security:
      "Whoever gets into the computer as you can file VAT returns in your name until the authorization is withdrawn.",
  },
};

export function guide(language: LanguageName, request: GuideRequest): GuideView {
  const yearly = request.variant === "yearly";
  const page = yearly
    ? request.page === ""
      ? "https://firmaet.example/momsbud/"
      : request.page
    : "http://127.0.0.1:0/callback";
  const values: Readonly<Record<string, string>> = {
    service: "API-klient",
    scopes: ingrid.scopes.map(({ scope }) => scope).join(" "),
    orgNumber: request.orgNumber === "" ? "firmaets ni siffer" : request.orgNumber,
    name: request.firm === "" ? "Momsbud" : `Momsbud, ${request.firm}`,
    description: "Innsending av mva-meldinger",
    grantTypes: yearly ? "authorization_code, refresh_token" : "authorization_code",
    authentication: yearly ? "client_secret_post" : "none",
    applicationType: yearly ? "web" : "native",
    redirect: page,
    postLogout: page,
    returnUri: page,
    authorizationSeconds: yearly ? "31536000" : "28800",
    accessTokenSeconds: yearly ? "7200" : "28800",
    refreshTokenSeconds: "0",
    refreshTokenKind: "Engangs",
  };
  const field = ([name, norwegian, english, pick]: (typeof fields)[number]): GuideField => ({
    key: name,
    norwegian,
    english,
    value: values[name] ?? null,
    example:
      (name === "orgNumber" && request.orgNumber === "") || (yearly && values[name] === page && request.page === ""),
    pick,
    note: name === "frontChannel" ? (language === "en" ? "leave empty" : "skal stå tomt") : null,
  });
  return {
    variant: request.variant,
    title: request.variant,
    ...inLanguage(guideTexts, language),
    fields: fields.map(field),
    json: JSON.stringify(values),
  };
}

const step = (name: CheckStepView["step"], title: string, more: Partial<CheckStepView> = {}): CheckStepView => ({
  step: name,
  state: "ok",
  title,
  text: null,
  field: null,
  fieldLabel: null,
  authorityText: null,
  ...more,
});

export const checkInOrder: SelfCheckView = {
  at: moment(0),
  steps: [
    step("discovery", "ID-porten svarer", { text: "Konfigurasjon og nøkler er hentet." }),
    step("client", "Klienten er kjent", { text: "Hemmeligheten er godtatt." }),
    step("redirect", "Redirect-URI er godtatt"),
    step("scopes", "5 av 5 scopes gitt"),
    step("refresh", "Refresh token gitt"),
    step("exchange", "Altinn godtar tokenet"),
  ],
  toMend: 0,
  needsSignIn: false,
};

export const checkHalfway: SelfCheckView = {
  ...checkInOrder,
  steps: [
    ...checkInOrder.steps.slice(0, 3),
    step("scopes", "Klienten kan be om alle 5 scopes"),
    step("refresh", "Refresh token gitt", {
      state: "notTried",
      text: "Logg inn gjennom integrasjonen for å prøve dette.",
    }),
    step("exchange", "Altinn godtar tokenet", {
      state: "notTried",
      text: "Logg inn gjennom integrasjonen for å prøve dette.",
    }),
  ],
  needsSignIn: true,
};

export const checkBad: SelfCheckView = {
  ...checkInOrder,
  steps: [
    ...checkInOrder.steps.slice(0, 4),
    step("refresh", "Ingen refresh token", {
      state: "bad",
      text: "Huk av «refresh_token» under Tillatte grant types. Det kan ta noen minutter før endringen virker.",
      field: "grantTypes",
      fieldLabel: "Tillatte grant types",
    }),
    step("exchange", "Altinn godtar tokenet"),
  ],
  toMend: 1,
};
