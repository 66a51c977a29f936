/** Innstillinger, and what lies over the whole window. */
import type { EnvironmentName, NotTakenView, RegisterPlace, UpdateView } from "../../bindings";
import { testIds } from "../../testids";
import * as batchWorld from "../batchWorld";
import * as doctor from "../doctor";
import * as world from "../world";
import { plain, production, withCard, type Scene } from "./make";

const switching = (to: EnvironmentName): Scene => ({
  name: `settings-switch-${to}`,
  place: "settings",
  options: plain((language) => ({ cards: batchWorld.batch(language).slice(0, 3) })),
  press: [{ id: testIds.environmentChoice, value: to }],
});

const available: UpdateView = {
  kind: "available",
  version: "0.2.0",
  notes: "Vedlegg kan legges ved hver mva-melding.\nFrister viser hele året.",
};
const releases = "https://github.com/momsbud/momsbud/releases";
const updates: readonly UpdateView[] = [
  { kind: "off" },
  { kind: "unset", address: releases },
  { kind: "packaged", address: releases },
  { kind: "newest" },
  available,
  { kind: "unreachable", details: "error sending request: dns error" },
];

const register: RegisterPlace = {
  database: "momsbud",
  hosts: ["db1.solvang.example", "db2.solvang.example"],
  role: "ingrid",
  desk: "Kontor 2",
  brought: true,
  awaySince: null,
  waiting: 0,
  notTaken: [],
};

const notTaken: NotTakenView = {
  filing: "0197-5e1c",
  company: "Fjordlys Interiør AS",
  period: "mars–april 2026",
  why: "En annen arbeidsplass har skrevet om innsendingen etter denne.",
};

