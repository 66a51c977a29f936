/** The key of `private_key_jwt`: made here or taken from a file; only its public half is ever shown. */
import { useState } from "react";
import type { EnvironmentName, IntegrationRow } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { KeyBox } from "../../parts/KeyBox";
import { useAccess } from "./access";
import fieldsCss from "../../parts/fields.module.css";

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
  // Nothing is asked before there is a row: see below.
  const of = async (ask: (environment: EnvironmentName, id: string) => Promise<string | null>) =>
    row === undefined ? null : ask(row.environment, row.id);
  const make = useCommand(() => of(backend.makeClientKey), { done });
  const take = useCommand(() => of(backend.chooseClientKey), { done });
  const key = made ?? row?.publicKey ?? null;
  if (row === undefined || !saved) return <p className="sm quiet">{t("form.keyFirstSave")}</p>;
  return (
    <div className={fieldsCss.ff} role="group" aria-label={t("form.key")}>
      <KeyBox needs="administer" shown={key} kept={key !== null} make={make} take={take} />
    </div>
  );
}
