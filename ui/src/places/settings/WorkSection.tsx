/** The work account: the firm's rules, who has opened the program, what she may do. */
import { useCommand } from "../../commands";
import { WorkClient } from "../../signin/WorkClient";
import { orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { Section, Setting } from "./parts";

export function WorkSection() {
  const { t, time } = useTexts();
  const backend = useBackend();
  const { work } = useStart();
  const importing = useCommand(() => backend.importWorkPolicy());
  const guide = useCommand(() => backend.showWorkGuide());
  const lock = useCommand(() => backend.lockWork());
  const person = work?.person;
  return (
    <Section title={work?.firm ? t("work.account", { firm: work.firm }) : t("work.title")}>
      {work && person ? (
        <>
          <Setting
            title={person.name ?? t("value.nameless")}
            note={[
              ...person.organisations.map((one) =>
                [one.name, orgNumber(one.orgNumber)].filter((part) => part !== null).join(" "),
              ),
              ...(work.until ? [t("work.until", { time: time(work.until.until) })] : []),
            ].join(" · ")}
          >
            <Button small variant="secondary" testId={testIds.lockNow} onClick={lock.run}>
              {t("work.lock")}
            </Button>
          </Setting>
          {work.permissions.map(({ permission, companies }) => (
            <Setting
              key={permission}
              title={t(`work.${permission}`)}
              note={companies === null ? t("work.all") : companies.map(orgNumber).join(", ")}
            />
          ))}
          {work.client && (
            <>
              <Setting
                title={t("work.client")}
                note={
                  <>
                    <span className="block">
                      {work.client.clientId} · {t(`form.auth.${work.client.proof}`)}
                    </span>
                    <span className="block">{work.client.redirectUri}</span>
                  </>
                }
              />
              {work.client.proof !== "none" && <WorkClient client={work.client} />}
            </>
          )}
          {work.groupsCut && <p className="xs quiet">{t("work.groupsCut")}</p>}
        </>
      ) : (
        <p className="sm quiet">{t("work.none")}</p>
      )}
      <div className="row mt4">
        {!work?.administrators && (
          <Button
            small
            variant="secondary"
            testId={testIds.workImport}
            busy={importing.running}
            onClick={importing.run}
          >
            {t("work.import")}
          </Button>
        )}
        <Button small variant="tertiary" testId={testIds.workGuide} onClick={guide.run}>
          {t("work.guide")}
        </Button>
      </div>
    </Section>
  );
}
