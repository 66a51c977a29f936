//! What can come between a filing and its next step, and what is said of it.

use std::time::Duration;

use access::session::{CallError, Cure, SessionError};
use altinn::{ApiError, NoAnswerKind};
use store::database::DatabaseError;
use vat_return::validation_result::ValidationResult;
use view::{
    Delivered, ErrorCode, StepName,
    problem::{self, Problem},
};

use super::{claiming::Against, odd::Odd};
use crate::{
    archive::ArchiveError,
    doubt::Unresolved,
    filings::{Entry, Filing},
};

/// What came between.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The user gave it up.
    Cancelled,
    /// Our own database.
    Database(DatabaseError),
    /// Our own archive.
    Archive(ArchiveError),
    /// No token.
    Session(SessionError),
    /// Something that a person must look at.
    Odd(Odd),
    /// The authority's answer to a question: it says nothing of whether a return is taken.
    Api(ApiError),
    /// The authority's answer to something that was to be done.
    Write(ApiError),
    /// What is stored cannot be what was stored.
    Lost(&'static str),
    /// What the office register says against it.
    Against(Against),
    /// The office register, and what is said of it.
    Register(register::RegisterError, String),
}

impl From<DatabaseError> for Trouble {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<ArchiveError> for Trouble {
    fn from(error: ArchiveError) -> Self {
        Self::Archive(error)
    }
}

impl From<Unresolved> for Trouble {
    fn from(error: Unresolved) -> Self {
        match error {
            Unresolved::Call(error) => error.into(),
            Unresolved::Database(error) => error.into(),
            Unresolved::Unreadable(instance) => Self::Odd(Odd::UnreadableDelivery(instance)),
        }
    }
}

impl From<SessionError> for Trouble {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Session(error) => Self::Session(error),
            CallError::Api(error) => Self::Api(error),
        }
    }
}

/// What to do about it.
#[derive(Debug)]
pub(super) enum Remedy {
    /// It may pass: try again, not before the time the authority asks for.
    Again(Problem, Option<Duration>),
    /// The same for an instance that Altinn is still making ready: that is shown at once.
    Preparing(Problem, Option<Duration>),
    /// A person must do something first.
    Wait(Problem),
    /// She may fill in and not sign: somebody else signs.
    Signature(Problem),
    /// It is not to be.
    Refused(Problem, Option<Box<ValidationResult>>),
    /// The instance is gone.
    Gone(Problem),
    /// Another desk has filed it: it is given up, and can be filed as a correction.
    Superseded(Problem),
    /// The user gave it up.
    Abandon,
}

impl Remedy {
    /// What is shown of it.
    pub(super) fn view(self) -> Problem {
        match self {
            Self::Again(view, _)
            | Self::Preparing(view, _)
            | Self::Wait(view)
            | Self::Signature(view)
            | Self::Refused(view, _)
            | Self::Gone(view)
            | Self::Superseded(view) => view,
            Self::Abandon => problem::says(ErrorCode::TooLateToCancel, "The filing has been delivered."),
        }
    }
}

impl Trouble {
    /// Whether the authority may have done what was asked although no good answer came.
    ///
    /// Of what was to be done only two answers say that it was not: words of the app that refuse it, and a connection over
    /// which nothing was sent. Any status, a 401, 403 or 429 as well, may come from something in between.
    pub(super) fn may_have_happened(&self) -> bool {
        match self {
            Self::Api(error) => error.may_have_happened(),
            Self::Write(ApiError::NoAnswer { sent, .. }) => *sent,
            Self::Write(error) => !error.says_why(),
            _ => false,
        }
    }

    /// Whether a token was refused with which something was to be done.
    pub(super) fn is_refused_token(&self) -> bool {
        matches!(self, Self::Write(ApiError::Unauthorized { .. }))
    }

    /// Whether the authority should be left alone for a moment before its state is read: what was asked may still be under
    /// way there.
    pub(super) fn may_be_under_way(&self) -> bool {
        match self {
            Self::Write(ApiError::Unauthorized { .. } | ApiError::Forbidden { .. }) => false,
            other => other.may_have_happened(),
        }
    }

    /// The same as the answer to something that was to be done.
    pub(super) fn into_write(self) -> Self {
        match self {
            Self::Api(error) => Self::Write(error),
            other => other,
        }
    }

    /// Whether the filing's instance is not found.
    pub(super) fn is_missing(&self, filing: &Filing) -> bool {
        let (Self::Api(error) | Self::Write(error)) = self else { return false };
        filing.instance.is_some() && matches!(error, ApiError::NotFound { .. }) && !error.has_moved()
    }

