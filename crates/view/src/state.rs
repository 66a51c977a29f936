//! What a filing's state means.
//!
//! What asks "is it done, is it delivered, does the period count as filed" asks here, in Rust and in SQL; what is about one
//! state alone compares with it where it stands. Each meaning is a match without a catch-all, so that a new state does not compile before every one of them has an answer.
//!
//! | state | delivered | what Skatteetaten says |
//! |---|---|---|
//! | `Queued`, `Running`, `Waiting`, `WaitingSignature` | not, or not known yet | nothing yet |
//! | `WaitingAnswer` | yes | nothing yet |
//! | `Received` | yes | accepted, with deviations or without |
//! | `Rejected` | yes | "ugyldig": as if nothing had been delivered, and the deadline runs |
//! | `Unclear` | yes | missing, unreadable or unknown: a person looks at it |
//! | `Refused` | no | an authority would not take it |
//! | `Abandoned` | no | nothing was asked |

use std::sync::LazyLock;

use crate::{FilingState, Verdict, texts::word};

impl FilingState {
    /// All states.
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Running,
        Self::Waiting,
        Self::WaitingSignature,
        Self::WaitingAnswer,
        Self::Received,
        Self::Refused,
        Self::Abandoned,
        Self::Rejected,
        Self::Unclear,
    ];

    /// It has come to an end that only a person's wish changes. An unclear answer is none: it is looked at again.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        match self {
            Self::Received | Self::Refused | Self::Abandoned | Self::Rejected => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Unclear => false,
        }
    }

    /// The state itself says that the authority has the return. The others may have it too, for a moment: then
    /// [`crate::FilingView::delivered`] says so.
    #[must_use]
    pub const fn is_delivered(self) -> bool {
        match self {
            Self::WaitingAnswer | Self::Received | Self::Rejected | Self::Unclear => true,
            Self::Queued | Self::Running | Self::Waiting | Self::WaitingSignature | Self::Refused | Self::Abandoned => {
                false
            }
        }
    }

    /// What came back for it has been put into the archive, whatever it says.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        match self {
            Self::Received | Self::Rejected | Self::Unclear => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Refused
            | Self::Abandoned => false,
        }
    }

    /// Skatteetaten has accepted it: what there is to pay is to be paid.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        match self {
            Self::Received => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Refused
            | Self::Abandoned
            | Self::Rejected
            | Self::Unclear => false,
        }
    }

    /// The period is done with it as far as anybody knows: accepted, or delivered and nothing said against it. A rejected
    /// one leaves the period open, and so does one whose answer nobody has understood.
    #[must_use]
    pub const fn counts_as_filed(self) -> bool {
        match self {
            Self::WaitingAnswer | Self::Received => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::Refused
            | Self::Abandoned
            | Self::Rejected
            | Self::Unclear => false,
        }
    }

    /// An earlier version may have ended it so without reading what Skatteetaten decided.
    #[must_use]
    pub const fn may_lack_its_verdict(self) -> bool {
        match self {
            Self::Received | Self::Refused => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Abandoned
            | Self::Rejected
            | Self::Unclear => false,
        }
    }

    /// Skatteetaten has said no after the delivery: it does not stand, and what is sent next replaces nothing.
    #[must_use]
    pub const fn is_rejected(self) -> bool {
        match self {
            Self::Rejected => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Received
            | Self::Refused
            | Self::Abandoned
            | Self::Unclear => false,
        }
    }

    /// No other filing of the same period may be begun while it stands so.
    #[must_use]
    pub const fn blocks_new_filing(self) -> bool {
        match self {
            Self::Queued | Self::Running | Self::Waiting | Self::WaitingSignature => true,
            Self::WaitingAnswer | Self::Received | Self::Refused | Self::Abandoned | Self::Rejected | Self::Unclear => {
                false
            }
        }
    }

    /// The same card may be filed once more.
    #[must_use]
    pub const fn may_be_filed_again(self) -> bool {
        match self {
            Self::Refused | Self::Abandoned | Self::Rejected => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Received
            | Self::Unclear => false,
        }
    }

    /// A person must do something before it is as it should be.
    #[must_use]
    pub const fn needs_attention(self) -> bool {
        match self {
            Self::Waiting | Self::WaitingSignature | Self::Refused | Self::Rejected | Self::Unclear => true,
            Self::Queued | Self::Running | Self::WaitingAnswer | Self::Received | Self::Abandoned => false,
        }
    }

    /// The authority is asked for its answer.
    #[must_use]
    pub const fn must_be_polled(self) -> bool {
        match self {
            Self::WaitingAnswer | Self::Unclear => true,
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::Received
            | Self::Refused
            | Self::Abandoned
            | Self::Rejected => false,
        }
    }

    /// It has been begun, and the engine goes on with it at the next start.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        match self {
            Self::Running | Self::Waiting | Self::WaitingSignature | Self::WaitingAnswer | Self::Unclear => true,
            Self::Queued | Self::Received | Self::Refused | Self::Abandoned | Self::Rejected => false,
        }
    }

    /// Attachments that lie ready for it are still to be sent, or to be put into the archive.
    #[must_use]
    pub const fn keeps_its_attachments(self) -> bool {
        match self {
            Self::Queued
            | Self::Running
            | Self::Waiting
            | Self::WaitingSignature
            | Self::WaitingAnswer
            | Self::Unclear => true,
            Self::Received | Self::Refused | Self::Abandoned | Self::Rejected => false,
        }
    }
}

