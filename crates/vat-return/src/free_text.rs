//! Remarks in free text. They send a return to manual handling, which a coded remark does not (facts/apis.md 1.9, a vendor's
//! help page), so the coded ones that would do in their place are named.

use crate::language::Language;
use crate::model::{Category, Line, Remark, VatReturn};
use crate::rules::has_content;
use crate::tables::{CodeSet, RemarkPlace, RemarkRow, Sign, Specification, tables};
use crate::texts;
use rust_decimal::Decimal;

/// Codes of input tax, whose usual sign is minus.
const INPUT: CodeSet = CodeSet::of(&[1, 11, 12, 13, 14, 15]);
/// Codes whose lines without base are a deduction.
const BOTH: CodeSet = CodeSet::of(&[81, 83, 86, 88, 91]);
/// So many letters of a word are compared: its ending does not matter ("tjeneste", "tjenester").
const STEM: usize = 6;
/// Shorter words say nothing by themselves.
const SHORTEST: usize = 4;
/// Where nothing in the text fits, so few coded remarks are named that one can choose.
const FEW: usize = 3;

/// A remark in free text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeText {
    /// Coded remarks that may stand in its place, the likeliest first, in words; none where the list has none that fits.
    pub instead: Vec<&'static str>,
}

/// The free text of a line, if it has one.
pub(crate) fn of_line(line: &Line, category: Category, language: Language) -> Option<FreeText> {
    let text = free(line.remark.as_ref())?;
    let place = place(line, category);
    let fits = |row: &&RemarkRow| {
        row.on_line.has(category) && place.is_some_and(|place| tables().remark_allowed(row.name, &place))
    };
    Some(instead(text, fits, language))
}

/// The free text of the whole return, if it has one.
pub(crate) fn of_return(ret: &VatReturn, language: Language) -> Option<FreeText> {
    let text = free(ret.remark.as_ref())?;
    let category = ret.category.value;
    Some(instead(text, |row| row.on_return.has(category), language))
}

/// The remarks of the list that may stand on a line as it is: name and words.
pub(crate) fn remarks_of_line(
    line: &Line,
    category: Category,
    language: Language,
) -> Vec<(&'static str, &'static str)> {
    let place = place(line, category);
    let fits = |row: &&RemarkRow| {
        row.on_line.has(category) && place.is_some_and(|place| tables().remark_allowed(row.name, &place))
    };
    named(fits, language)
}

/// The remarks of the list that a whole return may have: name and words.
pub(crate) fn remarks_of_return(category: Category, language: Language) -> Vec<(&'static str, &'static str)> {
    named(|row| row.on_return.has(category), language)
}

fn named(fits: impl Fn(&&RemarkRow) -> bool, language: Language) -> Vec<(&'static str, &'static str)> {
    let words = |row: &RemarkRow| (row.name, texts::remark(row.name, language).unwrap_or(row.name));
    tables().remarks.iter().filter(fits).map(words).collect()
}

fn free(remark: Option<&Remark>) -> Option<&str> {
    match remark? {
        Remark::Description(text) if has_content(&text.value) => Some(&text.value),
        Remark::Description(_) | Remark::Chosen(_) => None,
    }
}

/// Where the line stands in the list of remarks by code; the signs are read as the rules R074–R076 read them.
fn place(line: &Line, category: Category) -> Option<RemarkPlace> {
    let code = tables().code(&line.code.value)?;
    let specification = match line.specification.as_ref().filter(|text| has_content(&text.value)) {
        None => None,
        Some(text) => Some(Specification::of_text(&text.value)?),
    };
    let minus = match specification {
        Some(specification) => specification == Specification::LossOnClaims,
        None => category == Category::Compensation || INPUT.has(code) || BOTH.has(code) && line.base.is_none(),
    };
    let sign = |minus: bool| if minus { Sign::Minus } else { Sign::Plus };
    let amount = line.base.as_ref().map_or(line.vat.value, |base| base.value);
    Some(RemarkPlace { category, specification, filed: sign(amount < Decimal::ZERO), expected: sign(minus), code })
}

fn instead(text: &str, fits: impl Fn(&&RemarkRow) -> bool, language: Language) -> FreeText {
    let text = text.to_lowercase();
    let mut fitting: Vec<(usize, &'static str)> =
        tables().remarks.iter().filter(|row| fits(row)).map(|row| (likeness(row.name, &text), row.name)).collect();
    fitting.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    let best = fitting.first().map_or(0, |(likeness, _)| *likeness);
    let named: Vec<&'static str> = if best == 0 {
        // Nothing in the text points at one: of a few the person can choose.
        fitting.iter().filter(|_| fitting.len() <= FEW).map(|(_, name)| *name).collect()
    } else {
        fitting.iter().filter(|(likeness, _)| *likeness == best).map(|(_, name)| *name).collect()
    };
    FreeText { instead: named.into_iter().map(|name| texts::remark(name, language).unwrap_or(name)).collect() }
}

/// How much of a remark's name stands in a text, in hundredths; less than half is nothing.
fn likeness(name: &str, text: &str) -> usize {
    let words: Vec<&str> =
        name.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() >= SHORTEST).collect();
    let found = words.iter().filter(|word| text.contains(&word.chars().take(STEM).collect::<String>())).count();
    let likeness = found * 100 / words.len().max(1);
    if likeness < 50 { 0 } else { likeness }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rules::made::{line, ordinary};

    fn named(of: &[Line], category: Category) -> Vec<Vec<&'static str>> {
        of.iter()
            .map(|line| of_line(line, category, Language::Nb).map(|free| free.instead).unwrap_or_default())
            .collect()
    }

    #[test]
    fn the_coded_remark_that_would_do_is_named_where_it_may_stand() {
        let ret = ordinary([
            line("3").base(-4000).rate("25").vat(-1000).described("Kreditnota 10482 til kunde"),
            line("52").base(46000).rate("0").vat(0).described("Eksport av tjenester til USA"),
            line("1").vat(-56310).described("Vi fant en feil i regnskapssystemet"),
            line("3").base(512_480).rate("25").vat(128_120).described("hei"),
        ]);
        let named = named(&ret.lines, Category::Ordinary);
        assert_eq!(named[0], ["Kreditnota"]);
        assert_eq!(named[1], ["Tjenesteeksport"]);
        assert_eq!(named[2], ["Feil i regnskapsprogram"]);
        assert!(named[3].is_empty(), "nothing in it points at one of many: {:?}", named[3]);
        // Every one that is named may stand there: the rules would not complain of it.
        for (line, names) in ret.lines.iter().zip(&named) {
            let place = place(line, Category::Ordinary).unwrap();
            for name in names {
                assert!(tables().remark_allowed(name, &place), "{name}");
            }
        }
    }

    #[test]
    fn a_coded_remark_and_none_are_no_free_text() {
        let ret = ordinary([line("52").base(1).rate("0").vat(0).chosen("tjenesteeksport"), line("3").base(4).vat(1)]);
        assert!(ret.lines.iter().all(|line| of_line(line, Category::Ordinary, Language::En).is_none()));
        assert!(of_return(&ret, Language::Nb).is_none());
    }
}
