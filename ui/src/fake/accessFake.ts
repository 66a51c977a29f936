/** Sign-in, the work account, integrations and authorizations of an office that is not there. */
import type {
  AccessView,
  EnvironmentName,
  GuideRequest,
  IntegrationForm,
  KeyringState,
  SavedIntegration,
  SignInOutcome,
  WorkView,
} from "../bindings";
import { FakeSettings } from "./settingsFake";
import * as accessWorld from "./accessWorld";
import * as work from "./workWorld";
import * as world from "./world";

export abstract class FakeAccess extends FakeSettings {
  protected abstract now(): number;
  private endSignIn: ((outcome: SignInOutcome) => void) | undefined;

  signIn = async (asAnother: boolean): Promise<SignInOutcome> => {
    await this.given("signIn", asAnother);
    return this.signInAs();
  };
  private async signInAs(): Promise<SignInOutcome> {
    const how = this.options.signIn ?? { kind: "signedIn", session: world.ingrid };
    if (how !== "wait") return this.signedIn(how);
    this.emit({
      kind: "signIn",
      signIn: {
        givesUpAt: new Date(this.now() + 252_000).toISOString(),
        browserOpened: this.options.browserOpened ?? true,
        another: null,
      },
    });
    const outcome = await new Promise<SignInOutcome>((end) => {
      this.endSignIn = end;
    });
    this.emit({ kind: "signIn", signIn: null });
    return this.signedIn(outcome);
  }
  private signedIn(outcome: SignInOutcome): SignInOutcome {
    if (outcome.kind === "signedIn") this.state = { ...this.state, session: outcome.session };
    return outcome;
  }
  /** Ends a sign-in that waits, as the browser would. */
  finishSignIn(outcome: SignInOutcome): void {
    this.endSignIn?.(outcome);
  }
  cancelSignIn = async () => {
    await this.given("cancelSignIn");
    this.endSignIn?.({ kind: "cancelled" });
  };
  reopenBrowser = () => this.given("reopenBrowser");
  answerWhoCame = (right: boolean) => this.given("answerWhoCame", right);
  private work(change: WorkView): WorkView {
    this.emit({ kind: "work", work: change });
    return change;
  }
  workSignIn = async () => {
    await this.given("workSignIn");
    return this.work(this.options.workEnds ?? work.open(this.language));
  };
  cancelWorkSignIn = async () => {
    await this.given("cancelWorkSignIn");
    this.work(work.locked(this.language));
  };
  reopenWorkBrowser = () => this.given("reopenWorkBrowser");
  workSignInLink = async () => {
    await this.given("workSignInLink");
    return "http://127.0.0.1:41235/authorize?request_uri=urn:ietf:params:oauth:request_uri:made-up";
  };
  private withWorkClient() {
    const { work: now } = this.state;
    if (!now?.client) return;
    this.work({ ...now, problem: null, client: { ...now.client, secret: "kept", open: false } });
  }
  setWorkSecret = async (secret: string) => {
    await this.given("setWorkSecret", secret);
    this.withWorkClient();
  };
  makeWorkKey = async () => {
    await this.given("makeWorkKey");
    this.withWorkClient();
    return '{"kty":"RSA","kid":"new"}';
  };
  chooseWorkKey = async () => {
    await this.given("chooseWorkKey");
    this.withWorkClient();
    return '{"kty":"RSA","kid":"from-file"}';
  };
  lockWork = async () => {
    await this.given("lockWork");
    this.work(work.locked(this.language));
  };
  workActive = () => this.given("workActive");
  importWorkPolicy = async () => {
    await this.given("importWorkPolicy");
    this.work(work.locked(this.language));
    return true;
  };
  showWorkGuide = () => this.given("showWorkGuide");
  signInLink = async () => {
    await this.given("signInLink");
    return "http://127.0.0.1:41234/authorize?client_id=momsbud-practice";
  };
  unlockKeyring = async (): Promise<KeyringState> => {
    await this.given("unlockKeyring");
    this.state = { ...this.state, keyring: "available" };
    this.emit({ kind: "machine", keyring: "available", clockOffMinutes: this.state.clockOffMinutes });
    return "available";
  };
  signOut = async () => {
    await this.given("signOut");
    this.state = { ...this.state, session: null };
    this.emit({ kind: "session", session: null });
  };

