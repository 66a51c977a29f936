/** One return: the card of Skatteetaten's own sketches at the left, the two steps at the right. */
import { ArrowLeftIcon, XMarkIcon } from "@navikt/aksel-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { FindingView, ReturnCard, ReturnView } from "../../bindings";
import { daysBetween, isNothing, isRefund, kr, nameOf, norwegianDay, unsigned } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useNarrow } from "../../parts/layout";
import { cardKey, useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { ErrorCard } from "../../parts/ErrorCard";
import { State } from "../../parts/State";
import { address } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { Attachments, useAimDrops } from "./Attachments";
import { useCardCommands } from "./cardCommands";
import { Causes, withoutCause } from "./Causes";
import { Changes, NewVersionBand } from "./Changes";
import { mayClose, useCloseCard } from "./closing";
import { Dock } from "./Dock";
import { OriginLine } from "../books/OriginLine";
import { DraftsLink } from "../drafts/DraftList";
import { MadeHere, MendButton, MendLine, SheetOfCard } from "../drafts/Mend";
import { FreeText, Lines } from "./Lines";
import { besideOf, Neighbour } from "./Neighbour";
import { hasEnded, isDelivered } from "./standing";
import { Steps } from "./Steps";
import { cx } from "../../parts/cx";
import s from "../../parts/card.module.css";

/** The card with its lines and what it changes, which the list of many leaves out. */
function useWhole(card: ReturnCard): { card: ReturnCard; coming: boolean } {
  const backend = useBackend();
  const { data, error } = useQuery({
    queryKey: [...cardKey, card.id],
    queryFn: () => backend.card(card.id),
    enabled: card.brief,
    placeholderData: keepPreviousData,
  });
  if (!card.brief || data?.id !== card.id || !data.content || !card.content)
    return { card, coming: card.brief && error === null && data?.id !== card.id };
  // The list is the newer one; what it leaves out is in the answer.
  const findings =
    card.check.findings.length === data.check.findings.length ? data.check.findings : card.check.findings;
  const whole = {
    ...card,
    brief: false,
    earlier: data.earlier,
    content: { ...card.content, groups: data.content.groups },
    check: { ...card.check, findings },
  };
  return { card: whole, coming: false };
}

export function CardView({
  card: listed,
  several,
  beside = false,
}: {
  card: ReturnCard;
  several: boolean;
  /** The list stands beside it, and keeps the reader's place. */
  beside?: boolean;
}) {
  const narrow = useNarrow();
  const { card, coming } = useWhole(listed);
  return (
    <div className={s.cardview}>
      {beside ? null : several ? <BackToList /> : <DraftsLink />}
      {card.content ? (
        narrow ? (
          <div className={cx(s.work, s.narrow)}>
            <Return card={card} content={card.content} beside={beside} coming={coming} />
            <Dock card={card} />
          </div>
        ) : (
          <div className={cx("split", s.work)}>
            <Return card={card} content={card.content} beside={beside} coming={coming} />
            <Steps card={card} />
          </div>
        )
      ) : (
        <Unreadable card={card} />
      )}
    </div>
  );
}

function BackToList() {
  const { t } = useTexts();
  return (
    <p className={s.back}>
      <a className="ds-link sm row" href={address("filing")} data-testid={testIds.backToList} data-back>
        <ArrowLeftIcon className="i s" aria-hidden />
        {t("batch.back")}
      </a>
    </p>
  );
}

/** A file that is not a return: what it is, that nothing is lost, and what to do. */
function Unreadable({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const { chooseFiles } = useCardCommands(card);
  const { close } = useCloseCard(card);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector("h1")?.focus();
  }, []);
  if (!card.problem) return null;
  const unexplained = withoutCause(card.check);
  const beside = besideOf(card);
  if (beside) return <Neighbour card={card} neighbour={beside} onClose={close} />;
  const { neighbour } = card;
  return (
    <div ref={box} className={cx("paper", s.unreadable)} data-testid={testIds.card} data-id={card.id}>
      <p className={cx("xs quiet", s.filename)}>{card.fileName}</p>
      <ErrorCard
        error={{ ...card.problem, values: { file: card.fileName, ...card.problem.values } }}
        remedies={{ chooseFiles: chooseFiles.run }}
        // One filled button a card: what Momsbud can do itself comes first.
        primary={!card.canMend && neighbour?.sheet !== true}
        heading="h1"
        testId={testIds.fileProblem}
        onClose={close}
      />
      {neighbour?.sheet === true && (
        <div className="acts">
          <SheetOfCard card={card} />
        </div>
      )}
      {neighbour && (
        <p className={cx("sm", s.beside)} data-testid={testIds.neighbour} data-kind={neighbour.kind}>
          {neighbour.title} {neighbour.advice}
        </p>
      )}
      {card.check.causes.length > 0 && <h2>{t("cause.list")}</h2>}
      <Causes causes={card.check.causes} findings={card.check.findings} />
      {card.canMend && (
        <div className={s.mend}>
          <MendButton card={card} />
        </div>
      )}
      {unexplained.length > 0 && (
        <ol className={s.schema} aria-label={t("finding.list")}>
          {unexplained.map((finding) => (
            <li key={finding.number} data-testid={testIds.finding} data-number={finding.number}>
              <b>
                {finding.xmlLine !== null &&
                  `${t("finding.xml", { line: finding.xmlLine, column: finding.xmlColumn ?? 1 })}: `}
                {finding.title}
              </b>
              <p>{finding.message}</p>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

interface ReturnProps {
  card: ReturnCard;
  content: ReturnView;
  beside: boolean;
  /** Its lines are on their way: what stands below them would be pushed down. */
  coming: boolean;
}

function Return({ card, content, beside, coming }: ReturnProps) {
  const { t, at, language } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const { close, question } = useCloseCard(card);
  // After a file is read, the reader's place is its heading.
  useEffect(() => {
    if (!beside) heading.current?.focus();
  }, [beside]);
  useAimDrops(card);
  const name = nameOf(content);
  const read =
    content.system === null
      ? t("return.fileReadOnly", { file: card.fileName, time: at(card.readAt) })
      : t("return.fileRead", { file: card.fileName, time: at(card.readAt), system: content.system });
  return (
    <article
      className={cx("paper", s.ret)}
      aria-label={t("return.kind")}
      data-testid={testIds.card}
      data-id={card.id}
      lang={language}
    >
      <header>
        <div className="grow">
          <p className="xs quiet">{t("return.kind")}</p>
          <h1 ref={heading} tabIndex={-1} className="ell" data-full={name} data-testid={testIds.cardCompany}>
            {name}
          </h1>
          <p className="mt05">
            <span className="b" data-testid={testIds.cardPeriod}>
              {content.period}
            </span>{" "}
            · <span data-testid={testIds.cardKind}>{content.kind}</span>
          </p>
          {card.origin ? (
            <OriginLine origin={card.origin} />
          ) : card.draft !== null ? (
            <MadeHere card={card} />
          ) : (
            <p className="xs quiet ell mt05" data-full={read}>
              {read}
            </p>
          )}
        </div>
        <Sum card={card} content={content} />
        {mayClose(card) && (
          <Button
            className={s.shut}
            variant="tertiary"
            small
            icon={XMarkIcon}
            aria-label={t("return.close")}
            title={t("return.close")}
            testId={testIds.cardClose}
            onClick={close}
          />
        )}
      </header>
      {!coming && <Below card={card} content={content} />}
      {question}
    </article>
  );
}

/** The lines, and what goes with them. */
function Below({ card, content }: Pick<ReturnProps, "card" | "content">) {
  const { t } = useTexts();
  return (
    <>
      {card.earlier && <NewVersionBand earlier={card.earlier} />}
      <Lines content={content} findings={shownFindings(card)} />
      {content.remark !== null && (
        <div className={s.files}>
          <p className="xs quiet">{t("return.remark")}</p>
          <p className="sm">{content.remark}</p>
          {content.freeText && (
            <div data-testid={testIds.freeText}>
              <FreeText of={content.freeText} />
            </div>
          )}
        </div>
      )}
      {card.earlier && (
        <Changes
          earlier={card.earlier}
          state={card.filing !== null && isDelivered(card.filing) ? card.filing.row.state : null}
        />
      )}
      <Attachments card={card} />
      {card.filing === null && card.draft === null && <MendLine card={card} />}
    </>
  );
}

/** What stands on the lines: of a delivered return what Skatteetaten answered, before that what the checks say. */
const shownFindings = ({ check, filing }: ReturnCard): FindingView[] =>
  filing && hasEnded(filing) ? filing.deviations : check.findings;

function Sum({ card, content }: { card: ReturnCard; content: ReturnView }) {
  const { t, dayFrom, relativeDay, dayAndTime } = useTexts();
  const now = useMinute();
  const today = norwegianDay(now);
  const refund = isRefund(content.assessedVat);
  const { deadline } = content;
  const delivered = card.filing && isDelivered(card.filing) ? card.filing.row.deliveredAt : null;
  const days = deadline === null ? null : daysBetween(today, deadline);
  return (
    <div className={s.sum}>
      <p className="xs quiet">
        {refund
          ? t("return.refund")
          : content.groups.length === 0 && !card.brief
            ? t("return.nil")
            : isNothing(content.assessedVat)
              ? t("pay.nothing")
              : t("return.toPay")}
      </p>
      <p className={s.v} data-testid={testIds.cardSum}>
        {kr(unsigned(content.assessedVat))}
      </p>
      {delivered !== null && card.filing?.row.state === "rejected" ? (
        <p className="xs">
          <State tone="bad">{t("state.rejected")}</State>
        </p>
      ) : delivered !== null ? (
        <p className="xs">
          <State tone={card.filing?.row.state === "unclear" ? "soon" : "ok"}>
            {t("return.deliveredAt", { when: dayAndTime(delivered, now) })}
          </State>
        </p>
      ) : (
        deadline !== null &&
        days !== null && (
          <p className="xs">
            <State tone={days < 0 ? "bad" : days <= 7 ? "soon" : "idle"} shape="clock">
              {days < 0
                ? t("return.deadlinePassed", { date: dayFrom(deadline, today) })
                : t("return.deadline", { when: relativeDay(deadline, today), date: dayFrom(deadline, today) })}
            </State>
          </p>
        )
      )}
    </div>
  );
}
