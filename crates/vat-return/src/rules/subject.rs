//! The return as the rules look at it: every line with its code recognised and its traits noted, once.
//!
//! Most rules ask for lines with some traits, and most returns have none of them. So the traits of all lines
//! are also kept together, and a question that no line can answer costs a few instructions.

use super::rates;
use crate::amount::Sum;
use crate::context::Context;
use crate::model::{Category, Line, Position, Remark, VatReturn};
use crate::tables::{Code, CodeSet, Specification, Tables, tables};
use jiff::civil::Date;
use rust_decimal::Decimal;
use smallvec::SmallVec;
use std::ops::BitOr;

/// The codes that are output tax with a base and the deduction without one.
pub(super) const BOTH: CodeSet = CodeSet::of(&[81, 83, 86, 88, 91]);
/// The codes of input tax.
pub(super) const INPUT: CodeSet = CodeSet::of(&[1, 11, 12, 13, 14, 15]);
/// The codes of output tax.
pub(super) const OUTPUT: CodeSet = CodeSet::of(&[3, 5, 6, 31, 32, 33, 51, 52, 82, 84, 85, 87, 89, 92]);
/// The code given to a line whose code is not in the list.
const UNKNOWN: Code = Code::number(0);

/// What a line has or is; a set of the constants below.
///
/// A text that is empty or blank counts as absent (facts, notes to the rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Traits(u32);

impl Traits {
    /// `grunnlag`.
    pub(super) const BASE: Self = Self(1);
    /// `sats`.
    pub(super) const RATE: Self = Self(1 << 1);
    /// `grunnlag` or `sats` or both.
    pub(super) const BASE_OR_RATE: Self = Self(1 << 2);
    /// `grunnlag` and `sats`.
    pub(super) const BASE_AND_RATE: Self = Self(1 << 3);
    /// `spesifikasjon`, listed or not.
    pub(super) const SPECIFICATION: Self = Self(1 << 4);
    /// A remark, described or chosen.
    pub(super) const REMARK: Self = Self(1 << 5);
    /// A chosen remark.
    pub(super) const CHOSEN_REMARK: Self = Self(1 << 6);
    /// `grunnlag` below zero.
    pub(super) const NEGATIVE_BASE: Self = Self(1 << 7);
    /// `grunnlag` above zero.
    pub(super) const POSITIVE_BASE: Self = Self(1 << 8);
    /// `merverdiavgift` above zero.
    pub(super) const POSITIVE_VAT: Self = Self(1 << 9);
    /// `merverdiavgift` of zero.
    pub(super) const NO_VAT: Self = Self(1 << 10);
    /// `grunnlag` or `merverdiavgift` that is not whole kroner.
    pub(super) const FRACTION: Self = Self(1 << 11);
    /// The tax is not below the base.
    pub(super) const VAT_REACHES_BASE: Self = Self(1 << 12);

    /// `sats` is no rate of the code (R003).
    pub(super) const WRONG_RATE: Self = Self(1 << 13);
    /// `grunnlag` × `sats` is not `merverdiavgift` (R019).
    pub(super) const WRONG_TAX: Self = Self(1 << 14);

    pub(super) const NONE: Self = Self(0);
    const ALL: Self = Self(u32::MAX);

    /// A specification of the list.
    pub(super) const fn specified(specification: Specification) -> Self {
        Self(1 << (16 + specification as u32))
    }

    const fn has(self, traits: Self) -> bool {
        self.0 & traits.0 == traits.0
    }

    const fn meets(self, traits: Self) -> bool {
        self.0 & traits.0 != 0
    }

    /// Adds traits that are there.
    pub(super) fn set(&mut self, traits: Self, present: bool) {
        if present {
            self.0 |= traits.0;
        }
    }
}

impl BitOr for Traits {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A line with what the rules want to know of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineFacts<'a> {
    pub(super) line: &'a Line,
    /// Place among the lines, from 0.
    pub(super) index: usize,
    /// The code; [`UNKNOWN`] when the list does not have it.
    pub(super) code: Code,
    traits: Traits,
}

