//! Books in another currency: only what is stated in kroner counts (facts, section 6).

use crate::analyse::{Analysis, Lines};
use crate::codes::{Group, group, is_zero_rated};
use crate::entry::{self, Bucket, Entry};
use crate::item::{Item, from_vat, times};
use crate::posting::{Evidence, LineKey};
use crate::question::QuestionKind;
use crate::reverse;
use saf_t::Rate;

/// An amount in kroner as a person writes it, in øre: `1 234,50`.
fn kroner_of(answer: &str) -> Option<i128> {
    let plain: String = answer.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches("kr").replace(',', ".").replace('\u{2212}', "-");
    let amount: rust_decimal::Decimal = vat_return::number(&plain)?;
    let ore = amount.checked_mul(rust_decimal::Decimal::ONE_HUNDRED)?.round();
    ore.try_into().ok()
}

/// What was deducted of each entry.
struct Shares {
    of: Vec<Rate>,
    /// Less than all may have been deducted somewhere, and the accounts do not tell.
    unknown: bool,
}

/// What was deducted, as the VAT accounts tell: in the currency of the books, as the tax they are held against.
fn shares(entries: &[Entry], items: &[Item<'_>], movement: &entry::Movement) -> Shares {
    let (mut settled, mut of) = (entries.to_vec(), items.to_vec());
    let unsettled = entry::settle(&mut settled, &mut of, movement);
    let share = |(before, after): (&Entry, &Entry)| {
        let item = items.get(before.item).filter(|_| before.shared && !unsettled.share)?;
        let full = if before.known { before.vat } else { times(item.base, item.rate) };
        let listed = std::iter::once(Rate::HUNDRED).chain(item.shares().iter().copied());
        listed.min_by_key(|share| (times(full, *share) - after.vat).abs())
    };
    let of = entries.iter().zip(&settled).map(|pair| share(pair).unwrap_or(Rate::HUNDRED)).collect();
    Shares { of, unknown: unsettled.share }
}

impl Analysis<'_> {
    /// An amount of the books in kroner: itself, or what is answered where they are kept in another currency. Nothing while that
    /// is asked, and where it was answered for another voucher already.
    pub(crate) fn in_kroner(&mut self, about: &str, voucher: usize, amount: i128) -> Option<i128> {
        if !self.foreign {
            return Some(amount);
        }
        match self.answers.get(QuestionKind::ForeignCurrency, about) {
            Some(answer) => kroner_of(answer).filter(|_| self.told.insert(about.to_owned())),
            None => {
                let question = self.asked.ask(QuestionKind::ForeignCurrency, about, Some(voucher), amount);
                question.choices = vec!["leave_out".to_owned()];
                None
            }
        }
    }

    /// The items of a voucher in kroner. The VAT accounts tell which way round it is; their amounts are of another kind.
    pub(crate) fn foreign_items(&mut self, voucher: usize, items: &mut [Item<'_>], lines: &Lines) {
        let (movement, around) = (&lines.movement, &lines.around);
        for item in &mut *items {
            item.settle_base();
        }
        let ordinary: Vec<Entry> =
            items.iter().enumerate().filter_map(|(index, item)| entry::ordinary(index, item)).collect();
        let reverse = reverse::entries(items, &ordinary, movement, around);
        let mut entries = ordinary;
        entries.extend(reverse);
        let shares = shares(&entries, items, movement);
        let mut by_answer = Vec::new();
        for (entry, share) in entries.iter_mut().zip(&shares.of) {
            let Some(item) = items.get_mut(entry.item) else { continue };
            let kroner = self.ledger.kroner(item.tax);
            let vat = kroner.vat.map(|vat| i128::from(vat).abs());
            let base = kroner.base.map(|base| i128::from(base).abs());
            let line = kroner.line.map(|line| i128::from(line).abs()).filter(|_| !item.on_vat_line());
            let zero_rated = is_zero_rated(item.code);
            // A line in kroner whose tax is not stated in them.
            let from_line = line.map(|line| times(line, item.rate));
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
                        let amount = kroner_of(answer).filter(|_| self.told.insert(own));
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
            // The line states what was deducted of a reverse charge, and the output is on all of it.
            let whole = base.filter(|base| *base != 0).filter(|_| entry.evidence == Evidence::Accounts);
            entry.vat = match whole {
                Some(base) => times(base, item.rate),
                None => times(told, *share),
            };
            item.vat = entry.vat;
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
        if shares.unknown {
            self.share_unknown(voucher, &mut entries, items);
        }
        self.specifications(voucher, items, lines);
        self.rates(voucher, items, &entries);
        self.untaxed(voucher, items, &mut entries);
        for entry in &entries {
            let nothing = entry.vat == 0
                && items.get(entry.item).is_some_and(|item| item.base == 0 || group(item.code) == Group::Input);
            if !nothing {
                self.post(voucher, entry, items, &[]);
            }
        }
    }
}
