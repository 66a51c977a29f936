//! VAT codes (mvaKode) and sets of them.

use super::{Categories, RateClass, tsv};
use std::fmt;

/// One more than the highest number a code may have.
pub(super) const NUMBERS: usize = 100;

/// A VAT code of the list, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u8);

impl Code {
    /// The code with this number; the list is not asked.
    pub const fn number(number: u8) -> Self {
        Self(number)
    }

    /// One or two digits without a leading zero: whether the list has it is another question.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        match *text.as_bytes() {
            [ones @ b'1'..=b'9'] => Some(Self(ones - b'0')),
            [tens @ b'1'..=b'9', ones @ b'0'..=b'9'] => Some(Self((tens - b'0') * 10 + ones - b'0')),
            _ => None,
        }
    }

    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A set of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CodeSet(u128);

impl CodeSet {
    /// No code.
    pub const NONE: Self = Self(0);
    /// Every code, listed or not.
    pub const ANY: Self = Self(u128::MAX);

    /// The codes with these numbers.
    pub const fn of(numbers: &[u8]) -> Self {
        let mut bits = 0;
        let mut rest = numbers;
        while let [number, others @ ..] = rest {
            bits |= 1 << *number;
            rest = others;
        }
        Self(bits)
    }

    /// The set with one more code.
    pub const fn and(self, code: Code) -> Self {
        Self(self.0 | 1 << code.0)
    }

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Every code that is not in the set.
    pub const fn others(self) -> Self {
        Self(!self.0)
    }

    /// Whether the code is in the set.
    pub const fn has(self, code: Code) -> bool {
        self.0 & 1 << code.0 != 0
    }

    /// Whether the sets have a code in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The codes, smallest number first.
    pub fn iter(self) -> impl Iterator<Item = Code> {
        (0..128_u8).map(Code).filter(move |code| self.has(*code))
    }
}

/// What a code stands for in a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Input tax: a deduction, without base and rate.
    Input,
    /// Output tax, with base and rate.
    Output,
    /// Output tax where the line has a base, the deduction where it has none.
    Both,
}

/// The themes a return is set out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Sales in Norway.
    Sales,
    /// Exports.
    Exports,
    /// Purchases in Norway.
    Purchases,
    /// Goods from abroad.
    GoodsFromAbroad,
    /// Services from abroad.
    ServicesFromAbroad,
    /// Fish and other wild marine resources.
    Fish,
    /// Emission allowances and gold.
    AllowancesAndGold,
}

impl Theme {
    fn read(cell: &str) -> Option<Self> {
        Some(match cell {
            "sales" => Self::Sales,
            "exports" => Self::Exports,
            "purchases" => Self::Purchases,
            "goods from abroad" => Self::GoodsFromAbroad,
            "services from abroad" => Self::ServicesFromAbroad,
            "fish" => Self::Fish,
            "allowances and gold" => Self::AllowancesAndGold,
            _ => return None,
        })
    }
}

/// A row of the list of codes.
#[derive(Debug, Clone)]
pub struct CodeRow {
    /// The code.
    pub code: Code,
    /// Input, output or both.
    pub direction: Direction,
    /// The class of rates; code 6 has none.
    pub rate_class: Option<RateClass>,
    /// Categories of return that may use it.
    pub categories: Categories,
    /// Theme.
    pub theme: Theme,
    /// Place of the theme, and of the code within it.
    pub order: (u8, u8),
    /// The same in a return of category `omvendtAvgiftsplikt`.
    pub reverse_charge_order: Option<(u8, u8)>,
}

pub(super) fn read(text: &'static str) -> Vec<CodeRow> {
    let mut codes: Vec<CodeRow> = tsv::rows(text).filter_map(|row| read_row(&row)).collect();
    codes.sort_by_key(|row| row.code);
    codes
}

fn read_row(row: &[&'static str]) -> Option<CodeRow> {
    let cell = |column| tsv::cell(row, column);
    Some(CodeRow {
        code: Code::of_text(cell(0))?,
        direction: match cell(3) {
            "input" => Direction::Input,
            "output" => Direction::Output,
            "both" => Direction::Both,
            _ => return None,
        },
        rate_class: RateClass::read(cell(4)),
        categories: Categories::read(cell(5)),
        theme: Theme::read(cell(7))?,
        order: read_order(cell(8))?,
        reverse_charge_order: read_order(cell(9)),
    })
}

/// `3.1`: theme 3, first code.
fn read_order(cell: &str) -> Option<(u8, u8)> {
    let (theme, code) = cell.split_once('.')?;
    Some((theme.parse().ok()?, code.parse().ok()?))
}