impl Verdict {
    /// The state in which a delivered filing ends with this verdict, whatever else is there: receipt, payment, label.
    #[must_use]
    pub const fn ends_as(self) -> FilingState {
        match self {
            Self::Accepted | Self::Deviating | Self::Incomplete => FilingState::Received,
            Self::Invalid => FilingState::Rejected,
            Self::Unknown | Self::Unreadable | Self::Missing => FilingState::Unclear,
        }
    }
}

/// `('a', 'b')`: the states that something is true of, as SQL has them after `state IN`.
fn listed(is: impl Fn(FilingState) -> bool) -> String {
    let words: Vec<String> =
        FilingState::ALL.into_iter().filter(|state| is(*state)).map(|state| format!("'{}'", word(&state))).collect();
    format!("({})", words.join(", "))
}

/// The meanings above as SQL, each for a column `state`.
pub mod sql {
    use super::{FilingState, LazyLock, listed};

    macro_rules! predicate {
        ($(#[$text:meta])* $name:ident, $is:expr) => {
            $(#[$text])*
            pub static $name: LazyLock<String> = LazyLock::new(|| listed($is));
        };
    }

    predicate!(
        /// [`FilingState::is_accepted`].
        ACCEPTED,
        FilingState::is_accepted
    );
    predicate!(
        /// [`FilingState::counts_as_filed`].
        COUNTS_AS_FILED,
        FilingState::counts_as_filed
    );
    predicate!(
        /// [`FilingState::is_rejected`].
        REJECTED,
        FilingState::is_rejected
    );
    predicate!(
        /// [`FilingState::blocks_new_filing`].
        BLOCKS_NEW_FILING,
        FilingState::blocks_new_filing
    );
    predicate!(
        /// [`FilingState::is_under_way`].
        UNDER_WAY,
        FilingState::is_under_way
    );
    predicate!(
        /// [`FilingState::keeps_its_attachments`].
        KEEPS_ITS_ATTACHMENTS,
        FilingState::keeps_its_attachments
    );
    predicate!(
        /// It waits for a person or for the authority: it has been begun, and is not just running.
        WAITS,
        |state| state.is_under_way() && state != FilingState::Running
    );
    predicate!(
        /// It was delivered, and its period is open all the same.
        LEAVES_OPEN,
        |state| state.is_delivered() && !state.counts_as_filed()
    );
    predicate!(
        /// An authority has said no, before delivery or after it.
        TURNED_DOWN,
        |state| state.is_finished() && state.needs_attention()
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meanings_do_not_contradict_each_other() {
        for state in FilingState::ALL {
            assert!(!(state.is_finished() && state.is_under_way()), "{state:?}");
            assert!(!(state.is_finished() && state.must_be_polled()), "{state:?}");
            assert!(!(state.blocks_new_filing() && state.is_delivered()), "{state:?}");
            assert!(!state.is_accepted() || state.counts_as_filed(), "{state:?}");
            assert!(!state.counts_as_filed() || state.is_delivered(), "{state:?}");
            assert!(!state.must_be_polled() || state.is_delivered(), "{state:?}");
            assert!(!state.may_be_filed_again() || state.is_finished(), "{state:?}");
        }
    }

    #[test]
    fn no_verdict_but_an_accepting_one_ends_as_received() {
        for verdict in Verdict::ALL {
            assert!(verdict.ends_as().is_delivered(), "{verdict:?}");
            let accepts = matches!(verdict, Verdict::Accepted | Verdict::Deviating | Verdict::Incomplete);
            assert_eq!(verdict.ends_as().is_accepted(), accepts, "{verdict:?}");
        }
    }

    #[test]
    fn sql_has_the_same_words_as_the_database() {
        assert_eq!(sql::BLOCKS_NEW_FILING.as_str(), "('queued', 'running', 'waiting', 'waitingSignature')");
        assert_eq!(sql::COUNTS_AS_FILED.as_str(), "('waitingAnswer', 'received')");
        assert_eq!(sql::LEAVES_OPEN.as_str(), "('rejected', 'unclear')");
        assert_eq!(sql::TURNED_DOWN.as_str(), "('refused', 'rejected')");
    }
}
