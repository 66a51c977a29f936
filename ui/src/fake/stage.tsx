/**
 * The window over scenes, in a browser: `?scene=delivered&lang=en&theme=dark&size=115`; `&live` lets time and filings run.
 *
 * `momsbudShow` puts another scene into the same page, as new: that is what makes hundreds of pictures and checks quick.
 */
import { createRoot, type Root } from "react-dom/client";
import { App } from "../App";
import type { LanguageName } from "../bindings";
import { createTexts } from "../i18n";
import { createQueryClient } from "../office";
import { loadParts } from "../parts/later";
import { fromAddress, scenes } from "./scenes";

export async function open(box: HTMLElement): Promise<void> {
  // A picture is taken of what is shown, not of what is being waited for.
  await loadParts();
  let drawn: Root | undefined;
  const show = (query: URLSearchParams) => {
    drawn?.unmount();
    document.documentElement.removeAttribute("style");
    const { backend, ticker } = fromAddress(query);
    drawn = createRoot(box);
    const language = (query.get("lang") ?? "nb") as LanguageName;
    drawn.render(<App backend={backend} ticker={ticker} client={createQueryClient()} texts={createTexts(language)} />);
  };
  Object.assign(window, {
    momsbudScenes: scenes.map(({ name }) => name),
    momsbudShow: (query: string) => {
      show(new URLSearchParams(query));
    },
  });
  show(new URLSearchParams(window.location.search));
}
