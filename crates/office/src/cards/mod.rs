//! The returns that lie open: their bytes, what is in them, and what the checks say.
//!
//! A file is read once. Its bytes are kept, and are what is checked, shown and sent, whatever becomes of the file.

mod difference_view;
mod findings;
mod lying;
mod neighbour;
mod reading;
mod return_view;

use std::sync::Arc;

use altinn::InstanceId;
use bytes::Bytes;
pub(crate) use difference_view::of as difference_view;
use filing::{attachments::CardAttachment, filings::Subject, saft::Origin};
pub(crate) use findings::of_authority as authority_findings;
use jiff::Timestamp;
pub(crate) use lying::OpenCards;
pub(crate) use neighbour::Neighbour;
pub(crate) use reading::{Brought, Dropped, ReadFile, read_alone, read_paths, read_return};
use store::digest::sha256;
use vat_return::{
    Cause, Context, Language, Rejection, Report, VatReturn, check_bytes,
    validation_result::{Outcome, ValidationResult},
};
use view::{
    CardNote, CauseView, CheckView, EarlierView, EnvironmentName, ErrorCode, FilingView, FindingView, ReturnCard,
    VerdictName,
    ids::{CardId, DraftId, FilingId},
    problem::{self, Problem},
    texts::{moment, norwegian_date},
};

use crate::parallel::side_by_side;

/// A return that lies open.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) id: CardId,
    pub(crate) file_name: String,
    pub(crate) read_at: Timestamp,
    /// The company's name, where the source told it.
    pub(crate) company: Option<String>,
    pub(crate) content: Result<Content, Problem>,
    pub(crate) check: Check,
    /// What goes with it.
    pub(crate) attachments: Vec<CardAttachment>,
    /// The instance in Altinn that is gone on with.
    pub(crate) instance: Option<InstanceId>,
    /// What it was made of, where Momsbud made it.
    pub(crate) origin: Option<Arc<Origin>>,
    /// The draft it was made of, where it was written or mended here.
    pub(crate) draft: Option<Arc<OfDraft>>,
    /// The draft that it is kept as, as it was dropped.
    pub(crate) kept: Option<DraftId>,
    /// The bytes of a file that has the shape of a return and is none, so that it can be mended.
    pub(crate) raw: Option<Bytes>,
    /// The filing it has become.
    pub(crate) filing: Option<FilingId>,
    /// Names of other files with the same bytes.
    pub(crate) copies: Vec<String>,
    /// What it is, where it is no return and is known.
    pub(crate) neighbour: Option<Neighbour>,
    /// That its period has been filed before.
    pub(crate) earlier: Option<CardNote>,
    /// A person has looked in Altinn herself at what its company has delivered.
    pub(crate) looked: bool,
}

/// The draft that a return was made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OfDraft {
    /// Its key.
    pub(crate) id: DraftId,
    /// The revision it was made of.
    pub(crate) revision: u32,
    /// The file it mends, and what was changed of it.
    pub(crate) documents: Vec<(&'static str, Vec<u8>)>,
}

/// A return's bytes and what they say.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    pub(crate) sha256: String,
    pub(crate) vat_return: Arc<VatReturn>,
}

/// What the checks say.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    /// Our own.
    pub(crate) own: Option<Arc<Report>>,
    /// The authority's.
    pub(crate) authority: Option<(Timestamp, ValidationResult)>,
    /// The authority is being asked.
    pub(crate) running: bool,
    /// Why it could not be asked.
    pub(crate) problem: Option<Problem>,
    /// Mistakes behind the findings of a file that cannot be read as a return; of one that can they are looked for when
    /// they are shown.
    pub(crate) causes: Vec<Cause>,
}

impl Content {
    /// What the return is about, if it names a company.
    pub(crate) fn subject(&self, environment: EnvironmentName) -> Option<Subject> {
        Some(Subject {
            environment,
            org_number: self.vat_return.org_number.as_ref()?.value.parse().ok()?,
            category: self.vat_return.category.value,
            period: self.vat_return.period.value,
        })
    }
}

/// Takes what was found, with a key for each: reads and checks it, many side by side.
pub(crate) fn open_all(found: Vec<(CardId, ReadFile)>, at: Timestamp) -> Vec<Card> {
    side_by_side(found, |(id, found)| Card::new(id, found, at))
}

impl Card {
    /// Takes what was found at a path: reads it and checks it at once.
    pub(crate) fn new(id: CardId, found: ReadFile, at: Timestamp) -> Self {
        let mut causes = Vec::new();
        let mut raw = None;
        let (content, own) = match found.bytes {
            Err(problem) => (Err(problem), None),
            Ok(bytes) => {
                let (read, report) = check_bytes(&bytes, &Context::on(norwegian_date(at)));
                if read.is_err() {
                    causes = vat_return::causes(&bytes, None, &report);
                    raw = vat_return::mend::mend(&bytes).is_ok_and(|it| !it.changes.is_empty()).then(|| bytes.clone());
                }
                let content = read
                    .map(|read| Content { sha256: sha256(&bytes), bytes, vat_return: Arc::new(read) })
                    .map_err(|rejection| unreadable(&rejection, &found.file_name));
                (content, Some(Arc::new(report)))
            }
        };
        Self {
            id,
            file_name: found.file_name,
            read_at: at,
            company: found.company,
            content,
            check: Check { own, authority: None, running: false, problem: None, causes },
            attachments: Vec::new(),
            instance: None,
            origin: None,
            draft: None,
            kept: None,
            raw,
            filing: None,
            copies: Vec::new(),
            neighbour: found.neighbour,
            earlier: None,
            looked: false,
        }
    }

