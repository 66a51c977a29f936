//! Remarks (merknad) and where each may stand.

use super::{Categories, Code, CodeSet, Specification, tsv};
use crate::model::Category;
use std::ops::Range;

/// A remark of the list.
#[derive(Debug, Clone)]
pub struct RemarkRow {
    /// Its name, as `utvalgtMerknad` has it.
    pub name: &'static str,
    /// Categories in which a line may have it.
    pub on_line: Categories,
    /// Categories in which the whole return may have it.
    pub on_return: Categories,
    /// Where its rows stand in the list of uses.
    pub(super) uses: Range<usize>,
}

/// The sign of an amount, zero counted as plus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Plus.
    Plus,
    /// Minus.
    Minus,
}

impl Sign {
    fn read(cell: &str) -> Option<Self> {
        match cell {
            "+" => Some(Self::Plus),
            "-" => Some(Self::Minus),
            _ => None,
        }
    }
}

/// A row of the list of remarks by code.
#[derive(Debug, Clone)]
pub struct RemarkUse {
    /// The remark's name in small letters with plain spaces.
    pub remark: &'static str,
    /// Categories of return.
    pub categories: Categories,
    /// The line's specification; none means a line without.
    pub specification: Option<Specification>,
    /// The sign the line has.
    pub filed: Sign,
    /// The sign such a line usually has.
    pub expected: Sign,
    /// Codes.
    pub codes: CodeSet,
}

/// A line as the list of remarks by code sees it.
#[derive(Debug, Clone, Copy)]
pub struct RemarkPlace {
    /// Category of the return.
    pub category: Category,
    /// The line's specification.
    pub specification: Option<Specification>,
    /// The sign the line has.
    pub filed: Sign,
    /// The sign such a line usually has.
    pub expected: Sign,
    /// The line's code.
    pub code: Code,
}

impl RemarkUse {
    /// Whether this row of the list allows the remark there.
    pub fn covers(&self, place: &RemarkPlace) -> bool {
        self.codes.has(place.code)
            && self.filed == place.filed
            && self.expected == place.expected
            && self.specification == place.specification
            && self.categories.has(place.category)
    }
}

/// Whether two names are the same but for case and kind of space.
pub(super) fn same(name: &str, other: &str) -> bool {
    let plain = |letter: char| if letter.is_whitespace() { ' ' } else { letter };
    name.chars().map(plain).flat_map(char::to_lowercase).eq(other.chars().map(plain).flat_map(char::to_lowercase))
}

pub(super) fn read(text: &'static str, uses: &[RemarkUse]) -> Vec<RemarkRow> {
    let mut remarks: Vec<RemarkRow> = Vec::new();
    for row in tsv::rows(text) {
        let name = tsv::cell(&row, 0);
        let categories = Categories::read(tsv::cell(&row, 1));
        let at = remarks.iter().position(|remark| remark.name == name).unwrap_or_else(|| {
            let uses = uses.partition_point(|row| row.remark < name)..uses.partition_point(|row| row.remark <= name);
            remarks.push(RemarkRow { name, on_line: Categories::NONE, on_return: Categories::NONE, uses });
            remarks.len() - 1
        });
        if let Some(remark) = remarks.get_mut(at) {
            match tsv::cell(&row, 2) {
                "line" => remark.on_line = categories,
                "return" => remark.on_return = categories,
                _ => {}
            }
        }
    }
    remarks
}

pub(super) fn read_uses(text: &'static str) -> Vec<RemarkUse> {
    let mut uses: Vec<RemarkUse> = tsv::rows(text).filter_map(|row| read_use(&row)).collect();
    uses.sort_by_key(|row| row.remark);
    uses
}

fn read_use(row: &[&'static str]) -> Option<RemarkUse> {
    let cell = |column| tsv::cell(row, column);
    let specification = match cell(2) {
        "" => None,
        text => Some(Specification::of_text(text)?),
    };
    let codes = cell(5).split(',').map(Code::of_text).collect::<Option<Vec<Code>>>()?;
    Some(RemarkUse {
        remark: cell(0),
        categories: Categories::read(cell(1)),
        specification,
        filed: Sign::read(cell(3))?,
        expected: Sign::read(cell(4))?,
        codes: codes.into_iter().fold(CodeSet::NONE, CodeSet::and),
    })
}
