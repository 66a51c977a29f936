/** The guide: Digdir's self-service form field by field, ready to copy, in two variants. */
import { useQuery } from "@tanstack/react-query";
import { keepPreviousData } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { AccessView, GuideField, GuideRequest, GuideVariant, GuideView } from "../../bindings";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { errorView } from "../../backend/backend";
import { Button } from "../../parts/Button";
import { Copy } from "../../parts/Copy";
import { ErrorCard } from "../../parts/ErrorCard";
import { address } from "../../router";
import { testIds } from "../../testids";
import { Segments } from "../../parts/Segments";
import { goToNew } from "./access";
import { GuideSteps } from "./GuideSteps";
import { keepRequest, keptRequest } from "./guideRequest";
import { SelfCheck } from "./SelfCheck";
import { cx } from "../../parts/cx";
import fieldsCss from "../../parts/fields.module.css";
import s from "./Guide.module.css";

const variants: readonly GuideVariant[] = ["yearly", "simple"];

export function Guide({ access }: { access: AccessView }) {
  const { t, language } = useTexts();
  const backend = useBackend();
  const [request, setRequest] = useState<GuideRequest>(keptRequest);
  const change = (more: Partial<GuideRequest>) => {
    const next = { ...request, ...more };
    keepRequest(next);
    setRequest(next);
  };
  const guide = useQuery({
    queryKey: ["guide", language, request],
    queryFn: () => backend.guide(request),
    placeholderData: keepPreviousData,
  });
  const own = access.integrations.find(({ source }) => source === "own");
  return (
    <div className="page">
      <div className="head">
        <div className="grow">
          <p className="xs quiet">
            <a className="ds-link" href={address("access")}>
              {t("place.access")}
            </a>{" "}
            / {t("guide.crumb")}
          </p>
          <h1 tabIndex={-1}>{t("guide.title")}</h1>
        </div>
        <Segments
          label={t("guide.variant")}
          testId={testIds.guideVariant}
          options={variants.map((value) => ({ value, text: t(`guide.${value}`) }))}
          chosen={request.variant}
          onChoose={(variant) => {
            change({ variant });
          }}
        />
      </div>
      <GuideSteps request={request} />
      <div className={s.guide} hidden={guide.isPending}>
        <section className="paper" aria-label={t("guide.caption")}>
          <Given request={request} onChange={change} />
          {guide.error !== null && (
            <ErrorCard error={errorView(guide.error)} remedies={{ retry: () => void guide.refetch() }} />
          )}
          {guide.data && <Fields guide={guide.data} />}
        </section>
        <div className="vstack">
          {guide.data && (
            <section className="paper pad" aria-labelledby="costs">
              <h2 id="costs">{t("guide.costs")}</h2>
              <h3 className="mt3">{t("guide.comfort")}</h3>
              <p className="sm" data-testid={testIds.guideComfort}>
                {guide.data.comfort}
              </p>
              <h3 className="mt3">{t("guide.security")}</h3>
              <p className="sm" data-testid={testIds.guideSecurity}>
                {guide.data.security}
              </p>
              <div className="mt4">
                <Button
                  wide
                  data-shortcut="primary"
                  testId={testIds.guideEnter}
                  needs="administer"
                  onClick={() => {
                    goToNew(request.variant);
                  }}
                >
                  {t("guide.enter")}
                </Button>
              </div>
              <p className="xs quiet mt2">{t("guide.enterText")}</p>
            </section>
          )}
          {own && <SelfCheck row={own} />}
        </div>
      </div>
    </div>
  );
}

function Given({ request, onChange }: { request: GuideRequest; onChange: (more: Partial<GuideRequest>) => void }) {
  const { t } = useTexts();
  return (
    <div className={cx("pad", s.given)}>
      <Line
        label={t("guide.firm")}
        value={request.firm}
        testId={testIds.guideFirm}
        onChange={(firm) => {
          onChange({ firm });
        }}
      />
      <Line
        label={t("guide.orgNumber")}
        value={request.orgNumber}
        testId={testIds.guideOrgNumber}
        onChange={(orgNumber) => {
          onChange({ orgNumber });
        }}
      />
      {request.variant === "yearly" && (
        <Line
          label={t("guide.page")}
          value={request.page}
          testId={testIds.guidePage}
          onChange={(page) => {
            onChange({ page });
          }}
        />
      )}
    </div>
  );
}

interface LineProps {
  label: string;
  value: string;
  testId: string;
  onChange: (value: string) => void;
}

function Line({ label, value, testId, onChange }: LineProps) {
  const id = useId();
  return (
    <div className={fieldsCss.ff}>
      <label className="ds-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="ds-input"
        value={value}
        data-testid={testId}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </div>
  );
}

function Fields({ guide }: { guide: GuideView }) {
  const { t } = useTexts();
  return (
    <>
      <p className="pad sm">{guide.about}</p>
      <table className={cx("t", s.guidefields)}>
        <caption className="sr">{t("guide.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("guide.field")}</th>
            <th scope="col">{t("guide.value")}</th>
            <th scope="col">
              <span className="sr">{t("action.copy")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {guide.fields.map((field) => (
            <Field key={field.key} field={field} />
          ))}
        </tbody>
      </table>
      <div className="row pad between">
        <span className="sm quiet">{t("guide.sameOrder")}</span>
        <Copy text={guide.json} what="JSON" label={t("guide.json")} testId={testIds.guideJson} />
      </div>
    </>
  );
}

function Field({ field }: { field: GuideField }) {
  const { t } = useTexts();
  return (
    <tr data-testid={testIds.guideField} data-key={field.key}>
      <th scope="row">
        <span className="b block">{field.norwegian}</span>
        <span className="xs quiet block" lang="en">
          {field.english}
        </span>
      </th>
      <td className="breaks">
        {field.value !== null && (
          <span className={field.example ? cx("quiet", fieldsCss.val) : fieldsCss.val}>{field.value}</span>
        )}
        {field.note !== null && <span className="xs quiet block">{field.note}</span>}
      </td>
      <td className="r">
        {field.pick ? (
          <span className="xs quiet">{t("guide.pick")}</span>
        ) : (
          field.value !== null &&
          !field.example && <Copy text={field.value} what={field.norwegian} testId={testIds.guideCopy} />
        )}
      </td>
    </tr>
  );
}
