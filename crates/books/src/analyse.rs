//! One voucher after another: what it gives to the return, and what it leaves open.

use crate::accounts::{Kind, Vat};
use crate::answers::Answers;
use crate::codes::{Codes, Group, Meaning, Standard, group, is_compensated, is_zero_rated, rate_applies};
use crate::entry::{self, Bucket, Entry, Movement};
use crate::item::{Item, code_of, from_vat, times};
use crate::posting::{Evidence, LineKey, Posting};
use crate::question::{self, Asked, QuestionKind};
use crate::reverse::{self, Around};
use saf_t::{Hints, Ledger, Rate};
use std::collections::{BTreeSet, HashSet};
use vat_return::Category;
use vat_return::tables::Specification;

/// Why the return and the movement of the VAT accounts differ in a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The voucher, by index in the ledger.
    pub voucher: usize,
    /// The question that stands for it.
    pub cause: QuestionKind,
    /// Exact VAT of the return plus the movement, in øre.
    pub amount: i128,
}

/// VAT that was posted in lump sums, and the vouchers whose VAT it may be (facts, section 3, step 3).
#[derive(Debug, Default)]
pub(crate) struct LumpSums {
    pub(crate) expected: (i128, i128),
    pub(crate) vouchers: Vec<(usize, i128)>,
    pub(crate) posted: (i128, i128),
    pub(crate) lumps: Vec<(usize, i128)>,
}

/// What is gathered while the vouchers go by.
pub(crate) struct Analysis<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) codes: &'a Codes,
    pub(crate) kinds: &'a [Kind],
    pub(crate) answers: &'a Answers,
    /// Books in another currency.
    pub(crate) foreign: bool,
    /// Category of the return.
    pub(crate) category: Category,
    pub(crate) keys: Vec<LineKey>,
    pub(crate) postings: Vec<Posting>,
    pub(crate) asked: Asked,
    pub(crate) not_reported: BTreeSet<(String, String)>,
    /// Own codes, accounts and vouchers whose amount in kroner the user has told, once for all that have it.
    pub(crate) told: BTreeSet<String>,
    /// VAT stated on codes that are not reported.
    pub(crate) dropped: i128,
    pub(crate) movement: i128,
    pub(crate) differences: Vec<Difference>,
    pub(crate) lump_sums: LumpSums,
    /// Vouchers without codes that were left out: settlements, payments, opening balances.
    pub(crate) left_out: Vec<usize>,
    /// Codes stand on VAT account lines only, in the whole file.
    pub(crate) vat_line_style: bool,
    /// Rates that apply to a code in a month.
    pub(crate) applied: HashSet<(u8, Rate, i16, i8)>,
}

/// A voucher's lines, summed up.
pub(crate) struct Lines {
    pub(crate) movement: Movement,
    pub(crate) around: Around,
    /// Debit minus credit of all.
    pub(crate) balance: i128,
    /// What is on other accounts than VAT, settlement and bank; roundings apart.
    pub(crate) others: i128,
    pub(crate) bank: bool,
    /// There is a line on the settlement account, if only of nothing.
    pub(crate) settles: bool,
    pub(crate) hints: Hints,
    /// Income, credit positive.
    pub(crate) revenue: i128,
}

impl<'a> Analysis<'a> {
    pub(crate) fn kind(&self, account: usize) -> Kind {
        self.kinds.get(account).copied().unwrap_or_default()
    }

    /// A compensation return: every code is input, with base and rate.
    pub(crate) fn is_compensation(&self) -> bool {
        self.category == Category::Compensation
    }

    /// A name for a voucher that holds over deliveries.
    pub(crate) fn name(&self, voucher: usize) -> String {
        question::voucher_name(self.ledger, voucher)
    }

