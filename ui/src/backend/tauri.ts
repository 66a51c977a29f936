/** The real shell, over the generated bindings. */
import { Channel } from "@tauri-apps/api/core";
import { commands, type ErrorView, type OfficeEvent, type StartView } from "../bindings";
import { Refusal, type Asked, type Backend } from "./backend";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };
type Command = (...given: never[]) => Promise<Answer<unknown>>;

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

const listeners = new Set<(event: OfficeEvent) => void>();
let hearing: Promise<void> | undefined;

/** Brings the shell the one way on which it tells the window what happens; everybody here hears the same. */
function hear(): Promise<void> {
  if (hearing) return hearing;
  const told = new Channel<OfficeEvent>((event) => {
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A channel whose receiver throws gives nothing on any more.
        reportError(error);
      }
    }
  });
  hearing = ask(commands.hear(told)).then(
    () => undefined,
    (refused: unknown) => {
      hearing = undefined;
      throw refused;
    },
  );
  return hearing;
}

export const tauriBackend: Backend = {
  ...asked,
  startView,
  onOfficeEvent: (listener, listening) => {
    listeners.add(listener);
    // Without events the window still shows what it asked for; the next command brings the rest.
    hear()
      .then(() => {
        if (listeners.has(listener)) listening();
      })
      .catch(() => undefined);
    return () => {
      listeners.delete(listener);
    };
  },
};
