/** Who at the office is responsible for whom: the year narrowed to one person's companies, and the ways to change it. */
import { ArrowsSquarepathIcon, PersonGroupIcon, PersonSuitIcon } from "@navikt/aksel-icons";
import { useId, useState } from "react";
import type { DeadlineRow, DeadlinesView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { AwayDialog } from "./AwayDialog";
import { HandOverDialog } from "./HandOverDialog";
import { MorningDialog } from "./MorningDialog";
import { belongs, companiesOf, type Whose } from "./whose";
import { cx } from "../../parts/cx";
import chipsCss from "../../parts/chips.module.css";
import s from "./deadlines.module.css";

interface Props {
  view: DeadlinesView;
  /** What the year shows now: these are handed over. */
  shown: readonly DeadlineRow[];
  whose: Whose;
  onWhose: (whose: Whose) => void;
}

export function WhoseCompanies({ view, shown, whose, onWhose }: Props) {
  const { t, dateFrom } = useTexts();
  const id = useId();
  const [open, setOpen] = useState<"handOver" | "morning" | "away" | null>(null);
  const close = () => {
    setOpen(null);
  };
  const counted = (of: Whose) => companiesOf(view.rows.filter((row) => belongs(row, of))).length;
  const option = (of: Whose, name: string) => (
    <option key={of} value={of}>
      {t("whose.option", { name, count: counted(of) })}
    </option>
  );
  const me = view.staff.find((colleague) => colleague.me);
  const standIn = view.staff.find(({ role }) => role === me?.acting && role !== me.role);
  const away = me?.awayUntil ?? null;
  return (
    <div className={cx("row", chipsCss.chips, s.whose)} role="group" aria-label={t("whose.label")}>
      <label htmlFor={id} className={cx("sm", s.whoseLabel)}>
        {t("whose.label")}
      </label>
      <select
        id={id}
        className="ds-input"
        value={whose}
        data-testid={testIds.whose}
        onChange={(event) => {
          onWhose(event.target.value as Whose);
        }}
      >
        {option("all", t("whose.all"))}
        {option("mine", t("whose.mine"))}
        {option("nobody", t("whose.nobody"))}
        {view.staff.map(({ role, name }) => option(`of:${role}`, name))}
      </select>
      <Button
        small
        variant="tertiary"
        icon={ArrowsSquarepathIcon}
        testId={testIds.handOver}
        needs="prepare"
        shutBecause={shown.length === 0 ? `${id}-none` : undefined}
        onClick={() => {
          setOpen("handOver");
        }}
      >
        {t("whose.handOver")}
      </Button>
      <Button
        small
        variant="tertiary"
        icon={PersonGroupIcon}
        testId={testIds.morning}
        onClick={() => {
          setOpen("morning");
        }}
      >
        {t("whose.morning")}
      </Button>
      {me !== undefined && (
        <Button
          small
          variant="tertiary"
          icon={PersonSuitIcon}
          testId={testIds.away}
          onClick={() => {
            setOpen("away");
          }}
        >
          {away === null
            ? t("whose.away")
            : standIn === undefined
              ? t("whose.awayUntil", { date: dateFrom(away, view.today) })
              : t("whose.awayWith", { date: dateFrom(away, view.today), name: standIn.name })}
        </Button>
      )}
      {shown.length === 0 && (
        <span id={`${id}-none`} className="sr">
          {t("deadlines.noHits")}
        </span>
      )}
      {open === "handOver" && <HandOverDialog rows={companiesOf(shown)} view={view} onClose={close} />}
      {open === "morning" && (
        <MorningDialog
          view={view}
          onShow={(of) => {
            onWhose(of);
            close();
          }}
          onClose={close}
        />
      )}
      {open === "away" && me !== undefined && <AwayDialog me={me} view={view} onClose={close} />}
    </div>
  );
}