    /// Whether the authority has answered, and said no.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Write(
                ApiError::Unreadable { .. }
                | ApiError::NoAnswer { .. }
                | ApiError::TooManyRequests { .. }
                | ApiError::Unauthorized { .. },
            ) => false,
            Self::Write(error) => !error.may_have_happened() && !error.is_bare() && !error.is_transient(),
            // A question that was not answered is no refusal of anything.
            _ => false,
        }
    }

    /// What the journal says of a step that it kept from succeeding.
    pub(super) fn entry(&self) -> Entry {
        if self.may_have_happened() { Entry::Unknown } else { Entry::Refused }
    }

    /// Whether the authority wants to be left alone for a time.
    pub(super) fn asks_for_a_pause(&self) -> bool {
        matches!(self, Self::Api(error) | Self::Write(error) if error.retry_after().is_some())
    }

    /// A line for the journal.
    pub(super) fn note(&self) -> String {
        match self {
            Self::Api(error) | Self::Write(error) => error.to_string(),
            Self::Session(error) => error.to_string(),
            Self::Database(error) => error.to_string(),
            Self::Archive(error) => error.to_string(),
            Self::Odd(odd) => odd.to_string(),
            Self::Lost(what) => (*what).to_owned(),
            Self::Cancelled => "given up".to_owned(),
            Self::Against(against) => against.shown().message,
            Self::Register(error, _) => error.to_string(),
        }
    }

    /// What to do, when it happened at this step.
    pub(super) fn remedy(self, filing: &Filing, step: StepName, now: jiff::Timestamp) -> Remedy {
        match self {
            Self::Cancelled => Remedy::Abandon,
            Self::Database(error) => Remedy::Again(error.into(), None),
            Self::Archive(error) => Remedy::Again(error.into(), None),
            // What does not fit after delivery is fetched again; nothing is lost by it.
            Self::Lost(what) if filing.is_delivered() => {
                Remedy::Again(problem::says(ErrorCode::Internal, what).when(filing.delivered), None)
            }
            Self::Lost(what) => Remedy::Wait(problem::says(ErrorCode::Internal, what)),
            Self::Session(error) => {
                let view = match &error {
                    // Who is signed in is seen; whom it takes is not.
                    SessionError::AnotherPerson { .. } => error.problem().with_some("person", filing.filed_by.clone()),
                    _ => error.problem(),
                };
                let view = view.when(filing.delivered);
                // What needs a person is left to one; everything else passes while a receipt is waited for.
                match error.cure() {
                    Cure::Time => Remedy::Again(view, None),
                    Cure::Person => Remedy::Wait(view),
                    Cure::Unknown if filing.is_delivered() => Remedy::Again(view, None),
                    Cure::Unknown => Remedy::Wait(view),
                }
            }
            Self::Odd(odd) if filing.is_delivered() => Remedy::Again(Problem::from(odd).when(filing.delivered), None),
            Self::Odd(odd) => Remedy::Wait(Problem::from(odd).when(filing.delivered)),
            Self::Against(against @ Against::Filed(_)) if !filing.is_delivered() => Remedy::Superseded(against.shown()),
            Self::Against(against @ Against::Followed) => Remedy::Again(against.shown().when(filing.delivered), None),
            Self::Against(against) => Remedy::Wait(against.shown().when(filing.delivered)),
            Self::Register(error, text) if error.may_pass() => {
                Remedy::Again(problem::of(ErrorCode::RegisterAway, &error).detail(text).when(filing.delivered), None)
            }
            Self::Register(error, text) => {
                Remedy::Wait(problem::of(ErrorCode::RegisterRefused, &error).detail(text).when(filing.delivered))
            }
            Self::Api(error) => of_read(&error, filing, step, now),
            Self::Write(error) => of_write(error, filing, step, now),
        }
    }
}

/// A question that was not answered well. It ends nothing: what is to be learnt from it is asked again, with growing pauses
/// and for as long as it takes. One exception: an instance that nobody has delivered anything into may be gone.
fn of_read(error: &ApiError, filing: &Filing, step: StepName, now: jiff::Timestamp) -> Remedy {
    let view = shown(error, filing, step);
    let pause = error.retry_after().map(|after| after.wait(now));
    match error {
        ApiError::NotFound { .. } if filing.instance.is_some() && filing.delivered == Delivered::No => {
            Remedy::Gone(view)
        }
        // Somebody must do something about it, before delivery; after it a receipt is waited for whatever is said.
        ApiError::Forbidden { .. } if filing.delivered == Delivered::No && may_not_sign(error, step) => {
            Remedy::Signature(view)
        }
        ApiError::Unauthorized { .. } | ApiError::Forbidden { .. } if filing.delivered == Delivered::No => {
            Remedy::Wait(view)
        }
        _ => Remedy::Again(view, pause),
    }
}

