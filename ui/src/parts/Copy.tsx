/** Copy buttons: bare digits to the clipboard, through the shell. */
import { CheckmarkIcon, FilesIcon } from "@navikt/aksel-icons";
import { useEffect, useState } from "react";
import { useAnnounce } from "./announce";
import { useCommand } from "../commands";
import { useTexts } from "../i18n/useTexts";
import { useBackend } from "../office";
import { Button } from "./Button";
import s from "./Copy.module.css";

interface Props {
  /** What is put on the clipboard. */
  text: string;
  /** What it is, for the announcement and the accessible name. */
  what: string;
  label?: string;
  variant?: "secondary" | "tertiary";
  testId?: string;
}

const SHOWN_MS = 2500;

export function Copy({ text, what, label, variant = "tertiary", testId }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(0);
  const copy = useCommand(() => backend.copyText(text), {
    done: () => {
      setCopied((times) => times + 1);
      announce(t("a11y.copied", { what }));
    },
  });
  useEffect(() => {
    if (copied === 0) return undefined;
    const timer = setTimeout(() => {
      setCopied(0);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  const word = label ?? t("action.copy");
  return (
    <Button
      variant={variant}
      small
      icon={copied > 0 ? CheckmarkIcon : FilesIcon}
      aria-label={label === undefined ? t("action.copyWhat", { what }) : undefined}
      onClick={() => {
        copy.run();
      }}
      {...(testId === undefined ? {} : { testId })}
    >
      <span className={s.swap}>
        <span data-shown={copied === 0 || undefined}>{word}</span>
        <span data-shown={copied > 0 || undefined} aria-hidden={copied === 0 || undefined}>
          {t("action.copied")}
        </span>
      </span>
    </Button>
  );
}
