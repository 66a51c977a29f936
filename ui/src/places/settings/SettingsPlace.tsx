/** Innstillinger: how the window looks, which authorities, where receipts lie, and help. */
import { useRef, useState, type ReactNode } from "react";
import { errorView } from "../../backend/backend";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { cx } from "../../parts/cx";
import { testIds } from "../../testids";
import { ArchiveSection } from "./ArchiveSection";
import { Doctor } from "./Doctor";
import { KeepingSection } from "./KeepingSection";
import { EnvironmentSection } from "./EnvironmentSection";
import { HelpSection } from "./HelpSection";
import { LookSection } from "./LookSection";
import { MemorySection } from "./MemorySection";
import { PracticeSection } from "./PracticeSection";
import { RegisterSection } from "./RegisterSection";
import { RemindersSection, StartupSection } from "./Reminders";
import { useAnswered, useSettings } from "./useSettings";
import { Updates } from "./Updates";
import { WorkSection } from "./WorkSection";
import nothingCss from "../../parts/nothing.module.css";
import s from "./SettingsPlace.module.css";

interface Props {
  onHelp: () => void;
  onIntro: () => void;
}

/** What is changed often comes first; what is for a few, or for bad days, last. */
function useSections({ onHelp, onIntro }: Props): [key: string, title: string, section: ReactNode][] {
  const { t } = useTexts();
  const { environment, work } = useStart();
  const settings = useSettings();
  return [
    ["look", t("settings.look"), <LookSection key="look" />],
    ["environment", t("settings.env"), <EnvironmentSection key="environment" settings={settings.data} />],
    ["reminders", t("settings.reminders"), <RemindersSection key="reminders" />],
    ["startup", t("settings.startup"), <StartupSection key="startup" />],
    ["archive", t("settings.archive"), <KeepingSection key="archive" settings={settings.data} />],
    ["control", t("archive.title"), <ArchiveSection key="control" />],
    ["memory", t("memory.title"), <MemorySection key="memory" />],
    ["work", work?.firm ? t("work.account", { firm: work.firm }) : t("work.title"), <WorkSection key="work" />],
    ["register", t("register.title"), <RegisterSection key="register" settings={settings.data} />],
    ["help", t("settings.help"), <HelpSection key="help" settings={settings.data} onHelp={onHelp} onIntro={onIntro} />],
    ["updates", t("update.title"), <Updates key="updates" />],
    ["doctor", t("doctor.title"), <Doctor key="doctor" />],
    ...(environment === "practice"
      ? [["practice", t("practice.title"), <PracticeSection key="practice" />] as [string, string, ReactNode]]
      : []),
  ];
}

export function SettingsPlace(props: Props) {
  const { t } = useTexts();
  const settings = useSettings();
  const answered = useAnswered();
  const sections = useSections(props);
  const box = useRef<HTMLDivElement>(null);
  /** The sections that a search leaves; all where nothing is sought. */
  const [found, setFound] = useState<ReadonlySet<string> | null>(null);
  const [text, setText] = useState("");
  const parts = () => [...(box.current?.querySelectorAll<HTMLElement>("[data-section]") ?? [])];
  const search = (wanted: string) => {
    setText(wanted);
    const word = wanted.trim().toLowerCase();
    // What a section says is what it is found by: its rows come when they have been asked for.
    const its = parts().filter(({ textContent }) => textContent.toLowerCase().includes(word));
    setFound(word === "" ? null : new Set(its.flatMap(({ dataset }) => dataset.section ?? [])));
  };
  const show = (key: string) => {
    const part = parts().find(({ dataset }) => dataset.section === key);
    part?.scrollIntoView({ block: "start" });
    part?.focus({ preventScroll: true });
  };
  const shown = sections.filter(([key]) => found?.has(key) ?? true);
  return (
    <div className="page">
      <div className="head">
        <h1 tabIndex={-1}>{t("place.settings")}</h1>
        <div className={cx("ds-search", s.search)}>
          <input
            className="ds-input"
            type="search"
            value={text}
            placeholder={t("settings.search")}
            aria-label={t("settings.search")}
            data-testid={testIds.settingsSearch}
            onChange={(event) => {
              search(event.target.value);
            }}
          />
        </div>
      </div>
      {settings.error !== null && (
        <div className="paper">
          <ErrorCard error={errorView(settings.error)} remedies={{ retry: () => void settings.refetch() }} />
        </div>
      )}
      <div className={s.both}>
        <nav className={s.list} aria-label={t("settings.contents")}>
          <ul>
            {shown.map(([key, title]) => (
              <li key={key}>
                <button
                  type="button"
                  className="plain"
                  data-testid={testIds.settingsSection}
                  data-value={key}
                  onClick={() => {
                    show(key);
                  }}
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div className={cx("vstack", s.sections)} ref={box}>
          {(answered ? sections : []).map(([key, , section]) => (
            <div key={key} data-section={key} tabIndex={-1} hidden={!(found?.has(key) ?? true)}>
              {section}
            </div>
          ))}
          {shown.length === 0 && (
            <div className={cx("paper pad", nothingCss.nothing)}>
              <p className="b">{t("settings.noHits")}</p>
              <div className="row mt3">
                <Button
                  small
                  variant="secondary"
                  onClick={() => {
                    search("");
                  }}
                >
                  {t("history.reset")}
                </Button>
              </div>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
