//! Drafts in the window: begun with what is known of the company, written field by field, made into a card.
//!
//! Every change is kept in the database before it is answered. What is kept here besides is only what can be undone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ::drafts::{Draft, Edit, Field, LineId, Missing, Note, Origin, Told, Undo};
use jiff::civil::Date;
use shown::Shown;
use vat_return::{Category, Language, OrgNumber, Period, PeriodKind, VatReturn, mend};

use super::{Office, earlier_returns};
use crate::{
    cards::{Card, Found, OfDraft},
    deadlines, draft_making,
    draft_making::{MENDED, ORIGINAL, Original},
    draft_store::{NotKept, StoredDraft},
    draft_view::{self, Known},
    engine::Listener as _,
    problem,
    view::{
        CompanyView, DraftChange, DraftCode, DraftEdit, DraftFieldName, DraftFiled, DraftRow, DraftView, DraftsView,
        ErrorCode, ErrorView, ReturnCard,
    },
    words::{kroner, moment, norwegian_date},
    work::rights::Action,
};

/// Drafts whose changes can be undone: those written last. Of more of them only the text remains, which is kept anyway.
const KEPT: usize = 16;

/// What can be undone, draft by draft.
#[derive(Debug, Default)]
pub(super) struct Writing {
    drafts: HashMap<String, Changes>,
    turn: u64,
}

#[derive(Debug, Clone)]
struct Changes {
    revision: u32,
    undo: Undo,
    /// The field that was typed in last: what is typed there next is the same change.
    field: Option<(u32, DraftFieldName)>,
    turn: u64,
}

impl Writing {
    /// The changes to this revision; none of those before it, where another program has written meanwhile.
    fn of(&self, stored: &StoredDraft) -> Changes {
        let fresh =
            || Changes { revision: stored.revision, undo: Undo::new(stored.draft.clone()), field: None, turn: 0 };
        self.drafts.get(&stored.id).filter(|it| it.revision == stored.revision).cloned().unwrap_or_else(fresh)
    }

    fn keep(&mut self, id: &str, changes: Changes) {
        self.turn += 1;
        self.drafts.insert(id.to_owned(), Changes { turn: self.turn, ..changes });
        if self.drafts.len() > KEPT
            && let Some(oldest) = self.drafts.iter().min_by_key(|(_, it)| it.turn).map(|(id, _)| id.clone())
        {
            self.drafts.remove(&oldest);
        }
    }
}

