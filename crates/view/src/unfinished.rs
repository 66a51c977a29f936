//! What was begun in Altinn and not delivered.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Kroner, Moment};

/// Where an instance stands that nobody has finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UnfinishedStage {
    /// The form is being filled in.
    Filling,
    /// Filled in; to be signed.
    Signing,
    /// In a task that this program does not know.
    Unknown,
}

/// Something begun in Altinn and not delivered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnfinishedView {
    /// `{partyId}/{instanceGuid}`.
    pub instance: String,
    /// Nine digits.
    pub org_number: String,
    /// When it was made.
    pub created_at: Option<Moment>,
    /// When it last changed.
    pub changed_at: Option<Moment>,
    /// Where it stands.
    pub stage: UnfinishedStage,
    /// Period in words, when a return lies in it.
    pub period: Option<String>,
    /// The sum of that return.
    pub assessed_vat: Option<Kroner>,
    /// How many attachments lie in it.
    pub attachments: u32,
    /// It can be gone on with: a return lies in it, and no filing of ours is in the way.
    pub can_continue: bool,
    /// The open filing of ours that owns it, or may own it.
    pub filing: Option<String>,
}
