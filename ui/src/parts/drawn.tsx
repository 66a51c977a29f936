/** Icons of Aksel in the built window: `ui/build/icons.ts` takes their lines out of their modules. */
import type { ComponentType, SVGProps } from "react";

export const drawn = (rule: "evenodd" | "nonzero", ...lines: string[]): ComponentType<SVGProps<SVGSVGElement>> =>
  function Drawn(props) {
    return (
      <svg
        xmlns="http://www.w3.org/2000/svg"
        width="1em"
        height="1em"
        fill="none"
        viewBox="0 0 24 24"
        focusable={false}
        role="img"
        {...props}
      >
        {lines.map((line) => (
          <path key={line} fill="currentColor" fillRule={rule} clipRule={rule} d={line} />
        ))}
      </svg>
    );
  };
