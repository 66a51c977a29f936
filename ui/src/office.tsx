/**
 * What the window knows of the office: the start view, kept current by the office's own events.
 *
 * TanStack Query holds it. Nothing is polled: the office tells, and the cached answers are changed in place.
 */
import { hashKey, QueryClient, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { Backend } from "./backend/backend";
import type {
  BatchView,
  BooksView,
  FilingRow,
  FilingView,
  OfficeEvent,
  Permission,
  RemindersView,
  ReturnCard,
  StartView,
} from "./bindings";
import { hoverAt, NOTHING_HELD, rowAt, type Hover } from "./drops";
import { holdsItsOwn } from "./dragOut";
import { go } from "./router";
import { Told, type Moment } from "./told";

export const BackendContext = createContext<Backend | null>(null);

export function useBackend(): Backend {
  const backend = useContext(BackendContext);
  if (!backend) throw new Error("The window has no backend.");
  return backend;
}

/** A client that never asks again by itself and works without a network: the shell is always there. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 60_000,
        retry: false,
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });

export const startKey = ["start"] as const;
export const historyKey = ["history"] as const;
export const accessKey = ["access"] as const;
/** How far the attachments of a filing have come. */
const bringingKey = ["bringing"] as const;
export const uploadKey = (id: string) => ["upload", id] as const;
export const cardKey = ["card"] as const;
export const deadlinesKey = ["deadlines"] as const;
export const remindersKey = ["reminders"] as const;
export const reminderSettingsKey = ["reminderSettings"] as const;
export const settingsKey = ["settings"] as const;
export const autostartKey = ["autostart"] as const;
export const booksKey = ["books"] as const;
export const draftsKey = ["drafts"] as const;
export const draftKey = ["draft"] as const;
export const codesKey = ["draftCodes"] as const;
export const companiesKey = ["draftCompanies"] as const;
export const filingKey = (id: string) => ["filing", id] as const;

const RECENT = 5;

/** Milliseconds that the first paint is left alone for. */
const AFTER_PAINT = 100;

/** The newest first; a filing already there is replaced where it stands. */
function withRecent(recent: FilingRow[], row: FilingRow): FilingRow[] {
  return recent.some(({ id }) => id === row.id)
    ? recent.map((old) => (old.id === row.id ? row : old))
    : [row, ...recent].slice(0, RECENT);
}

export const withCard = (cards: ReturnCard[], card: ReturnCard): ReturnCard[] =>
  cards.some(({ id }) => id === card.id) ? cards.map((old) => (old.id === card.id ? card : old)) : [...cards, card];

const withFiling = (start: StartView, filing: FilingView): StartView => ({
  ...start,
  recent: withRecent(start.recent, filing.row),
  cards: start.cards.map((card) => (card.filing?.id === filing.id ? { ...card, filing } : card)),
});

/** The start view after an event. */
export function after(start: StartView, event: OfficeEvent): StartView {
  switch (event.kind) {
    case "cards":
      return { ...start, cards: event.cards };
    case "card":
      return start.cards.some(({ id }) => id === event.card.id)
        ? { ...start, cards: withCard(start.cards, event.card) }
        : start;
    case "batch":
      return { ...start, batch: event.batch };
    case "filing":
      return withFiling(start, event.filing);
    case "signIn":
      return { ...start, signIn: event.signIn };
    case "session":
      return { ...start, session: event.session };
    case "machine":
      return { ...start, keyring: event.keyring, clockOffMinutes: event.clockOffMinutes };
    case "register":
      return { ...start, register: event.register };
    case "work":
      return { ...start, work: event.work };
    case "books":
    case "drafts":
    case "upload":
    case "bringing":
    case "dropHover":
    case "dropped":
    case "passed":
    case "signInEnded":
    case "reminders":
    case "go":
    case "missed":
      return start;
  }
}

/** Bytes of attachments that have been handed over, of so many. */
export interface Upload {
  done: number;
  total: number;
}

/** How far the upload of a filing's attachments has come, as it was last told. */
export const useUpload = (id: string): Upload | undefined =>
  useQuery<Upload>({ queryKey: uploadKey(id), queryFn: skipToken }).data;

/** How many filings have been brought to the office register, of so many, as it was last told. */
export const useBringing = (): Upload | undefined =>
  useQuery<Upload>({ queryKey: bringingKey, queryFn: skipToken }).data;
/** From how many cards on events are gathered for a moment: each would otherwise draw the table anew. */
const MANY = 12;
/** How long they are gathered, milliseconds. */
const MOMENT = 80;

/** The last news of each card and each filing; what came before it does not matter. */
export function latestOf(events: OfficeEvent[]): OfficeEvent[] {
  const last = new Map<string, OfficeEvent>();
  for (const event of events) {
    const key = event.kind === "card" ? event.card.id : event.kind === "filing" ? event.filing.id : event.kind;
    last.delete(`${event.kind} ${key}`);
    last.set(`${event.kind} ${key}`, event);
  }
  return [...last.values()];
}

/** The start view after many events about cards and filings, in one go. */
export function afterAll(start: StartView, events: OfficeEvent[]): StartView {
  const cards = new Map<string, ReturnCard>();
  const filings = new Map<string, FilingView>();
  let { batch } = start;
  for (const event of events) {
    if (event.kind === "card") cards.set(event.card.id, event.card);
    else if (event.kind === "filing") filings.set(event.filing.id, event.filing);
    else if (event.kind === "batch") batch = event.batch;
  }
  const recent = [...filings.values()].reduce((rows, { row }) => withRecent(rows, row), start.recent);
  return {
    ...start,
    batch,
    recent,
    cards: start.cards.map((old) => {
      const card = cards.get(old.id) ?? old;
      const filing = card.filing ? filings.get(card.filing.id) : undefined;
      return filing ? { ...card, filing } : card;
    }),
  };
}

interface Office {
  start: StartView;
  dropHover: Hover;
  /** Changes the start view in place: the answer of a command is often newer than the next event. */
  change: (change: (start: StartView) => StartView) => void;
  /** The moment at which a command is given: its answer is not shown over what was told since (`told.ts`). */
  asked: () => Moment;
  /** A card as a command gave it that was given then. */
  answerCard: (asked: Moment, card: ReturnCard) => void;
  /** A filing as a command gave it that was given then; gives back the newest of it. */
  answerFiling: (asked: Moment, filing: FilingView) => FilingView;
  /** The batch as a command gave it that was given then. */
  answerBatch: (asked: Moment, batch: BatchView | null) => void;
  /** Asks for everything again: texts of the office are in the user's language. */
  refresh: () => Promise<void>;
}

const OfficeContext = createContext<Office | null>(null);

export function useOffice(): Office {
  const office = useContext(OfficeContext);
  if (!office) throw new Error("The office is not open.");
  return office;
}

export const useStart = (): StartView => useOffice().start;

/**
 * Whether the firm's rules let the work account do something, for a company or for any; without rules everything may be
 * done. The office decides each time anew: this is for not offering what it would refuse.
 */
export function useMay(): (needs: Permission, company?: string) => boolean {
  const work = useContext(OfficeContext)?.start.work ?? null;
  return (needs, company) => {
    if (work === null) return true;
    const granted = work.permissions.find(({ permission }) => permission === needs);
    if (granted === undefined) return false;
    const { companies } = granted;
    return companies === null || needs === "administer" || company === undefined || companies.includes(company);
  };
}

const nothingTold: RemindersView = { notices: [], standing: "ok", next: null, authorization: null, pausedUntil: null };

/** What the bell tells; nothing while the office has not said it. */
export function useReminders(): RemindersView {
  const backend = useBackend();
  const { data } = useQuery({ queryKey: remindersKey, queryFn: () => backend.reminders() });
  return data ?? nothingTold;
}

interface Props {
  children: ReactNode;
  loading: ReactNode;
  failed: (error: unknown, again: () => void) => ReactNode;
}

export function OfficeProvider({ children, loading, failed }: Props) {
  const backend = useBackend();
  const client = useQueryClient();
  const [dropHover, setDropHover] = useState(NOTHING_HELD);
  const [told] = useState(() => new Told());
  /** Shows at once what is being gathered: an answer is not followed by what was told before it. */
  const showGathered = useRef<() => void>(() => undefined);
  const { data: start, error, refetch } = useQuery({ queryKey: startKey, queryFn: () => backend.startView() });

  useEffect(() => {
    // What is told while the start view is being fetched is kept until it has come.
    let waiting: OfficeEvent[] = [];
    let later: ReturnType<typeof setTimeout> | undefined;
    let gathered: OfficeEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** An answer that is on its way may be older than what is told, and is asked for anew. */
    const tell = (key: readonly unknown[], data: unknown) => {
      client.setQueryData(key, data);
      if (client.isFetching({ queryKey: key, exact: true }) > 0)
        void client.invalidateQueries({ queryKey: key, exact: true });
    };
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      if (gathered.length === 0) return;
      const events = latestOf(gathered);
      gathered = [];
      client.setQueryData<StartView>(startKey, (old) => old && afterAll(old, events));
      for (const event of events) {
        if (event.kind === "filing") tell(filingKey(event.filing.id), event.filing);
      }
      void client.invalidateQueries({ queryKey: historyKey });
      void client.invalidateQueries({ queryKey: deadlinesKey });
      void client.invalidateQueries({ queryKey: cardKey });
    };
    const apply = (event: OfficeEvent) => {
      if (event.kind === "dropHover") {
        // A file that comes from here is on its way out.
        setDropHover((before) => hoverAt(before, holdsItsOwn() ? null : event.at));
        return;
      }
      if (event.kind === "dropped") {
        void backend.openDropped(rowAt(event.at), holdsItsOwn());
        return;
      }
      // Whoever shows it listens for it.
      if (event.kind === "passed") return;
      if (event.kind === "go") {
        go(event.target.place, event.target.id);
        return;
      }
      if (event.kind === "books") {
        tell(booksKey, event.books);
        return;
      }
      if (event.kind === "drafts") {
        void client.invalidateQueries({ queryKey: draftsKey });
        void client.invalidateQueries({ queryKey: draftKey });
        return;
      }
      if (event.kind === "reminders") {
        tell(remindersKey, event.reminders);
        void client.invalidateQueries({ queryKey: deadlinesKey });
        void client.invalidateQueries({ queryKey: reminderSettingsKey });
        return;
      }
      if (event.kind === "upload") {
        // Only the row that shows it is drawn again.
        client.setQueryData<Upload>(uploadKey(event.filing), { done: event.done, total: event.total });
        return;
      }
      if (event.kind === "bringing") {
        client.setQueryData<Upload>(bringingKey, { done: event.done, total: event.total });
        return;
      }
      if (event.kind === "missed") {
        // A lock may be among it: what is not shown is forgotten, what is shown is asked for anew.
        gathered = [];
        client.removeQueries({ type: "inactive" });
        void client.invalidateQueries();
        return;
      }
      if (event.kind === "work") {
        const before = client.getQueryData<StartView>(startKey)?.work;
        const opened = (before?.locked ?? false) !== (event.work?.locked ?? false);
        const another = before?.person?.email !== event.work?.person?.email;
        if (opened || another) {
          // What one work account may see is not the next one's.
          client.removeQueries({ predicate: ({ queryHash }) => queryHash !== hashKey(startKey) });
          void client.invalidateQueries({ queryKey: startKey });
        }
      }
      // An answer that is on its way is older than this event, which is therefore told again after it.
      if (client.isFetching({ queryKey: startKey }) > 0) waiting.push(event);
      if (client.getQueryData<StartView>(startKey) === undefined) return;
      const many = (client.getQueryData<StartView>(startKey)?.cards.length ?? 0) > MANY;
      if (many && (event.kind === "card" || event.kind === "filing" || event.kind === "batch")) {
        gathered.push(event);
        timer ??= setTimeout(flush, MOMENT);
        return;
      }
      flush();
      client.setQueryData<StartView>(startKey, (old) => old && after(old, event));
      // Who signs in or out changes what is known of everybody's authorization.
      if (event.kind === "session") void client.invalidateQueries({ queryKey: accessKey });
      if (event.kind === "filing") {
        tell(filingKey(event.filing.id), event.filing);
        // A draft is closed by being filed.
        void client.invalidateQueries({ queryKey: draftsKey });
        void client.invalidateQueries({ queryKey: historyKey });
        void client.invalidateQueries({ queryKey: deadlinesKey });
      }
      // Who may file for a company, and what has been filed, is shown there too.
      const told = event.kind === "session" || event.kind === "filing";
      if (event.kind === "session") void client.invalidateQueries({ queryKey: companiesKey });
      if (told && (client.getQueryData<BooksView[]>(booksKey)?.length ?? 0) > 0) {
        void client.invalidateQueries({ queryKey: booksKey });
      }
      if (event.kind === "card" || event.kind === "cards") void client.invalidateQueries({ queryKey: cardKey });
      // What other desks have filed turns deadlines, and how the desk stands with them is shown in Innstillinger.
      const register = client.getQueryData<StartView>(startKey)?.register ?? null;
      if (event.kind === "cards" && register !== null) void client.invalidateQueries({ queryKey: deadlinesKey });
      if (event.kind === "register") void client.invalidateQueries({ queryKey: settingsKey });
    };
    showGathered.current = flush;
    const hear = (event: OfficeEvent) => {
      told.note(event);
      apply(event);
    };
    const stopEvents = backend.onOfficeEvent(hear, () => {
      // What happened between the first answer and now was told to nobody: a file the program was started with, say.
      later = setTimeout(() => void client.invalidateQueries({ queryKey: startKey }), AFTER_PAINT);
    });
    const stopCache = client.getQueryCache().subscribe(({ query }) => {
      if (waiting.length === 0 || query.queryHash !== hashKey(startKey)) return;
      if (query.state.data === undefined || query.state.fetchStatus !== "idle") return;
      const kept = waiting;
      waiting = [];
      kept.forEach(apply);
    });
    return () => {
      clearTimeout(timer);
      clearTimeout(later);
      stopEvents();
      stopCache();
    };
  }, [backend, client, told]);

  if (start === undefined) return error === null ? loading : failed(error, () => void refetch());

  const office: Office = {
    start,
    dropHover,
    change: (change) => client.setQueryData<StartView>(startKey, (old) => old && change(old)),
    asked: () => told.now(),
    answerCard: (asked, card) => {
      showGathered.current();
      client.setQueryData<StartView>(startKey, (old) => old && told.withCard(old, asked, card));
    },
    answerFiling: (asked, answer) => {
      showGathered.current();
      const filing = told.filing(asked, answer, client.getQueryData<FilingView>(filingKey(answer.id)));
      client.setQueryData<StartView>(startKey, (old) => old && withFiling(old, filing));
      client.setQueryData(filingKey(filing.id), filing);
      void client.invalidateQueries({ queryKey: historyKey });
      return filing;
    },
    answerBatch: (asked, batch) => {
      showGathered.current();
      client.setQueryData<StartView>(startKey, (old) => old && told.withBatch(old, asked, batch));
    },
    refresh: async () => {
      await client.invalidateQueries();
    },
  };
  return <OfficeContext value={office}>{children}</OfficeContext>;
}