  access = async () => {
    await this.given("access");
    return this.accessView;
  };
  private get accessView(): AccessView {
    return this.options.access ?? accessWorld.access;
  }
  signInThrough = async (integration: string, asAnother: boolean): Promise<SignInOutcome> => {
    await this.given("signInThrough", integration, asAnother);
    return this.signInAs();
  };
  forgetAuthorization = async (id: string) => {
    await this.given("forgetAuthorization", id);
    const old = this.accessView;
    this.options.access = { ...old, authorizations: old.authorizations.filter((row) => row.id !== id) };
    if (this.state.session?.authorizationId === id) {
      this.state = { ...this.state, session: null };
      this.emit({ kind: "session", session: null });
    }
  };
  integrationForm = async (environment: EnvironmentName, id: string | null, guide: GuideRequest | null) => {
    await this.given("integrationForm", environment, id, guide);
    const row = this.accessView.integrations.find((known) => known.environment === environment && known.id === id);
    return this.options.form ?? row?.settings ?? accessWorld.form();
  };
  saveIntegration = async (
    environment: EnvironmentName,
    id: string | null,
    form: IntegrationForm,
  ): Promise<SavedIntegration> => {
    await this.given("saveIntegration", environment, id, form);
    const { faults } = this.options;
    if (faults) return { kind: "faulty", faults };
    const known = this.accessView.integrations;
    const key = id ?? "1111222233334444";
    const before = known.find((row) => row.environment === environment && row.id === key);
    const [template] = accessWorld.access.integrations;
    const base = before ?? template;
    if (base) {
      const row = {
        ...base,
        id: key,
        environment,
        source: "own" as const,
        chosen: before?.chosen ?? false,
        settings: form,
      };
      const others = known.filter((other) => other !== before);
      this.options.access = { ...this.accessView, integrations: [...others, row] };
    }
    return { kind: "saved", id: key };
  };
  removeIntegration = async (environment: EnvironmentName, id: string) => {
    await this.given("removeIntegration", environment, id);
    const old = this.accessView;
    this.options.access = { ...old, integrations: old.integrations.filter((row) => row.id !== id) };
  };
  chooseIntegration = async (environment: EnvironmentName, id: string) => {
    await this.given("chooseIntegration", environment, id);
    const old = this.accessView;
    this.options.access = { ...old, integrations: old.integrations.map((row) => ({ ...row, chosen: row.id === id })) };
  };
  setClientSecret = (environment: EnvironmentName, id: string, secret: string) =>
    this.given("setClientSecret", environment, id, secret);
  makeClientKey = async (environment: EnvironmentName, id: string) => {
    await this.given("makeClientKey", environment, id);
    return '{"kty":"RSA","kid":"new"}';
  };
  chooseClientKey = async (environment: EnvironmentName, id: string) => {
    await this.given("chooseClientKey", environment, id);
    return '{"kty":"RSA","kid":"from-file"}';
  };
  exportIntegration = async (environment: EnvironmentName, id: string) => {
    await this.given("exportIntegration", environment, id);
    return true;
  };
  importIntegration = async (): Promise<[EnvironmentName, string] | null> => {
    await this.given("importIntegration");
    return null;
  };
  guide = async (request: GuideRequest) => {
    await this.given("guide", request);
    return accessWorld.guide(this.language, request);
  };
  checkIntegration = async (environment: EnvironmentName, id: string, signIn: boolean) => {
    await this.given("checkIntegration", environment, id, signIn);
    const first = this.options.selfCheck ?? accessWorld.checkInOrder;
    return signIn ? (this.options.selfCheckSignedIn ?? accessWorld.checkInOrder) : first;
  };
}
