//! Which item posts what on which side of the VAT accounts, and amounts that are not stated (facts, sections 2 and 3).

use crate::codes::{Group, group};
use crate::item::{Item, times, within};
use crate::posting::Evidence;
use saf_t::Rate;

/// What the VAT accounts of a voucher moved, debit minus credit in øre.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Movement {
    pub(crate) output: i128,
    pub(crate) input: i128,
    pub(crate) settlement: i128,
    /// Lines on output or input accounts that are not nothing.
    pub(crate) lines: u32,
    /// Lines on the settlement account that are not nothing.
    pub(crate) settlement_lines: u32,
}

impl Movement {
    /// Where there is no other VAT account, 2740 is the one (facts, section 1, last paragraph).
    pub(crate) fn is_single(&self) -> bool {
        self.lines == 0 && self.settlement_lines > 0
    }

    pub(crate) fn total(&self) -> i128 {
        self.output + self.input + self.settlement
    }
}

/// Output accounts or input accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bucket {
    Output,
    Input,
}

/// What an item posts: `sign` times `vat` is debit minus credit on the bucket's accounts, and the return gets the opposite.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) item: usize,
    pub(crate) bucket: Bucket,
    pub(crate) sign: i128,
    pub(crate) vat: i128,
    pub(crate) known: bool,
    pub(crate) evidence: Evidence,
    /// Whether the line of the return has a base.
    pub(crate) has_base: bool,
    /// Whether less than all may have been deducted.
    pub(crate) shared: bool,
}

impl Entry {
    /// An entry of the item's own VAT.
    pub(crate) fn new(index: usize, item: &Item<'_>, bucket: Bucket, sign: i128) -> Self {
        let deducts = bucket == Bucket::Input;
        Self {
            item: index,
            bucket,
            sign,
            vat: item.vat,
            known: item.known,
            evidence: Evidence::Stated,
            has_base: !deducts,
            shared: deducts && !item.shares().is_empty(),
        }
    }

    pub(crate) fn posted(&self) -> i128 {
        self.sign * self.vat
    }
}

/// The entries of ordinary items: those of codes without reverse charge.
pub(crate) fn ordinary(index: usize, item: &Item<'_>) -> Option<Entry> {
    match group(item.code) {
        Group::Output | Group::Untaxed => Some(Entry::new(index, item, Bucket::Output, item.side)),
        Group::Input => Some(Entry::new(index, item, Bucket::Input, item.side)),
        Group::Reverse | Group::ReverseDeducted => None,
    }
}

/// What could not be settled in a voucher.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Unsettled {
    /// Unknown VAT, and no VAT account in the voucher.
    pub(crate) unposted: bool,
    /// Unknown VAT that the VAT accounts do not explain.
    pub(crate) tax: bool,
    /// The share that was deducted.
    pub(crate) share: bool,
}

