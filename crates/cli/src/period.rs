//! Which return is meant: period and category, as options say them.

use crate::Failure;
use crate::console::Console;
use jiff::civil::Date;
use shown::Shown;
use vat_return::{Category, Period, PeriodKind};

/// Period and category of what does not say them itself.
#[derive(Debug, clap::Args)]
pub(crate) struct ReturnArgs {
    /// The period as YEAR-NUMBER, e.g. 2026-5.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Which periods the company has.
    #[arg(long, value_enum, default_value_t = KindChoice::TwoMonths)]
    kind: KindChoice,
    /// Category of the return.
    #[arg(long, value_enum, default_value_t = CategoryChoice::Alminnelig)]
    category: CategoryChoice,
}

impl ReturnArgs {
    pub(crate) fn kind(&self) -> PeriodKind {
        self.kind.into()
    }

    pub(crate) fn category(&self) -> Category {
        self.category.into()
    }

    /// The period, where one was given.
    pub(crate) fn period(&self, console: &Console<'_>) -> Result<Option<Period>, Failure> {
        self.period.as_deref().map(|text| period(text, self.kind(), console)).transpose()
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum KindChoice {
    /// Weeks.
    Week,
    /// Half months.
    HalfMonth,
    /// Months.
    Month,
    /// Two months.
    TwoMonths,
    /// Quarters.
    Quarter,
    /// Half years.
    HalfYear,
    /// Years.
    Year,
}

impl From<KindChoice> for PeriodKind {
    fn from(choice: KindChoice) -> Self {
        match choice {
            KindChoice::Week => Self::Week,
            KindChoice::HalfMonth => Self::HalfMonth,
            KindChoice::Month => Self::Month,
            KindChoice::TwoMonths => Self::TwoMonths,
            KindChoice::Quarter => Self::ThreeMonths,
            KindChoice::HalfYear => Self::SixMonths,
            KindChoice::Year => Self::Year,
        }
    }
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum CategoryChoice {
    /// Ordinary business.
    Alminnelig,
    /// Primary industry.
    Primaernaering,
    /// VAT compensation.
    Kompensasjon,
    /// Reverse charge.
    #[value(name = "omvendtAvgiftsplikt", alias = "omvendt-avgiftsplikt")]
    OmvendtAvgiftsplikt,
}

impl From<CategoryChoice> for Category {
    fn from(choice: CategoryChoice) -> Self {
        match choice {
            CategoryChoice::Alminnelig => Self::Ordinary,
            CategoryChoice::Primaernaering => Self::PrimaryIndustry,
            CategoryChoice::Kompensasjon => Self::Compensation,
            CategoryChoice::OmvendtAvgiftsplikt => Self::ReverseCharge,
        }
    }
}

/// Reads `2026-5` as a period of the kind.
pub(crate) fn period(text: &str, kind: PeriodKind, console: &Console<'_>) -> Result<Period, Failure> {
    let parts = text.split_once('-').map(|(year, index)| (year.parse::<i32>(), index.parse::<u8>()));
    let found = match parts {
        Some((Ok(year), Ok(index))) if (1900..3000).contains(&year) => Some(Period { kind, index, year }),
        _ => None,
    };
    // Of the years only some have a week 53.
    let last = |year| (1..=kind.count()).rev().find(|index| Period { kind, index: *index, year }.exists());
    let count = found.and_then(|period| last(period.year)).unwrap_or(kind.count());
    match found.filter(|period| (1..=count).contains(&period.index)) {
        Some(period) => Ok(period),
        None => {
            let (from, such_as) = (
                crate::text(console.language, "period.aYearAndANumber"),
                crate::text(console.language, "period.eG20261"),
            );
            Err(format!("--period {}: {from} {}, {such_as}", Shown::line(text), count).into())
        }
    }
}

/// The last period of a kind that was over before a day: the one a return is due for.
pub(crate) fn last_over(kind: PeriodKind, today: Date) -> Period {
    let year = i32::from(today.year());
    let all =
        [year - 1, year].into_iter().flat_map(|year| (1..=kind.count()).map(move |index| Period { kind, index, year }));
    let over = all.filter(|period| period.exists() && period.last_day() < today);
    over.max_by_key(Period::last_day).unwrap_or(Period { kind, index: 1, year })
}
