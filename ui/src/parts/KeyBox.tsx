/** A client's key: made here or taken from a file; only its public half is ever shown. */
import { FileImportIcon, KeyHorizontalIcon } from "@navikt/aksel-icons";
import type { ReactNode } from "react";
import { useTexts } from "../i18n/useTexts";
import { testIds } from "../testids";
import { Button } from "./Button";
import { Copy } from "./Copy";
import s from "./KeyBox.module.css";

interface Doing {
  running: boolean;
  run: () => void;
}

interface Props {
  /** The public half, when it can be shown. */
  shown: string | null;
  /** What stands in its place. */
  instead?: ReactNode;
  /** There is a key already: another one takes its place. */
  kept: boolean;
  make: Doing;
  take: Doing;
  needs?: "administer";
}

export function KeyBox({ shown, instead, kept, make, take, needs }: Props) {
  const { t } = useTexts();
  const needed = needs ? { needs } : {};
  return (
    <>
      <p className="ds-label">{t("form.key")}</p>
      {shown === null ? (
        instead
      ) : (
        <>
          <pre className={s.jwk} data-testid={testIds.publicKey}>
            {shown}
          </pre>
          <p className="xs quiet">{t("form.keyText")}</p>
        </>
      )}
      <div className="row wrap">
        {shown !== null && (
          <Copy text={shown} what={t("form.publicKey")} label={t("form.copyKey")} testId={testIds.copyKey} />
        )}
        <Button
          {...needed}
          small
          variant="secondary"
          icon={KeyHorizontalIcon}
          busy={make.running}
          testId={testIds.makeKey}
          onClick={make.run}
        >
          {t(kept ? "form.makeNewKey" : "form.makeKey")}
        </Button>
        <Button
          {...needed}
          small
          variant="tertiary"
          icon={FileImportIcon}
          busy={take.running}
          testId={testIds.importKey}
          onClick={take.run}
        >
          {t("form.importKey")}
        </Button>
      </div>
    </>
  );
}
