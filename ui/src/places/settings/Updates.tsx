/** Updates of the program: looked for when a person asks, with what is new, and never installed while a return is filed. */
import { useState } from "react";
import type { UpdateView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { Section, Setting } from "./parts";
import { cx } from "../../parts/cx";
import s from "./Updates.module.css";

export function Updates() {
  const { t } = useTexts();
  const backend = useBackend();
  const { version } = useStart();
  const [found, setFound] = useState<UpdateView | null>(null);
  const look = useCommand(() => backend.lookForUpdate(), { done: setFound });
  const install = useCommand(() => backend.installUpdate(), { done: setFound });
  return (
    <Section title={t("update.title")}>
      <Setting title={t("settings.version", { v: version })}>
        <Button small variant="secondary" busy={look.running} testId={testIds.updateLook} onClick={look.run}>
          {t("update.look")}
        </Button>
      </Setting>
      <div role="status">
        {found && (
          <div data-testid={testIds.update} data-kind={found.kind}>
            <Found found={found} />
          </div>
        )}
      </div>
      {found?.kind === "available" && (
        <Button small busy={install.running} testId={testIds.updateInstall} onClick={install.run}>
          {t("update.install")}
        </Button>
      )}
    </Section>
  );
}

function Found({ found }: { found: UpdateView }) {
  const { t } = useTexts();
  switch (found.kind) {
    case "unset":
    case "packaged":
      return <p className="sm breaks">{t(`update.${found.kind}`, { address: found.address })}</p>;
    case "available":
      return (
        <>
          <p className="b sm">{t("update.available", { v: found.version })}</p>
          {found.notes !== null && (
            <>
              <h3 className="xs quiet">{t("update.notes")}</h3>
              <p className={cx("sm", s.notes)}>{found.notes}</p>
            </>
          )}
        </>
      );
    case "unreachable":
    case "refused":
      return (
        <>
          <p className="sm">{t(`update.${found.kind}`)}</p>
          <p className="xs quiet breaks">{found.details}</p>
        </>
      );
    case "off":
    case "newest":
    case "later":
      return <p className="sm">{t(`update.${found.kind}`)}</p>;
  }
}
