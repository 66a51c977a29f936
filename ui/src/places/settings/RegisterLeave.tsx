/** This desk leaves the office register, with a copy of everything it may see; what the register would never hear of is asked about. */
import { useId, useState } from "react";
import type { LeaveAnswer, NotTakenView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { SaysNo } from "../../parts/SaysNo";
import { testIds } from "../../testids";
import { Setting } from "./parts";

interface Props {
  onLeft: (answer: Extract<LeaveAnswer, { kind: "left" }>) => void;
  onClose: () => void;
}

export function RegisterLeave({ onLeft, onClose }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const id = useId();
  const [no, setNo] = useState<string | null>(null);
  const [untold, setUntold] = useState<NotTakenView[] | null>(null);
  const leave = useCommand((anyway: boolean) => backend.leaveRegister(anyway), {
    done: (answer) => {
      setNo(answer.kind === "refused" ? answer.why : null);
      if (answer.kind === "untold") setUntold(answer.filings);
      if (answer.kind !== "left") return;
      onLeft(answer);
      onClose();
    },
    refused: () => {
      // What went wrong stands above the content.
      onClose();
      return false;
    },
  });
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.leaveDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("leave.title")}
      </h1>
      <p>{t("leave.text")}</p>
      <p className="quiet mt2">{t("leave.after")}</p>
      {untold !== null && (
        <div className="mt3" role="alert" data-testid={testIds.leaveUntold}>
          <p className="b sm">{t("leave.untold")}</p>
          {untold.map(({ filing, company, period, why }) => (
            <Setting key={filing} title={t("leave.one", { company, period })} note={why} />
          ))}
        </div>
      )}
      <SaysNo why={no} />
      <div className="acts">
        <Button
          busy={leave.running}
          testId={testIds.leaveConfirm}
          needs="administer"
          onClick={() => {
            leave.run(untold !== null);
          }}
        >
          {t(untold === null ? "leave.confirm" : "leave.anyway")}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("leave.stay")}
        </Button>
      </div>
    </Dialog>
  );
}
