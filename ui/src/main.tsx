/** Starts the window: over the shell, or in `fake` mode over a scene of the fake backend. */
import "@fontsource-variable/inter/wght.css";
import "@digdir/designsystemet-css/theme";
import "@digdir/designsystemet-css";
import "./styles/index.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import type { Backend } from "./backend/backend";
import { tauriBackend } from "./backend/tauri";
import { createTexts } from "./i18n";
import { createQueryClient } from "./office";
import { createTicker, type Ticker } from "./time";

async function parts(): Promise<{ backend: Backend; ticker: Ticker }> {
  if (import.meta.env.MODE === "fake") {
    const { fromAddress } = await import("./backend/scenes");
    return fromAddress(new URLSearchParams(window.location.search));
  }
  return { backend: tauriBackend, ticker: createTicker() };
}

const root = document.getElementById("root");
if (root) {
  const { backend, ticker } = await parts();
  createRoot(root).render(
    <App backend={backend} ticker={ticker} client={createQueryClient()} texts={createTexts("nb")} />,
  );
}
