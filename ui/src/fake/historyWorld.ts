/** A long history of the fake backend's invented companies. */
import type { FilingRow, FilingState, LanguageName, PeriodChoice, ReviewView } from "../bindings";
import { DAY, EVENING, kind, moment, period, row, words } from "./world";
import { inLanguage } from "./said";
import { meaning } from "./states";

const names = [
  "Fjordlys Interiør AS",
  "Nesodden Båtbyggeri AS",
  "Vika Tolketjenester AS",
  "Havgløtt Sjømat AS",
  "Hardanger Siderhus AS",
  "Elvebakken Tannklinikk AS",
  "Dalheim Gård",
  "Mølla Kaffebrenneri AS",
  "Isfjell Programvare AS",
  "Trollheimen Ull og Tradisjonshåndverk Samvirkelag SA",
];
const historyStates: readonly FilingState[] = ["received", "rejected", "received", "refused", "unclear", "abandoned"];

/** A history of any length, the newest first, made as it is asked for. */
export function historyRow(language: LanguageName, index: number): FilingRow {
  const state = historyStates[index % historyStates.length] ?? "received";
  const at = new Date(EVENING - index * 0.37 * DAY).toISOString();
  return row({
    id: `h${String(index)}`,
    companyName: names[index % names.length] ?? null,
    orgNumber: String(311_797_816 + (index % names.length) * 9),
    period: inLanguage(words[index % 3 === 0 ? "period" : "earlier"], language),
    kind: kind(language),
    assessedVat: String(((index * 7919 + 117_457) % 300_000) - 40_000),
    state,
    replaced: index % 17 === 4,
    begunAt: at,
    verdict: state === "received" ? (index % 12 === 2 ? "deviating" : "accepted") : null,
    deliveredAt: meaning[state].come === "delivered" ? at : null,
    kid: state === "received" ? String(3_126_415_570_260_201 + index) : null,
  });
}

/** The periods of that history. */
export const periods = (language: LanguageName): PeriodChoice[] => [
  { key: "2026", year: 2026, words: null },
  { key: "2026/skattleggingsperiodeToMaaneder/mars-april", year: 2026, words: inLanguage(words.period, language) },
  { key: "2026/skattleggingsperiodeToMaaneder/januar-februar", year: 2026, words: inLanguage(words.earlier, language) },
];

/** Whether a filing is of the period of this key. */
export const isOf = (language: LanguageName, of: FilingRow, key: string | null): boolean =>
  key === null ||
  key === "2026" ||
  periods(language).some((choice) => choice.key === key && choice.words === of.period);

/** Two filings that had been called received. */
export const review = (language: LanguageName): ReviewView => ({
  at: moment(-2),
  looked: 214,
  filings: [
    {
      before: "received",
      now: row({
        id: "r1",
        period: period(language),
        state: "rejected",
        verdict: "invalid",
        companyName: "Nesodden Båtbyggeri AS",
      }),
    },
    {
      before: "received",
      now: row({
        id: "r2",
        period: period(language),
        state: "unclear",
        verdict: "unknown",
        companyName: "Dalheim Gård",
      }),
    },
  ],
});
