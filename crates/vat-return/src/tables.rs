//! The official lists as dated tables: VAT codes, rates, specifications, remarks.
//!
//! The tables themselves are the `.tsv` files of the crate's `data` folder, which anybody can hold against the
//! source named in their first lines. They are read once, at the first use.

mod category;
mod code;
mod rate;
mod remark;
mod specification;
mod tsv;

pub use category::Categories;
pub use code::{Code, CodeRow, CodeSet, Direction, Theme};
pub use rate::{RateClass, RateRow};
pub use remark::{RemarkPlace, RemarkRow, RemarkUse, Sign};
pub use specification::Specification;

use jiff::civil::{Date, date};
use std::sync::LazyLock;

/// The day the lists were published that the tables hold.
pub const PUBLISHED: Date = date(2025, 11, 4);

/// Where the lists come from.
pub const SOURCE: &str = "Skatteetaten/mva-meldingen, docs/informasjonsmodell_filer/kodelister, commit 05c8b14";

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

/// All lists.
#[derive(Debug)]
pub struct Tables {
    /// VAT codes (`mvaKodeSAFT`), by number.
    pub codes: Vec<CodeRow>,
    /// Every code of the list.
    pub known: CodeSet,
    /// Rates (`sats`).
    pub rates: Vec<RateRow>,
    /// Remarks (`merknad`), by name.
    pub remarks: Vec<RemarkRow>,
    /// Which remark may stand where (`merknadTilsvarendeMvaKode`), by remark.
    pub remark_uses: Vec<RemarkUse>,
    specification_categories: [Categories; Specification::COUNT],
    rate_classes: [Option<RateClass>; code::NUMBERS],
}

/// The tables.
pub fn tables() -> &'static Tables {
    &TABLES
}

impl Tables {
    fn read() -> Self {
        let codes = code::read(include_str!("../data/vat-codes.tsv"));
        let mut rate_classes = [None; code::NUMBERS];
        for row in &codes {
            if let Some(class) = rate_classes.get_mut(row.code.index()) {
                *class = row.rate_class;
            }
        }
        let remark_uses = remark::read_uses(include_str!("../data/remark-codes.tsv"));
        Self {
            known: codes.iter().fold(CodeSet::NONE, |set, row| set.and(row.code)),
            codes,
            rates: rate::read(include_str!("../data/rates.tsv")),
            remarks: remark::read(include_str!("../data/remarks.tsv"), &remark_uses),
            remark_uses,
            specification_categories: specification::read(include_str!("../data/specifications.tsv")),
            rate_classes,
        }
    }

    /// The code, exactly as the list writes it.
    pub fn code(&self, text: &str) -> Option<Code> {
        Code::of_text(text).filter(|code| self.known.has(*code))
    }

