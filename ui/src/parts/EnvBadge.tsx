/** Which authorities the program talks to: colour, icon and word. */
import { CodeIcon, HatSchoolFillIcon, ShieldCheckmarkFillIcon } from "@navikt/aksel-icons";
import type { EnvironmentName } from "../bindings";
import { useTexts } from "../i18n/useTexts";
import { Icon } from "./Icon";
import s from "./EnvBadge.module.css";

const icons = { practice: HatSchoolFillIcon, test: CodeIcon, production: ShieldCheckmarkFillIcon } as const;

export function EnvBadge({ environment, testId }: { environment: EnvironmentName; testId?: string }) {
  const { t } = useTexts();
  return (
    <span className={s.env} data-env={environment} data-testid={testId}>
      <Icon of={icons[environment]} small />
      {t(`env.${environment}`)}
    </span>
  );
}
