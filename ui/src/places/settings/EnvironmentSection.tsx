/** Which authorities. Switching is deliberate: the dialog says what changes, and production is typed. */
import { ExclamationmarkTriangleIcon } from "@navikt/aksel-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useAnnounce } from "../../parts/announce";
import type { EnvironmentName, ErrorView, SettingsView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { EnvBadge } from "../../parts/EnvBadge";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { useRoute } from "../../router";
import { testIds } from "../../testids";
import { AddressDialog } from "./AddressDialog";
import { Section } from "./parts";
import { cx } from "../../parts/cx";
import linkCss from "../../parts/link.module.css";
import noteCss from "../../parts/note.module.css";
import fieldsCss from "../../parts/fields.module.css";
import envsCss from "./envs.module.css";
import s from "./EnvironmentSection.module.css";

const environments = ["practice", "test", "production"] as const;

export function EnvironmentSection({ settings }: { settings: SettingsView | undefined }) {
  const { t } = useTexts();
  const { environment } = useStart();
  const [wanted, setWanted] = useState<EnvironmentName | null>(null);
  const { place, id } = useRoute();
  // An address that is out of date leads here.
  const [addresses, setAddresses] = useState(place === "settings" && id === "addresses");
  const fixed = settings?.environmentFixed ?? false;
  return (
    <Section title={t("settings.env")}>
      <fieldset className={envsCss.envs}>
        <legend className="sr">{t("settings.env")}</legend>
        {environments.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="environment"
              value={name}
              checked={name === environment}
              disabled={fixed && name !== environment}
              data-testid={testIds.environmentChoice}
              data-value={name}
              onChange={() => {
                setWanted(name);
              }}
            />
            <span className={cx("row wrap", s.envRow)}>
              <EnvBadge environment={name} />
              <span className="sm quiet grow">{t(`settings.env.${name}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className={cx(noteCss.noteBox, noteCss.soon, "mt3")}>
        <Icon of={ExclamationmarkTriangleIcon} />
        <p>{fixed ? t("settings.envFixed") : t("settings.envWarning")}</p>
      </div>
      <p className="mt3">
        <button
          type="button"
          className={cx("ds-link", linkCss.aslink, "sm")}
          data-testid={testIds.showAddresses}
          onClick={() => {
            setAddresses(true);
          }}
        >
          {t("settings.network")}
        </button>
      </p>
      {wanted !== null && (
        <Switch
          to={wanted}
          onClose={() => {
            setWanted(null);
          }}
        />
      )}
      {addresses && settings && (
        <AddressDialog
          settings={settings}
          onClose={() => {
            setAddresses(false);
          }}
        />
      )}
    </Section>
  );
}

function Switch({ to, onClose }: { to: EnvironmentName; onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const announce = useAnnounce();
  const { environment, cards, session } = useStart();
  const [word, setWord] = useState("");
  const [refusal, setRefusal] = useState<ErrorView | null>(null);
  const [id, why, field] = [useId(), useId(), useId()];
  const change = useCommand(() => backend.switchEnvironment(to), {
    done: () => {
      onClose();
      announce(t("switch.done", { environment: t(`env.${to}`).toLowerCase() }));
      // Nothing of what was shown is true of the other authorities.
      void client.resetQueries();
    },
    refused: (error) => {
      setRefusal(error);
      return true;
    },
  });
  const wantedWord = t("switch.word");
  const typed = to !== "production" || word.trim().toLowerCase() === wantedWord;
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.switchDialog}>
      <h1 id={id}>{t(`switch.title.${to}`)}</h1>
      <p>{t(`switch.text.${to}`)}</p>
      <ul className={cx(s.dots, "mt3")}>
        {cards.length > 0 && <li>{t("switch.cards", { count: cards.length })}</li>}
        {session !== null && <li>{t("switch.signIn", { from: t(`env.${environment}`).toLowerCase() })}</li>}
        <li>{t("switch.apart")}</li>
      </ul>
      {to === "production" && (
        <div className="mt4">
          <label className="ds-label block" htmlFor={field}>
            {t("switch.type", { word: wantedWord })}
          </label>
          <input
            id={field}
            className="ds-input mt2"
            autoComplete="off"
            spellCheck={false}
            value={word}
            data-testid={testIds.switchWord}
            onChange={(event) => {
              setWord(event.target.value);
            }}
          />
        </div>
      )}
      {refusal && (
        <div className={cx(fieldsCss.framed, "mt3")} role="alert">
          <ErrorCard error={refusal} remedies={{ retry: change.run }} heading="h2" />
        </div>
      )}
      <div className="acts">
        <Button
          color={to === "production" ? "accent" : to}
          busy={change.running}
          shutBecause={typed ? undefined : why}
          testId={testIds.switchConfirm}
          needs="administer"
          onClick={() => {
            setRefusal(null);
            change.run();
          }}
        >
          {t(`switch.do.${to}`)}
        </Button>
        <Button variant="tertiary" testId={testIds.switchNot} data-autofocus onClick={onClose}>
          {t("action.notNow")}
        </Button>
      </div>
      {!typed && (
        <p id={why} className="xs quiet mt2">
          {t("switch.typeWhy")}
        </p>
      )}
    </Dialog>
  );
}
