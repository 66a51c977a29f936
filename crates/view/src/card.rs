//! A return that lies open: what is in it, what goes with it, and what the checks say.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Day, EarlierView, ErrorView, FilingState, FilingView, Kroner, Moment, NeighbourView, OriginView};

/// A return that lies open in the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReturnCard {
    /// Key of the card.
    pub id: String,
    /// Name of the file, without folder.
    pub file_name: String,
    /// When it was read.
    pub read_at: Moment,
    /// What was found in it; absent when it could not be read as a return.
    pub content: Option<ReturnView>,
    /// Why it could not be read.
    pub problem: Option<ErrorView>,
    /// What it is instead, where it is no return and is known.
    pub neighbour: Option<NeighbourView>,
    /// What the check says; the own check is there as soon as the file is read.
    pub check: CheckView,
    /// What goes with it.
    pub attachments: Vec<AttachmentView>,
    /// The version that was delivered before, if there is one: this would be a correction.
    pub earlier: Option<EarlierView>,
    /// The instance in Altinn that is gone on with, `{partyId}/{instanceGuid}`.
    pub instance: Option<String>,
    /// What it was made of, where Momsbud made it.
    pub origin: Option<OriginView>,
    /// Key of the draft it was made of, where it was written or mended here.
    pub draft: Option<String>,
    /// That draft mends a file.
    pub mended: bool,
    /// A draft can be made of it.
    pub can_mend: bool,
    /// The filing this card has become.
    // Boxed: it is larger than all the rest of a row, and most rows have none.
    pub filing: Option<Box<FilingView>>,
    /// What else is to be known before it is filed: opened twice, filed before.
    pub notes: Vec<CardNote>,
    /// The lines are left out, because many returns lie open; `card` gives them.
    pub brief: bool,
}

/// What was passed by when files and folders were opened. What may have been wanted and was left out has cards of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PassedView {
    /// Hidden files and folders.
    pub hidden: u32,
    /// Files that were found once more, by a link or under a second name.
    pub again: u32,
    /// Files in folders and packed files that are no returns.
    pub others: u32,
    /// What may have been wanted and was left out.
    pub left_out: u32,
    /// Which the others are, as far as they are named.
    pub named: Vec<PassedFile>,
}

/// A file in a folder or packed file that is no return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PassedFile {
    /// Where it lies, from the folder on that was opened.
    pub file: String,
    /// What it is, in the user's language.
    pub what: String,
}

/// What is to be known of a return beside what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum CardNote {
    /// The same bytes were opened under another name too; they lie open once.
    SameFile {
        /// Name of the other file.
        file: String,
    },
    /// Another return of the same company, category and period lies open.
    SamePeriod {
        /// Key of the other card.
        card: String,
        /// Name of its file.
        file: String,
    },
    /// The period has been filed before: this would be a new version.
    FiledBefore {
        /// Key of the earlier filing.
        filing: String,
        /// When it was delivered.
        at: Moment,
        /// Where it stands now: a rejected one leaves the period open.
        state: FilingState,
        /// Who filed it: name or masked id, where that is known.
        person: Option<String>,
    },
    /// The period is being filed from another desk of the office register.
    Elsewhere {
        /// By whom.
        person: String,
        /// What the desk is called.
        desk: String,
        /// Since when.
        since: Moment,
        /// Whether it is being delivered.
        delivering: bool,
    },
}

impl CardNote {
    /// Whether it is of a delivered return of the period that Skatteetaten has not rejected.
    #[must_use]
    pub const fn is_of_a_standing_return(&self) -> bool {
        match self {
            Self::FiledBefore { state, .. } => !state.is_rejected(),
            Self::SameFile { .. } | Self::SamePeriod { .. } | Self::Elsewhere { .. } => false,
        }
    }
}

/// A file that goes with a return, on its card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// Key of the attachment.
    pub id: String,
    /// Its name, as Altinn will have it.
    pub name: String,
    /// Bytes.
    pub size: u32,
    /// The usual ending of what is in it, e.g. `"pdf"`; absent when it cannot be attached.
    pub ending: Option<String>,
    /// Why it cannot be attached; nothing is filed before it is removed.
    pub problem: Option<ErrorView>,
}

