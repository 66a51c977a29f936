/**
 * An office that is not there: the window over made-up answers, for tests, for pictures and for work in a browser.
 *
 * Commands change the same state that events would, and are written down. What should refuse or wait is said by `will`.
 */
import type {
  ArchiveReport,
  BatchStart,
  BatchView,
  ExportFormat,
  ExportSelection,
  ExportView,
  FilingView,
  HistoryPage,
  HistoryQuery,
  OfficeEvent,
  PeriodChoice,
  Preferences,
  ReturnCard,
  StartView,
  StepName,
  UnfinishedView,
} from "../bindings";
import { Refusal, type Backend } from "../backend/backend";
import type { Command, FakeOptions } from "./options";
import { FakeAccess } from "./accessFake";
import { later } from "./settingsFake";
import * as batchWorld from "./batchWorld";
import * as pastWorld from "./historyWorld";
import * as world from "./world";

export class FakeBackend extends FakeAccess implements Backend {
  /** Every command that was given, with its arguments. */
  readonly calls: [Command, ...unknown[]][] = [];
  private readonly listeners = new Set<(event: OfficeEvent) => void>();
  protected state: StartView;
  protected readonly options: FakeOptions;

  constructor(options: FakeOptions) {
    super();
    this.options = options;
    this.state = options.start;
    this.deliveries = options.books ?? [];
    this.written = options.written ?? [];
    this.list = options.drafts ?? { open: [], discarded: [] };
  }

  /** Tells the window something, as the office would. */
  override emit(event: OfficeEvent): void {
    this.happens(event);
    for (const listener of this.listeners) listener(event);
  }

  /** What the window is not told, as when events were lost on the way. */
  happens(event: OfficeEvent): void {
    if (event.kind === "books") this.deliveries = event.books;
    if (event.kind === "cards") this.state = { ...this.state, cards: event.cards };
    if (event.kind === "batch") this.state = { ...this.state, batch: event.batch };
    if (event.kind === "work") this.state = { ...this.state, work: event.work };
  }

