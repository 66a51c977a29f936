/** Historikk. */
import { testIds } from "../../testids";
import * as world from "../world";
import { plain, type Scene } from "./make";

export const history: readonly Scene[] = [
  { name: "history", place: "history", options: plain(undefined, { historyLength: 2318 }) },
  { name: "history-detail", place: "history", id: "h0", options: plain(undefined, { historyLength: 2318 }) },
  {
    name: "history-refused",
    place: "history",
    id: "x1",
    options: plain(undefined, {
      historyLength: 2318,
      filings: [
        world.filing("refused", {
          id: "x1",
          problem: world.error("returnRefused"),
          steps: world.steps("confirm", "stopped"),
        }),
      ],
    }),
  },
  {
    name: "history-running",
    place: "history",
    id: "x2",
    options: plain(undefined, { filings: [world.filing("waitingAnswer", { id: "x2" })] }),
  },
  {
    name: "history-sign",
    place: "history",
    id: "x3",
    options: plain(undefined, {
      filings: [
        world.filing("waitingSignature", { id: "x3", authorizationId: "a2" }, { id: "x3", filedBy: "Jonas Eide" }),
      ],
    }),
  },
  {
    name: "history-unfinished",
    place: "history",
    act: [testIds.unfinished],
    options: (language) => ({ start: world.start(language), unfinished: world.unfinished(language) }),
  },
  {
    name: "history-unfinished-none",
    place: "history",
    act: [testIds.unfinished],
    options: plain(),
  },
  {
    name: "history-unfinished-signed-out",
    place: "history",
    act: [testIds.unfinished],
    options: plain(() => ({ session: null })),
  },
  {
    name: "history-unfinished-problem",
    place: "history",
    act: [testIds.unfinished],
    options: plain(undefined, {
      will: { unfinished: world.error("noRight", { values: { company: "Fjordlys Interiør AS" } }) },
    }),
  },
  { name: "history-empty", place: "history", options: plain(() => ({ recent: [] }), { historyLength: 0 }) },
  {
    name: "history-problem",
    place: "history",
    options: plain(undefined, { will: { history: world.error("dataUnusable") } }),
  },

  {
    name: "history-export",
    place: "history",
    act: [testIds.historyExport],
    options: plain(undefined, { historyLength: 2318 }),
  },
  {
    name: "history-exported",
    place: "history",
    act: [testIds.historyExport, testIds.exportZip],
    options: plain(undefined, { historyLength: 2318 }),
  },
  {
    name: "history-attachments",
    place: "history",
    id: "x3",
    options: plain(undefined, {
      filings: [
        world.filing("received", {
          id: "x3",
          payment: world.payment("1077457"),
          files: [
            { name: "kvittering.pdf", size: 92_114 },
            { name: "mva-melding.xml", size: 18_204 },
            { name: "attachments/Avstemming av utgående merverdiavgift mars–april 2026.pdf", size: 1_204_000 },
            { name: "manifest.json", size: 2310 },
          ],
        }),
      ],
    }),
  },
  {
    name: "history-archive-gone",
    place: "history",
    id: "x4",
    options: plain(undefined, {
      filings: [
        world.filing("waitingAnswer", {
          id: "x4",
          steps: world.steps("archive", "stopped"),
          problem: world.error("archiveUnusable", {
            delivered: "yes",
            values: { path: "/media/ingrid/ARKIV/Momsbud/Øving" },
          }),
        }),
      ],
    }),
  },
  {
    name: "history-recovered",
    place: "history",
    options: plain(() => ({
      recovery: {
        at: world.moment(-1),
        setAside: "/home/ingrid/.local/share/no.momsbud.desktop/damaged/2026-06-09 16.41.02",
        saved: 2310,
        fromArchive: 8,
        unreadable: ["Øving/Dalheim Gård 313125688/2025 helår/1 (2026-01-20)"],
        foreign: [],
        rows: [],
      },
    })),
  },
  {
    name: "recovered-gone",
    options: plain(() => ({
      recovery: {
        at: world.moment(-1),
        setAside: null,
        saved: 0,
        fromArchive: 1,
        unreadable: [],
        foreign: [],
        rows: [],
      },
    })),
  },
  {
    name: "narrow-history",
    size: [900, 600],
    place: "history",
    id: "h0",
    options: plain(undefined, { historyLength: 2318 }),
  },
];
