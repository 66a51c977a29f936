/** The program while it is locked: who must sign in, why the last one did not get in, and an administrator's way back. */
import { InformationSquareIcon, PadlockLockedIcon, PersonSuitIcon } from "@navikt/aksel-icons";
import type { WorkView } from "../bindings";
import { ShowProblem, useCommand, type Problem } from "../commands";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice } from "../office";
import { Button } from "../parts/Button";
import { EnvBadge } from "../parts/EnvBadge";
import { ErrorCard } from "../parts/ErrorCard";
import { Icon } from "../parts/Icon";
import { pictures } from "../parts/pictures";
import { testIds } from "../testids";
import { BrowserWait } from "../signin/BrowserWait";
import { Mark } from "./Mark";
import { WorkClient } from "../signin/WorkClient";
import { cx } from "../parts/cx";
import noteCss from "../parts/note.module.css";
import browserWaitCss from "../signin/BrowserWait.module.css";
import s from "./Lock.module.css";

export function Lock({ work }: { work: WorkView }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <ShowProblem value={setProblem}>
      <Locked
        work={work}
        problem={problem}
        onClose={() => {
          setProblem(null);
        }}
      />
    </ShowProblem>
  );
}

function Locked({ work, problem, onClose }: { work: WorkView; problem: Problem | null; onClose: () => void }) {
  const { t } = useTexts();
  const { start } = useOffice();
  const backend = useBackend();
  const signIn = useCommand(() => backend.workSignIn());
  const importing = useCommand(() => backend.importWorkPolicy());
  const guide = useCommand(() => backend.showWorkGuide());
  // What was in focus is gone with what was open.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const waiting = work.signIn !== null || signIn.running;
  const open = work.client?.open ?? false;
  // A key that has just been made is still to be registered: its public half stays.
  const [entered, setEntered] = useState(false);
  if (open && !entered && work.client?.proof === "private_key_jwt") setEntered(true);
  return (
    <div className={s.lock} data-env={start.environment} data-testid={testIds.window}>
      <header className="row between">
        <Mark />
        <EnvBadge environment={start.environment} testId={testIds.environment} />
      </header>
      <main id="main" className={s.mid} data-testid={testIds.lock}>
        <div className="paper">
          {!waiting && (
            <span className={s.lockPic}>
              <Icon of={PadlockLockedIcon} />
            </span>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {t("lock.title")}
          </h1>
          <p className="quiet">{work.firm === null ? work.reason : t("lock.text", { firm: work.firm })}</p>
          {problem && <ErrorCard error={problem.error} onClose={onClose} remedies={{}} />}
          {waiting ? <Waiting work={work} /> : <Ended work={work} />}
          {!waiting && work.client && (open || entered) && <WorkClient client={work.client} />}
          {!waiting && !work.unusable && (
            <>
              <Button wide icon={PersonSuitIcon} testId={testIds.workSignIn} onClick={signIn.run}>
                {t("lock.signIn")}
              </Button>
              <p className="xs quiet">{t("lock.how")}</p>
              <div className={cx(noteCss.noteBox, s.noteBox, "left")}>
                <Icon of={InformationSquareIcon} />
                <p>{t("lock.info")}</p>
              </div>
            </>
          )}
        </div>
        <p className={cx("row", s.links)}>
          <Button small variant="tertiary" testId={testIds.workGuide} onClick={guide.run}>
            {t("lock.trouble")}
          </Button>
          {!work.administrators && (
            <Button
              small
              variant="tertiary"
              testId={testIds.workImport}
              busy={importing.running}
              onClick={importing.run}
            >
              {t("lock.admin")}
            </Button>
          )}
        </p>
      </main>
      <footer className="row between xs quiet">
        <span role="status">{!work.unusable && work.reason}</span>
        <span>{t("lock.reminders")}</span>
      </footer>
    </div>
  );
}

function Waiting({ work }: { work: WorkView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const cancel = useCommand(() => backend.cancelWorkSignIn());
  return (
    <div className={cx(browserWaitCss.waiting, s.waiting)} data-testid={testIds.workWaiting}>
      <BrowserWait
        view={work.signIn}
        title={<h2>{t("signin.title")}</h2>}
        text={t("lock.waiting")}
        reopen={() => backend.reopenWorkBrowser()}
        link={() => backend.workSignInLink()}
      />
      <Button wide variant="tertiary" testId={testIds.workCancel} onClick={cancel.run}>
        {t("action.cancel")}
      </Button>
    </div>
  );
}

/** Why the last sign-in opened nothing, in the office's words. */
function Ended({ work: { problem } }: { work: WorkView }) {
  const { t } = useTexts();
  if (!problem) return null;
  return (
    <div
      className={cx(noteCss.noteBox, s.noteBox, noteCss.bad, "left")}
      role="alert"
      data-testid={testIds.workProblem}
      data-code={problem.kind}
    >
      <Icon of={pictures.warning} />
      <div>
        <p className="b">{problem.title}</p>
        <p>{problem.text}</p>
        <p>{problem.todo}</p>
        {problem.details.length > 0 && (
          <details>
            <summary>{t("lock.details")}</summary>
            {problem.details.map((line) => (
              <p key={line} className="xs breaks">
                {line}
              </p>
            ))}
          </details>
        )}
      </div>
    </div>
  );
}
