//! Files that lie beside returns: what they are, and what to do with them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{FindingView, Verdict};

/// A file that is no return, and is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourView {
    /// What it is.
    pub kind: NeighbourName,
    /// What it is, as one sentence in the user's language.
    pub title: String,
    /// What to do with it.
    pub advice: String,
    /// The verdict, where it is one.
    pub verdict: Option<Verdict>,
    /// What it says, where it is shown: the verdict or the payment in words.
    pub facts: Vec<NeighbourFact>,
    /// What a verdict found, in words of the authority.
    pub findings: Vec<FindingView>,
    /// It may be a spreadsheet with returns: drafts can be made of it.
    pub sheet: bool,
}

/// A line about such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourFact {
    /// What it is about.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// What a file is that is no return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NeighbourName {
    /// The envelope of a submission.
    Envelope,
    /// Skatteetaten's verdict.
    ValidationResult,
    /// What to pay.
    PaymentInformation,
    /// A receipt, as PDF.
    Receipt,
    /// A return as Skatteetaten's data service gives it out.
    ReturnedReturn,
    /// SAF-T Financial: a return can be built from it.
    SafTFinancial,
    /// SAF-T of a cash register.
    SafTCashRegister,
    /// RF-0002 and its siblings.
    OldForm,
    /// A page saved from a portal.
    WebPage,
    /// Other XML.
    Xml,
    /// A PDF.
    Pdf,
    /// Word and its like.
    TextDocument,
    /// Excel and its like.
    Spreadsheet,
    /// PowerPoint and its like.
    Presentation,
    /// A picture.
    Image,
    /// JSON.
    Json,
    /// Text.
    Text,
    /// A zip file without returns.
    Zip,
    /// A gzip file without returns.
    Gzip,
    /// Packed in another way.
    OtherPacked,
    /// What macOS lays beside files.
    AppleDouble,
    /// A program.
    Program,
    /// Nothing is in it.
    Empty,
    /// This program's own archive: the history shows it.
    OwnArchive,
    /// Anything else.
    Unknown,
}
