/** The log for support, the shortcuts, the introduction once more, and what the program is made of. */
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Licences, SettingsView } from "../../bindings";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { Dialog } from "../../parts/Dialog";
import { ErrorCard } from "../../parts/ErrorCard";
import { testIds } from "../../testids";
import { Section, Setting } from "./parts";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";
import dialogCss from "../../parts/Dialog.module.css";
import s from "./HelpSection.module.css";

interface Props {
  settings: SettingsView | undefined;
  onHelp: () => void;
  onIntro: () => void;
}

export function HelpSection({ settings, onHelp, onIntro }: Props) {
  const { t } = useTexts();
  const { version } = useStart();
  const [shown, setShown] = useState<"log" | "about" | null>(null);
  const close = () => {
    setShown(null);
  };
  return (
    <Section title={t("settings.help")}>
      <Setting title={t("settings.log")} note={t("settings.logText")}>
        <Button
          small
          variant="secondary"
          testId={testIds.showLog}
          onClick={() => {
            setShown("log");
          }}
        >
          {t("settings.showLog")}
        </Button>
      </Setting>
      <Setting title={t("settings.shortcuts")} note={t("settings.shortcutsText")}>
        <Button
          small
          variant="secondary"
          testId={testIds.showShortcuts}
          aria-label={`${t("settings.show")}: ${t("settings.shortcuts")}`}
          onClick={onHelp}
        >
          {t("settings.show")}
        </Button>
      </Setting>
      <Setting title={t("settings.intro")} note={t("settings.introText")}>
        <Button
          small
          variant="secondary"
          testId={testIds.showIntro}
          aria-label={`${t("settings.show")}: ${t("settings.intro")}`}
          onClick={onIntro}
        >
          {t("settings.show")}
        </Button>
      </Setting>
      <Setting
        title={t("settings.about")}
        note={
          <>
            <span data-testid={testIds.version}>{t("settings.versionLicences", { v: version })}</span>
            <span className="block">{t("settings.aboutText")}</span>
          </>
        }
      >
        <Button
          small
          variant="secondary"
          testId={testIds.showAbout}
          aria-label={`${t("settings.aboutOpen")}: ${t("settings.about")}`}
          onClick={() => {
            setShown("about");
          }}
        >
          {t("settings.aboutOpen")}
        </Button>
      </Setting>
      {shown === "log" && <LogDialog onClose={close} />}
      {shown === "about" && <AboutDialog settings={settings} onClose={close} />}
    </Section>
  );
}

function LogDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const id = useId();
  const [file, setFile] = useState<string | null>(null);
  const log = useQuery({ queryKey: ["log"], queryFn: () => backend.supportLog(), staleTime: 0, gcTime: 0 });
  const save = useCommand((text: string) => backend.saveSupportLog(text), {
    done: setFile,
    refused: () => {
      onClose();
      return false;
    },
  });
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.logDialog} className={dialogCss.broad}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("log.title")}
      </h1>
      <p>{t("log.text")}</p>
      {log.error !== null && <ErrorCard error={errorView(log.error)} remedies={{ retry: () => void log.refetch() }} />}
      {log.data !== undefined && (
        // Read with the keyboard too: it scrolls.
        <pre
          className={cx(s.logtext, "mt3")}
          tabIndex={0}
          role="region"
          aria-label={t("log.what")}
          data-testid={testIds.logText}
        >
          {log.data}
        </pre>
      )}
      <p className={cx(noteCss.noteBox, noteCss.ok, "mt3 breaks", noteCss.onecol)} role="status" hidden={file === null}>
        {file !== null && t("log.saved", { file })}
      </p>
      <div className="acts">
        <Copy
          text={log.data ?? ""}
          what={t("log.what")}
          label={t("action.copyAll")}
          variant="secondary"
          testId={testIds.logCopy}
        />
        <Button
          small
          variant="secondary"
          busy={save.running}
          testId={testIds.logSave}
          onClick={() => {
            if (log.data !== undefined) save.run(log.data);
          }}
        >
          {t("log.save")}
        </Button>
        <Button small variant="tertiary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}

function AboutDialog({ settings, onClose }: { settings: SettingsView | undefined; onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { version } = useStart();
  const id = useId();
  const licences = useQuery({ queryKey: ["licences"], queryFn: () => backend.licences() });
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.aboutDialog} className={dialogCss.broad}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("about.title")}
      </h1>
      <p className="b">{t("settings.version", { v: version })}</p>
      <p className="sm quiet breaks">
        {settings && t("about.system", { system: settings.system, folder: settings.dataFolder })}
      </p>
      <p className="mt2">{t("settings.aboutText")}</p>
      {licences.error !== null && (
        <ErrorCard error={errorView(licences.error)} remedies={{ retry: () => void licences.refetch() }} />
      )}
      {licences.data && <Parts licences={licences.data} />}
      <div className="acts">
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}

function Parts({ licences }: { licences: Licences }) {
  const { t } = useTexts();
  const [text, setText] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const [search, heading] = [useId(), useId()];
  const wanted = text.trim().toLowerCase();
  const found = licences.parts.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <section className="mt3" aria-labelledby={heading}>
      <p>{t("about.licence", { count: licences.parts.length })}</p>
      <h2 id={heading} className="mt3">
        {t("about.parts")}
      </h2>
      <label className="sr" htmlFor={search}>
        {t("about.search")}
      </label>
      <input
        id={search}
        className="ds-input mt2"
        type="search"
        placeholder={t("about.search")}
        value={text}
        data-testid={testIds.aboutSearch}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <ul className={cx(s.licences, "mt2")}>
        {found.map(({ name, version, licence, texts }) => {
          const key = `${name} ${version}`;
          return (
            <li key={key} data-testid={testIds.aboutPart}>
              <button
                type="button"
                aria-expanded={open === key}
                onClick={() => {
                  setOpen(open === key ? null : key);
                }}
              >
                <span className="b ell">{name}</span>
                <span className="quiet tab">{version}</span>
                <span className="quiet ell">{licence}</span>
              </button>
              {open === key &&
                (texts.length === 0 ? (
                  <p className="sm quiet">{t("about.noText")}</p>
                ) : (
                  texts.map((index) => <pre key={index}>{licences.texts[index]}</pre>)
                ))}
            </li>
          );
        })}
        {found.length === 0 && <li className="sm quiet">{t("about.none")}</li>}
      </ul>
    </section>
  );
}
