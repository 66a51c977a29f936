/** The secret or the key of the client at Ansattporten: entered here, kept sealed, never shown again. */
import { useState } from "react";
import { useAnnounce } from "../parts/announce";
import type { WorkClientView } from "../bindings";
import { useCommand } from "../commands";
import { useTexts } from "../i18n/useTexts";
import { useBackend } from "../office";
import { Button } from "../parts/Button";
import { TextLine } from "../parts/fields";
import { KeyBox } from "../parts/KeyBox";
import { testIds } from "../testids";
import s from "./WorkClient.module.css";

export function WorkClient({ client }: { client: WorkClientView }) {
  return client.proof === "private_key_jwt" ? <Key client={client} /> : <Secret client={client} />;
}

/** While nobody could sign in without it, anybody may enter it; later it is the administrator's. */
const needed = ({ open }: WorkClientView) => (open ? {} : { needs: "administer" as const });

function Secret({ client }: { client: WorkClientView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const [secret, setSecret] = useState("");
  const save = useCommand(() => backend.setWorkSecret(secret), {
    done: () => {
      // The secret is where it belongs; nothing of it stays here.
      setSecret("");
      announce(t("work.secretKept"));
    },
  });
  return (
    <form
      className={s.client}
      data-testid={testIds.workClient}
      onSubmit={(event) => {
        event.preventDefault();
        if (secret.trim() !== "") save.run();
      }}
    >
      <TextLine
        label={t("form.secret")}
        note={t(client.secret === "kept" ? "form.secretKept" : "form.secretNote")}
        value={secret}
        secret
        testId={testIds.workSecret}
        onChange={setSecret}
      />
      <Button
        {...needed(client)}
        small
        variant="secondary"
        type="submit"
        busy={save.running}
        testId={testIds.workSecretSave}
      >
        {t("work.secretSave")}
      </Button>
    </form>
  );
}

function Key({ client }: { client: WorkClientView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const [key, setKey] = useState<string | null>(null);
  const done = (made: string | null) => {
    if (made !== null) setKey(made);
  };
  const make = useCommand(() => backend.makeWorkKey(), { done });
  const take = useCommand(() => backend.chooseWorkKey(), { done });
  const kept = client.secret === "kept";
  return (
    <div className={s.client} role="group" aria-label={t("form.key")} data-testid={testIds.workClient}>
      <KeyBox
        {...needed(client)}
        shown={key}
        instead={<p className="xs quiet">{t(kept ? "work.keyKept" : "work.keyMissing")}</p>}
        kept={kept}
        make={make}
        take={take}
      />
    </div>
  );
}
