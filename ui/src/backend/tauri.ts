/** The real shell, over the generated bindings. */
import { commands, events, type ErrorView, type StartView } from "../bindings";
import { Refusal, type Backend } from "./backend";

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: ErrorView };

async function ask<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (given.status === "error") throw new Refusal(given.error);
  return given.data;
}

async function tell(answer: Promise<Answer<null>>): Promise<void> {
  await ask(answer);
}

declare global {
  interface Window {
    /** The start view, which the shell's initialization script asks for before this script has been read. */
    __MOMSBUD_START__?: Promise<StartView>;
  }
}

let early = window.__MOMSBUD_START__;

/** The answer asked for at the beginning serves once; the second question is a new one. */
async function startView(): Promise<StartView> {
  const begun = early;
  early = undefined;
  try {
    if (begun) return await begun;
  } catch {
    // Asked again below, where a refusal is put into words.
  }
  return ask(commands.startView());
}

export const tauriBackend: Backend = {
  startView,
  uiReady: () => tell(commands.uiReady()),
  setPreferences: (preferences) => tell(commands.setPreferences(preferences)),
  signIn: (asAnother) => ask(commands.signIn(asAnother)),
  cancelSignIn: () => tell(commands.cancelSignIn()),
  reopenBrowser: () => tell(commands.reopenBrowser()),
  signInLink: () => ask(commands.signInLink()),
  signOut: () => tell(commands.signOut()),
  access: () => ask(commands.access()),
  signInThrough: (integration, asAnother) => ask(commands.signInThrough(integration, asAnother)),
  forgetAuthorization: (id) => tell(commands.forgetAuthorization(id)),
  integrationForm: (environment, id, guide) => ask(commands.integrationForm(environment, id, guide)),
  saveIntegration: (environment, id, form) => ask(commands.saveIntegration(environment, id, form)),
  removeIntegration: (environment, id) => tell(commands.removeIntegration(environment, id)),
  chooseIntegration: (environment, id) => tell(commands.chooseIntegration(environment, id)),
  setClientSecret: (environment, id, secret) => tell(commands.setClientSecret(environment, id, secret)),
  makeClientKey: (environment, id) => ask(commands.makeClientKey(environment, id)),
  chooseClientKey: (environment, id) => ask(commands.chooseClientKey(environment, id)),
  exportIntegration: (environment, id) => ask(commands.exportIntegration(environment, id)),
  importIntegration: () => ask(commands.importIntegration()),
  guide: (request) => ask(commands.guide(request)),
  checkIntegration: (environment, id, signIn) => ask(commands.checkIntegration(environment, id, signIn)),
  chooseFiles: () => tell(commands.chooseFiles()),
  chooseFolder: () => tell(commands.chooseFolder()),
  aimDrops: (card) => tell(commands.aimDrops(card)),
  chooseAttachments: (card) => ask(commands.chooseAttachments(card)),
  detach: (card, attachment) => ask(commands.detach(card, attachment)),
  chooseNewVersion: (filing) => ask(commands.chooseNewVersion(filing)),
  openSample: (id) => ask(commands.openSample(id)),
  closeCard: (id) => tell(commands.closeCard(id)),
  check: (id) => ask(commands.check(id)),
  card: (id) => ask(commands.card(id)),
  checkAll: (ids) => tell(commands.checkAll(ids)),
  stopChecking: () => tell(commands.stopChecking()),
  closeCards: (ids) => tell(commands.closeCards(ids)),
  startBatch: (ids) => ask(commands.startBatch(ids)),
  pauseBatch: () => ask(commands.pauseBatch()),
  continueBatch: () => ask(commands.continueBatch()),
  cancelBatch: () => ask(commands.cancelBatch()),
  closeBatch: () => tell(commands.closeBatch()),
  exportBatch: (name) => ask(commands.exportBatch(name)),
  file: (id, confirmCorrection) => ask(commands.file(id, confirmCorrection)),
  continueFiling: (id) => ask(commands.continueFiling(id)),
  cancelFiling: (id) => ask(commands.cancelFiling(id)),
  history: (query) => ask(commands.history(query)),
  filing: (id) => ask(commands.filing(id)),
  unfinished: (orgNumber) => ask(commands.unfinished(orgNumber)),
  continueUnfinished: (instance) => ask(commands.continueUnfinished(instance)),
  deleteUnfinished: (instance) => tell(commands.deleteUnfinished(instance)),
  fetchReceiptAgain: (id) => ask(commands.fetchReceiptAgain(id)),
  openReceipt: (id) => tell(commands.openReceipt(id)),
  showArchive: (id) => tell(commands.showArchive(id)),
  historyPeriods: () => ask(commands.historyPeriods()),
  openArchived: (id, name) => tell(commands.openArchived(id, name)),
  exportHistory: (selection, format, name) => ask(commands.exportHistory(selection, format, name)),
  verifyArchive: () => ask(commands.verifyArchive()),
  historyFromArchive: () => ask(commands.historyFromArchive()),
  dismissRecovery: () => tell(commands.dismissRecovery()),
  copyText: (text) => tell(commands.copyText(text)),
  deadlines: (year) => ask(commands.deadlines(year)),
  chooseDuty: (choice) => tell(commands.chooseDuty(choice)),
  unfollowDuty: (orgNumber, category) => tell(commands.unfollowDuty(orgNumber, category)),
  muteCompany: (orgNumber, muted) => tell(commands.muteCompany(orgNumber, muted)),
  saveCalendar: () => ask(commands.saveCalendar()),
  showCalendar: () => tell(commands.showCalendar()),
  reminders: () => ask(commands.reminders()),
  snoozeNotice: (key, snooze) => tell(commands.snoozeNotice(key, snooze)),
  dismissNotice: (key) => tell(commands.dismissNotice(key)),
  reminderSettings: () => ask(commands.reminderSettings()),
  setReminderSettings: (settings) => ask(commands.setReminderSettings(settings)),
  startsWithSystem: () => ask(commands.startsWithSystem()),
  startWithSystem: (on) => tell(commands.startWithSystem(on)),
  settingsView: () => ask(commands.settingsView()),
  switchEnvironment: (environment) => tell(commands.switchEnvironment(environment)),
  setAddress: (environment, name, value) => ask(commands.setAddress(environment, name, value)),
  chooseArchiveFolder: () => ask(commands.chooseArchiveFolder()),
  changeArchiveFolder: (moveFiles) => ask(commands.changeArchiveFolder(moveFiles)),
  exportData: (withArchive) => ask(commands.exportData(withArchive)),
  supportLog: () => ask(commands.supportLog()),
  saveSupportLog: (text) => ask(commands.saveSupportLog(text)),
  licences: () => ask(commands.licences()),
  setBadge: (count) => tell(commands.setBadge(count)),
  doctorReport: (everywhere) => ask(commands.doctorReport(everywhere)),
  lookForUpdate: () => ask(commands.lookForUpdate()),
  installUpdate: () => ask(commands.installUpdate()),
  onOfficeEvent: (listener, listening) => {
    let stopped = false;
    const stopping = events.officeNews.listen((event) => {
      if (!stopped) listener(event.payload);
    });
    // Without events the window still shows what it asked for; the next command brings the rest.
    stopping.then(listening).catch(() => undefined);
    return () => {
      stopped = true;
      void stopping.then((stop) => {
        stop();
      });
    };
  },
};
