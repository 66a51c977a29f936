//! The sides of 81 to 92 (facts, section 2, "Side logic for 81-92").

use crate::accounts::Vat;
use crate::codes::{Group, group};
use crate::entry::{Bucket, Entry, Movement};
use crate::item::{Item, times};

/// What a voucher has beside its codes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Around {
    /// Debit minus credit on accounts named motkonto.
    pub(crate) contra: i128,
    /// Whether a receivable, payable or bank account is moved.
    pub(crate) party: bool,
}

fn is_reverse(item: &Item<'_>) -> bool {
    matches!(group(item.code), Group::Reverse | Group::ReverseDeducted)
}

/// The entries of all reverse-charge items of a voucher.
pub(crate) fn entries(items: &[Item<'_>], ordinary: &[Entry], movement: &Movement, around: &Around) -> Vec<Entry> {
    let reverse: Vec<usize> = (0..items.len()).filter(|at| items.get(*at).is_some_and(is_reverse)).collect();
    let mut entries = Vec::new();
    if reverse.is_empty() {
        return entries;
    }
    let purchase = direction(items, &reverse, ordinary, movement, around);
    let mut codes: Vec<(u8, bool)> =
        reverse.iter().filter_map(|at| items.get(*at)).map(|item| (item.code, item.compensation())).collect();
    codes.sort_unstable();
    codes.dedup();
    for (code, compensation) in codes {
        let of: Vec<usize> = reverse
            .iter()
            .copied()
            .filter(|at| items.get(*at).is_some_and(|item| item.code == code && item.compensation() == compensation))
            .collect();
        let deducts = group(code) == Group::ReverseDeducted && !compensation;
        let (vat_lines, base_lines): (Vec<usize>, Vec<usize>) =
            of.into_iter().partition(|at| items.get(*at).is_some_and(Item::on_vat_line));
        if base_lines.is_empty() {
            on_vat_lines(items, &vat_lines, deducts, purchase, &mut entries);
        } else {
            on_base_lines(items, &base_lines, deducts, purchase, movement, &mut entries);
        }
    }
    entries
}

fn on_base_lines(
    items: &[Item<'_>],
    of: &[usize],
    deducts: bool,
    purchase: i128,
    movement: &Movement,
    entries: &mut Vec<Entry>,
) {
    let net = net_base(items, of);
    let two_sided = is_two_sided(items, of);
    for at in of {
        let Some(item) = items.get(*at) else { continue };
        if two_sided {
            // Output from the credit side of a purchase, deduction from the debit side; exchanged when taken back.
            if item.side == -purchase {
                entries.push(Entry::new(*at, item, Bucket::Output, -purchase));
            } else if deducts {
                entries.push(Entry::new(*at, item, Bucket::Input, purchase));
            }
        } else {
            let factor = purchase * item.side * if net < 0 { -1 } else { 1 };
            let mut output = Entry::new(*at, item, Bucket::Output, -factor);
            if deducts {
                entries.push(Entry::new(*at, item, Bucket::Input, factor));
                // Where less than all is deducted the line may state what was; the output is on all of it.
                let expected = times(item.base, item.rate);
                let posted = movement.output.abs();
                if of.len() == 1
                    && !item.shares().is_empty()
                    && posted != output.vat
                    && (posted - expected).abs() <= 100
                {
                    output.vat = posted;
                    output.known = true;
                    output.evidence = crate::posting::Evidence::Accounts;
                }
            }
            entries.push(output);
        }
    }
}

/// Codes on VAT account lines only: output accounts give the output line, input accounts the deduction; signs by side.
fn on_vat_lines(items: &[Item<'_>], of: &[usize], deducts: bool, purchase: i128, entries: &mut Vec<Entry>) {
    let bucket = |item: &Item<'_>| match item.kind.vat {
        Some(Vat::Output) => Bucket::Output,
        Some(Vat::Input) => Bucket::Input,
        _ if item.side == -purchase => Bucket::Output,
        _ => Bucket::Input,
    };
    let has = |wanted| of.iter().filter_map(|at| items.get(*at)).any(|item| bucket(item) == wanted);
    let (outputs, inputs) = (has(Bucket::Output), has(Bucket::Input));
    for at in of {
        let Some(item) = items.get(*at) else { continue };
        match bucket(item) {
            Bucket::Output => {
                entries.push(Entry::new(*at, item, Bucket::Output, item.side));
                // Mapped to one line only: both are produced.
                if deducts && !inputs {
                    entries.push(Entry::new(*at, item, Bucket::Input, -item.side));
                }
            }
            Bucket::Input => {
                if !outputs {
                    entries.push(Entry::new(*at, item, Bucket::Output, -item.side));
                }
                if deducts {
                    entries.push(Entry::new(*at, item, Bucket::Input, item.side));
                }
            }
        }
    }
}

/// Debit minus credit of the bases.
fn net_base(items: &[Item<'_>], of: &[usize]) -> i128 {
    of.iter().filter_map(|at| items.get(*at)).map(|item| item.side * item.base).sum()
}

/// Both contra lines carry the code: as much on either side.
fn is_two_sided(items: &[Item<'_>], of: &[usize]) -> bool {
    let side = |side: i128| {
        of.iter().filter_map(|at| items.get(*at)).filter(|item| item.side == side).map(|item| item.base).sum::<i128>()
    };
    let (debit, credit) = (side(1), side(-1));
    debit != 0 && credit != 0 && (debit - credit).abs() <= 100
}

/// 1 for a purchase, -1 for a purchase taken back: decided per voucher, and shared by all its reverse-charge codes.
fn direction(items: &[Item<'_>], reverse: &[usize], ordinary: &[Entry], movement: &Movement, around: &Around) -> i128 {
    let expected = |bucket: Bucket| -> i128 {
        ordinary
            .iter()
            .filter(|entry| entry.bucket == bucket)
            .map(|entry| match (entry.known, items.get(entry.item)) {
                (false, Some(item)) => entry.sign * times(item.base, item.rate),
                _ => entry.posted(),
            })
            .sum()
    };
    // What ordinary codes leave; a krone is rounding.
    let output = movement.output - expected(Bucket::Output);
    let input = movement.input - expected(Bucket::Input);
    let ordinary_too = !ordinary.is_empty();
    let counts = |amount: i128| amount.abs() > if ordinary_too { 100 } else { 0 };
    if counts(output) {
        return -output.signum();
    }
    if counts(input) {
        return input.signum();
    }
    if around.contra != 0 {
        return -around.contra.signum();
    }
    let of = |code: u8| -> Vec<usize> {
        reverse.iter().copied().filter(|at| items.get(*at).is_some_and(|item| item.code == code)).collect()
    };
    let both = reverse.iter().filter_map(|at| items.get(*at)).any(|item| is_two_sided(items, &of(item.code)));
    if both || net_base(items, reverse) >= 0 || !around.party { 1 } else { -1 }
}
