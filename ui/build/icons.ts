/** Aksel's icons as the window carries them. */
import type { Plugin } from "vite";

const ICON = /@navikt\/aksel-icons\/dist\/react\/esm\/[A-Z]\w*\.js$/;
const SHAPE = /React\.createElement\("(?!title")(\w+)", (\{[^{}]*\})/g;
const PATH = /^\{ fill: "currentColor",( fillRule: "evenodd",)? d: "([^"]+)"(?:, clipRule: "evenodd")? \}$/;
const DRAWN = new URL("../src/parts/drawn.tsx", import.meta.url).pathname;

/**
 * Takes the lines out of each icon's module; `parts/drawn.tsx` draws them. Titles, ids and references are of no use to
 * the window, whose icons stand beside words, and would be in it seventy times.
 */
export function iconsAsLines(): Plugin {
  return {
    name: "icons-as-lines",
    apply: "build",
    transform(source, id) {
      if (!ICON.test(id)) return null;
      const lines: string[] = [];
      const rules = new Set<string>();
      for (const [, tag = "", attributes = ""] of source.matchAll(SHAPE)) {
        const [, rule, line] = PATH.exec(attributes) ?? [];
        // One that is drawn otherwise stays as it is.
        if (tag !== "path" || line === undefined) return null;
        rules.add(rule === undefined ? "nonzero" : "evenodd");
        lines.push(line);
      }
      if (rules.size !== 1) return null;
      const given = [...rules, ...lines].map((text) => JSON.stringify(text)).join(", ");
      return {
        code: `import { drawn } from ${JSON.stringify(DRAWN)};\nexport default /* @__PURE__ */ drawn(${given});`,
        map: null,
      };
    },
  };
}
