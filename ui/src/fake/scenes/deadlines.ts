/** Frister. */
import type { LanguageName, StartView } from "../../bindings";
import { testIds } from "../../testids";
import type { FakeOptions } from "../options";
import * as world from "../world";
import * as invented from "../year";
import { plain, production, type Scene } from "./make";

const year =
  (companies: number, more: Partial<StartView> = {}) =>
  (language: LanguageName): FakeOptions => ({
    start: world.start(language, more),
    companies,
    reminders: companies === 0 ? invented.nothingTold : invented.reminders(language),
  });

const office =
  (companies: number) =>
  (language: LanguageName): FakeOptions => ({ ...year(companies, production)(language), staff: true });

export const deadlines: readonly Scene[] = [
  { name: "deadlines", place: "deadlines", options: year(16, production) },
  { name: "deadlines-left", place: "deadlines", options: year(32, production) },
  {
    name: "deadlines-late-asked",
    place: "deadlines",
    press: [{ id: testIds.deadlineCell, state: "late" }],
    options: year(32, production),
  },
  {
    name: "deadlines-aside-asked",
    place: "deadlines",
    press: [{ id: testIds.deadlineCell, state: "putAside" }],
    options: year(32, production),
  },
  { name: "deadlines-office", place: "deadlines", options: office(16) },
  { name: "deadlines-hand-over", place: "deadlines", act: [testIds.handOver], options: office(16) },
  { name: "deadlines-morning", place: "deadlines", act: [testIds.morning], options: office(32) },
  { name: "deadlines-away", place: "deadlines", act: [testIds.away], options: office(16) },
  { name: "narrow-deadlines-office", place: "deadlines", size: [900, 600], options: office(42) },
  { name: "deadlines-many", place: "deadlines", options: year(200) },
  { name: "deadlines-empty", place: "deadlines", options: year(0) },
  { name: "deadlines-duty", place: "deadlines", act: [testIds.editDuty], options: year(16, production) },
  { name: "deadlines-add", place: "deadlines", act: [testIds.addDuty], options: year(0) },
  {
    name: "deadlines-problem",
    place: "deadlines",
    options: plain(undefined, { will: { deadlines: world.error("dataUnusable") } }),
  },
  { name: "deadlines-notices", place: "deadlines", act: [testIds.notices], options: year(16, production) },
  { name: "narrow-deadlines", place: "deadlines", size: [900, 600], options: year(42) },
];