impl Office {
    /// The drafts, open and in the wastebasket. Those whose return has been delivered are put away first.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn drafts_view(&self) -> Result<DraftsView, ErrorView> {
        self.close_filed_drafts()?;
        let (names, today, language) = (self.desk.known_names(), self.today(), self.desk.language());
        let rows = |discarded: bool| -> Result<Vec<DraftRow>, ErrorView> {
            let drafts = self.drafts(discarded)?;
            let name = |stored: &StoredDraft| names.get(stored.draft.org_number.as_str()).cloned();
            Ok(drafts.iter().map(|stored| draft_view::row(stored, name(stored), today, language)).collect())
        };
        Ok(DraftsView { open: rows(false)?, discarded: rows(true)? })
    }

    /// Begins a draft: with the codes of the company's last return, for the period that is due. Without a company, for the
    /// only one that the person may file for.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn begin_draft(&self, org_number: Option<&str>) -> Result<DraftView, ErrorView> {
        let companies = self.desk.companies();
        let only = || if companies.len() == 1 { companies.keys().next().cloned() } else { None };
        let org_number = org_number.map(str::to_owned).or_else(only).unwrap_or_default();
        self.may(Action::ChangeDraft, (!org_number.is_empty()).then_some(org_number.as_str()))?;
        let draft = self.proposed(&org_number)?;
        let stored = self.new_draft(&draft)?;
        self.draft_view_of(&stored, Vec::new())
    }

    /// A draft as it is written.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn draft_view(&self, id: &str) -> Result<DraftView, ErrorView> {
        let stored = self.draft(id)?;
        self.draft_view_of(&stored, Vec::new())
    }

    /// Makes changes to a revision of a draft, all or none, and keeps them.
    ///
    /// # Errors
    /// `NotFound`, `DraftChangedElsewhere`, the database, or the work account.
    pub fn edit_draft(&self, id: &str, revision: u32, edits: &[DraftEdit]) -> Result<DraftView, ErrorView> {
        let stored = self.revision(id, revision)?;
        let mut changes = self.writing().of(&stored);
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
            self.apply(&mut next, edit, &mut told)?;
        }
        changes.field = field.filter(|_| next != *changes.undo.draft());
        changes.undo.replace(next);
        self.keep(&stored, changes, told)
    }

    /// Takes the last change back, or makes it again.
    ///
    /// # Errors
    /// As [`Office::edit_draft`].
    pub fn undo_draft(&self, id: &str, revision: u32, again: bool) -> Result<DraftView, ErrorView> {
        let stored = self.revision(id, revision)?;
        let mut changes = self.writing().of(&stored);
        let changed = if again { changes.undo.redo() } else { changes.undo.undo() };
        changes.field = None;
        if changed { self.keep(&stored, changes, Vec::new()) } else { self.draft_view_of(&stored, Vec::new()) }
    }

    /// Takes lines that were pasted into a draft: one change, that can be undone at once.
    ///
    /// # Errors
    /// As [`Office::edit_draft`].
    pub(super) fn take_into(&self, id: &str, revision: u32, lines: &Draft, replace: bool) -> Result<(), ErrorView> {
        let stored = self.revision(id, revision)?;
        let mut changes = self.writing().of(&stored);
        let mut next = changes.undo.draft().clone();
        next.take_lines(lines, replace);
        changes.field = None;
        changes.undo.replace(next);
        self.keep(&stored, changes, Vec::new()).map(drop)
    }

    /// Takes a draft back out of the wastebasket, to be written on.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn take_draft_back(&self, id: &str) -> Result<DraftView, ErrorView> {
        let stored = self.restore_draft(id)?;
        self.desk.db.write(|tx| draft_making::note_made(tx, &stored.id, None))?;
        self.draft_view_of(&stored, Vec::new())
    }

    /// The codes that a draft may use.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn draft_codes(&self, id: &str) -> Result<Vec<DraftCode>, ErrorView> {
        Ok(draft_view::codes(&self.draft(id)?.draft, self.desk.language()))
    }

    /// The companies that a draft may be for: those the person may file for, those that are followed, and those whose names
    /// are known from before.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn draft_companies(&self) -> Result<Vec<CompanyView>, ErrorView> {
        self.may(Action::Drafts, None)?;
        let mut names = self.desk.known_names();
        for duty in self.desk.db.read(|db| deadlines::load(db, self.desk.environment))? {
            names.entry(duty.org_number.clone()).or_insert(duty.company.unwrap_or(duty.org_number));
        }
        let seen = names.into_iter().filter(|(number, _)| self.desk.work.sees(number));
        let mut companies: Vec<CompanyView> = seen.map(|(org_number, name)| CompanyView { org_number, name }).collect();
        companies.sort_by(|a, b| (&a.name, &a.org_number).cmp(&(&b.name, &b.org_number)));
        Ok(companies)
    }

    /// Makes the return of a draft: an ordinary card, read back from what will be sent.
    ///
    /// # Errors
    /// `NotFound`, `NotChecked` while something is missing, the database, or the work account.
    pub async fn make_draft(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        self.may(Action::MakeReturn, None)?;
        let stored = self.draft(id)?;
        self.may(Action::MakeReturn, Some(&stored.draft.org_number))?;
        let mut draft = stored.draft.clone();
        if draft.reference.is_empty() {
            draft.reference = stored.id.as_str().into();
        }
        let made = draft.made().map_err(|missing| not_made(&missing))?;
        let language = self.desk.language();
        let period = made.read.period.value.in_words(Language::Nb);
        let file_name = format!("mva-melding {} {period}.xml", draft.org_number);
        {
            let mut cards = self.desk.cards();
            let hers = |card: &Card| card.draft.as_ref().is_some_and(|it| it.id == stored.id);
            drop(cards.take(|card| hers(card) && card.filing.is_none()));
        }
        let company = self.desk.company_name(&draft.org_number, &self.desk.companies());
        let documents = self.documents(&stored, language)?;
        let found = Found::a_return(file_name, company, made.xml.into_bytes().into());
        let opened = self.put_down(vec![found]).into_iter().next();
        let card = opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The return could not be opened."))?;
        let of = OfDraft { id: stored.id.clone(), revision: stored.revision, documents };
        self.change_card(&card.id, |card| card.draft = Some(Arc::new(of)));
        let content = self.card(&card.id)?.content?;
        let made = Some((content.sha256.as_str(), stored.revision));
        self.desk.db.write(|tx| draft_making::note_made(tx, &stored.id, made))?;
        Ok(self.desk.one_card_view(&self.card(&card.id)?))
    }

    /// Makes a draft of a return that lies open, with what a machine can mend of it mended. The card goes; its file is kept
    /// with the draft, byte for byte.
    ///
    /// # Errors
    /// `NotFound`, why its file is no return, the database, or the work account.
    pub fn mend_card(&self, id: &str) -> Result<DraftView, ErrorView> {
        let card = self.card_for(id, Action::ChangeDraft)?;
        if let Some(of) = &card.draft {
            return self.draft_view(&of.id);
        }
        let bytes = match &card.content {
            Ok(content) => content.bytes.clone(),
            Err(refused) => card.raw.clone().ok_or_else(|| refused.clone())?,
        };
        let mended = mend::mend(&bytes).map_err(|why| problem::of(ErrorCode::NotAReturn, &why))?;
        let read = vat_return::read(&mended.bytes).map_err(|why| problem::of(ErrorCode::SchemaInvalid, &why))?;
        let origin = Origin::Return { file: card.file_name.clone(), sha256: crate::digest::sha256(&bytes) };
        let draft = Draft::of_return(&read, origin);
        let stored = self.new_draft(&draft)?;
        let change = |it: &mend::Change| DraftChange {
            kind: it.kind.word().to_owned(),
            element: it.element.clone(),
            vat_code: it.vat_code.clone(),
            before: it.before.clone(),
            after: it.after.clone(),
            xml_line: it.at.line,
        };
        let original = Original { bytes: bytes.to_vec(), changes: mended.changes.iter().map(change).collect() };
        self.desk.db.write(|tx| draft_making::keep_original(tx, &stored.id, &original))?;
        self.desk.cards().remove(id);
        self.desk.tell_cards();
        self.draft_view_of(&stored, Vec::new())
    }

    fn documents(&self, stored: &StoredDraft, language: Language) -> Result<Vec<(&'static str, Vec<u8>)>, ErrorView> {
        let Some(original) = self.desk.db.read(|db| draft_making::original(db, &stored.id))? else {
            return Ok(Vec::new());
        };
        let mut text = String::new();
        let head = match language {
            Language::Nb => "Rettet i Momsbud. Hver endring: linje i filen, felt, før, etter.",
            Language::Nn => "Retta i Momsbud. Kvar endring: linje i fila, felt, før, etter.",
            Language::En => "Mended in Momsbud. Each change: line of the file, field, before, after.",
        };
        text.push_str(head);
        text.push('\n');
        for change in &original.changes {
            let DraftChange { xml_line, element, before, after, .. } = change;
            // What stood in the file forges no line of this one.
            let [element, before, after] = [element, before, after].map(|text| Shown::text(text));
            text.push_str(&format!("{xml_line}\t{element}\t{before}\t{after}\n"));
        }
        Ok(vec![(ORIGINAL, original.bytes), (MENDED, text.into_bytes())])
    }

    pub(super) fn draft_view_of(&self, stored: &StoredDraft, told: Vec<Told>) -> Result<DraftView, ErrorView> {
        let draft = &stored.draft;
        let desk = &self.desk;
        let company = desk.company_name(&draft.org_number, &desk.companies());
        let company = match company {
            Some(name) => Some(name),
            None => self.duty_name(&draft.org_number)?,
        };
        let (mended, filed) = desk.db.read(|db| {
            let filed = earlier_returns::filed_by(db, desk.environment, &draft.org_number, draft.category)?;
            Ok::<_, crate::database::DatabaseError>((draft_making::changes(db, &stored.id)?, filed))
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
        let known = Known {
            company,
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

    fn card_of(&self, stored: &StoredDraft) -> Option<String> {
        let cards = self.desk.cards();
        let hers = |of: &Arc<OfDraft>| of.id == stored.id && of.revision == stored.revision;
        cards.iter().find(|card| card.draft.as_ref().is_some_and(hers)).map(|card| card.id.clone())
    }

    fn duty_name(&self, org_number: &str) -> Result<Option<String>, ErrorView> {
        if org_number.is_empty() {
            return Ok(None);
        }
        let duties = self.desk.db.read(|db| deadlines::load(db, self.desk.environment))?;
        Ok(duties.into_iter().find(|duty| duty.org_number == org_number).and_then(|duty| duty.company))
    }

    /// The draft, if this is still its revision.
    fn revision(&self, id: &str, revision: u32) -> Result<StoredDraft, ErrorView> {
        self.may(Action::ChangeDraft, None)?;
        let stored = self.draft(id)?;
        if stored.discarded.is_some() {
            return Err(NotKept::Gone.into());
        }
        if stored.revision == revision { Ok(stored) } else { Err(NotKept::ChangedElsewhere.into()) }
    }

    fn keep(&self, stored: &StoredDraft, changes: Changes, told: Vec<Told>) -> Result<DraftView, ErrorView> {
        if changes.undo.draft() == &stored.draft {
            self.writing().keep(&stored.id, changes);
            return self.draft_view_of(stored, told);
        }
        let kept = self.change_draft(&stored.id, stored.revision, changes.undo.draft())?;
        self.writing().keep(&stored.id, Changes { revision: kept.revision, ..changes });
        self.draft_view_of(&kept, told)
    }

    fn apply(&self, draft: &mut Draft, edit: &DraftEdit, told: &mut Vec<Told>) -> Result<(), ErrorView> {
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
            DraftEdit::Add { code, after } => Edit::Add { code: code.as_str().into(), after: after.map(LineId) },
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
    fn proposed(&self, org_number: &str) -> Result<Draft, ErrorView> {
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
    fn due(&self, org_number: &str, today: Date) -> Result<(Period, Category), ErrorView> {
        let environment = self.desk.environment;
        let (duties, open) = self.desk.db.read(|db| {
            let mut duties = deadlines::load(db, environment)?;
            duties.retain(|duty| duty.org_number == org_number);
            let open = deadlines::open(db, environment, &duties, today, deadlines::FURTHEST)?;
            Ok::<_, crate::database::DatabaseError>((duties, open))
        })?;
        let over = open.iter().filter(|open| open.period.last_day() < today).max_by_key(|open| open.day);
        if let Some(due) = over.or_else(|| open.first()) {
            return Ok((due.period, due.category));
        }
        let (kind, category) =
            duties.first().map_or((PeriodKind::TwoMonths, Category::Ordinary), |duty| (duty.kind, duty.category));
        Ok((draft_view::latest_over(kind, today), category))
    }

    fn last_return(&self, org_number: &str, category: Category) -> Result<Option<Arc<VatReturn>>, ErrorView> {
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

    fn close_filed_drafts(&self) -> Result<(), ErrorView> {
        let desk = &self.desk;
        if !desk.db.is_only_read() && desk.db.read(|db| draft_making::any_filed(db, desk.environment))? {
            let now = desk.clock.now();
            desk.db.write(|tx| draft_making::close_filed(tx, desk.environment, now))?;
        }
        Ok(())
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn today(&self) -> Date {
        norwegian_date(self.desk.clock.now())
    }
}

/// What can be undone in an office.
pub(super) type Writings = Mutex<Writing>;

fn note(remark: Option<&crate::view::DraftRemark>) -> Option<Note> {
    remark.and_then(draft_view::remark_note)
}

fn not_made(missing: &Missing) -> ErrorView {
    problem::says(ErrorCode::NotChecked, "Something is missing before the draft is a return.")
        .detail(missing.to_string())
}
