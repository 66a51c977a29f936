//! What the window shows of a draft: its lines by theme, what the rules say beside them, and what would clear that.
//!
//! Computed anew at every change; nothing of it is computed in the window.

mod codes;
mod findings;
mod lines;
mod periods;

pub(crate) use findings::standing_words;

use drafts::{Draft, Note, Origin, Told};
use filing::draft_store::StoredDraft;
use jiff::{SignedDuration, Timestamp, civil::Date};
use rust_decimal::Decimal;
use vat_return::{Category, Context, History, Language, OrgNumber, Period, VatReturn, calendar, explain};
use view::{
    AttachmentView, CompanyStanding, DraftBefore, DraftChange, DraftChoice, DraftCompared, DraftFiled, DraftOriginName,
    DraftRemark, DraftRow, DraftTold, DraftView, SeverityName,
    texts::{kroner, moment, norwegian_date},
};

pub(crate) use codes::codes;
pub(crate) use periods::{key_of, latest_over, period_of};

/// What is known beside the draft itself.
pub(crate) struct Known<'a> {
    /// The company's name.
    pub(crate) company: Option<String>,
    /// Companies can be looked up.
    pub(crate) lookup: bool,
    /// How the company stands in Enhetsregisteret, where that was asked.
    pub(crate) standing: Option<CompanyStanding>,
    /// The company's last return before the draft's period: its period, its sum, when it was delivered.
    pub(crate) last: Option<(Period, Decimal, Timestamp)>,
    /// Files that go with it.
    pub(crate) attachments: Vec<AttachmentView>,
    /// What the company has filed.
    pub(crate) history: Option<&'a History>,
    /// What was delivered for the period.
    pub(crate) filed: Option<DraftFiled>,
    /// The company's return for the same period a year before.
    pub(crate) last_year: Option<&'a VatReturn>,
    /// What was mended of the file it came from.
    pub(crate) mended: Vec<DraftChange>,
    /// The card that was made of it as it stands.
    pub(crate) card: Option<String>,
    /// Whether there is a change to take back, and one to make again.
    pub(crate) undo: (bool, bool),
    /// What the last change did.
    pub(crate) told: Vec<Told>,
}

impl Known<'_> {
    fn context(&self, today: Date) -> Context<'_> {
        Context { history: self.history, ..Context::on(today) }
    }
}

