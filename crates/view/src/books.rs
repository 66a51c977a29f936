//! A SAF-T delivery that lies open: whose books it is, which periods it gives, and the return that comes of it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{BooksVoucher, CategoryName, Day, FilingState, Kroner, Moment, PeriodKindName};

/// A SAF-T delivery that lies open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksView {
    /// Key of the delivery.
    pub id: String,
    /// Its files.
    pub files: Vec<BooksFile>,
    /// How far it has come.
    pub state: BooksState,
    /// Thousands of bytes read so far, while it is being read.
    pub done: u32,
    /// Thousands of bytes to read.
    pub total: u32,
    /// Why it cannot be used.
    pub problem: Option<BooksProblem>,
    /// What is in it, once it has been read.
    pub book: Option<BookView>,
}

/// A file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksFile {
    /// Its name, without folder.
    pub name: String,
    /// Thousands of bytes.
    pub size: u32,
    /// SHA-256, hexadecimal; none until it has been read.
    pub sha256: Option<String>,
}

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BooksState {
    /// It is being read.
    Reading,
    /// It cannot be used.
    Refused,
    /// It has been read.
    Open,
}

/// Why a delivery cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksProblem {
    /// The reader's word for it, e.g. `"truncated"`.
    pub kind: String,
    /// The file it was seen in.
    pub file: Option<String>,
    /// What is wrong, as a heading.
    pub title: String,
    /// The same with places, numbers and names.
    pub text: String,
    /// What to do.
    pub todo: String,
    /// For a supporter, in English.
    pub details: String,
}

/// What a delivery holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BookView {
    /// Version by structure, e.g. `"1.30"`.
    pub version: String,
    /// The company's name, as the file has it.
    pub company: String,
    /// Nine digits.
    pub org_number: Option<String>,
    /// Several companies that are registered together: their numbers.
    pub several: Vec<String>,
    /// Whether the person who is signed in may file for it.
    pub may_file: MayFile,
    /// The accounting system, e.g. `"Balanse 8.2"`.
    pub system: String,
    /// When the file was made, as it says.
    pub created: Option<Day>,
    /// First day that the file covers.
    pub from: Option<Day>,
    /// Last day that the file covers.
    pub to: Option<Day>,
    /// Vouchers.
    pub vouchers: u32,
    /// Lines.
    pub lines: u32,
    /// When it was read.
    pub read_at: Moment,
    /// How long the periods are.
    pub kind: PeriodKindName,
    /// Category of the return.
    pub category: CategoryName,
    /// Kind and category are those of returns that were filed for the company.
    pub learnt: bool,
    /// Periods that there are vouchers with VAT in.
    pub periods: Vec<BooksPeriod>,
    /// Key of the period that is looked at, once one is chosen.
    pub chosen: Option<String>,
    /// Facts about the file.
    pub facts: Vec<BooksFact>,
    /// The return as it stands; nothing before a period is chosen.
    pub draft: Option<BooksDraft>,
    /// The file goes into the archive with the return.
    pub keep_file: bool,
    /// Key of the card that was made of it.
    pub made: Option<String>,
}

/// Whether a person may file for a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MayFile {
    /// She may.
    Yes,
    /// The authority does not name the company among hers.
    No,
    /// Nobody is signed in, or the authority has not said.
    Unknown,
}

/// A fact about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksFact {
    /// Nothing has to be done about it.
    pub good: bool,
    /// A few words.
    pub title: String,
    /// More of it.
    pub text: String,
}

/// A period that a delivery gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksPeriod {
    /// Key, e.g. `"2026-2"`.
    pub key: String,
    /// In words, e.g. "Mars–april 2026".
    pub name: String,
    /// Vouchers with VAT in it, by date.
    pub vouchers: u32,
    /// What the return would come to.
    pub sum: Kroner,
    /// Days that no file covers, in words.
    pub missing: Option<String>,
    /// It has ended.
    pub over: bool,
    /// When it is to be filed.
    pub deadline: Option<Day>,
    /// It is the one that is due.
    pub due: bool,
    /// What was filed for it before.
    pub filed: Option<BooksFiled>,
}

/// What was filed for a period before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksFiled {
    /// Key of the filing.
    pub filing: String,
    /// When it was delivered.
    pub at: Moment,
    /// What it came to.
    pub sum: Kroner,
    /// How it stands.
    pub state: FilingState,
    /// The same sum as the file gives now.
    pub same: bool,
}

