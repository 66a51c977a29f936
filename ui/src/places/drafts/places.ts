/** Where things of a draft are in the window. */
import type { DraftFieldName, DraftFinding } from "../../bindings";

export const findingAnchor = ({ number }: Pick<DraftFinding, "number">): string => `draft-note-${String(number)}`;

/** The line that an element stands on. */
export function rowOf(element: HTMLElement): number | null {
  const line = element.closest<HTMLElement>("[data-line]")?.dataset.line;
  return line === undefined ? null : Number(line);
}

/** Goes to the first of the cells that a line has; whether there is one. */
export function focusCell(within: ParentNode | null, line: number, cells: readonly string[]): boolean {
  for (const cell of cells) {
    const found = within?.querySelector<HTMLElement>(`[data-line="${String(line)}"] [data-cell="${cell}"]`);
    if (found) {
      found.focus();
      found.scrollIntoView({ block: "nearest" });
      return true;
    }
  }
  return false;
}

const heads: Partial<Record<DraftFieldName, string>> = {
  company: '[data-testid="draft-company"]',
  period: '[data-testid="draft-period"]',
  category: '[data-testid="draft-category"]',
  kid: '[data-testid="draft-kid"]',
  remark: '[data-testid="draft-remark"]',
};

/** Goes to the field in which a finding is cleared. */
export function goTo({ line, field }: Pick<DraftFinding, "line" | "field">): void {
  if (line === null) {
    const selector = field === null ? undefined : heads[field];
    if (selector !== undefined) document.querySelector<HTMLElement>(selector)?.focus();
    return;
  }
  focusCell(document, line, field === null ? ["vat", "base"] : [field, "vat", "base", "more"]);
}
