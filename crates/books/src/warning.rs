//! What the user should know but need not decide.

use crate::accounts::Kind;
use saf_t::{Ledger, Oddity};
use std::collections::BTreeSet;

/// Something to know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The reader found it.
    Reader(Oddity),
    /// The organisation number's check digit is wrong.
    OrgNumberInvalid,
    /// A VAT account by number and name is mapped to something else; it was counted.
    AccountMapping {
        /// Its number.
        account: String,
        /// Its name.
        name: String,
    },
}

impl Warning {
    /// The name scripts know.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reader(oddity) => oddity.kind(),
            Self::OrgNumberInvalid => "orgnr_invalid",
            Self::AccountMapping { .. } => "account_mapping",
        }
    }

    pub(crate) fn of(ledger: &Ledger, kinds: &[Kind], inside: &[usize]) -> Vec<Self> {
        let mut warnings: Vec<Self> = ledger.oddities.iter().cloned().map(Self::Reader).collect();
        if kinds.iter().any(|kind| kind.mapped_otherwise) {
            let used: BTreeSet<usize> = inside
                .iter()
                .flat_map(|voucher| ledger.lines_of(*voucher))
                .map(|line| ledger.line(line).0)
                .filter(|account| kinds.get(*account).is_some_and(|kind| kind.mapped_otherwise))
                .collect();
            warnings.extend(
                used.into_iter()
                    .filter_map(|account| ledger.accounts.get(account))
                    .map(|account| Self::AccountMapping { account: account.id.clone(), name: account.name.clone() }),
            );
        }
        warnings
    }
}
