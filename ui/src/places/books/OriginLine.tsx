/** What a return was made of: below its heading, with the way back. */
import type { OriginView } from "../../bindings";
import { amount } from "../../i18n/format";
import { useTexts } from "../../i18n/useTexts";
import { address } from "../../router";
import { testIds } from "../../testids";
import { useBooks } from "./useBooks";

export function OriginLine({ origin }: { origin: OriginView }) {
  const { t, at } = useTexts();
  const open = useBooks().find(({ id }) => id === origin.books);
  const files = origin.files
    .map(({ name, sha256 }) => [name, ...(sha256 === null ? [] : [`SHA-256 ${sha256}`])].join("\n"))
    .join("\n");
  return (
    <p className="xs quiet mt05" title={files} data-testid={testIds.cardOrigin}>
      {t("card.made", { count: origin.vouchers, time: at(origin.madeAt) }).replace(
        String(origin.vouchers),
        amount(String(origin.vouchers)),
      )}
      {open && (
        <>
          {" · "}
          <a className="ds-link" href={address("books", open.id)}>
            {t("card.basis")}
          </a>
        </>
      )}
    </p>
  );
}
