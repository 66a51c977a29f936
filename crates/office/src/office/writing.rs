//! Drafts in the window: begun with what is known of the company, written field by field, made into a card.
//!
//! Every change is kept in the database before it is answered. What is kept here besides is only what can be undone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ::drafts::{Draft, Edit, Field, LineId, Missing, Note, Origin, Told, Undo};
use access::work::rights::Action;
use filing::{
    draft_making,
    draft_making::{MENDED, ORIGINAL, Original},
    draft_store::{self, DraftStoreError, StoredDraft},
    engine::Listener as _,
    filings::Filing,
};
use jiff::civil::Date;
use reminders::deadlines;
use shown::{NameKey, Shown};
use vat_return::{Category, Language, OrgNumber, Period, PeriodKind, VatReturn, mend};
use view::{
    CompanyView, DraftChange, DraftCode, DraftEdit, DraftFieldName, DraftFiled, DraftRow, DraftView, DraftsView,
    ErrorCode, ReturnCard,
    ids::DraftId,
    problem::{self, Problem},
    texts::{kroner, moment, norwegian_date},
};

use super::returns::card_key;
use super::{
    drafts::{FoundDraft, company_of},
    earlier_returns,
    gate::{Gate, Permit},
    parts::Drafting,
};
use crate::{
    cards::{Card, OfDraft, ReadFile},
    draft_view::{self, Known},
};

/// Drafts whose changes can be undone: those written last. Of more of them only the text remains, which is kept anyway.
const UNDO_STEPS: usize = 16;

/// What can be undone, draft by draft.
#[derive(Debug, Default)]
pub(super) struct Writing {
    drafts: HashMap<DraftId, Changes>,
    turn: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Changes {
    pub(super) revision: u32,
    pub(super) undo: Undo,
    /// The field that was typed in last: what is typed there next is the same change.
    pub(super) field: Option<(u32, DraftFieldName)>,
    turn: u64,
}

impl Writing {
    /// The changes to this revision; none of those before it, where another program has written meanwhile.
    pub(super) fn of(&self, stored: &StoredDraft) -> Changes {
        let fresh =
            || Changes { revision: stored.revision, undo: Undo::new(stored.draft.clone()), field: None, turn: 0 };
        self.drafts.get(&stored.id).filter(|it| it.revision == stored.revision).cloned().unwrap_or_else(fresh)
    }

