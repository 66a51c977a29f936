/** The whole window over a backend and a clock, both given. */
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { StrictMode } from "react";
import type { i18n } from "i18next";
import { Announcer } from "./parts/announce";
import { errorView, type Backend } from "./backend/backend";
import { Frame } from "./frame/Frame";
import { Mark } from "./frame/Mark";
import { TextsProvider, useTexts } from "./i18n/useTexts";
import { BackendContext, OfficeProvider } from "./office";
import { ErrorCard } from "./parts/ErrorCard";
import { TickerContext, type Ticker } from "./time";
import { cx } from "./parts/cx";
import spinCss from "./parts/spin.module.css";
import topBarCss from "./frame/TopBar.module.css";
import navCss from "./frame/Nav.module.css";
import frameCss from "./frame/Frame.module.css";

interface Props {
  backend: Backend;
  client: QueryClient;
  texts: i18n;
  ticker: Ticker;
}

export function App({ backend, client, texts, ticker }: Props) {
  return (
    <StrictMode>
      <TextsProvider texts={texts}>
        <TickerContext value={ticker}>
          <BackendContext value={backend}>
            <QueryClientProvider client={client}>
              <Announcer>
                <OfficeProvider loading={<Loading />} failed={(error, again) => <Failed error={error} again={again} />}>
                  <Frame />
                </OfficeProvider>
              </Announcer>
            </QueryClientProvider>
          </BackendContext>
        </TickerContext>
      </TextsProvider>
    </StrictMode>
  );
}

/** While the office opens: the same frame, so that nothing jumps. */
function Loading() {
  const { t } = useTexts();
  return (
    <div className={cx(frameCss.win, frameCss.loading)} aria-busy>
      <div className={navCss.nav}>
        <Mark />
      </div>
      <div className={cx(topBarCss.topbar, frameCss.topbar)} />
      <main>
        <p className="quiet row" role="status">
          <span className={spinCss.spin} aria-hidden />
          {t("loading.text")}
        </p>
      </main>
    </div>
  );
}

function Failed({ error, again }: { error: unknown; again: () => void }) {
  return (
    <main className={frameCss.failed}>
      <div className="paper">
        <ErrorCard error={errorView(error)} remedies={{ retry: again }} primary heading="h1" />
      </div>
    </main>
  );
}
