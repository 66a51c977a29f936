//! What the window shows of the year's deadlines.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{CompanyView, Day, Moment};

/// How long a company's periods are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PeriodKindName {
    /// One month.
    Month,
    /// Two months: what most companies have.
    TwoMonths,
    /// Three months.
    ThreeMonths,
    /// Six months.
    SixMonths,
    /// Half a month.
    HalfMonth,
    /// An ISO week.
    Week,
    /// A year.
    Year,
}

/// What a company's returns are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CategoryName {
    /// Ordinary business.
    Ordinary,
    /// Primary industry.
    PrimaryIndustry,
    /// VAT compensation.
    Compensation,
    /// Reverse charge.
    ReverseCharge,
    /// The simplified scheme for e-commerce.
    ECommerce,
}

/// A year of deadlines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeadlinesView {
    /// Which year.
    pub year: i32,
    /// Norwegian date today.
    pub today: Day,
    /// One row a company and category, by the company's name.
    pub rows: Vec<DeadlineRow>,
    /// Companies that are known and not followed: they can be added.
    pub others: Vec<CompanyView>,
    /// From which day a company that is new here is best followed: nothing is late to begin with.
    pub starts: Vec<DutyStart>,
    /// The next deadline on which something is not filed yet.
    pub next: Option<NextDeadline>,
    /// The calendar file that is kept up to date.
    pub calendar_file: String,
    /// When that file was last written.
    pub calendar_at: Option<Moment>,
    /// Who works at the office, by name; nobody where this desk has no office register.
    pub staff: Vec<ColleagueView>,
}

/// Somebody who works at the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ColleagueView {
    /// Her role at the office register: names her to the commands.
    pub role: String,
    /// Her name.
    pub name: String,
    /// She is away: the last day.
    pub away_until: Option<Day>,
    /// The role of who stands in for her meanwhile, as she has said it.
    pub stand_in: Option<String>,
    /// The role of who acts for her: her own, or who stands in and is not away herself; none where all of them are away.
    pub acting: Option<String>,
    /// Whose desk this is.
    pub me: bool,
}

/// Who is responsible for a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ResponsibleView {
    /// Her role at the office register.
    pub role: String,
    /// Her name.
    pub name: String,
    /// It is the person at this desk, or she stands in.
    pub mine: bool,
    /// Who acts while she is away, by name: her stand-in, or that one's.
    pub stand_in: Option<String>,
}

/// The first day of the first period whose deadline has not passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DutyStart {
    /// Of this category.
    pub category: CategoryName,
    /// Of this length.
    pub kind: PeriodKindName,
    /// The day.
    pub from: Day,
}

/// A company's periods of one category in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineRow {
    /// Nine digits.
    pub org_number: String,
    /// Name, when known.
    pub company_name: Option<String>,
    /// Category of the returns.
    pub category: CategoryName,
    /// How long the periods are.
    pub kind: PeriodKindName,
    /// Both in words, e.g. "alminnelig næring, to måneder".
    pub kind_words: String,
    /// First day of the first period that is followed.
    pub from: Day,
    /// Chosen by the user; otherwise learnt from returns.
    pub chosen: bool,
    /// No reminders for this company.
    pub muted: bool,
    /// Who is responsible for it at the office; nobody, or no office register.
    pub responsible: Option<ResponsibleView>,
    /// The periods of the year, in order.
    pub cells: Vec<DeadlineCell>,
}

/// One period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeadlineCell {
    /// Names the company's period to the commands.
    pub key: String,
    /// Why it is open although there is a filing.
    pub because: Option<OpenBecause>,
    /// Why it is put aside.
    pub aside: Option<String>,
    /// It was delivered after its deadline.
    pub late: bool,
    /// In words.
    pub period: String,
    /// The month it is shown in, from 1: the first of a long period, and of a week the one it ends in.
    pub month: u8,
    /// Months it lasts; 0 for weeks and half months.
    pub months: u8,
    /// Statutory deadline, moved past weekends and holidays; none where there is none.
    pub deadline: Option<Day>,
    /// How it stands.
    pub state: DeadlineState,
    /// The filing that delivered it, or waits.
    pub filing: Option<String>,
    /// When it was delivered.
    pub filed_on: Option<Day>,
}

