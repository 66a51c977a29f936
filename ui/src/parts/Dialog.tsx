/** A modal dialog: the browser's own, so that focus stays inside and what is behind cannot be reached. */
import { useEffect, useRef, type ReactNode } from "react";
import type { EnvironmentName } from "../bindings";
import { cx } from "./cx";
import s from "./Dialog.module.css";

interface Props {
  labelledBy: string;
  /** Escape, and a click beside a dialog that may be closed so. */
  onClose: () => void;
  children: ReactNode;
  testId?: string;
  className?: string | undefined;
  outcome?: string | undefined;
  /** Where something is sent: drawn as that environment is, everywhere. */
  environment?: EnvironmentName;
}

export function Dialog({ labelledBy, onClose, children, testId, className, outcome, environment }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener !== document.body && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={cx(s.dlg, className)}
      aria-labelledby={labelledBy}
      data-testid={testId}
      data-outcome={outcome}
      data-env={environment}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}
