import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Writes the names of the texts once: the other languages are lists in bokmål's order. */
function textsByOrder(): Plugin {
  const other = /(.*\/i18n\/)(?:nn|en)\.json$/;
  return {
    name: "texts-by-order",
    apply: "build",
    enforce: "pre",
    load(id) {
      const folder = other.exec(id)?.[1];
      if (folder === undefined) return null;
      const read = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
      const texts = read(id);
      const inOrder = Object.keys(read(`${folder}nb.json`)).map((key) => {
        const text = texts[key];
        if (text === undefined) this.error(`${id} has no text for ${key}`);
        return text;
      });
      const code = `import nb from "./nb.json";
const texts = ${JSON.stringify(inOrder)};
export default Object.fromEntries(Object.keys(nb).map((key, at) => [key, texts[at]]));`;
      return { code, moduleType: "js" };
    },
  };
}

// `--mode fake` builds the same window over the fake backend: for tests in a browser and for pictures. The fake is
// never part of the program: `import.meta.env.MODE` is a constant, and what it excludes is left out of the bundle.
export default defineConfig(({ mode }) => ({
  root: "ui",
  base: "./",
  plugins: [react(), textsByOrder()],
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