/// Settles what is not stated, from the VAT accounts of the voucher.
pub(crate) fn settle(entries: &mut [Entry], items: &mut [Item<'_>], movement: &Movement) -> Unsettled {
    let mut unsettled = Unsettled::default();
    let posted = movement.lines + movement.settlement_lines > 0;
    let all: Vec<usize> = (0..entries.len()).collect();
    let of = |bucket: Bucket, entries: &[Entry]| -> Vec<usize> {
        all.iter().copied().filter(|at| entries.get(*at).is_some_and(|entry| entry.bucket == bucket)).collect()
    };
    if movement.is_single() {
        bucket(entries, items, &all, movement.total(), posted, &mut unsettled);
    } else {
        let (outputs, inputs) = (of(Bucket::Output, entries), of(Bucket::Input, entries));
        bucket(entries, items, &outputs, movement.output, posted, &mut unsettled);
        bucket(entries, items, &inputs, movement.input, posted, &mut unsettled);
    }
    unsettled
}

fn bucket(
    entries: &mut [Entry],
    items: &mut [Item<'_>],
    of: &[usize],
    moved: i128,
    posted: bool,
    unsettled: &mut Unsettled,
) {
    let pick = |entries: &[Entry], wanted: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
        of.iter().copied().filter(|at| entries.get(*at).is_some_and(wanted)).collect()
    };
    let unknown = pick(entries, &|entry| !entry.known && !entry.shared);
    let shared = pick(entries, &|entry| entry.shared);
    let known: i128 = of
        .iter()
        .filter_map(|at| entries.get(*at))
        .filter(|entry| entry.known && !entry.shared)
        .map(Entry::posted)
        .sum();
    let rest = moved - known;
    if !unknown.is_empty() {
        let explained = if shared.is_empty() && posted { explain(entries, items, &unknown, rest) } else { None };
        let mut amounts = explained.clone().into_iter().flatten();
        for at in &unknown {
            let Some(entry) = entries.get_mut(*at) else { continue };
            let expected = items.get(entry.item).map_or(0, |item| times(item.base, item.rate));
            entry.vat = amounts.next().unwrap_or(expected);
            entry.evidence = if explained.is_some() { Evidence::Accounts } else { Evidence::Assumed };
        }
        if explained.is_none() {
            unsettled.unposted |= !posted;
            unsettled.tax |= posted && shared.is_empty();
        }
    }
    if !shared.is_empty() {
        let others: i128 = unknown.iter().filter_map(|at| entries.get(*at)).map(Entry::posted).sum();
        unsettled.share |= !share(entries, items, &shared, rest - others);
    }
}

/// VAT of unknown entries, when what is left on the accounts is theirs: one code within a krone, so that accounts in whole
/// kroner count, or several to the øre.
fn explain(entries: &[Entry], items: &mut [Item<'_>], unknown: &[usize], rest: i128) -> Option<Vec<i128>> {
    let facts: Vec<(i128, usize)> =
        unknown.iter().filter_map(|at| entries.get(*at)).map(|entry| (entry.sign, entry.item)).collect();
    let expected = |items: &[Item<'_>]| -> Vec<i128> {
        facts.iter().map(|(_, at)| items.get(*at).map_or(0, |item| times(item.base, item.rate))).collect()
    };
    let total = |amounts: &[i128]| -> i128 { facts.iter().zip(amounts).map(|((sign, _), vat)| sign * vat).sum() };
    let mut amounts = expected(items);
    let mut codes = facts.iter().filter_map(|(_, at)| items.get(*at)).map(|item| (item.code, item.rate));
    let first = codes.next();
    let one_code = codes.all(|code| Some(code) == first);
    if !one_code {
        return (total(&amounts) == rest).then_some(amounts);
    }
    if (total(&amounts) - rest).abs() > 100 {
        // The lines may hold the VAT that is not stated.
        let gross: Option<Vec<i128>> = facts
            .iter()
            .map(|(_, at)| {
                items
                    .get(*at)
                    .filter(|item| item.stated_base == 0 && !item.shared_line)
                    .map(|item| within(item.net.abs(), item.rate))
            })
            .collect();
        amounts = gross.filter(|gross| (total(gross) - rest).abs() <= 100)?;
        for ((_, at), vat) in facts.iter().zip(&amounts) {
            if let Some(item) = items.get_mut(*at) {
                item.base = item.net.abs() - vat;
            }
        }
    }
    // What rounding left goes where it is least.
    let left = rest - total(&amounts);
    let largest = (0..amounts.len()).max_by_key(|at| amounts.get(*at).copied().unwrap_or(0))?;
    if let (Some(vat), Some((sign, _))) = (amounts.get_mut(largest), facts.get(largest)) {
        *vat += sign * left;
    }
    Some(amounts)
}

/// What was deducted, where less than all may have been: the input account of the voucher is it, when it equals the VAT
/// or a listed share of it (facts, section 2, "Deductible share").
fn share(entries: &mut [Entry], items: &[Item<'_>], shared: &[usize], rest: i128) -> bool {
    /// Combinations that are tried; a voucher seldom has more than two such lines.
    const MOST: usize = 4096;
    let full: Vec<(i128, i128, Vec<Rate>)> = shared
        .iter()
        .filter_map(|at| entries.get(*at))
        .map(|entry| {
            let item = items.get(entry.item);
            let vat = if entry.known { entry.vat } else { item.map_or(0, |item| times(item.base, item.rate)) };
            let shares = item.map(Item::shares).unwrap_or_default();
            (entry.sign, vat, std::iter::once(Rate::HUNDRED).chain(shares.iter().copied()).collect())
        })
        .collect();
    let known = shared.iter().filter_map(|at| entries.get(*at)).all(|entry| entry.known);
    let tolerance = if known { full.len() as i128 } else { 100 };
    let combinations =
        full.iter().try_fold(1_usize, |all, (_, _, shares)| all.checked_mul(shares.len()).filter(|all| *all <= MOST));
    let apply = |shares: &[Rate]| -> Vec<i128> {
        full.iter().zip(shares).map(|((_, vat, _), share)| crate::item::times(*vat, *share)).collect()
    };
    let total = |amounts: &[i128]| -> i128 { full.iter().zip(amounts).map(|((sign, ..), vat)| sign * vat).sum() };
    let mut found = None;
    match combinations {
        Some(combinations) => {
            for mut number in 0..combinations {
                let shares: Vec<Rate> = full
                    .iter()
                    .map(|(_, _, shares)| {
                        let share = shares.get(number % shares.len()).copied().unwrap_or(Rate::HUNDRED);
                        number /= shares.len();
                        share
                    })
                    .collect();
                let amounts = apply(&shares);
                if (total(&amounts) - rest).abs() <= tolerance {
                    found = Some(amounts);
                    break;
                }
            }
        }
        None => {
            let mut every: Vec<Rate> = full.iter().flat_map(|(_, _, shares)| shares.clone()).collect();
            every.sort_unstable_by(|a, b| b.cmp(a));
            every.dedup();
            found = every
                .into_iter()
                .map(|share| apply(&vec![share; full.len()]))
                .find(|amounts| (total(amounts) - rest).abs() <= tolerance);
        }
    }
    let told = found.is_some();
    let mut amounts = found.unwrap_or_else(|| apply(&vec![Rate::HUNDRED; full.len()]));
    if told {
        // The account is what was deducted, to the øre.
        let left = rest - total(&amounts);
        let largest = (0..amounts.len()).max_by_key(|at| amounts.get(*at).copied().unwrap_or(0)).unwrap_or(0);
        if let (Some(vat), Some((sign, ..))) = (amounts.get_mut(largest), full.get(largest)) {
            *vat += sign * left;
        }
    }
    for (at, vat) in shared.iter().zip(amounts) {
        if let Some(entry) = entries.get_mut(*at) {
            if entry.vat != vat || !entry.known {
                entry.evidence = if told { Evidence::Accounts } else { Evidence::Assumed };
            }
            entry.vat = vat;
        }
    }
    told
}
