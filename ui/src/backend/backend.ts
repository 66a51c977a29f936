/**
 * The one way from the window to the shell.
 *
 * Everything the window asks of the office goes through here, so that tests and pictures can put another office behind
 * it. A refusal arrives as a thrown `Refusal`, whose code decides what the window says (`errors.ts`).
 */
import type {
  AccessView,
  ArchiveReport,
  BatchStart,
  BatchView,
  AddressName,
  EnvironmentName,
  DoctorReport,
  CategoryName,
  DeadlinesView,
  DutyChoice,
  ErrorView,
  Exported,
  ExportFormat,
  ExportSelection,
  ExportView,
  FilingView,
  GuideRequest,
  GuideView,
  HistoryPage,
  HistoryQuery,
  IntegrationForm,
  Licences,
  OfficeEvent,
  PeriodChoice,
  PracticeSituation,
  PracticeSwitch,
  KeyringState,
  Preferences,
  ReminderSettings,
  RemindersView,
  ReturnCard,
  SavedIntegration,
  SelfCheckView,
  SettingsView,
  SignInOutcome,
  Snooze,
  StartView,
  UnfinishedView,
  UpdateView,
  WorkView,
} from "../bindings";
import type { BooksBackend } from "./booksBackend";
import type { DraftsBackend } from "./draftsBackend";

export interface Backend extends BooksBackend, DraftsBackend {
  startView: () => Promise<StartView>;
  /** Says that the first paint with data is done; benchmarks and tests wait for it. */
  uiReady: () => Promise<void>;
  setPreferences: (preferences: Preferences) => Promise<void>;

  /** Ends when the sign-in has ended, however it ended. */
  signIn: (asAnother: boolean) => Promise<SignInOutcome>;
  cancelSignIn: () => Promise<void>;
  reopenBrowser: () => Promise<void>;
  answerWhoCame: (right: boolean) => Promise<void>;
  signInLink: () => Promise<string | null>;
  /** Has the operating system ask for the keyring's password. */
  unlockKeyring: () => Promise<KeyringState>;
  signOut: () => Promise<void>;

  access: () => Promise<AccessView>;
  /** The same as `signIn`, through an integration of this environment. */
  signInThrough: (integration: string, asAnother: boolean) => Promise<SignInOutcome>;
  forgetAuthorization: (id: string) => Promise<void>;
  integrationForm: (
    environment: EnvironmentName,
    id: string | null,
    guide: GuideRequest | null,
  ) => Promise<IntegrationForm>;
  saveIntegration: (
    environment: EnvironmentName,
    id: string | null,
    form: IntegrationForm,
  ) => Promise<SavedIntegration>;
  removeIntegration: (environment: EnvironmentName, id: string) => Promise<void>;
  chooseIntegration: (environment: EnvironmentName, id: string) => Promise<void>;
  /** A secret goes to the office once and never comes back. */
  setClientSecret: (environment: EnvironmentName, id: string, secret: string) => Promise<void>;
  /** The public key, as a JWK. */
  makeClientKey: (environment: EnvironmentName, id: string) => Promise<string>;
  /** The same from a file that the shell reads; nothing when none was chosen. */
  chooseClientKey: (environment: EnvironmentName, id: string) => Promise<string | null>;
  exportIntegration: (environment: EnvironmentName, id: string) => Promise<boolean>;
  importIntegration: () => Promise<[EnvironmentName, string] | null>;
  guide: (request: GuideRequest) => Promise<GuideView>;
  checkIntegration: (environment: EnvironmentName, id: string, signIn: boolean) => Promise<SelfCheckView>;

  /** The chosen files arrive as cards, with an event. */
  chooseFiles: () => Promise<void>;
  chooseFolder: () => Promise<void>;
  /** Says which card is shown: attachments that are dropped on the window go with it. */
  aimDrops: (card: string | null) => Promise<void>;
  /** Opens what was let go over the window; attachments go on this card. */
  openDropped: (card: string | null) => Promise<void>;
  /** Lets the person choose; `null` when nothing was chosen. */
  chooseAttachments: (card: string) => Promise<ReturnCard | null>;
  detach: (card: string, attachment: string) => Promise<ReturnCard>;
  /** Lets the person choose the new version of a delivered return; `null` when nothing was chosen. */
  chooseNewVersion: (filing: string) => Promise<ReturnCard | null>;
  openSample: (id: string) => Promise<ReturnCard>;
  closeCard: (id: string) => Promise<void>;
  check: (id: string) => Promise<ReturnCard>;
  /** One return with its lines; the list of many leaves them out. */
  card: (id: string) => Promise<ReturnCard>;
  /** Ends when all have been asked about; each answer arrives as an event. */
  checkAll: (ids: string[]) => Promise<void>;
  stopChecking: () => Promise<void>;
  closeCards: (ids: string[]) => Promise<void>;
  /** Opens what was closed last again. */
  reopenCards: () => Promise<void>;
  /** Shows the file that was saved last in the system's file manager. */
  showSaved: () => Promise<void>;

  /** Ends when all are in the queue; what follows arrives as events. */
  startBatch: (ids: string[]) => Promise<BatchStart>;
  pauseBatch: () => Promise<BatchView>;
  continueBatch: () => Promise<BatchView>;
  /** Takes out what has not been begun. */
  cancelBatch: () => Promise<BatchView>;
  closeBatch: () => Promise<void>;
  /** Where the file is, or nothing when none was chosen. */
  exportBatch: (name: string) => Promise<string | null>;

  /** Ends when the filing has begun; its steps arrive as events. */
  file: (id: string, confirmCorrection: boolean) => Promise<FilingView>;
  continueFiling: (id: string) => Promise<FilingView>;
  cancelFiling: (id: string) => Promise<FilingView>;

