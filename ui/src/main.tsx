/** Starts the window: over the shell, or in `fake` mode over a scene of the fake backend. */
import "@fontsource-variable/inter/wght.css";
import "@digdir/designsystemet-css/theme";
import "./styles/designsystemet.css";
import "./styles/tokens.css";
import "./styles/global.css";
import "./styles/tables.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { tauriBackend } from "./backend/tauri";
import { createTexts, languages } from "./i18n";
import { createQueryClient } from "./office";
import { createTicker } from "./time";

/** The language that the shell has put on the document before anything was drawn. */
const shownLanguage = () => languages.find((known) => known === document.documentElement.lang) ?? "nb";

const root = document.getElementById("root");
if (root) {
  if (import.meta.env.MODE === "fake") {
    const stage = await import("./fake/stage");
    await stage.open(root);
  } else {
    createRoot(root).render(
      <App
        backend={tauriBackend}
        ticker={createTicker()}
        client={createQueryClient()}
        texts={createTexts(shownLanguage())}
      />,
    );
  }
}
