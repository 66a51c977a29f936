/** Tilganger: authorizations, integrations, the guide. */
import { testIds } from "../../testids";
import * as accessWorld from "../accessWorld";
import * as world from "../world";
import { noAltinn, plain, production, type Scene } from "./make";

export const access: readonly Scene[] = [
  { name: "access", place: "access", options: plain() },
  { name: "access-production", place: "access", options: plain(() => production) },
  { name: "access-nobody", place: "access", options: plain(() => ({ session: null })) },
  { name: "access-keyring-locked", place: "access", options: plain(() => ({ session: null, keyring: "locked" })) },
  { name: "access-no-altinn", place: "access", options: plain(() => ({ session: noAltinn })) },
  {
    name: "access-running-out",
    place: "access",
    options: plain(() => ({
      ...production,
      keyring: "missing",
      session: {
        ...world.ingrid,
        renewsItself: false,
        idPorten: world.lasting(110, 10),
        altinn: world.lasting(118.5, 1.5),
        authorization: { from: "2025-06-12T07:14:00Z", until: "2026-06-12T17:14:00Z" },
      },
    })),
  },
  {
    name: "access-expired",
    place: "access",
    options: plain(() => ({
      ...production,
      session: {
        ...world.ingrid,
        idPorten: world.lasting(130, -10),
        altinn: world.lasting(130, -10),
        authorization: { from: "2025-06-02T07:14:00Z", until: "2026-06-02T17:14:00Z" },
      },
    })),
  },
  {
    name: "access-persons",
    place: "access",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  {
    name: "access-scope-missing",
    place: "access",
    options: plain(() => ({
      session: {
        ...world.ingrid,
        scopes: world.ingrid.scopes.map((it) => ({ ...it, granted: it.scope !== "altinn:instances.write" })),
      },
    })),
  },
  {
    name: "access-none",
    place: "access",
    options: plain(() => ({ ...production, session: null }), { access: accessWorld.noAccess }),
  },
  {
    name: "access-problem",
    place: "access",
    options: plain(undefined, { will: { access: world.error("dataUnusable") } }),
  },
  {
    name: "access-forget",
    place: "access",
    act: [testIds.forget],
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "guide", place: "access", id: "guide", options: plain() },
  { name: "guide-production", place: "access", id: "guide", options: plain(() => production) },
  {
    name: "integration-new",
    place: "access",
    id: "new:yearly",
    options: plain(undefined, { form: { ...accessWorld.webForm, clientId: "" } }),
  },
  {
    name: "integration-faults",
    place: "access",
    id: "new",
    act: [testIds.formSave],
    options: plain(() => production, {
      faults: [
        { field: "name", reason: "missing", text: "Fyll ut dette." },
        { field: "clientId", reason: "missing", text: "Fyll ut dette." },
        { field: "endpoints", reason: "notPrivateAddress", text: "Skriv en adresse som begynner med https://." },
      ],
    }),
  },
  {
    name: "integration-web",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  {
    name: "integration-checked",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.selfCheck],
    options: plain(() => production, { access: accessWorld.accessInProduction, selfCheck: accessWorld.checkBad }),
  },
  {
    name: "integration-halfway",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.selfCheck],
    options: plain(() => production, { access: accessWorld.accessInProduction, selfCheck: accessWorld.checkHalfway }),
  },
  {
    name: "integration-key",
    place: "access",
    id: "test/00ff00ff00ff00ff",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "integration-built-in", place: "access", id: "practice/standard", options: plain() },
  {
    name: "integration-remove",
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    act: [testIds.removeIntegration],
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "narrow-guide", size: [900, 600], place: "access", id: "guide", options: plain() },
  {
    name: "narrow-integration",
    size: [900, 600],
    place: "access",
    id: "production/a1b2c3d4e5f60718",
    options: plain(() => production, { access: accessWorld.accessInProduction }),
  },
  { name: "narrow-access", size: [900, 600], place: "access", options: plain() },
];
