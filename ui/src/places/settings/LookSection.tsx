/** Language, theme and text size. */
import { languages, messages } from "../../i18n";
import { useTexts } from "../../i18n/useTexts";
import { Segments } from "../../parts/Segments";
import { textSizes, themes, usePreferences } from "../../preferences";
import { testIds } from "../../testids";
import { Section, Setting } from "./parts";

export function LookSection() {
  const { t } = useTexts();
  const { preferences, set } = usePreferences();
  return (
    <Section title={t("settings.look")}>
      <Setting title={t("settings.language")}>
        <Segments
          label={t("settings.language")}
          testId={testIds.language}
          options={languages.map((value) => ({ value, text: messages[value]["language.name"], lang: value }))}
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
  );
}
