/** The documents of what others filed, fetched from the office register to a folder that is brought up to date when asked again. */
import { useState } from "react";
import type { MirrorAnswer } from "../../bindings";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { SaysNo } from "../../parts/SaysNo";
import { cx } from "../../parts/cx";
import { testIds } from "../../testids";
import { Setting } from "./parts";
import noteCss from "../../parts/note.module.css";

type Mirrored = Extract<MirrorAnswer, { kind: "mirrored" }>;

export function RegisterMirror() {
  const { t } = useTexts();
  const backend = useBackend();
  const [mirrored, setMirrored] = useState<Mirrored | null>(null);
  const [no, setNo] = useState<string | null>(null);
  const mirror = useCommand(() => backend.mirrorRegister(), {
    done: (answer) => {
      setNo(answer.kind === "refused" ? answer.why : null);
      if (answer.kind !== "declined") setMirrored(answer.kind === "mirrored" ? answer : null);
    },
  });
  const count = (number: number) => amount(String(number));
  return (
    <>
      <Setting title={t("mirror.title")} note={t("mirror.note")}>
        <Button
          small
          variant="secondary"
          busy={mirror.running}
          testId={testIds.mirrorDo}
          needs="see"
          onClick={mirror.run}
        >
          {t("mirror.do")}
        </Button>
      </Setting>
      <SaysNo why={no} />
      {mirrored !== null && (
        <div data-testid={testIds.mirrored}>
          <p className={cx(noteCss.noteBox, noteCss.onecol, mirrored.left === 0 && noteCss.ok, "breaks")} role="status">
            {t("mirror.done", {
              folder: mirrored.folder,
              fetched: count(mirrored.fetched),
              there: count(mirrored.there),
            })}
            {mirrored.left > 0 && (
              <span className="block">{t("mirror.left", { count: mirrored.left, n: count(mirrored.left) })}</span>
            )}
          </p>
          {mirrored.named.map(({ filing, company, name, why }) => (
            <Setting key={`${filing}/${name}`} title={t("mirror.one", { company, name })} note={why} />
          ))}
          {mirrored.left > mirrored.named.length && <p className="xs quiet">{t("mirror.more")}</p>}
        </div>
      )}
    </>
  );
}
