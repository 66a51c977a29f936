/** The real shell, over the generated bindings. */
import { commands, events, type ErrorView } from "../bindings";
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

export const tauriBackend: Backend = {
  startView: () => ask(commands.startView()),
  uiReady: () => tell(commands.uiReady()),
  setPreferences: (preferences) => tell(commands.setPreferences(preferences)),
  signIn: (asAnother) => ask(commands.signIn(asAnother)),
  cancelSignIn: () => tell(commands.cancelSignIn()),
  reopenBrowser: () => tell(commands.reopenBrowser()),
  signInLink: () => ask(commands.signInLink()),
  signOut: () => tell(commands.signOut()),
  chooseFiles: () => tell(commands.chooseFiles()),
  chooseFolder: () => tell(commands.chooseFolder()),
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
  fetchReceiptAgain: (id) => ask(commands.fetchReceiptAgain(id)),
  openReceipt: (id) => tell(commands.openReceipt(id)),
  showArchive: (id) => tell(commands.showArchive(id)),
  copyText: (text) => tell(commands.copyText(text)),
  onOfficeEvent: (listener) => {
    let stopped = false;
    const stopping = events.officeNews.listen((event) => {
      if (!stopped) listener(event.payload);
    });
    return () => {
      stopped = true;
      void stopping.then((stop) => {
        stop();
      });
    };
  },
};
