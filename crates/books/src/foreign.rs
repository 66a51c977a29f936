//! Books in another currency: only what is stated in kroner counts (facts, section 6).

use crate::analyse::{Analysis, Lines};
use crate::codes::{Group, group, is_zero_rated};
use crate::entry::{self, Bucket, Entry};
use crate::item::{Item, from_vat, times};
use crate::posting::Evidence;
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

/// What was answered to be in kroner.
enum Told {
    /// In øre.
    Amount(i128),
    /// It is left out, or was counted already: one amount is told for all that have an own code.
    Nothing,
    /// No answer, or none that is an amount.
    Open,
}

/// What an own code that is without kroner gives in a voucher: its amount, and the sides that have it.
struct Answered {
    about: String,
    amount: Option<i128>,
    sides: Vec<Bucket>,
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
        match self.told(about) {
            Told::Amount(amount) => Some(amount),
            Told::Nothing => None,
            Told::Open => {
                let question = self.asked.ask(QuestionKind::ForeignCurrency, about, Some(voucher), amount);
                question.choices = vec!["leave_out".to_owned()];
                None
            }
        }
    }

    fn told(&mut self, about: &str) -> Told {
        match self.answers.get(QuestionKind::ForeignCurrency, about) {
            None => Told::Open,
            Some("leave_out") => Told::Nothing,
            Some(answer) => match kroner_of(answer) {
                None => Told::Open,
                Some(amount) if self.told.insert(about.to_owned()) => Told::Amount(amount),
                Some(_) => Told::Nothing,
            },
        }
    }

    /// The amount that is answered for an entry without kroner, once for either side that has it.
    fn answered(&mut self, voucher: usize, entry: &Entry, item: &Item<'_>, here: &mut Vec<Answered>) -> Option<i128> {
        let own = self.ledger.codes.get(item.own).map(|code| code.text.as_str()).unwrap_or_default();
        // What goes the other way is an amount of its own.
        let about = if item.turned { format!("{own} ({})", item.code) } else { own.to_owned() };
        let at = match here.iter().position(|one| one.about == about) {
            Some(at) => at,
            None => {
                let amount = self.in_kroner(&about, voucher, item.vat);
                here.push(Answered { about, amount, sides: Vec::new() });
                here.len() - 1
            }
        };
        let one = here.get_mut(at)?;
        if one.sides.contains(&entry.bucket) {
            return None;
        }
        one.sides.push(entry.bucket);
        one.amount
    }

    /// The items of a voucher in kroner. The VAT accounts tell which way round it is; their amounts are of another kind.
    pub(crate) fn foreign_items(&mut self, voucher: usize, items: &mut [Item<'_>], lines: &Lines) {
        let (movement, around) = (&lines.movement, &lines.around);
        for item in &mut *items {
            item.settle_base();
            if item.on_vat_line() && !item.known {
                item.vat = item.net.abs();
            }
        }
        let ordinary: Vec<Entry> =
            items.iter().enumerate().filter_map(|(index, item)| entry::ordinary(index, item)).collect();
        let reverse = reverse::entries(items, &ordinary, movement, around);
        let mut entries = ordinary;
        entries.extend(reverse);
        let shares = shares(&entries, items, movement);
        let mut without = Vec::new();
        for (at, (entry, share)) in entries.iter_mut().zip(&shares.of).enumerate() {
            let Some(item) = items.get_mut(entry.item) else { continue };
            let kroner = self.ledger.kroner(item.tax);
            let vat = kroner.vat.map(|vat| i128::from(vat).abs());
            let base = kroner.base.map(|base| i128::from(base).abs());
            let whole_line = kroner.line.map(|line| i128::from(line).abs());
            let line = whole_line.filter(|_| !item.on_vat_line());
            let zero_rated = is_zero_rated(item.code);
            // Tax that is not stated in kroner: the line where it is an account of VAT, else what follows from the line or the base.
            let derived = if item.on_vat_line() { whole_line } else { line.map(|line| times(line, item.rate)) };
            let derived = derived.or_else(|| base.filter(|base| *base != 0).map(|base| times(base, item.rate)));
            let nothing = item.vat == 0 && movement.lines == 0 && movement.settlement_lines == 0;
            let told = match vat {
                Some(0) if !zero_rated => derived.or(nothing.then_some(0)),
                None if zero_rated => (base.is_some() || line.is_some()).then_some(0),
                None if item.on_vat_line() && !item.known => whole_line,
                vat => vat,
            };
            let Some(told) = told else {
                without.push(at);
                continue;
            };
            let own = self.ledger.codes.get(item.own).map(|code| code.text.clone()).unwrap_or_default();
            // The line states what was deducted of a reverse charge, and the output is on all of it.
            let whole = base.filter(|base| *base != 0).filter(|_| entry.evidence == Evidence::Accounts);
            entry.vat = match whole {
                Some(base) => times(base, item.rate),
                None => times(told, *share),
            };
            item.vat = entry.vat;
            if entry.has_base || self.is_compensation() {
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
        let (mut here, mut by_answer) = (Vec::new(), Vec::new());
        for at in &without {
            let (Some(entry), Some(share)) = (entries.get_mut(*at), shares.of.get(*at)) else { continue };
            let Some(item) = items.get(entry.item) else { continue };
            let elsewhere = self.is_compensation() && !entry.has_base && group(item.code) != Group::Input;
            if !elsewhere && let Some(amount) = self.answered(voucher, entry, item, &mut here) {
                // The amount is the return's own: VAT with its sign, or the base of a code without VAT.
                let key = self.key(voucher, entry, item);
                let vat = match (is_zero_rated(item.code), group(item.code), entry.bucket) {
                    (true, ..) => 0,
                    (false, Group::ReverseDeducted, Bucket::Input) => -times(amount, *share),
                    (false, ..) => amount,
                };
                let base = match (is_zero_rated(item.code), key.deduction) {
                    (true, _) => amount,
                    (false, true) => 0,
                    (false, false) => from_vat(vat, item.rate),
                };
                by_answer.push((item.tax, key, base, vat));
            }
            entry.vat = 0;
        }
        for entry in without.iter().filter_map(|at| entries.get(*at)) {
            if let Some(item) = items.get_mut(entry.item) {
                (item.base, item.vat) = (0, 0);
            }
        }
        for (tax, key, base, vat) in by_answer {
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
                self.post(voucher, entry, items);
            }
        }
    }
}