impl<'a> LineFacts<'a> {
    fn of(index: usize, line: &'a Line, tables: &Tables) -> Self {
        let vat = line.vat.value;
        let mut traits = Traits::NONE;
        let base = line.base.as_ref().map(|base| base.value);
        let rate = line.rate.as_ref().is_some_and(|rate| has_content(&rate.value));
        traits.set(Traits::RATE, rate);
        traits.set(Traits::BASE_OR_RATE, rate || base.is_some());
        if let Some(base) = base {
            traits.set(Traits::BASE, true);
            traits.set(Traits::BASE_AND_RATE, rate);
            if base.is_zero() {
            } else if base.is_sign_negative() {
                traits.set(Traits::NEGATIVE_BASE, true);
            } else {
                traits.set(Traits::POSITIVE_BASE, true);
            }
            traits.set(Traits::FRACTION, !is_whole(base));
            traits.set(Traits::VAT_REACHES_BASE, vat >= base);
        }
        if vat.is_zero() {
            traits.set(Traits::NO_VAT, true);
        } else {
            traits.set(Traits::POSITIVE_VAT, vat.is_sign_positive());
        }
        traits.set(Traits::FRACTION, !is_whole(vat));
        if let Some(specification) = &line.specification
            && has_content(&specification.value)
        {
            traits.set(Traits::SPECIFICATION, true);
            if let Some(known) = Specification::of_text(&specification.value) {
                traits.set(Traits::specified(known), true);
            }
        }
        match &line.remark {
            Some(Remark::Chosen(text)) if has_content(&text.value) => {
                traits.set(Traits::REMARK | Traits::CHOSEN_REMARK, true);
            }
            Some(Remark::Description(text)) => traits.set(Traits::REMARK, has_content(&text.value)),
            _ => {}
        }
        Self { line, index, code: tables.code(&line.code.value).unwrap_or(UNKNOWN), traits }
    }

    /// Whether the line has all these traits.
    pub(super) fn has(&self, traits: Traits) -> bool {
        self.traits.has(traits)
    }

    /// `grunnlag`, zero when absent.
    pub(super) fn base(&self) -> Decimal {
        self.line.base.as_ref().map(|base| base.value).unwrap_or_default()
    }

    /// `merverdiavgift`.
    pub(super) fn vat(&self) -> Decimal {
        self.line.vat.value
    }

    /// `sats`, when it has content.
    pub(super) fn rate(&self) -> Option<&'a str> {
        self.line.rate.as_ref().map(|rate| rate.value.as_str()).filter(|rate| has_content(rate))
    }

    /// `spesifikasjon` as written, when it has content.
    pub(super) fn specification(&self) -> Option<&'a str> {
        self.line.specification.as_ref().map(|text| text.value.as_str()).filter(|text| has_content(text))
    }

    /// `utvalgtMerknad`, when it has content.
    pub(super) fn chosen_remark(&self) -> Option<&'a str> {
        chosen(self.line.remark.as_ref())
    }
}

/// What the lines of one of the codes of [`BOTH`] come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Turned {
    /// Lines with a base.
    pub(super) output_lines: usize,
    /// Lines without one.
    pub(super) deduction_lines: usize,
    /// A line with a base and without specification.
    pub(super) plain_output: Option<usize>,
    /// A line without base and specification.
    pub(super) plain_deduction: Option<usize>,
    /// Tax of the lines with a base.
    pub(super) output: Sum,
    /// Tax of the lines without one.
    pub(super) deduction: Sum,
    /// The first line without a base.
    pub(super) first_deduction: Option<usize>,
}

/// A return under check.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) ret: &'a VatReturn,
    pub(super) context: &'a Context<'a>,
    pub(super) tables: &'static Tables,
    pub(super) first_day: Date,
    pub(super) last_day: Date,
    lines: SmallVec<[LineFacts<'a>; 24]>,
    codes: CodeSet,
    some: Traits,
    every: Traits,
    /// `merverdiavgift` of all lines together.
    pub(super) sum: Sum,
    turned: [Turned; 5],
}

impl<'a> Subject<'a> {
    pub(super) fn new(ret: &'a VatReturn, context: &'a Context<'a>) -> Self {
        let mut subject = Self {
            ret,
            context,
            tables: tables(),
            first_day: ret.period.value.first_day(),
            last_day: ret.period.value.last_day(),
            lines: SmallVec::with_capacity(ret.lines.len()),
            codes: CodeSet::NONE,
            some: Traits::NONE,
            every: Traits::ALL,
            sum: Sum::default(),
            turned: [Turned::default(); 5],
        };
        let period = (subject.first_day, subject.last_day);
        for (index, line) in ret.lines.iter().enumerate() {
            let mut facts = LineFacts::of(index, line, subject.tables);
            facts.traits = facts.traits | rates::traits(&facts, subject.tables, period, ret.lines.len());
            subject.sum.add(facts.vat());
            subject.codes = subject.codes.and(facts.code);
            subject.some.0 |= facts.traits.0;
            subject.every.0 &= facts.traits.0;
            if BOTH.has(facts.code) {
                subject.turn(&facts);
            }
            subject.lines.push(facts);
        }
        subject
    }