    fn lines(&self, voucher: usize) -> Lines {
        let mut lines = Lines {
            movement: Movement::default(),
            around: Around::default(),
            balance: 0,
            others: 0,
            bank: false,
            settles: false,
            hints: self.ledger.voucher(voucher).map_or(Hints::NONE, |row| row.hints),
            revenue: 0,
        };
        for line in self.ledger.lines_of(voucher) {
            let (account, net) = self.ledger.line(line);
            let (kind, net) = (self.kind(account), i128::from(net));
            lines.balance += net;
            lines.settles |= kind.vat == Some(Vat::Settlement);
            if net == 0 {
                continue;
            }
            lines.hints = lines.hints.with(kind.hints);
            match kind.vat {
                Some(Vat::Output) => {
                    lines.movement.output += net;
                    lines.movement.lines += 1;
                }
                Some(Vat::Input) => {
                    lines.movement.input += net;
                    lines.movement.lines += 1;
                }
                Some(Vat::Settlement) => {
                    lines.movement.settlement += net;
                    lines.movement.settlement_lines += 1;
                }
                None if kind.bank => lines.bank = true,
                None if kind.rounding && net.abs() <= 1_000 || net.abs() < 100 => {}
                None => lines.others += net.abs(),
            }
            if kind.contra {
                lines.around.contra += net;
            }
            if kind.revenue {
                lines.revenue -= net;
            }
            lines.around.party |= kind.party;
        }
        lines
    }

    /// Analyses a voucher of the period.
    pub(crate) fn voucher(&mut self, voucher: usize) {
        let Some(row) = self.ledger.voucher(voucher).copied() else { return };
        let lines = self.lines(voucher);
        let answer = if lines.balance == 0 { None } else { self.answers.of_unbalanced(&self.name(voucher)) };
        if answer == Some("leave_out") {
            self.left_out.push(voucher);
            return;
        }
        let before = self.postings.len();
        self.counted(voucher, &lines, row.period == Some(0));
        if lines.balance != 0 && answer.is_none() {
            // What the return loses when it is left out.
            let vat: i128 = self.postings.iter().skip(before).map(|posting| i128::from(posting.vat)).sum();
            let question = self.asked.ask(QuestionKind::UnbalancedVoucher, "", Some(voucher), -vat);
            question.choices = vec!["include".to_owned(), "leave_out".to_owned()];
        }
    }

    /// Takes a voucher into the return.
    fn counted(&mut self, voucher: usize, lines: &Lines, opening: bool) {
        let (mut items, open) = self.items(voucher);
        if items.is_empty() && !open.coded {
            // What is in another return is not without a code.
            if !(open.elsewhere && self.is_compensation()) {
                self.uncoded(voucher, lines, opening);
            }
            return;
        }
        let of_input = self.is_compensation() && !lines.movement.is_single();
        let moved = if of_input { lines.movement.input } else { lines.movement.total() };
        self.movement += moved;
        let left_out = self.directions(voucher, &mut items, lines);
        drop_controls(&mut items);
        self.zero_rated_sales(voucher, &items, lines);
        if self.foreign {
            self.foreign_items(voucher, &mut items, lines);
            return;
        }
        self.specifications(voucher, &items, lines);
        let mut cause = open.cause().or(left_out);
        for item in &mut items {
            item.settle_base();
            if item.on_vat_line() && !item.known {
                item.vat = item.net.abs();
                item.known = true;
            }
        }
        let ordinary: Vec<Entry> =
            items.iter().enumerate().filter_map(|(index, item)| entry::ordinary(index, item)).collect();
        let reverse = reverse::entries(&items, &ordinary, &lines.movement, &lines.around);
        let mut entries = ordinary;
        entries.extend(reverse);
        let unsettled = entry::settle(&mut entries, &mut items, &lines.movement);
        self.bases(voucher, &mut items, &entries);
        if unsettled.share {
            self.share_unknown(voucher, &mut entries, &items);
            cause = cause.or(Some(QuestionKind::ShareUnknown));
        }
        if unsettled.tax {
            let effect = assumed(&entries);
            match self.answers.get(QuestionKind::TaxUnknown, "") {
                Some("none") => {
                    for entry in entries.iter_mut().filter(|entry| entry.evidence == Evidence::Assumed) {
                        entry.vat = 0;
                        entry.evidence = Evidence::Answer;
                    }
                }
                Some(_) => {}
                None => {
                    self.asked.ask(QuestionKind::TaxUnknown, "", Some(voucher), effect).choices =
                        vec!["rate".to_owned(), "none".to_owned()];
                }
            }
            cause = cause.or(Some(QuestionKind::TaxUnknown));
        } else if unsettled.unposted {
            let sum = |bucket: Bucket| -> i128 {
                let of = entries.iter().filter(|entry| entry.bucket == bucket && entry.evidence == Evidence::Assumed);
                of.map(Entry::posted).sum()
            };
            let lump = &mut self.lump_sums;
            lump.expected.0 += sum(Bucket::Output);
            lump.expected.1 += sum(Bucket::Input);
            lump.vouchers.push((voucher, assumed(&entries)));
            cause = cause.or(Some(QuestionKind::TaxUnknown));
        }
        self.rates(voucher, &items, &entries);
        cause = cause.or(self.untaxed(voucher, &items, &mut entries));
        let mut exact = 0;
        for entry in &entries {
            exact += self.post(voucher, entry, &items);
        }
        self.difference(voucher, exact + moved, cause, lines.balance != 0);
    }

