/**
 * What to pay and how, each with a button that copies bare digits.
 *
 * The practice authorities answer with a KID and an account as the real ones do. In practice the window neither shows nor
 * copies them, and says that nothing is to be paid: who has several windows open must not pay an invented claim.
 */
import type { EnvironmentName, PaymentView } from "../bindings";
import { account, daysBetween, isNothing, isRefund, kid, kr, norwegianDay, unsigned } from "../i18n/format";
import { useTexts, type Texts } from "../i18n/useTexts";
import { testIds, type TestId } from "../testids";
import { useMinute } from "../time";
import { Copy } from "./Copy";
import { State } from "./State";
import { cx } from "./cx";
import s from "./Payment.module.css";

interface Props {
  payment: PaymentView;
  /** The return's sum: it says whether there is anything to pay. The authority answers 0 when money comes back. */
  sum: string;
  environment: EnvironmentName;
  heading: "h2" | "h3";
  headingId: string;
}

/** What may be shown and copied of a payment. */
const payable = (payment: PaymentView, environment: EnvironmentName): PaymentView =>
  environment === "practice" ? { ...payment, kid: null, account: null } : payment;

/** The KID that a row's shortcut copies: none in practice, and none before Skatteetaten has accepted the return. */
export const kidToCopy = (
  payment: Pick<PaymentView, "kid" | "provisional"> | null | undefined,
  environment: EnvironmentName,
): string | undefined =>
  environment === "practice" || !payment || payment.provisional ? undefined : (payment.kid ?? undefined);

/** Everything of the payment as lines, for a note or a mail. */
export function paymentText(payment: PaymentView, environment: EnvironmentName, { t, fullDay }: Texts): string {
  return [
    environment === "practice" && t("pay.practice.band"),
    `${t("pay.amount")}: ${unsigned(payment.amount)}`,
    payment.kid !== null && `KID: ${payment.kid}`,
    payment.account !== null && `${t("pay.account")}: ${payment.account}`,
    payment.due !== null && `${t("pay.due")}: ${fullDay(payment.due)}`,
  ]
    .filter((line) => line !== false)
    .join("\n");
}

export function Payment({ payment, sum, environment, heading, headingId }: Props) {
  if (payment.provisional) return <Provisional {...{ payment, sum, environment, heading, headingId }} />;
  if (isRefund(sum)) return <Refund {...{ sum, environment, heading, headingId }} />;
  if (isNothing(sum)) return <Nothing {...{ heading, headingId }} />;
  return <Bill {...{ payment, environment, heading, headingId }} />;
}

/** Money comes back: no KID, no account and no day belong to that. */
function Refund({ sum, environment, heading: Heading, headingId }: Omit<Props, "payment">) {
  const { t } = useTexts();
  return (
    <div data-testid={testIds.payment} data-kind="refund">
      <Heading id={headingId}>{t("return.refund")}</Heading>
      <dl className={Heading === "h3" ? cx(s.pay, s.compact) : s.pay}>
        <Row term={t("pay.refundAmount")} big testId={testIds.payAmount}>
          {kr(unsigned(sum))}
        </Row>
      </dl>
      <p className="sm quiet">{t(environment === "practice" ? "pay.practice.refund" : "pay.refundText")}</p>
    </div>
  );
}

function Nothing({ heading: Heading, headingId }: Pick<Props, "heading" | "headingId">) {
  const { t } = useTexts();
  return (
    <div data-testid={testIds.payment} data-kind="nothing">
      <Heading id={headingId}>{t("pay.nothing")}</Heading>
      <p className="sm quiet">{t("pay.nothingText")}</p>
    </div>
  );
}

