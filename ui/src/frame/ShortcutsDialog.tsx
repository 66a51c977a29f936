/** The list of keyboard shortcuts. */
import { useId } from "react";
import { useTexts } from "../i18n/useTexts";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { testIds } from "../testids";
import { shortcuts } from "./shortcuts";
import s from "./ShortcutsDialog.module.css";

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const id = useId();
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.shortcuts}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("a11y.shortcuts")}
      </h1>
      <dl className={s.keys}>
        {shortcuts.map(({ keys, text }) => (
          <div key={text}>
            <dt>{t(text)}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <div className="acts">
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}
