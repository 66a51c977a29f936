//! Looking for filings.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FilingRow, FilingState};

/// What to look for in the history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryQuery {
    /// Company, organisation number, KID, amount, month, period ("termin 2") or year, or several of them.
    pub text: String,
    /// Only this state.
    pub state: Option<FilingState>,
    /// Only this period or year: the key of a [`PeriodChoice`].
    pub period: Option<String>,
    /// What the rows are sorted by.
    #[serde(default)]
    pub sort: HistorySort,
    /// The smallest, earliest or first of the alphabet first; otherwise the other way round.
    #[serde(default)]
    pub ascending: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows wanted, at most 500.
    pub limit: u32,
}

/// A column that the history can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HistorySort {
    /// When it was sent.
    #[default]
    Sent,
    /// The company's name.
    Company,
    /// The period's first day.
    Period,
    /// The return's sum.
    Amount,
    /// Where it stands.
    State,
}

/// A year, or a period of a year, that the history has filings of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PeriodChoice {
    /// Key for [`HistoryQuery::period`].
    pub key: String,
    /// The year.
    pub year: i32,
    /// The period in words; absent for the whole year.
    pub words: Option<String>,
}

/// A stretch of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryPage {
    /// Rows, newest first.
    pub rows: Vec<FilingRow>,
    /// How many there are in all.
    pub total: u32,
}