    /// What the window shows. `company` is its name from elsewhere, `filing` what it has become, `earlier` the version
    /// that was delivered before; `brief` leaves out what only the opened card shows.
    pub(crate) fn view(
        &self,
        language: Language,
        company: Option<String>,
        filing: Option<FilingView>,
        earlier: Option<EarlierView>,
        brief: bool,
    ) -> ReturnCard {
        let content = self.content.as_ref().ok();
        ReturnCard {
            id: self.id.to_string(),
            file_name: self.file_name.clone(),
            read_at: moment(self.read_at),
            content: content.map(|content| return_view::of(content, company, language, brief)),
            problem: self.content.as_ref().err().cloned().map(Into::into),
            neighbour: self.neighbour.as_ref().map(|neighbour| neighbour.view(language)),
            check: self.check_view(language, brief),
            attachments: self.attachments.iter().map(CardAttachment::view).collect(),
            earlier,
            instance: self.instance.as_ref().map(ToString::to_string),
            origin: self.origin.as_ref().map(|origin| origin.view()),
            draft: self.draft.as_ref().map(|of| of.id.to_string()),
            mended: self.draft.as_ref().is_some_and(|of| !of.documents.is_empty()),
            can_mend: self.raw.is_some() || self.content.is_ok(),
            filing: filing.map(Box::new),
            notes: Vec::new(),
            brief,
        }
    }

    /// The company's number, where the return names one.
    pub(crate) fn org_number(&self) -> Option<String> {
        Some(self.content.as_ref().ok()?.vat_return.org_number.as_ref()?.value.to_string())
    }

    fn check_view(&self, language: Language, brief: bool) -> CheckView {
        let vat_return = self.content.as_ref().ok().map(|content| content.vat_return.as_ref());
        let authority = self.check.authority.as_ref();
        // A file that is no return at all has a problem; the list of findings is for returns.
        let own = self.check.own.as_deref().filter(|_| vat_return.is_some() || self.is_schema_invalid());
        let mut findings = findings::merged(own, authority.map(|(_, result)| result), vat_return, language);
        let causes = if brief { Vec::new() } else { self.causes(own, &findings, language) };
        if brief {
            for finding in &mut findings {
                finding.message.clear();
                finding.advice = None;
                finding.authority_text = None;
            }
        }
        CheckView {
            verdict: self.verdict(),
            authority_at: authority.map(|(at, _)| moment(*at)),
            running: self.check.running,
            problem: self.check.problem.clone().map(Into::into),
            findings,
            causes,
        }
    }

    /// The mistakes behind our own findings, with the numbers that the findings have in the list.
    fn causes(&self, own: Option<&Report>, findings: &[FindingView], language: Language) -> Vec<CauseView> {
        let Some(report) = own else { return Vec::new() };
        let found;
        let causes = match &self.content {
            Err(_) => &self.check.causes,
            Ok(content) => {
                found = vat_return::causes(&content.bytes, Some(&content.vat_return), report);
                &found
            }
        };
        let number = |place: &usize| {
            let finding = report.findings.get(*place)?;
            let same = |view: &&FindingView| {
                view.by_momsbud
                    && view.rule.as_deref() == Some(finding.rule)
                    && view.xml_line == finding.at.map(|at| at.line)
                    && view.xml_column == finding.at.map(|at| at.column)
            };
            findings.iter().find(same).map(|view| view.number)
        };
        let view = |cause: &Cause| CauseView {
            text: cause.text(language),
            findings: cause.findings.iter().filter_map(number).collect(),
            mend: cause.mend,
        };
        causes.iter().map(view).collect()
    }

    fn is_schema_invalid(&self) -> bool {
        self.content.as_ref().err().is_some_and(|problem| problem.code == ErrorCode::SchemaInvalid)
    }

    /// The verdict of all findings. Where the authority has checked, its word decides whether the return can be filed:
    /// what we alone hold to be invalid is then shown as a deviation of the whole.
    pub(crate) fn verdict(&self) -> VerdictName {
        let own = match (&self.content, &self.check.own) {
            (Err(_), _) => return VerdictName::Invalid,
            (Ok(_), Some(report)) => verdict(report.verdict),
            (Ok(_), None) => VerdictName::Ok,
        };
        match self.check.authority.as_ref().map(|(_, result)| result.outcome) {
            None => own,
            Some(Outcome::Invalid) => VerdictName::Invalid,
            Some(Outcome::Deviating | Outcome::Incomplete) => VerdictName::Deviating,
            Some(Outcome::NoDeviations) if own == VerdictName::Ok => VerdictName::Ok,
            Some(Outcome::NoDeviations) => VerdictName::Deviating,
        }
    }
}

fn verdict(verdict: vat_return::Verdict) -> VerdictName {
    match verdict {
        vat_return::Verdict::Ok => VerdictName::Ok,
        vat_return::Verdict::Deviating => VerdictName::Deviating,
        vat_return::Verdict::Invalid => VerdictName::Invalid,
    }
}

/// Why bytes are no return.
fn unreadable(rejection: &Rejection, file_name: &str) -> Problem {
    let code = match rejection {
        Rejection::Empty => ErrorCode::FileEmpty,
        Rejection::TooLarge { .. } => ErrorCode::FileTooLarge,
        Rejection::NotXml(_) => ErrorCode::NotXml,
        Rejection::UnsafeXml(_) => ErrorCode::UnsafeXml,
        Rejection::NotAReturn(_) => ErrorCode::NotAReturn,
        _ => ErrorCode::SchemaInvalid,
    };
    let mut view = problem::of(code, rejection).with("file", file_name);
    if let Some(first) = rejection.complaints().first() {
        view = view.with("line", first.at.line.to_string()).with("column", first.at.column.to_string());
        view = view.with("found", first.found.clone());
    }
    view
}
