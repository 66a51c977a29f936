/** This desk joins an office register: where, as whom, and what is shared from then on. The password goes to the keyring only. */
import { useId, useState } from "react";
import type { SettingsView } from "../../bindings";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { useTell } from "../../parts/announce";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { SaysNo } from "../../parts/SaysNo";
import { TextLine } from "../../parts/fields";
import { testIds } from "../../testids";
import { Setting } from "./parts";
import fieldsCss from "../../parts/fields.module.css";
import noteCss from "../../parts/note.module.css";
import { cx } from "../../parts/cx";

interface Props {
  settings: SettingsView;
  onJoined: () => void;
  onClose: () => void;
}

export function RegisterJoin({ settings, onJoined, onClose }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const { cards } = useStart();
  const id = useId();
  const { register, registerWish, registerPreset } = settings;
  const [wish, setWish] = useState(registerWish);
  const [password, setPassword] = useState("");
  const [no, setNo] = useState<string | null>(null);
  /** In it already: only the password is another. */
  const again = register !== null;
  const asksWhere = !again && !(registerPreset && registerWish.address !== "");
  const asksWho = !again && registerWish.role === "";
  const join = useCommand(() => backend.joinRegister(wish, password), {
    done: (answer) => {
      setNo(answer.kind === "refused" ? answer.why : null);
      if (answer.kind !== "joined") return;
      setPassword("");
      tell(t(again ? "join.passwordKept" : "join.done"));
      onJoined();
      onClose();
    },
  });
  const lacksRole = asksWho && wish.role.trim() === "" && !wish.address.includes("@");
  const incomplete = wish.address.trim() === "" || lacksRole || password === "";
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.joinDialog}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t(again ? "join.titlePassword" : "join.title")}
      </h1>
      {!again && (
        <div className={cx(noteCss.noteBox, noteCss.onecol)} data-testid={testIds.joinShares}>
          <p>{t("join.shared")}</p>
          <p>{t("join.never")}</p>
          <p>{t("join.claims")}</p>
          {cards.length > 0 && <p>{t("join.cards", { count: cards.length })}</p>}
        </div>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!incomplete) join.run();
        }}
      >
        <div className={fieldsCss.fields}>
          {asksWhere ? (
            <TextLine
              label={t("join.address")}
              note={t("join.addressNote")}
              value={wish.address}
              testId={testIds.joinAddress}
              onChange={(address) => {
                setWish({ ...wish, address });
              }}
            />
          ) : (
            <Setting
              title={wish.address}
              note={asksWho ? t("join.preset") : t("register.as", { role: wish.role, desk: wish.desk })}
            />
          )}
          {(asksWhere || asksWho) && (
            <TextLine
              label={t("join.role")}
              note={t("join.roleNote")}
              value={wish.role}
              testId={testIds.joinRole}
              onChange={(role) => {
                setWish({ ...wish, role });
              }}
            />
          )}
          <TextLine
            label={t("join.password")}
            note={t("join.passwordNote")}
            value={password}
            secret
            testId={testIds.joinPassword}
            onChange={setPassword}
          />
          {!again && (
            <TextLine
              label={t("join.desk")}
              note={t("join.deskNote")}
              value={wish.desk}
              testId={testIds.joinDesk}
              onChange={(desk) => {
                setWish({ ...wish, desk });
              }}
            />
          )}
        </div>
        <SaysNo why={no} />
        <div className="acts">
          <Button
            testId={testIds.joinConfirm}
            needs="administer"
            type="submit"
            busy={join.running}
            shutBecause={incomplete ? `${id}-incomplete` : undefined}
          >
            {t(again ? "join.keepPassword" : "join.confirm")}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
        {incomplete && (
          <p id={`${id}-incomplete`} className="xs quiet mt3">
            {t(asksWhere || asksWho ? "join.incomplete" : "join.incompletePassword")}
          </p>
        )}
      </form>
    </Dialog>
  );
}
