/** Renders the whole window over a scene, as the program does. */
import { render, screen, waitFor } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { App } from "../App";
import { play, presses, sceneNamed } from "../fake/scenes";
import type { FakeBackend } from "../fake/fake";
import type { FakeOptions } from "../fake/options";
import { EVENING } from "../fake/world";
import type { LanguageName } from "../bindings";
import { createTexts } from "../i18n";
import { loadParts } from "../parts/later";
import { createQueryClient } from "../office";
import { testIds, type TestId } from "../testids";
import { createTicker } from "../time";

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("There is no such element.");
  return value;
}

/** One of several elements of a name. */
export const nth = (id: TestId, index: number): HTMLElement => must(screen.getAllByTestId(id)[index]);
export const findNth = async (id: TestId, index: number): Promise<HTMLElement> =>
  must((await screen.findAllByTestId(id))[index]);

interface Shown {
  backend: FakeBackend;
  user: UserEvent;
}

export async function showScene(
  name: string,
  { language = "nb", ...more }: Partial<FakeOptions> & { language?: LanguageName } = {},
): Promise<Shown> {
  const scene = sceneNamed(name);
  const backend = play(scene, language, more);
  window.innerWidth = scene.size?.[0] ?? 1280;
  const user = userEvent.setup();
  await loadParts();
  render(
    <App
      backend={backend}
      client={createQueryClient()}
      texts={createTexts(language)}
      ticker={createTicker(more.now ?? (() => EVENING))}
    />,
  );
  if (name !== "start-failed") await screen.findByTestId(testIds.window);
  for (const selector of presses(scene)) {
    await user.click(await waitFor(() => must(document.querySelector<HTMLElement>(selector) ?? undefined)));
  }
  return { backend, user };
}

/** Presses "Send inn", and answers the question of who files what for whom. */
export async function sendIn(user: UserEvent): Promise<void> {
  await user.click(await screen.findByTestId(testIds.file));
  await user.click(await screen.findByTestId(testIds.confirmFile));
}
