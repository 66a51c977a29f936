/** Below the table: how many, in whose name, to whom, and the sums. Unmistakable before anything is sent. */
import { kr, norwegianDay, unsigned } from "../../i18n/format";
import type { ReturnCard } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { isAllSent, sums } from "./batchRows";
import s from "./batch.module.css";

export function BatchFoot({ chosen }: { chosen: ReturnCard[] }) {
  const { t, relativeDay } = useTexts();
  const { session, environment, batch } = useStart();
  const today = norwegianDay(useMinute());
  // After a batch what can be filed next is the news.
  if (batch && (!isAllSent(batch) || chosen.length === 0)) {
    const due = batch.due === null ? t("batch.toPay") : t("batch.toPayWhen", { when: relativeDay(batch.due, today) });
    return (
      <div className={s.sumline} data-testid={testIds.batchFoot}>
        <span className="grow">
          {t("batch.received", { count: batch.received, total: batch.total })} ·{" "}
          {t(isAllSent(batch) ? "batch.wasSentBy" : "batch.sentBy", {
            name: batch.filedBy ?? t("value.nameless"),
            to: t(`batch.to.${environment}`),
          })}
        </span>
        <Amount label={t("return.refund")} kroner={batch.refund} />
        <Amount label={due} kroner={batch.toPay} />
      </div>
    );
  }
  const { count, toPay, refund } = sums(chosen);
  const by = session?.name ?? session?.maskedId ?? undefined;
  return (
    <div className={s.sumline} data-testid={testIds.batchFoot}>
      <span className="grow">
        {count === 0
          ? t("batch.noneSelected")
          : by === undefined
            ? t("batch.selectedNobody", { count })
            : t("batch.selected", { count, name: by, to: t(`batch.to.${environment}`) })}
      </span>
      <Amount label={t("return.refund")} kroner={refund} />
      <Amount label={t("return.toPay")} kroner={toPay} />
    </div>
  );
}

function Amount({ label, kroner }: { label: string; kroner: string }) {
  if (kroner === "0") return null;
  return (
    <span className={s.amount}>
      <span className="quiet">{label}</span> <b className="tab">{kr(unsigned(kroner))}</b>
    </span>
  );
}
