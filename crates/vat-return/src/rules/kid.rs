//! The KID for money paid back.

use super::findings::Findings;
use super::subject::{Subject, has_content};
use crate::finding::Value;
use crate::kid::{Kid, KidError};

/// kundeIdentifikasjonsnummer has content and is no KID, or is the payer's account number where that is known.
pub(super) fn r079(subject: &Subject<'_>, found: &mut Findings) {
    let Some(kid) = subject.ret.kid.as_ref().filter(|kid| has_content(kid.value.as_str())) else { return };
    let account = subject.context.account.and_then(|account| account.number.as_deref());
    let variant = match Kid::parse(kid.value.as_str()) {
        Ok(_) if account == Some(kid.value.as_str()) => "account",
        Ok(_) => return,
        Err(KidError::Length) => "length",
        Err(KidError::Character) => "characters",
        Err(_) => "",
    };
    found.on_return_as(kid.at, variant, [("kid", Value::Text(kid.value.as_str().into()))]);
}
