/** What the window asks of the office about drafts and spreadsheets. */
import type {
  CompanyView,
  DraftCode,
  DraftEdit,
  DraftForm,
  DraftView,
  DraftsView,
  ReturnCard,
  SheetMeaning,
  SheetView,
} from "../bindings";

export interface DraftsBackend {
  drafts: () => Promise<DraftsView>;
  /** With the codes of the company's last return, for the period that is due. */
  beginDraft: (orgNumber: string | null) => Promise<DraftView>;
  draft: (id: string) => Promise<DraftView>;
  /** Kept before it is answered; refused when another has changed the draft since this revision. */
  editDraft: (id: string, revision: number, edits: DraftEdit[]) => Promise<DraftView>;
  undoDraft: (id: string, revision: number, again: boolean) => Promise<DraftView>;
  discardDraft: (id: string) => Promise<void>;
  restoreDraft: (id: string) => Promise<DraftView>;
  draftCodes: (id: string) => Promise<DraftCode[]>;
  draftCompanies: () => Promise<CompanyView[]>;
  makeDraft: (id: string) => Promise<ReturnCard>;
  /** A draft of a return that lies open, with what a machine can mend mended. */
  mendCard: (card: string) => Promise<DraftView>;
  /** Without a text, what lies on the clipboard. */
  pasteSheet: (draft: string | null, text: string | null) => Promise<SheetView>;
  /** `null` when nothing was chosen. */
  chooseSheetFile: (draft: string | null) => Promise<SheetView | null>;
  openCardSheet: (card: string) => Promise<SheetView>;
  chooseSheet: (sheet: number, meanings: SheetMeaning[]) => Promise<SheetView>;
  /** Ends with the keys of the drafts that have the lines. */
  useSheet: (draft: string | null, revision: number, replace: boolean, remember: boolean) => Promise<string[]>;
  /** False when no place was chosen. */
  exportDraft: (id: string, form: DraftForm) => Promise<boolean>;
  exportCard: (card: string) => Promise<boolean>;
}
