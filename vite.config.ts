import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { inlineTestIds } from "./ui/build/names.ts";

// `--mode fake` builds the same window over the fake backend: for tests in a browser and for pictures. The fake is
// never part of the program: `import.meta.env.MODE` is a constant, and what it excludes is left out of the bundle.
export default defineConfig(({ mode }) => ({
  root: "ui",
  base: "./",
  plugins: [react(), inlineTestIds()],
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
    include: ["src/**/*.test.{ts,tsx}", "../packaging/*.test.mjs"],
    css: false,
    restoreMocks: true,
    testTimeout: 30_000,
  },
}));