/// What a return says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReturnView {
    /// Nine digits, or what stood there.
    pub org_number: String,
    /// The company's name, when known.
    pub company_name: Option<String>,
    /// Period in words in the user's language, e.g. "Mars–april 2026".
    pub period: String,
    /// Kind of period and category in words, e.g. "alminnelig næring, to måneder".
    pub kind: String,
    /// Statutory deadline, moved past weekends and holidays.
    pub deadline: Option<Day>,
    /// Sum: positive to pay, negative a refund.
    pub assessed_vat: Kroner,
    /// The accounting system that wrote it, e.g. "Balanse 8.2".
    pub system: Option<String>,
    /// The message's remark.
    pub remark: Option<String>,
    /// It is free text: the return goes to manual handling.
    pub free_text: Option<FreeTextView>,
    /// Lines grouped by theme in the order of the code list.
    pub groups: Vec<LineGroup>,
    /// SHA-256 of the bytes that will be sent, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub size: u32,
}

/// A remark in free text, which sends the return to manual handling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FreeTextView {
    /// Coded remarks that may stand in its place, the likeliest first, in words.
    pub instead: Vec<String>,
}

/// Lines of one theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineGroup {
    /// Theme in the user's language.
    pub title: String,
    /// Its lines.
    pub lines: Vec<LineView>,
}

/// One line of the return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// Number of the line in the file, from 1; findings name it.
    pub number: u32,
    /// VAT code.
    pub code: String,
    /// What the code means.
    pub description: String,
    /// Specification in words.
    pub specification: Option<String>,
    /// The accounting system's code.
    pub own_code: Option<String>,
    /// Remark in words.
    pub remark: Option<String>,
    /// It is free text: the return goes to manual handling.
    pub free_text: Option<FreeTextView>,
    /// Base in kroner.
    pub base: Option<Kroner>,
    /// Rate as written, without the per-cent sign.
    pub rate: Option<String>,
    /// VAT in kroner.
    pub vat: Kroner,
    /// A deduction that belongs to the line above (same code, no base).
    pub deduction: bool,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SeverityName {
    /// The return is refused.
    Invalid,
    /// It may be filed; the authority sees the deviation.
    Deviating,
    /// It may be filed; something is missing.
    Incomplete,
}

impl From<vat_return::Severity> for SeverityName {
    fn from(severity: vat_return::Severity) -> Self {
        match severity {
            vat_return::Severity::Deviating => Self::Deviating,
            vat_return::Severity::Incomplete => Self::Incomplete,
            vat_return::Severity::Invalid => Self::Invalid,
        }
    }
}

/// The verdict over a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum VerdictName {
    /// Nothing found.
    Ok,
    /// May be filed, with deviations.
    Deviating,
    /// Cannot be filed.
    Invalid,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// The verdict of all findings together.
    pub verdict: VerdictName,
    /// When the authority checked; absent when only Momsbud has.
    pub authority_at: Option<Moment>,
    /// The authority's check is under way.
    pub running: bool,
    /// Why the authority could not be asked.
    pub problem: Option<ErrorView>,
    /// Findings, numbered in the order of the lines.
    pub findings: Vec<FindingView>,
    /// Mistakes behind several findings, each in one sentence; left out where many returns lie open.
    pub causes: Vec<CauseView>,
}

/// A mistake of the export that explains findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CauseView {
    /// The cause as one sentence.
    pub text: String,
    /// Numbers of the findings that it explains; none where no rule minds.
    pub findings: Vec<u32>,
    /// Momsbud can mend it without deciding anything about tax.
    pub mend: bool,
}

/// One rule's complaint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// Number in the list and on the line, from 1.
    pub number: u32,
    /// Rule, e.g. `"R020"`, when known.
    pub rule: Option<String>,
    /// Official identifier.
    pub identifier: String,
    /// How bad.
    pub severity: SeverityName,
    /// A few words.
    pub title: String,
    /// What is wrong, with figures and names.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// Number of the line in the file, from 1.
    pub line: Option<u32>,
    /// Line of the XML, from 1.
    pub xml_line: Option<u32>,
    /// Column of the XML, from 1.
    pub xml_column: Option<u32>,
    /// VAT code.
    pub vat_code: Option<String>,
    /// Found by Momsbud.
    pub by_momsbud: bool,
    /// The authority's text, word for word.
    pub authority_text: Option<String>,
}
