/** Amounts of books: in kroner with øre, shown with øre only where there are any. */
import { amount, isRefund, kr, unsigned } from "../../i18n/format";
import type { Texts } from "../../i18n/useTexts";

const shorter = (kroner: string): string => kroner.replace(/\.00$/, "");

export const exactly = (kroner: string): string => amount(kroner);
export const shortly = (kroner: string): string => amount(shorter(kroner));
export const inKroner = (kroner: string): string => kr(shorter(kroner));
export const isZero = (kroner: string): boolean => /^-?0(\.0+)?$/.test(kroner);

/** `"Å betale blir 76 207 kr"`. */
export const becomes = (t: Texts["t"], sum: string): string =>
  isRefund(sum) ? t("ask.becomesRefund", { amount: kr(unsigned(sum)) }) : t("ask.becomes", { amount: kr(sum) });
