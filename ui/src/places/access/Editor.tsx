/** An integration as it is filled in: every field, its secret, and what else can be done with it. */
import { DownloadIcon, TrashIcon } from "@navikt/aksel-icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState, type ReactNode } from "react";
import type {
  AccessView,
  ClientProof,
  EnvironmentName,
  FieldFaultView,
  FieldName,
  GuideVariant,
  IntegrationForm,
  IntegrationRow,
  RedirectForm,
  SavedIntegration,
} from "../../bindings";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { EnvBadge } from "../../parts/EnvBadge";
import { ErrorCard } from "../../parts/ErrorCard";
import { address } from "../../router";
import { testIds } from "../../testids";
import { Segments } from "../../parts/Segments";
import { goToAccess, goToIntegration, rowOf, useAccess } from "./access";
import { ClientKey } from "./ClientKey";
import { Check, Choice, FieldRow, Lines, NumberLine, TextLine } from "../../parts/fields";
import { keptRequest } from "./guideRequest";
import { SelfCheck } from "./SelfCheck";
import { cx } from "../../parts/cx";
import noteCss from "../../parts/note.module.css";
import fieldsCss from "../../parts/fields.module.css";
import s from "./Editor.module.css";
import guideCss from "./Guide.module.css";

interface Props {
  access: AccessView;
  /** The integration to change; none for a new one. */
  edits: { environment: EnvironmentName; id: string } | null;
  /** The guide's variant that a new one begins with. */
  guide?: GuideVariant | null;
}

