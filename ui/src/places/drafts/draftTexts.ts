/** How drafts are called. */
import type { TFunction } from "i18next";
import type { DraftFinding, DraftFix, DraftRow, DraftView } from "../../bindings";
import { amount, orgNumber, percent } from "../../i18n/format";

/** The company's name, its number, or that none is chosen. */
export function companyOf(draft: Pick<DraftView | DraftRow, "companyName" | "orgNumber">, t: TFunction): string {
  if (draft.companyName !== null) return draft.companyName;
  if (draft.orgNumber === null) return t("draft.noCompany");
  return /^\d{9}$/.test(draft.orgNumber) ? orgNumber(draft.orgNumber) : draft.orgNumber;
}

/** What is missing has words of the window's own; what a rule says has the rule's. */
export function titleOf(finding: DraftFinding, t: TFunction): string {
  switch (finding.identifier) {
    case "company":
      return t("draft.missing.company");
    case "notAnAmount":
      return t("draft.missing.notAnAmount");
    case "code":
      return t("draft.missing.code");
    case "vat":
      return t("draft.missing.vat");
    case "unreadable":
      return t("draft.missing.unreadable");
    default:
      return finding.title ?? finding.identifier;
  }
}

export function fixOf({ kind, value }: DraftFix, t: TFunction): string {
  switch (kind) {
    case "useVat":
      return t("draft.fix.use", { value: amount(value) });
    case "useRate":
      return t("draft.fix.use", { value: percent(value) });
    case "chooseRemark":
      return t("draft.fix.remark", { remark: value });
    case "removeKid":
      return t("draft.fix.kid");
    case "removeSpecification":
      return t("draft.fix.specification");
  }
}
