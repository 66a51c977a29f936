/** Running a command of the backend from a button: whether it runs, and where its refusal goes. */
import { createContext, useCallback, useContext, useState } from "react";
import type { ErrorView } from "./bindings";
import { errorView } from "./backend/backend";

/** Where a refusal is shown that has no place of its own: one at a time, above the content. */
export const ShowProblem = createContext<(problem: Problem | null) => void>(() => undefined);

export interface Problem {
  error: ErrorView;
  /** Does again what failed. */
  retry?: (() => void) | undefined;
}

export interface Command<A extends unknown[]> {
  run: (...args: A) => void;
  running: boolean;
}

interface Then<T> {
  done?: ((value: T) => void) | undefined;
  /** Takes the refusal; gives back whether it did. */
  refused?: ((error: ErrorView) => boolean) | undefined;
}

/** A button's command: not twice at once, and no refusal is lost. */
export function useCommand<A extends unknown[], T>(
  command: (...args: A) => Promise<T>,
  then: Then<T> = {},
): Command<A> {
  const show = useContext(ShowProblem);
  const [running, setRunning] = useState(false);
  const run = useCallback(
    (...args: A) => {
      const attempt = async () => {
        setRunning(true);
        try {
          const value = await command(...args);
          show(null);
          then.done?.(value);
        } catch (thrown) {
          const error = errorView(thrown);
          if (then.refused?.(error) !== true) show({ error, retry: () => void attempt() });
        } finally {
          setRunning(false);
        }
      };
      if (!running) void attempt();
    },
    [command, then, running, show],
  );
  return { run, running };
}