  history: (query: HistoryQuery) => Promise<HistoryPage>;
  filing: (id: string) => Promise<FilingView>;
  unfinished: (orgNumber: string) => Promise<UnfinishedView[]>;
  continueUnfinished: (instance: string) => Promise<ReturnCard>;
  deleteUnfinished: (instance: string) => Promise<void>;
  fetchReceiptAgain: (id: string) => Promise<FilingView>;
  openReceipt: (id: string) => Promise<void>;
  showArchive: (id: string) => Promise<void>;
  /** The years and periods that the history has filings of, the latest first. */
  historyPeriods: () => Promise<PeriodChoice[]>;
  /** Opens one file of a filing's folder. */
  openArchived: (id: string, name: string) => Promise<void>;
  /** Asks where to, and writes; `null` when nowhere was chosen. `name` is proposed, without ending. */
  exportHistory: (selection: ExportSelection, format: ExportFormat, name: string) => Promise<ExportView | null>;
  verifyArchive: () => Promise<ArchiveReport>;
  /** Takes filings of the archive into the history that are not in it: how many. */
  historyFromArchive: () => Promise<number>;
  dismissRecovery: () => Promise<void>;
  fileWithoutAltinn: (id: string) => Promise<void>;
  /** The person has taken notice of what a second look at old filings has changed. */
  dismissReview: () => Promise<void>;
  /** The situations that the practice can be put into. */
  practiceSituations: () => Promise<PracticeSwitch[]>;
  /** Puts the practice into a situation, or takes it out; how all of them stand then. */
  switchPractice: (situation: PracticeSituation, on: boolean) => Promise<PracticeSwitch[]>;
  copyText: (text: string) => Promise<void>;

  /** Without a year, the one that needs attention. */
  deadlines: (year: number | null) => Promise<DeadlinesView>;
  chooseDuty: (choice: DutyChoice) => Promise<void>;
  putAside: (key: string, reason: string | null) => Promise<void>;
  unfollowDuty: (orgNumber: string, category: CategoryName) => Promise<void>;
  muteCompany: (orgNumber: string, muted: boolean) => Promise<void>;
  /** False when no place was chosen. */
  saveCalendar: () => Promise<boolean>;
  showCalendar: () => Promise<void>;
  reminders: () => Promise<RemindersView>;
  snoozeNotice: (key: string, snooze: Snooze) => Promise<void>;
  dismissNotice: (key: string) => Promise<void>;
  reminderSettings: () => Promise<ReminderSettings>;
  /** Ends with what was kept. */
  setReminderSettings: (settings: ReminderSettings) => Promise<ReminderSettings>;
  /** Ends when the work account's sign-in has ended, however it ended. */
  workSignIn: () => Promise<WorkView | null>;
  cancelWorkSignIn: () => Promise<void>;
  reopenWorkBrowser: () => Promise<void>;
  /** A link that has not been used; nothing when no sign-in is under way. */
  workSignInLink: () => Promise<string | null>;
  /** The secret is kept sealed and never comes back. */
  setWorkSecret: (secret: string) => Promise<void>;
  /** Ends with the public half to register. */
  makeWorkKey: () => Promise<string>;
  /** The same for a key from a file; nothing when none was chosen. */
  chooseWorkKey: () => Promise<string | null>;
  lockWork: () => Promise<void>;
  /** Somebody is at the keyboard or the mouse. */
  workActive: () => Promise<void>;
  /** False when no file was chosen. */
  importWorkPolicy: () => Promise<boolean>;
  showWorkGuide: () => Promise<void>;
  startsWithSystem: () => Promise<boolean>;
  startWithSystem: (on: boolean) => Promise<void>;

  settingsView: () => Promise<SettingsView>;
  /** Everything the window knows is another office's afterwards. */
  switchEnvironment: (environment: EnvironmentName) => Promise<void>;
  /** Without a value the address goes back to the preset. */
  setAddress: (environment: EnvironmentName, name: AddressName, value: string | null) => Promise<SettingsView | null>;
  /** The folder as shown, or nothing when none was chosen; it is in use only after `changeArchiveFolder`. */
  chooseArchiveFolder: () => Promise<string | null>;
  changeArchiveFolder: (moveFiles: boolean) => Promise<SettingsView>;
  /** Nothing when no file was chosen. */
  exportData: (withArchive: boolean) => Promise<Exported | null>;
  supportLog: () => Promise<string>;
  saveSupportLog: (text: string) => Promise<string | null>;
  licences: () => Promise<Licences>;
  setBadge: (count: number) => Promise<void>;
  /** First aid; with `everywhere`, the authorities of test and production are tried as well as those in use. */
  doctorReport: (everywhere: boolean) => Promise<DoctorReport>;
  lookForUpdate: () => Promise<UpdateView>;
  /** Comes back only when nothing was installed. */
  installUpdate: () => Promise<UpdateView>;

  /** Hears what the office tells by itself, from the moment `listening` is called; gives back how to stop. */
  onOfficeEvent: (listener: (event: OfficeEvent) => void, listening: () => void) => () => void;
}

/** The office says no; `view` says what to tell the user. */
export class Refusal extends Error {
  readonly view: ErrorView;

  constructor(view: ErrorView) {
    super(view.message);
    this.name = "Refusal";
    this.view = view;
  }
}

/** What to show of anything that was thrown. What is not a refusal is a fault of the program itself. */
export function errorView(thrown: unknown): ErrorView {
  if (thrown instanceof Refusal) return thrown.view;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message, details: [message], values: {}, delivered: "unknown" };
}
