/** Where a finding and a line find each other. */
export const findingId = (number: number): string => `finding-${String(number)}`;
export const lineId = (line: number): string => `line-${String(line)}`;

/** Takes the reader to a finding, or to the cause that explains it where the finding itself is folded away. */
export function focusFinding(number: number): void {
  const own = document.getElementById(findingId(number));
  (own ?? document.querySelector<HTMLElement>(`[data-explains~="${String(number)}"]`))?.focus();
}
