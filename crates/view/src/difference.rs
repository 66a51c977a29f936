//! What a new version of a return changes.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Kroner, LineView, Moment};

/// The version of a return that was delivered before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EarlierView {
    /// Key of its filing.
    pub filing: String,
    /// When it was delivered.
    pub delivered_at: Moment,
    /// Who filed it, where that is known.
    pub filed_by: Option<String>,
    /// Skatteetaten has rejected it: it does not stand, and what is sent now is sent in its place.
    pub rejected: bool,
    /// What the new version changes.
    pub difference: DifferenceView,
}

/// What a new version changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceView {
    /// Nothing that is filed differs.
    pub none: bool,
    /// The sum before.
    pub assessed_before: Kroner,
    /// The sum after.
    pub assessed_after: Kroner,
    /// The lines of the new version, each after the removed ones that stood before it.
    pub lines: Vec<LineDifferenceView>,
}

/// What has become of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LineChange {
    /// As it was.
    Same,
    /// The same code with other amounts, rate or remark.
    Changed,
    /// New.
    Added,
    /// Gone.
    Removed,
}

/// A line of the new version beside the same line of the old one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineDifferenceView {
    /// What has become of it.
    pub change: LineChange,
    /// As it was; absent when it is new.
    pub before: Option<LineView>,
    /// As it is; absent when it is gone.
    pub after: Option<LineView>,
}