    fn difference(&mut self, voucher: usize, amount: i128, cause: Option<QuestionKind>, unbalanced: bool) {
        if amount == 0 {
            return;
        }
        let cause = if unbalanced { Some(QuestionKind::UnbalancedVoucher) } else { cause };
        if cause.is_none() {
            let name = self.name(voucher);
            match self.answers.get(QuestionKind::VoucherDifference, &name) {
                Some("accounts") => {
                    self.take_accounts(voucher, amount);
                    return;
                }
                Some(_) => {}
                None => {
                    let question = self.asked.ask(QuestionKind::VoucherDifference, &name, Some(voucher), amount);
                    question.choices = vec!["stated".to_owned(), "accounts".to_owned()];
                    question.suggestion = Some("accounts".to_owned());
                }
            }
        }
        self.differences.push(Difference { voucher, cause: cause.unwrap_or(QuestionKind::VoucherDifference), amount });
    }

    /// The VAT accounts were answered to be right: the voucher's largest share in the return takes the difference.
    fn take_accounts(&mut self, voucher: usize, amount: i128) {
        let of = self.postings.iter_mut().rev().take_while(|posting| posting.voucher as usize == voucher);
        if let Some(posting) = of.max_by_key(|posting| posting.vat.unsigned_abs()) {
            posting.vat = posting.vat.saturating_sub(clamp(amount));
            posting.evidence = Evidence::Answer;
        }
    }

