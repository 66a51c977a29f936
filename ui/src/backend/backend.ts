/**
 * The one way from the window to the shell.
 *
 * Everything the window asks of the office goes through here, so that tests and pictures can put another office behind
 * it. A refusal arrives as a thrown `Refusal`, whose code decides what the window says (`errors.ts`).
 */
import type { commands, ErrorView, OfficeEvent } from "../bindings";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };
type Command = (...given: never[]) => Promise<Answer<unknown>>;

/** A command that throws its refusal; one that answers with nothing answers with nothing. */
export type Asked<C extends Command> = (
  ...given: Parameters<C>
) => Awaited<ReturnType<C>> extends Answer<infer T> ? ([T] extends [null] ? Promise<void> : Promise<T>) : never;

/** Every command of the shell, as it is declared there; events have a way of their own. */
type AllAsked = { [Name in keyof typeof commands]: Asked<(typeof commands)[Name]> };

export interface Backend extends Omit<AllAsked, "hear"> {
  /** Hears what the office tells by itself, from the moment `listening` is called; gives back how to stop. */
  onOfficeEvent: (listener: (event: OfficeEvent) => void, listening: () => void) => () => void;
}

/** The office says no; `view` says what to tell the user. */
export class Refusal extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = "Refusal";
    this.view = view;
  }
}

/** What to show of anything that was thrown. What is not a refusal is a fault of the program itself. */
export function errorView(thrown: unknown): ErrorView {
  if (thrown instanceof Refusal) return thrown.view;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, details: [message], values: {}, delivered: "unknown" };
}
