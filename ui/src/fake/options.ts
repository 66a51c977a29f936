/** What an office that is not there is to be like. */
import type {
  AccessView,
  ArchiveReport,
  BooksView,
  DraftsView,
  DraftView,
  DoctorReport,
  ErrorView,
  FieldFaultView,
  FilingView,
  IntegrationForm,
  RemindersView,
  ReturnCard,
  SelfCheckView,
  SettingsView,
  SignInOutcome,
  StartView,
  UnfinishedView,
  UpdateView,
  WorkView,
} from "../bindings";
import type { Backend } from "../backend/backend";

/** What the window may ask for. */
export type Command = Exclude<keyof Backend, "onOfficeEvent">;

export interface FakeOptions {
  start: StartView;
  /** How many filings the history holds. */
  historyLength?: number;
  /** Filings by id; others are made up. */
  filings?: FilingView[];
  /** How a sign-in ends; `"wait"` until it is cancelled. */
  signIn?: SignInOutcome | "wait";
  /** What the browser did, while a sign-in waits. */
  browserOpened?: boolean;
  /** Integrations and authorizations. */
  access?: AccessView;
  /** The form that an editor begins with. */
  form?: IntegrationForm;
  /** Fields that the office finds fault with. */
  faults?: FieldFaultView[];
  /** What a self-check finds, first without and then with a sign-in. */
  selfCheck?: SelfCheckView;
  selfCheckSignedIn?: SelfCheckView;
  /** What Skatteetaten finds. */
  verdict?: (card: ReturnCard) => ReturnCard["check"];
  /** What first aid finds. */
  doctor?: (everywhere: boolean) => DoctorReport;
  /** What a search for updates finds, and what comes of installing it. */
  update?: UpdateView;
  updateInstalls?: UpdateView;
  /** How a work account's sign-in ends; by default it opens the program. */
  workEnds?: WorkView;
  /** What verifying the archive finds. */
  archive?: ArchiveReport;
  /** What lies unfinished in Altinn. */
  unfinished?: UnfinishedView[];
  /** Commands that refuse. */
  will?: Partial<Record<Command, ErrorView>>;
  /** Milliseconds between the steps of a filing; `null`: it stays at its first step. */
  pace?: number | null;
  now?: () => number;
  /** Milliseconds between one answer and the next: they come one after the other, as from a slow disk. At once by default. */
  slow?: number;
  /** What is other than usual in Innstillinger. */
  settings?: Partial<SettingsView>;
  /** How many companies have deadlines; none by default. */
  companies?: number;
  /** Colleagues who share an office register; none by default. */
  staff?: boolean;
  /** Bringing what the desk had before to the register goes on for ever. */
  bringing?: "wait";
  /** What is told; nothing by default. */
  reminders?: RemindersView;
  /** SAF-T deliveries that lie open. */
  books?: BooksView[];
  /** Drafts that can be opened, and the list of them. */
  written?: DraftView[];
  drafts?: DraftsView;
}
