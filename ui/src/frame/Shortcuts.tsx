/** The list of keyboard shortcuts. */
import { useId } from "react";
import type { MessageKey } from "../i18n";
import { useTexts } from "../i18n/useTexts";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { testIds } from "../testids";

const list: readonly { keys: readonly string[]; text: MessageKey }[] = [
  { keys: ["Ctrl", "O"], text: "drop.files" },
  { keys: ["Ctrl", "Shift", "O"], text: "drop.folder" },
  { keys: ["Ctrl", "N"], text: "keys.newDraft" },
  { keys: ["Ctrl", "K"], text: "step1.title" },
  { keys: ["Ctrl", "Enter"], text: "keys.primary" },
  { keys: ["Ctrl", "F"], text: "keys.search" },
  { keys: ["Alt", "↑ ↓"], text: "keys.findings" },
  { keys: ["Ctrl", "C"], text: "keys.copyRow" },
  { keys: ["Ctrl", "1–5"], text: "keys.places" },
  { keys: ["↑ ↓"], text: "keys.rows" },
  { keys: ["Ctrl", "A"], text: "keys.selectAll" },
  { keys: ["Ctrl", "P"], text: "menu.print" },
  { keys: ["F5"], text: "keys.refresh" },
  { keys: ["F6"], text: "keys.regions" },
  { keys: ["Ctrl", "+ − 0"], text: "settings.textSize" },
  { keys: ["Esc"], text: "action.close" },
  { keys: ["?"], text: "keys.list" },
];

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const id = useId();
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.shortcuts}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("a11y.shortcuts")}
      </h1>
      <dl className="keys">
        {list.map(({ keys, text }) => (
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