/** Before Skatteetaten has decided: what it is about, and nothing that could be paid by mistake. */
function Provisional({ payment, sum, environment, heading: Heading, headingId }: Props) {
  const { t, fullDay } = useTexts();
  const pays = !isRefund(sum) && !isNothing(sum);
  return (
    <div data-testid={testIds.payment} data-kind="provisional">
      <Heading id={headingId}>{t("pay.title")}</Heading>
      <p className="mt05">
        <State tone="soon" shape="wait" testId={testIds.payProvisional}>
          {t("pay.provisional")}
        </State>
      </p>
      <dl className={Heading === "h3" ? cx(s.pay, s.compact) : s.pay}>
        <Row term={t(isRefund(sum) ? "return.refund" : "pay.amount")} testId={testIds.payAmount}>
          {kr(unsigned(sum))}
        </Row>
        {pays && payment.due !== null && (
          <Row term={t("pay.due")} mayWrap testId={testIds.payDue}>
            {fullDay(payment.due)}
          </Row>
        )}
      </dl>
      <p className="sm quiet">
        {t(environment === "practice" ? "pay.practice.band" : pays ? "pay.provisionalText" : "pay.provisionalRefund")}
      </p>
    </div>
  );
}

function Bill({ payment: told, environment, heading: Heading, headingId }: Omit<Props, "sum">) {
  const payment = payable(told, environment);
  const texts = useTexts();
  const { t, fullDay, relativeDay } = texts;
  const today = norwegianDay(useMinute());
  const days = payment.due === null ? null : daysBetween(today, payment.due);
  const dueTone = days === null ? undefined : days < 0 ? "tx-bad" : days <= 3 ? "tx-soon" : undefined;
  const missing = (what: "kid" | "account") =>
    environment === "practice" ? t(`pay.practice.${what}`) : t("pay.notStated");
  return (
    <div data-testid={testIds.payment} data-kind="bill">
      <div className="row">
        <Heading id={headingId} className="grow">
          {t("pay.title")}
        </Heading>
        <Copy
          text={paymentText(payment, environment, texts)}
          what={t("pay.title")}
          label={t("action.copyAll")}
          variant={Heading === "h2" ? "secondary" : "tertiary"}
          testId={testIds.copyAll}
        />
      </div>
      {environment === "practice" && (
        <p className={s.practiceBand} data-testid={testIds.payPractice}>
          {t("pay.practice.band")}
        </p>
      )}
      <dl className={Heading === "h3" ? cx(s.pay, s.compact) : s.pay}>
        <Row
          term={t("pay.amount")}
          big
          testId={testIds.payAmount}
          copy={{ text: payment.amount, what: t("pay.amountWhat"), testId: testIds.copyAmount }}
        >
          {kr(payment.amount)}
        </Row>
        <Row
          term={t("pay.kid")}
          testId={testIds.payKid}
          copy={payment.kid === null ? undefined : { text: payment.kid, what: "KID", testId: testIds.copyKid }}
        >
          {payment.kid === null ? missing("kid") : kid(payment.kid)}
        </Row>
        <Row
          term={t("pay.account")}
          testId={testIds.payAccount}
          copy={
            payment.account === null
              ? undefined
              : { text: payment.account, what: t("pay.accountWhat"), testId: testIds.copyAccount }
          }
        >
          {payment.account === null ? missing("account") : account(payment.account)}
        </Row>
        {payment.due !== null && (
          <Row
            term={t("pay.due")}
            tone={dueTone}
            mayWrap
            testId={testIds.payDue}
            note={dueTone === undefined ? undefined : relativeDay(payment.due, today)}
            copy={{ text: payment.due, what: t("pay.dueWhat"), testId: testIds.copyDue }}
          >
            {fullDay(payment.due)}
          </Row>
        )}
      </dl>
    </div>
  );
}

interface RowProps {
  term: string;
  children: string;
  testId: TestId;
  big?: boolean;
  mayWrap?: boolean;
  tone?: string | undefined;
  note?: string | undefined;
  copy?: { text: string; what: string; testId: TestId } | undefined;
}

function Row({ term, children, testId, big = false, mayWrap = false, tone, note, copy }: RowProps) {
  return (
    <div className={big ? s.big : undefined}>
      <dt>
        {term}
        {note !== undefined && <span className={tone}> · {note}</span>}
      </dt>
      <dd className={tone}>
        <span className={mayWrap ? s.mayWrap : undefined} data-testid={testId}>
          {children}
        </span>
        {copy && <Copy {...copy} />}
      </dd>
    </div>
  );
}