/// What was typed, where anything was.
fn typed(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// A draft in the list.
///
/// `card` is the one that lies open of it.
pub(crate) fn row(
    stored: &StoredDraft,
    company: Option<String>,
    card: Option<String>,
    today: Date,
    language: Language,
) -> DraftRow {
    let draft = &stored.draft;
    let found = findings::of(draft, &Context::on(today), language);
    let count = |bad: bool| {
        let some = found.iter().filter(|finding| (finding.severity == SeverityName::Invalid) == bad);
        u32::try_from(some.count()).unwrap_or(u32::MAX)
    };
    DraftRow {
        id: stored.id.to_string(),
        org_number: typed(&draft.org_number),
        company_name: company,
        period: draft.period.in_words(language),
        sum: kroner(draft.sum()),
        origin: origin(&draft.origin),
        file: file(&draft.origin),
        empty: draft.is_nothing(),
        invalid: count(true),
        deviating: count(false),
        changed: moment(stored.changed),
        kept_until: stored.discarded.map(|at| {
            let end = at.checked_add(SignedDuration::from_hours(30 * 24)).unwrap_or(at);
            norwegian_date(end).to_string()
        }),
        filed: stored.filed,
        dropped: stored.dropped,
        card,
    }
}

/// A draft as it is written.
pub(crate) fn view(stored: &StoredDraft, known: Known<'_>, today: Date, language: Language) -> DraftView {
    let draft = &stored.draft;
    let mut findings = findings::of(draft, &known.context(today), language);
    findings.extend(known.last.and_then(|(period, sum, _)| findings::tenfold(draft, period, sum, language)));
    let (groups, remark_lists) = lines::of(draft, language);
    findings.extend(known.standing.and_then(|standing| findings::standing(standing, language)));
    findings::in_order(&mut findings, &groups);
    let period = draft.period;
    DraftView {
        id: stored.id.to_string(),
        revision: stored.revision,
        changed: moment(stored.changed),
        discarded: stored.discarded.is_some(),
        org_number: typed(&draft.org_number),
        company_name: known.company,
        company_known: OrgNumber::parse(&draft.org_number).is_ok(),
        company_lookup: known.lookup,
        period: key_of(period),
        period_name: period.in_words(language),
        kind: period.kind.into(),
        category: draft.category.into(),
        kind_words: view::texts::kind(draft.category, period, language),
        periods: periods::around(period, today, language),
        deadline: calendar::deadline(draft.category, &period).map(|day| day.to_string()),
        over: period.last_day() < today,
        sum: kroner(draft.stated_sum.unwrap_or_else(|| draft.sum())),
        empty: draft.is_nothing(),
        groups,
        kid: draft.kid.as_ref().map(ToString::to_string),
        remark: draft.note.as_ref().map(remark),
        remarks: choices(explain::remarks_of_return(draft.category, language)),
        remark_lists,
        findings,
        can_undo: known.undo.0,
        can_redo: known.undo.1,
        origin: origin(&draft.origin),
        file: file(&draft.origin),
        before: known.last.map(|(period, _, at)| DraftBefore { period: period.in_words(language), at: moment(at) }),
        attachments: known.attachments,
        filed: known.filed,
        last_year: known.last_year.map(|other| compared(draft, other, language)),
        mended: known.mended,
        card: known.card,
        told: known.told.iter().filter_map(told).collect(),
    }
}

fn told(told: &Told) -> Option<DraftTold> {
    Some(match told {
        Told::Cut(ore) => DraftTold::Cut { ore: kroner(*ore) },
        Told::MadeNegative => DraftTold::MadeNegative,
        Told::NotAnAmount => DraftTold::NotAnAmount,
        Told::DeductionAdded(_) => DraftTold::DeductionAdded,
        _ => return None,
    })
}

fn origin(origin: &Origin) -> DraftOriginName {
    match origin {
        Origin::Typed => DraftOriginName::Typed,
        Origin::AsLast => DraftOriginName::AsLast,
        Origin::Return { .. } => DraftOriginName::Return,
        Origin::Books { .. } => DraftOriginName::Books,
        Origin::Sheet { .. } => DraftOriginName::Sheet,
    }
}

fn file(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Typed | Origin::AsLast => None,
        Origin::Return { file, .. } | Origin::Books { file } | Origin::Sheet { file } => file.clone(),
    }
}

fn remark(note: &Note) -> DraftRemark {
    match note {
        Note::Chosen(name) => DraftRemark { text: name.to_string(), chosen: true },
        Note::Free(text) => DraftRemark { text: text.to_string(), chosen: false },
    }
}

fn choices(named: Vec<(&'static str, &'static str)>) -> Vec<DraftChoice> {
    named.into_iter().map(|(value, words)| DraftChoice { value: value.to_owned(), words: words.to_owned() }).collect()
}

fn compared(draft: &Draft, other: &VatReturn, language: Language) -> DraftCompared {
    let (now, _) = draft.as_it_stands();
    DraftCompared {
        year: other.period.value.year,
        this_year: draft.period.year,
        rows: lines::compared(&now, other, draft.category, language),
        before: kroner(other.assessed_vat.value),
    }
}

/// A remark as a draft holds it; an empty one is none.
pub(crate) fn remark_note(remark: &DraftRemark) -> Option<Note> {
    let text = remark.text.trim();
    match (text.is_empty(), remark.chosen) {
        (true, _) => None,
        (_, true) => Some(Note::Chosen(text.into())),
        (_, false) => Some(Note::Free(text.into())),
    }
}

/// The codes that somebody begins with who has filed nothing here before: sales, and purchases.
pub(crate) fn first_codes(category: Category) -> &'static [&'static str] {
    match category {
        Category::Compensation => &["1"],
        Category::ReverseCharge => &["87"],
        Category::Ordinary | Category::PrimaryIndustry => &["3", "1"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
