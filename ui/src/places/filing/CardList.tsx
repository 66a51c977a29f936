/** Several returns: one row each, what needs a look first. */
import { ChevronRightIcon, FolderFileIcon, XMarkIcon } from "@navikt/aksel-icons";
import type { ReturnCard, SessionView } from "../../bindings";
import { useCommand } from "../../commands";
import { amount, orgNumber } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useOffice, useStart, withCard } from "../../office";
import { Button } from "../../parts/Button";
import { FilingStateWord, State } from "../../parts/State";
import { errorTexts } from "../../errors";
import { address, go } from "../../router";
import { testIds } from "../../testids";
import { standing } from "./standing";

/** What needs a look first: what cannot be read, what must be corrected, the rest, and last what is done. */
function urgency(card: ReturnCard, session: SessionView | null): number {
  if (card.problem) return 0;
  const { check, file } = standing(card, session, false);
  if (file.kind === "filing") {
    const { state } = file.filing.row;
    return state === "running" || state === "waitingAnswer" ? 1 : state === "received" ? 6 : 2;
  }
  return { problem: 2, bad: 2, running: 3, todo: 4, deviating: 4, done: 5 }[check.kind];
}

export function CardList({ cards }: { cards: ReturnCard[] }) {
  const { t } = useTexts();
  const backend = useBackend();
  const { change } = useOffice();
  const { session } = useStart();
  const sorted = cards
    .map((card, index) => ({ card, index, rank: urgency(card, session) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ card }) => card);
  const checkable = cards.filter((card) => card.content && !card.filing && !card.check.running);
  const checkAll = useCommand(async () => {
    // One after the other: the authority is not to be flooded, and the table follows.
    for (const { id } of checkable) {
      const card = await backend.check(id);
      change((old) => ({ ...old, cards: withCard(old.cards, card) }));
    }
  });
  const files = useCommand(() => backend.chooseFiles());
  const close = useCommand((id: string) => backend.closeCard(id).then(() => id), {
    done: (id) => {
      change((old) => ({ ...old, cards: old.cards.filter((card) => card.id !== id) }));
    },
  });
  const bad = sorted.filter((card) => urgency(card, session) === 0 || urgency(card, session) === 2).length;
  const readable = cards.filter(({ content }) => content !== null).length;
  return (
    <div className="col">
      <div className="head">
        <div className="grow">
          <h1 tabIndex={-1}>{t("batch.title", { count: readable })}</h1>
          <p className="quiet">{bad > 0 ? t("batch.needLook", { count: bad }) : t("batch.text")}</p>
        </div>
        <Button variant="secondary" icon={FolderFileIcon} testId={testIds.chooseFiles} onClick={files.run}>
          {t("drop.files")}
        </Button>
        {session && checkable.length > 0 && (
          <Button testId={testIds.check} data-shortcut="primary" busy={checkAll.running} onClick={checkAll.run}>
            {t("batch.checkAll")}
          </Button>
        )}
      </div>
      <div className="paper tablebox">
        <div className="scroll" tabIndex={0} role="region" aria-label={t("batch.region")}>
          <table className="t list cards" data-testid={testIds.cardList}>
            <caption className="sr">{t("batch.caption")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("col.company")}</th>
                <th scope="col" className="c-org">
                  {t("col.orgNo")}
                </th>
                <th scope="col" className="c-period">
                  {t("col.period")}
                </th>
                <th scope="col" className="r c-amount">
                  {t("col.toPayOrBack")}
                </th>
                <th scope="col" className="c-state">
                  {t("col.state")}
                </th>
                <th scope="col" className="r c-acts">
                  <span className="sr">{t("col.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((card) => {
                const name = card.content?.companyName ?? card.content?.orgNumber ?? card.fileName;
                return (
                  <tr
                    key={card.id}
                    className="open"
                    data-testid={testIds.cardRow}
                    data-id={card.id}
                    onClick={() => {
                      go("filing", card.id);
                    }}
                  >
                    <td className="b ell" title={name}>
                      {name}
                    </td>
                    <td className="tab quiet c-org">{card.content ? orgNumber(card.content.orgNumber) : ""}</td>
                    <td className="ell">{card.content?.period}</td>
                    <td className="num b">{card.content ? amount(card.content.assessedVat) : ""}</td>
                    <td className="ell">
                      <CardState card={card} />
                    </td>
                    <td className="num">
                      <span className="row end">
                        <Button
                          variant="tertiary"
                          small
                          icon={XMarkIcon}
                          aria-label={t("action.closeRow", { name })}
                          onClick={(event) => {
                            event.stopPropagation();
                            close.run(card.id);
                          }}
                        />
                        <a
                          className="ds-button ic sm"
                          data-variant="tertiary"
                          href={address("filing", card.id)}
                          aria-label={t("action.openRow", { name })}
                          data-testid={testIds.cardOpen}
                          data-id={card.id}
                          onClick={(event) => {
                            event.stopPropagation();
                          }}
                        >
                          <ChevronRightIcon aria-hidden />
                        </a>
                      </span>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </div>
    </div>
  );
}

function CardState({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const { session } = useStart();
  if (card.problem) return <State tone="bad">{errorTexts(card.problem, t).title}</State>;
  const where = standing(card, session, false);
  if (where.file.kind === "filing") return <FilingStateWord row={where.file.filing.row} />;
  switch (where.check.kind) {
    case "running":
      return <State tone="run">{t("step1.running")}</State>;
    case "problem":
      return <State tone="soon">{errorTexts(where.check.error, t).title}</State>;
    case "bad":
      return (
        <State tone="bad">
          {t("state.mustFix")} · {t("step1.countBad", { count: where.invalid })}
        </State>
      );
    case "deviating":
      return (
        <State tone="soon">
          {t("state.ready")} · {t("step1.countOdd", { count: where.odd })}
        </State>
      );
    case "done":
      return <State tone="ok">{t("state.ready")}</State>;
    case "todo":
      return <State tone="idle">{t("state.unchecked")}</State>;
  }
}
