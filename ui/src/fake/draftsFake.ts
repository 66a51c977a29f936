/** Drafts of an office that is not there. What an office computes is not computed again here: it stands ready in the world. */
import type {
  DraftEdit,
  DraftForm,
  DraftRow,
  DraftView,
  DraftsView,
  ReturnCard,
  SheetDecimals,
  SheetInto,
  SheetMeaning,
} from "../bindings";
import { Refusal } from "../backend/backend";
import { FakeBooks } from "./booksFake";
import * as world from "./draftsWorld";
import * as office from "./world";

export abstract class FakeDrafts extends FakeBooks {
  protected written: DraftView[] = [];
  protected list: DraftsView = { open: [], discarded: [] };

  private find(id: string): DraftView {
    const found = this.written.find((it) => it.id === id);
    if (!found) throw new Refusal(office.error("notFound"));
    return found;
  }

  private put(view: DraftView): DraftView {
    this.written = [...this.written.filter(({ id }) => id !== view.id), view];
    return view;
  }

  drafts = () => Promise.resolve(this.list);
  beginDraft = async (orgNumber: string | null) => {
    await this.given("beginDraft", orgNumber);
    const view = world.empty({ id: "draft-new", ...(orgNumber === null ? noCompany : {}) });
    this.list = { ...this.list, open: [world.row({ id: view.id, empty: true, sum: "0" }), ...this.list.open] };
    return this.put(view);
  };
  draft = async (id: string) => {
    await this.given("draft", id);
    return this.find(id);
  };
  editDraft = async (id: string, revision: number, edits: DraftEdit[]) => {
    await this.given("editDraft", id, revision, edits);
    return this.put(edits.reduce(after, { ...this.find(id), revision: revision + 1 }));
  };
  undoDraft = async (id: string, revision: number, again: boolean) => {
    await this.given("undoDraft", id, revision, again);
    return this.put({ ...this.find(id), revision: revision + 1 });
  };
  discardDraft = async (id: string) => {
    await this.given("discardDraft", id);
    const row = this.list.open.find((it) => it.id === id);
    this.list = {
      open: this.list.open.filter((it) => it.id !== id),
      discarded: row ? [{ ...row, keptUntil: "2026-07-09" } satisfies DraftRow, ...this.list.discarded] : [],
    };
  };
  restoreDraft = async (id: string) => {
    await this.given("restoreDraft", id);
    const row = this.list.discarded.find((it) => it.id === id);
    this.list = {
      open: row ? [{ ...row, keptUntil: null }, ...this.list.open] : this.list.open,
      discarded: this.list.discarded.filter((it) => it.id !== id),
    };
    return this.put(world.draft({ id }));
  };
  draftCodes = async (id: string) => {
    await this.given("draftCodes", id);
    return world.codes;
  };
  draftCompanies = async () => {
    await this.given("draftCompanies");
    return office.ingrid.companies;
  };
  findCompanies = async (words: string) => {
    await this.given("findCompanies", words);
    return world.register.filter(
      ({ name, orgNumber }) => orgNumber === words.replace(/\s/g, "") || name.includes(words.toUpperCase()),
    );
  };
  makeDraft = async (id: string): Promise<ReturnCard> => {
    await this.given("makeDraft", id);
    return office.card("nb", { id: id.startsWith("d-") ? `card-${id}` : "card-draft", draft: id });
  };
  mendCard = async (card: string) => {
    await this.given("mendCard", card);
    return this.put(world.mended());
  };
  attachToDraft = async (id: string) => {
    await this.given("attachToDraft", id);
    const view = this.find(id);
    const file = {
      id: `file-${String(view.attachments.length)}`,
      name: "faktura 1.pdf",
      size: 48_200,
      ending: "pdf",
      problem: null,
    };
    return this.put({ ...view, attachments: [...view.attachments, file] });
  };
  detachFromDraft = async (id: string, attachment: string) => {
    await this.given("detachFromDraft", id, attachment);
    const view = this.find(id);
    return this.put({ ...view, attachments: view.attachments.filter((it) => it.id !== attachment) });
  };
  pasteSheet = async (draft: string | null, text: string | null) => {
    await this.given("pasteSheet", draft, text);
    return world.sheet();
  };
  chooseSheetFile = async (draft: string | null) => {
    await this.given("chooseSheetFile", draft);
    const there = this.written.some(({ id }) => id === world.there.id) ? { drafts: world.besideAnother } : {};
    return world.sheet({ file: "mva-2026.xlsx", sheets: ["Mars–april", "Oversikt"], hidden: ["Bilag"], ...there });
  };
  openCardSheet = async (card: string) => {
    await this.given("openCardSheet", card);
    return world.sheet({ file: "mva-2026.xlsx" });
  };
  chooseSheet = async (sheet: number, meanings: SheetMeaning[], decimals: SheetDecimals | null) => {
    await this.given("chooseSheet", sheet, meanings, decimals);
    const known = world.sheet({ sheet, decimals });
    return { ...known, columns: known.columns.map((it, at) => ({ ...it, meaning: meanings[at] ?? it.meaning })) };
  };
  useSheet = async (draft: string | null, revision: number, into: SheetInto[], replace: boolean, remember: boolean) => {
    await this.given("useSheet", draft, revision, into, replace, remember);
    const id = draft ?? into[0]?.id ?? "draft-1";
    this.put(world.draft({ id, revision: revision + 1 }));
    return [id];
  };
  exportDraft = async (id: string, form: DraftForm) => {
    await this.given("exportDraft", id, form);
    return true;
  };
  exportCard = async (card: string) => {
    await this.given("exportCard", card);
    return true;
  };
}

const noCompany: Partial<DraftView> = { orgNumber: null, companyName: null, companyKnown: false, findings: [] };

/** As much of a change as a test sees: which line, which field; the figures are not worked out. */
function after(view: DraftView, edit: DraftEdit): DraftView {
  switch (edit.kind) {
    case "company":
      return { ...view, orgNumber: edit.text, companyName: "Fjordlys Interiør AS", companyKnown: true };
    case "period":
      return { ...view, period: edit.key };
    case "category":
      return { ...view, category: edit.category };
    case "clear":
      return { ...view, groups: [], empty: true, sum: "0", findings: [] };
    case "remark":
      return { ...view, findings: view.findings.filter(({ field }) => field !== "remark") };
    case "add": {
      const line = world.line(90, edit.code, { description: edit.code ?? "" });
      return { ...view, groups: [...view.groups, { title: "Kjøp av tjenester fra utlandet", lines: [line] }] };
    }
    case "remove":
      return {
        ...view,
        groups: view.groups.map((it) => ({ ...it, lines: it.lines.filter(({ id }) => id !== edit.line) })),
      };
    case "type":
      return {
        ...view,
        empty: false,
        groups: view.groups.map((group) => ({
          ...group,
          lines: group.lines.map((line) =>
            line.id === edit.line && edit.field === "base"
              ? { ...line, base: { amount: edit.text, text: null } }
              : line,
          ),
        })),
      };
    case "duplicate":
    case "kid":
      return view;
  }
}
