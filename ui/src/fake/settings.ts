/** What the fake office says in Innstillinger. */
import type {
  AddressName,
  EnvironmentAddresses,
  EnvironmentName,
  Licences,
  SettingsView,
  PracticeSituation,
} from "../bindings";

const presets: Readonly<Record<EnvironmentName, Readonly<Record<AddressName, string>>>> = {
  practice: {
    idPorten: "http://127.0.0.1:41234",
    validation: "http://127.0.0.1:41237/api/mva/grensesnittstoette/mva-melding/valider",
    platform: "http://127.0.0.1:41235",
    app: "http://127.0.0.1:41236/skd/mva-melding-innsending-v1",
  },
  test: {
    idPorten: "https://test.idporten.no",
    validation: "https://idporten-api-test.sits.no/api/mva/grensesnittstoette/mva-melding/valider",
    platform: "https://platform.tt02.altinn.no",
    app: "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-test",
  },
  production: {
    idPorten: "https://idporten.no",
    validation: "https://idporten.api.skatteetaten.no/api/mva/grensesnittstoette/mva-melding/valider",
    platform: "https://platform.altinn.no",
    app: "https://skd.apps.altinn.no/skd/mva-melding-innsending-v1",
  },
};
const order: readonly AddressName[] = ["idPorten", "validation", "platform", "app"];

const addresses = (environment: EnvironmentName): EnvironmentAddresses => ({
  environment,
  editable: environment !== "practice",
  rows: order.map((name) => ({ name, value: presets[environment][name], preset: presets[environment][name] })),
});

export function view(environment: EnvironmentName, more: Partial<SettingsView> = {}): SettingsView {
  const shown: EnvironmentName[] =
    environment === "practice" ? ["practice", "test", "production"] : ["test", "production"];
  const hosts = order.map((name) => new URL(presets[environment][name]).host);
  return {
    environment,
    environmentFixed: false,
    addresses: shown.map(addresses),
    network: {
      proxies: [...new Set(hosts)].map((host) => ({
        host,
        proxy: environment === "practice" ? null : "http://proxy.solvang.example:8080",
      })),
      bypass: "localhost,127.0.0.1,.solvang.example",
      certificates: { source: "system", path: null, count: 142, problems: [] },
    },
    archive: {
      folder: "/home/ingrid/Dokumenter/Momsbud",
      fixed: false,
      earlier: [],
      files: 13_908,
      kilobytes: 1_904_331,
    },
    dataFolder: "/home/ingrid/.local/share/no.momsbud.desktop",
    system: "linux x86_64",
    register: null,
    registerWish: { address: "", role: "", desk: "Kontor 2" },
    registerPreset: false,
    ...more,
  };
}

export const log = `Momsbud 0.1.0 · linux x86_64 · Production

2026-06-09T16:31:07.114208Z  INFO momsbud: Momsbud opens. data=~/.local/share/no.momsbud.desktop
2026-06-09T16:31:42.905711Z  INFO access::session: Signed in. integration=standard scopes=5
2026-06-09T16:40:02.331900Z DEBUG altinn::http: Answered. method=GET host=platform.altinn.no path="/storage/api/v1/instances/51001/0197-5e1c" status=504
2026-06-09T16:40:05.018244Z  INFO filing::engine: An unfinished filing goes on. filing=0197-5e1c started=true
2026-06-09T16:40:11.450190Z  INFO filing::engine: Delivered. filing=0197-5e1c org=311797816 by=[number]
`;

export const licences: Licences = {
  parts: [
    { name: "@navikt/aksel-icons", version: "8.16.2", licence: "MIT", texts: [0] },
    { name: "axum", version: "0.8.6", licence: "MIT", texts: [0] },
    { name: "jiff", version: "0.2.15", licence: "Unlicense OR MIT", texts: [1, 0] },
    { name: "react", version: "19.3.1", licence: "MIT", texts: [0] },
    { name: "rustls", version: "0.23.32", licence: "Apache-2.0 OR ISC OR MIT", texts: [] },
    { name: "tauri", version: "2.12.1", licence: "Apache-2.0 OR MIT", texts: [0] },
  ],
  texts: [
    "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software …",
    "This is free and unencumbered software released into the public domain.\n\nAnyone is free to copy, modify, publish …",
  ],
};

/** What practice can be put into, in the order of the menu. */
export const situations: readonly PracticeSituation[] = [
  "rejected",
  "deviating",
  "incomplete",
  "unknownVerdict",
  "foreignVerdict",
  "unreadableVerdict",
  "missingVerdict",
  "lateVerdict",
  "earlyPayment",
  "slowInstance",
  "waitingFeedback",
  "refusedByApp",
  "conflictWithText",
  "conflictAsJson",
  "conflictAsProblem",
  "appMoved",
  "olderApp",
  "neverProcessed",
  "anotherPerson",
  "scopesNotGranted",
  "machineToken",
  "freeTextByHand",
  "refundHeld",
];
