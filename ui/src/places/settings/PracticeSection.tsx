/** The practice menu: what has been seen of the real authorities can be tried here, one situation at a time or several. */
import { useQueryClient } from "@tanstack/react-query";
import type { PracticeSituation } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { testIds } from "../../testids";
import { Section, SwitchRow } from "./parts";
import { situationsKey, useSituations } from "./useSettings";

export function PracticeSection() {
  const { environment } = useStart();
  return environment === "practice" ? <Situations /> : null;
}

function Situations() {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const { data = [] } = useSituations();
  const turn = useCommand((situation: PracticeSituation, on: boolean) => backend.switchPractice(situation, on), {
    done: (now) => {
      client.setQueryData(situationsKey, now);
    },
  });
  return (
    <Section title={t("practice.title")}>
      <p className="sm quiet">{t("practice.text")}</p>
      <div data-testid={testIds.practiceMenu}>
        {data.map(({ situation, on }) => (
          <SwitchRow
            key={situation}
            title={t(`practice.${situation}`)}
            on={on}
            testId={testIds.practiceSwitch}
            value={situation}
            onChange={(wanted) => {
              turn.run(situation, wanted);
            }}
          />
        ))}
      </div>
    </Section>
  );
}
