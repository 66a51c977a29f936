/** What a scene is made of. */
import type { FilingState, LanguageName, ReturnCard, StartView } from "../../bindings";
import type { Place } from "../../router";
import type { TestId } from "../../testids";
import type { FakeOptions } from "../options";
import * as world from "../world";

export interface Scene {
  name: string;
  place?: Place;
  id?: string;
  /** The window's size in the pictures, when not 1280 × 860. */
  size?: [number, number];
  options: (language: LanguageName) => FakeOptions;
  /** Buttons that are pressed, in order, to come to the state. */
  act?: TestId[];
  /** The same where several elements have one name: `data-value` says which. */
  press?: { id: TestId; value?: string; state?: string }[];
  /** Files are held over the window, or over the third row of the list. */
  hover?: "window" | "row";
}

export const plain =
  (more: (language: LanguageName) => Partial<StartView> = () => ({}), options: Partial<FakeOptions> = {}) =>
  (language: LanguageName): FakeOptions => ({ start: world.start(language, more(language)), ...options });

export const withCard = (
  card: (language: LanguageName) => Partial<ReturnCard>,
  start: Partial<StartView> = {},
  options: Partial<FakeOptions> = {},
) => plain((language) => ({ cards: [world.card(language, card(language))], ...start }), options);

export const ready = () => ({ check: world.checkedOk });

export const production: Partial<StartView> = { environment: "production", samples: [] };

export const noAltinn = {
  ...world.ingrid,
  name: "Odd Brekke",
  altinn: null,
  altinnProblem: world.error("noAltinnUser"),
  companies: [],
};

export const filed = (state: FilingState, more: Parameters<typeof world.filing>[1] = {}) =>
  withCard(() => ({ check: world.checkedOk, filing: world.filing(state, more) }));
