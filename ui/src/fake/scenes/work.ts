/** The work account and the lock. */
import type { Permission } from "../../bindings";
import { testIds } from "../../testids";
import * as standing from "../workWorld";
import * as world from "../world";
import { plain, production, ready, withCard, type Scene } from "./make";

type More = Parameters<typeof standing.locked>[1];

const locked = (more: More | ((language: Parameters<typeof standing.locked>[0]) => More) = {}) =>
  plain((language) => ({
    session: null,
    recent: [],
    work: standing.locked(language, typeof more === "function" ? more(language) : more),
  }));

/** A return that is checked and ready lies open, and one thing is permitted. */
const permitted = (permission: Permission) =>
  plain((language) => ({
    cards: [world.card(language, ready())],
    work: standing.open(language, { permissions: standing.permitted(permission) }),
  }));

const permissions: readonly Permission[] = ["see", "check", "prepare", "file", "administer"];

export const work: readonly Scene[] = [
  {
    name: "locked",
    options: plain((language) => ({ ...production, session: null, recent: [], work: standing.locked(language) })),
  },
  {
    name: "locked-waiting",
    options: locked({ signIn: { givesUpAt: "2026-06-09T16:47:00Z", browserOpened: true, another: null } }),
  },
  {
    name: "locked-no-browser",
    options: locked({ signIn: { givesUpAt: "2026-06-09T16:47:00Z", browserOpened: false, another: null } }),
  },
  ...standing.failureKinds.map((kind) => ({
    name: `locked-${kind}`,
    options: locked((language) => ({
      problem: standing.problem(kind, language),
      ...(kind === "secretMissing" ? { client: standing.secretClient } : {}),
    })),
  })),
  {
    name: "locked-key",
    options: locked({ client: { ...standing.secretClient, proof: "private_key_jwt" } }),
    act: [testIds.makeKey],
  },
  { name: "locked-unusable", options: locked(standing.unusable) },
  { name: "locked-narrow", size: [900, 600], options: locked() },
  {
    name: "work-settings",
    place: "settings",
    options: plain((language) => ({ work: standing.open(language, { groupsCut: true }) })),
  },
  {
    name: "work-settings-secret",
    place: "settings",
    options: plain((language) => ({
      work: standing.open(language, {
        permissions: standing.permitted("see", "administer"),
        client: { ...standing.secretClient, secret: "kept", open: false },
      }),
    })),
  },
  // One permission each: what the window offers, and what it leaves shut.
  ...permissions.map((permission): Scene => ({ name: `may-${permission}`, options: permitted(permission) })),
  ...(["history", "access", "settings"] as const).map((place): Scene => ({
    name: `may-see-${place}`,
    place,
    options: permitted("see"),
  })),
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
    act: [testIds.file, testIds.confirmFile],
  },
];
