/** After delivery: what to pay, the receipt, the archive, the next return. */
import { ArrowsCirclepathIcon, FolderIcon, PlusIcon, ReceiptIcon } from "@navikt/aksel-icons";
import { useEffect, useRef } from "react";
import { useCommandOnFiling } from "../../answers";
import type { FilingView, ReturnCard } from "../../bindings";
import { useCommand } from "../../commands";
import { isAdrift } from "../../parts/focus";
import { useTexts } from "../../i18n/useTexts";
import { useBackend, useStart } from "../../office";
import { Button } from "../../parts/Button";
import { draggedFile } from "../../dragOut";
import { Payment } from "../../parts/Payment";
import { testIds } from "../../testids";
import { useCloseCard } from "./closing";
import { cx } from "../../parts/cx";
import s from "../../parts/steps.module.css";

/** What the receipt is called in the archive. */
const RECEIPT = "kvittering.pdf";

export function Delivered({ card, filing }: { card: ReturnCard; filing: FilingView }) {
  const { environment } = useStart();
  useFocusOnDelivery();
  return (
    <>
      {filing.payment && filing.row.state === "received" && (
        <section className={cx("paper pad", s.paid)} aria-labelledby="pay">
          <Payment
            payment={filing.payment}
            sum={filing.row.assessedVat}
            environment={environment}
            heading="h2"
            headingId="pay"
          />
        </section>
      )}
      <ReceiptActs card={card} filing={filing} />
    </>
  );
}

function ReceiptActs({ card, filing }: { card: ReturnCard; filing: FilingView }) {
  const { t } = useTexts();
  const { close } = useCloseCard(card);
  return (
    <section className={cx("paper pad stack", s.stays)}>
      <ReceiptButton filing={filing} wide first={filing.row.state === "received"} />
      <div className="row">
        <ArchiveButton filing={filing} />
        <Button variant="secondary" className="grow" icon={PlusIcon} testId={testIds.newReturn} onClick={close}>
          {t("done.new")}
        </Button>
      </div>
      {filing.archiveFolder !== null && filing.files.length > 0 && (
        <p className="xs quiet" title={filing.archiveFolder}>
          {t("done.saved", { count: filing.files.length })}
        </p>
      )}
    </section>
  );
}

/** Opens the receipt; where it is missing, fetches it again. */
export function ReceiptButton({
  filing,
  wide = false,
  small = false,
  first = true,
}: {
  filing: FilingView;
  wide?: boolean;
  small?: boolean;
  /** The view's filled button; of what was rejected something else comes first. */
  first?: boolean;
}) {
  const { t } = useTexts();
  const backend = useBackend();
  const open = useCommand(() => backend.openReceipt(filing.id));
  const again = useCommandOnFiling(() => backend.fetchReceiptAgain(filing.id));
  if (!filing.hasReceipt) {
    return (
      <Button
        variant={first ? "primary" : "secondary"}
        icon={ArrowsCirclepathIcon}
        wide={wide}
        small={small}
        testId={testIds.fetchAgain}
        needs="file"
        of={filing.row.orgNumber}
        busy={again.running}
        onClick={again.run}
      >
        {t("remedy.fetchAgain")}
      </Button>
    );
  }
  return (
    <Button
      variant={first ? "primary" : "secondary"}
      icon={ReceiptIcon}
      wide={wide}
      small={small}
      testId={testIds.openReceipt}
      data-shortcut={first ? "primary" : undefined}
      busy={open.running}
      {...draggedFile(filing.archiveFolder, filing.files.find(({ name }) => name === RECEIPT)?.name)}
      onClick={open.run}
    >
      {t("pay.openReceipt")}
    </Button>
  );
}

function ArchiveButton({ filing }: { filing: FilingView }) {
  const { t } = useTexts();
  const backend = useBackend();
  const show = useCommand(() => backend.showArchive(filing.id));
  return (
    <Button variant="secondary" className="grow" icon={FolderIcon} testId={testIds.showArchive} onClick={show.run}>
      {t("done.archive")}
    </Button>
  );
}

/** After delivery the reader's place is "Mottatt"; not when a card that was delivered before is opened again. */
function useFocusOnDelivery(): void {
  const heading = useRef<HTMLElement | null>(null);
  useEffect(() => {
    heading.current = document.querySelector<HTMLElement>("[data-received]");
    if (isAdrift()) heading.current?.focus({ preventScroll: true });
  }, []);
}
