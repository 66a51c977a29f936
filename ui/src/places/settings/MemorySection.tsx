/** Answers that are remembered for SAF-T files: seen, taken along, forgotten. */
import { useQueryClient } from "@tanstack/react-query";
import type { BooksMemory } from "../../bindings";
import { useCommand } from "../../commands";
import { nameOf } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { useBackend } from "../../office";
import { Button } from "../../parts/Button";
import { testIds } from "../../testids";
import { useMemory, useMemoryKey } from "./useSettings";

export function MemorySection() {
  const { t } = useTexts();
  const backend = useBackend();
  const client = useQueryClient();
  const { data } = useMemory();
  const key = useMemoryKey();
  const forget = useCommand(
    ({ orgNumber, system }: BooksMemory, question: string | null) =>
      backend.forgetBooksAnswers(orgNumber, system, question),
    { done: (left) => client.setQueryData(key, left) },
  );
  const save = useCommand(() => backend.exportBooksMemory());
  const memories = data ?? [];
  return (
    <section className="paper pad" aria-labelledby="memory" data-testid={testIds.memory}>
      <h2 id="memory">{t("memory.title")}</h2>
      <p className="sm quiet">{memories.length === 0 ? t("memory.none") : t("memory.text")}</p>
      {memories.map((memory) => (
        <div key={`${memory.orgNumber} ${memory.system}`} className="mt3">
          <div className="row">
            <h3 className="grow">
              {nameOf({ companyName: memory.company, orgNumber: memory.orgNumber })}{" "}
              <span className="quiet">· {memory.system}</span>
            </h3>
            <Button
              variant="tertiary"
              small
              needs="prepare"
              testId={testIds.memoryForget}
              onClick={() => {
                forget.run(memory, null);
              }}
            >
              {t("memory.forgetAll")}
            </Button>
          </div>
          <ul className="stack sm">
            {memory.answers.map((answer) => (
              <li key={`${answer.id} ${answer.period ?? ""}`} className="row">
                <span className="grow">
                  {answer.title} {answer.about !== null && <span className="quiet">{answer.about} </span>}
                  <span className="b">{answer.answer}</span>{" "}
                  <span className="quiet">· {answer.period ?? t("memory.every")}</span>
                </span>
                <Button
                  variant="tertiary"
                  small
                  needs="prepare"
                  aria-label={t("memory.forgetOne", { question: `${answer.title} ${answer.about}` })}
                  onClick={() => {
                    forget.run(memory, answer.id);
                  }}
                >
                  {t("memory.forget")}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {memories.length > 0 && (
        <p className="mt3">
          <Button variant="secondary" small testId={testIds.memoryExport} onClick={save.run}>
            {t("memory.export")}
          </Button>
        </p>
      )}
    </section>
  );
}
