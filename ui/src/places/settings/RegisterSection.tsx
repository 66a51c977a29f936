/** The office register: which it is, as whom, whether it answers, and what it has not been told. */
import type { SettingsView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Section, Setting } from "./parts";

export function RegisterSection({ settings }: { settings: SettingsView | undefined }) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const register = settings?.register;
  if (!register) {
    return (
      <Section title={t("register.title")}>
        <p className="sm quiet" data-testid={testIds.registerPlace}>
          {t("register.none")}
        </p>
      </Section>
    );
  }
  const { database, hosts, role, desk, awaySince, waiting, notTaken } = register;
  return (
    <Section title={t("register.title")}>
      <div data-testid={testIds.registerPlace}>
        <Setting
          title={t("register.place", { database, hosts: hosts.join(", ") })}
          note={t("register.as", { role, desk })}
        >
          {awaySince === null ? (
            <State tone="ok">{t("register.answers")}</State>
          ) : (
            <State tone="soon">{t("register.silent", { since: dayAndTime(awaySince, now) })}</State>
          )}
        </Setting>
        <Setting
          title={t("register.outbox")}
          note={waiting === 0 ? t("register.told") : t("register.waiting", { count: waiting })}
        />
        {notTaken.map(({ filing, company, period, why }) => (
          <Setting key={filing} title={t("register.notTaken", { company, period })} note={why} />
        ))}
      </div>
    </Section>
  );
}
