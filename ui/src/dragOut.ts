/**
 * A file of the archive is dragged out of the window: to a folder, a mail, another program.
 *
 * WebKitGTK hands a `file:` address on as the file that it is. Where the system's web view hands on only text, nothing else
 * happens, and the button that shows the folder is beside it.
 */
import type { DragEvent } from "react";

/** A file that is let go over the window it came from is told of a moment after the drag has ended. */
const TOLD_AFTER_MS = 1_000;

/** When the last drag of a file of the window's own ended; while one goes on, never. */
let over = 0;

/** Whether what is held over the window, or let go there, has come from the window itself. */
export const holdsItsOwn = (): boolean => performance.now() < over + TOLD_AFTER_MS && over > 0;

/** The address of a file, of a path as the system writes it. */
export function fileAddress(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/");
  const escaped = parts.map((part, at) => (at === 0 && /^[A-Za-z]:$/.test(part) ? part : encodeURIComponent(part)));
  return `file://${path.startsWith("/") ? "" : "/"}${escaped.join("/")}`;
}

interface Draggable {
  draggable: true;
  onDragStart: (event: DragEvent) => void;
  onDragEnd: () => void;
}

/** What makes an element draggable as this file of an archive's folder; nothing where there is no such file. */
export function draggedFile(folder: string | null, name: string | undefined): Draggable | undefined {
  if (folder === null || name === undefined) return undefined;
  return {
    draggable: true,
    onDragStart: ({ dataTransfer }) => {
      over = Number.POSITIVE_INFINITY;
      dataTransfer.effectAllowed = "copy";
      dataTransfer.setData("text/uri-list", fileAddress(`${folder.replace(/[/\\]$/, "")}/${name}`));
    },
    onDragEnd: () => {
      over = performance.now();
    },
  };
}
