/** Where a finding and a line find each other. */
export const findingId = (number: number): string => `finding-${String(number)}`;
export const lineId = (line: number): string => `line-${String(line)}`;
