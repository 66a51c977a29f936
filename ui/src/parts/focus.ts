/**
 * Where the reader goes on when what had the keyboard's focus is gone: a button that did its work, a dialog, a card. The
 * browser would let focus fall to the page's body, and whoever uses keys or a screen reader would begin at the top.
 */
import { useEffect } from "react";

const find = (selector: string, within: ParentNode = document) => within.querySelector<HTMLElement>(selector);

/** What is to be done next in the steps of a return. */
const next = '[data-steps] [data-shortcut="primary"]';

/** The heading of the place that is shown. */
export function focusPlace(): void {
  find("#main h1[tabindex]")?.focus({ preventScroll: true });
}

/**
 * The next step of the return that is shown, or the place's heading. Where steps have no next one, as while a check runs
 * that a sign-in began, they hold the focus until they have: the heading would keep it.
 */
function focusNext(): void {
  const there = find(next) ?? find("[data-steps]");
  if (there) there.focus({ preventScroll: true });
  else focusPlace();
}

/** Whether nothing has focus. */
const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Whether nothing has focus, or the steps as a whole, which took it over from a button that is gone. */
export const isAdrift = (): boolean => isNowhere() || document.activeElement?.matches("[data-steps]") === true;

/** The next step, unless the reader is elsewhere. */
export function focusNextStep(): void {
  if (isAdrift()) find(next)?.focus({ preventScroll: true });
}

/** What may take focus in the stead of something within it. The window's large parts are no place to read on from. */
const BOX = "dialog, [data-steps], [tabindex]:not([data-region])";

/** The boxes around the focused element, the nearest first. */
function around(element: Element): Element[] {
  const found: Element[] = [];
  let at = element.parentElement?.closest(BOX);
  while (at) {
    found.push(at);
    at = at.parentElement?.closest(BOX);
  }
  return found;
}

function takeOver(box: Element | undefined, wasInPlace: boolean): void {
  if (box instanceof HTMLDialogElement) find("[data-autofocus]", box)?.focus();
  else if (box?.matches("[data-steps]")) {
    const button = find(next);
    if (button) button.focus({ preventScroll: true });
    else if (box instanceof HTMLElement) box.focus({ preventScroll: true });
  } else if (box instanceof HTMLElement) box.focus({ preventScroll: true });
  else if (wasInPlace) focusPlace();
  else focusNext();
}

/** Keys that are held for others and move nothing. */
const HELD: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph"]);

/**
 * Says on the document whether the mouse was used last: who points sees where she is, and the ring is for the keyboard.
 * WebKit draws it round whatever a program puts the focus on.
 */
export function useFocusRing(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    const points = () => {
      dataset.pointer = "";
    };
    const types = ({ key }: KeyboardEvent) => {
      if (!HELD.has(key)) delete dataset.pointer;
    };
    document.addEventListener("pointerdown", points, true);
    document.addEventListener("keydown", types, true);
    return () => {
      document.removeEventListener("pointerdown", points, true);
      document.removeEventListener("keydown", types, true);
      delete dataset.pointer;
    };
  }, []);
}

/** Keeps focus from falling to the body. */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: Element | null = null;
    let boxes: Element[] = [];
    let inPlace = false;
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return;
      last = target;
      boxes = around(target);
      inPlace = target.closest("#main") !== null;
    };
    // It is told of after React's own effects, which know better where they have one.
    const observer = new MutationObserver(() => {
      if (last === null || last.isConnected || !isNowhere()) return;
      last = null;
      takeOver(
        boxes.find(({ isConnected }) => isConnected),
        inPlace,
      );
    });
    document.addEventListener("focusin", remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", remember);
      observer.disconnect();
    };
  }, []);
}
