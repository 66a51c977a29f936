/** The morning list: what everybody at the office has to do, and what is nobody's. */
import { useId } from "react";
import type { DeadlinesView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { testIds } from "../../testids";
import { morningOf, type Whose } from "./whose";
import { cx } from "../../parts/cx";
import s from "./deadlines.module.css";

interface Props {
  view: DeadlinesView;
  onShow: (whose: Whose) => void;
  onClose: () => void;
}

export function MorningDialog({ view, onShow, onClose }: Props) {
  const { t, dateFrom } = useTexts();
  const id = useId();
  const lines = morningOf(view);
  // What the menu counts is of every year.
  const elsewhere = (view.next?.late ?? 0) - lines.reduce((sum, { late }) => sum + late, 0);
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.morningDialog} className={s.wide}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("morning.title", { year: view.year })}
      </h1>
      <div className="scroll">
        <table className={cx("t", s.morning)}>
          <thead>
            <tr>
              <th scope="col">{t("morning.who")}</th>
              <th scope="col">{t("morning.companies")}</th>
              <th scope="col">{t("deadlines.late")}</th>
              <th scope="col">{t("deadlines.near")}</th>
              <th scope="col">{t("deadlines.waiting")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ whose, name, companies, late, near, waiting }) => {
              const her = view.staff.find(({ role }) => `of:${role}` === whose);
              const acting = view.staff.find(({ role }) => role === her?.acting)?.name;
              const until = her?.awayUntil ?? null;
              return (
                <tr key={whose} data-testid={testIds.morningRow} data-value={whose}>
                  <th scope="row">
                    <button
                      type="button"
                      className="ds-link"
                      data-testid={testIds.morningShow}
                      onClick={() => {
                        onShow(whose);
                      }}
                    >
                      {name ?? t("whose.nobody")}
                    </button>
                    {until !== null && (
                      <span className={acting === undefined ? "xs tx-bad" : "xs quiet"}>
                        {" "}
                        {acting === undefined
                          ? t("morning.nobodyThere", { date: dateFrom(until, view.today) })
                          : t("morning.awayWith", { date: dateFrom(until, view.today), name: acting })}
                      </span>
                    )}
                  </th>
                  <td>{companies}</td>
                  <td className={late > 0 ? "tx-bad b" : "quiet"}>{late}</td>
                  <td className={near > 0 ? "b" : "quiet"}>{near}</td>
                  <td className={waiting > 0 ? undefined : "quiet"}>{waiting}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {elsewhere > 0 && <p className="sm mt3">{t("deadlines.lateElsewhere", { count: elsewhere })}</p>}
      <div className="acts">
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}