    /// The lines of tax that lead to codes of the return.
    fn items(&mut self, voucher: usize) -> (Vec<Item<'a>>, Open) {
        let ledger = self.ledger;
        let Some(date) = ledger.voucher(voucher).map(|row| row.date) else { return (Vec::new(), Open::default()) };
        let (mut items, mut open) = (Vec::new(), Open::default());
        let taxes = ledger.taxes_of(voucher);
        for index in taxes.clone() {
            let Some(tax) = ledger.tax(index) else { continue };
            let amount = i128::from(tax.amount).abs();
            let Some(own) = tax.code() else {
                if amount != 0 && !open.without_code(self.answers, &self.name(voucher)) {
                    let question =
                        self.asked.ask(QuestionKind::TaxWithoutCode, &self.name(voucher), Some(voucher), amount);
                    question.choices = vec!["ignore".to_owned()];
                }
                open.coded |= amount != 0;
                open.no_code |= amount != 0;
                continue;
            };
            let text = ledger.codes.get(own).map(|code| code.text.as_str()).unwrap_or_default();
            let meaning = self.codes.meaning(own, date, tax.rate());
            match meaning {
                Meaning::NotReported(row) => {
                    self.dropped += amount;
                    self.not_reported.insert((text.to_owned(), row.text.clone()));
                }
                Meaning::Unmapped | Meaning::Ambiguous => {
                    open.coded = true;
                    open.unmapped = true;
                    let kind = if !self.codes.has_table {
                        QuestionKind::TaxTableMissing
                    } else if meaning == Meaning::Ambiguous {
                        QuestionKind::AmbiguousCode
                    } else {
                        QuestionKind::UnmappedCode
                    };
                    self.asked.ask(kind, text, Some(voucher), amount);
                }
                Meaning::Code { code, row } => {
                    let compensation = row.is_some_and(|row| row.compensation);
                    let elsewhere = match self.is_compensation() {
                        // What is not compensated is in another return; a table that says of no code does not tell.
                        true => !is_compensated(code) || self.codes.has_compensation && !compensation,
                        false => compensation && group(code) == Group::Input,
                    };
                    if elsewhere {
                        open.elsewhere = true;
                        self.not_reported.insert((text.to_owned(), code.to_string()));
                        continue;
                    }
                    let (account, net) = ledger.line(tax.line as usize);
                    let shared = taxes
                        .clone()
                        .any(|other| other != index && ledger.tax(other).is_some_and(|other| other.line == tax.line));
                    let Some(meaning) = code_of(&meaning) else { continue };
                    let kind = self.kind(account);
                    items.push(Item::new(index, &tax, meaning, date, kind, net, shared));
                }
            }
        }
        (items, open)
    }

