// A row of tests in which each begins where the one before it ended.

import { test } from "node:test";

/**
 * Makes a `step` to be used as `test` is; after a step that failed, the ones that build on it are skipped and not
 * waited for.
 *
 * @param {() => Promise<void>} picture keeps a picture of a failure.
 */
export function story(picture) {
  let broken;
  return (name, work) =>
    test(name, async (context) => {
      if (broken) return context.skip(`failed before: ${broken}`);
      try {
        return await work(context);
      } catch (error) {
        broken = name;
        await picture().catch(() => undefined);
        throw error;
      }
    });
}
