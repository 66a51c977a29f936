/** What lies begun in Altinn and was never delivered: to go on with, or to delete. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useCommandOnCard } from "../../answers";
import type { UnfinishedView } from "../../bindings";
import { errorView } from "../../backend/backend";
import { useCommand } from "../../commands";
import { amount, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { ErrorCard } from "../../parts/ErrorCard";
import { State } from "../../parts/State";
import { go } from "../../router";
import { testIds } from "../../testids";
import { useMinute } from "../../time";
import { useSignIn } from "../../signin/SignIn";
import { cx } from "../../parts/cx";
import spinCss from "../../parts/spin.module.css";
import dialogCss from "../../parts/Dialog.module.css";
import fieldsCss from "../../parts/fields.module.css";
import nothingCss from "../../parts/nothing.module.css";
import s from "./Unfinished.module.css";

const unfinishedKey = (org: string) => ["unfinished", org] as const;

/** The button in Historikk, and the dialog it opens. */
export function UnfinishedButton() {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="secondary"
        testId={testIds.unfinished}
        needs="prepare"
        onClick={() => {
          setOpen(true);
        }}
      >
        {t("unfinished.open")}
      </Button>
      {open && (
        <Unfinished
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function Unfinished({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const { session } = useStart();
  const { signIn } = useSignIn();
  const id = useId();
  const companies = session?.companies ?? [];
  const [org, setOrg] = useState(companies.length > 1 ? "" : (companies[0]?.orgNumber ?? ""));
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.unfinishedDialog} className={dialogCss.wideDlg}>
      <h1 id={id} tabIndex={-1} data-autofocus>
        {t("unfinished.title")}
      </h1>
      <p className="sm quiet">{t("unfinished.text")}</p>
      {session === null ? (
        <div className="row">
          <p className="grow">{t("unfinished.signIn")}</p>
          <Button
            onClick={() => {
              onClose();
              signIn();
            }}
          >
            {t("signin.signIn")}
          </Button>
        </div>
      ) : (
        <>
          <label className="stack">
            <span className="sm b">{t("col.company")}</span>
            <select
              className={cx("ds-input", fieldsCss.pick)}
              value={org}
              data-testid={testIds.unfinishedCompany}
              onChange={(event) => {
                setOrg(event.target.value);
              }}
            >
              {companies.length > 1 && <option value="">{t("unfinished.all", { count: companies.length })}</option>}
              {companies.map((company) => (
                <option key={company.orgNumber} value={company.orgNumber}>
                  {company.name} · {orgNumber(company.orgNumber)}
                </option>
              ))}
            </select>
          </label>
          {companies.length > 0 && (
            <Found
              key={org}
              orgs={org === "" ? companies.map(({ orgNumber: number }) => number) : [org]}
              onClose={onClose}
            />
          )}
        </>
      )}
      <div className="acts">
        <Button variant="tertiary" testId={testIds.unfinishedClose} onClick={onClose}>
          {t("action.close")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Of each company in turn: Altinn asks for one at a time. */
function Found({ orgs, onClose }: { orgs: readonly string[]; onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  // Asked anew each time: somebody may have been at work in Altinn.
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: unfinishedKey(orgs.join()),
    queryFn: async () => {
      const found: UnfinishedView[] = [];
      for (const org of orgs) found.push(...(await backend.unfinished(org)));
      return found;
    },
    staleTime: 0,
    gcTime: 0,
  });
  if (error !== null) {
    return <ErrorCard error={errorView(error)} heading="h2" about="apart" remedies={{ retry: () => void refetch() }} />;
  }
  if (data === undefined || isFetching) {
    return (
      <p className="row" role="status">
        <span className={spinCss.spin} aria-hidden />
        {t("unfinished.asking")}
      </p>
    );
  }
  if (data.length === 0) {
    return (
      <p role="status" className={nothingCss.nothing}>
        {t("unfinished.none")}
      </p>
    );
  }
  return (
    <ul className={s.unfinished}>
      {data.map((it) => (
        <Row key={it.instance} it={it} named={orgs.length > 1} onClose={onClose} />
      ))}
    </ul>
  );
}

function Row({ it, named, onClose }: { it: UnfinishedView; named: boolean; onClose: () => void }) {
  const { t, dayAndTime } = useTexts();
  const now = useMinute();
  const backend = useBackend();
  const client = useQueryClient();
  const { session } = useStart();
  const [problem, setProblem] = useState<ReturnType<typeof errorView> | null>(null);
  const [sure, setSure] = useState(false);
  const refused = (error: ReturnType<typeof errorView>) => {
    setProblem(error);
    return true;
  };
  const goOn = useCommandOnCard(() => backend.continueUnfinished(it.instance), {
    done: (card) => {
      onClose();
      go("filing", card.id);
    },
    refused,
  });
  const remove = useCommand(() => backend.deleteUnfinished(it.instance), {
    done: () => void client.invalidateQueries({ queryKey: ["unfinished"] }),
    refused,
  });
  const owner = it.filing ?? problem?.values.filing ?? null;
  return (
    <li data-testid={testIds.unfinishedRow} data-id={it.instance}>
      <div className="row wrap">
        <div className="grow">
          {named && (
            <p className="b">
              {session?.companies.find(({ orgNumber: number }) => number === it.orgNumber)?.name ??
                orgNumber(it.orgNumber)}
            </p>
          )}
          <p>
            <span className={named ? undefined : "b"}>{it.period ?? t("unfinished.empty")}</span>
            {it.assessedVat !== null && <span className="tab"> · {amount(it.assessedVat)}</span>}
          </p>
          <p className="xs quiet">
            <State tone={it.stage === "signing" ? "soon" : "idle"}>{t(`unfinished.stage.${it.stage}`)}</State>
            {it.changedAt !== null && ` · ${t("unfinished.changed", { when: dayAndTime(it.changedAt, now) })}`}
            {it.attachments > 0 && ` · ${t("unfinished.attachments", { count: it.attachments })}`}
          </p>
        </div>
        {owner !== null ? (
          <Button
            small
            variant="secondary"
            testId={testIds.unfinishedOwner}
            onClick={() => {
              onClose();
              go("history", owner);
            }}
          >
            {t("unfinished.showFiling")}
          </Button>
        ) : sure ? (
          <>
            <Button
              small
              variant="secondary"
              testId={testIds.unfinishedDelete}
              needs="prepare"
              busy={remove.running}
              onClick={remove.run}
            >
              {t("unfinished.deleteNow")}
            </Button>
            <Button
              small
              variant="tertiary"
              onClick={() => {
                setSure(false);
              }}
            >
              {t("action.notNow")}
            </Button>
          </>
        ) : (
          <>
            {it.canContinue && (
              <Button small testId={testIds.unfinishedContinue} needs="prepare" busy={goOn.running} onClick={goOn.run}>
                {t("unfinished.continue")}
              </Button>
            )}
            <Button
              small
              variant="tertiary"
              testId={testIds.unfinishedAskDelete}
              needs="prepare"
              onClick={() => {
                setSure(true);
              }}
            >
              {t("unfinished.delete")}
            </Button>
          </>
        )}
      </div>
      {owner !== null && <p className="xs quiet">{t("unfinished.owned")}</p>}
      {sure && owner === null && <p className="xs quiet">{t("unfinished.deleteText")}</p>}
      {problem && <ErrorCard error={problem} heading="h2" remedies={{}} />}
    </li>
  );
}
