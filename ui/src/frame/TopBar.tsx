/** Where one is, for whom, for how long, and who. */
import { EnterIcon, PadlockUnlockedIcon } from "@navikt/aksel-icons";
import { authorizationLimits, tokenLimits } from "../countdown";
import { initials, orgNumber } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { useCommand } from "../commands";
import { useBackend, useStart } from "../office";
import { Button } from "../parts/Button";
import { EnvBadge } from "../parts/EnvBadge";
import { address, useRoute } from "../router";
import { testIds } from "../testids";
import { Clock, UnusedClock } from "../parts/Clock";
import { useNarrow } from "../parts/layout";
import { NoticeBell } from "./Notices";
import type { Notice } from "./notices";
import { useSignIn } from "../signin/SignIn";
import { cx } from "../parts/cx";
import avatarCss from "../parts/avatar.module.css";
import s from "./TopBar.module.css";

export function TopBar({ notices }: { notices: Notice[] }) {
  const { t } = useTexts();
  const { environment, session } = useStart();
  return (
    <header className={s.topbar} data-region tabIndex={-1}>
      <EnvBadge environment={environment} testId={testIds.environment} />
      <Company />
      <div className={s.clocks} role="group" aria-label={t("clock.group")}>
        <Clocks />
      </div>
      <NoticeBell notices={notices} />
      <LockNow />
      {session ? <Who /> : <SignInButton />}
    </header>
  );
}

/** The company of the return that is open; else how many there are. */
function Company() {
  const { t } = useTexts();
  const { cards, session } = useStart();
  const { place, id } = useRoute();
  const card = cards.length === 1 ? cards[0] : cards.find((known) => known.id === id);
  let lines: [string, string] | null = null;
  if (place === "filing" && card?.content) {
    const { companyName, orgNumber: digits, period } = card.content;
    const number = t("top.orgNo", { org: orgNumber(digits) });
    // Without a name the number is not said twice.
    lines = companyName === null ? [number, period] : [companyName, number];
  } else if (place === "filing" && cards.length > 1) {
    const readable = cards.flatMap(({ content }) => content ?? []);
    const [period, ...others] = new Set(readable.map((content) => content.period));
    const common = period !== undefined && others.length === 0 ? period : t("top.periods");
    lines = [common, t("top.returns", { count: readable.length })];
  } else if (session && session.companies.length > 0) {
    lines = [t("top.all"), t("top.companies", { count: session.companies.length })];
  }
  if (!lines) return null;
  return (
    <div className={cx(s.two, s.company)} data-testid={testIds.company}>
      <span title={lines[0]}>{lines[0]}</span>
      <span>{lines[1]}</span>
    </div>
  );
}

function Clocks() {
  const { t } = useTexts();
  const { session } = useStart();
  const narrow = useNarrow();
  if (!session) return null;
  const { idPorten, altinn, authorization } = session;
  // The Altinn token lives as long as the ID-porten token at most: in a narrow window the shorter one speaks for both.
  const shorter = altinn && Date.parse(altinn.until) < Date.parse(idPorten.until) ? altinn : idPorten;
  const consent = (
    <Clock
      name={t("clock.authorization")}
      time={authorization}
      limits={authorizationLimits}
      testId={testIds.clockAuthorization}
    />
  );
  if (narrow) {
    return (
      <>
        {consent}
        <Clock name={t("clock.both")} time={shorter} limits={tokenLimits} testId={testIds.clockIdPorten} short />
      </>
    );
  }
  return (
    <>
      <Clock name={t("clock.idPorten")} time={idPorten} limits={tokenLimits} testId={testIds.clockIdPorten} />
      {altinn ? (
        <Clock name={t("clock.altinn")} time={altinn} limits={tokenLimits} testId={testIds.clockAltinn} />
      ) : (
        <UnusedClock name={t("clock.altinn")} testId={testIds.clockAltinn} />
      )}
      {consent}
    </>
  );
}

/** Locks at once, where a work account has opened the program. */
function LockNow() {
  const { t } = useTexts();
  const backend = useBackend();
  const { work } = useStart();
  const lock = useCommand(() => backend.lockWork());
  if (!work?.person) return null;
  const label = `${t("work.lock")}: ${[work.person.name, work.firm].filter(Boolean).join(", ")}`;
  return (
    <Button
      variant="tertiary"
      icon={PadlockUnlockedIcon}
      aria-label={label}
      title={label}
      testId={testIds.lockNow}
      onClick={lock.run}
    />
  );
}

function Who() {
  const { t } = useTexts();
  const { session, environment } = useStart();
  if (!session) return null;
  const who = [session.name, session.maskedId].filter((known) => known !== null);
  return (
    <a className={s.who} href={address("access")} data-testid={testIds.who} title={who.join(" · ")}>
      <span className={avatarCss.av} aria-hidden>
        {session.name === null ? "?" : initials(session.name)}
      </span>
      <span className={s.two}>
        <span>{session.name ?? session.maskedId ?? "?"}</span>
        <span>
          {session.maskedId}
          {environment === "practice" && <span className="sr">, {t("top.practicePerson")}</span>}
        </span>
      </span>
    </a>
  );
}

function SignInButton() {
  const { t } = useTexts();
  const { signIn, waiting } = useSignIn();
  return (
    <div className={s.who}>
      <Button
        // One filled button a view, and the view has it.
        variant="secondary"
        icon={EnterIcon}
        testId={testIds.signIn}
        busy={waiting}
        onClick={() => {
          signIn();
        }}
      >
        {t("signin.signIn")}
      </Button>
    </div>
  );
}
