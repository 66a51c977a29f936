/** Why return and VAT accounts differ: always the same rows, down to the vouchers. */
import { CheckmarkCircleFillIcon, ExclamationmarkTriangleFillIcon, FilesIcon } from "@navikt/aksel-icons";
import { useState } from "react";
import type { BooksCause, BooksDraft } from "../../bindings";
import { useTell } from "../../parts/announce";
import { useCommand } from "../../commands";
import { amount } from "../../i18n/format";
import { useTexts, type Texts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { inKroner, isZero, shortly } from "./amounts";
import { cx } from "../../parts/cx";
import stateCss from "../../parts/State.module.css";
import s from "./books.module.css";

interface Props {
  books: string;
  draft: BooksDraft;
  onAsk: (question: string) => void;
  onClose: () => void;
}

export function Why({ books, draft, onAsk, onClose }: Props) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const { controls } = draft;
  const [changing, setChanging] = useState(false);
  const copy = useCommand(() => backend.copyText(asTable(draft, t)), {
    done: () => {
      tell(t("a11y.copied", { what: t("ctrl.accounts") }));
    },
  });
  return (
    <Dialog labelledBy="why" onClose={onClose} className={s.wide} testId={testIds.booksWhyDialog}>
      <h1 id="why">{t("ctrl.accounts")}</h1>
      <p className="sm quiet">
        {draft.period}. {t("ctrl.which", { accounts: controls.accounts.map(({ id }) => id).join(", ") })}{" "}
        <button
          type="button"
          className="ds-link"
          aria-expanded={changing}
          data-testid={testIds.booksChangeAccounts}
          onClick={() => {
            setChanging(!changing);
          }}
        >
          {t("ctrl.change")}
        </button>
      </p>
      {changing && <Accounts books={books} draft={draft} />}
      <div className={s.equation}>
        <Figure text={t("ctrl.return")} figure={shortly(controls.vat)} />
        <span className="quiet">−</span>
        <Figure text={t("ctrl.movement")} figure={controls.movement === null ? "" : shortly(controls.movement)} />
        <span className="quiet">=</span>
        <Figure text={t("ctrl.difference")} figure={controls.difference === null ? "" : shortly(controls.difference)} />
        <span className="grow" />
        {controls.explained ? (
          <State tone="ok">{t("ctrl.explained")}</State>
        ) : (
          <State tone="bad">{t("ctrl.unexplained", { amount: inKroner(controls.unexplained) })}</State>
        )}
      </div>
      <div className={s.box}>
        <table className="t">
          <caption className="sr">{t("ctrl.causes")}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">{t("col.state")}</span>
              </th>
              <th scope="col">{t("ctrl.cause")}</th>
              <th scope="col" className="r">
                {t("voucher.count")}
              </th>
              <th scope="col" className="r">
                {t("col.amount")}
              </th>
              <th scope="col">
                <span className="sr">{t("col.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {controls.causes.map((cause) => (
              <Cause key={cause.cause} cause={cause} onAsk={onAsk} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="acts">
        <Button variant="secondary" testId={testIds.booksWhyClose} data-autofocus onClick={onClose}>
          {t("action.close")}
        </Button>
        <Button variant="tertiary" icon={FilesIcon} onClick={copy.run}>
          {t("ctrl.copy")}
        </Button>
        <span className="grow" />
        <span className="xs quiet">{t("ctrl.kept")}</span>
      </div>
    </Dialog>
  );
}

function Figure({ text, figure }: { text: string; figure: string }) {
  return (
    <div>
      <p className="xs quiet">{text}</p>
      <p className={cx("b tab", s.large)}>{figure}</p>
    </div>
  );
}

function Cause({ cause, onAsk }: { cause: BooksCause; onAsk: (question: string) => void }) {
  const { t } = useTexts();
  const { question } = cause;
  const soon = question !== null && !isZero(cause.amount);
  const examples = cause.examples.map(({ number }) => number).join(", ");
  const more = cause.vouchers - cause.examples.length;
  const text = cause.cause === "ore" ? t("cause.oreText") : more > 0 ? `${examples} (+${more})` : examples;
  return (
    <tr data-value={cause.cause}>
      <td>
        <span className={soon ? cx(stateCss.state, stateCss.soon) : cx(stateCss.state, stateCss.ok)}>
          <Icon of={soon ? ExclamationmarkTriangleFillIcon : CheckmarkCircleFillIcon} />
        </span>
      </td>
      <td>
        <span className="b">{t(`cause.${cause.cause}`)}</span>
        {text !== "" && (
          <>
            <br />
            <span className="xs quiet">{text}</span>
          </>
        )}
      </td>
      <td className="num">{cause.cause === "ore" ? "" : amount(String(cause.vouchers))}</td>
      <td className="num b">{cause.cause === "settled" ? "" : shortly(cause.amount)}</td>
      <td className="r">
        {question !== null && (
          <button
            type="button"
            className="ds-link"
            onClick={() => {
              onAsk(question);
            }}
          >
            {t("ask.answer")}
          </button>
        )}
      </td>
    </tr>
  );
}

/** How each VAT account is counted; what is changed is remembered as an answer. */
function Accounts({ books, draft }: { books: string; draft: BooksDraft }) {
  const { t } = useTexts();
  const backend = useBackend();
  const change = useCommand((id: string, kind: string) =>
    backend.answerBooks(books, `account_mapping:${id}`, kind, true),
  );
  return (
    <ul className={s.accounts}>
      {draft.controls.accounts.map(({ id, name, kind, amount: moved }) => (
        <li key={id}>
          <label className="row sm">
            <span className="sr">{t("ctrl.as", { account: id })}</span>
            <span className="grow">
              {id} {name}
            </span>
            <span className="tab">{shortly(moved)}</span>
            <select
              className="ds-input"
              value={kind}
              onChange={(event) => {
                change.run(id, event.target.value);
              }}
            >
              {(["output", "input", "settlement", "none"] as const).map((known) => (
                <option key={known} value={known}>
                  {t(`ctrl.as.${known}`)}
                </option>
              ))}
            </select>
          </label>
        </li>
      ))}
    </ul>
  );
}

/** For a spreadsheet: tabs, a decimal comma, a plain minus. */
function asTable({ period, controls }: BooksDraft, t: Texts["t"]): string {
  const comma = (kroner: string | null) => (kroner ?? "").replace(".", ",");
  const rows = [
    [t("ctrl.accounts"), period, ""],
    [t("ctrl.return"), "", comma(controls.vat)],
    [t("ctrl.movement"), "", comma(controls.movement)],
    [t("ctrl.difference"), "", comma(controls.difference)],
    ...controls.causes.map(({ cause, vouchers, amount: of }) => [t(`cause.${cause}`), String(vouchers), comma(of)]),
  ];
  return rows.map((row) => row.join("\t")).join("\n");
}
