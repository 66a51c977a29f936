/** Settings, first aid, deadlines and reminders of an office that is not there. */
import type {
  PracticeSituation,
  PracticeSwitch,
  AddressName,
  BringAnswer,
  EnvironmentName,
  JoinAnswer,
  LeaveAnswer,
  MirrorAnswer,
  RegisterWish,
  CategoryName,
  DeadlinesView,
  DutyChoice,
  ReminderSettings,
  RemindersView,
  SettingsView,
  StartView,
  Snooze,
  UpdateView,
} from "../bindings";
import { FakeDrafts } from "./draftsFake";
import type { FakeOptions } from "./options";
import * as office from "./officeRegister";
import { inLanguage } from "./said";
import * as settings from "./settings";
import { FakeStaff, noRegister } from "./staff";
import * as doctor from "./doctor";
import * as invented from "./year";

/** A pause of so many milliseconds. */
export const later = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

export abstract class FakeSettings extends FakeDrafts {
  protected abstract state: StartView;
  protected abstract readonly options: FakeOptions;

  protected get language() {
    return this.state.preferences.language;
  }

  dismissRecovery = async () => {
    await this.given("dismissRecovery");
    this.state = { ...this.state, recovery: null };
  };
  dismissReview = async () => {
    await this.given("dismissReview");
    this.state = { ...this.state, review: null };
  };

  private switches: PracticeSwitch[] = settings.situations.map((situation) => ({ situation, on: false }));
  practiceSituations = async (): Promise<PracticeSwitch[]> => {
    await this.given("practiceSituations");
    return this.switches;
  };
  switchPractice = async (situation: PracticeSituation, on: boolean): Promise<PracticeSwitch[]> => {
    await this.given("switchPractice", situation, on);
    this.switches = this.switches.map((it) => (it.situation === situation ? { situation, on } : it));
    return this.switches;
  };

