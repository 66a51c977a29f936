/** What of the folders that were opened has no row of its own: told when it happens, and kept in the bell until it is put away. */
import { useCallback, useEffect, useState } from "react";
import type { PassedView } from "../bindings";
import { useTexts } from "../i18n/useTexts";
import { useBackend } from "../office";
import { useTell } from "../parts/announce";

export interface PassedBy {
  passed: PassedView | null;
  /** It is looked at. */
  open: boolean;
  show: (open: boolean) => void;
  /** It is put away. */
  clear: () => void;
}

/** A sentence for each kind of what was passed by. */
export function usePassedWords(): (passed: PassedView) => string {
  const { t } = useTexts();
  return useCallback(
    ({ others, hidden }: PassedView) =>
      [others > 0 ? t("passed.others", { count: others }) : "", hidden > 0 ? t("passed.hidden", { count: hidden }) : ""]
        .filter((part) => part !== "")
        .join(" "),
    [t],
  );
}

/** Two folders in a row: the second must not take the first one's names away. */
const together = (before: PassedView | null, now: PassedView): PassedView =>
  before === null
    ? now
    : {
        hidden: before.hidden + now.hidden,
        again: before.again + now.again,
        others: before.others + now.others,
        leftOut: before.leftOut + now.leftOut,
        named: [...before.named, ...now.named.filter(({ file }) => before.named.every((known) => known.file !== file))],
      };

export function usePassedBy(): PassedBy {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const words = usePassedWords();
  const [passed, setPassed] = useState<PassedView | null>(null);
  const [open, setOpen] = useState(false);
  useEffect(
    () =>
      backend.onOfficeEvent(
        (event) => {
          if (event.kind !== "passed") return;
          setPassed((before) => together(before, event.passed));
          const deed = {
            label: t("passed.show"),
            run: () => {
              setOpen(true);
            },
          };
          tell(words(event.passed), event.passed.named.length > 0 ? deed : undefined, true);
        },
        () => undefined,
      ),
    [backend, t, tell, words],
  );
  const clear = useCallback(() => {
    setPassed(null);
    setOpen(false);
  }, []);
  return { passed, open, show: setOpen, clear };
}
