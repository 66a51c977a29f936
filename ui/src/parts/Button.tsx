/** Designsystemet's button in Momsbud's sizes. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, type IconType } from "./Icon";

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
  testId,
  className,
  children,
  onClick,
  ...rest
}: Props) {
  const idle = busy || shutBecause !== undefined;
  const iconOnly = children === undefined;
  const classes = ["ds-button", small && "sm", wide && "wide", iconOnly && "ic", className].filter(Boolean).join(" ");
  return (
    <button
      type="button"
      {...rest}
      className={classes}
      data-variant={variant}
      data-color={color}
      data-testid={testId}
      aria-disabled={idle || undefined}
      aria-busy={busy || undefined}
      aria-describedby={shutBecause}
      onClick={idle ? undefined : onClick}
    >
      {busy ? <span className="spin" aria-hidden /> : icon && <Icon of={icon} small={small} />}
      {children}
    </button>
  );
}