/// How a period stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DeadlineState {
    /// Delivered.
    Filed,
    /// A filing is under way and waits: for a signature, a sign-in or an answer.
    Waiting,
    /// Nothing delivered, and the deadline is within two weeks.
    Near,
    /// Nothing delivered, and the deadline has passed.
    Late,
    /// The deadline is further away.
    Later,
    /// Before the company was followed here.
    NotDue,
    /// Nothing will be delivered here; a person has said why.
    PutAside,
}

/// Why a period is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OpenBecause {
    /// Nothing has been delivered.
    NothingFiled,
    /// A filing is under way.
    UnderWay,
    /// It was delivered, and Skatteetaten rejected it.
    Rejected,
    /// It was delivered, and nobody has understood Skatteetaten's answer.
    Unclear,
}

/// The next deadline on which something is not filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NextDeadline {
    /// The day.
    pub day: Day,
    /// How many companies have filed nothing for it.
    pub remaining: u32,
    /// How many deadlines have passed with nothing filed.
    pub late: u32,
    /// How many are within two weeks.
    pub near: u32,
}

/// What the user says about a company's duty to file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DutyChoice {
    /// Nine digits.
    pub org_number: String,
    /// Category.
    pub category: CategoryName,
    /// How long the periods are.
    pub kind: PeriodKindName,
    /// First day from which periods are followed.
    pub from: Day,
}

/// One open deadline, as `momsbud-cli due` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DueView {
    /// Names the company's period to `due --put-aside`.
    pub key: String,
    /// Why it is open.
    pub because: OpenBecause,
    /// The filing that left it open.
    pub filing: Option<String>,
    /// The reason for which it is put aside.
    pub aside: Option<String>,
    /// The day.
    pub deadline: Day,
    /// Days until then; negative when it has passed.
    pub days: i32,
    /// Nine digits.
    pub org_number: String,
    /// Name, when known.
    pub company_name: Option<String>,
    /// Period in words.
    pub period: String,
    /// Kind of period and category in words.
    pub kind: String,
    /// Who is responsible for the company at the office; nobody, or no office register.
    pub responsible: Option<ResponsibleView>,
}

impl From<PeriodKindName> for vat_return::PeriodKind {
    fn from(name: PeriodKindName) -> Self {
        match name {
            PeriodKindName::Month => Self::Month,
            PeriodKindName::TwoMonths => Self::TwoMonths,
            PeriodKindName::ThreeMonths => Self::ThreeMonths,
            PeriodKindName::SixMonths => Self::SixMonths,
            PeriodKindName::HalfMonth => Self::HalfMonth,
            PeriodKindName::Week => Self::Week,
            PeriodKindName::Year => Self::Year,
        }
    }
}

impl From<vat_return::PeriodKind> for PeriodKindName {
    fn from(kind: vat_return::PeriodKind) -> Self {
        match kind {
            vat_return::PeriodKind::Month => Self::Month,
            vat_return::PeriodKind::TwoMonths => Self::TwoMonths,
            vat_return::PeriodKind::ThreeMonths => Self::ThreeMonths,
            vat_return::PeriodKind::SixMonths => Self::SixMonths,
            vat_return::PeriodKind::HalfMonth => Self::HalfMonth,
            vat_return::PeriodKind::Week => Self::Week,
            vat_return::PeriodKind::Year => Self::Year,
        }
    }
}

impl From<CategoryName> for vat_return::Category {
    fn from(name: CategoryName) -> Self {
        match name {
            CategoryName::Ordinary => Self::Ordinary,
            CategoryName::PrimaryIndustry => Self::PrimaryIndustry,
            CategoryName::Compensation => Self::Compensation,
            CategoryName::ReverseCharge => Self::ReverseCharge,
            CategoryName::ECommerce => Self::ECommerce,
        }
    }
}

impl From<vat_return::Category> for CategoryName {
    fn from(category: vat_return::Category) -> Self {
        match category {
            vat_return::Category::Ordinary => Self::Ordinary,
            vat_return::Category::PrimaryIndustry => Self::PrimaryIndustry,
            vat_return::Category::Compensation => Self::Compensation,
            vat_return::Category::ReverseCharge => Self::ReverseCharge,
            vat_return::Category::ECommerce => Self::ECommerce,
        }
    }
}
