/** Which files of the opened folders are no returns: to be read, and to be copied into a mail or a sheet. */
import { useId } from "react";
import type { PassedView } from "../bindings";
import { useTexts } from "../i18n/useTexts";
import { Button } from "../parts/Button";
import { Copy } from "../parts/Copy";
import { Dialog } from "../parts/Dialog";
import { FileNames } from "../parts/FileNames";
import { testIds } from "../testids";
import { usePassedWords } from "./passed";
import dialogCss from "../parts/Dialog.module.css";

interface Props {
  passed: PassedView;
  onClose: () => void;
}

export function PassedDialog({ passed, onClose }: Props) {
  const { t } = useTexts();
  const words = usePassedWords();
  const id = useId();
  const { named, others } = passed;
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.passedDialog} className={dialogCss.broad}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("passed.title")}
      </h1>
      <p>{words(passed)}</p>
      {named.length > 0 && <FileNames label={t("passed.which")} names={named.map(({ file, what }) => [file, what])} />}
      {others > named.length && <p className="xs quiet mt2">{t("passed.more", { count: others - named.length })}</p>}
      <div className="acts">
        {named.length > 0 && (
          <Copy
            text={named.map(({ file, what }) => `${file}\t${what}`).join("\n")}
            what={t("passed.which")}
            label={t("action.copyAll")}
            variant="secondary"
            testId={testIds.passedCopy}
          />
        )}
        <Button small variant="tertiary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}
