/** The authorities' addresses, and proxy and certificates as the system has them. */
import { useId, useState } from "react";
import { useAnnounce } from "../../parts/announce";
import type { AddressView, EnvironmentName, ErrorView, NetworkView, SettingsView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { ErrorCard } from "../../parts/ErrorCard";
import { Segments } from "../../parts/Segments";
import { testIds } from "../../testids";
import { useNewSettings } from "./useSettings";
import { cx } from "../../parts/cx";
import dialogCss from "../../parts/Dialog.module.css";
import fieldsCss from "../../parts/fields.module.css";
import s from "./AddressDialog.module.css";

export function AddressDialog({ settings, onClose }: { settings: SettingsView; onClose: () => void }) {
  const { t } = useTexts();
  const id = useId();
  const [chosen, setChosen] = useState<EnvironmentName>(settings.environment);
  const shown = settings.addresses.find(({ environment }) => environment === chosen);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.addressDialog} className={dialogCss.broad}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("settings.network")}
      </h1>
      <section className="mt4" aria-label={t("address.title")}>
        <div className="row between wrap">
          <h2>{t("address.title")}</h2>
          <Segments
            label={t("address.environments")}
            testId={testIds.environmentChoice}
            options={settings.addresses.map(({ environment }) => ({
              value: environment,
              text: t(`env.${environment}`),
            }))}
            chosen={chosen}
            onChoose={setChosen}
          />
        </div>
        <p className="sm quiet mt2">{shown?.editable === true ? t("address.text") : t("address.practice")}</p>
        {shown?.rows.map((row) => (
          <Address key={`${chosen} ${row.name}`} environment={chosen} row={row} editable={shown.editable} />
        ))}
      </section>
      <Network network={settings.network} />
      <div className="acts">
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}

function Address({
  environment,
  row,
  editable,
}: {
  environment: EnvironmentName;
  row: AddressView;
  editable: boolean;
}) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const show = useNewSettings();
  const { refresh } = useOffice();
  const [draft, setDraft] = useState(row.value);
  const [refusal, setRefusal] = useState<ErrorView | null>(null);
  const [field, note] = [useId(), useId()];
  const save = useCommand((value: string | null) => backend.setAddress(environment, row.name, value), {
    done: (view) => {
      // In the system's dialog she said no.
      if (view === null) return;
      const kept = view.addresses
        .find((known) => known.environment === environment)
        ?.rows.find(({ name }) => name === row.name);
      setDraft(kept?.value ?? row.preset);
      setRefusal(null);
      show(view);
      announce(t("address.saved"));
      // The office of the environment in use was opened anew.
      void refresh();
    },
    refused: (error) => {
      setRefusal(error);
      return true;
    },
  });
  const changed = row.value !== row.preset;
  return (
    <form
      className={s.address}
      onSubmit={(event) => {
        event.preventDefault();
        save.run(draft);
      }}
    >
      <label className="ds-label" htmlFor={field}>
        {t(`address.${row.name}`)}
      </label>
      <div className="row wrap">
        <input
          id={field}
          className="ds-input grow"
          type="text"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          readOnly={!editable}
          value={draft}
          aria-invalid={refusal !== null || undefined}
          aria-describedby={changed ? note : undefined}
          data-testid={testIds.address}
          data-value={row.name}
          onChange={(event) => {
            setDraft(event.target.value);
          }}
        />
        {editable && draft !== row.value && (
          <Button small type="submit" busy={save.running} testId={testIds.addressSave} needs="administer">
            {t("address.save")}
          </Button>
        )}
        {editable && changed && draft === row.value && (
          <Button
            small
            variant="tertiary"
            busy={save.running}
            testId={testIds.addressReset}
            needs="administer"
            onClick={() => {
              save.run(null);
            }}
          >
            {t("address.reset")}
          </Button>
        )}
      </div>
      {changed && (
        <p id={note} className="xs quiet breaks">
          {t("address.changed", { preset: row.preset })}
        </p>
      )}
      {refusal && (
        <div className={cx(fieldsCss.framed, s.framed)} role="alert">
          <ErrorCard error={refusal} remedies={{}} heading="h3" testId={testIds.addressProblem} />
        </div>
      )}
    </form>
  );
}

function Network({ network }: { network: NetworkView }) {
  const { t } = useTexts();
  const { proxies, bypass, certificates } = network;
  return (
    <>
      <section className="mt5" aria-label={t("proxy.title")}>
        <h2>{t("proxy.title")}</h2>
        <p className="sm quiet">{t("proxy.text")}</p>
        <table className={cx(s.plaintable, "sm mt2")}>
          <caption className="sr">{t("proxy.title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("proxy.host")}</th>
              <th scope="col">{t("proxy.way")}</th>
            </tr>
          </thead>
          <tbody>
            {proxies.map(({ host, proxy }) => (
              <tr key={host} data-testid={testIds.proxy} data-host={host}>
                <td className="breaks">{host}</td>
                <td className="breaks">{proxy ?? t("proxy.direct")}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {bypass !== null && <p className="xs quiet breaks mt2">{t("proxy.bypass", { hosts: bypass })}</p>}
      </section>
      <section className="mt5" aria-label={t("certificates.title")} data-testid={testIds.certificates}>
        <h2>{t("certificates.title")}</h2>
        <p className="sm breaks">
          {certificates.source === "system"
            ? t("certificates.system")
            : t("certificates.variable", { path: certificates.path ?? "" })}{" "}
          {certificates.count !== null && t("certificates.count", { count: certificates.count })}
        </p>
        {certificates.problems.map((what) => (
          <p key={what} className="sm tx-bad breaks">
            {t("certificates.problem", { what })}
          </p>
        ))}
      </section>
    </>
  );
}
