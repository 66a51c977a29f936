//! Rates (sats) and the days they apply.

use super::tsv;
use jiff::civil::Date;

/// The class of rates a code has (`satstype`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// `alminnelig sats`.
    Standard,
    /// `redusert sats, næringsmiddel`.
    Medium,
    /// `redusert sats`.
    Low,
    /// `redusert sats, råfisk`.
    RawFish,
    /// `nullsats`.
    Zero,
}

impl RateClass {
    pub(super) fn read(cell: &str) -> Option<Self> {
        Some(match cell {
            "standard" => Self::Standard,
            "medium" => Self::Medium,
            "low" => Self::Low,
            "raw fish" => Self::RawFish,
            "zero" => Self::Zero,
            _ => return None,
        })
    }
}

/// A rate and the days it applies.
#[derive(Debug, Clone)]
pub struct RateRow {
    /// In per cent, as a return writes it: with a decimal comma.
    pub rate: &'static str,
    /// The class of codes it is for.
    pub class: RateClass,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

pub(super) fn read(text: &'static str) -> Vec<RateRow> {
    tsv::rows(text)
        .filter_map(|row| {
            Some(RateRow {
                rate: tsv::cell(&row, 0),
                class: RateClass::read(tsv::cell(&row, 1))?,
                from: tsv::day(tsv::cell(&row, 2), Date::MIN)?,
                to: tsv::day(tsv::cell(&row, 3), Date::MAX)?,
            })
        })
        .collect()
}
