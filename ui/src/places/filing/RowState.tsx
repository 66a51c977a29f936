/** What a row of many returns says of its state. */
import type { ReactNode } from "react";
import type { ErrorView } from "../../bindings";
import { errorTexts } from "../../errors";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { lookOf, State } from "../../parts/State";
import { useMinute } from "../../time";
import type { BatchRow } from "./batchRows";
import { stepNow } from "./Progress";
import { cx } from "../../parts/cx";
import s from "./batch.module.css";

/** The state's word, and in a few words more what is the matter. */
export function RowState({ row, leftOut }: { row: BatchRow; leftOut: ErrorView | undefined }) {
  const { t, at, brief } = useTexts();
  const now = useMinute();
  const { environment } = useStart();
  const { said, copies } = row;
  const files = row.card.attachments.length;
  const extra = [
    files > 0 ? t("batch.note.attachments", { count: files }) : null,
    copies.length > 0 ? t("batch.note.sameFile", { file: copies.join(", ") }) : null,
  ];
  const line = (state: ReactNode, note: string | null = null) => {
    const whole = [note, ...extra].filter((part) => part !== null).join(" · ");
    return (
      <span className={cx("row", s.rowstate)} data-full={whole === "" ? undefined : whole}>
        {state}
        {whole !== "" && <span className="quiet ell">{whole}</span>}
      </span>
    );
  };
  switch (said.kind) {
    case "unreadable":
      return line(<State tone="bad">{t("state.unreadable")}</State>, said.instead ?? errorTexts(said.error, t).title);
    case "beside":
      return line(<State tone="idle">{t("state.beside")}</State>, said.title);
    case "refused":
      return line(
        <State tone="bad">{t("state.refused")}</State>,
        said.error === null ? null : errorTexts(said.error, t).title,
      );
    case "rejected":
      return line(<State tone="bad">{t("state.rejected")}</State>, said.first);
    case "unclear":
      return line(<State tone="soon">{t("state.unclear")}</State>);
    case "attachment":
      return line(<State tone="bad">{t("state.mustFix")}</State>, errorTexts(said.error, t).title);
    case "invalid":
      return line(
        <State tone="bad">{t("state.mustFix")}</State>,
        said.count > 1 || said.first === null ? t("step1.countBad", { count: said.count }) : said.first,
      );
    case "noRight":
      return line(
        <State tone="soon" shape="lock">
          {t("state.noRight")}
        </State>,
        t("batch.note.noRight"),
      );
    case "mayNotSign":
      return line(
        <State tone="soon" shape="lock">
          {t("state.noRight")}
        </State>,
        t("reason.fillOnly"),
      );
    case "samePeriod":
      return line(<State tone="soon">{t("state.double")}</State>, t("batch.note.samePeriod", { file: said.file }));
    case "filedBefore":
      return line(
        <State tone="soon">{t(said.rejected ? "state.rejectedBefore" : "state.filedBefore")}</State>,
        t("batch.note.filedBefore", { when: brief(said.at, now), person: said.person ?? t("value.person") }),
      );
    case "elsewhere":
      return line(
        <State tone="run">{t("state.elsewhere")}</State>,
        t("batch.note.elsewhere", { person: said.person, desk: said.desk }),
      );
    case "checking":
      return line(<State tone="run">{t("step1.running")}</State>);
    case "notAsked":
      return line(
        <State tone="soon">{t(environment === "practice" ? "step1.notAskedPractice" : "step1.notAsked")}</State>,
        errorTexts(said.error, t).title,
      );
    case "unchecked":
      return line(
        <State tone="idle">{t("state.unchecked")}</State>,
        leftOut === undefined ? null : errorTexts(leftOut, t).title,
      );
    case "ready":
      return line(
        said.odd > 0 ? <State tone="soon">{t("state.deviating")}</State> : <State tone="ok">{t("state.ready")}</State>,
        leftOut === undefined
          ? said.odd === 1
            ? said.first
            : said.odd > 1
              ? t("step1.countOdd", { count: said.odd })
              : null
          : errorTexts(leftOut, t).title,
      );
    case "queued":
      return line(<State tone="idle">{t("state.queued")}</State>);
    case "running":
      return line(
        <State tone="run">{said.step === null ? t("state.running") : t(stepNow(said.step, environment))}</State>,
      );
    case "answering":
      return line(
        <State tone="run" shape="wait">
          {t("state.waitingAnswer")}
        </State>,
      );
    case "stopped":
      return line(
        <State tone="soon" shape="wait">
          {said.signature ? t("state.waitingSignature") : t("state.waiting")}
        </State>,
        said.error === null ? null : errorTexts(said.error, t).title,
      );
    case "received": {
      const { tone, shape, text } = lookOf(said.row);
      return line(
        <State tone={tone} shape={shape}>
          {said.at === null ? t(text) : `${t(text)} ${at(said.at)}`}
        </State>,
      );
    }
  }
}
