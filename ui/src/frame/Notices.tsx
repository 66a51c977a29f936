/** The bell and its list. */
import { BellDotIcon, BellIcon, ClockIcon, XMarkOctagonFillIcon } from "@navikt/aksel-icons";
import { useEffect, useId, useRef, useState } from "react";
import { useTexts } from "../i18n/useTexts";
import { Button } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { testIds } from "../testids";
import type { Notice } from "./notices";

export function NoticeBell({ notices }: { notices: Notice[] }) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const bell = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      bell.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, [open]);
  return (
    <div className="bell" ref={box}>
      <Button
        ref={bell}
        variant="tertiary"
        icon={notices.length > 0 ? BellDotIcon : BellIcon}
        aria-label={t("nav.notices", { count: notices.length })}
        aria-expanded={open}
        aria-controls={id}
        testId={testIds.notices}
        onClick={() => {
          setOpen(!open);
        }}
      />
      <div id={id} className="panel" hidden={!open} data-testid={testIds.noticeList}>
        <h2>{t("notice.title")}</h2>
        {notices.length === 0 ? (
          <p className="quiet sm">{t("notice.none")}</p>
        ) : (
          <ul>
            {notices.map(({ id: key, tone, title, text, href }) => (
              <li key={key}>
                <span className={`state ${tone}`}>
                  <Icon of={tone === "bad" ? XMarkOctagonFillIcon : ClockIcon} />
                </span>
                <div>
                  <a
                    className="ds-link"
                    href={href}
                    onClick={() => {
                      setOpen(false);
                    }}
                  >
                    {title}
                  </a>
                  <p className="xs quiet">{text}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
