/** The authorizations of persons who are not signed in now: what is left of each, and how it is renewed or forgotten. */
import { TrashIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import type { AccessView, AuthorizationRow } from "../../bindings";
import { useCommand } from "../../commands";
import { authorizationLimits } from "../../countdown";
import { shortTime, useCountdown } from "../../parts/Clock";
import { useSignIn } from "../../signin/SignIn";
import { initials } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { useAccess } from "./access";
import avatarCss from "../../parts/avatar.module.css";
import s from "./Others.module.css";

export function Others({ access }: { access: AccessView }) {
  const { t } = useTexts();
  const others = access.authorizations.filter(({ current }) => !current);
  if (others.length === 0) return null;
  return (
    <section className="paper pad" aria-labelledby="others">
      <h2 id="others">{t("access.others")}</h2>
      <p className="sm quiet measure">{t("access.othersText")}</p>
      <ul className={s.others}>
        {others.map((authorization) => (
          <Other key={authorization.id} authorization={authorization} />
        ))}
      </ul>
    </section>
  );
}

function Other({ authorization }: { authorization: AuthorizationRow }) {
  const { t, dateYear, dayOf } = useTexts();
  const { signIn, waiting } = useSignIn();
  const { left, urgency } = useCountdown(authorization.authorization, authorizationLimits);
  const person = authorization.name ?? authorization.maskedId ?? t("value.nameless");
  const missing = authorization.scopes.filter(({ granted }) => !granted).map(({ scope }) => scope);
  const over = urgency === "expired";
  return (
    <li
      data-testid={testIds.authorizationRow}
      data-id={authorization.id}
      data-state={authorization.signedOut ? "signedOut" : urgency}
    >
      <span className={avatarCss.av} aria-hidden>
        {authorization.name === null ? "?" : initials(authorization.name)}
      </span>
      <div className="grow">
        <p className="b sm">{person}</p>
        <p className="xs quiet">
          {[
            authorization.name === null ? null : authorization.maskedId,
            authorization.integration === null ? null : t("access.through", { integration: authorization.integration }),
          ]
            .filter((part) => part !== null)
            .join(" · ")}
        </p>
        {missing.length > 0 && (
          <p className="xs tx-soon">{t("access.scopesMissing", { scopes: missing.join(", ") })}</p>
        )}
      </div>
      <div className="sm">
        {authorization.signedOut ? (
          <>
            <State tone="idle">{t("access.signedOut")}</State>
            <span className="xs quiet block">{t("access.signedOutText")}</span>
          </>
        ) : (
          <>
            <State tone={over ? "bad" : urgency === "calm" ? "ok" : "soon"} shape={over ? "bad" : "clock"}>
              {over ? t("access.ended") : shortTime(left, t)}
            </State>
            <span className="xs quiet block">
              {t("access.authUntil", {
                end: dateYear(dayOf(authorization.authorization.until)),
                start: dateYear(dayOf(authorization.authorization.from)),
              })}
            </span>
          </>
        )}
      </div>
      <Button
        small
        variant="secondary"
        busy={waiting}
        testId={testIds.signInAsOther}
        aria-label={t("access.signInAsName", { name: person })}
        onClick={() => {
          signIn({ asAnother: true, integration: authorization.integrationId });
        }}
      >
        {t("signin.signIn")}
      </Button>
      <Forget id={authorization.id} person={person} />
    </li>
  );
}

/** Everything of an authorization goes; asked once, because it cannot be taken back. */
export function Forget({ id, person, wide = false }: { id: string; person: string; wide?: boolean }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { again } = useAccess();
  const heading = useId();
  const [asking, setAsking] = useState(false);
  const forget = useCommand(() => backend.forgetAuthorization(id), {
    done: () => {
      setAsking(false);
      void again();
    },
  });
  return (
    <>
      <Button
        small={!wide}
        variant="tertiary"
        icon={TrashIcon}
        testId={testIds.forget}
        needs="administer"
        aria-label={t("access.forgetName", { name: person })}
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("access.forget")}
      </Button>
      {asking && (
        <Dialog
          labelledBy={heading}
          testId={testIds.forgetDialog}
          onClose={() => {
            setAsking(false);
          }}
        >
          <h1 id={heading} tabIndex={-1} data-autofocus>
            {t("access.forgetTitle", { name: person })}
          </h1>
          <p>{t("access.forgetText")}</p>
          <div className="acts">
            <Button testId={testIds.forgetConfirm} busy={forget.running} onClick={forget.run}>
              {t("access.forget")}
            </Button>
            <Button
              variant="tertiary"
              testId={testIds.forgetNot}
              onClick={() => {
                setAsking(false);
              }}
            >
              {t("action.cancel")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
