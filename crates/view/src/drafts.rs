//! Drafts: the list of them, one of them as it is written, and what it is changed by.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{AttachmentView, CategoryName, Day, Kroner, Moment, PeriodKindName, SeverityName};

/// All drafts that may be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftsView {
    /// Those that are open, the one changed last first.
    pub open: Vec<DraftRow>,
    /// Those in the wastebasket.
    pub discarded: Vec<DraftRow>,
}

/// A draft in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftRow {
    /// Key of the draft.
    pub id: String,
    /// Nine digits, or what was typed of them so far; none where nothing has been.
    pub org_number: Option<String>,
    /// The company's name, when known.
    pub company_name: Option<String>,
    /// Period in words.
    pub period: String,
    /// What is to be paid, or with a minus got back.
    pub sum: Kroner,
    /// Where it came from.
    pub origin: DraftOriginName,
    /// The file it came from.
    pub file: Option<String>,
    /// Nothing has been typed on any line.
    pub empty: bool,
    /// What must be mended before it can be filed.
    pub invalid: u32,
    /// What should be looked at.
    pub deviating: u32,
    /// When it was changed last.
    pub changed: Moment,
    /// Until when it can be taken back out of the wastebasket.
    pub kept_until: Option<Day>,
    /// It went there because it was filed.
    pub filed: bool,
    /// It is a file as it was dropped, and opened as one.
    pub dropped: bool,
    /// The card that lies open of it.
    pub card: Option<String>,
}

/// Where a draft came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DraftOriginName {
    /// Typed.
    Typed,
    /// The codes of the company's last return.
    AsLast,
    /// A return that is being mended.
    Return,
    /// SAF-T files.
    Books,
    /// A spreadsheet.
    Sheet,
}

/// A draft as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftView {
    /// Key of the draft.
    pub id: String,
    /// Which revision this is: a change names the one it was made to.
    pub revision: u32,
    /// When it was written last.
    pub changed: Moment,
    /// It lies in the wastebasket.
    pub discarded: bool,
    /// Nine digits, or what was typed of them so far; none where nothing has been.
    pub org_number: Option<String>,
    /// The company's name, when known.
    pub company_name: Option<String>,
    /// What was typed is an organisation number.
    pub company_known: bool,
    /// Companies can be looked up in Enhetsregisteret.
    pub company_lookup: bool,
    /// Key of the period.
    pub period: String,
    /// Period in words.
    pub period_name: String,
    /// How long the company's periods are.
    pub kind: PeriodKindName,
    /// Category.
    pub category: CategoryName,
    /// Kind of period and category in words.
    pub kind_words: String,
    /// Periods that may be chosen, those of its own length first.
    pub periods: Vec<DraftPeriod>,
    /// When it is to be filed.
    pub deadline: Option<Day>,
    /// The period has ended.
    pub over: bool,
    /// What is to be paid, or with a minus got back.
    pub sum: Kroner,
    /// Nothing has been typed on any line: a nullmelding.
    pub empty: bool,
    /// Lines by theme, in the order of the code list.
    pub groups: Vec<DraftGroup>,
    /// KID for money back.
    pub kid: Option<String>,
    /// Remark of the whole return.
    pub remark: Option<DraftRemark>,
    /// Remarks that the whole return may have.
    pub remarks: Vec<DraftChoice>,
    /// Remarks that a line may have; lines name one of these lists.
    pub remark_lists: Vec<Vec<DraftChoice>>,
    /// What the rules say, and what is missing.
    pub findings: Vec<DraftFinding>,
    /// A change can be taken back.
    pub can_undo: bool,
    /// One that was taken back can be made again.
    pub can_redo: bool,
    /// Where it came from.
    pub origin: DraftOriginName,
    /// The file it came from.
    pub file: Option<String>,
    /// The company's last return before this one: that whose codes it began with, where it did.
    pub before: Option<DraftBefore>,
    /// Files that go with the return.
    pub attachments: Vec<AttachmentView>,
    /// What was delivered for the period before: this would replace it.
    pub filed: Option<DraftFiled>,
    /// The same period a year before.
    pub last_year: Option<DraftCompared>,
    /// What was mended of the file it came from.
    pub mended: Vec<DraftChange>,
    /// The card that was made of it as it stands.
    pub card: Option<String>,
    /// What the last change did beside what was typed.
    pub told: Vec<DraftTold>,
}

