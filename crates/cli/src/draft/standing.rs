//! What Enhetsregisteret says against filing for the company of a draft.

use super::{Submit, found};
use crate::console::{Console, DEVIATING};
use crate::office::{Purpose, SystemBrowser, within};
use crate::{Exit, Failure};
use std::sync::Arc;
use vat_return::OrgNumber;

/// Asks Enhetsregisteret how the company of a draft that is about to be filed stands, and says what speaks against filing for it.
/// Where it does not answer that is nobody's hindrance: the authority decides.
pub(super) fn said(args: &Submit, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let browser = Arc::new(SystemBrowser { opens: false });
    within(&args.office, Purpose::AtHome, browser, console, async |office, stop, console| {
        // What is wrong with the draft is said by what files it.
        let Ok(stored) = found(office, &args.id, false) else { return Ok(Exit::Done) };
        let number = &stored.draft.org_number;
        if OrgNumber::parse(number).is_err() {
            return Ok(Exit::Done);
        }
        stop.or(office.drafts().find_companies(number)).await?.ok();
        if let Ok(Some((title, message))) = office.drafts().said_of_company(number, console.language) {
            writeln!(console.err, "{DEVIATING}▲{DEVIATING:#} {title}. {message}")?;
        }
        Ok(Exit::Done)
    })
}
