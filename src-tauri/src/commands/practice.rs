//! The commands of the practice menu: situations that the practice authorities can be put into.

use crate::{
    fault::{Answer, fault},
    host::Shell,
};
use practice::{Practice, Situation};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::io;
use view::ErrorCode;

/// A situation of the practice authorities: what has been seen of the real ones (apis.md 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PracticeSituation {
    /// Rejected after delivery, with a receipt and the label "Mottatt".
    Rejected,
    /// Accepted with deviations.
    Deviating,
    /// Accepted, something missing.
    Incomplete,
    /// The verdict is a word that nobody knows.
    UnknownVerdict,
    /// The verdict is of another namespace.
    ForeignVerdict,
    /// The verdict cannot be read.
    UnreadableVerdict,
    /// There is no verdict.
    MissingVerdict,
    /// The verdict comes days after the receipt.
    LateVerdict,
    /// The payment information comes well before the verdict.
    EarlyPayment,
    /// A new instance answers 404 for a time.
    SlowInstance,
    /// Asking for the feedback waits instead of answering 409.
    WaitingFeedback,
    /// The app refuses what the validation took.
    RefusedByApp,
    /// A refusal comes with a text before the result.
    ConflictWithText,
    /// A refusal comes as a JSON string.
    ConflictAsJson,
    /// A refusal comes as problem+json.
    ConflictAsProblem,
    /// The app is gone from its address.
    AppMoved,
    /// The app is of the older generation.
    OlderApp,
    /// What is delivered is never processed.
    NeverProcessed,
    /// Another person comes back from the sign-in.
    AnotherPerson,
    /// Altinn has not granted its scopes to the organisation.
    ScopesNotGranted,
    /// The sign-in's token is as Maskinporten's.
    MachineToken,
    /// A return with a remark in free text is handled by hand.
    FreeTextByHand,
    /// Money back is held.
    RefundHeld,
}

/// A situation, and whether the practice is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PracticeSwitch {
    /// Which.
    situation: PracticeSituation,
    /// Whether it is on.
    on: bool,
}

/// The situations in the order of the menu.
#[tauri::command]
#[specta::specta]
pub(crate) async fn practice_situations(shell: Shell) -> Answer<Vec<PracticeSwitch>> {
    let practice = shell.host.practice().ok_or_else(elsewhere)?;
    Ok(all(practice))
}

/// Puts the practice into a situation, or takes it out; answers with how all of them stand then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn switch_practice(
    shell: Shell,
    situation: PracticeSituation,
    on: bool,
) -> Answer<Vec<PracticeSwitch>> {
    let practice = shell.host.practice().ok_or_else(elsewhere)?;
    practice.switch(situation.into(), on);
    Ok(all(practice))
}

fn all(practice: &Practice) -> Vec<PracticeSwitch> {
    practice.situations().into_iter().map(|(it, on)| PracticeSwitch { situation: it.into(), on }).collect()
}

fn elsewhere() -> view::ErrorView {
    fault(
        ErrorCode::NotFound,
        "There is no practice in this environment.",
        &io::Error::other("no practice authorities run"),
    )
}

macro_rules! same_names {
    ($($name:ident),*) => {
        impl From<PracticeSituation> for Situation {
            fn from(situation: PracticeSituation) -> Self {
                match situation { $(PracticeSituation::$name => Self::$name),* }
            }
        }

        impl From<Situation> for PracticeSituation {
            fn from(situation: Situation) -> Self {
                match situation { $(Situation::$name => Self::$name),* }
            }
        }
    };
}

same_names!(
    Rejected,
    Deviating,
    Incomplete,
    UnknownVerdict,
    ForeignVerdict,
    UnreadableVerdict,
    MissingVerdict,
    LateVerdict,
    EarlyPayment,
    SlowInstance,
    WaitingFeedback,
    RefusedByApp,
    ConflictWithText,
    ConflictAsJson,
    ConflictAsProblem,
    AppMoved,
    OlderApp,
    NeverProcessed,
    AnotherPerson,
    ScopesNotGranted,
    MachineToken,
    FreeTextByHand,
    RefundHeld
);
