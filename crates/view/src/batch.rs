//! Many returns filed in one go.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Day, ErrorView, Kroner, Moment};

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BatchState {
    /// Returns are begun as places become free.
    Running,
    /// Nothing new is begun; what is under way goes on. `problem` says why, when it was not the person's wish.
    Paused,
    /// The program ended in the middle. What was under way goes on; the rest waits for a word.
    Interrupted,
    /// Nobody is signed in, or another person than the one whose batch it is. Goes on with the sign-in.
    WaitingSignIn,
    /// Nothing is left to send: every return has been delivered or has stopped. Receipts have yet to come, which may take
    /// hours; the program may be closed meanwhile.
    WaitingReceipts,
    /// Every return has its answer or has stopped.
    Done,
}

impl BatchState {
    /// Whether there is nothing left to send.
    #[must_use]
    pub fn is_all_sent(self) -> bool {
        matches!(self, Self::WaitingReceipts | Self::Done)
    }
}

/// Many returns filed in one go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// Key of the batch.
    pub id: String,
    /// Where it stands.
    pub state: BatchState,
    /// Whose authorization: name or masked id; none where ID-porten gave neither.
    pub filed_by: Option<String>,
    /// When it was begun.
    pub started_at: Moment,
    /// How many returns.
    pub total: u32,
    /// Not begun.
    pub queued: u32,
    /// Under way, not delivered.
    pub running: u32,
    /// Delivered; the receipt has not come.
    pub answering: u32,
    /// Accepted; what came back is in the archive.
    pub received: u32,
    /// Delivered, and rejected by Skatteetaten.
    pub rejected: u32,
    /// Delivered; the answer must be looked at.
    pub unclear: u32,
    /// Stopped until a person does something.
    pub waiting: u32,
    /// Refused by the authority before delivery.
    pub refused: u32,
    /// Taken out before anything was delivered.
    pub cancelled: u32,
    /// Sum of what is to be paid for what has been delivered.
    pub to_pay: Kroner,
    /// Sum of what comes back for what has been delivered, negative.
    pub refund: Kroner,
    /// The nearest due date of what is to be paid.
    pub due: Option<Day>,
    /// How long it will take, by what has been done so far.
    pub minutes_left: Option<u32>,
    /// Why it stands still.
    pub problem: Option<ErrorView>,
}

/// What became of the wish to file many returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BatchStart {
    /// The batch, when at least one return is in it.
    pub batch: Option<BatchView>,
    /// Returns that are not in it, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// A return that could not be put into a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Key of its card.
    pub card: String,
    /// Why.
    pub error: ErrorView,
}
