/** Signing in: the dialog while the browser is open, and how it ended, with a next step. */
import { EnterIcon, HourglassIcon, InformationSquareIcon } from "@navikt/aksel-icons";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { errorView } from "../backend/backend";
import type { AnotherPersonView, ErrorView, SignInOutcome, SignInView } from "../bindings";
import { useCommand } from "../commands";
import { errorDetails, errors, errorTexts, known } from "../errors";
import { capital } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice } from "../office";
import { Button } from "../parts/Button";
import { Copy } from "../parts/Copy";
import { Dialog } from "../parts/Dialog";
import { pictures } from "../parts/pictures";
import { Icon } from "../parts/Icon";
import { testIds } from "../testids";
import { BrowserWait } from "./BrowserWait";
import { cx } from "../parts/cx";
import noteCss from "../parts/note.module.css";
import dialogCss from "../parts/Dialog.module.css";

type Ended = { kind: "cancelled" } | { kind: "timedOut" } | { kind: "refused"; error: ErrorView };

interface Wish {
  asAnother?: boolean;
  /** The integration to go through; the one in use when none is named. */
  integration?: string;
  then?: () => void;
}

interface SignIn {
  /** Opens the browser; `then` is done when somebody is signed in. */
  signIn: (options?: Wish) => void;
  waiting: boolean;
  /** A sign-in that the user himself cancelled: shown quietly, not as a dialog. */
  cancelled: boolean;
  forget: () => void;
}

const SignInContext = createContext<SignIn | null>(null);

export function useSignIn(): SignIn {
  const signIn = useContext(SignInContext);
  if (!signIn) throw new Error("Nobody can sign in here.");
  return signIn;
}

export function SignInProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const { start, change } = useOffice();
  const [asking, setAsking] = useState(false);
  const [ended, setEnded] = useState<Ended | null>(null);
  const last = useRef<Wish>({});
  /** Another person came back, and it was not she who was to sign in: the next thing is a sign-in that asks who it is. */
  const notHer = useRef(false);
  const again = useRef<SignIn["signIn"]>(() => undefined);

  const signIn = useCallback<SignIn["signIn"]>(
    (options = {}) => {
      last.current = options;
      setEnded(null);
      setAsking(true);
      const attempt = async (): Promise<SignInOutcome> => {
        try {
          const asAnother = options.asAnother ?? false;
          return options.integration === undefined
            ? await backend.signIn(asAnother)
            : await backend.signInThrough(options.integration, asAnother);
        } catch (thrown) {
          return { kind: "refused", error: errorView(thrown) };
        }
      };
      void attempt().then((outcome) => {
        if (outcome.kind === "cancelled" && notHer.current) {
          notHer.current = false;
          again.current({ ...last.current, asAnother: true });
          return;
        }
        setAsking(false);
        change((old) => ({
          ...old,
          signIn: null,
          session: outcome.kind === "signedIn" ? outcome.session : old.session,
        }));
        if (outcome.kind === "signedIn") options.then?.();
        else setEnded(outcome);
      });
    },
    [backend, change],
  );
  // A link that came home from a sign-in of an earlier run ends it here.
  useEffect(
    () =>
      backend.onOfficeEvent(
        (event) => {
          if (event.kind !== "signInEnded") return;
          last.current = {};
          setEnded(event.outcome.kind === "signedIn" ? null : event.outcome);
        },
        () => undefined,
      ),
    [backend],
  );
  useEffect(() => {
    again.current = signIn;
  }, [signIn]);
  const once = useCallback(() => {
    signIn(last.current);
  }, [signIn]);
  const notShe = useCallback(() => {
    notHer.current = true;
  }, []);
  const forget = useCallback(() => {
    setEnded(null);
  }, []);

  const waiting = asking || start.signIn !== null;
  const value = useMemo(
    () => ({ signIn, waiting, cancelled: ended?.kind === "cancelled", forget }),
    [signIn, waiting, ended, forget],
  );
  return (
    <SignInContext value={value}>
      {children}
      {waiting && <Waiting view={start.signIn} notShe={notShe} />}
      {!waiting && ended?.kind === "timedOut" && <TimedOut onAgain={once} onClose={forget} />}
      {!waiting && ended?.kind === "refused" && <Refused error={ended.error} onAgain={once} onClose={forget} />}
    </SignInContext>
  );
}

