/** The office register does not answer: what goes on, what waits, and how old what is seen of the others is. */
import { CloudSlashIcon } from "@navikt/aksel-icons";
import type { RegisterView } from "../bindings";
import { useTexts } from "../i18n/useTexts";
import { Icon } from "../parts/Icon";
import { testIds } from "../testids";
import { cx } from "../parts/cx";
import stateCss from "../parts/State.module.css";
import s from "./Recovered.module.css";

export function RegisterAway({ register: { untold, without } }: { register: RegisterView }) {
  const { t } = useTexts();
  const said = [
    t("register.away.text"),
    t(without ? "register.away.asks" : "register.away.waits"),
    untold > 0 && t("register.away.untold", { count: untold }),
  ];
  return (
    <section className={cx("paper pad", s.recovered)} role="status" data-testid={testIds.registerAway}>
      <p className="row b">
        <span className={cx(stateCss.state, stateCss.soon)}>
          <Icon of={CloudSlashIcon} />
        </span>
        {t("register.away.title")}
      </p>
      <p className="sm wraps">{said.filter((line) => line !== false).join(" ")}</p>
    </section>
  );
}
