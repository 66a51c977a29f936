/** What can be done with a return that lies open, and with its filing. */
import { useCommandOnCard, useCommandOnFiling } from "../../answers";
import type { FilingView, ReturnCard } from "../../bindings";
import { useCommand, type Command } from "../../commands";
import { errors, known } from "../../errors";
import { useNarrow } from "../../parts/layout";
import { useSignIn } from "../../signin/SignIn";
import { useTexts } from "../../i18n/useTexts";
import { midSentence, nameOf, orgNumber } from "../../i18n/format";
import { useBackend, useOffice, useStart } from "../../office";
import type { Remedies } from "../../parts/ErrorCard";
import { go } from "../../router";
import { useAnnounce } from "../../parts/announce";

export interface CardCommands {
  check: Command<[]>;
  chooseFiles: Command<[]>;
  signInAndCheck: () => void;
}

export function useCardCommands(card: ReturnCard): CardCommands {
  const backend = useBackend();
  const { change } = useOffice();
  const { signIn } = useSignIn();
  const narrow = useNarrow();
  const check = useCommandOnCard(() => backend.check(card.id), {
    // Step 1 says why and offers to try again; once is enough, where the step is in sight.
    refused: (problem) => {
      change((old) => ({
        ...old,
        cards: old.cards.map((known) =>
          known.id === card.id ? { ...known, check: { ...known.check, running: false, problem } } : known,
        ),
      }));
      return !narrow;
    },
  });
  const chooseFiles = useCommand(() => backend.chooseFiles());
  return {
    check,
    chooseFiles,
    signInAndCheck: () => {
      signIn({ then: check.run });
    },
  };
}

/** What a filing that stopped can be helped with. */
export function useFilingRemedies(filing: FilingView): Remedies & { busy: boolean } {
  const { t, language } = useTexts();
  const backend = useBackend();
  const announce = useAnnounce();
  const { session } = useStart();
  const { signIn } = useSignIn();
  const goOn = useCommandOnFiling(() => backend.continueFiling(filing.id));
  const again = useCommandOnFiling(() => backend.fetchReceiptAgain(filing.id));
  const choose = useCommand(() => backend.chooseFiles());
  const archive = useCommand(() => backend.showArchive(filing.id));
  const copy = useCommand((text: string) => backend.copyText(text), {
    done: () => {
      announce(t("a11y.copied", { what: t("remedy.message") }));
    },
  });
  const { row } = filing;
  // Whoever signs in to sign another's preparation sees first whose it is and what it says.
  const unsigned = row.state === "waitingSignature" || filing.problem?.code === "mayNotSign";
  const signInThenGoOn = (asAnother: boolean) => () => {
    signIn(unsigned ? { asAnother } : { asAnother, then: goOn.run });
  };
  const signedOut = filing.problem?.code === "needsSignIn" && session === null;
  // To try again is to go on; it is said once.
  const goesOn = filing.problem !== null && errors[known(filing.problem.code)].remedies.includes("continue");
  return {
    busy: goOn.running || again.running,
    chooseFiles: choose.run,
    // Nobody can go on before somebody has signed in.
    continue: signedOut ? undefined : goOn.run,
    retry: goesOn || row.state !== "waiting" ? undefined : goOn.run,
    signIn: signInThenGoOn(false),
    signInAsAnother: signInThenGoOn(true),
    showHistory: () => {
      go("history", filing.id);
    },
    fetchAgain: filing.delivered === "yes" ? again.run : undefined,
    showArchive: filing.files.length > 0 ? archive.run : undefined,
    openAddresses: () => {
      go("settings", "addresses");
    },
    copyForDirector: () => {
      copy.run(
        t("remedy.directorText", {
          company: nameOf(row),
          org: orgNumber(row.orgNumber),
          right: filing.problem?.values.right ?? t("value.right"),
          period: midSentence(row.period, language),
        }),
      );
    },
  };
}
