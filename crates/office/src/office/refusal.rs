//! What the office itself refuses, and what becomes of it on its way out.

use std::path::PathBuf;

use view::{
    Delivered, ErrorCode,
    ids::FilingId,
    problem::{self, Problem},
};

/// What the office does not do, and why. Nothing has been done where one of these is said.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("Nobody is signed in.")]
    NobodySignedIn,
    // What is not there.
    #[error("The return is not open any more.")]
    NoCard,
    #[error("There is no such sample.")]
    NoSample,
    #[error("There is no such filing.")]
    NoFiling,
    #[error("The filing has no such file.")]
    NoSuchFile,
    #[error("The receipt has not come yet.")]
    NoReceiptYet,
    #[error("Nothing has been delivered, so there is no receipt.")]
    NothingDelivered,
    #[error("It is not in the archive any more.")]
    NotInArchive { path: PathBuf },
    #[error("The attachment is not there any more.")]
    NoAttachment,
    #[error("There is no batch.")]
    NoBatch,
    #[error("There is no return there: open the file and file it.")]
    NoReturnInIt,
    #[error("It has been deleted.")]
    Deleted,
    #[error("The reminders cannot be read.")]
    NoReminders,
    // What cannot be filed.
    #[error("Two returns of one period lie open: neither is filed.")]
    SamePeriod { file: String, other: String, company: String },
    #[error("Skatteetaten has not checked the return yet.")]
    NotChecked,
    #[error("Skatteetaten would refuse the return; the findings say why.")]
    WouldBeRefused,
    #[error("The return names no organisation number.")]
    NamesNobody,
    #[error("The return is for another company or period.")]
    OtherPeriod {
        file: String,
        /// Organisation number and period, as they stand in the return.
        found: (String, String),
        /// The same as they would have to be.
        wanted: (String, String),
    },
    #[error("This is no organisation number.")]
    NoOrgNumber { company: String },
    #[error("Questions are open that must be answered.")]
    QuestionsOpen,
    #[error("The filing has begun; its attachments stay as they are.")]
    AttachmentLate,
    #[error("The history was lost, and what the company has delivered could not be read from Altinn.")]
    MayBeDelivered { org_number: String, why: Box<Problem> },
    // What is somebody else's, or too late.
    #[error("A batch of another person is under way.")]
    AnothersBatchUnderWay { person: Option<String> },
    #[error("The batch belongs to another person.")]
    AnothersBatch { person: Option<String> },
    #[error("Another program has taken the batch on.")]
    BatchElsewhere,
    #[error("The filing belongs to another person.")]
    AnotherPerson { person: Option<String>, delivered: Delivered },
    #[error("Another window or program is working on this filing.")]
    FiledElsewhere { filing: FilingId, delivered: Delivered },
    #[error("Another return of the same period is being filed.")]
    PeriodUnderWay { filing: FilingId, file: String, delivered: Delivered },
    #[error("The firm lets nobody file without the office register.")]
    NotWithoutRegister,
    #[error("An open filing of ours owns it.")]
    Owned { filing: FilingId, person: Option<String> },
    #[error("It has been delivered.")]
    DeliveredAlready,
    #[error("It is too late to give up the filing.")]
    TooLate { delivered: Delivered },
    // Faults.
    #[error("The return could not be opened.")]
    ReturnNotOpened,
    #[error("The sample could not be opened.")]
    SampleNotOpened,
    #[error("The new version could not be opened.")]
    VersionNotOpened,
    #[error("The return could not be made.")]
    ReturnNotMade { why: String },
}

impl Refusal {
    fn code(&self) -> ErrorCode {
        match self {
            Self::NobodySignedIn => ErrorCode::NeedsSignIn,
            Self::NoCard
            | Self::NoSample
            | Self::NoFiling
            | Self::NoSuchFile
            | Self::NoReceiptYet
            | Self::NothingDelivered
            | Self::NotInArchive { .. }
            | Self::NoAttachment
            | Self::NoBatch
            | Self::NoReturnInIt
            | Self::Deleted => ErrorCode::NotFound,
            Self::NoReminders => ErrorCode::DataUnusable,
            Self::SamePeriod { .. } => ErrorCode::SamePeriod,
            Self::NotChecked | Self::QuestionsOpen => ErrorCode::NotChecked,
            Self::WouldBeRefused => ErrorCode::ReturnRefused,
            Self::NamesNobody => ErrorCode::FilingRefused,
            Self::OtherPeriod { .. } => ErrorCode::OtherPeriod,
            Self::NoOrgNumber { .. } => ErrorCode::CompanyUnknown,
            Self::AttachmentLate => ErrorCode::AttachmentLate,
            Self::MayBeDelivered { .. } => ErrorCode::MayBeDelivered,
            Self::AnothersBatchUnderWay { .. } | Self::AnothersBatch { .. } | Self::AnotherPerson { .. } => {
                ErrorCode::AnotherPerson
            }
            Self::BatchElsewhere | Self::FiledElsewhere { .. } | Self::PeriodUnderWay { .. } => {
                ErrorCode::FiledElsewhere
            }
            Self::NotWithoutRegister => ErrorCode::RegisterAway,
            Self::Owned { .. } => ErrorCode::OwnFiling,
            Self::DeliveredAlready | Self::TooLate { .. } => ErrorCode::TooLateToCancel,
            Self::ReturnNotOpened | Self::SampleNotOpened | Self::VersionNotOpened | Self::ReturnNotMade { .. } => {
                ErrorCode::Internal
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = problem::says(refusal.code(), refusal.to_string());
        match refusal {
            Refusal::NotInArchive { path } => problem.with("path", path.display().to_string()),
            Refusal::SamePeriod { file, other, company } => {
                problem.with("file", file).with("other", other).with("company", company)
            }
            Refusal::OtherPeriod { file, found, wanted } => problem
                .with("file", file)
                .with("foundOrgNumber", found.0)
                .with("foundPeriod", found.1)
                .with("orgNumber", wanted.0)
                .with("period", wanted.1),
            Refusal::NoOrgNumber { company } => problem.with("company", company),
            Refusal::MayBeDelivered { org_number, why } => {
                let problem = problem.detail(why.message);
                why.details.into_iter().fold(problem, Problem::detail).with("orgNumber", org_number)
            }
            Refusal::AnothersBatchUnderWay { person } | Refusal::AnothersBatch { person } => {
                problem.with_some("person", person)
            }
            Refusal::AnotherPerson { person, delivered } => problem.with_some("person", person).when(delivered),
            Refusal::FiledElsewhere { filing, delivered } => problem.with("filing", filing).when(delivered),
            Refusal::PeriodUnderWay { filing, file, delivered } => {
                problem.with("filing", filing).with("file", file).when(delivered)
            }
            Refusal::Owned { filing, person } => problem.with("filing", filing).with_some("person", person),
            Refusal::DeliveredAlready => problem.when(Delivered::Yes),
            Refusal::TooLate { delivered } => problem.when(delivered),
            Refusal::ReturnNotMade { why } => problem.detail(why),
            _ => problem,
        }
    }
}
