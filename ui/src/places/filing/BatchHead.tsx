/** Above the table: how many, what they need, and what can be done with all of them. */
import {
  ArrowsCirclepathIcon,
  EnterIcon,
  FileCsvIcon,
  FolderFileIcon,
  InformationSquareIcon,
  PaperplaneIcon,
  PauseIcon,
  PlayIcon,
} from "@navikt/aksel-icons";
import { useState } from "react";
import { useCommandOnBatch } from "../../answers";
import type { BatchView, LeftOut, ReturnCard } from "../../bindings";
import { useAnnounce, useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { useSignIn } from "../../signin/SignIn";
import { useTexts } from "../../i18n/useTexts";
import { norwegianDay } from "../../i18n/format";
import { useBackend, useOffice, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { Icon } from "../../parts/Icon";
import { go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { BatchConfirm } from "./BatchConfirm";
import { isAllSent, isOpen, type BatchRow } from "./batchRows";
import { CloseAll } from "./closing";
import { cx } from "../../parts/cx";
import barCss from "../../parts/bar.module.css";
import noteCss from "../../parts/note.module.css";
import s from "./batch.module.css";

interface Props {
  rows: BatchRow[];
  chosen: ReturnCard[];
  /** How many of them deviate. */
  odd: number;
  onLeftOut: (left: LeftOut[]) => void;
}

export function BatchHead(props: Props) {
  const { batch } = useStart();
  return batch ? <Filing batch={batch} {...props} /> : <Opened {...props} />;
}

type Counted =
  | "ready"
  | "unchecked"
  | "bad"
  | "received"
  | "receipts"
  | "now"
  | "queue"
  | "rejected"
  | "unclear"
  | "waiting"
  | "cancelled"
  | "notSent";

/** How each row is counted before anything is filed, and what is left of it afterwards: no batch has taken it, or it has no end. */
const COUNTS: Readonly<Record<BatchRow["bucket"], { as: Counted | null; left: "notSent" | "open" | null }>> = {
  ready: { as: "ready", left: "notSent" },
  odd: { as: "bad", left: "notSent" },
  fix: { as: "bad", left: "notSent" },
  noRight: { as: "bad", left: "notSent" },
  double: { as: "bad", left: "notSent" },
  before: { as: "bad", left: "notSent" },
  elsewhere: { as: "bad", left: "notSent" },
  beside: { as: null, left: null },
  unchecked: { as: "unchecked", left: "notSent" },
  queued: { as: null, left: null },
  running: { as: null, left: null },
  answering: { as: null, left: null },
  stopped: { as: "bad", left: "open" },
  unclear: { as: "bad", left: "open" },
  received: { as: "received", left: null },
};

/** One sentence of counts. What there is none of is not said. */
function useTold(): (counts: [`batch.sum.${Counted}`, number][]) => string {
  const { t } = useTexts();
  return (counts) => {
    const said = counts.filter(([, count]) => count > 0).map(([key, count]) => t(key, { count }));
    const sentence = said.join(", ");
    return sentence === "" ? "" : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  };
}

/** Before anything is filed. */
function Opened({ rows, chosen, odd, onLeftOut }: Props) {
  const { t, at } = useTexts();
  const told = useTold();
  const backend = useBackend();
  const { session, environment } = useStart();
  const practice = environment === "practice";
  const { signIn } = useSignIn();
  const files = useCommand(() => backend.chooseFiles());
  const check = useCheckAll(rows);
  const readable = rows.filter(({ card }) => card.content !== null).length;
  const title = t("batch.title", { count: readable });
  const count = (as: Counted) => rows.filter(({ bucket }) => COUNTS[bucket].as === as).length;
  const unchecked = count("unchecked");
  const checked = rows
    .map(({ card }) => card.check.authorityAt)
    .filter((moment) => moment !== null)
    .sort()
    .at(-1);
  const said = told([
    ["batch.sum.ready", count("ready")],
    ["batch.sum.unchecked", unchecked],
    ["batch.sum.bad", count("bad")],
    ["batch.sum.received", count("received")],
  ]);
  const untouched = rows.every(({ card }) => card.filing === null);
  const summary = check.running
    ? t(practice ? "batch.checkingPractice" : "batch.checking", { count: check.done, total: check.total })
    : unchecked > 0 || checked === undefined
      ? `${said}${untouched ? ` ${t("batch.sum.nothingSent")}` : ""}`
      : `${said} ${t(practice ? "batch.sum.byPractice" : "batch.sum.by", { time: at(checked) })}`;
  return (
    <div className="head">
      <div className="grow">
        <h1 tabIndex={-1}>
          {readable === rows.length ? title : `${t("batch.files", { count: rows.length })}, ${title}`}
        </h1>
        <p className="quiet" data-testid={testIds.batchSummary}>
          {summary}
        </p>
      </div>
      <CloseAll cards={rows.map(({ card }) => card)} />
      <Button variant="tertiary" icon={FolderFileIcon} testId={testIds.chooseFiles} needs="see" onClick={files.run}>
        {t("drop.files")}
      </Button>
      {session === null ? (
        <Button
          icon={EnterIcon}
          testId={testIds.stepSignIn}
          data-shortcut="primary"
          onClick={() => {
            signIn({ then: check.run });
          }}
        >
          {t("batch.signInAndCheck")}
        </Button>
      ) : (
        <>
          {check.running ? (
            <Button variant="secondary" testId={testIds.batchStopChecking} onClick={check.stop}>
              {t("batch.stopChecking")}
            </Button>
          ) : (
            check.total > 0 && (
              <Button
                variant={unchecked > 0 ? "primary" : "secondary"}
                icon={ArrowsCirclepathIcon}
                testId={testIds.check}
                needs="check"
                data-shortcut={unchecked > 0 ? "primary" : undefined}
                onClick={check.run}
              >
                {t("batch.checkAll")}
              </Button>
            )
          )}
          {(chosen.length > 0 || unchecked === 0) && (
            <SendReady chosen={chosen} odd={odd} primary={unchecked === 0} onLeftOut={onLeftOut} />
          )}
        </>
      )}
    </div>
  );
}

/** Asks Skatteetaten about every return that can be asked about: those not checked yet, or all of them again. */
function useCheckAll(rows: BatchRow[]) {
  const { t } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const able = rows.filter(
    ({ card, bucket, said }) => card.content !== null && COUNTS[bucket].left === "notSent" && said.kind !== "rejected",
  );
  const fresh = able.filter(({ card }) => card.check.authorityAt === null);
  const wanted = fresh.length > 0 ? fresh : able;
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set());
  const command = useCommand(async (ids: string[]) => backend.checkAll(ids), {
    done: () => {
      announce(t("batch.checked"));
    },
  });
  const stopping = useCommand(() => backend.stopChecking());
  const left = rows.filter(
    ({ card }) =>
      asked.has(card.id) && (card.check.running || (card.check.authorityAt === null && !card.check.problem)),
  ).length;
  return {
    running: command.running,
    total: command.running ? asked.size : wanted.length,
    done: asked.size - left,
    run: () => {
      const ids = wanted.map(({ card }) => card.id);
      setAsked(new Set(ids));
      command.run(ids);
    },
    stop: stopping.run,
  };
}

interface SendProps {
  chosen: ReturnCard[];
  odd: number;
  primary: boolean;
  onLeftOut: (left: LeftOut[]) => void;
}

/** "Send inn klare (37)": asks once, with person, number and sum. */
function SendReady({ chosen, odd, primary, onLeftOut }: SendProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const { asked, answerBatch } = useOffice();
  const { environment, session } = useStart();
  const [asking, setAsking] = useState(false);
  const start = async () => ({ at: asked(), answer: await backend.startBatch(chosen.map(({ id }) => id)) });
  const send = useCommand(start, {
    done: ({ at, answer: { batch, leftOut } }) => {
      setAsking(false);
      onLeftOut(leftOut);
      if (batch) answerBatch(at, batch);
    },
    refused: () => {
      setAsking(false);
      return false;
    },
  });
  const shut = chosen.length === 0 || session?.altinn === null;
  return (
    <>
      <Button
        icon={PaperplaneIcon}
        variant={primary ? "primary" : "secondary"}
        testId={testIds.batchSend}
        needs="file"
        data-shortcut={primary ? "primary" : undefined}
        busy={send.running}
        shutBecause={shut ? "batch-shut" : undefined}
        color={environment === "production" ? "accent" : environment}
        onClick={() => {
          setAsking(true);
        }}
      >
        {chosen.length === 0 ? t("batch.noneSelected") : t(`batch.send.${environment}`, { count: chosen.length })}
      </Button>
      {shut && (
        <span className="sr" id="batch-shut">
          {chosen.length === 0 ? t("batch.noneSelected") : t("step2.shut.noAltinn")}
        </span>
      )}
      {asking && (
        <BatchConfirm
          chosen={chosen}
          odd={odd}
          sending={send.running}
          onConfirm={send.run}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </>
  );
}

/** A batch under way, standing still, waiting for receipts, or done. */
function Filing({ batch, rows, chosen, odd, onLeftOut }: Props & { batch: BatchView }) {
  const { t, language } = useTexts();
  const told = useTold();
  const backend = useBackend();
  const tell = useTell();
  const reveal = useCommand(() => backend.showSaved());
  const today = norwegianDay(useMinute());
  const { change } = useOffice();
  const { signIn } = useSignIn();
  const pause = useCommandOnBatch(() => backend.pauseBatch());
  const goOn = useCommandOnBatch(() => backend.continueBatch());
  const cancel = useCommandOnBatch(() => backend.cancelBatch());
  const exporting = useCommand(() => backend.exportBatch(`momsbud-${today}.csv`), {
    done: (file) => {
      if (file !== null) tell(t("export.saved", { path: file }), { label: t("action.showInFolder"), run: reveal.run });
    },
  });
  const { state, total, queued } = batch;
  const open = isOpen(batch);
  const free = state === "running" || isAllSent(batch);
  const received = rows.filter(({ bucket }) => bucket === "received").map(({ card }) => card.id);
  const tidy = useCommand(
    async () => {
      await backend.closeCards(received);
      if (state === "done") await backend.closeBatch();
    },
    {
      done: () => {
        const gone = new Set(received);
        change((old) => ({
          ...old,
          batch: state === "done" ? null : old.batch,
          cards: old.cards.filter(({ id }) => !gone.has(id)),
        }));
      },
    },
  );
  // Returns that came later, or were corrected meanwhile.
  const check = useCheckAll(rows);
  const unchecked = rows.filter(({ bucket }) => bucket === "unchecked").length;
  const still = state === "paused" || state === "interrupted";
  const under = batch.running + batch.answering;
  const part = (n: number) => `${String((n * 100) / Math.max(1, total))}%`;
  // What lies open and was not sent, or came back: the news once the batch is over.
  const notSent = rows.filter(({ bucket }) => COUNTS[bucket].left === "notSent").length;
  const remaining = rows.filter(({ bucket }) => COUNTS[bucket].left !== null).length;
  const stopped = batch.waiting + batch.refused + batch.rejected + batch.unclear;
  return (
    <>
      <div className="head">
        <div className="grow">
          <h1 tabIndex={-1}>
            {state === "done" && remaining > 0
              ? t("batch.remains", { count: remaining })
              : state === "done"
                ? t("batch.received", { count: batch.received, total })
                : state === "waitingReceipts"
                  ? t("batch.delivered", { count: batch.received + batch.answering })
                  : t("batch.running", { count: total })}
          </h1>
          <p className="quiet" data-testid={testIds.batchSummary}>
            {told([
              ["batch.sum.received", batch.received],
              state === "waitingReceipts" ? ["batch.sum.receipts", batch.answering] : ["batch.sum.now", under],
              ["batch.sum.queue", queued],
              ["batch.sum.rejected", batch.rejected + batch.refused],
              ["batch.sum.unclear", batch.unclear],
              ["batch.sum.waiting", batch.waiting],
              ["batch.sum.cancelled", batch.cancelled],
              ["batch.sum.notSent", open ? 0 : notSent],
            ])}
            {state === "running" && batch.minutesLeft !== null && ` ${t("batch.left", { count: batch.minutesLeft })}`}
          </p>
        </div>
        {state === "running" && queued > 0 && (
          <Button
            variant="secondary"
            icon={PauseIcon}
            testId={testIds.batchPause}
            needs="file"
            busy={pause.running}
            onClick={pause.run}
          >
            {t("batch.pause")}
          </Button>
        )}
        {still && (
          <Button
            icon={PlayIcon}
            testId={testIds.batchContinue}
            needs="file"
            data-shortcut="primary"
            busy={goOn.running}
            onClick={goOn.run}
          >
            {t("batch.continue", { count: queued })}
          </Button>
        )}
        {state === "waitingSignIn" && (
          <Button
            icon={EnterIcon}
            testId={testIds.stepSignIn}
            data-shortcut="primary"
            onClick={() => {
              signIn();
            }}
          >
            {t("signin.signIn")}
          </Button>
        )}
        {open && queued > 0 && (
          <Button
            variant="secondary"
            testId={testIds.batchCancel}
            needs="file"
            busy={cancel.running}
            onClick={cancel.run}
          >
            {t("batch.cancelRest", { count: queued })}
          </Button>
        )}
        <Button
          variant="secondary"
          icon={FileCsvIcon}
          testId={testIds.batchExport}
          needs="file"
          busy={exporting.running}
          onClick={exporting.run}
        >
          {t("batch.exportResult")}
        </Button>
        {(state === "done" || (state === "waitingReceipts" && received.length > 0)) && (
          <Button
            variant={state === "done" ? "primary" : "secondary"}
            testId={testIds.batchTidy}
            needs="file"
            data-shortcut={state === "done" ? "primary" : undefined}
            busy={tidy.running}
            onClick={tidy.run}
          >
            {t("batch.tidy")}
          </Button>
        )}
        {free && check.total > 0 && unchecked > 0 && (
          <Button
            variant="secondary"
            icon={ArrowsCirclepathIcon}
            testId={testIds.check}
            needs="check"
            busy={check.running}
            onClick={check.run}
          >
            {t("batch.checkAll")}
          </Button>
        )}
        {free && chosen.length > 0 && <SendReady chosen={chosen} odd={odd} primary={false} onLeftOut={onLeftOut} />}
      </div>
      {open && (
        <div
          className={cx(barCss.bar, barCss.big)}
          role="progressbar"
          aria-label={t("batch.bar")}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={batch.received}
          aria-valuetext={t("batch.received", { count: batch.received, total })}
          lang={language}
        >
          <i className={barCss.ok} style={{ width: part(batch.received) }} />
          <i style={{ width: part(under) }} />
          <i className={barCss.bad} style={{ width: part(stopped) }} />
        </div>
      )}
      {state === "paused" && batch.problem !== null ? (
        <div className={cx("paper pad", s.still)}>
          <ErrorCard
            error={batch.problem}
            about="apart"
            remedies={{
              continue: goOn.run,
              signIn: () => {
                signIn({ then: goOn.run });
              },
              signInAsAnother: () => {
                signIn({ asAnother: true, then: goOn.run });
              },
              openAddresses: () => {
                go("settings", "addresses");
              },
            }}
          />
        </div>
      ) : (
        <p className={cx("xs quiet", s.closing)}>
          {state === "done" ? (
            t("batch.doneText")
          ) : state === "waitingReceipts" ? (
            t("batch.receiptsText")
          ) : state === "running" ? (
            t("batch.close")
          ) : (
            <span className={cx(noteCss.noteBox, s.noteBox)}>
              <Icon of={InformationSquareIcon} />
              <span>{t(`batch.still.${state}`, { name: batch.filedBy ?? t("value.nameless"), count: queued })}</span>
            </span>
          )}
        </p>
      )}
    </>
  );
}
