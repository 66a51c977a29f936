/** The office register: which it is, as whom, whether it answers, and what it has not been told; joined and left here. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LeaveAnswer, RegisterPlace, SettingsView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { settingsKey, useOffice } from "../../office";
import { Button } from "../../parts/Button";
import { State } from "../../parts/State";
import { cx } from "../../parts/cx";
import { amount } from "../../i18n/format";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { RegisterBring } from "./RegisterBring";
import { RegisterJoin } from "./RegisterJoin";
import { RegisterLeave } from "./RegisterLeave";
import { RegisterMirror } from "./RegisterMirror";
import { Section, Setting } from "./parts";
import noteCss from "../../parts/note.module.css";

type Left = Extract<LeaveAnswer, { kind: "left" }>;

export function RegisterSection({ settings }: { settings: SettingsView | undefined }) {
  const { t } = useTexts();
  const client = useQueryClient();
  const { refresh } = useOffice();
  const [joining, setJoining] = useState(false);
  const [left, setLeft] = useState<Left | null>(null);
  /** The office has been opened anew: what is shown is asked for anew. */
  const changed = () => {
    void client.invalidateQueries({ queryKey: settingsKey });
    void refresh();
  };
  const register = settings?.register ?? null;
  return (
    <Section title={t("register.title")}>
      <div data-testid={testIds.registerPlace}>
        {register === null ? (
          <Setting
            title={t("register.none")}
            note={t(settings?.registerPreset ? "register.why.preset" : "register.why")}
          >
            <Button
              small
              variant="secondary"
              testId={testIds.registerJoin}
              needs="administer"
              onClick={() => {
                setLeft(null);
                setJoining(true);
              }}
            >
              {t("register.join")}
            </Button>
          </Setting>
        ) : (
          <Place
            register={register}
            onPassword={() => {
              setJoining(true);
            }}
            onLeft={(answer) => {
              setLeft(answer);
              changed();
            }}
            onBrought={changed}
          />
        )}
        {left !== null && (
          <p
            className={cx(noteCss.noteBox, noteCss.ok, noteCss.onecol, "mt2 breaks")}
            role="status"
            data-testid={testIds.registerLeft}
          >
            {t("register.left", {
              folder: left.folder,
              rows: amount(String(left.rows)),
              documents: amount(String(left.documents)),
            })}
            {left.leftOut > 0 && <span className="block">{t("register.leftOut", { count: left.leftOut })}</span>}
          </p>
        )}
      </div>
      {joining && settings !== undefined && (
        <RegisterJoin
          settings={settings}
          onJoined={changed}
          onClose={() => {
            setJoining(false);
          }}
        />
      )}
    </Section>
  );
}

interface PlaceProps {
  register: RegisterPlace;
  onPassword: () => void;
  onBrought: () => void;
  onLeft: (answer: Left) => void;
}

function Place({ register, onPassword, onBrought, onLeft }: PlaceProps) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const [leaving, setLeaving] = useState(false);
  const { database, hosts, role, desk, awaySince, waiting, notTaken, brought } = register;
  return (
    <>
      <Setting
        title={t("register.place", { database, hosts: hosts.join(", ") })}
        note={t("register.as", { role, desk })}
      >
        {awaySince === null ? (
          <State tone="ok">{t("register.answers")}</State>
        ) : (
          <State tone="soon">{t("register.silent", { since: dayAndTime(awaySince, now) })}</State>
        )}
      </Setting>
      <RegisterBring brought={brought} onBrought={onBrought} />
      <Setting
        title={t("register.outbox")}
        note={waiting === 0 ? t("register.told") : t("register.waiting", { count: waiting })}
      />
      {notTaken.map(({ filing, company, period, why }) => (
        <Setting key={filing} title={t("register.notTaken", { company, period })} note={why} />
      ))}
      <RegisterMirror />
      <Setting title={t("register.password")} note={t("register.passwordNote")}>
        <Button small variant="secondary" testId={testIds.registerPassword} needs="administer" onClick={onPassword}>
          {t("register.passwordNew")}
        </Button>
      </Setting>
      <Setting title={t("register.leave")} note={t("register.leaveNote")}>
        <Button
          small
          variant="secondary"
          testId={testIds.registerLeave}
          needs="administer"
          onClick={() => {
            setLeaving(true);
          }}
        >
          {t("register.leaveDo")}
        </Button>
      </Setting>
      {leaving && (
        <RegisterLeave
          onLeft={onLeft}
          onClose={() => {
            setLeaving(false);
          }}
        />
      )}
    </>
  );
}