/// The return that comes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksDraft {
    /// Period in words.
    pub period: String,
    /// Kind of period and category in words.
    pub kind: String,
    /// When it is to be filed.
    pub deadline: Option<Day>,
    /// Vouchers that it is made of.
    pub vouchers: u32,
    /// What is to be paid, or with a minus got back.
    pub sum: Kroner,
    /// Lines by theme.
    pub groups: Vec<BooksGroup>,
    /// What it is held against.
    pub controls: BooksControls,
    /// What was asked, the largest effect first; answered ones last.
    pub questions: Vec<BooksQuestion>,
    /// Open questions.
    pub open: u32,
    /// Open questions that must be answered before the return can be made.
    pub must: u32,
    /// What was assumed, counted.
    pub assumed: Vec<String>,
    /// What is worth knowing.
    pub warnings: Vec<String>,
    /// Own codes that stay out, with what they are mapped to.
    pub not_reported: Vec<String>,
    /// Held against what was filed before for the period.
    pub since: Option<BooksSince>,
    /// The latest returns of the company before it.
    pub recent: Vec<BooksRecent>,
}

/// Lines of one theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksGroup {
    /// Theme.
    pub title: String,
    /// Its lines.
    pub lines: Vec<BooksLine>,
}

/// A line of the return to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksLine {
    /// Key of the line: vouchers are asked for by it.
    pub index: u32,
    /// VAT code.
    pub code: String,
    /// What the code means.
    pub description: String,
    /// Specification in words.
    pub specification: Option<String>,
    /// Remark in words.
    pub remark: Option<String>,
    /// Base.
    pub base: Option<Kroner>,
    /// Rate.
    pub rate: Option<String>,
    /// VAT.
    pub vat: Kroner,
    /// The deduction of the line above.
    pub deduction: bool,
    /// Vouchers behind it.
    pub vouchers: u32,
    /// By own code.
    pub own: Vec<BooksOwn>,
}

/// The share of an own code in a line. Amounts are in kroner with øre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksOwn {
    /// The accounting system's code; empty where there is none.
    pub code: String,
    /// What the accounting system calls it.
    pub name: String,
    /// Vouchers.
    pub vouchers: u32,
    /// Base.
    pub base: Option<Kroner>,
    /// VAT.
    pub vat: Kroner,
}

/// What a draft is held against: three control totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksControls {
    /// The return's VAT, with øre.
    pub vat: Kroner,
    /// What the VAT accounts gave, with øre; none where the books are kept in another currency.
    pub movement: Option<Kroner>,
    /// The return less the accounts.
    pub difference: Option<Kroner>,
    /// They agree but for what falls away below a krone.
    pub agrees: bool,
    /// Every øre of the difference has a cause.
    pub explained: bool,
    /// What has none.
    pub unexplained: Kroner,
    /// The accounts that were counted.
    pub accounts: Vec<BooksAccount>,
    /// Why they differ: always the same rows.
    pub causes: Vec<BooksCause>,
    /// Base times rate less VAT, over all lines.
    pub rate_difference: Kroner,
    /// Lines on which it misses by more than the authority allows.
    pub rate_misses: u32,
    /// What the income accounts moved.
    pub sales: Kroner,
    /// Bases of sales.
    pub bases: Kroner,
    /// Income without a code, by account.
    pub uncoded: Vec<BooksAccount>,
}

/// An account and what it moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksAccount {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is counted: output, input, settlement, none.
    pub kind: String,
    /// What it moved.
    pub amount: Kroner,
}

/// A cause of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksCause {
    /// Which row.
    pub cause: CauseName,
    /// Vouchers.
    pub vouchers: u32,
    /// Some of them, by index and number.
    pub examples: Vec<BooksExample>,
    /// How much, with øre.
    pub amount: Kroner,
    /// The question that stands for it, where one is open.
    pub question: Option<String>,
}

/// A voucher, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksExample {
    /// Its index.
    pub voucher: u32,
    /// Its number.
    pub number: String,
}

