//! What cannot be as it is said to be, so that a person must look at it before the filing goes on.

use altinn::InstanceId;
use view::{
    ErrorCode,
    problem::{self, Problem},
    texts::{kroner, moment, word},
};

use crate::filings::Filing;

/// Something that a person must look at.
#[derive(Debug, thiserror::Error)]
pub(super) enum Odd {
    /// What was delivered cannot come back: an answer that says so is not to be built upon.
    #[error("The authority says of a delivered filing that it has not been delivered.")]
    NotDelivered,
    /// A filing that was put back from the archive names an instance in which something else was delivered.
    #[error("Another return was delivered in the instance that the archive names.")]
    OtherDelivery,
    /// Somebody has completed the form by hand.
    #[error("The form was completed in Altinn with another return than this one.")]
    OtherReturn,
    /// The same, with other attachments.
    #[error("The form was completed in Altinn with other attachments than these.")]
    OtherAttachments,
    /// The app has got a task that nobody knows.
    #[error("The instance stands in a task that this program does not know.")]
    UnknownTask,
    /// The period was delivered meanwhile, by this filing.
    #[error("The period has been filed already: this would be a new version.")]
    FiledBefore(Box<Filing>),
    /// The company has delivered something that cannot be read, and the history was lost.
    #[error("What was delivered in instance {0} cannot be read as a return.")]
    UnreadableDelivery(InstanceId),
}

impl From<Odd> for Problem {
    fn from(odd: Odd) -> Self {
        let code = match odd {
            Odd::NotDelivered | Odd::OtherDelivery | Odd::UnknownTask => ErrorCode::UnreadableAnswer,
            Odd::OtherReturn | Odd::OtherAttachments => ErrorCode::FilingRefused,
            Odd::FiledBefore(_) => ErrorCode::AlreadyFiled,
            Odd::UnreadableDelivery(_) => ErrorCode::MayBeDelivered,
        };
        let problem = problem::says(code, odd.to_string());
        match odd {
            Odd::UnknownTask => problem.with("wait", "yes"),
            Odd::FiledBefore(earlier) => problem
                .with("filing", earlier.id)
                .with("at", moment(earlier.delivered_at.unwrap_or(earlier.begun_at)))
                .with_some("person", earlier.filed_by)
                .with("assessedVat", kroner(earlier.assessed_vat))
                .with("state", word(&earlier.state)),
            _ => problem,
        }
    }
}