  onOfficeEvent = (listener: (event: OfficeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  protected async given(command: Command, ...args: unknown[]): Promise<void> {
    this.calls.push([command, ...args]);
    await later((this.options.slow ?? 0) * this.calls.length);
    const refusal = this.options.will?.[command];
    if (refusal) throw new Refusal(refusal);
  }

  protected now(): number {
    return this.options.now?.() ?? world.EVENING;
  }

  private cardOf(id: string): ReturnCard {
    const card = this.state.cards.find((known) => known.id === id);
    if (!card) throw new Refusal(world.error("notFound"));
    return card;
  }

  private setCard(card: ReturnCard): ReturnCard {
    const cards = this.state.cards.some(({ id }) => id === card.id)
      ? this.state.cards.map((old) => (old.id === card.id ? card : old))
      : [...this.state.cards, card];
    this.emit({ kind: "cards", cards });
    return card;
  }

  startView = async (): Promise<StartView> => {
    await this.given("startView");
    return this.state;
  };
  uiReady = () => this.given("uiReady");
  setPreferences = async (preferences: Preferences) => {
    await this.given("setPreferences", preferences);
    this.state = { ...this.state, preferences };
  };

  chooseFiles = async () => {
    await this.given("chooseFiles");
    this.setCard(world.card(this.language, { id: `card-${String(this.state.cards.length + 1)}` }));
  };
  chooseFolder = async () => {
    await this.given("chooseFolder");
    this.emit({ kind: "cards", cards: [...this.state.cards, ...batchWorld.batch(this.language)] });
  };
  aimDrops = (card: string | null) => this.given("aimDrops", card);
  openDropped = async (id: string | null, own: boolean) => {
    await this.given("openDropped", id, own);
    if (id === null) return;
    const card = this.cardOf(id);
    this.setCard({ ...card, attachments: [...card.attachments, world.attachment("Bilag.pdf")] });
  };
  chooseAttachments = async (id: string) => {
    await this.given("chooseAttachments", id);
    const card = this.cardOf(id);
    const name = `Bilag ${String(card.attachments.length + 1)}.pdf`;
    return this.setCard({ ...card, attachments: [...card.attachments, world.attachment(name)] });
  };
  openAttachment = (id: string, attachment: string) => this.given("openAttachment", id, attachment);
  detach = async (id: string, attachment: string) => {
    await this.given("detach", id, attachment);
    const card = this.cardOf(id);
    return this.setCard({ ...card, attachments: card.attachments.filter((known) => known.id !== attachment) });
  };
  chooseNewVersion = async (filing: string) => {
    await this.given("chooseNewVersion", filing);
    return this.setCard(
      world.card(this.language, {
        id: `card-${String(this.state.cards.length + 1)}`,
        earlier: world.earlier(this.language, { filing }),
      }),
    );
  };
  openSample = async (id: string) => {
    await this.given("openSample", id);
    const sample = this.state.samples.find((known) => known.id === id);
    return this.setCard(
      world.card(this.language, {
        id: `sample-${id}`,
        fileName: `${id}.xml`,
        content: world.content(this.language, true, { companyName: sample?.company ?? null }),
      }),
    );
  };
  closeCard = async (id: string) => {
    await this.given("closeCard", id);
    this.close([id]);
  };

  check = async (id: string) => {
    await this.given("check", id);
    const card = this.cardOf(id);
    this.setCard({ ...card, check: { ...card.check, running: true, problem: null } });
    await later(this.options.pace ?? 0);
    const check = this.options.verdict?.(card) ?? {
      ...card.check,
      running: false,
      problem: null,
      authorityAt: new Date(this.now()).toISOString(),
    };
    return this.setCard({ ...card, check });
  };

  card = async (id: string) => {
    await this.given("card", id);
    const card = this.cardOf(id);
    const whole = card.content && { ...card.content, groups: world.content(this.language).groups };
    // As the office: the list names the version that was delivered before, only the opened card compares with it.
    const before = card.notes.find(({ kind }) => kind === "filedBefore");
    const earlier = before ? world.earlier(this.language) : card.earlier;
    return { ...card, brief: false, content: whole, earlier };
  };
  private stops = 0;
  checkAll = async (ids: string[]) => {
    await this.given("checkAll", ids);
    const wish = this.stops;
    for (const id of ids) if (this.stops === wish) await this.check(id);
  };
  stopChecking = async () => {
    await this.given("stopChecking");
    this.stops += 1;
  };
  closeCards = async (ids: string[]) => {
    await this.given("closeCards", ids);
    this.close(ids);
  };
  private closed: ReturnCard[] = [];
  private close(ids: string[]): void {
    this.closed = this.state.cards.filter(({ id }) => ids.includes(id));
    this.emit({ kind: "cards", cards: this.state.cards.filter(({ id }) => !ids.includes(id)) });
  }
  reopenCards = async () => {
    await this.given("reopenCards");
    this.emit({ kind: "cards", cards: [...this.state.cards, ...this.closed] });
    this.closed = [];
  };
  showSaved = () => this.given("showSaved");

  private setBatch(change: Partial<BatchView>): BatchView {
    const states = this.state.cards.map(({ filing }) => filing?.row.state).filter((state) => state !== undefined);
    const count = (...wanted: (typeof states)[number][]) => states.filter((state) => wanted.includes(state)).length;
    const batch: BatchView = {
      ...(this.state.batch ?? batchWorld.batchView()),
      total: states.length,
      queued: count("queued"),
      running: count("running"),
      answering: count("waitingAnswer"),
      received: count("received"),
      rejected: count("rejected"),
      unclear: count("unclear"),
      waiting: count("waiting", "waitingSignature"),
      refused: count("refused"),
      cancelled: count("abandoned"),
      ...change,
    };
    this.emit({ kind: "batch", batch });
    return batch;
  }
  startBatch = async (ids: string[]): Promise<BatchStart> => {
    await this.given("startBatch", ids);
    const queue = ids.map((id) => this.cardOf(id));
    for (const card of queue) this.setCard({ ...card, filing: this.filingOf(card, "queued") });
    const batch = this.setBatch({ state: "running" });
    void this.runBatch();
    return { batch, leftOut: [] };
  };
  private filingOf(card: ReturnCard, state: FilingView["row"]["state"]): FilingView {
    const { orgNumber, companyName, period, kind, assessedVat } = card.content ?? world.content(this.language);
    return world.filing(
      state,
      { id: `filing-${card.id}` },
      { id: `filing-${card.id}`, orgNumber, companyName, period, kind, assessedVat },
    );
  }
  private async runBatch(): Promise<void> {
    const { pace } = this.options;
    if (pace === null || pace === undefined) return;
    for (;;) {
      const card = this.state.cards.find(({ filing }) => filing?.row.state === "queued");
      if (this.state.batch?.state !== "running") return;
      if (!card) break;
      for (const state of ["running", "waitingAnswer", "received"] as const) {
        this.setCard({ ...card, filing: this.filingOf(card, state) });
        this.setBatch({});
        await later(pace);
      }
    }
    this.setBatch({ state: "done" });
  }
  pauseBatch = async () => {
    await this.given("pauseBatch");
    return this.setBatch({ state: "paused" });
  };
  continueBatch = async () => {
    await this.given("continueBatch");
    const batch = this.setBatch({ state: "running", problem: null });
    void this.runBatch();
    return batch;
  };
  cancelBatch = async () => {
    await this.given("cancelBatch");
    for (const card of this.state.cards) {
      if (card.filing?.row.state === "queued") this.setCard({ ...card, filing: this.filingOf(card, "abandoned") });
    }
    return this.setBatch({ state: "done" });
  };
  closeBatch = async () => {
    await this.given("closeBatch");
    this.emit({ kind: "batch", batch: null });
  };
  exportBatch = async (name: string): Promise<string | null> => {
    await this.given("exportBatch", name);
    return `/home/ingrid/Dokumenter/${name}`;
  };

  file = async (id: string, confirmCorrection: boolean) => {
    await this.given("file", id, confirmCorrection);
    const card = this.cardOf(id);
    if (card.content === null) throw new Refusal(world.error("notChecked"));
    const { orgNumber, companyName, period, kind, assessedVat } = card.content;
    const row = { id: `filing-${id}`, orgNumber, companyName, period, kind, assessedVat };
    const at = (now: StepName | null) => {
      const state = now === null ? "received" : now === "feedback" || now === "archive" ? "waitingAnswer" : "running";
      return world.filing(state, { id: row.id, steps: world.steps(now, "running", card.attachments.length > 0) }, row);
    };
    const begun = at("instance");
    this.setCard({ ...card, filing: begun });
    void this.walk(card, at);
    return begun;
  };
  private async walk(card: ReturnCard, at: (step: StepName | null) => FilingView): Promise<void> {
    const { pace } = this.options;
    if (pace === null || pace === undefined) return;
    const passed = world.allSteps.filter((step) => step !== "attachments" || card.attachments.length > 0);
    for (const step of [...passed.slice(1), null]) {
      await later(pace);
      const filing = at(step);
      this.setCard({ ...card, filing });
      this.emit({ kind: "filing", filing });
    }
  }
  continueFiling = async (id: string) => {
    await this.given("continueFiling", id);
    return this.moved(id, (old) => ({ ...old, problem: null, row: { ...old.row, state: "running" } }));
  };
  cancelFiling = async (id: string) => {
    await this.given("cancelFiling", id);
    return this.moved(id, (old) => ({
      ...old,
      canCancel: false,
      problem: null,
      row: { ...old.row, state: "abandoned" },
    }));
  };
  private moved(id: string, move: (old: FilingView) => FilingView): FilingView {
    const card = this.state.cards.find((known) => known.filing?.id === id);
    const filing = move(
      card?.filing ?? this.options.filings?.find((known) => known.id === id) ?? world.filing("waiting"),
    );
    if (card) this.setCard({ ...card, filing });
    return filing;
  }

  history = async (query: HistoryQuery): Promise<HistoryPage> => {
    await this.given("history", query);
    const length = this.options.historyLength ?? 40;
    const text = query.text.toLowerCase();
    const plain = text === "" && query.state === null && query.period === null;
    const all = plain
      ? null
      : Array.from({ length }, (_, index) => pastWorld.historyRow(this.language, index)).filter(
          (row) =>
            (query.state === null || row.state === query.state) &&
            pastWorld.isOf(this.language, row, query.period) &&
            [row.companyName ?? "", row.orgNumber, row.kid ?? "", row.assessedVat].some((field) =>
              field.toLowerCase().includes(text),
            ),
        );
    if (all) return { rows: all.slice(query.offset, query.offset + query.limit), total: all.length };
    const rows = Math.max(0, Math.min(query.limit, length - query.offset));
    return {
      rows: Array.from({ length: rows }, (_, index) => pastWorld.historyRow(this.language, query.offset + index)),
      total: length,
    };
  };
  filing = async (id: string): Promise<FilingView> => {
    await this.given("filing", id);
    const known =
      this.options.filings?.find((filing) => filing.id === id) ??
      this.state.cards.find((card) => card.filing?.id === id)?.filing;
    if (known) return known;
    const listed =
      this.state.recent.find((row) => row.id === id) ?? pastWorld.historyRow(this.language, Number(id.slice(1)) || 0);
    return world.filing(listed.state, { id }, listed);
  };
  unfinished = async (orgNumber: string): Promise<UnfinishedView[]> => {
    await this.given("unfinished", orgNumber);
    return (this.options.unfinished ?? []).filter((known) => known.orgNumber === orgNumber);
  };
  continueUnfinished = async (instance: string) => {
    await this.given("continueUnfinished", instance);
    return this.setCard(world.card(this.language, { id: `card-${String(this.state.cards.length + 1)}`, instance }));
  };
  deleteUnfinished = async (instance: string) => {
    await this.given("deleteUnfinished", instance);
    this.options.unfinished = this.options.unfinished?.filter((known) => known.instance !== instance) ?? [];
  };
  fetchReceiptAgain = async (id: string) => {
    await this.given("fetchReceiptAgain", id);
    return this.moved(id, (old) => ({ ...old, hasReceipt: true }));
  };
  openReceipt = (id: string) => this.given("openReceipt", id);
  showArchive = (id: string) => this.given("showArchive", id);
  historyPeriods = async (): Promise<PeriodChoice[]> => {
    await this.given("historyPeriods");
    return pastWorld.periods(this.language);
  };
  openArchived = (id: string, name: string) => this.given("openArchived", id, name);
  exportHistory = async (selection: ExportSelection, format: ExportFormat, name: string): Promise<ExportView> => {
    await this.given("exportHistory", selection, format, name);
    const filings = selection.kind === "filings" ? selection.ids.length : (this.options.historyLength ?? 40);
    const withoutFolder = format === "zip" && selection.kind === "found" ? 3 : 0;
    const path = `/home/ingrid/Dokumenter/${name}.${format}`;
    return { path, filings: filings - withoutFolder, withoutFolder, leftOut: withoutFolder && 1 };
  };
  verifyArchive = async (): Promise<ArchiveReport> => {
    await this.given("verifyArchive");
    return this.options.archive ?? { folders: 2318, files: 18_544, complaints: [] };
  };
  historyFromArchive = async (): Promise<number> => {
    await this.given("historyFromArchive");
    return 12;
  };
  fileWithoutAltinn = async (id: string) => {
    await this.given("fileWithoutAltinn", id);
  };
  goWithoutRegister = async (id: string) => {
    await this.given("goWithoutRegister", id);
  };
}
