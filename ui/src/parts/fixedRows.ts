/**
 * A long list of rows that are all of one height: which of them are in view. Nothing is kept of each row, so that a million
 * of them cost what a hundred do.
 */
import { useLayoutEffect, useRef, useState } from "react";

/** Rows that are drawn beyond what is seen, on either side. */
const BEYOND = 12;
/** The height of a view that cannot be measured. */
const UNMEASURED = 700;
/** Engines draw nothing beyond some 33 million pixels; a list that would be higher is scrolled faster. */
const HIGHEST = 16_000_000;

export interface InView {
  /** The first row that is drawn. */
  from: number;
  /** The row after the last one. */
  to: number;
  /** Pixels before the first. */
  before: number;
  /** Pixels after the last. */
  behind: number;
}

/** Which of so many rows are drawn where a view of this height is scrolled to here. */
export function inView(count: number, height: number, top: number, view: number): InView {
  const whole = count * height;
  const total = Math.min(whole, HIGHEST);
  const most = total - view;
  const first = most > 0 ? (Math.min(Math.max(top, 0), most) / most) * Math.max(count - view / height, 0) : 0;
  const from = Math.min(Math.max(Math.floor(first) - BEYOND, 0), Math.max(count - 1, 0));
  const to = Math.min(Math.ceil(first + view / height) + BEYOND, count);
  const drawn = (to - from) * height;
  const before = whole > HIGHEST ? Math.min(Math.max(top - (first - from) * height, 0), total - drawn) : from * height;
  return { from, to, before, behind: Math.max(total - before - drawn, 0) };
}

/** Where the view is scrolled to, so that a row is in it; its header takes one row. */
export function scrolledTo(index: number, count: number, height: number, top: number, view: number): number {
  const total = Math.min(count * height, HIGHEST);
  const seen = view / height;
  const scale = (total - view) / Math.max(count - seen, 1);
  const first = scale > 0 ? top / scale : 0;
  if (index < first) return index * scale;
  if (index + 2 > first + seen) return (index + 2 - seen) * Math.max(scale, 0);
  return top;
}

const same = (one: InView, other: InView) =>
  one.from === other.from && one.to === other.to && one.before === other.before && one.behind === other.behind;

/** The height of what a view shows; of one that is not drawn, as much as it would be. */
const viewOf = ({ clientHeight }: HTMLElement) => (clientHeight > 0 ? clientHeight : UNMEASURED);

/** The rows in view of what scrolls (`ref`), and how one is scrolled to. */
export function useFixedRows(count: number, height: number) {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<InView>(() => inView(count, height, 0, UNMEASURED));
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const look = () => {
      setSeen((before) => {
        const next = inView(count, height, element.scrollTop, viewOf(element));
        return same(before, next) ? before : next;
      });
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(look);
    observer?.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer?.disconnect();
    };
  }, [count, height]);
  const show = (index: number) => {
    const element = ref.current;
    if (element) element.scrollTop = scrolledTo(index, count, height, element.scrollTop, viewOf(element));
  };
  // What was counted for another list may lie beyond the end of this one.
  const { from, to, before, behind } = seen.to <= count ? seen : inView(count, height, 0, UNMEASURED);
  return { ref, from, to, before, behind, show };
}
