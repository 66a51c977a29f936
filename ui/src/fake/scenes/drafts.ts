/** Scenes of drafts. */
import type { DraftsView, DraftView } from "../../bindings";
import { testIds } from "../../testids";
import * as drafts from "../draftsWorld";
import * as world from "../world";
import { plain, withCard, type Scene } from "./make";

const writing = (draft: DraftView, more: Partial<Scene> = {}): Omit<Scene, "name"> => ({
  place: "draft",
  id: draft.id,
  options: plain(() => ({ session: world.ingrid }), { written: [draft] }),
  ...more,
});
const list = {
  open: [
    drafts.row({ id: "draft-2", companyName: "Fjordlys Interiør AS", orgNumber: "311797816", invalid: 2 }),
    drafts.row(),
    drafts.row({ id: "draft-3", companyName: null, orgNumber: null, empty: true, sum: "0", origin: "typed" }),
    drafts.row({ id: "draft-4", deviating: 1, origin: "return", file: "mva.xml" }),
  ],
  discarded: [drafts.row({ id: "draft-9", keptUntil: "2026-07-09", origin: "sheet" })],
};

const many: DraftsView = {
  open: [
    drafts.row({ id: "m-1", companyName: "Fjordlys Interiør AS", orgNumber: "311797816", invalid: 2 }),
    drafts.row({ id: "m-2", period: "September–oktober 2026" }),
    drafts.row({
      id: "m-3",
      companyName: "Rønvik Arkitektkontor og Byggherreombud AS",
      origin: "books",
      dropped: true,
    }),
    drafts.row({ id: "m-4", companyName: "Dalheim Gård", origin: "return", file: "mva-5.xml", dropped: true }),
    drafts.row({ id: "m-5", companyName: null, orgNumber: null, empty: true, sum: "0", origin: "typed" }),
    drafts.row({ id: "m-6", companyName: "Nordavind Regnskap AS", deviating: 1, origin: "sheet", sum: "-1250400" }),
    drafts.row({ id: "m-7", companyName: "Bekk Snekkeri", origin: "return", file: "eksport.xml" }),
  ],
  discarded: [],
};

export const written: readonly Scene[] = [
  { name: "drafts-list", options: plain(() => ({ session: world.ingrid }), { drafts: list }) },
  {
    name: "drafts-basket",
    act: [testIds.draftBasket],
    options: plain(() => ({ session: world.ingrid }), { drafts: list }),
  },
  {
    name: "drafts-gone",
    options: plain(() => ({ session: world.ingrid }), { drafts: { open: [], discarded: list.discarded } }),
  },
  {
    name: "drafts-place",
    place: "draft",
    options: plain(() => ({ session: world.ingrid }), { drafts: list }),
  },
  {
    name: "drafts-many",
    options: plain(() => ({ session: world.ingrid }), { drafts: many }),
    act: [testIds.draftTickAll],
  },
  { name: "draft-files", ...writing(drafts.withFiles()) },
  { name: "draft-empty", ...writing(drafts.empty()) },
  {
    name: "draft-company",
    ...writing(drafts.empty({ orgNumber: "Lakselv", companyKnown: false, companyName: null }), {
      act: [testIds.draftCompany, testIds.companyFind],
    }),
  },
  {
    name: "draft-first",
    ...writing(
      drafts.empty({
        orgNumber: null,
        companyName: null,
        companyKnown: false,
        origin: "typed",
        lastYear: null,
        findings: [
          {
            number: 1,
            rule: null,
            identifier: "company",
            severity: "invalid",
            title: null,
            message: null,
            line: null,
            field: "company",
            fixes: [],
          },
        ],
      }),
    ),
  },
  { name: "draft-filled", ...writing(drafts.faulty()) },
  { name: "draft-clean", ...writing(drafts.draft()) },
  { name: "draft-narrow", ...writing(drafts.faulty(), { size: [900, 600] }) },
  { name: "draft-narrow-findings", ...writing(drafts.faulty(), { size: [900, 600], act: [testIds.showFindings] }) },
  { name: "draft-code", ...writing(drafts.draft(), { act: [testIds.draftAdd] }) },
  { name: "draft-more", ...writing(drafts.draft(), { act: [testIds.draftMore] }) },
  { name: "draft-mended", ...writing(drafts.mended()) },
  { name: "draft-paste", ...writing(drafts.draft(), { act: [testIds.draftPaste] }) },
  { name: "draft-sheet", options: plain(() => ({ session: world.ingrid })), act: [testIds.sheetChoose] },
  {
    name: "sheet-there",
    options: plain(() => ({ session: world.ingrid }), { written: [drafts.draft()] }),
    act: [testIds.sheetChoose],
  },
  {
    name: "draft-card",
    options: withCard(
      () => ({ draft: "draft-1", mended: true }),
      { session: world.ingrid },
      { written: [drafts.mended()] },
    ),
  },
];
