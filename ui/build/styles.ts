/** The style sheets as the window carries them. */
import postcss, { type ChildNode, type Declaration } from "postcss";
import type { Plugin } from "vite";

const PROPERTY = /--[a-z_][\w-]*/gi;

/** Colours, schemes, sizes and fonts of the theme that nothing is set in; `parts/Button.tsx` says which colours there are. */
const UNUSED =
  /\[data-(?:color="?(?:brand1|brand2|danger|info|success|warning)|color-scheme="?auto|typography="?secondary|size="?(?:sm|lg))\b/;

/**
 * Leaves out what the window never uses of Designsystemet: rules for colours and parts that nothing is made of, and
 * custom properties that no rule and no script reads.
 */
export function usedStyles(): Plugin {
  return {
    name: "used-styles",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = Object.values(bundle);
        const scripts = files.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
        for (const file of files) {
          if (file.type === "asset" && file.fileName.endsWith(".css")) file.source = lean(text(file.source), scripts);
        }
      },
    },
  };
}

const text = (source: string | Uint8Array) => (typeof source === "string" ? source : new TextDecoder().decode(source));

function lean(css: string, scripts: string): string {
  const root = postcss.parse(css);
  const words = new Set(scripts.match(/[\w-]+/g));
  const used = (selector: string) => !UNUSED.test(selector) && partsOf(selector).every((part) => words.has(part));
  root.walkRules((rule) => {
    const kept = rule.selectors.filter(used);
    if (kept.length === 0) emptied(rule);
    else if (kept.length < rule.selectors.length) rule.selector = kept.join(",");
  });
  const named = scripts.match(PROPERTY) ?? [];
  for (let idle: Declaration[] = [], first = true; first || idle.length > 0; first = false) {
    const read = new Set<string>(named);
    root.walk((node) => {
      const reading = node.type === "decl" ? node.value : node.type === "atrule" ? node.params : "";
      for (const name of reading.match(PROPERTY) ?? []) read.add(name);
    });
    idle = [];
    root.walkDecls(/^--/, (property) => {
      if (!read.has(property.prop)) idle.push(property);
    });
    idle.forEach(emptied);
  }
  return root.toString();
}

/** The parts of Designsystemet that an element must be for the selector to fit; what `:is` and `:not` say is left open. */
function partsOf(selector: string): string[] {
  let plain = selector;
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replace(/:[\w-]+\([^()]*\)/g, "");
  }
  return [...plain.matchAll(/\.(ds-[\w-]+)/g)].map(([, part = ""]) => part);
}

/** Takes a node away, and what has nothing in it afterwards. */
function emptied(node: ChildNode): void {
  const { parent } = node;
  node.remove();
  if (parent && parent.type !== "root" && parent.nodes?.length === 0) emptied(parent as ChildNode);
}
