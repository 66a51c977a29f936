/** The window: menu, top bar, the place, and what lies over it. */
import { FileImportIcon, PaperclipIcon } from "@navikt/aksel-icons";
import { Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { useTell } from "../parts/announce";
import { ShowProblem, useCommand, type Problem } from "../commands";
import { useFocusRing, useKeptFocus } from "../parts/focus";
import { nameOf } from "../i18n/format";
import { useTexts } from "../i18n/useTexts";
import { useBackend, useOffice, useReminders, useStart } from "../office";
import { ErrorCard } from "../parts/ErrorCard";
import { Icon } from "../parts/Icon";
import { later, loadParts } from "../parts/later";
import { takesAttachments } from "../places/filing/Attachments";
import { useEmptyKnown } from "../places/filing/Empty";
import { FilingPlace, showsList, useShowNewCards } from "../places/filing/FilingPlace";
import { useShowNewBooks } from "../places/books/useBooks";
import { useBeginDraft } from "../places/drafts/useDrafts";
import { usePreferences, useShownPreferences } from "../preferences";
import { address, go, useRoute } from "../router";
import { testIds } from "../testids";
import { NarrowContext, useMeasuredNarrow } from "../parts/layout";
import { usePlainCopies } from "../parts/copying";
import { print } from "../parts/printing";
import { ContextMenu } from "./ContextMenu";
import { useCutTitles } from "./cutTitles";
import { Nav } from "./Nav";
import { useNotices, type Notice } from "./notices";
import { usePassedBy, usePassedWords, type PassedBy } from "./passed";
import { PassedDialog } from "./PassedDialog";
import { Recovered } from "./Recovered";
import { RegisterAway } from "./RegisterAway";
import { Reviewed } from "./Reviewed";
import { useShortcuts } from "./shortcuts";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { CancelledNote, SignInProvider, useSignIn } from "../signin/SignIn";
import { TopBar } from "./TopBar";
import { Welcome } from "./Welcome";
import { cx } from "../parts/cx";
import sheetCss from "../parts/sheet.module.css";
import troubleCss from "../parts/trouble.module.css";
import s from "./Frame.module.css";

// The place that the window opens with comes with it; the others come when they are gone to, or soon after the first paint.
const HistoryPlace = later(async () => (await import("./others")).HistoryPlace);
const DeadlinesPlace = later(async () => (await import("./others")).DeadlinesPlace);
const AccessPlace = later(async () => (await import("./others")).AccessPlace);
const BooksPlace = later(async () => (await import("./others")).BooksPlace);
const DraftPlace = later(async () => (await import("./others")).DraftPlace);
const Lock = later(async () => (await import("./others")).Lock);
const SettingsPlace = later(async () => (await import("./others")).SettingsPlace);

/** Milliseconds after the first paint until the other places are read, so that going there is not waited for. */
const OTHERS_AFTER = 1000;

export function Frame() {
  const { start } = useOffice();
  const [problem, setProblem] = useState<Problem | null>(null);
  const narrow = useMeasuredNarrow();
  useShownPreferences(start.preferences);
  useFocusRing();
  useShowNewCards();
  useShowNewBooks();
  const passedBy = usePassedBy();
  useReady();
  useActivity(start.work !== null);
  if (start.work?.locked) {
    return (
      <Suspense>
        <Lock work={start.work} />
      </Suspense>
    );
  }
  return (
    <ShowProblem value={setProblem}>
      <NarrowContext value={narrow}>
        <SignInProvider>
          <Window
            problem={problem}
            passedBy={passedBy}
            onCloseProblem={() => {
              setProblem(null);
            }}
          />
        </SignInProvider>
      </NarrowContext>
    </ShowProblem>
  );
}

/** Files are held over the window: what happens when they are let go. The rows of many returns stay in sight. */
function DropOverlay({ card }: { card: string | null }) {
  const { t } = useTexts();
  const { cards, batch } = useStart();
  const { place, id } = useRoute();
  const list = place === "filing" && showsList(cards, batch, id);
  // Over a return that is shown, documents go with it; a return is opened as always.
  const open = place === "filing" && !list ? (cards.find((known) => known.id === id) ?? cards[0]) : undefined;
  const aimed =
    card === null ? (open && takesAttachments(open) ? open : undefined) : cards.find((known) => known.id === card);
  const content = aimed?.content;
  return (
    <div
      className={list ? cx(s.over, s.rows) : s.over}
      role="status"
      data-testid={testIds.dropOverlay}
      data-card={card}
    >
      <div className={cx(sheetCss.sheet, s.sheet)} aria-hidden>
        <Icon of={content ? PaperclipIcon : FileImportIcon} />
      </div>
      <p className={s.overTitle}>{content ? t("drop.releaseRow", { name: nameOf(content) }) : t("drop.releaseOpen")}</p>
      <p>{content ? t("drop.releaseRowText") : list ? t("drop.releaseRows") : t("drop.releaseText")}</p>
    </div>
  );
}

interface WindowProps {
  problem: Problem | null;
  onCloseProblem: () => void;
  passedBy: PassedBy;
}

function Window({ problem, onCloseProblem, passedBy }: WindowProps) {
  const { t } = useTexts();
  const backend = useBackend();
  const tell = useTell();
  const { start, dropHover, refresh } = useOffice();
  const { place } = useRoute();
  const reminders = useReminders();
  const words = usePassedWords();
  const { passed } = passedBy;
  const needed = useNotices(start, reminders.notices);
  const notices = passed === null ? needed : [...needed, passedNotice(passedBy, t("passed.title"), words(passed))];
  const { set, stepTextSize } = usePreferences();
  const [help, setHelp] = useState(false);
  const [intro, setIntro] = useState(!start.preferences.introduced);
  const files = useCommand(() => backend.chooseFiles());
  const folder = useCommand(() => backend.chooseFolder());
  const begin = useBeginDraft();
  const copy = useCommand((text: string) => backend.copyText(text), {
    done: () => {
      tell(t("copy.rows", { count: 1 }));
    },
  });
  useShortcuts({
    chooseFiles: files.run,
    chooseFolder: folder.run,
    newDraft: () => {
      begin();
    },
    copyText: copy.run,
    print: () => void print(),
    refresh: () => {
      void refresh().then(() => {
        tell(t("keys.refreshed"));
      });
    },
    stepTextSize,
    toggleHelp: () => {
      setHelp((open) => !open);
    },
  });
  usePlainCopies((count) => {
    tell(t("copy.rows", { count }));
  });
  useCutTitles();
  useEmptyKnown();
  // What was passed by is for information: nobody needs to come because of it.
  useBadge(needed.length);
  useKeptFocus();
  return (
    <div className={s.frame} data-env={start.environment} data-testid={testIds.window}>
      {start.environment !== "production" && <div className={s.envLine} />}
      <a
        className="ds-skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("a11y.skip")}
      </a>
      <div className={s.win}>
        <Nav notices={notices.filter(({ href }) => href === address("access")).length} />
        <TopBar notices={notices} />
        <main id="main" tabIndex={-1} data-testid={testIds.main} data-place={place} data-region>
          <Over problem={problem} onClose={onCloseProblem} />
          <CancelledNote />
          {start.register?.away === true && <RegisterAway register={start.register} />}
          {start.recovery && <Recovered recovery={start.recovery} />}
          {start.review && <Reviewed review={start.review} />}
          <div className={s.place}>
            <Suspense>
              <Focused place={place}>
                {place === "filing" && <FilingPlace />}
                {place === "books" && <BooksPlace />}
                {place === "draft" && <DraftPlace />}
                {place === "history" && <HistoryPlace />}
                {place === "deadlines" && <DeadlinesPlace />}
                {place === "access" && <AccessPlace />}
                {place === "settings" && (
                  <SettingsPlace
                    onHelp={() => {
                      setHelp(true);
                    }}
                    onIntro={() => {
                      setIntro(true);
                    }}
                  />
                )}
              </Focused>
            </Suspense>
          </div>
        </main>
      </div>
      {dropHover.over && <DropOverlay card={dropHover.card} />}
      {intro && (
        <Welcome
          onClose={() => {
            setIntro(false);
            if (!start.preferences.introduced) set({ introduced: true });
          }}
        />
      )}
      <ContextMenu />
      {passed !== null && passedBy.open && (
        <PassedDialog
          passed={passed}
          onClose={() => {
            passedBy.show(false);
          }}
        />
      )}
      {help && (
        <ShortcutsDialog
          onClose={() => {
            setHelp(false);
          }}
        />
      )}
    </div>
  );
}

/** What was passed by, among the notices: it stands there until it is put away. */
const passedNotice = ({ show, clear }: PassedBy, title: string, text: string): Notice => ({
  id: "passed",
  tone: "soon",
  title,
  text,
  show: () => {
    show(true);
  },
  putAway: clear,
});

/** A refusal that has no place of its own: one at a time, above the content. */
function Over({ problem, onClose }: { problem: Problem | null; onClose: () => void }) {
  const { signIn } = useSignIn();
  const backend = useBackend();
  const { start } = useOffice();
  const { place, id } = useRoute();
  const archive = useCommand((filing: string) => backend.showArchive(filing));
  const choose = useCommand(() => backend.chooseFiles());
  const check = useCommand((card: string) => backend.check(card));
  if (!problem) return null;
  const open = start.cards.length === 1 ? start.cards[0] : start.cards.find((card) => card.id === id);
  const shown = place === "filing" ? open : undefined;
  const filing = place === "history" ? id : (shown?.filing?.id ?? null);
  const retry = problem.retry;
  return (
    <div className={cx("paper", troubleCss.problem)} role="alert">
      <ErrorCard
        error={problem.error}
        onClose={onClose}
        remedies={{
          retry,
          chooseFiles: choose.run,
          check:
            shown === undefined
              ? undefined
              : () => {
                  onClose();
                  check.run(shown.id);
                },
          openAddresses: () => {
            onClose();
            go("settings", "addresses");
          },
          showArchive:
            filing === null
              ? undefined
              : () => {
                  archive.run(filing);
                },
          signIn: () => {
            onClose();
            signIn(retry ? { then: retry } : {});
          },
          signInAsAnother: () => {
            onClose();
            signIn(retry ? { asAnother: true, then: retry } : { asAnother: true });
          },
          showHistory: () => {
            onClose();
            go("history");
          },
        }}
      />
    </div>
  );
}

/** A place that was gone to has the reader's place at its heading; the first one has not. */
function Focused({ place, children }: { place: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    // A place that has put the focus where one begins knows better.
    if (box.current?.contains(document.activeElement)) return;
    box.current?.querySelector<HTMLElement>("h1[tabindex]")?.focus();
  }, [place]);
  return (
    <div ref={box} className={s.placeIn}>
      {children}
    </div>
  );
}

