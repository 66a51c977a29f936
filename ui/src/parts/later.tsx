/**
 * Parts of the window that are read from disk when the first of them is shown, so that the window opens sooner.
 *
 * A part that has been read is shown at once. What is shown stays what it was: a part that was waited for and one that
 * was not are the same to React for as long as they are mounted.
 */
import { lazy, useState, type ComponentType } from "react";

const parts: (() => Promise<void>)[] = [];

/** A part that `load` brings. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let here: ComponentType<P> | undefined;
  const bring = async () => (here ??= await load());
  parts.push(async () => {
    await bring();
  });
  const Waited = lazy(async () => ({ default: await bring() })) as ComponentType<P>;
  return function Later(props: P) {
    const [Part] = useState<ComponentType<P>>(() => here ?? Waited);
    return <Part {...props} />;
  };
}

/** Reads all of them. */
export async function loadParts(): Promise<void> {
  await Promise.all(parts.map((load) => load()));
}
