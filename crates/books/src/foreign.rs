//! Books in another currency: only what is stated in kroner counts (facts, section 6).

use crate::analyse::Analysis;
use crate::codes::{Group, group, is_zero_rated};
use crate::entry::{self, Bucket, Entry};
use crate::item::{Item, from_vat};
use crate::posting::{Evidence, LineKey};
use crate::question::QuestionKind;
use crate::reverse;
use saf_t::Rate;

/// An amount in kroner as a person writes it, in øre: `1 234,50`.
fn kroner_of(answer: &str) -> Option<i128> {
    let plain: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches("kr").replace(',', ".").replace('\u{2212}', "-");
    let amount: rust_decimal::Decimal = plain.parse().ok()?;
    let ore = amount.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?.round();
    ore.try_into().ok()
}

impl Analysis<'_> {
    /// The items of a voucher in kroner. The VAT accounts tell which way round it is; their amounts are of another kind.
    pub(crate) fn foreign_items(
        &mut self,
        voucher: usize,
        items: &mut [Item<'_>],
        movement: &entry::Movement,
        around: &reverse::Around,
    ) {
        for item in &mut *items {
            item.settle_base();
        }
        let ordinary: Vec<Entry> =
            items.iter().enumerate().filter_map(|(index, item)| entry::ordinary(index, item)).collect();
        let reverse = reverse::entries(items, &ordinary, movement, around);
        let mut entries = ordinary;
        entries.extend(reverse);
        let mut by_answer = Vec::new();
        for entry in &mut entries {
            let Some(item) = items.get_mut(entry.item) else { continue };
            let kroner = self.ledger.kroner(item.tax);
            let vat = kroner.vat.map(|vat| i128::from(vat).abs());
            let base = kroner.base.map(|base| i128::from(base).abs());
            let line = kroner.line.map(|line| i128::from(line).abs()).filter(|_| !item.on_vat_line());
            let zero_rated = is_zero_rated(item.code);
            // A line in kroner whose tax is not stated in them.
            let from_line = line.map(|line| crate::item::times(line, item.rate));
            let told = match vat {
                Some(0) if !zero_rated => from_line.or(Some(0)),
                None if zero_rated => (base.is_some() || line.is_some()).then_some(0),
                vat => vat,
            };
            let own = self.ledger.codes.get(item.own).map(|code| code.text.clone()).unwrap_or_default();
            let Some(told) = told else {
                let answer = self.answers.get(QuestionKind::ForeignCurrency, &own);
                match answer {
                    Some(answer) => {
                        let amount = kroner_of(answer).filter(|_| self.told.insert(item.own));
                        by_answer.extend(amount.map(|amount| (item.tax, item.code, item.rate, amount)));
                    }
                    None => {
                        let question = self.asked.ask(QuestionKind::ForeignCurrency, &own, Some(voucher), item.vat);
                        question.choices = vec!["leave_out".to_owned()];
                    }
                }
                entry.vat = 0;
                item.base = 0;
                continue;
            };
            entry.vat = told;
            if entry.bucket == Bucket::Output && entry.has_base {
                item.base = match base.filter(|base| *base != 0).or(line) {
                    Some(base) => base,
                    None if told != 0 || base == Some(0) || !zero_rated => {
                        if self.answers.get(QuestionKind::NokBaseMissing, &own).is_none() && base.is_none() {
                            self.asked.ask(QuestionKind::NokBaseMissing, &own, Some(voucher), 0).choices =
                                vec!["derived".to_owned()];
                        }
                        if item.rate == Rate::ZERO { 0 } else { from_vat(told, item.rate) }
                    }
                    None => {
                        self.asked.ask(QuestionKind::NokBaseMissing, &own, Some(voucher), 0);
                        0
                    }
                };
            }
        }
        for (tax, code, rate, amount) in by_answer {
            // The amount is the return's own: VAT with its sign, or the base of a code without VAT.
            let deduction = group(code) == Group::Input;
            let (base, vat) = match (is_zero_rated(code), deduction) {
                (true, _) => (amount, 0),
                (false, true) => (0, amount),
                (false, false) => (from_vat(amount, rate), amount),
            };
            let rate = if deduction { Rate::ZERO } else { rate };
            let key = LineKey { code, specification: None, deduction, rate };
            self.push(voucher, Some(tax), key, Evidence::Answer, base, vat);
        }
        self.rates(voucher, items, &entries);
        for entry in &entries {
            let nothing = entry.vat == 0
                && items.get(entry.item).is_some_and(|item| item.base == 0 || group(item.code) == Group::Input);
            if !nothing {
                self.post(voucher, entry, items, &[]);
            }
        }
    }
}
