/** The integrations: what each is, who uses it, whether its self-check was in order. */
import { CompassIcon, FileImportIcon, PlusIcon } from "@navikt/aksel-icons";
import type { AccessView, IntegrationRow } from "../../bindings";
import { useCommand } from "../../commands";
import { useSignIn } from "../../signin/SignIn";
import { norwegianDay } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { EnvBadge } from "../../parts/EnvBadge";
import { useRowKeys } from "../../parts/rowKeys";
import { State } from "../../parts/State";
import { address } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { goToGuide, goToIntegration, goToNew, shortId, useAccess } from "./access";
import { cx } from "../../parts/cx";
import s from "./Integrations.module.css";

const DAY_SECONDS = 86_400;

export function Integrations({ access }: { access: AccessView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { again } = useAccess();
  const { integrations } = access;
  const { table, tabIndexOf, onFocus, onKeyDown } = useRowKeys(
    integrations.length,
    { from: 0, to: integrations.length - 1 },
    () => undefined,
    integrations,
  );
  const take = useCommand(() => backend.importIntegration(), {
    done: (taken) => {
      if (taken === null) return;
      void again().then(() => {
        goToIntegration(...taken);
      });
    },
  });
  return (
    <section className="paper" aria-labelledby="integrations">
      <div className="row pad wrap">
        <h2 id="integrations" className="grow">
          {t("access.integrations")}
        </h2>
        <Button variant="tertiary" small icon={CompassIcon} testId={testIds.openGuide} onClick={goToGuide}>
          {t("access.openGuide")}
        </Button>
        <Button
          variant="tertiary"
          small
          icon={FileImportIcon}
          testId={testIds.importIntegration}
          needs="administer"
          onClick={take.run}
        >
          {t("access.import")}
        </Button>
        <Button
          variant="secondary"
          small
          icon={PlusIcon}
          testId={testIds.newIntegration}
          needs="administer"
          onClick={() => {
            goToNew();
          }}
        >
          {t("access.newIntegration")}
        </Button>
      </div>
      {integrations.length === 0 ? (
        <p className="pad quiet sm measure">{t("access.noIntegrations")}</p>
      ) : (
        <div className="scroll" role="region" aria-label={t("access.integrationTable")}>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its links have the focus */}
          <table
            ref={table}
            className={cx("t", s.integrations)}
            aria-rowcount={integrations.length + 1}
            data-testid={testIds.integrationTable}
            onKeyDown={onKeyDown}
            onFocus={onFocus}
          >
            <thead>
              <tr>
                <th scope="col">{t("access.colName")}</th>
                <th scope="col">{t("access.colEnv")}</th>
                <th scope="col">{t("access.colClient")}</th>
                <th scope="col">{t("access.colLasts")}</th>
                <th scope="col">{t("access.colPersons")}</th>
                <th scope="col">{t("access.colCheck")}</th>
                <th scope="col">
                  <span className="sr">{t("access.colUse")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {integrations.map((row, index) => (
                <Row key={`${row.environment}/${row.id}`} row={row} index={index} tabIndex={tabIndexOf(index)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ row, index, tabIndex }: { row: IntegrationRow; index: number; tabIndex: 0 | -1 }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { environment } = useStart();
  const { signIn, waiting } = useSignIn();
  const { again } = useAccess();
  const choose = useCommand(() => backend.chooseIntegration(row.environment, row.id), { done: () => void again() });
  const { settings } = row;
  const here = row.environment === environment;
  return (
    <tr aria-rowindex={index + 2} data-testid={testIds.integrationRow} data-id={row.id} data-chosen={row.chosen}>
      <td className="b">
        <a
          className="plain"
          tabIndex={tabIndex}
          data-stop="main"
          href={address("access", `${row.environment}/${row.id}`)}
          data-testid={testIds.integrationOpen}
        >
          {settings.name}
        </a>
        {row.chosen && <span className="xs quiet block">{t("access.chosen")}</span>}
      </td>
      <td>
        <EnvBadge environment={row.environment} />
      </td>
      <td className="quiet" title={settings.clientId}>
        {row.source === "builtIn" ? t("access.builtIn") : shortId(settings.clientId)}
      </td>
      <td>{t(lasts(settings.authorizationSeconds))}</td>
      <td className="quiet">{row.persons.length === 0 ? t("access.nobody") : row.persons.join(", ")}</td>
      <td>
        <CheckState row={row} />
      </td>
      <td className="r">
        {!here ? (
          <span className="xs quiet">{t("access.otherEnvironment")}</span>
        ) : row.chosen ? (
          <Button
            small
            variant="tertiary"
            testId={testIds.signInThrough}
            tabIndex={-1}
            data-stop="signIn"
            busy={waiting}
            aria-label={t("access.signInThroughName", { name: settings.name })}
            onClick={() => {
              signIn({ integration: row.id });
            }}
          >
            {t("signin.signIn")}
          </Button>
        ) : (
          <Button
            small
            variant="tertiary"
            testId={testIds.chooseIntegration}
            tabIndex={-1}
            data-stop="use"
            needs="administer"
            busy={choose.running}
            aria-label={t("access.useName", { name: settings.name })}
            onClick={choose.run}
          >
            {t("access.use")}
          </Button>
        )}
      </td>
    </tr>
  );
}

const lasts = (seconds: number) =>
  seconds > 300 * DAY_SECONDS ? "access.oneYear" : seconds > DAY_SECONDS ? "access.manyDays" : "access.oneDay";

function CheckState({ row }: { row: IntegrationRow }) {
  const { t, dateFrom, dayOf } = useTexts();
  const today = norwegianDay(useMinute());
  if (row.secret === "missing") return <State tone="soon">{t("access.secretMissing")}</State>;
  if (row.checkedAt === null) {
    return (
      <State tone="idle" shape="minus">
        {t("check.never")}
      </State>
    );
  }
  if (row.toMend > 0) return <State tone="soon">{t("check.fields", { count: row.toMend })}</State>;
  return <State tone="ok">{t("check.okDate", { date: dateFrom(dayOf(row.checkedAt), today) })}</State>;
}