    fn turn(&mut self, facts: &LineFacts<'_>) {
        let Some(turned) = self.turned.get_mut(place(facts.code)) else { return };
        let plain = !facts.has(Traits::SPECIFICATION);
        if facts.has(Traits::BASE) {
            turned.output_lines += 1;
            turned.output.add(facts.vat());
            if plain {
                turned.plain_output.get_or_insert(facts.index);
            }
        } else {
            turned.deduction_lines += 1;
            turned.deduction.add(facts.vat());
            turned.first_deduction.get_or_insert(facts.index);
            if plain {
                turned.plain_deduction.get_or_insert(facts.index);
            }
        }
    }

    pub(super) fn category(&self) -> Category {
        self.ret.category.value
    }

    /// All lines.
    pub(super) fn all_lines(&self) -> &[LineFacts<'a>] {
        &self.lines
    }

    /// The line at a place.
    pub(super) fn line(&self, index: usize) -> Option<&LineFacts<'a>> {
        self.lines.get(index)
    }

    /// The lines of these codes; a line whose code no list has belongs to none of the listed codes.
    pub(super) fn lines(&self, codes: CodeSet) -> Lines<'_, 'a> {
        Lines { subject: self, codes, with: Traits::NONE, without: Traits::NONE }
    }

    /// What the lines of one of the codes of [`BOTH`] come to.
    pub(super) fn turned(&self, code: Code) -> Turned {
        self.turned.get(place(code)).copied().unwrap_or_default()
    }

    /// Where the remark of the whole return stands.
    pub(super) fn return_remark_at(&self) -> Position {
        match &self.ret.remark {
            Some(Remark::Chosen(text) | Remark::Description(text)) => text.at,
            None => self.ret.category.at,
        }
    }

    /// The remark chosen for the whole return.
    pub(super) fn chosen_remark(&self) -> Option<&'a str> {
        chosen(self.ret.remark.as_ref())
    }
}

/// A question for lines, see [`Subject::lines`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'s, 'a> {
    subject: &'s Subject<'a>,
    codes: CodeSet,
    with: Traits,
    without: Traits,
}

impl<'s, 'a> Lines<'s, 'a> {
    /// Only lines with all these traits.
    pub(super) fn with(self, traits: Traits) -> Self {
        Self { with: self.with | traits, ..self }
    }

    /// Only lines with none of these traits.
    pub(super) fn without(self, traits: Traits) -> Self {
        Self { without: self.without | traits, ..self }
    }

    /// The lines, in the order of the file.
    pub(super) fn iter(self) -> impl Iterator<Item = &'s LineFacts<'a>> {
        let Self { subject, codes, with, without } = self;
        let possible = subject.codes.meets(codes) && subject.some.has(with) && !subject.every.meets(without);
        let lines = if possible { subject.lines.as_slice() } else { &[] };
        lines.iter().filter(move |line| codes.has(line.code) && line.traits.has(with) && !line.traits.meets(without))
    }

    /// Whether there is one.
    pub(super) fn any(self) -> bool {
        self.iter().next().is_some()
    }
}

/// The place of one of the codes of [`BOTH`]; none for others.
fn place(code: Code) -> usize {
    const PLACES: [Code; 5] =
        [Code::number(81), Code::number(83), Code::number(86), Code::number(88), Code::number(91)];
    PLACES.iter().position(|other| *other == code).unwrap_or(PLACES.len())
}

/// Whether a text is more than blanks: an empty one counts as absent.
pub(crate) fn has_content(text: &str) -> bool {
    // Almost every text begins with what it says.
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) || !text.trim().is_empty()
}

pub(super) fn is_whole(amount: Decimal) -> bool {
    amount.scale() == 0 || amount.fract().is_zero()
}

fn chosen(remark: Option<&Remark>) -> Option<&str> {
    match remark {
        Some(Remark::Chosen(text)) if has_content(&text.value) => Some(&text.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::made::line;

    #[test]
    fn traits_are_joined_as_sets() {
        let both = Traits::REMARK | Traits::CHOSEN_REMARK;
        assert!(both.has(Traits::REMARK) && both.has(Traits::CHOSEN_REMARK) && !both.has(Traits::BASE));
        assert_eq!(both | Traits::REMARK, both);
    }

    #[test]
    fn a_fraction_of_base_or_tax_is_noted() {
        let has = |line: &Line| LineFacts::of(0, line, tables()).has(Traits::FRACTION);
        assert!(!has(&line("3").base(100).vat(25)));
        assert!(has(&line("3").exact_base("100.5").vat(25)));
        assert!(has(&line("3").base(100).exact_vat("25.5")));
    }
}
