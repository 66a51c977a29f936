/** A tooltip where text is cut, and nowhere else: who can read the whole needs no black box over the next row. */
import { useEffect } from "react";

const CUT = ".ell, [data-full], :is(.head, .row) > .ds-button";

export function useCutTitles(): void {
  useEffect(() => {
    const over = ({ target }: MouseEvent) => {
      if (!(target instanceof Element)) return;
      const box = target.closest<HTMLElement>(CUT);
      if (!box || (box.title !== "" && box.dataset.full === undefined && box.dataset.cut === undefined)) return;
      // In a narrow window a button may be its picture alone.
      if (box.matches(".ds-button")) {
        const wordless = getComputedStyle(box).fontSize === "0px";
        if (wordless) box.title = box.textContent.trim();
        else if (box.dataset.cut !== undefined) box.removeAttribute("title");
        if (wordless) box.dataset.cut = "";
        return;
      }
      const inner = [box, ...box.querySelectorAll<HTMLElement>(".ell")];
      const cut = inner.some((each) => each.scrollWidth > each.clientWidth + 1);
      if (cut) {
        box.title = box.dataset.full ?? box.textContent.trim();
        box.dataset.cut = "";
      } else if (box.dataset.cut !== undefined || box.dataset.full !== undefined) {
        box.removeAttribute("title");
        delete box.dataset.cut;
      }
    };
    document.addEventListener("mouseover", over);
    return () => {
      document.removeEventListener("mouseover", over);
    };
  }, []);
}
