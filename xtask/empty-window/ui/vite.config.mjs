// As the window's own configuration, for a page with nothing on it.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  build: { outDir: "dist", emptyOutDir: true, target: "safari16", assetsInlineLimit: 0, reportCompressedSize: false },
});