/// A period that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftPeriod {
    /// Its key.
    pub key: String,
    /// In words.
    pub name: String,
    /// How long it is.
    pub kind: PeriodKindName,
}

/// Lines of one theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftGroup {
    /// Theme.
    pub title: String,
    /// Its lines.
    pub lines: Vec<DraftLineView>,
}

/// A line of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftLineView {
    /// Which line it is; it keeps its number.
    pub id: u32,
    /// VAT code, where one is chosen.
    pub code: Option<String>,
    /// What the code means.
    pub description: String,
    /// The deduction of another line.
    pub deduction: bool,
    /// Specification, by its name in the list.
    pub specification: Option<String>,
    /// Specifications that the code may have.
    pub specifications: Vec<DraftChoice>,
    /// Remark.
    pub remark: Option<DraftRemark>,
    /// Which of the lists of remarks it may choose of.
    pub remark_list: u32,
    /// The accounting system's own code.
    pub own_code: Option<String>,
    /// It asks for a base.
    pub has_base: bool,
    /// Base.
    pub base: DraftCell,
    /// Rate, without the per-cent sign.
    pub rate: Option<String>,
    /// Rates that the code has in the period.
    pub rates: Vec<String>,
    /// VAT.
    pub vat: DraftCell,
    /// VAT was typed; otherwise it follows.
    pub vat_typed: bool,
    /// What VAT would be if it followed.
    pub computed: Option<Kroner>,
    /// By how much the VAT that was typed differs from that.
    pub off_by: Option<Kroner>,
}

/// An amount of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftCell {
    /// The amount.
    pub amount: Option<Kroner>,
    /// What was typed and is no amount.
    pub text: Option<String>,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftRemark {
    /// Its name in the list, or the person's own words.
    pub text: String,
    /// It is one of the list.
    pub chosen: bool,
}

/// Something of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftChoice {
    /// Its name there.
    pub value: String,
    /// In words.
    pub words: String,
}

/// A field of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DraftFieldName {
    /// The company.
    Company,
    /// The period.
    Period,
    /// The category.
    Category,
    /// KID.
    Kid,
    /// A line's code.
    Code,
    /// A line's specification.
    Specification,
    /// The accounting system's own code.
    OwnCode,
    /// A line's base.
    Base,
    /// A line's rate.
    Rate,
    /// A line's VAT.
    Vat,
    /// A remark, of a line or of the whole return.
    Remark,
}

/// What a rule says of a draft, or what is missing in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftFinding {
    /// Number in the list and on the line, from 1.
    pub number: u32,
    /// Rule, e.g. `"R020"`; none for what is missing.
    pub rule: Option<String>,
    /// Its official identifier; for what is missing a word of ours, e.g. `"company"`.
    pub identifier: String,
    /// How bad.
    pub severity: SeverityName,
    /// A few words, where a rule says them.
    pub title: Option<String>,
    /// What is wrong, with figures and names, where a rule says it.
    pub message: Option<String>,
    /// Which line.
    pub line: Option<u32>,
    /// Which field.
    pub field: Option<DraftFieldName>,
    /// What would clear it.
    pub fixes: Vec<DraftFix>,
}

/// A change that would clear a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftFix {
    /// What it does.
    pub kind: DraftFixKind,
    /// With what: an amount, a rate, a remark in words.
    pub value: String,
    /// The change.
    pub edit: DraftEdit,
}

