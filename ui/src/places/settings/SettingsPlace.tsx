/** Innstillinger: how the window looks, which authorities, where receipts lie, and help. */
import { errorView } from "../../backend/backend";
import { useTexts } from "../../i18n/useTexts";
import { ErrorCard } from "../../parts/ErrorCard";
import { ArchiveSection } from "./ArchiveSection";
import { Doctor } from "./Doctor";
import { KeepingSection } from "./KeepingSection";
import { EnvironmentSection } from "./EnvironmentSection";
import { HelpSection } from "./HelpSection";
import { LookSection } from "./LookSection";
import { MemorySection } from "./MemorySection";
import { PracticeSection } from "./PracticeSection";
import { RemindersSection, StartupSection } from "./Reminders";
import { useSettings } from "./useSettings";
import { Updates } from "./Updates";
import { WorkSection } from "./WorkSection";

interface Props {
  onHelp: () => void;
  onIntro: () => void;
}

export function SettingsPlace({ onHelp, onIntro }: Props) {
  const { t } = useTexts();
  const settings = useSettings();
  return (
    <div className="page">
      <div className="head">
        <h1 tabIndex={-1}>{t("place.settings")}</h1>
      </div>
      {settings.error !== null && (
        <div className="paper">
          <ErrorCard error={errorView(settings.error)} remedies={{ retry: () => void settings.refetch() }} />
        </div>
      )}
      <div className="two-col">
        <div className="vstack">
          <LookSection />
          <EnvironmentSection settings={settings.data} />
          <PracticeSection />
          <WorkSection />
          <KeepingSection settings={settings.data} />
          <ArchiveSection />
          <MemorySection />
        </div>
        <div className="vstack">
          <RemindersSection />
          <StartupSection />
          <HelpSection settings={settings.data} onHelp={onHelp} onIntro={onIntro} />
          <Updates />
          <Doctor />
        </div>
      </div>
    </div>
  );
}
