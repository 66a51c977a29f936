/** Why the office register has not done what was asked, in its own words. */
import { testIds } from "../testids";
import { cx } from "./cx";
import noteCss from "./note.module.css";

export function SaysNo({ why }: { why: string | null }) {
  if (why === null) return null;
  return (
    <p
      className={cx("sm mt3", noteCss.noteBox, noteCss.bad, noteCss.row)}
      role="alert"
      data-testid={testIds.registerSaysNo}
    >
      {why}
    </p>
  );
}
