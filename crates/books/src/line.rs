//! A line of the draft.

use crate::codes::{Group, group};
use crate::posting::LineKey;
use std::collections::BTreeSet;

/// A line of the return to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// Code, specification, output or deduction, rate.
    pub key: LineKey,
    /// Own codes that it comes from.
    pub own_codes: BTreeSet<String>,
    /// Exact base, in øre; none for deductions.
    pub base_ore: Option<i128>,
    /// Exact VAT, in øre.
    pub vat_ore: i128,
}

impl DraftLine {
    /// Base in whole kroner, cut toward zero once (facts, section 3, "Rounding").
    pub fn base(&self) -> Option<i128> {
        self.base_ore.map(|ore| ore / 100)
    }

    /// VAT in whole kroner, cut toward zero once.
    pub fn vat(&self) -> i128 {
        self.vat_ore / 100
    }

    /// Whether there is nothing of it left in whole kroner.
    pub fn is_nothing(&self) -> bool {
        self.vat() == 0 && self.base().unwrap_or(0) == 0
    }

    /// What the line is called in questions about it: `31`, `86 deduction`, `3 uttak`.
    pub fn name(&self) -> String {
        let mut name = self.key.code.to_string();
        if let Some(specification) = self.key.specification {
            name.push(' ');
            name.push_str(specification.xml());
        }
        if self.key.deduction && group(self.key.code) == Group::ReverseDeducted {
            name.push_str(" deduction");
        }
        name
    }
}
