//! What is new since a return was filed for the same period: vouchers, by what they give.

use crate::draft::Draft;
use saf_t::Ledger;
use std::collections::BTreeMap;

/// What is kept of a voucher so that a later file can be held against it: no text, no name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    /// Journal, number and date.
    pub voucher: String,
    /// What it gives to the return: line of the return, base and VAT in øre.
    pub gives: Vec<(String, i64, i64)>,
}

/// The marks of a draft, one a voucher, in order.
pub fn marks(draft: &Draft, ledger: &Ledger) -> Vec<Mark> {
    let mut by_voucher: BTreeMap<u32, BTreeMap<String, (i64, i64)>> = BTreeMap::new();
    for posting in &draft.postings {
        let Some(line) = draft.lines.get(usize::from(posting.line)) else { continue };
        let rate = line.base_ore.map(|_| format!(" {}", line.key.rate.written())).unwrap_or_default();
        let sum = by_voucher.entry(posting.voucher).or_default().entry(line.name() + &rate).or_default();
        sum.0 = sum.0.saturating_add(posting.base);
        sum.1 = sum.1.saturating_add(posting.vat);
    }
    let mut marks: Vec<Mark> = by_voucher
        .into_iter()
        .filter_map(|(voucher, gives)| {
            let row = ledger.voucher(voucher as usize)?;
            let journal = ledger.journals.get(row.journal as usize).map(String::as_str).unwrap_or_default();
            Some(Mark {
                voucher: format!("{journal}/{}/{}", ledger.number(voucher as usize), row.date),
                gives: gives.into_iter().map(|(line, (base, vat))| (line, base, vat)).collect(),
            })
        })
        .collect();
    marks.sort();
    marks
}

/// What has come, gone and changed between two sets of marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Since {
    /// New vouchers.
    pub added: Vec<Mark>,
    /// Vouchers that are no more.
    pub removed: Vec<Mark>,
    /// Vouchers that give something else: before and after.
    pub changed: Vec<(Mark, Mark)>,
}

/// Compares what was filed with what would be.
pub fn since(before: &[Mark], after: &[Mark]) -> Since {
    let mut since = Since::default();
    let mut old: BTreeMap<&str, Vec<&Mark>> = BTreeMap::new();
    for mark in before {
        old.entry(&mark.voucher).or_default().push(mark);
    }
    for mark in after {
        let known = old.get_mut(mark.voucher.as_str()).filter(|marks| !marks.is_empty());
        match known {
            None => since.added.push(mark.clone()),
            Some(marks) => {
                let same = marks.iter().position(|other| other.gives == mark.gives);
                let other = marks.remove(same.unwrap_or(0));
                if same.is_none() {
                    since.changed.push((other.clone(), mark.clone()));
                }
            }
        }
    }
    since.removed = old.into_values().flatten().cloned().collect();
    since.removed.sort();
    since
}