export const settings: readonly Scene[] = [
  { name: "settings", place: "settings", options: plain() },
  { name: "settings-production", place: "settings", options: plain(() => production) },
  {
    name: "settings-fixed",
    place: "settings",
    options: plain(() => production, {
      settings: {
        environmentFixed: true,
        archive: {
          folder: "/srv/felles/Kvitteringer",
          fixed: true,
          earlier: ["/home/ingrid/Dokumenter/Momsbud"],
          files: 1,
          kilobytes: 92,
        },
      },
    }),
  },
  {
    name: "settings-register",
    place: "settings",
    options: plain(undefined, { settings: { register } }),
  },
  {
    name: "settings-register-away",
    place: "settings",
    options: plain(undefined, {
      settings: {
        register: {
          ...register,
          awaySince: "2026-06-09T14:12:00Z",
          waiting: 3,
          notTaken: [notTaken],
        },
      },
    }),
  },
  { name: "settings-register-join", place: "settings", act: [testIds.registerJoin], options: plain() },
  {
    name: "settings-register-join-preset",
    place: "settings",
    act: [testIds.registerJoin],
    options: plain(undefined, {
      settings: {
        registerPreset: true,
        registerWish: { address: "postgresql://db1.solvang.example/momsbud", role: "ingrid", desk: "Kontor 2" },
      },
    }),
  },
  {
    name: "settings-register-password",
    place: "settings",
    act: [testIds.registerPassword],
    options: plain(undefined, {
      settings: {
        register,
        registerWish: {
          address: "postgresql://db1.solvang.example,db2.solvang.example/momsbud",
          role: "ingrid",
          desk: "Kontor 2",
        },
      },
    }),
  },
  {
    name: "settings-register-joined",
    place: "settings",
    options: plain(undefined, { settings: { register: { ...register, brought: false } } }),
  },
  {
    name: "settings-register-bringing",
    place: "settings",
    act: [testIds.bringDo],
    options: plain(undefined, { settings: { register: { ...register, brought: false } }, bringing: "wait" }),
  },
  {
    name: "settings-register-brought",
    place: "settings",
    act: [testIds.bringDo],
    options: plain(undefined, { settings: { register: { ...register, brought: false } } }),
  },
  {
    name: "settings-register-mirrored",
    place: "settings",
    act: [testIds.mirrorDo],
    options: plain(undefined, { settings: { register } }),
  },
  {
    name: "settings-register-leave",
    place: "settings",
    act: [testIds.registerLeave, testIds.leaveConfirm],
    options: plain(undefined, { settings: { register: { ...register, notTaken: [notTaken] } } }),
  },
  {
    name: "settings-register-left",
    place: "settings",
    act: [testIds.registerLeave, testIds.leaveConfirm],
    options: plain(undefined, { settings: { register } }),
  },
  {
    name: "settings-problem",
    place: "settings",
    options: plain(undefined, { will: { settingsView: world.error("dataUnusable") } }),
  },
  switching("test"),
  switching("production"),
  {
    name: "settings-switch-refused",
    place: "settings",
    options: plain(undefined, { will: { switchEnvironment: world.error("filingUnderWay") } }),
    press: [{ id: testIds.environmentChoice, value: "test" }, { id: testIds.switchConfirm }],
  },
  { name: "settings-addresses", place: "settings", act: [testIds.showAddresses], options: plain(() => production) },
  { name: "settings-archive", place: "settings", act: [testIds.changeArchive], options: plain() },
  { name: "settings-export", place: "settings", act: [testIds.exportData], options: plain() },
  {
    name: "settings-exported",
    place: "settings",
    act: [testIds.exportData, testIds.exportChoose],
    options: plain(),
  },
  {
    name: "settings-exported-archive",
    place: "settings",
    act: [testIds.exportData, testIds.exportArchive, testIds.exportChoose],
    options: plain(),
  },
  { name: "settings-log", place: "settings", act: [testIds.showLog], options: plain() },
  { name: "settings-about", place: "settings", act: [testIds.showAbout], options: plain() },
  { name: "shortcuts", place: "settings", act: [testIds.showShortcuts], options: plain() },
  { name: "settings-archive-good", place: "settings", act: [testIds.verifyArchive], options: plain() },
  {
    name: "settings-archive-bad",
    place: "settings",
    act: [testIds.verifyArchive, testIds.restoreHistory],
    options: plain(undefined, {
      archive: {
        folders: 2318,
        files: 18_544,
        complaints: [
          { folder: "Øving/Dalheim Gård 313125688/2025 helår/1 (2026-01-20)", file: "kvittering.pdf", what: "missing" },
          {
            folder: "Øving/Fjordlys Interiør AS 311797816/2026 mars–april/1 (2026-06-09)",
            file: "mva-melding.xml",
            what: "changed",
          },
          {
            folder: "Øving/Fjordlys Interiør AS 311797816/2026 mars–april/1 (2026-06-09)",
            file: "notat.txt",
            what: "surplus",
          },
          {
            folder: "Øving/Vika Tolketjenester AS 315203857/2026 mars–april/1 (2026-06-09)",
            file: null,
            what: "folderMissing",
          },
        ],
      },
    }),
  },
  { name: "settings-test", place: "settings", options: plain(() => ({ environment: "test", samples: [] })) },

  { name: "settings-doctor", place: "settings", act: [testIds.doctorRun], options: plain() },
  {
    name: "settings-doctor-faults",
    place: "settings",
    act: [testIds.doctorRun],
    options: (language) => ({ start: world.start(language), doctor: () => doctor.ill(language) }),
  },
  ...updates.map((update): Scene => ({
    name: `settings-update-${update.kind}`,
    place: "settings",
    act: [testIds.updateLook],
    options: plain(undefined, { update }),
  })),
  {
    name: "settings-update-refused",
    place: "settings",
    act: [testIds.updateLook, testIds.updateInstall],
    options: plain(undefined, {
      update: available,
      updateInstalls: { kind: "refused", details: "The signature verification failed" },
    }),
  },
  {
    name: "settings-update-later",
    place: "settings",
    act: [testIds.updateLook, testIds.updateInstall],
    options: plain(undefined, { update: available, updateInstalls: { kind: "later" } }),
  },

  {
    name: "problem",
    act: [testIds.openReceipt],
    options: withCard(
      () => ({ check: world.checkedOk, filing: world.filing("received") }),
      {},
      { will: { openReceipt: world.error("cannotOpen") } },
    ),
  },
  {
    name: "notices",
    act: [testIds.notices],
    options: plain(() => ({ ...production, keyring: "locked", clockOffMinutes: 187 })),
  },
  {
    name: "start-failed",
    options: plain(undefined, { will: { startView: world.error("dataUnusable", { delivered: "unknown" }) } }),
  },

  { name: "narrow-settings", size: [900, 600], place: "settings", options: plain() },
];
