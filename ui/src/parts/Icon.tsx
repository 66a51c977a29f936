/** An icon beside words: never read aloud, because the words say it. */
import type { ComponentType, SVGProps } from "react";

export type IconType = ComponentType<SVGProps<SVGSVGElement>>;

export function Icon({ of: Picture, small = false }: { of: IconType; small?: boolean }) {
  return <Picture className={small ? "i s" : "i"} aria-hidden focusable="false" />;
}
