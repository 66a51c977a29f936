/** The real shell, over the generated bindings. */
import { commands, events, type ErrorView, type StartView } from "../bindings";
import { Refusal, type Backend } from "./backend";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };
type Command = (...given: never[]) => Promise<Answer<unknown>>;

/** A command that throws its refusal; one that answers with nothing answers with nothing. */
type Asked<C extends Command> = (
  ...given: Parameters<C>
) => Awaited<ReturnType<C>> extends Answer<infer T> ? ([T] extends [null] ? Promise<void> : Promise<T>) : never;

async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (given.status === "error") throw new Refusal(given.error);
  return given.data;
}

const asked = Object.fromEntries(
  Object.entries(commands).map(([name, command]: [string, Command]) => [
    name,
    (...given: never[]) => ask(command(...given)),
  ]),
) as { [Name in keyof typeof commands]: Asked<(typeof commands)[Name]> };

declare global {
  interface Window {
    /** The start view, which the shell's initialization script asks for before this script has been read. */
    __MOMSBUD_START__?: Promise<StartView>;
  }
}

let early = window.__MOMSBUD_START__;

/** The answer asked for at the beginning serves once; the second question is a new one. */
async function startView(): Promise<StartView> {
  const begun = early;
  early = undefined;
  try {
    if (begun) return await begun;
  } catch {
    // Asked again below, where a refusal is put into words.
  }
  return ask(commands.startView());
}

export const tauriBackend: Backend = {
  ...asked,
  startView,
  onOfficeEvent: (listener, listening) => {
    let stopped = false;
    const stopping = events.officeNews.listen((event) => {
      if (!stopped) listener(event.payload);
    });
    // Without events the window still shows what it asked for; the next command brings the rest.
    stopping.then(listening).catch(() => undefined);
    return () => {
      stopped = true;
      void stopping.then((stop) => {
        stop();
      });
    };
  },
};
