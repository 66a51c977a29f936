//! The words that databases and archives of earlier versions hold: a rename in Rust must not change them.

#![allow(clippy::unwrap_used)]

use store::database::columns::{from_word, word};
use view::{Delivered, EnvironmentName, ErrorCode, FilingState, StepName, TimelineEvent, Verdict};

use crate::filings::Entry;

/// Each value with its word, there and back.
macro_rules! words {
    ($type:ty: $($value:ident = $word:literal),+ $(,)?) => {
        for (value, expected) in [$((<$type>::$value, $word)),+] {
            assert_eq!(word(&value), expected, "{value:?}");
            assert_eq!(from_word::<$type>("column", expected.to_owned()).unwrap(), value);
        }
    };
}

#[test]
fn what_the_database_holds_keeps_its_words() {
    words!(FilingState: Queued = "queued", Running = "running", Waiting = "waiting", Received = "received",
        WaitingSignature = "waitingSignature", WaitingAnswer = "waitingAnswer", Refused = "refused",
        Abandoned = "abandoned", Rejected = "rejected", Unclear = "unclear");
    assert_eq!(FilingState::ALL.len(), 10, "a new state has its word here");
    words!(StepName: Instance = "instance", Envelope = "envelope", Return = "return", Attachments = "attachments",
        Fill = "fill", Confirm = "confirm", Feedback = "feedback", Archive = "archive");
    words!(Delivered: No = "no", Yes = "yes", Unknown = "unknown");
    words!(EnvironmentName: Practice = "practice", Test = "test", Production = "production");
    words!(Verdict: Accepted = "accepted", Deviating = "deviating", Incomplete = "incomplete", Invalid = "invalid",
        Unknown = "unknown", Unreadable = "unreadable", Missing = "missing");
    words!(Entry: Intention = "intention", Done = "done", Refused = "refused", Unknown = "unknown", Found = "found");
    words!(TimelineEvent: Read = "read", Checked = "checked", Created = "created", Uploaded = "uploaded",
        Attached = "attached", Filled = "filled", Confirmed = "confirmed", Received = "received", Fetched = "fetched",
        Resumed = "resumed", Waited = "waited", Refused = "refused", Abandoned = "abandoned", Rejected = "rejected",
        Unclear = "unclear", Reviewed = "reviewed");
    words!(ErrorCode: NeedsSignIn = "needsSignIn", MayNotSign = "mayNotSign", AuthorityFault = "authorityFault",
        Unreachable = "unreachable", ReturnRejected = "returnRejected", AnswerUnclear = "answerUnclear",
        AlreadyFiled = "alreadyFiled", NotFound = "notFound", Internal = "internal");
}

#[test]
fn a_problem_is_kept_as_it_always_was() {
    let problem = view::problem::says(ErrorCode::NoRight, "No.").with("company", "Fjord").when(Delivered::Unknown);
    let kept = r#"{"code":"noRight","message":"No.","details":[],"values":{"company":"Fjord"},"delivered":"unknown"}"#;
    assert_eq!(serde_json::to_string(&problem).unwrap(), kept);
    assert_eq!(serde_json::from_str::<view::problem::Problem>(kept).unwrap(), problem);
}
