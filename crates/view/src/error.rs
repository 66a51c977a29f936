//! Refusals and faults as they cross to the window: made of a [`Problem`] here and nowhere else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::problem::Problem;
pub use crate::problem::{Delivered, ErrorCode};

/// A refusal or a fault: the code decides what the window says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// What it is.
    pub code: ErrorCode,
    /// What happened, in English, for the details.
    pub message: String,
    /// Causes, the authority's own words and what else may help a supporter; one a line.
    pub details: Vec<String>,
    /// Values for the window's texts, e.g. `company`, `right`, `rule`.
    pub values: BTreeMap<String, String>,
    /// Whether anything was delivered.
    pub delivered: Delivered,
}

impl From<Problem> for ErrorView {
    fn from(problem: Problem) -> Self {
        let Problem { code, message, details, values, delivered } = problem;
        Self { code, message, details, values, delivered }
    }
}

impl From<ErrorView> for Problem {
    fn from(view: ErrorView) -> Self {
        let ErrorView { code, message, details, values, delivered } = view;
        Self { code, message, details, values, delivered }
    }
}
