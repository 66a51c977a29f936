/** Designsystemet's button in Momsbud's sizes. */
import { useId, type ButtonHTMLAttributes, type ReactNode, type Ref } from "react";
import type { Permission } from "../bindings";
import { useTexts } from "../i18n/useTexts";
import { useMay } from "../office";
import { cx } from "./cx";
import { Icon, type IconType } from "./Icon";
import s from "./spin.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: "primary" | "secondary" | "tertiary";
  icon?: IconType;
  small?: boolean;
  wide?: boolean;
  color?: "accent" | "practice" | "test" | "neutral";
  /** Something is going on: the button shows it and does nothing. */
  busy?: boolean;
  /** Shut, with the reason in the element of this id. Stays reachable with the keyboard. */
  shutBecause?: string | undefined;
  /** What of the firm's rules it needs, for the company `of`: without it the button is shut, and says so. */
  needs?: Permission;
  of?: string | undefined;
  testId?: string;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = "primary",
  icon,
  small = false,
  wide = false,
  color,
  busy = false,
  shutBecause,
  needs,
  of,
  testId,
  className,
  children,
  onClick,
  ...rest
}: Props) {
  const { t } = useTexts();
  const may = useMay();
  const id = useId();
  const forbidden = needs !== undefined && !may(needs, of) ? t(`work.mayNot.${needs}`) : undefined;
  const idle = busy || shutBecause !== undefined || forbidden !== undefined;
  const iconOnly = children === undefined;
  const classes = cx("ds-button", small && "sm", wide && "wide", iconOnly && "ic", className);
  const button = (
    <button
      type="button"
      title={forbidden}
      {...rest}
      className={classes}
      data-variant={variant}
      data-color={color}
      data-testid={testId}
      aria-disabled={idle || undefined}
      aria-busy={busy || undefined}
      aria-describedby={forbidden === undefined ? shutBecause : id}
      data-needs={forbidden === undefined ? undefined : needs}
      onClick={idle ? undefined : onClick}
    >
      {busy ? <span className={s.spin} aria-hidden /> : icon && <Icon of={icon} small={small} />}
      {children}
    </button>
  );
  if (forbidden === undefined) return button;
  return (
    <>
      {button}
      <span className="sr" id={id}>
        {forbidden}
      </span>
    </>
  );
}