    /// The row of a code.
    pub fn row(&self, code: Code) -> Option<&CodeRow> {
        self.codes.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| self.codes.get(at))
    }

    /// The categories of return a specification belongs to.
    pub fn categories_of(&self, specification: Specification) -> Categories {
        self.specification_categories.get(specification as usize).copied().unwrap_or(Categories::NONE)
    }

    /// The class of rates of a code; code 6 has none.
    pub fn rate_class(&self, code: Code) -> Option<RateClass> {
        self.rate_classes.get(code.index()).copied().flatten()
    }

    /// Whether `rate`, exactly as written, is a rate of the code on any day from `first` to `last`.
    ///
    /// Code 6 has no class of rates; the official example of the code states `0` (facts, R003).
    pub fn rate_applies(&self, code: Code, rate: &str, first: Date, last: Date) -> bool {
        match self.rate_class(code) {
            None => rate == "0",
            Some(class) => self
                .rates
                .iter()
                .any(|row| row.class == class && row.rate == rate && row.from <= last && row.to >= first),
        }
    }

    /// The rates of the code that apply on some day from `first` to `last`.
    pub fn rates_of(&self, code: Code, first: Date, last: Date) -> impl Iterator<Item = &'static str> {
        let class = self.rate_class(code);
        let none = class.is_none().then_some("0");
        let rows = self.rates.iter().filter(move |row| Some(row.class) == class && row.from <= last && row.to >= first);
        none.into_iter().chain(rows.map(|row| row.rate))
    }

    /// The remark of that name, without regard to case and kind of space.
    pub fn remark(&self, name: &str) -> Option<&RemarkRow> {
        // Nearly every return spells the remark as the list does.
        self.remarks
            .iter()
            .find(|row| row.name == name)
            .or_else(|| self.remarks.iter().find(|row| remark::same(row.name, name)))
    }

    /// Whether the list of remarks by code has a row for this remark there. The list has one name more than the
    /// list of remarks: `fritekstfelt`.
    pub fn remark_allowed(&self, name: &str, place: &RemarkPlace) -> bool {
        match self.remark(name) {
            Some(row) => self.remark_uses.get(row.uses.clone()).unwrap_or(&[]).iter().any(|row| row.covers(place)),
            None => self.remark_uses.iter().any(|row| remark::same(row.remark, name) && row.covers(place)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_row_of_every_file_is_understood() {
        let rows = |text: &str| text.lines().filter(|line| !line.starts_with('#')).count() - 1;
        let tables = tables();
        assert_eq!(tables.codes.len(), rows(include_str!("../data/vat-codes.tsv")));
        assert_eq!(tables.codes.len(), 25);
        assert_eq!(tables.rates.len(), rows(include_str!("../data/rates.tsv")));
        assert_eq!(tables.remark_uses.len(), rows(include_str!("../data/remark-codes.tsv")));
        let levels: usize = tables
            .remarks
            .iter()
            .map(|row| usize::from(row.on_line != Categories::NONE) + usize::from(row.on_return != Categories::NONE))
            .sum();
        assert_eq!(levels, rows(include_str!("../data/remarks.tsv")));
        assert_eq!(tables.remark_uses.iter().map(|row| row.codes.iter().count()).sum::<usize>(), 663);
        for specification in Specification::ALL {
            assert_ne!(tables.categories_of(specification), Categories::NONE, "{}", specification.xml());
        }
    }

    #[test]
    fn the_two_lists_of_remarks_spell_them_alike() {
        // A remark of a line that is found in one of them only would be allowed nowhere, and nobody would hear of it.
        let tables = tables();
        let of_lines = tables.remarks.iter().filter(|row| row.on_line != Categories::NONE);
        let without: Vec<&str> = of_lines.filter(|row| row.uses.is_empty()).map(|row| row.name).collect();
        let known = |name: &str| name == "fritekstfelt" || tables.remarks.iter().any(|row| row.name == name);
        let unknown: Vec<&str> = tables.remark_uses.iter().map(|row| row.remark).filter(|name| !known(name)).collect();
        assert!(without.is_empty() && unknown.is_empty(), "{without:?} {unknown:?}");
    }

    #[test]
    fn a_code_is_known_only_as_the_list_writes_it() {
        let tables = tables();
        assert!(tables.code("3").is_some());
        for text in ["", " 3", "3 ", "03", "2", "93", "003", "٣", "811", "-3"] {
            assert_eq!(tables.code(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_low_rate_changed_with_the_pandemic() {
        let tables = tables();
        let low = tables.code("33").unwrap();
        let may = (date(2020, 5, 1), date(2020, 6, 30));
        let march = (date(2020, 3, 1), date(2020, 4, 30));
        assert!(tables.rate_applies(low, "6", may.0, may.1));
        assert!(!tables.rate_applies(low, "12", may.0, may.1));
        let (last, first) = (date(2021, 9, 30), date(2021, 10, 1));
        assert!(tables.rate_applies(low, "6", last, last) && !tables.rate_applies(low, "6", first, first));
        assert!(tables.rate_applies(low, "12", first, first) && !tables.rate_applies(low, "12", last, last));
        assert_eq!(tables.rates_of(low, march.0, march.1).collect::<Vec<_>>(), ["12", "6"]);
        assert!(!tables.rate_applies(low, "12.0", date(2026, 1, 1), date(2026, 2, 28)));
    }

    #[test]
    fn names_of_remarks_ignore_case_and_kind_of_space() {
        let tables = tables();
        let name = |text| tables.remark(text).map(|row| row.name);
        assert_eq!(name("GJENUTFØRSEL\u{a0}eller Retur"), Some("gjenutførsel eller retur"));
        assert_eq!(name("gjenutførsel  eller retur"), None);
        assert_eq!(name("bfu"), Some("BFU"));
        assert_eq!(name("fritekst"), None);
    }
}
