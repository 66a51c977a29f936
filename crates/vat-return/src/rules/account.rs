//! What only the company's account can tell.

use super::findings::Findings;
use super::subject::Subject;
use crate::context::Account;
use crate::finding::Value;
use rust_decimal::Decimal;

/// Money back, and no account is registered for it.
pub(super) fn r080(subject: &Subject<'_>, account: &Account, found: &mut Findings) {
    let assessed = &subject.ret.assessed_vat;
    if assessed.value < Decimal::ZERO && account.number.is_none() {
        found.on_return(assessed.at, [("refund", Value::Kroner(assessed.value.abs()))]);
    }
}