    pub(super) fn set_changes(&mut self, id: &DraftId, changes: Changes) {
        self.turn += 1;
        self.drafts.insert(id.clone(), Changes { turn: self.turn, ..changes });
        if self.drafts.len() > UNDO_STEPS
            && let Some(oldest) = self.drafts.iter().min_by_key(|(_, it)| it.turn).map(|(id, _)| id.clone())
        {
            self.drafts.remove(&oldest);
        }
    }
}

impl Drafting<'_> {
    /// The drafts, open and in the wastebasket. Those whose return has been delivered are put away first.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn overview(self) -> Result<DraftsView, Problem> {
        let permit = self.0.may(Action::Drafts, None)?;
        let (names, today, language) = (permit.desk.known_names(), permit.today(), permit.desk.language());
        let rows = |discarded: bool| -> Result<Vec<DraftRow>, Problem> {
            let drafts = permit.drafts_seen(discarded)?;
            let lying: HashMap<DraftId, String> = {
                let cards = permit.desk.cards();
                cards.iter().filter_map(|card| Some((draft_of(card)?, card.id.to_string()))).collect()
            };
            let row = |stored: &StoredDraft| {
                let company = names.get(stored.draft.org_number.as_str()).cloned();
                let card = lying.get(&stored.id).cloned();
                draft_view::row(stored, company, card, today, language)
            };
            Ok(drafts.iter().map(row).collect())
        };
        Ok(DraftsView { open: rows(false)?, discarded: rows(true)? })
    }

    /// Begins a draft: with the codes of the company's last return, for the period that is due. Without a company, for the
    /// only one that the person may file for.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn begin(self, org_number: Option<&str>) -> Result<DraftView, Problem> {
        let companies = self.0.may(Action::ChangeDraft, None)?.desk.companies();
        let only = || if companies.len() == 1 { companies.keys().next().cloned() } else { None };
        let org_number = org_number.map(str::to_owned).or_else(only).unwrap_or_default();
        let company = (!org_number.is_empty()).then_some(org_number.as_str());
        let permit = self.0.may(Action::ChangeDraft, company)?;
        let draft = permit.proposed(&org_number)?;
        let stored = permit.add_draft(&draft)?;
        permit.draft_view_of(&stored, Vec::new())
    }

    /// A draft as it is written.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn view(self, id: &str) -> Result<DraftView, Problem> {
        let (permit, FoundDraft { stored, .. }) = self.0.draft(id, Action::Drafts)?;
        permit.draft_view_of(&stored, Vec::new())
    }

    /// Makes changes to a revision of a draft, all or none, and keeps them.
    ///
    /// # Errors
    /// `NotFound`, `DraftChangedElsewhere`, the database, or the work account.
    pub fn edit(self, id: &str, revision: u32, edits: &[DraftEdit]) -> Result<DraftView, Problem> {
        let (permit, found) = self.0.revision(id, revision)?;
        let mut changes = permit.writing().of(&found.stored);
        let field = match edits {
            [DraftEdit::Type { line, field, .. }] => Some((*line, *field)),
            _ => None,
        };
        // What is typed on in one field is one change.
        if field.is_some() && changes.field == field {
            changes.undo.undo();
        }
        let mut next = changes.undo.draft().clone();
        let mut told = Vec::new();
        for edit in edits {
            permit.apply(&mut next, edit, &mut told)?;
        }
        changes.field = field.filter(|_| next != *changes.undo.draft());
        changes.undo.replace(next);
        permit.set_changes(&found, changes, told)
    }

    /// Takes the last change back, or makes it again.
    ///
    /// # Errors
    /// As [`Drafting::edit`].
    pub fn undo(self, id: &str, revision: u32, again: bool) -> Result<DraftView, Problem> {
        let (permit, found) = self.0.revision(id, revision)?;
        let mut changes = permit.writing().of(&found.stored);
        let changed = if again { changes.undo.redo() } else { changes.undo.undo() };
        changes.field = None;
        if changed {
            permit.set_changes(&found, changes, Vec::new())
        } else {
            permit.draft_view_of(&found.stored, Vec::new())
        }
    }

    /// Takes a draft back out of the wastebasket, to be written on.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn take_back(self, id: &str) -> Result<DraftView, Problem> {
        let (permit, found) = self.0.draft(id, Action::ChangeDraft)?;
        let stored = permit.restore_draft(&found.key)?;
        if found.stored.filed {
            permit.desk.db.write(|tx| draft_making::note_made(tx, &stored.id, None))?;
        }
        permit.draft_view_of(&stored, Vec::new())
    }

    /// The codes that a draft may use.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn codes(self, id: &str) -> Result<Vec<DraftCode>, Problem> {
        let (permit, found) = self.0.draft(id, Action::Drafts)?;
        Ok(draft_view::codes(&found.stored.draft, permit.desk.language()))
    }

    /// The companies that a draft may be for: those the person may file for, those that are followed, and those whose names
    /// are known from before.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn companies(self) -> Result<Vec<CompanyView>, Problem> {
        let permit = self.0.may(Action::Drafts, None)?;
        let desk = &permit.desk;
        let mut names = desk.known_names();
        for duty in desk.db.read(|db| deadlines::load(db, desk.environment))? {
            let number = duty.org_number.to_string();
            names.entry(number.clone()).or_insert(duty.company.unwrap_or(number));
        }
        let seen = names.into_iter().filter(|(number, _)| desk.work.sees(number));
        let mut companies: Vec<CompanyView> = seen.map(|(org_number, name)| CompanyView { org_number, name }).collect();
        companies.sort_by_cached_key(|company| (NameKey::of(&company.name), company.org_number.clone()));
        Ok(companies)
    }

    /// Makes the return of a draft: an ordinary card, read back from what will be sent. A file as it was dropped is laid
    /// open as it was.
    ///
    /// # Errors
    /// `NotFound`, `NotChecked` while something is missing, the database, or the work account.
    pub async fn make_return(self, id: &str) -> Result<ReturnCard, Problem> {
        let (permit, found) = self.0.draft(id, Action::MakeReturn)?;
        let (desk, stored) = (&permit.desk, &found.stored);
        if let Some((file, bytes)) = permit.dropped_file(stored)? {
            return permit.reopen_draft(&found, file, bytes);
        }
        let mut draft = stored.draft.clone();
        if draft.reference.is_empty() {
            draft.reference = stored.id.to_string().into();
        }
        let made = draft.made().map_err(|missing| not_made(&missing))?;
        let language = desk.language();
        let file_name = file_name(&draft);
        {
            let mut cards = desk.cards();
            let hers = |card: &Card| card.draft.as_ref().is_some_and(|it| it.id == stored.id);
            drop(cards.take(|card| hers(card) && card.filing.is_none()));
        }
        let company = desk.company_name(&draft.org_number, &desk.companies());
        let documents = permit.documents(stored, language)?;
        let (origin, files) = (permit.books_of(stored)?, permit.files_of(&found.key)?);
        let found = ReadFile::a_return(file_name, company, made.xml.into_bytes().into());
        let opened = permit.add_cards(vec![found]).into_iter().next();
        let card = opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The return could not be opened."))?;
        let of = OfDraft { id: stored.id.clone(), revision: stored.revision, documents };
        let key = card_key(&card.id)?;
        permit.change_card(&key, |card| {
            card.draft = Some(Arc::new(of));
            card.origin = origin;
            card.attachments = files;
        });
        let content = permit.card(&key)?.content?;
        let made = Some((content.sha256.as_str(), stored.revision));
        desk.db.write(|tx| draft_making::note_made(tx, &stored.id, made))?;
        Ok(desk.one_card_view(&permit.card(&key)?))
    }

    /// Makes a draft of a return that lies open, with what a machine can mend of it mended. The card goes; its file is kept
    /// with the draft, byte for byte.
    ///
    /// # Errors
    /// `NotFound`, why its file is no return, the database, or the work account.
    pub fn mend_card(self, id: &str) -> Result<DraftView, Problem> {
        let (permit, card) = self.0.card_for(id, Action::ChangeDraft)?;
        if let Some(of) = &card.draft {
            return self.view(&of.id.to_string());
        }
        let bytes = match &card.content {
            Ok(content) => content.bytes.clone(),
            Err(refused) => card.raw.clone().ok_or_else(|| refused.clone())?,
        };
        let mended = mend::mend(&bytes).map_err(|why| problem::of(ErrorCode::NotAReturn, &why))?;
        let read = vat_return::read(&mended.bytes).map_err(|why| problem::of(ErrorCode::SchemaInvalid, &why))?;
        let origin = Origin::Return { file: Some(card.file_name.clone()), sha256: store::digest::sha256(&bytes) };
        let draft = Draft::of_return(&read, origin);
        let stored = permit.mended(&card, draft)?;
        let change = |it: &mend::Change| DraftChange {
            kind: it.kind.word().to_owned(),
            element: it.element.clone(),
            vat_code: it.vat_code.clone(),
            before: it.before.clone(),
            after: it.after.clone(),
            xml_line: it.at.line,
        };
        let original = Original { bytes: bytes.to_vec(), changes: mended.changes.iter().map(change).collect() };
        permit.desk.db.write(|tx| draft_making::store_original(tx, &stored.id, &original))?;
        let closed = permit.desk.cards().remove(&card.id);
        for attachment in closed.iter().flat_map(|card| &card.attachments) {
            if let Ok(kept) = &attachment.content {
                permit.attachments.discard(kept);
            }
        }
        permit.desk.publish_cards();
        permit.draft_view_of(&stored, Vec::new())
    }
}