/// What a change does that would clear a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DraftFixKind {
    /// Takes the VAT that base and rate give.
    UseVat,
    /// Takes the rate of the code.
    UseRate,
    /// Chooses a remark.
    ChooseRemark,
    /// Takes the KID away.
    RemoveKid,
    /// Takes the specification away.
    RemoveSpecification,
}

/// The last return before a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftBefore {
    /// Its period, in words.
    pub period: String,
    /// When it was delivered.
    pub at: Moment,
}

/// What was delivered for a period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftFiled {
    /// Key of the filing.
    pub filing: String,
    /// When it was delivered.
    pub at: Moment,
    /// What it came to.
    pub sum: Kroner,
}

/// A draft held against another return of the company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftCompared {
    /// Year of the other one.
    pub year: i32,
    /// Year of this one.
    pub this_year: i32,
    /// By code.
    pub rows: Vec<DraftComparedRow>,
    /// Sum of the other one.
    pub before: Kroner,
}

/// A code of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftComparedRow {
    /// VAT code.
    pub code: String,
    /// What the code means.
    pub description: String,
    /// Base, or VAT of a deduction, in the other one.
    pub before: Kroner,
    /// The same in this one.
    pub now: Kroner,
}

/// Something that was mended of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftChange {
    /// What kind of thing it is, as scripts know it.
    pub kind: String,
    /// The element, where it is about one.
    pub element: Option<String>,
    /// VAT code, where it is about a line.
    pub vat_code: Option<String>,
    /// What stood there, where something did.
    pub before: Option<String>,
    /// What stands there now, where something does.
    pub after: Option<String>,
    /// Line of the file.
    pub xml_line: u32,
}

/// What a change did beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum DraftTold {
    /// Øre were cut.
    Cut {
        /// These.
        ore: String,
    },
    /// A deduction got its minus.
    MadeNegative,
    /// It is no amount, and stands as typed.
    NotAnAmount,
    /// A line that deducts was made.
    DeductionAdded,
}

/// A change of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum DraftEdit {
    /// The company, as typed.
    Company {
        /// As typed.
        text: String,
    },
    /// The period.
    Period {
        /// Its key.
        key: String,
    },
    /// The category.
    Category {
        /// The category.
        category: CategoryName,
    },
    /// KID; empty takes it away.
    Kid {
        /// As typed.
        text: String,
    },
    /// The remark of the whole return, or of a line; none takes it away.
    Remark {
        /// The line; none for the whole return.
        line: Option<u32>,
        /// The remark.
        remark: Option<DraftRemark>,
    },
    /// What was typed in a field of a line.
    Type {
        /// The line.
        line: u32,
        /// The field.
        field: DraftFieldName,
        /// As typed.
        text: String,
    },
    /// A new line.
    Add {
        /// Its code, where one is chosen.
        code: Option<String>,
        /// After which line.
        after: Option<u32>,
    },
    /// A line again.
    Duplicate {
        /// The line.
        line: u32,
    },
    /// A line goes.
    Remove {
        /// The line.
        line: u32,
    },
    /// All lines go: a nullmelding.
    Clear,
}

/// A VAT code that a draft may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DraftCode {
    /// The code.
    pub code: String,
    /// Theme.
    pub theme: String,
    /// What it means.
    pub description: String,
    /// Its rates in the period.
    pub rates: Vec<String>,
}

/// How a company stands in Enhetsregisteret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CompanyStanding {
    /// Deleted, or taken out of the public register.
    Deleted,
    /// Bankrupt.
    Bankrupt,
    /// Being wound up.
    WindingUp,
    /// Not in the VAT register.
    NotRegisteredForVat,
    /// In the VAT register.
    Registered,
}

/// A company that was found in Enhetsregisteret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundCompany {
    /// Nine digits.
    pub org_number: String,
    /// Name, as the register writes it.
    pub name: String,
    /// How it stands.
    pub standing: CompanyStanding,
    /// The number that was asked for is of this branch of it.
    pub branch: Option<String>,
}
