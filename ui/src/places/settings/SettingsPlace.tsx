/** Innstillinger: language, theme, text size; environment and archive as they are; about the program. */
import { useId, type ReactNode } from "react";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { EnvBadge } from "../../parts/EnvBadge";
import { usePreferences, textSizes } from "../../preferences";
import { testIds, type TestId } from "../../testids";

const languages = ["nb", "nn", "en"] as const;
const themes = ["system", "light", "dark"] as const;

export function SettingsPlace() {
  const { t } = useTexts();
  const { environment, archiveFolder, version } = useStart();
  const { preferences, set } = usePreferences();
  return (
    <div className="page">
      <div className="head">
        <h1 tabIndex={-1}>{t("place.settings")}</h1>
      </div>
      <div className="two-col">
        <div className="vstack">
          <Section title={t("settings.look")}>
            <Setting title={t("settings.language")}>
              <Segments
                label={t("settings.language")}
                testId={testIds.language}
                options={languages.map((value) => ({ value, text: t(`settings.${value}`), lang: value }))}
                chosen={preferences.language}
                onChoose={(language) => {
                  set({ language });
                }}
              />
            </Setting>
            <Setting title={t("settings.theme")}>
              <Segments
                label={t("settings.theme")}
                testId={testIds.theme}
                options={themes.map((value) => ({ value, text: t(`settings.${value}`) }))}
                chosen={preferences.theme}
                onChoose={(theme) => {
                  set({ theme });
                }}
              />
            </Setting>
            <Setting title={t("settings.textSize")} note={t("settings.textKeys")}>
              <Segments
                label={t("settings.textSize")}
                testId={testIds.textSize}
                options={textSizes.map((value) => ({ value, text: `${String(value)} %` }))}
                chosen={preferences.textSize}
                onChoose={(textSize) => {
                  set({ textSize });
                }}
              />
            </Setting>
          </Section>
        </div>
        <div className="vstack">
          <Section title={t("settings.env")}>
            <div className="row top">
              <EnvBadge environment={environment} />
              <p className="sm quiet grow">{t(`settings.env.${environment}`)}</p>
            </div>
          </Section>
          <Section title={t("settings.archive")}>
            <Setting title={t("settings.archiveFolder")} note={t("settings.archiveKept")}>
              <span className="sm breaks" data-testid={testIds.archiveFolder}>
                {archiveFolder}
              </span>
            </Setting>
          </Section>
          <Section title={t("settings.about")}>
            <Setting title="Momsbud" note={t("settings.aboutText")}>
              <span className="sm tab" data-testid={testIds.version}>
                {t("settings.version", { v: version })}
              </span>
            </Setting>
          </Section>
        </div>
      </div>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="paper pad" aria-labelledby={id}>
      <h2 id={id} className="mb1">
        {title}
      </h2>
      {children}
    </section>
  );
}

function Setting({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <div className="setrow">
      <div>
        <p className="b sm">{title}</p>
        {note !== undefined && <p className="xs quiet">{note}</p>}
      </div>
      {children}
    </div>
  );
}

interface SegmentsProps<T extends string | number> {
  label: string;
  testId: TestId;
  options: { value: T; text: string; lang?: string }[];
  chosen: T;
  onChoose: (value: T) => void;
}

function Segments<T extends string | number>({ label, testId, options, chosen, onChoose }: SegmentsProps<T>) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {options.map(({ value, text, lang }) => (
        <button
          key={value}
          type="button"
          lang={lang}
          aria-pressed={value === chosen}
          data-testid={testId}
          data-value={value}
          onClick={() => {
            onChoose(value);
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