impl<'a> Gate<'a> {
    /// The draft, to be changed, if this is still its revision.
    pub(super) fn revision(self, id: &str, revision: u32) -> Result<(Permit<'a>, FoundDraft), Problem> {
        let (permit, found) = self.draft(id, Action::ChangeDraft)?;
        if found.stored.discarded.is_some() {
            return Err(DraftStoreError::Gone.into());
        }
        if found.stored.revision == revision {
            Ok((permit, found))
        } else {
            Err(DraftStoreError::ChangedElsewhere.into())
        }
    }
}

impl Permit<'_> {
    /// The draft that a card is kept as, now to be written; else a new one. What goes with the card goes with it.
    fn mended(self, card: &Card, mut draft: Draft) -> Result<StoredDraft, Problem> {
        let desk = &self.desk;
        let known = match &card.kept {
            Some(key) => desk.db.read(|db| draft_store::get(db, desk.environment, key))?.map(|it| (key.clone(), it)),
            None => None,
        };
        let stored = match known {
            Some((key, kept)) => {
                draft.origin = kept.draft.origin;
                let now = desk.clock.now();
                desk.db.write(|tx| {
                    draft_store::discard(tx, desk.environment, &key, None, false)?;
                    draft_store::change(tx, desk.environment, &key, kept.revision, &draft, now)
                })?;
                self.drafts_changed();
                self.stored_draft(&key)?
            }
            None => self.add_draft(&draft)?,
        };
        self.store_files(&stored.id, &card.attachments)?;
        Ok(stored)
    }

    fn documents(self, stored: &StoredDraft, language: Language) -> Result<Vec<(&'static str, Vec<u8>)>, Problem> {
        let Some(original) = self.desk.db.read(|db| draft_making::original(db, &stored.id))? else {
            return Ok(Vec::new());
        };
        let mut text = String::new();
        let head = crate::text(language, "office.writing.mendedInMomsbudEachChange");
        text.push_str(head);
        text.push('\n');
        for change in &original.changes {
            let DraftChange { xml_line, element, before, after, .. } = change;
            // What stood in the file forges no line of this one.
            let [element, before, after] =
                [element, before, after].map(|text| Shown::text(text.as_deref().unwrap_or_default()));
            text.push_str(&format!("{xml_line}\t{element}\t{before}\t{after}\n"));
        }
        Ok(vec![(ORIGINAL, original.bytes), (MENDED, text.into_bytes())])
    }

    pub(super) fn draft_view_of(self, stored: &StoredDraft, told: Vec<Told>) -> Result<DraftView, Problem> {
        let draft = &stored.draft;
        let desk = &self.desk;
        let company = desk.company_name(&draft.org_number, &desk.companies());
        let company = match company {
            Some(name) => Some(name),
            None => self.duty_name(&draft.org_number)?,
        };
        let (mended, filed) = desk.db.read(|db| {
            let filed = earlier_returns::filed_by(db, desk.environment, &draft.org_number, draft.category)?;
            Ok::<_, store::database::DatabaseError>((draft_making::changes(db, &stored.id)?, filed))
        })?;
        let history = earlier_returns::history(&filed);
        let of = |period: Period| {
            filed
                .iter()
                .filter(|it| it.subject.period == period && it.state.counts_as_filed())
                .max_by_key(|filing| filing.number)
        };
        let before = draft.period.year.checked_sub(1).map(|year| Period { year, ..draft.period });
        let last_year = match before.and_then(of) {
            Some(filing) => desk.delivered_return(filing.number)?,
            None => None,
        };
        let changes = self.writing().of(stored);
        let last = last_filed(&filed, draft.period);
        let known = Known {
            company,
            lookup: self.client.endpoints().entity_register().is_some(),
            standing: desk.standing(&draft.org_number)?,
            last: last.map(|filing| {
                (filing.subject.period, filing.assessed_vat, filing.delivered_at.unwrap_or(filing.begun_at))
            }),
            attachments: self.file_views(&stored.id)?,
            history: (!filed.is_empty()).then_some(&history),
            filed: of(draft.period).map(|filing| DraftFiled {
                filing: filing.id.to_string(),
                at: moment(filing.delivered_at.unwrap_or(filing.begun_at)),
                sum: kroner(filing.assessed_vat),
            }),
            last_year: last_year.as_deref(),
            mended,
            card: self.card_of(stored),
            undo: (changes.undo.can_undo(), changes.undo.can_redo()),
            told,
        };
        Ok(draft_view::view(stored, known, self.today(), desk.language()))
    }

    fn card_of(self, stored: &StoredDraft) -> Option<String> {
        let cards = self.desk.cards();
        let hers = |of: &Arc<OfDraft>| of.id == stored.id && of.revision == stored.revision;
        cards.iter().find(|card| card.draft.as_ref().is_some_and(hers)).map(|card| card.id.to_string())
    }

    fn duty_name(self, org_number: &str) -> Result<Option<String>, Problem> {
        if org_number.is_empty() {
            return Ok(None);
        }
        let duties = self.desk.db.read(|db| deadlines::load(db, self.desk.environment))?;
        Ok(duties.into_iter().find(|duty| duty.org_number.as_str() == org_number).and_then(|duty| duty.company))
    }

    pub(super) fn set_changes(
        self,
        found: &FoundDraft,
        changes: Changes,
        told: Vec<Told>,
    ) -> Result<DraftView, Problem> {
        let stored = &found.stored;
        if changes.undo.draft() == &stored.draft {
            self.writing().set_changes(&stored.id, changes);
            return self.draft_view_of(stored, told);
        }
        let next = changes.undo.draft();
        // What it becomes is asked for too: a change may give it to another company.
        let permit = self.may(Action::ChangeDraft, company_of(next))?;
        let kept = permit.change_draft(&found.key, stored.revision, next)?;
        self.writing().set_changes(&stored.id, Changes { revision: kept.revision, ..changes });
        self.draft_view_of(&kept, told)
    }

    fn apply(self, draft: &mut Draft, edit: &DraftEdit, told: &mut Vec<Told>) -> Result<(), Problem> {
        let edit = match edit {
            DraftEdit::Company { text } => {
                let number =
                    OrgNumber::parse(text).map_or_else(|_| text.trim().to_owned(), |it| it.as_str().to_owned());
                // What is known of the company is proposed while nothing has been typed.
                let begun_here = matches!(draft.origin, Origin::Typed | Origin::AsLast);
                let another = draft.org_number != number.as_str() && OrgNumber::parse(&number).is_ok();
                if begun_here && another && draft.is_nothing() {
                    *draft = self.proposed(&number)?;
                    return Ok(());
                }
                Edit::Company(number.into())
            }
            DraftEdit::Period { key } => Edit::Period(
                draft_view::period_of(key)
                    .ok_or_else(|| problem::says(ErrorCode::NotFound, "There is no such period."))?,
            ),
            DraftEdit::Category { category } => Edit::Category((*category).into()),
            DraftEdit::Kid { text } => Edit::Kid(Some(text.as_str().into())),
            DraftEdit::Remark { line: None, remark } => Edit::Note(note(remark.as_ref())),
            DraftEdit::Remark { line: Some(line), remark } => {
                Edit::LineNote { line: LineId(*line), note: note(remark.as_ref()) }
            }
            DraftEdit::Type { line, field, text } => {
                let field = match field {
                    DraftFieldName::Code => Field::Code,
                    DraftFieldName::Specification => Field::Specification,
                    DraftFieldName::OwnCode => Field::OwnCode,
                    DraftFieldName::Base => Field::Base,
                    DraftFieldName::Rate => Field::Rate,
                    DraftFieldName::Vat => Field::Vat,
                    _ => return Err(problem::says(ErrorCode::NotFound, "A line has no such field.")),
                };
                Edit::Type { line: LineId(*line), field, text: text.as_str().into() }
            }
            DraftEdit::Add { code, after } => {
                Edit::Add { code: code.as_deref().map(Into::into), after: after.map(LineId) }
            }
            DraftEdit::Duplicate { line } => Edit::Duplicate(LineId(*line)),
            DraftEdit::Remove { line } => Edit::Remove(LineId(*line)),
            DraftEdit::Clear => {
                while let Some(line) = draft.lines.first().map(|line| line.id) {
                    draft.apply(&Edit::Remove(line)).map_err(|error| problem::of(ErrorCode::NotFound, &error))?;
                }
                return Ok(());
            }
        };
        told.extend(draft.apply(&edit).map_err(|error| problem::of(ErrorCode::NotFound, &error))?);
        Ok(())
    }

    /// A draft for a company with what is known of it: the length of its periods, the one that is due, its last codes.
    fn proposed(self, org_number: &str) -> Result<Draft, Problem> {
        let today = self.today();
        let (period, category) = self.due(org_number, today)?;
        if let Some(last) = self.last_return(org_number, category)? {
            let mut draft = Draft::as_last(&last, period);
            draft.category = category;
            return Ok(draft);
        }
        let mut draft = Draft::new(org_number, period, category);
        for code in draft_view::first_codes(category) {
            draft.add(code);
        }
        Ok(draft)
    }

    /// The period that a company has to file next: the last that is over and not filed, else the next one.
    fn due(self, org_number: &str, today: Date) -> Result<(Period, Category), Problem> {
        let environment = self.desk.environment;
        let (duties, open) = self.desk.db.read(|db| {
            let mut duties = deadlines::load(db, environment)?;
            duties.retain(|duty| duty.org_number.as_str() == org_number);
            let open = deadlines::open(db, environment, &duties, today, deadlines::FURTHEST)?;
            Ok::<_, store::database::DatabaseError>((duties, open))
        })?;
        let over = open.iter().filter(|open| open.period.last_day() < today).max_by_key(|open| open.day);
        if let Some(due) = over.or_else(|| open.first()) {
            return Ok((due.period, due.category));
        }
        let (kind, category) =
            duties.first().map_or((PeriodKind::TwoMonths, Category::Ordinary), |duty| (duty.kind, duty.category));
        Ok((draft_view::latest_over(kind, today), category))
    }

    fn last_return(self, org_number: &str, category: Category) -> Result<Option<Arc<VatReturn>>, Problem> {
        let desk = &self.desk;
        let filed = desk.db.read(|db| earlier_returns::filed_by(db, desk.environment, org_number, category))?;
        let last = filed
            .iter()
            .filter(|filing| filing.state.counts_as_filed())
            .max_by_key(|filing| (filing.subject.period.last_day(), filing.number));
        match last {
            Some(filing) => Ok(desk.delivered_return(filing.number)?),
            None => Ok(None),
        }
    }

    pub(super) fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn today(self) -> Date {
        norwegian_date(self.desk.clock.now())
    }
}

/// What can be undone in an office.
pub(super) type Writings = Mutex<Writing>;

/// The last return of a company before a period.
fn last_filed(filed: &[Filing], period: Period) -> Option<&Filing> {
    filed
        .iter()
        .filter(|filing| filing.state.counts_as_filed() && filing.subject.period.last_day() < period.first_day())
        .max_by_key(|filing| (filing.subject.period.last_day(), filing.number))
}

/// What the file of a draft's return is called.
pub(super) fn file_name(draft: &Draft) -> String {
    format!("mva-melding {} {}.xml", draft.org_number, draft.period.in_words(Language::Nb))
}

/// The draft that a card is of.
fn draft_of(card: &Card) -> Option<DraftId> {
    let made_of = || card.draft.as_ref().map(|of| of.id.clone());
    card.kept.clone().or_else(made_of)
}

fn note(remark: Option<&view::DraftRemark>) -> Option<Note> {
    remark.and_then(draft_view::remark_note)
}

fn not_made(missing: &Missing) -> Problem {
    problem::says(ErrorCode::NotChecked, "Something is missing before the draft is a return.")
        .detail(missing.to_string())
}
