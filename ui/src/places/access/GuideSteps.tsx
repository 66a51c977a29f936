/** The way to an integration of one's own, step by step: what takes weeks comes first, and what is done stays ticked. */
import { PrinterSmallIcon } from "@navikt/aksel-icons";
import { useState, type ReactNode } from "react";
import type { GuideRequest } from "../../bindings";
import page from "../../../../hosted-page/callback.html?raw";
import { print } from "../../parts/printing";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { testIds } from "../../testids";
import s from "./GuideSteps.module.css";

/** Where one goes, from docs/facts/apis.md 1.1 and 3.2. */
const SELF_SERVICE = "https://sjolvbetjening.samarbeid.digdir.no";
const SCOPE_ORDER =
  "https://www.skatteetaten.no/samarbeidspartnere/sluttbrukersystemer/mva-melding-sbs/#trenger-du-hjelp";

const steps = ["order", "portal", "page", "register", "enter", "right", "check"] as const;
type Step = (typeof steps)[number];

const KEPT = "momsbud.guide";

/** What was ticked here before. A window without a memory of its own begins anew. */
function kept(): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]") as string[]);
  } catch {
    return new Set();
  }
}

function keep(done: ReadonlySet<string>): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify([...done]));
  } catch {
    // It is ticked for as long as the window is open.
  }
}

export function GuideSteps({ request }: { request: GuideRequest }) {
  const { t } = useTexts();
  const [done, setDone] = useState(kept);
  const shown = steps.filter((step) => step !== "page" || request.variant === "yearly");
  const next = shown.find((step) => !done.has(step));
  const tick = (step: Step, on: boolean) => {
    const now = new Set(done);
    if (on) now.add(step);
    else now.delete(step);
    keep(now);
    setDone(now);
  };
  const firm = request.firm.trim() === "" ? t("guide.mail.firm") : request.firm.trim();
  const org = request.orgNumber.trim() === "" ? t("guide.mail.org") : request.orgNumber.trim();
  const values = { firm, org };
  const deeds: Partial<Record<Step, ReactNode>> = {
    order: (
      <>
        <Copy
          text={t("guide.mail.skatteetaten", values)}
          what={t("guide.mail.what")}
          label={t("guide.mail.copySkatteetaten")}
          variant="secondary"
          testId={testIds.guideMail}
        />
        <Copy
          text={t("guide.mail.altinn", values)}
          what={t("guide.mail.what")}
          label={t("guide.mail.copyAltinn")}
          variant="secondary"
          testId={testIds.guideMail}
        />
        <Copy text={SCOPE_ORDER} what={t("guide.address")} variant="secondary" label={t("guide.copyScopeOrder")} />
      </>
    ),
    portal: <Copy text={SELF_SERVICE} what={t("guide.address")} label={SELF_SERVICE} variant="secondary" />,
    page: (
      <Copy
        text={page}
        what="callback.html"
        label={t("guide.copyPage")}
        variant="secondary"
        testId={testIds.guideCallback}
      />
    ),
    right: (
      <Copy
        text={t("guide.mail.right", values)}
        what={t("guide.mail.what")}
        label={t("guide.mail.copyRight")}
        variant="secondary"
      />
    ),
  };
  return (
    <section className="paper pad" aria-labelledby="guide-steps">
      <div className="row between">
        <h2 id="guide-steps">{t("guide.steps")}</h2>
        <Button small variant="tertiary" icon={PrinterSmallIcon} onClick={() => void print()}>
          {t("menu.print")}
        </Button>
      </div>
      <ol className={s.guidesteps}>
        {shown.map((step, index) => (
          <li
            key={step}
            data-testid={testIds.guideStep}
            data-step={step}
            data-state={done.has(step) ? "done" : step === next ? "now" : "later"}
          >
            <label>
              <input
                type="checkbox"
                checked={done.has(step)}
                onChange={(event) => {
                  tick(step, event.target.checked);
                }}
              />
              <span className="b">{`${String(index + 1)}. ${t(`guide.step.${step}`)}`}</span>
            </label>
            <p className="sm quiet">{t(`guide.stepText.${step}`)}</p>
            {deeds[step] !== undefined && <div className="row wrap mt2">{deeds[step]}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}
