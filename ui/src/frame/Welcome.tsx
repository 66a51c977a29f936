/** The first start: three short pages, then a practice filing. Shown once; skipped with one press, from any page. */
import { FileCheckmarkIcon, FileImportIcon, PaperplaneIcon } from "@navikt/aksel-icons";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useCommandOnCard } from "../answers";
import { languages, messages } from "../i18n";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice } from "../office";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Dialog";
import { Icon, type IconType } from "../parts/Icon";
import { Segments } from "../parts/Segments";
import { usePreferences } from "../preferences";
import { go } from "../router";
import { testIds } from "../testids";
import { Mark } from "./Mark";
import { cx } from "../parts/cx";
import sheetCss from "../parts/sheet.module.css";
import envsCss from "../places/settings/envs.module.css";
import s from "./Welcome.module.css";

const PAGES = 3;

export function Welcome({ onClose }: { onClose: () => void }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { start } = useOffice();
  const [page, setPage] = useState(1);
  const [sample, setSample] = useState(start.samples[0]?.id ?? null);
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const practice = start.environment === "practice" && sample !== null;
  // The first page has focus from the dialog; the others are read from their heading on.
  const turned = useRef(false);
  useEffect(() => {
    if (turned.current) heading.current?.focus();
  }, [page]);
  const turn = (to: number) => {
    turned.current = true;
    setPage(to);
  };
  const open = useCommandOnCard((wanted: string) => backend.openSample(wanted), {
    done: (card) => {
      go("filing", card.id);
      onClose();
    },
  });
  const title =
    page === 1
      ? "welcome.title"
      : page === 2
        ? "welcome.howTitle"
        : practice
          ? "welcome.tryTitle"
          : "welcome.realTitle";
  return (
    <Dialog labelledBy={id} onClose={onClose} testId={testIds.welcome} className={s.welcome}>
      <div className="row between">
        <Mark />
        <Button variant="tertiary" small testId={testIds.welcomeSkip} onClick={onClose}>
          {t("welcome.skip")}
        </Button>
      </div>
      <h1 id={id} ref={heading} tabIndex={-1} data-autofocus>
        {t(title)}
      </h1>
      <div className={s.welcomePage}>
        {page === 1 && <First />}
        {page === 2 && <How />}
        {page === 3 && (practice ? <Try sample={sample} onChoose={setSample} /> : <p>{t("welcome.realText")}</p>)}
      </div>
      <div className="acts">
        <span className="sm quiet tab grow" data-testid={testIds.welcomePage}>
          {t("welcome.page", { page, pages: PAGES })}
        </span>
        {page > 1 && (
          <Button
            variant="secondary"
            testId={testIds.welcomeBack}
            onClick={() => {
              turn(page - 1);
            }}
          >
            {t("welcome.back")}
          </Button>
        )}
        {page < PAGES ? (
          <Button
            testId={testIds.welcomeNext}
            onClick={() => {
              turn(page + 1);
            }}
          >
            {t("welcome.next")}
          </Button>
        ) : (
          <Button
            testId={testIds.welcomeStart}
            busy={open.running}
            color={practice ? "practice" : "accent"}
            onClick={() => {
              if (practice) open.run(sample);
              else onClose();
            }}
          >
            {practice ? t("welcome.start") : t("welcome.begin")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function First() {
  const { t } = useTexts();
  const { preferences, set } = usePreferences();
  return (
    <>
      <p>{t("welcome.text")}</p>
      <p className="quiet">{t("welcome.local")}</p>
      <div className="row wrap mt3">
        <span className="b sm">{t("settings.language")}</span>
        <Segments
          label={t("settings.language")}
          testId={testIds.language}
          options={languages.map((value) => ({ value, text: messages[value]["language.name"], lang: value }))}
          chosen={preferences.language}
          onChoose={(language) => {
            set({ language });
          }}
        />
      </div>
    </>
  );
}

function How() {
  const { t } = useTexts();
  return (
    <ol className={s.how}>
      <Step icon={FileImportIcon} title={t("welcome.drop")}>
        {t("welcome.dropText")}
      </Step>
      <Step icon={FileCheckmarkIcon} title={t("welcome.check")}>
        {t("welcome.checkText")}
      </Step>
      <Step icon={PaperplaneIcon} title={t("welcome.send")}>
        {t("welcome.sendText")}
      </Step>
    </ol>
  );
}

function Step({ icon, title, children }: { icon: IconType; title: string; children: ReactNode }) {
  return (
    <li>
      <span className={cx(sheetCss.sheet, s.sheet)} aria-hidden>
        <Icon of={icon} />
      </span>
      <div>
        <p className="b">{title}</p>
        <p className="quiet">{children}</p>
      </div>
    </li>
  );
}

function Try({ sample, onChoose }: { sample: string; onChoose: (id: string) => void }) {
  const { t } = useTexts();
  const { start } = useOffice();
  return (
    <>
      <p>{t("welcome.tryText")}</p>
      <fieldset className={cx(envsCss.envs, "mt3")}>
        <legend className="sr">{t("welcome.sample")}</legend>
        {start.samples.map(({ id, company, period, about }) => (
          <label key={id}>
            <input
              type="radio"
              name="welcome-sample"
              value={id}
              checked={id === sample}
              data-testid={testIds.welcomeSample}
              data-id={id}
              onChange={() => {
                onChoose(id);
              }}
            />
            <span className="b">{company}</span>
            <span className={cx("xs quiet", envsCss.second)}>
              {period} · {about}
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
