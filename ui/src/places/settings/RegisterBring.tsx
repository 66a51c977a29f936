/** What this desk had before it joined is brought to the office register; how far that has come, and what was not taken. */
import { useState } from "react";
import type { MovedView } from "../../bindings";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useBringing } from "../../office";
import { Button } from "../../parts/Button";
import { SaysNo } from "../../parts/SaysNo";
import { testIds } from "../../testids";
import { Setting } from "./parts";
import barCss from "../../parts/bar.module.css";

export function RegisterBring({ brought, onBrought }: { brought: boolean; onBrought: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const told = useBringing();
  const [moved, setMoved] = useState<MovedView | null>(null);
  const [no, setNo] = useState<string | null>(null);
  const bring = useCommand(() => backend.bringToRegister(), {
    done: (answer) => {
      setNo(answer.kind === "refused" ? answer.why : null);
      if (answer.kind === "brought") setMoved(answer.moved);
      onBrought();
    },
  });
  const count = (number: number) => amount(String(number));
  const note =
    moved === null
      ? t(brought ? "bring.done" : "bring.todo")
      : t("bring.brought", {
          filings: count(moved.filings),
          there: count(moved.there),
          documents: count(moved.documents),
        });
  return (
    <div data-testid={testIds.bring} data-value={brought ? "brought" : "todo"}>
      <Setting title={t("bring.title")} note={note}>
        <Button
          small
          variant={brought ? "tertiary" : "primary"}
          busy={bring.running}
          testId={testIds.bringDo}
          needs="administer"
          onClick={bring.run}
        >
          {t(brought ? "bring.again" : "bring.do")}
        </Button>
      </Setting>
      {bring.running && told !== undefined && (
        <p className="row">
          <progress
            className={barCss.bar}
            max={Math.max(told.total, 1)}
            value={told.done}
            aria-label={t("bring.title")}
            data-testid={testIds.bringProgress}
          />
          <span className="xs quiet tab">
            {t("bring.progress", { done: count(told.done), total: count(told.total) })}
          </span>
        </p>
      )}
      <SaysNo why={no} />
      {moved?.left.map(({ filing, company, period, why }) => (
        <Setting key={filing} title={t("bring.left", { company, period })} note={why} />
      ))}
    </div>
  );
}
