//! Own codes to standard codes (facts, section 1, "TaxTable", and section 2).

use crate::answers::Answers;
use jiff::civil::Date;
use saf_t::{Ledger, Rate, TaxRow};
use vat_return::tables::{Code, tables};

/// What a standard code stands for on the way to the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// 3 31 32 33: base, rate and VAT.
    Output,
    /// 5 51 52, and 6: a base and no VAT.
    Untaxed,
    /// 1 11 12 13 14 15: VAT alone.
    Input,
    /// 81 83 86 88 91: output and deduction.
    ReverseDeducted,
    /// 82 84 87 89 92, and 85: output alone.
    Reverse,
}

/// The group of a standard code of the return.
pub fn group(code: u8) -> Group {
    match code {
        1 | 11..=15 => Group::Input,
        5 | 6 | 51 | 52 => Group::Untaxed,
        81 | 83 | 86 | 88 | 91 => Group::ReverseDeducted,
        82 | 84 | 85 | 87 | 89 | 92 => Group::Reverse,
        _ => Group::Output,
    }
}

/// Codes that a compensation return may have (`docs/facts/validation-rules.tsv`, R088).
pub(crate) fn is_compensated(code: u8) -> bool {
    matches!(code, 1 | 11 | 13..=15 | 81 | 83 | 86 | 88 | 91)
}

/// Codes whose rate is nothing, whatever the file says.
pub(crate) fn is_zero_rated(code: u8) -> bool {
    matches!(code, 5 | 6 | 51 | 52 | 85)
}

/// The statutory rate of a code on a day, if there is one.
pub(crate) fn statutory_rate(code: u8, on: Date) -> Option<Rate> {
    let written = tables().rates_of(Code::number(code), on, on).next()?;
    Rate::read(&written.replace(',', ".")).ok()
}

/// Whether a rate is one of the code on that day.
pub(crate) fn rate_applies(code: u8, rate: Rate, on: Date) -> bool {
    tables().rate_applies(Code::number(code), &rate.written(), on, on)
}

/// What an own code leads to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning<'a> {
    /// A code of the return, by a row of the table.
    Code { code: u8, row: Option<&'a Row> },
    /// 0 7 20 21 22, or VAT of another country.
    NotReported(&'a Row),
    /// No table, not in it, `NA`, not on the list, or no row on the day.
    Unmapped,
    /// Several rows that lead to different codes.
    Ambiguous,
}

/// A row of the table, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    from: Date,
    to: Date,
    pub(crate) rate: Option<Rate>,
    pub(crate) standard: Standard,
    /// The standard code as written.
    pub(crate) text: String,
    pub(crate) compensation: bool,
    /// Deductible shares below all of it.
    pub(crate) shares: Vec<Rate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standard {
    Code(u8),
    NotReported,
    Unknown,
}

impl Standard {
    /// What a standard code stands for, as it is written in a tax table or answered.
    pub(crate) fn of(text: &str) -> Self {
        match tables().code(text) {
            Some(code) => Self::Code(number(code)),
            None if matches!(text, "0" | "7" | "20" | "21" | "22") => Self::NotReported,
            None => Self::Unknown,
        }
    }
}

impl Row {
    fn read(row: &TaxRow) -> Self {
        let text = row.standard.trim().to_owned();
        let country = row.country.trim();
        let is_norwegian = country.is_empty() || ["NO", "NOR"].iter().any(|name| country.eq_ignore_ascii_case(name));
        let standard = if is_norwegian { Standard::of(&text) } else { Standard::NotReported };
        let mut shares: Vec<Rate> =
            row.shares.iter().copied().filter(|share| (Rate::ZERO..Rate::HUNDRED).contains(share)).collect();
        shares.sort_unstable();
        shares.dedup();
        Self {
            from: row.from.unwrap_or(Date::MIN),
            to: row.to.unwrap_or(Date::MAX),
            rate: row.rate,
            standard,
            text,
            compensation: row.compensation,
            shares,
        }
    }
}

fn number(code: Code) -> u8 {
    code.to_string().parse().unwrap_or(0)
}

/// All own codes of a ledger, with their rows.
#[derive(Debug)]
pub(crate) struct Codes {
    rows: Vec<Vec<Row>>,
    answered: Vec<Option<Row>>,
    /// Whether there is a tax table at all.
    pub(crate) has_table: bool,
    /// Whether it says of any code that it is compensated.
    pub(crate) has_compensation: bool,
}

impl Codes {
    pub(crate) fn of(ledger: &Ledger, answers: &Answers) -> Self {
        let rows: Vec<Vec<Row>> = ledger.codes.iter().map(|code| code.rows.iter().map(Row::read).collect()).collect();
        let answered = ledger.codes.iter().zip(&rows).map(|(code, rows)| {
            let text = answers.standard_code(&code.text)?;
            let known = rows.first();
            let row = Row {
                from: Date::MIN,
                to: Date::MAX,
                rate: known.and_then(|row| row.rate),
                standard: Standard::Unknown,
                text: text.to_owned(),
                compensation: known.is_some_and(|row| row.compensation),
                shares: known.map(|row| row.shares.clone()).unwrap_or_default(),
            };
            let standard = Standard::of(text);
            (standard != Standard::Unknown).then_some(Row { standard, ..row })
        });
        let answered = answered.collect();
        let has_table = rows.iter().any(|rows| !rows.is_empty());
        let has_compensation = rows.iter().flatten().any(|row| row.compensation);
        Self { rows, answered, has_table, has_compensation }
    }

    /// What an own code leads to on a day, with the rate of the line where it helps to choose.
    ///
    /// Of several rows that fit, those with the line's rate come first, then the latest start (facts, section 1).
    pub(crate) fn meaning(&self, own: usize, on: Date, rate: Option<Rate>) -> Meaning<'_> {
        if let Some(Some(row)) = self.answered.get(own) {
            return as_meaning(row);
        }
        let rows = self.rows.get(own).map(Vec::as_slice).unwrap_or_default();
        let fitting = || rows.iter().filter(|row| row.from <= on && on <= row.to);
        let mut chosen: Vec<&Row> = match fitting().nth(1) {
            None => return fitting().next().map_or(Meaning::Unmapped, as_meaning),
            Some(_) => fitting().collect(),
        };
        if let Some(rate) = rate
            && chosen.iter().any(|row| row.rate == Some(rate))
        {
            chosen.retain(|row| row.rate == Some(rate));
        }
        let latest = chosen.iter().map(|row| row.from).max();
        chosen.retain(|row| Some(row.from) == latest);
        match chosen.as_slice() {
            [] => Meaning::Unmapped,
            [first, rest @ ..] => {
                if rest.iter().any(|row| row.standard != first.standard || row.text != first.text) {
                    Meaning::Ambiguous
                } else {
                    as_meaning(first)
                }
            }
        }
    }
}

fn as_meaning(row: &Row) -> Meaning<'_> {
    match row.standard {
        Standard::Code(code) => Meaning::Code { code, row: Some(row) },
        Standard::NotReported => Meaning::NotReported(row),
        Standard::Unknown => Meaning::Unmapped,
    }
}
