import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const LANGUAGES = ["nb", "nn", "en"];

/** Writes every text beside the same text in the other languages: what is alike then costs nearly nothing compressed. */
function textsInRows(): Plugin {
  const file = /(.*\/i18n\/)(nb|nn|en)\.json$/;
  const rows = "\0texts-in-rows:";
  return {
    name: "texts-in-rows",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(rows) ? id : null),
    load(id) {
      if (id.startsWith(rows)) {
        const read = (language: string) =>
          JSON.parse(readFileSync(`${id.slice(rows.length)}${language}.json`, "utf8")) as Record<string, string>;
        const texts = LANGUAGES.map(read);
        const row = (key: string) => [
          key,
          ...texts.map((known, at) => known[key] ?? this.error(`${String(LANGUAGES[at])}.json has no text for ${key}`)),
        ];
        return { code: `export default ${JSON.stringify(Object.keys(texts[0] ?? {}).map(row))}`, moduleType: "js" };
      }
      const [, folder, language] = file.exec(id) ?? [];
      if (folder === undefined || language === undefined) return null;
      const at = LANGUAGES.indexOf(language) + 1;
      const code = `import rows from ${JSON.stringify(rows + folder)};
export default Object.fromEntries(rows.map((row) => [row[0], row[${String(at)}]]));`;
      return { code, moduleType: "js" };
    },
  };
}

// `--mode fake` builds the same window over the fake backend: for tests in a browser and for pictures. The fake is
// never part of the program: `import.meta.env.MODE` is a constant, and what it excludes is left out of the bundle.
export default defineConfig(({ mode }) => ({
  root: "ui",
  base: "./",
  plugins: [react(), textsInRows()],
  build: {
    outDir: mode === "fake" ? "../artifacts/ui-fake" : "dist",
    emptyOutDir: true,
    target: "safari16",
    // The content security policy of the window allows no data: scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
  },
  server: { port: 5173, strictPort: true },
  clearScreen: false,
  test: {
    environment: "jsdom",
    setupFiles: ["src/tests/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
    testTimeout: 30_000,
  },
}));
