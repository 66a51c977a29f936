/** Names that only tests look for. */
import type { Plugin } from "vite";
import { testIds } from "../src/testids.ts";

/** Puts each name of an element where it is used, so that the list of them need not be carried. */
export function inlineTestIds(): Plugin {
  const names: Readonly<Record<string, string>> = testIds;
  return {
    name: "inline-test-ids",
    apply: "build",
    enforce: "pre",
    transform(source, id) {
      if (!/\/ui\/src\/.*\.tsx?$/.test(id) || !source.includes("testIds.")) return null;
      const code = source.replace(/\btestIds\.(\w+)/g, (_, name: string) =>
        JSON.stringify(names[name] ?? this.error(`There is no test id ${name}`)),
      );
      return { code, map: null };
    },
  };
}