  private settings: SettingsView | undefined;
  settingsView = async (): Promise<SettingsView> => {
    await this.given("settingsView");
    this.settings ??= settings.view(this.state.environment, this.options.settings);
    return { ...this.settings, environment: this.state.environment };
  };
  switchEnvironment = async (environment: EnvironmentName) => {
    await this.given("switchEnvironment", environment);
    this.state = { ...this.state, environment, cards: [], session: null, recent: [] };
  };
  setAddress = async (environment: EnvironmentName, name: AddressName, value: string | null) => {
    await this.given("setAddress", environment, name, value);
    const view = await this.settingsView();
    this.settings = {
      ...view,
      addresses: view.addresses.map((known) =>
        known.environment === environment
          ? {
              ...known,
              rows: known.rows.map((row) => (row.name === name ? { ...row, value: value ?? row.preset } : row)),
            }
          : known,
      ),
    };
    return this.settings;
  };
  chooseArchiveFolder = async () => {
    await this.given("chooseArchiveFolder");
    return "/srv/felles/Kvitteringer";
  };
  changeArchiveFolder = async (moveFiles: boolean) => {
    await this.given("changeArchiveFolder", moveFiles);
    const view = await this.settingsView();
    const earlier = moveFiles ? [] : [view.archive.folder];
    this.settings = { ...view, archive: { ...view.archive, folder: "/srv/felles/Kvitteringer", earlier } };
    return this.settings;
  };
  exportData = async (withArchive: boolean) => {
    await this.given("exportData", withArchive);
    return { file: "/home/ingrid/Momsbud.zip", filings: 2318, leftOut: withArchive ? 1 : 0 };
  };
  supportLog = async () => {
    await this.given("supportLog");
    return settings.log;
  };
  saveSupportLog = async (text: string) => {
    await this.given("saveSupportLog", text);
    return "/home/ingrid/momsbud-logg.txt";
  };
  licences = async () => {
    await this.given("licences");
    return settings.licences;
  };
  setBadge = (count: number) => this.given("setBadge", count);
  joinRegister = async (wish: RegisterWish, password: string): Promise<JoinAnswer> => {
    // What was typed may be a secret: nobody keeps it.
    await this.given("joinRegister", wish);
    const view = await this.settingsView();
    const [answer, register] = office.joined(view, wish, password, this.language);
    this.settings = { ...view, register };
    return answer;
  };
  bringToRegister = async (): Promise<BringAnswer> => {
    await this.given("bringToRegister");
    this.emit({ kind: "bringing", done: 1158, total: 2317 });
    if (this.options.bringing === "wait") await new Promise(() => undefined);
    const view = await this.settingsView();
    if (view.register !== null) this.settings = { ...view, register: { ...view.register, brought: true } };
    return office.broughtAll;
  };
  mirrorRegister = async (): Promise<MirrorAnswer> => {
    await this.given("mirrorRegister");
    const view = await this.settingsView();
    return office.mirrored(view.register, this.language);
  };
  leaveRegister = async (anyway: boolean): Promise<LeaveAnswer> => {
    await this.given("leaveRegister", anyway);
    const view = await this.settingsView();
    const answer = office.leaving(view.register, anyway, this.language);
    if (answer.kind === "left") this.settings = { ...view, register: null };
    return answer;
  };
  doctorReport = async (everywhere: boolean) => {
    await this.given("doctorReport", everywhere);
    return this.options.doctor?.(everywhere) ?? doctor.well(this.language);
  };
  lookForUpdate = async (): Promise<UpdateView> => {
    await this.given("lookForUpdate");
    return this.options.update ?? { kind: "newest" };
  };
  installUpdate = async (): Promise<UpdateView> => {
    await this.given("installUpdate");
    return this.options.updateInstalls ?? { kind: "later" };
  };
  deadlines = async (wanted: number | null): Promise<DeadlinesView> => {
    await this.given("deadlines", wanted);
    const view = invented.year(this.language, this.options.companies ?? 0);
    const ofYear = { ...view, year: wanted ?? view.year };
    return this.options.staff === true ? this.staff.in(ofYear) : ofYear;
  };
  private readonly staff = new FakeStaff();
  handOver = async (companies: string[], to: string | null): Promise<string | null> => {
    await this.given("handOver", companies, to);
    return this.options.staff === true
      ? this.staff.handOver(companies, to, this.language)
      : inLanguage(noRegister, this.language);
  };
  setAway = async (until: string | null, standIn: string | null): Promise<string | null> => {
    await this.given("setAway", until, standIn);
    return this.options.staff === true
      ? this.staff.setAway(until, standIn, this.language)
      : inLanguage(noRegister, this.language);
  };
  chooseDuty = (choice: DutyChoice) => this.given("chooseDuty", choice);
  putAside = (key: string, reason: string | null) => this.given("putAside", key, reason);
  unfollowDuty = (orgNumber: string, category: CategoryName) => this.given("unfollowDuty", orgNumber, category);
  muteCompany = (orgNumber: string, muted: boolean) => this.given("muteCompany", orgNumber, muted);
  saveCalendar = async () => {
    await this.given("saveCalendar");
    return true;
  };
  showCalendar = () => this.given("showCalendar");
  private told(): RemindersView {
    return this.changedReminders ?? this.options.reminders ?? invented.nothingTold;
  }
  private changedReminders: RemindersView | undefined;
  private without(key: string): void {
    const now = this.told();
    this.changedReminders = { ...now, notices: now.notices.filter((notice) => notice.key !== key) };
    this.emit({ kind: "reminders", reminders: this.changedReminders });
  }
  reminders = async () => {
    await this.given("reminders");
    return this.told();
  };
  snoozeNotice = async (key: string, snooze: Snooze) => {
    await this.given("snoozeNotice", key, snooze);
    this.without(key);
  };
  dismissNotice = async (key: string) => {
    await this.given("dismissNotice", key);
    this.without(key);
  };
  private reminding = invented.reminderSettings;
  reminderSettings = async () => {
    await this.given("reminderSettings");
    return this.reminding;
  };
  setReminderSettings = async (settings: ReminderSettings) => {
    await this.given("setReminderSettings", settings);
    this.reminding = settings;
    return settings;
  };
  private autostart = false;
  startsWithSystem = async () => {
    await this.given("startsWithSystem");
    return this.autostart;
  };
  startWithSystem = async (on: boolean) => {
    await this.given("startWithSystem", on);
    this.autostart = on;
  };
  copyText = (text: string) => this.given("copyText", text);
}
