/** For whom, by whom, to whom: unmistakable before anything is sent. */
import type { ReturnCard } from "../../bindings";
import { nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useStart } from "../../office";
import s from "../../parts/steps.module.css";

export function Sender({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const { session, environment } = useStart();
  const { content, filing } = card;
  if (!content) return null;
  const by = filing?.row.filedBy ?? session?.name ?? session?.maskedId ?? t("step2.nobody");
  return (
    <dl className={s.send}>
      <dt>{t("step2.for")}</dt>
      <dd>{nameOf(content)}</dd>
      <dt>{t("step2.by")}</dt>
      <dd>{by}</dd>
      <dt>{t("step2.to")}</dt>
      <dd>{t(`step2.to.${environment}`)}</dd>
    </dl>
  );
}
