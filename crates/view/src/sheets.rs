//! A spreadsheet as it was understood: what each column was taken for, what became of each row, which drafts it gives.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Kroner;

/// A spreadsheet, understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetView {
    /// Its name; none for what was pasted.
    pub file: Option<String>,
    /// The names of its sheets.
    pub sheets: Vec<String>,
    /// Which of them this is, from 0.
    pub sheet: u32,
    /// The names of sheets that are hidden, and not read.
    pub hidden: Vec<String>,
    /// Its columns.
    pub columns: Vec<SheetColumn>,
    /// Its rows, as many as are shown.
    pub rows: Vec<SheetRow>,
    /// How many there are.
    pub row_count: u32,
    /// Rows that become lines.
    pub lines: u32,
    /// Rows that do not, though they should.
    pub troubles: u32,
    /// Øre were cut on some.
    pub cut: bool,
    /// Deductions got their minus on some.
    pub made_negative: bool,
    /// What the columns are was remembered.
    pub remembered: bool,
    /// The drafts it gives.
    pub drafts: Vec<SheetDraft>,
    /// Columns that are not read, because another one has their meaning.
    pub repeated: Vec<SheetRepeated>,
    /// Names of other sheets that give lines too.
    pub others: Vec<String>,
    /// Some numbers may be read in two ways.
    pub ambiguous: bool,
    /// What stands before decimals, where a person has said it.
    pub decimals: Option<SheetDecimals>,
}

/// A column that is not read, because another one has its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetRepeated {
    /// Its letter.
    pub column: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The letter of the one that is read.
    pub first: String,
}

/// What stands before the decimals of numbers that are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SheetDecimals {
    /// A comma.
    Comma,
    /// A point.
    Point,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetColumn {
    /// From 0.
    pub column: u32,
    /// Its name, or its letter where it has none.
    pub name: String,
    /// What it was taken for.
    pub meaning: SheetMeaning,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SheetMeaning {
    /// VAT code.
    Code,
    /// The accounting system's own code.
    OwnCode,
    /// Base.
    Base,
    /// Rate.
    Rate,
    /// VAT.
    Vat,
    /// Specification.
    Specification,
    /// Remark.
    Remark,
    /// The company's number.
    Company,
    /// The period.
    Period,
    /// Nothing of a return.
    Nothing,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetRow {
    /// From 1, as the spreadsheet counts.
    pub number: u32,
    /// Its cells, one for each of the columns.
    pub cells: Vec<String>,
    /// What became of it.
    pub outcome: SheetOutcome,
    /// The code of its line.
    pub code: Option<String>,
    /// Base of its line.
    pub base: Option<Kroner>,
    /// VAT of its line.
    pub vat: Option<Kroner>,
    /// What is wrong with it.
    pub troubles: Vec<SheetTrouble>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SheetOutcome {
    /// A line.
    Line,
    /// It names the columns.
    Heading,
    /// It says something of the whole return.
    About,
    /// A sum of others.
    Sum,
    /// Words alone.
    Words,
    /// A code without any amount.
    Empty,
    /// It is no line until something is mended.
    Trouble,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetTrouble {
    /// `B17`.
    pub address: String,
    /// What it holds.
    pub text: String,
    /// What is wrong.
    pub kind: SheetTroubleKind,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SheetTroubleKind {
    /// A formula gave an error.
    Formula,
    /// It is no amount.
    NotAnAmount,
    /// It may be read in two ways.
    Ambiguous,
    /// It has more digits than an amount has.
    TooLarge,
    /// A day where an amount belongs.
    Day,
    /// No code of the list.
    UnknownCode,
    /// No specification of the list.
    UnknownSpecification,
    /// No organisation number.
    Company,
    /// No period.
    Period,
    /// Amounts and no code.
    NoCode,
    /// Another table, with other columns.
    OtherColumns,
    /// A figure in a column without a name, where commas separate the cells.
    SurplusCell,
    /// The sheet has more returns than are made of one.
    TooManyReturns,
    /// Its return has more lines than are taken into one.
    TooManyLines,
}

/// A draft that a spreadsheet gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetDraft {
    /// Nine digits, where the sheet says them.
    pub org_number: Option<String>,
    /// The company's name, when known.
    pub company_name: Option<String>,
    /// Period in words.
    pub period: String,
    /// Sum.
    pub sum: Kroner,
    /// Lines.
    pub lines: u32,
    /// A draft of the same company and period lies there already.
    pub another: bool,
    /// The only one that does: the lines may be taken into it.
    pub there: Option<SheetThere>,
    /// It is of another company or period than the draft that the sheet was brought to.
    pub elsewhere: bool,
}

/// A draft that lies there, and what it would become with the lines of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetThere {
    /// Its key.
    pub id: String,
    /// Its revision: what was looked at.
    pub revision: u32,
    /// Its lines.
    pub lines: u32,
    /// Its sum.
    pub before: Kroner,
    /// Its sum with the lines of the sheet behind its own.
    pub added: Kroner,
    /// Its sum with the lines of the sheet in place of its own.
    pub replaced: Kroner,
}

/// A draft that takes the lines of a sheet, as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetInto {
    /// Its key.
    pub id: String,
    /// Its revision.
    pub revision: u32,
}

/// Which form a draft is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DraftForm {
    /// As a return.
    Xml,
    /// On the template.
    Sheet,
    /// The template alone, without its lines.
    Template,
}
