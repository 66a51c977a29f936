/** Tilganger: who may file, for how long, and for whom. */
import {
  ArrowsCirclepathIcon,
  CheckmarkCircleFillIcon,
  EnterIcon,
  ExclamationmarkTriangleIcon,
  MinusCircleIcon,
  PadlockUnlockedIcon,
  PersonPlusIcon,
} from "@navikt/aksel-icons";
import { errorView } from "../../backend/backend";
import type { AccessView, ClockView, SessionView } from "../../bindings";
import { useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { authorizationLimits, tokenLimits, type Limits } from "../../countdown";
import { shortTime, useCountdown } from "../../parts/Clock";
import { useSignIn } from "../../signin/SignIn";
import { initials, norwegianDay, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { Ring } from "../../parts/Ring";
import { State } from "../../parts/State";
import { useRoute } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { screenOf, useAccess } from "./access";
import { Editor } from "./Editor";
import { Guide } from "./Guide";
import { Integrations } from "./Integrations";
import { Forget, Others } from "./Others";
import { cx } from "../../parts/cx";
import avatarCss from "../../parts/avatar.module.css";
import noteCss from "../../parts/note.module.css";
import fieldsCss from "../../parts/fields.module.css";
import nothingCss from "../../parts/nothing.module.css";
import scopesCss from "./scopes.module.css";
import s from "./AccessPlace.module.css";

export function AccessPlace() {
  const { id } = useRoute();
  const { access, error, again } = useAccess();
  const screen = screenOf(id);
  if (screen.kind === "overview" || access === undefined) {
    return <Overview access={access} error={error} again={again} />;
  }
  switch (screen.kind) {
    case "guide":
      return <Guide access={access} />;
    case "new":
      return <Editor key={`new ${String(screen.guide)}`} access={access} edits={null} guide={screen.guide} />;
    case "edit":
      return <Editor key={`${screen.environment}/${screen.id}`} access={access} edits={screen} />;
  }
}

interface OverviewProps {
  access: AccessView | undefined;
  error: unknown;
  again: () => Promise<void>;
}

function Overview({ access, error, again }: OverviewProps) {
  const { t } = useTexts();
  const { session, keyring } = useStart();
  const { signIn, waiting } = useSignIn();
  return (
    <div className="page">
      <div className="head">
        <div className="grow">
          <h1 tabIndex={-1}>{t("place.access")}</h1>
          <p className="quiet">{t("access.intro")}</p>
        </div>
        {session && (
          <Button
            variant="secondary"
            icon={PersonPlusIcon}
            testId={testIds.signInAsAnother}
            busy={waiting}
            onClick={() => {
              signIn({ asAnother: true });
            }}
          >
            {t("access.asAnother")}
          </Button>
        )}
      </div>
      {keyring !== "available" && (
        <div className={cx(noteCss.noteBox, noteCss.soon)}>
          <Icon of={ExclamationmarkTriangleIcon} />
          <div>
            <b>{t(`keyring.${keyring}`)}.</b> {t("keyring.text")}{" "}
            {t(keyring === "locked" ? "keyring.lockedTodo" : "keyring.todo")}
            {keyring === "locked" && <Unlock />}
          </div>
        </div>
      )}
      {session ? <Session session={session} /> : <Nobody />}
      {error !== null && (
        <div className="paper mt4">
          <ErrorCard error={errorView(error)} remedies={{ retry: () => void again() }} />
        </div>
      )}
      {access && <Others access={access} />}
      {access && <Integrations access={access} />}
    </div>
  );
}

/** Has the operating system ask for the keyring's password. */
function Unlock() {
  const { t } = useTexts();
  const backend = useBackend();
  const { change } = useOffice();
  const unlock = useCommand(() => backend.unlockKeyring(), {
    done: (keyring) => {
      change((old) => ({ ...old, keyring }));
    },
  });
  return (
    <div className="row mt2">
      <Button
        variant="secondary"
        icon={PadlockUnlockedIcon}
        testId={testIds.unlockKeyring}
        busy={unlock.running}
        onClick={() => {
          unlock.run();
        }}
      >
        {t("keyring.unlock")}
      </Button>
    </div>
  );
}

function Nobody() {
  const { t } = useTexts();
  const { environment } = useStart();
  const { signIn, waiting } = useSignIn();
  return (
    <section className={cx("paper pad", nothingCss.nothing)}>
      <p className="b">{t("access.nobodyTitle")}</p>
      <p className="quiet measure">{t(environment === "practice" ? "access.nobodyPractice" : "access.nobodyText")}</p>
      <div className="row mt4">
        <Button
          icon={EnterIcon}
          data-shortcut="primary"
          testId={testIds.renew}
          busy={waiting}
          onClick={() => {
            signIn();
          }}
        >
          {t("signin.signIn")}
        </Button>
      </div>
    </section>
  );
}

function Session({ session }: { session: SessionView }) {
  const { t, dayAndTime, time, dateYear, dayOf } = useTexts();
  const { signIn, waiting } = useSignIn();
  const backend = useBackend();
  const { change } = useOffice();
  const tell = useTell();
  const now = useMinute();
  const out = useCommand(() => backend.signOut(), {
    done: () => {
      change((old) => ({ ...old, session: null }));
      tell(t("signin.signedOut"));
    },
  });
  const { authorization, idPorten, altinn } = session;
  return (
    <section className="paper pad" aria-labelledby="person" data-testid={testIds.accessPerson}>
      <div className="row top wrap">
        <span className={cx(avatarCss.av, avatarCss.big)} aria-hidden>
          {session.name === null ? "?" : initials(session.name)}
        </span>
        <div className={cx("grow", s.person)}>
          <h2 id="person" className={s.tightline} data-testid={testIds.accessName}>
            {session.name ?? session.maskedId ?? "?"}
          </h2>
          <p className="sm quiet">
            {session.maskedId !== null && (
              <>
                <span data-testid={testIds.accessMaskedId}>{session.maskedId}</span> ·{" "}
              </>
            )}
            {t("access.signedIn", { when: dayAndTime(session.signedInAt, now), integration: session.integration })}
          </p>
        </div>
        <Button
          icon={ArrowsCirclepathIcon}
          testId={testIds.renew}
          data-shortcut="primary"
          busy={waiting}
          onClick={() => {
            signIn();
          }}
        >
          {t("access.renew")}
        </Button>
        <Button
          variant="secondary"
          testId={testIds.signOut}
          title={t("signin.signOutWhy")}
          busy={out.running}
          onClick={out.run}
        >
          {t("signin.signOut")}
        </Button>
        <Forget wide id={session.authorizationId} person={session.name ?? session.maskedId ?? "?"} />
      </div>
      <div className={s.tiles}>
        <Tile
          label={t("access.idToken")}
          time={idPorten}
          limits={tokenLimits}
          note={t(session.renewsItself ? "access.idTokenUntil" : "access.idTokenOnce", { time: time(idPorten.until) })}
        />
        {altinn ? (
          <Tile
            label={t("access.altinnToken")}
            time={altinn}
            limits={tokenLimits}
            note={t("access.altinnUntil", { time: time(altinn.until) })}
          />
        ) : (
          <div className={s.tile}>
            <Ring share={0} />
            <div className="grow">
              <p className="xs quiet">{t("access.altinnToken")}</p>
              <p className={s.v3}>{t("clock.unused")}</p>
            </div>
          </div>
        )}
        <Tile
          label={t("clock.authorization")}
          time={authorization}
          limits={authorizationLimits}
          note={t("access.authUntil", {
            end: dateYear(dayOf(authorization.until)),
            start: dateYear(dayOf(authorization.from)),
          })}
        />
      </div>
      <RenewSoon session={session} />
      <ScopesMissing session={session} />
      {session.altinnProblem && (
        <div className={cx("mt4", fieldsCss.framed)}>
          <ErrorCard
            error={session.altinnProblem}
            heading="h3"
            about="signIn"
            remedies={{
              signIn: () => {
                signIn();
              },
              signInAsAnother: () => {
                signIn({ asAnother: true });
              },
              retry: () => {
                signIn();
              },
            }}
          />
        </div>
      )}
      <div className={s.rights}>
        <Scopes session={session} />
        <Companies session={session} />
      </div>
    </section>
  );
}

function Tile({ label, time, limits, note }: { label: string; time: ClockView; limits: Limits; note: string }) {
  const { t } = useTexts();
  const { left, urgency, share } = useCountdown(time, limits);
  const tone = urgency === "calm" ? undefined : urgency === "soon" ? s.soon : s.bad;
  return (
    <div className={cx(s.tile, tone)}>
      <Ring share={share} />
      <div className="grow">
        <p className="xs quiet">{label}</p>
        <p className={s.v3} role="timer" aria-label={label}>
          {shortTime(left, t)}
        </p>
        <p className="xs quiet">{note}</p>
      </div>
    </div>
  );
}

/** Only for an authorization that lasts long: one that ends every day needs no warning a month before. */
function RenewSoon({ session: { authorization } }: { session: SessionView }) {
  const { t, dateFrom, dayOf } = useTexts();
  const now = useMinute();
  const whole = Date.parse(authorization.until) - Date.parse(authorization.from);
  const rest = Date.parse(authorization.until) - now;
  if (whole <= 2 * authorizationLimits.soon || rest > authorizationLimits.soon) return null;
  const ended = rest <= 0;
  return (
    <div className={cx(noteCss.noteBox, "mt3", ended ? noteCss.bad : noteCss.soon)}>
      <Icon of={ExclamationmarkTriangleIcon} />
      <div>
        <b>
          {ended
            ? `${t("notice.authEnded")}.`
            : t("access.renewBefore", { date: dateFrom(dayOf(authorization.until), norwegianDay(now)) })}
        </b>{" "}
        {t("access.renewWhy")}
      </div>
    </div>
  );
}

/** A scope that was asked for and not granted: what does not work without it, and where it is mended. */
function ScopesMissing({ session }: { session: SessionView }) {
  const { t } = useTexts();
  const missing = session.scopes.filter(({ granted }) => !granted).map(({ scope }) => scope);
  if (missing.length === 0) return null;
  return (
    <div className={cx(noteCss.noteBox, noteCss.soon, "mt3")} data-testid={testIds.scopesMissing}>
      <Icon of={ExclamationmarkTriangleIcon} />
      <div>
        <b>{t("access.scopesMissing", { scopes: missing.join(", ") })}</b> {t("access.scopesMissingText")}
      </div>
    </div>
  );
}

function Scopes({ session }: { session: SessionView }) {
  const { t } = useTexts();
  return (
    <div className="grow">
      <h3>{t("access.granted")}</h3>
      <ul className={scopesCss.scopes}>
        {session.scopes.map(({ scope, granted }) => (
          <li key={scope} data-testid={testIds.scope} data-scope={scope} data-granted={granted}>
            <span className={granted ? "tx-ok" : "quiet"}>
              <Icon of={granted ? CheckmarkCircleFillIcon : MinusCircleIcon} small />
            </span>
            <code>{scope}</code>
            <span className="quiet">{granted ? <ScopeMeaning scope={scope} /> : t("scope.notGranted")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What a scope lets Momsbud do; a scope this window does not know is shown as it is. */
function ScopeMeaning({ scope }: { scope: string }) {
  const { t } = useTexts();
  switch (scope) {
    case "openid":
      return t("scope.openid");
    case "profile":
      return t("scope.profile");
    case "skatteetaten:mvameldingvalidering":
      return t("scope.validation");
    case "skatteetaten:mvameldinginnsending":
      return t("scope.filing");
    case "altinn:instances.read":
      return t("scope.read");
    case "altinn:instances.write":
      return t("scope.write");
    default:
      return null;
  }
}

function Companies({ session: { companies, altinn } }: { session: SessionView }) {
  const { t } = useTexts();
  return (
    <div className={s.companies}>
      <h3>{companies.length === 0 ? t("access.companiesNone") : t("access.companies", { count: companies.length })}</h3>
      {companies.length === 0 ? (
        <p className="sm quiet">{altinn ? t("access.noCompanies") : t("access.companiesUnknown")}</p>
      ) : (
        <ul
          className={s.companyList}
          tabIndex={companies.length > 8 ? 0 : undefined}
          aria-label={t("access.companies", { count: companies.length })}
        >
          {companies.map(({ orgNumber: digits, name }) => (
            <li key={digits} data-testid={testIds.companyRow} data-org={digits}>
              <State tone="ok">
                <span className={cx("ell", s.plainword)} data-full={name}>
                  {name}
                </span>
              </State>
              <span className="xs quiet tab">{orgNumber(digits)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
