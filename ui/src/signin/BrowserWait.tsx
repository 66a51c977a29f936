/** While somebody signs in in her browser: how long is left, the browser again, the link for another browser. */
import { CheckmarkIcon, ExternalLinkIcon, LinkIcon } from "@navikt/aksel-icons";
import { useState, type ReactNode } from "react";
import { useAnnounce } from "../parts/announce";
import type { SignInView } from "../bindings";
import { useCommand } from "../commands";
import { tokenLimits } from "../countdown";
import { useTexts } from "../i18n/useTexts";
import { useBackend } from "../office";
import { Button } from "../parts/Button";
import { Ring } from "../parts/Ring";
import { testIds } from "../testids";
import { shortTime, useCountdown } from "../parts/Clock";
import spinCss from "../parts/spin.module.css";
import s from "./BrowserWait.module.css";

/** The limit of a sign-in; the ring begins full. */
const FIVE_MINUTES = 300_000;

interface Props {
  /** None until the office has said that it has begun. */
  view: SignInView | null;
  title: ReactNode;
  /** What there is to do in the browser, if it has opened. */
  text: string;
  reopen: () => Promise<void>;
  link: () => Promise<string | null>;
}

export function BrowserWait({ view, title, text, reopen, link }: Props) {
  const { t } = useTexts();
  const again = useCommand(reopen);
  return (
    <>
      {view ? (
        <TimeLeft until={view.givesUpAt} />
      ) : (
        <div className={s.bigring}>
          <span className={spinCss.spin} aria-hidden />
        </div>
      )}
      {title}
      <p role="status">{view?.browserOpened === false ? t("signin.noBrowser") : text}</p>
      <div className="stack mt5">
        <Button
          variant="secondary"
          wide
          icon={ExternalLinkIcon}
          testId={testIds.signInReopen}
          busy={again.running}
          onClick={again.run}
        >
          {t("signin.again")}
        </Button>
        <CopyLink link={link} />
      </div>
    </>
  );
}

/** The link is asked for when it is wanted: it holds what belongs to this attempt and nobody else needs it before. */
function CopyLink({ link }: { link: () => Promise<string | null> }) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  const copy = useCommand(
    async () => {
      const address = await link();
      if (address !== null) await backend.copyText(address);
      return address !== null;
    },
    {
      done: (had) => {
        setCopied(had);
        if (had) announce(t("a11y.copied", { what: t("signin.link") }));
      },
    },
  );
  return (
    <Button
      variant="secondary"
      wide
      icon={copied ? CheckmarkIcon : LinkIcon}
      testId={testIds.signInCopyLink}
      onClick={copy.run}
    >
      {copied ? t("signin.linkCopied") : t("signin.copyLink")}
    </Button>
  );
}

function TimeLeft({ until }: { until: string }) {
  const { t } = useTexts();
  const from = new Date(Date.parse(until) - FIVE_MINUTES).toISOString();
  const counting = useCountdown({ from, until }, tokenLimits);
  const value = shortTime(counting.left, t);
  return (
    <div className={s.bigring} role="timer" aria-label={t("signin.timeLeft", { time: value })}>
      <Ring share={counting.share} />
      <b>{value}</b>
    </div>
  );
}
