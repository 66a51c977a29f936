/** Files that are held over the window: which return they would go with. */
import type { WindowPoint } from "./bindings";

/** Whether files are held over the window, and over which row of the list. */
export interface Hover {
  over: boolean;
  card: string | null;
}

export const NOTHING_HELD: Hover = { over: false, card: null };

/** The key of the return whose row lies there and takes attachments. A row names it in `data-takes`. */
export const rowAt = ({ x, y }: WindowPoint): string | null =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-takes]")?.dataset.takes ?? null;

/** The same as before where nothing has changed: the pointer tells of every move. */
export const hoverAt = (before: Hover, at: WindowPoint | null): Hover => {
  const card = at && rowAt(at);
  return before.over === (at !== null) && before.card === card ? before : { over: at !== null, card };
};