export function Editor({ access, edits, guide = null }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const start = useStart();
  // A new one is for the authorities it will be registered with; practice has its own already.
  const [environment, setEnvironment] = useState<EnvironmentName>(
    edits?.environment ?? (guide !== null && start.environment === "practice" ? "test" : start.environment),
  );
  const id = edits?.id ?? null;
  const row = edits === null ? undefined : rowOf(access, edits.environment, edits.id);
  const begun = useQuery({
    queryKey: ["integrationForm", environment, id, guide],
    queryFn: () =>
      backend.integrationForm(environment, id, guide === null ? null : { ...keptRequest(), variant: guide }),
    staleTime: 0,
    gcTime: 0,
  });
  const title = row?.settings.name ?? t("access.newIntegration");
  return (
    <div className="page">
      <div className="head">
        <div className="grow">
          <p className="xs quiet">
            <a className="ds-link" href={address("access")}>
              {t("place.access")}
            </a>{" "}
            / {t("access.integrations")}
          </p>
          <h1 tabIndex={-1}>{title}</h1>
        </div>
        {edits === null ? (
          <Segments
            label={t("access.colEnv")}
            testId={testIds.integrationEnvironment}
            options={(["practice", "test", "production"] as const)
              .filter((value) => value !== "practice" || start.environment === "practice")
              .map((value) => ({ value, text: t(`env.${value}`) }))}
            chosen={environment}
            onChoose={setEnvironment}
          />
        ) : (
          <EnvBadge environment={environment} />
        )}
      </div>
      {begun.error !== null && (
        <div className="paper">
          <ErrorCard error={errorView(begun.error)} remedies={{ retry: () => void begun.refetch() }} />
        </div>
      )}
      {begun.data && (
        <div className={guideCss.guide}>
          <Form key={`${environment}/${String(id)}`} from={begun.data} environment={environment} row={row} />
          {row && (
            <div className="vstack">
              <SelfCheck row={row} />
              <More row={row} />
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface FormProps {
  from: IntegrationForm;
  environment: EnvironmentName;
  row: IntegrationRow | undefined;
}

function Form({ from, environment, row }: FormProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const { again } = useAccess();
  const [form, setForm] = useState(from);
  const [secret, setSecret] = useState("");
  const [faults, setFaults] = useState<readonly FieldFaultView[]>([]);
  const [kept, setKept] = useState(false);
  const readOnly = row !== undefined && row.source !== "own";
  const change = (more: Partial<IntegrationForm>) => {
    setKept(false);
    setForm((old) => ({ ...old, ...more }));
  };
  const fault = (...fields: FieldName[]) => faults.find(({ field }) => fields.includes(field))?.text;
  const wantsSecret = form.authentication === "client_secret_post" || form.authentication === "client_secret_basic";
  const save = useCommand(
    async () => {
      const saved: SavedIntegration = readOnly
        ? { kind: "saved", id: row.id }
        : await backend.saveIntegration(environment, row?.id ?? null, form);
      if (saved.kind === "saved" && wantsSecret && secret !== "") {
        await backend.setClientSecret(environment, saved.id, secret);
      }
      return saved;
    },
    {
      done: (saved) => {
        if (saved.kind === "faulty") {
          setFaults(saved.faults);
          return;
        }
        // She said no in the system's dialog, where it was asked: nothing is kept, and what she has typed stays.
        if (saved.kind === "declined") return;
        setFaults([]);
        // The secret is where it belongs; nothing of it stays here.
        setSecret("");
        setKept(true);
        void again().then(() => {
          if (row === undefined) goToIntegration(environment, saved.id);
        });
      },
    },
  );
  const secretLine = wantsSecret && (
    <TextLine
      label={t("form.secret")}
      note={t(row?.secret === "kept" ? "form.secretKept" : "form.secretNote")}
      value={secret}
      secret
      testId={testIds.formSecret}
      onChange={(typed) => {
        setKept(false);
        setSecret(typed);
      }}
    />
  );
  useEffect(() => {
    if (faults.length > 0) document.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [faults]);
  return (
    <form
      className={cx("paper pad", s.vform)}
      aria-label={t("access.formLabel")}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!readOnly || wantsSecret) save.run();
      }}
    >
      {row?.source === "builtIn" && <p className={cx(noteCss.noteBox, noteCss.one)}>{t("access.builtInText")}</p>}
      {row?.source === "file" && <p className={cx(noteCss.noteBox, noteCss.one)}>{t("access.fileText")}</p>}
      <fieldset disabled={readOnly} className={fieldsCss.plainset}>
        <TextLine
          label={t("form.name")}
          value={form.name}
          fault={fault("name")}
          testId={testIds.formName}
          onChange={(name) => {
            change({ name });
          }}
        />
        <TextLine
          label={t("form.clientId")}
          note={t("form.clientIdNote")}
          value={form.clientId}
          fault={fault("clientId")}
          testId={testIds.formClientId}
          onChange={(clientId) => {
            change({ clientId });
          }}
        />
        <Choice<ClientProof>
          label={t("form.authentication")}
          value={form.authentication}
          testId={testIds.formAuthentication}
          options={[
            { value: "none", text: t("form.auth.none") },
            { value: "client_secret_post", text: t("form.auth.client_secret_post") },
            { value: "client_secret_basic", text: t("form.auth.client_secret_basic") },
            { value: "private_key_jwt", text: t("form.auth.private_key_jwt") },
          ]}
          onChange={(authentication) => {
            change({ authentication });
          }}
        />
        {!readOnly && secretLine}
        {form.authentication === "private_key_jwt" && <ClientKey row={row} saved={kept || row !== undefined} />}
        {form.authentication === "private_key_jwt" && (
          <TextLine
            label={t("form.keyId")}
            note={t("form.keyIdNote")}
            value={form.keyId ?? ""}
            fault={fault("keyId")}
            testId={testIds.formKeyId}
            onChange={(keyId) => {
              change({ keyId });
            }}
          />
        )}
        <Redirect
          redirect={form.redirect}
          fault={fault}
          onChange={(redirect) => {
            change({ redirect });
          }}
        />
        <Lines
          label={t("form.scopes")}
          value={form.scopes}
          fault={fault("scopes")}
          testId={testIds.formScopes}
          onChange={(scopes) => {
            change({ scopes });
          }}
        />
        <Check
          label={t("form.oldScope")}
          note={t("form.oldScopeNote")}
          on={form.askForOldScope}
          testId={testIds.formOldScope}
          onChange={(askForOldScope) => {
            change({ askForOldScope });
          }}
        />
        <div className={s.threes}>
          <NumberLine
            label={t("form.authorizationSeconds")}
            value={form.authorizationSeconds}
            fault={fault("authorizationSeconds")}
            testId={testIds.formAuthorizationSeconds}
            onChange={(authorizationSeconds) => {
              change({ authorizationSeconds });
            }}
          />
          <NumberLine
            label={t("form.accessTokenSeconds")}
            value={form.accessTokenSeconds}
            fault={fault("accessTokenSeconds")}
            testId={testIds.formAccessSeconds}
            onChange={(accessTokenSeconds) => {
              change({ accessTokenSeconds });
            }}
          />
          <NumberLine
            label={t("form.refreshTokenSeconds")}
            value={form.refreshTokenSeconds}
            fault={fault("refreshTokenSeconds")}
            testId={testIds.formRefreshSeconds}
            onChange={(refreshTokenSeconds) => {
              change({ refreshTokenSeconds });
            }}
          />
        </div>
        <Advanced form={form} fault={fault} change={change} />
      </fieldset>
      {/* What a file says of an integration leaves its secret to be entered here. */}
      {readOnly && <div className="mt4">{secretLine}</div>}
      <div className="acts">
        {(!readOnly || wantsSecret) && (
          <Button
            type="submit"
            data-shortcut="primary"
            busy={save.running}
            testId={testIds.formSave}
            needs="administer"
          >
            {t("form.save")}
          </Button>
        )}
        <Button variant="tertiary" testId={testIds.formCancel} onClick={goToAccess}>
          {t(kept || readOnly ? "form.back" : "action.cancel")}
        </Button>
        <span role="status" className="sm quiet" data-testid={testIds.formState}>
          {kept ? t("form.saved") : faults.length > 0 ? t("form.faulty", { count: faults.length }) : ""}
        </span>
      </div>
    </form>
  );
}

interface PartProps {
  form: IntegrationForm;
  fault: (...fields: FieldName[]) => string | undefined;
  change: (more: Partial<IntegrationForm>) => void;
}

const endpoints = [
  "discovery",
  "authorization",
  "token",
  "pushedAuthorizationRequest",
  "jwks",
  "userinfo",
  "revocation",
  "endSession",
] as const;

/** What hardly anybody has to touch. */
function Advanced({ form, fault, change }: PartProps) {
  const { t } = useTexts();
  const hidden = fault("issuer", "acrValues", "postLogout", "endpoints");
  return (
    <details className={s.more} open={hidden === undefined ? undefined : true}>
      <summary data-testid={testIds.formMore}>{t("form.more")}</summary>
      <TextLine
        label={t("form.issuer")}
        value={form.issuer}
        fault={fault("issuer")}
        testId={testIds.formIssuer}
        onChange={(issuer) => {
          change({ issuer });
        }}
      />
      <TextLine
        label={t("form.acr")}
        note={t("form.acrNote")}
        value={form.acrValues.join(" ")}
        fault={fault("acrValues")}
        testId={testIds.formAcr}
        onChange={(text) => {
          change({ acrValues: text === "" ? [] : [text] });
        }}
      />
      <Choice
        label={t("form.refreshKind")}
        value={form.refreshTokenKind}
        testId={testIds.formRefreshKind}
        options={[
          { value: "oneTime", text: t("form.refreshKind.oneTime") },
          { value: "reusable", text: t("form.refreshKind.reusable") },
        ]}
        onChange={(refreshTokenKind) => {
          change({ refreshTokenKind });
        }}
      />
      <Check
        label={t("form.par")}
        note={t("form.parNote")}
        on={form.usePar}
        testId={testIds.formPar}
        onChange={(usePar) => {
          change({ usePar });
        }}
      />
      <TextLine
        label={t("form.postLogout")}
        value={form.postLogoutRedirectUri}
        fault={fault("postLogout")}
        testId={testIds.formPostLogout}
        onChange={(postLogoutRedirectUri) => {
          change({ postLogoutRedirectUri });
        }}
      />
      <FieldRow label={t("form.endpoints")} note={t("form.endpointsNote")} fault={fault("endpoints")} />
      {endpoints.map((name) => (
        <TextLine
          key={name}
          label={name}
          value={form.endpoints[name]}
          testId={testIds.formEndpoint}
          onChange={(value) => {
            change({ endpoints: { ...form.endpoints, [name]: value } });
          }}
        />
      ))}
    </details>
  );
}

interface RedirectProps {
  redirect: RedirectForm;
  fault: (...fields: FieldName[]) => string | undefined;
  onChange: (redirect: RedirectForm) => void;
}

const blank: Readonly<Record<RedirectForm["kind"], RedirectForm>> = {
  loopback_any_port: { kind: "loopback_any_port", path: "/callback" },
  loopback_fixed_port: { kind: "loopback_fixed_port", host: "127.0.0.1", port: 12345, path: "/callback" },
  hosted_page: { kind: "hosted_page", page: "" },
};

function Redirect({ redirect, fault, onChange }: RedirectProps) {
  const { t } = useTexts();
  const path = (value: string, set: (path: string) => void): ReactNode => (
    <TextLine label={t("form.path")} value={value} fault={fault("path")} testId={testIds.formPath} onChange={set} />
  );
  return (
    <>
      <Choice
        label={t("form.redirect")}
        value={redirect.kind}
        fault={fault("redirect")}
        testId={testIds.formRedirect}
        options={[
          { value: "loopback_any_port", text: t("form.redirect.loopback_any_port") },
          { value: "loopback_fixed_port", text: t("form.redirect.loopback_fixed_port") },
          { value: "hosted_page", text: t("form.redirect.hosted_page") },
        ]}
        onChange={(kind) => {
          onChange(blank[kind]);
        }}
      />
      {redirect.kind === "hosted_page" && (
        <TextLine
          label={t("guide.page")}
          note={t("form.pageNote")}
          value={redirect.page}
          fault={fault("page")}
          testId={testIds.formPage}
          onChange={(page) => {
            onChange({ kind: "hosted_page", page });
          }}
        />
      )}
      {redirect.kind === "loopback_any_port" &&
        path(redirect.path, (value) => {
          onChange({ kind: "loopback_any_port", path: value });
        })}
      {redirect.kind === "loopback_fixed_port" && (
        <div className={s.threes}>
          <Choice
            label={t("form.host")}
            value={redirect.host}
            testId={testIds.formHost}
            options={[
              { value: "127.0.0.1", text: "127.0.0.1" },
              { value: "localhost", text: "localhost" },
            ]}
            onChange={(host) => {
              onChange({ ...redirect, host });
            }}
          />
          <NumberLine
            label={t("form.port")}
            value={redirect.port}
            most={65535}
            fault={fault("port")}
            testId={testIds.formPort}
            onChange={(port) => {
              onChange({ ...redirect, port });
            }}
          />
          {path(redirect.path, (value) => {
            onChange({ ...redirect, path: value });
          })}
        </div>
      )}
    </>
  );
}

/** What can be done with an integration beside changing it. */
function More({ row }: { row: IntegrationRow }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { again } = useAccess();
  const heading = useId();
  const [asking, setAsking] = useState(false);
  const write = useCommand(() => backend.exportIntegration(row.environment, row.id));
  const remove = useCommand(() => backend.removeIntegration(row.environment, row.id), {
    done: () => {
      void again();
      goToAccess();
    },
  });
  return (
    <section className="paper pad" aria-label={t("access.moreActions")}>
      <p className="xs quiet" data-testid={testIds.formDestinations}>
        {t("form.destinations", { hosts: row.destinations.join(", ") })}
      </p>
      <p className="xs quiet">{t("form.redirectUri")}</p>
      <p className={cx("sm", fieldsCss.val, "breaks")} data-testid={testIds.formRedirectUri}>
        {row.redirectUri}
      </p>
      <div className="stack mt3">
        <Button
          variant="secondary"
          wide
          icon={DownloadIcon}
          busy={write.running}
          testId={testIds.exportIntegration}
          needs="administer"
          onClick={write.run}
        >
          {t("access.export")}
        </Button>
        {row.source === "own" && (
          <Button
            variant="tertiary"
            wide
            icon={TrashIcon}
            testId={testIds.removeIntegration}
            needs="administer"
            onClick={() => {
              setAsking(true);
            }}
          >
            {t("access.remove")}
          </Button>
        )}
      </div>
      {asking && (
        <Dialog
          labelledBy={heading}
          testId={testIds.removeDialog}
          onClose={() => {
            setAsking(false);
          }}
        >
          <h1 id={heading} tabIndex={-1} data-autofocus>
            {t("access.removeTitle", { name: row.settings.name })}
          </h1>
          <p>{t("access.removeText", { count: row.persons.length })}</p>
          <div className="acts">
            <Button testId={testIds.removeConfirm} busy={remove.running} onClick={remove.run}>
              {t("access.remove")}
            </Button>
            <Button
              variant="tertiary"
              testId={testIds.removeNot}
              onClick={() => {
                setAsking(false);
              }}
            >
              {t("action.cancel")}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
