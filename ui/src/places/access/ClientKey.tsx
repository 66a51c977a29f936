/** The key of `private_key_jwt`: made here or taken from a file; only its public half is ever shown. */
import { FileImportIcon, KeyHorizontalIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { IntegrationRow } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { testIds } from "../../testids";
import { useAccess } from "./access";

export function ClientKey({ row, saved }: { row: IntegrationRow | undefined; saved: boolean }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { again } = useAccess();
  const [made, setMade] = useState<string | null>(null);
  const done = (key: string | null) => {
    if (key === null) return;
    setMade(key);
    void again();
  };
  const make = useCommand((it: IntegrationRow) => backend.makeClientKey(it.environment, it.id), { done });
  const take = useCommand((it: IntegrationRow) => backend.chooseClientKey(it.environment, it.id), { done });
  const key = made ?? row?.publicKey ?? null;
  if (row === undefined || !saved) return <p className="sm quiet">{t("form.keyFirstSave")}</p>;
  return (
    <div className="ff" role="group" aria-label={t("form.key")}>
      <p className="ds-label">{t("form.key")}</p>
      {key !== null && (
        <>
          <pre className="jwk" data-testid={testIds.publicKey}>
            {key}
          </pre>
          <p className="xs quiet">{t("form.keyText")}</p>
        </>
      )}
      <div className="row wrap">
        {key !== null && (
          <Copy text={key} what={t("form.publicKey")} label={t("form.copyKey")} testId={testIds.copyKey} />
        )}
        <Button
          small
          variant="secondary"
          icon={KeyHorizontalIcon}
          busy={make.running}
          testId={testIds.makeKey}
          needs="administer"
          onClick={() => {
            make.run(row);
          }}
        >
          {t(key === null ? "form.makeKey" : "form.makeNewKey")}
        </Button>
        <Button
          small
          variant="tertiary"
          icon={FileImportIcon}
          busy={take.running}
          testId={testIds.importKey}
          needs="administer"
          onClick={() => {
            take.run(row);
          }}
        >
          {t("form.importKey")}
        </Button>
      </div>
    </div>
  );
}