/** Another person has come back than the one who was expected: nothing is done in her name before that is answered. */
function WhoCame({ another, notShe }: { another: AnotherPersonView; notShe: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const id = useId();
  const came = another.came ?? t("value.nameless");
  const expected = another.expected ?? t("value.person");
  const yes = useCommand(() => backend.answerWhoCame(true));
  const no = useCommand(async () => {
    notShe();
    await backend.answerWhoCame(false);
  });
  const cancel = useCommand(() => backend.answerWhoCame(false));
  return (
    <Dialog labelledBy={id} onClose={cancel.run} testId={testIds.whoCame}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {capital(t("signin.another.title", { came }))}
      </h1>
      <p>{t("signin.another.text", { expected, came })}</p>
      {another.maskedId !== null && <p className="num quiet">{another.maskedId}</p>}
      <NothingSent />
      <div className="acts">
        <Button variant="primary" testId={testIds.whoCameYes} busy={yes.running} onClick={yes.run}>
          {t("signin.another.yes", { came })}
        </Button>
        <Button variant="secondary" testId={testIds.whoCameNo} busy={no.running} onClick={no.run}>
          {t("signin.another.no")}
        </Button>
        <Button variant="tertiary" testId={testIds.whoCameCancel} onClick={cancel.run}>
          {t("action.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

function Waiting({ view, notShe }: { view: SignInView | null; notShe: () => void }) {
  if (view?.another) return <WhoCame another={view.another} notShe={notShe} />;
  return <InBrowser view={view} />;
}

function InBrowser({ view }: { view: SignInView | null }) {
  const { t } = useTexts();
  const backend = useBackend();
  const id = useId();
  const cancel = useCommand(() => backend.cancelSignIn());
  return (
    <Dialog labelledBy={id} onClose={cancel.run} testId={testIds.signInDialog} className={dialogCss.center}>
      <BrowserWait
        view={view}
        title={
          <h1 id={id} tabIndex={-1} data-autofocus>
            {t("signin.title")}
          </h1>
        }
        text={t("signin.text")}
        reopen={() => backend.reopenBrowser()}
        link={() => backend.signInLink()}
      />
      <p className="xs quiet mt4 left">{t("signin.scope")}</p>
      <div className="acts">
        <Button variant="tertiary" testId={testIds.signInCancel} onClick={cancel.run}>
          {t("action.cancel")}
        </Button>
      </div>
    </Dialog>
  );
}

interface EndedProps {
  onAgain: () => void;
  onClose: () => void;
}

function TimedOut({ onAgain, onClose }: EndedProps) {
  const { t } = useTexts();
  const id = useId();
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.signInOutcome} outcome="timedOut">
      <h1 id={id} tabIndex={-1} data-autofocus className="row">
        <Icon of={HourglassIcon} />
        {t("signin.timedOut.title")}
      </h1>
      <p>{t("signin.timedOut.text")}</p>
      <NothingSent />
      <Again onAgain={onAgain} onClose={onClose} />
    </Dialog>
  );
}

function Refused({ error, onAgain, onClose }: EndedProps & { error: ErrorView }) {
  const { t } = useTexts();
  const id = useId();
  const code = known(error.code);
  const texts = errorTexts(error, t);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.signInOutcome} outcome="refused">
      <h1 id={id} tabIndex={-1} data-autofocus className="row" data-code={code}>
        <Icon of={pictures[errors[code].picture]} />
        {texts.title}
      </h1>
      <p>{texts.text}</p>
      <NothingSent />
      <p className="mt4">{texts.todo}</p>
      <Again onAgain={onAgain} onClose={onClose} />
      <div className={cx("row xs quiet", dialogCss.foot)}>
        <Copy text={errorDetails(error)} what={t("action.details")} label={t("action.copyDetails")} />
      </div>
    </Dialog>
  );
}

function NothingSent() {
  const { t } = useTexts();
  const { start } = useOffice();
  // What has been filed lies there no more.
  const ready = start.cards.some(({ content, filing }) => content !== null && filing === null);
  return (
    <div className={cx(noteCss.noteBox, "mt4")}>
      <Icon of={InformationSquareIcon} />
      <div>
        <b>{t("signin.nothingSent")}</b> {ready && t("signin.ready")}
      </div>
    </div>
  );
}

function Again({ onAgain, onClose }: EndedProps) {
  const { t } = useTexts();
  return (
    <div className="acts">
      <Button icon={EnterIcon} testId={testIds.signInRetry} onClick={onAgain}>
        {t("signin.retry")}
      </Button>
      <Button variant="tertiary" testId={testIds.signInNotNow} onClick={onClose}>
        {t("action.notNow")}
      </Button>
    </div>
  );
}

/** A sign-in the user cancelled: said once, quietly, with the way back in. */
export function CancelledNote() {
  const { t } = useTexts();
  const { cancelled, signIn, forget } = useSignIn();
  if (!cancelled) return null;
  return (
    <div
      className={cx(noteCss.noteBox, noteCss.row, "row between")}
      role="status"
      data-testid={testIds.signInOutcome}
      data-outcome="cancelled"
    >
      <Icon of={InformationSquareIcon} />
      <div className="grow">
        <b>{t("signin.cancelled.title")}</b> {t("signin.nothingSent")}
      </div>
      <Button
        small
        variant="secondary"
        testId={testIds.signInRetry}
        onClick={() => {
          signIn();
        }}
      >
        {t("signin.retry")}
      </Button>
      <Button small variant="tertiary" testId={testIds.signInNotNow} onClick={forget}>
        {t("action.notNow")}
      </Button>
    </div>
  );
}