/// Something that was to be done and was not, or perhaps. Only words of the app itself refuse a return: a bare status may
/// come from anything in between.
fn of_write(error: ApiError, filing: &Filing, step: StepName, now: jiff::Timestamp) -> Remedy {
    let view = shown(&error, filing, step);
    let pause = error.retry_after().map(|after| after.wait(now));
    if filing.is_delivered() || error.is_transient() || !error.says_why() {
        return match error {
            error if !filing.is_delivered() && may_not_sign(&error, step) => Remedy::Signature(view),
            ApiError::Unauthorized { .. } | ApiError::Forbidden { .. } if !filing.is_delivered() => Remedy::Wait(view),
            _ => Remedy::Again(view, pause),
        };
    }
    match error {
        ApiError::Conflict { validation, .. } => Remedy::Refused(view, validation),
        // A company that Altinn does not know. Once there is an instance, what was not found is something else.
        ApiError::NotFound { .. } if filing.instance.is_some() => Remedy::Again(view, pause),
        _ => Remedy::Refused(view, None),
    }
}

/// Whether somebody may fill in the return and not sign it.
fn may_not_sign(error: &ApiError, step: StepName) -> bool {
    step == StepName::Confirm && matches!(error, ApiError::Forbidden { needs_level: None, .. })
}

/// The access package to ask for: it opens the app (apis.md 1.9, "Altinn 2"). A role can be delegated no more since June
/// 2026; those of the register of entities go on.
const PACKAGE: &str = "Merverdiavgift";

/// An authority's "no", or its silence, as it is shown.
pub(crate) fn shown(error: &ApiError, filing: &Filing, step: StepName) -> Problem {
    let code = code(error, filing.instance.is_some(), step);
    let company = filing.company_name.clone().unwrap_or_else(|| filing.subject.org_number.to_string());
    let result = if let ApiError::Conflict { validation, .. } = error { validation.as_deref() } else { None };
    let view = problem::of(code, error).detail(error.authority_text().unwrap_or_default().to_owned());
    with_reasons(view, result)
        .with("company", company)
        .with("orgNumber", filing.subject.org_number.as_str())
        .with("right", PACKAGE)
        .when(filing.delivered)
}

/// What Skatteetaten says is wrong, each reason as a detail.
pub(super) fn with_reasons(view: Problem, result: Option<&ValidationResult>) -> Problem {
    let details = result.iter().flat_map(|result| &result.deviations).flat_map(|deviation| &deviation.details);
    details.fold(view, |view, detail| {
        let reason = if detail.reason.trim().is_empty() { &detail.rule_definition } else { &detail.reason };
        view.detail(reason.clone())
    })
}

/// How Skatteetaten's validation says that something unexpected is wrong with itself, whatever the status.
const UNEXPECTED: &str = "MVA-001";

/// An authority's answer to a question that belongs to no filing yet.
pub fn shown_of_check(error: &ApiError) -> Problem {
    let own_fault = error.authority_text().is_some_and(|text| text.starts_with(UNEXPECTED));
    let code = if own_fault { ErrorCode::AuthorityFault } else { code(error, true, StepName::Feedback) };
    problem::of(code, error).detail(error.authority_text().unwrap_or_default().to_owned()).when(Delivered::No)
}

fn code(error: &ApiError, has_instance: bool, step: StepName) -> ErrorCode {
    match error {
        ApiError::Unauthorized { .. } => ErrorCode::NeedsSignIn,
        ApiError::Forbidden { needs_level: Some(_), .. } => ErrorCode::SignInTooWeak,
        error if may_not_sign(error, step) => ErrorCode::MayNotSign,
        ApiError::Forbidden { .. } => ErrorCode::NoRight,
        error if error.has_moved() => ErrorCode::AppMoved,
        ApiError::NotFound { .. } if has_instance => ErrorCode::NotFound,
        ApiError::NotFound { .. } if error.says_why() => ErrorCode::CompanyUnknown,
        ApiError::NotFound { .. } => ErrorCode::AuthorityFault,
        ApiError::Conflict { validation: Some(_), .. } => ErrorCode::ReturnRefused,
        ApiError::Conflict { text, .. } if text.contains("Ugyldig mva-melding") => ErrorCode::ReturnRefused,
        // Words of the app refuse; a bare status is a fault of whatever gave it.
        ApiError::Conflict { .. } | ApiError::BadRequest { .. } if error.says_why() => ErrorCode::FilingRefused,
        ApiError::Conflict { .. } | ApiError::BadRequest { .. } => ErrorCode::AuthorityFault,
        ApiError::TooManyRequests { .. } => ErrorCode::Busy,
        ApiError::Fault { .. } => ErrorCode::AuthorityFault,
        ApiError::NoAnswer { kind: NoAnswerKind::Connect | NoAnswerKind::Timeout, .. } => ErrorCode::Unreachable,
        ApiError::NoAnswer { .. } => ErrorCode::Unreachable,
        ApiError::Unreadable { .. } => ErrorCode::UnreadableAnswer,
        // What is sent lies in our own folder.
        ApiError::Source { .. } => ErrorCode::DataUnusable,
        _ => ErrorCode::Internal,
    }
}
