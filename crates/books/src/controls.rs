//! What the return is held against beside the VAT accounts: base times rate, and income accounts.

use crate::analyse::Analysis;
use crate::codes::{Codes, Meaning};
use crate::line::DraftLine;
use saf_t::Rate;
use std::collections::BTreeMap;

/// Base times rate and VAT of one line, in whole kroner as R019 looks at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseTimesRate {
    /// The line of the draft.
    pub line: usize,
    /// Base times rate, in øre.
    pub expected_ore: i128,
    /// VAT, in øre.
    pub vat_ore: i128,
    /// Whether R019 will be reported: more than the larger of ten and the number of lines, in kroner.
    pub misses: bool,
}

pub(crate) fn base_times_rate(lines: &[DraftLine]) -> Vec<BaseTimesRate> {
    let count = lines.iter().filter(|line| !line.is_nothing()).count();
    let tolerance = (count.max(10) as i128) * 100;
    let taxed = lines.iter().enumerate().filter(|(_, line)| line.base_ore.is_some() && line.key.rate != Rate::ZERO);
    taxed
        .map(|(at, line)| {
            let base = line.base().unwrap_or(0) * 100;
            let expected = crate::item::times(base, line.key.rate);
            let vat = line.vat() * 100;
            BaseTimesRate { line: at, expected_ore: expected, vat_ore: vat, misses: (expected - vat).abs() > tolerance }
        })
        .collect()
}

/// Income accounts against the bases of the return, in øre; income is positive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revenue {
    /// What the income accounts moved.
    pub accounts_ore: i128,
    /// Of it, on lines with a code of the return.
    pub coded_ore: i128,
    /// Of it, on lines whose code is not reported, or leads to no code.
    pub other_codes_ore: i128,
    /// Of it, without a code: by account.
    pub uncoded: Vec<(String, i128)>,
}

pub(crate) fn revenue(analysis: &Analysis<'_>, inside: &[usize]) -> Revenue {
    let ledger = analysis.ledger;
    let mut revenue = Revenue::default();
    let mut uncoded: BTreeMap<usize, i128> = BTreeMap::new();
    for voucher in inside {
        let taxes = ledger.taxes_of(*voucher);
        let Some(row) = ledger.voucher(*voucher) else { continue };
        for line in ledger.lines_of(*voucher) {
            let (account, net) = ledger.line(line);
            if !analysis.kind(account).revenue {
                continue;
            }
            let amount = -i128::from(net);
            revenue.accounts_ore += amount;
            let own = taxes
                .clone()
                .filter_map(|tax| ledger.tax(tax))
                .filter(|tax| tax.line as usize == line)
                .find_map(|tax| Some((tax.code()?, tax.rate())));
            match own.map(|(own, rate)| Codes::meaning(analysis.codes, own, row.date, rate)) {
                Some(Meaning::Code { .. }) => revenue.coded_ore += amount,
                Some(_) => revenue.other_codes_ore += amount,
                None => *uncoded.entry(account).or_default() += amount,
            }
        }
    }
    revenue.uncoded = uncoded
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .map(|(account, amount)| {
            (ledger.accounts.get(account).map(|account| account.id.clone()).unwrap_or_default(), amount)
        })
        .collect();
    revenue
}
