import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { inlineTestIds } from "./ui/build/names.ts";

/** A class of a style sheet is called by its sheet: `Lines.module.css` has `Lines_code`. No two sheets have one name. */
const scopedName = (name: string, file: string) => `${/([^/]+)\.module\.css/.exec(file)?.[1] ?? ""}_${name}`;

// `--mode fake` builds the same window over the fake backend: for tests in a browser and for pictures. The fake is
// never part of the program: `import.meta.env.MODE` is a constant, and what it excludes is left out of the bundle.
export default defineConfig(({ mode }) => ({
  root: "ui",
  base: "./",
  plugins: [react(), inlineTestIds()],
  css: { modules: { generateScopedName: scopedName } },
  build: {
    outDir: mode === "fake" ? "../artifacts/ui-fake" : "dist",
    emptyOutDir: true,
    target: "safari16",
    // The content security policy of the window allows no data: scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The scenes of the fake would share their parts out over other chunks than the program has, and their styles with them.
    rolldownOptions: { output: { codeSplitting: mode !== "fake" } },
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
    // Else one processor is left alone, which of two is half of them.
    maxWorkers: "100%",
  },
}));
