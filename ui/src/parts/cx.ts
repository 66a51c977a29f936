/** The names of classes that an element has: those that are there, with blanks between. */
export const cx = (...names: (string | false | null | undefined)[]): string =>
  names.filter((name) => name !== undefined && name !== null && name !== false && name !== "").join(" ");