/// Why return and VAT accounts differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CauseName {
    /// Posted on a VAT account without a code.
    NoCode,
    /// The voucher's date lies in another period.
    OtherPeriod,
    /// Øre that fall away.
    Ore,
    /// A code without VAT posted.
    NoVat,
    /// Another rate, share or amount than the code has.
    Rate,
    /// Own codes that lead nowhere.
    Unmapped,
    /// Settlements, left out.
    Settled,
}

/// A question of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksQuestion {
    /// Key of the question.
    pub id: String,
    /// The kind, as scripts know it.
    pub kind: String,
    /// What is asked.
    pub title: String,
    /// What it is about.
    pub text: String,
    /// What the answer may change, in kroner, with its sign where that is known.
    pub effect: Kroner,
    /// It must be answered before the return can be made.
    pub must: bool,
    /// The answer in words, once there is one.
    pub answer: Option<String>,
    /// It was answered the last time, and is remembered.
    pub remembered: bool,
    /// Vouchers it is about.
    pub vouchers: u32,
}

/// A question, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksQuestionView {
    /// The question.
    pub question: BooksQuestion,
    /// The vouchers it is about, the first of them.
    pub vouchers: Vec<BooksVoucher>,
    /// What may be answered.
    pub options: Vec<BooksOption>,
    /// What may be answered beside the options.
    pub free: FreeAnswer,
    /// The answer that was given.
    pub given: Option<String>,
    /// What is remembered for the next file, in words; nothing where an answer is for this file only.
    pub lasting: Option<String>,
}

/// What may be answered beside the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FreeAnswer {
    /// Nothing.
    None,
    /// One of the list of standard codes.
    Code,
    /// An organisation number.
    OrgNumber,
    /// A remark in words of one's own.
    Remark,
    /// An amount in kroner.
    Amount,
    /// A KID.
    Kid,
    /// A share in per cent.
    Share,
}

/// An answer that may be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksOption {
    /// The answer.
    pub answer: String,
    /// What it is.
    pub title: String,
    /// What follows from it.
    pub detail: String,
    /// What it changes.
    pub effect: Kroner,
    /// What the return comes to then.
    pub sum: Kroner,
    /// The file makes it likely.
    pub suggested: bool,
}

/// A draft held against what was filed before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksSince {
    /// Key of the earlier filing.
    pub filing: String,
    /// When it was delivered.
    pub at: Moment,
    /// What it came to.
    pub sum: Kroner,
    /// Its vouchers are known: it was made here.
    pub known: bool,
    /// Vouchers that are new, the first of them.
    pub added: Vec<BooksChange>,
    /// Vouchers that are gone.
    pub removed: Vec<BooksChange>,
    /// Vouchers that give something else.
    pub changed: Vec<BooksChange>,
    /// How many there are of all three.
    pub count: u32,
}

/// A voucher that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksChange {
    /// Journal, number and date.
    pub voucher: String,
    /// What it changes of the VAT, with øre.
    pub vat: Kroner,
}

/// A return of the company from before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksRecent {
    /// Period in words.
    pub period: String,
    /// Sum.
    pub sum: Kroner,
    /// Output VAT.
    pub output: Kroner,
    /// Deductions.
    pub input: Kroner,
}

/// What a return was made of: shown on its card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OriginView {
    /// Key of the delivery it was made of, where that still lies open.
    pub books: Option<String>,
    /// Its files.
    pub files: Vec<BooksFile>,
    /// Vouchers it was made of.
    pub vouchers: u32,
    /// Answers that were given.
    pub answers: u32,
    /// When it was made.
    pub made_at: Moment,
}

/// Answers that are remembered for a company and its accounting system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksMemory {
    /// Nine digits.
    pub org_number: String,
    /// The company's name, where it is known.
    pub company: Option<String>,
    /// The accounting system.
    pub system: String,
    /// The answers.
    pub answers: Vec<BooksRemembered>,
}

/// A remembered answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksRemembered {
    /// Key of the question.
    pub id: String,
    /// What was asked.
    pub title: String,
    /// What it was about, where there can be several of a kind.
    pub about: Option<String>,
    /// The answer in words.
    pub answer: String,
    /// Only for this period; for every one where there is none.
    pub period: Option<String>,
}

/// A sample SAF-T file of the practice environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksSample {
    /// Its key.
    pub id: String,
    /// The company.
    pub company: String,
    /// What it shows.
    pub about: String,
}
