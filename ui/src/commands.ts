/** Running a command of the backend from a button: whether it runs, and where its refusal goes. */
import { useMutation } from "@tanstack/react-query";
import { createContext, useCallback, useContext } from "react";
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

export interface Then<T> {
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
  const { mutate, isPending: running } = useMutation({
    mutationFn: (args: A) => command(...args),
    // The shell is on this computer: nothing waits for a network, and nothing is tried again unasked.
    networkMode: "always",
    retry: false,
    // What was typed may be a secret: it is not remembered.
    gcTime: 0,
    onSuccess: (value) => {
      show(null);
      then.done?.(value);
    },
    onError: (thrown, args) => {
      const error = errorView(thrown);
      if (then.refused?.(error) !== true)
        show({
          error,
          retry: () => {
            mutate(args);
          },
        });
    },
  });
  const run = useCallback(
    (...args: A) => {
      if (!running) mutate(args);
    },
    [mutate, running],
  );
  return { run, running };
}
