/** Language, theme and text size: kept by the office, shown by the document. */
import { useContext, useLayoutEffect, useSyncExternalStore } from "react";
import type { Preferences } from "./bindings";
import { errorView } from "./backend/backend";
import { ShowProblem } from "./commands";
import { useTexts } from "./i18n/useTexts";
import { useBackend, useOffice } from "./office";

export const themes = ["system", "light", "dark", "contrast"] as const;
export const textSizes = [100, 115, 130, 150, 200] as const;
export type TextSize = (typeof textSizes)[number];

/** The size that is offered nearest to what was kept. */
export const nearestSize = (percent: number): TextSize =>
  textSizes.reduce<TextSize>((best, size) => (Math.abs(size - percent) < Math.abs(best - percent) ? size : best), 100);

/** What the system says now, and a listener for when it says otherwise. */
function system(query: string): [subscribe: (listener: () => void) => () => void, read: () => boolean] {
  const asked = () => window.matchMedia(query);
  const subscribe = (listener: () => void) => {
    const list = asked();
    list.addEventListener("change", listener);
    return () => {
      list.removeEventListener("change", listener);
    };
  };
  return [subscribe, () => asked().matches];
}
const dark = system("(prefers-color-scheme: dark)");
const moreContrast = system("(prefers-contrast: more)");

/** Shows the user's choices on the document. */
export function useShownPreferences({ language, theme, textSize }: Preferences): void {
  const { language: shown, changeLanguage } = useTexts();
  const systemDark = useSyncExternalStore(...dark);
  const systemContrast = useSyncExternalStore(...moreContrast);
  const scheme = theme === "light" || theme === "dark" ? theme : systemDark ? "dark" : "light";
  const contrast = theme === "contrast" || (theme === "system" && systemContrast);
  // The shell does the same before the first paint, from what it kept: src-tauri/src/appearance.rs.
  useLayoutEffect(() => {
    document.documentElement.dataset.colorScheme = scheme;
    if (contrast) document.documentElement.dataset.contrast = "more";
    else delete document.documentElement.dataset.contrast;
  }, [scheme, contrast]);
  useLayoutEffect(() => {
    document.documentElement.style.fontSize = `${String(textSize)}%`;
  }, [textSize]);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    if (shown !== language) changeLanguage(language);
  }, [language, shown, changeLanguage]);
}

export interface ChangePreferences {
  preferences: Omit<Preferences, "textSize"> & { textSize: TextSize };
  set: (changed: Partial<Preferences>) => void;
  /** One step larger (1), smaller (−1) or back to 100 % (0). */
  stepTextSize: (step: -1 | 0 | 1) => void;
}

export function usePreferences(): ChangePreferences {
  const backend = useBackend();
  const { start, change, refresh } = useOffice();
  const { preferences } = start;
  const show = useContext(ShowProblem);
  // Every change is kept, also one made while another is being kept: no button is shut for it.
  const save = async (next: Preferences) => {
    try {
      await backend.setPreferences(next);
      // Periods, line texts and findings come from the office in the user's language.
      if (next.language !== preferences.language) await refresh();
    } catch (thrown) {
      show({ error: errorView(thrown), retry: () => void save(next) });
    }
  };
  const set = (changed: Partial<Preferences>) => {
    const next = { ...preferences, ...changed };
    change((old) => ({ ...old, preferences: next }));
    void save(next);
  };
  const textSize = nearestSize(preferences.textSize);
  return {
    preferences: { ...preferences, textSize },
    set,
    stepTextSize: (step) => {
      const at = textSizes.indexOf(textSize);
      const next = step === 0 ? 100 : (textSizes[Math.min(textSizes.length - 1, Math.max(0, at + step))] ?? 100);
      if (next !== textSize) set({ textSize: next });
    },
  };
}
