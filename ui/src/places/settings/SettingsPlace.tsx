/** Innstillinger: how the window looks, which authorities, where receipts lie, and about the program. */
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { EnvBadge } from "../../parts/EnvBadge";
import { testIds } from "../../testids";
import { LookSection } from "./LookSection";
import { Section, Setting } from "./parts";

export function SettingsPlace() {
  const { t } = useTexts();
  const { environment, archiveFolder, version } = useStart();
  return (
    <div className="page">
      <div className="head">
        <h1 tabIndex={-1}>{t("place.settings")}</h1>
      </div>
      <div className="two-col">
        <div className="vstack">
          <LookSection />
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
        </div>
        <div className="vstack">
          {/* Reminders, then start-up. */}
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