/** The program's place in the taskbar shows how much needs the user, where the system can. */
function useBadge(count: number): void {
  const backend = useBackend();
  useEffect(() => {
    // A desktop without badges is none the worse for it.
    backend.setBadge(count).catch(() => undefined);
  }, [backend, count]);
}

/** Milliseconds between two words about somebody being there. */
const ACTIVE_AGAIN = 20_000;

/** Says that somebody is there, so that the program does not lock while it is in use. */
function useActivity(governed: boolean): void {
  const backend = useBackend();
  useEffect(() => {
    if (!governed) return;
    let last = 0;
    const active = () => {
      if (Date.now() - last < ACTIVE_AGAIN) return;
      last = Date.now();
      // Locked meanwhile: the office tells that itself.
      backend.workActive().catch(() => undefined);
    };
    const kinds = ["keydown", "pointerdown", "wheel"] as const;
    for (const kind of kinds) window.addEventListener(kind, active, { passive: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, active);
    };
  }, [backend, governed]);
}

/** Says, once, that the first paint with data is done. */
function useReady(): void {
  const backend = useBackend();
  const say = useCallback(() => {
    // A window that cannot say so is none the worse for it; only measurements wait for it.
    backend.uiReady().catch(() => undefined);
  }, [backend]);
  useEffect(() => {
    // The frame after the next one begins when the first has been painted.
    const first = requestAnimationFrame(() => {
      second = requestAnimationFrame(say);
    });
    let second = 0;
    // A part that cannot be read now is read when it is gone to, and says so then.
    const others = setTimeout(() => void loadParts().catch(() => undefined), OTHERS_AFTER);
    return () => {
      clearTimeout(others);
      cancelAnimationFrame(first);
      cancelAnimationFrame(second);
    };
  }, [say]);
}
