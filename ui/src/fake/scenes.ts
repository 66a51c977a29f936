/**
 * Every screen and every state of the window, by name: what tests, axe and the pictures go through.
 *
 * In a browser: `npm run dev:fake`, then `?scene=delivered&lang=en&theme=dark&size=115`; `&live` lets time and filings run,
 * `&slow=60` lets answers come one after the other.
 */
import type { LanguageName, StartView, Theme } from "../bindings";
import { address } from "../router";
import { createTicker, type Ticker } from "../time";
import type { Backend } from "../backend/backend";
import { FakeBackend } from "./fake";
import type { FakeOptions } from "./options";
import { access } from "./scenes/access";
import { batch } from "./scenes/batch";
import { saft } from "./scenes/books";
import { deadlines } from "./scenes/deadlines";
import { written } from "./scenes/drafts";
import { filing } from "./scenes/filing";
import { history } from "./scenes/history";
import type { Scene } from "./scenes/make";
import { settings } from "./scenes/settings";
import { signIn } from "./scenes/signIn";
import { work } from "./scenes/work";
import * as world from "./world";

export const scenes: readonly Scene[] = [
  ...filing,
  ...batch,
  ...signIn,
  ...history,
  ...deadlines,
  ...access,
  ...settings,
  ...work,
  ...saft,
  ...written,
];

/** What is pressed to come to a scene's state, as selectors. */
export const presses = ({ act = [], press = [] }: Scene): string[] =>
  [...act.map((id) => ({ id, value: undefined, state: undefined })), ...press].map(({ id, value, state }) =>
    [
      `[data-testid="${id}"]`,
      value === undefined ? "" : `[data-value="${value}"]`,
      state === undefined ? "" : `[data-state="${state}"]`,
    ].join(""),
  );

export function sceneNamed(name: string): Scene {
  const scene = scenes.find((known) => known.name === name);
  if (!scene) throw new Error(`There is no scene "${name}".`);
  return scene;
}

/** A scene over the fake backend. */
export function play(scene: Scene, language: LanguageName, more: Partial<FakeOptions> = {}): FakeBackend {
  window.location.hash = address(scene.place ?? "filing", scene.id ?? null);
  const backend = new FakeBackend({ ...scene.options(language), ...more });
  const { hover } = scene;
  if (hover !== undefined) {
    const listen = backend.onOfficeEvent;
    backend.onOfficeEvent = (listener) => {
      const hold = () => {
        const row = hover === "row" ? document.querySelectorAll("[data-takes]")[2] : document.body;
        if (row) {
          const { left, top } = row.getBoundingClientRect();
          listener({ kind: "dropHover", at: { x: left + 40, y: top + 10 } });
        } else setTimeout(hold, 5);
      };
      queueMicrotask(hold);
      return listen(listener);
    };
  }
  return backend;
}

/** The scene that a browser's address names. */
export function fromAddress(query: URLSearchParams): { backend: Backend; ticker: Ticker } {
  const language = (query.get("lang") ?? "nb") as LanguageName;
  const live = query.has("live");
  const begun = Date.now();
  const now = () => (live ? world.EVENING + Date.now() - begun : world.EVENING);
  const scene = sceneNamed(query.get("scene") ?? "empty");
  const options = scene.options(language);
  const start: StartView = {
    ...options.start,
    preferences: {
      ...options.start.preferences,
      theme: (query.get("theme") ?? "system") as Theme,
      textSize: Number(query.get("size") ?? 100),
    },
  };
  const backend = play(scene, language, {
    ...options,
    start,
    now,
    ...(live ? { pace: 1200 } : {}),
    slow: Number(query.get("slow") ?? 0),
  });
  Object.assign(window, {
    momsbudFake: backend,
    momsbudAct: presses(scene),
    momsbudSize: scene.size ?? null,
  });
  return { backend, ticker: createTicker(now) };
}