    /// Bases of output lines that are told by VAT and rate alone.
    fn bases(&mut self, voucher: usize, items: &mut [Item<'_>], entries: &[Entry]) {
        for entry in entries.iter().filter(|entry| entry.has_base) {
            let Some(item) = items.get_mut(entry.item) else { continue };
            if item.base != 0 || item.rate == Rate::ZERO || entry.vat == 0 {
                continue;
            }
            item.base = from_vat(entry.vat, item.rate);
            if item.on_vat_line() && self.answers.get(QuestionKind::BaseUnknown, "").is_none() {
                let question = self.asked.ask(QuestionKind::BaseUnknown, "", Some(voucher), 0);
                question.choices = vec!["derived".to_owned()];
            }
        }
    }

    pub(crate) fn share_unknown(&mut self, voucher: usize, entries: &mut [Entry], items: &[Item<'_>]) {
        let name = self.name(voucher);
        let answer = self.answers.get(QuestionKind::ShareUnknown, &name);
        let share = answer.and_then(|answer| Rate::read(&answer.replace(',', ".")).ok());
        let mut effect = 0;
        let mut choices = vec!["100".to_owned()];
        for entry in entries.iter_mut().filter(|entry| entry.shared) {
            let Some(item) = items.get(entry.item) else { continue };
            choices.extend(item.shares().iter().map(|share| share.written()));
            effect += entry.vat;
            if let Some(share) = share {
                entry.vat = times(entry.vat, share);
                entry.evidence = Evidence::Answer;
            }
        }
        if share.is_none() {
            choices.dedup();
            self.asked.ask(QuestionKind::ShareUnknown, &name, Some(voucher), effect).choices = choices;
        }
    }

    /// An output code debited to a cost with VAT on an input account, or an input code credited to income with VAT on an
    /// output account: one own code for both (facts, section 7). What is answered takes the place of the code before anything
    /// is told from it: on which accounts its VAT is, whether it has a base, what its rate may be. Gives the cause of what the
    /// accounts have besides where that is not in the return at all.
    fn directions(&mut self, voucher: usize, items: &mut Vec<Item<'_>>, lines: &Lines) -> Option<QuestionKind> {
        let moved = &lines.movement;
        let date = self.ledger.voucher(voucher).map(|row| row.date)?;
        let mut left_out = None;
        items.retain_mut(|item| {
            let wrong = match group(item.code) {
                Group::Output if item.on_vat_line() => item.kind.vat == Some(Vat::Input),
                Group::Output => {
                    !item.kind.revenue && moved.input != 0 && moved.output == 0 && item.side == moved.input.signum()
                }
                Group::Input if item.on_vat_line() => item.kind.vat == Some(Vat::Output),
                Group::Input => item.kind.revenue && moved.output != 0 && moved.input == 0,
                _ => false,
            };
            if !wrong {
                return true;
            }
            let own = self.ledger.codes.get(item.own).map(|code| code.text.as_str()).unwrap_or_default();
            let answer = self.answers.get(QuestionKind::CodeDirection, own);
            match answer.map(Standard::of) {
                Some(Standard::Code(code)) => item.turn(code, date),
                Some(Standard::NotReported) => {
                    self.dropped += item.vat;
                    self.not_reported.insert((own.to_owned(), answer.unwrap_or_default().to_owned()));
                    left_out = Some(QuestionKind::CodeDirection);
                    return false;
                }
                Some(Standard::Unknown) | None => {
                    let counterpart = match item.code {
                        3 => Some(1),
                        31 => Some(11),
                        32 => Some(12),
                        33 => Some(13),
                        1 => Some(3),
                        11 => Some(31),
                        12 => Some(32),
                        13 => Some(33),
                        _ => None,
                    };
                    let question = self.asked.ask(QuestionKind::CodeDirection, own, Some(voucher), 0);
                    question.suggestion = counterpart.map(|code: u8| code.to_string());
                    question.choices = counterpart.iter().map(u8::to_string).chain([item.code.to_string()]).collect();
                }
            }
            true
        });
        left_out
    }

    pub(crate) fn rates(&mut self, voucher: usize, items: &[Item<'_>], entries: &[Entry]) {
        let Some(date) = self.ledger.voucher(voucher).map(|row| row.date) else { return };
        for item in entries.iter().filter_map(|entry| items.get(entry.item)) {
            // Rates change with months: what applied once in a month applies in all of it.
            let applied = (item.code, item.rate, date.year(), date.month());
            if is_zero_rated(item.code) || self.applied.contains(&applied) {
                continue;
            }
            if rate_applies(item.code, item.rate, date) {
                self.applied.insert(applied);
                continue;
            }
            let own = self.ledger.codes.get(item.own).map(|code| code.text.as_str()).unwrap_or_default();
            let about = format!("{own} {}", item.rate.written());
            if self.answers.get(QuestionKind::RateNotValid, &about).is_none() {
                let question = self.asked.ask(QuestionKind::RateNotValid, &about, Some(voucher), 0);
                question.choices = vec!["keep".to_owned()];
            }
        }
    }

    /// VAT on a code without: dropped, and asked about.
    pub(crate) fn untaxed(
        &mut self,
        voucher: usize,
        items: &[Item<'_>],
        entries: &mut [Entry],
    ) -> Option<QuestionKind> {
        let mut cause = None;
        for entry in entries {
            let Some(item) = items.get(entry.item).filter(|item| is_zero_rated(item.code)) else { continue };
            if entry.vat != 0 {
                let own = self.ledger.codes.get(item.own).map(|code| code.text.as_str()).unwrap_or_default();
                if self.answers.get(QuestionKind::TaxOnUntaxedCode, own).is_none() {
                    let question = self.asked.ask(QuestionKind::TaxOnUntaxedCode, own, Some(voucher), entry.vat);
                    question.choices = vec!["drop".to_owned()];
                }
                entry.vat = 0;
                cause = Some(QuestionKind::TaxOnUntaxedCode);
            }
        }
        cause
    }

    pub(crate) fn specifications(&mut self, voucher: usize, items: &[Item<'_>], lines: &Lines) {
        let mut effect = 0;
        let mut hint = None;
        for item in items {
            let hints = item.hints.with(lines.hints);
            let found = match item.code {
                3 | 5 | 31 | 33 if hints.has(Hints::WITHDRAWAL) => Specification::Withdrawal,
                1 | 11 | 12 | 13 if hints.has(Hints::LOSS) => Specification::LossOnClaims,
                3 | 31 | 33 if hints.has(Hints::LOSS) && item.side > 0 => Specification::LossOnClaims,
                _ => continue,
            };
            effect += item.vat;
            hint = Some(found);
        }
        let Some(hint) = hint else { return };
        let name = self.name(voucher);
        if self.answers.get(QuestionKind::Specification, &name).is_none() {
            let question = self.asked.ask(QuestionKind::Specification, &name, Some(voucher), effect);
            question.choices = vec![hint.xml().to_owned(), "none".to_owned()];
            question.suggestion = Some(hint.xml().to_owned());
        }
    }

    /// Posts an entry; gives its VAT in the return.
    pub(crate) fn post(&mut self, voucher: usize, entry: &Entry, items: &[Item<'_>]) -> i128 {
        let Some(item) = items.get(entry.item) else { return 0 };
        let key = self.key(voucher, entry, item);
        let mut sign = -entry.sign;
        if self.is_compensation() && matches!(group(item.code), Group::Reverse | Group::ReverseDeducted) {
            // What is owed in the ordinary return is claimed here, once.
            if entry.bucket == Bucket::Input {
                return 0;
            }
            sign = entry.sign;
        }
        let base = if key.deduction { 0 } else { sign * item.base };
        let vat = sign * entry.vat;
        self.push(voucher, Some(item.tax), key, entry.evidence, base, vat);
        vat
    }

    /// The line of the return that an entry belongs to.
    pub(crate) fn key(&self, voucher: usize, entry: &Entry, item: &Item<'_>) -> LineKey {
        let code = item.code;
        let answer = match self.answers.is_empty() {
            true => None,
            false => self.answers.get(QuestionKind::Specification, &self.name(voucher)),
        };
        let specification = match answer {
            Some(answer) => Specification::of_text(answer),
            None if item.compensation() && group(code) == Group::ReverseDeducted && !self.is_compensation() => {
                Some(Specification::CompensationRight)
            }
            None => None,
        };
        let deduction = !entry.has_base && !self.is_compensation();
        LineKey { code, specification, deduction, rate: if deduction { Rate::ZERO } else { item.rate } }
    }

    pub(crate) fn push(
        &mut self,
        voucher: usize,
        tax: Option<usize>,
        key: LineKey,
        evidence: Evidence,
        base: i128,
        vat: i128,
    ) {
        let line = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        let short = |index: usize| u32::try_from(index).ok();
        self.postings.push(Posting {
            voucher: short(voucher).unwrap_or(u32::MAX),
            tax: tax.and_then(short),
            line: u16::try_from(line).unwrap_or(u16::MAX),
            evidence,
            base: clamp(base),
            vat: clamp(vat),
        });
    }
}

/// What a voucher's lines of tax leave open.
#[derive(Debug, Default)]
struct Open {
    /// There are codes that may belong in the return.
    coded: bool,
    unmapped: bool,
    no_code: bool,
    /// There are codes of another return.
    elsewhere: bool,
}

impl Open {
    fn cause(&self) -> Option<QuestionKind> {
        if self.unmapped {
            Some(QuestionKind::UnmappedCode)
        } else if self.no_code {
            Some(QuestionKind::TaxWithoutCode)
        } else {
            None
        }
    }

    fn without_code(&self, answers: &Answers, voucher: &str) -> bool {
        answers.get(QuestionKind::TaxWithoutCode, voucher).is_some()
    }
}

/// Codes on base line and VAT line: the base line counts, the VAT line is the control (facts, section 3).
fn drop_controls(items: &mut Vec<Item<'_>>) {
    let base_lines: Vec<(u8, bool)> =
        items.iter().filter(|item| !item.on_vat_line()).map(|item| (item.code, item.compensation())).collect();
    items.retain(|item| !item.on_vat_line() || !base_lines.contains(&(item.code, item.compensation())));
}

fn assumed(entries: &[Entry]) -> i128 {
    entries.iter().filter(|entry| entry.evidence == Evidence::Assumed).map(|entry| entry.vat.abs()).sum()
}

pub(crate) fn clamp(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}
