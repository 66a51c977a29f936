/** What goes with a return: dropped on it or chosen, looked at before filing, taken away again. */
import {
  FileCodeIcon,
  FileExcelIcon,
  FileIcon,
  FileImageIcon,
  FilePdfIcon,
  FileWordIcon,
  PaperclipIcon,
  XMarkIcon,
} from "@navikt/aksel-icons";
import { useEffect, useId } from "react";
import { useCommandOnCard } from "../../answers";
import { mostAttachments, type AttachmentView, type ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { errorTexts } from "../../errors";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useMay } from "../../office";
import { Button } from "../../parts/Button";
import { Icon, type IconType } from "../../parts/Icon";
import { State } from "../../parts/State";
import { testIds } from "../../testids";
import { isDropped } from "./standing";
import { cx } from "../../parts/cx";
import linkCss from "../../parts/link.module.css";
import s from "../../parts/card.module.css";

const icons: Readonly<Record<string, IconType>> = {
  pdf: FilePdfIcon,
  xml: FileCodeIcon,
  xlsx: FileExcelIcon,
  xls: FileExcelIcon,
  ods: FileExcelIcon,
  docx: FileWordIcon,
  doc: FileWordIcon,
  odt: FileWordIcon,
  jpg: FileImageIcon,
  png: FileImageIcon,
};

/** Whether the card's attachments can still be changed. */
export const takesAttachments = ({ filing }: ReturnCard): boolean => filing === null || isDropped(filing);

/** While a return is shown, what is dropped on the window goes with it. */
export function useAimDrops(card: ReturnCard): void {
  const backend = useBackend();
  const { id } = card;
  useEffect(() => {
    void backend.aimDrops(id);
    return () => {
      void backend.aimDrops(null);
    };
  }, [backend, id]);
}

export function Attachments({ card }: { card: ReturnCard }) {
  const { t } = useTexts();
  const backend = useBackend();
  const heading = useId();
  const may = useMay();
  const open = takesAttachments(card);
  const add = useCommandOnCard(() => backend.chooseAttachments(card.id));
  const look = useCommand((attachment: string) => backend.openAttachment(card.id, attachment));
  const remove = useCommandOnCard((attachment: string) => backend.detach(card.id, attachment));
  // What must be put right comes first.
  const attachments = card.attachments.toSorted((a, b) => Number(a.problem === null) - Number(b.problem === null));
  const good = attachments.filter(({ problem }) => problem === null).length;
  if (!open && attachments.length === 0) return null;
  return (
    <section className={s.files} aria-labelledby={heading} data-testid={testIds.attachments}>
      <div className="row">
        <h2 id={heading} className={s.small}>
          {t("attach.title")}
        </h2>
        <span className="xs quiet">{t("attach.count", { n: good, most: mostAttachments })}</span>
        {open && (
          <>
            <span className={cx("xs quiet grow", s.endText)}>{t("attach.drop")}</span>
            <Button
              variant="tertiary"
              small
              icon={PaperclipIcon}
              testId={testIds.attach}
              needs="prepare"
              of={card.content?.orgNumber}
              busy={add.running}
              onClick={add.run}
            >
              {t("attach.add")}
            </Button>
          </>
        )}
      </div>
      {attachments.length > 0 && (
        <ul className={s.attached}>
          {attachments.map((attachment) => (
            <Attachment
              key={attachment.id}
              attachment={attachment}
              onOpen={() => {
                look.run(attachment.id);
              }}
              onRemove={
                open && may("prepare", card.content?.orgNumber)
                  ? () => {
                      remove.run(attachment.id);
                    }
                  : undefined
              }
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Attachment({
  attachment: { name, size, ending, problem },
  onOpen,
  onRemove,
}: {
  attachment: AttachmentView;
  onOpen: () => void;
  onRemove: (() => void) | undefined;
}) {
  const { t, bytes } = useTexts();
  const texts = problem && errorTexts(problem, t);
  return (
    <li
      className={problem ? s.wrong : undefined}
      data-testid={testIds.attachment}
      data-name={name}
      data-code={problem?.code}
    >
      <div className={s.fileline}>
        <Icon of={icons[ending ?? ""] ?? FileIcon} small />
        {problem ? (
          // What is not kept cannot be looked at.
          <span className="ell" data-full={name}>
            {name}
          </span>
        ) : (
          <span className="ell" data-full={name}>
            <button
              type="button"
              className={cx("ds-link", linkCss.aslink, s.aslink)}
              aria-label={t("history.openFile", { name })}
              data-testid={testIds.attachmentOpen}
              onClick={onOpen}
            >
              {name}
            </button>
          </span>
        )}
        <span className="quiet">{bytes(size)}</span>
        {onRemove && (
          <Button
            variant="tertiary"
            small
            icon={XMarkIcon}
            aria-label={t("attach.remove", { file: name })}
            title={t("attach.remove", { file: name })}
            testId={testIds.detach}
            onClick={onRemove}
          />
        )}
      </div>
      {texts && (
        <div className={s.why} role="group" aria-label={texts.title}>
          <State tone="bad">{texts.title}</State>
          <p className="sm">{texts.text}</p>
          <p className="sm">{texts.todo}</p>
        </div>
      )}
    </li>
  );
}
