//! What Skatteetaten's payment information says of a filing, if it says it of this one.
//!
//! KID, account and amount are what a person pays by. So the file must name the filing's company, period and instance, and
//! what is not digits alone is no KID and no account: it could write lines of its own where they are shown.

use altinn::InstanceId;
use uuid::Uuid;
use vat_return::{PaymentKid, payment_information::PaymentInformation};

use crate::filings::{Filing, Payment};

/// Longest KID (rule R079) and longer than any account in Norway.
const MOST_DIGITS: usize = 25;

/// Why a file says nothing of what is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTold {
    /// It is no payment information. The file itself reaches the archive.
    #[error("the payment information cannot be read")]
    Unreadable,
    /// It is of another company, period or instance.
    #[error("the payment information is of another {0}")]
    Foreign(&'static str),
}

/// What to pay by a payment information that came back for a filing.
///
/// # Errors
/// [`NotTold`], which is logged.
pub(crate) fn told(bytes: &[u8], filing: &Filing) -> Result<Payment, NotTold> {
    let told = read(bytes, filing);
    if let Err(error) = told {
        // What cannot be believed must not keep the receipt away.
        tracing::warn!(%error, filing = %filing.id, "Nothing is said of what is to be paid.");
    }
    told
}

fn read(bytes: &[u8], filing: &Filing) -> Result<Payment, NotTold> {
    let read = PaymentInformation::read(bytes).map_err(|_| NotTold::Unreadable)?;
    if read.org_number != filing.subject.org_number.as_str() {
        return Err(NotTold::Foreign("company"));
    }
    if read.period != filing.subject.period {
        return Err(NotTold::Foreign("period"));
    }
    // Folders of the first version do not name their instance.
    if let Some(instance) = &filing.instance
        && guid(&read.submission_reference) != Some(instance.guid())
    {
        return Err(NotTold::Foreign("instance"));
    }
    Ok(Payment {
        amount: read.amount,
        kid: read.kid.as_ref().and_then(|kid| digits(kid.as_str(), true)).and_then(PaymentKid::new),
        account: digits(&read.account, false),
        due: Some(read.due),
    })
}

/// Which instance a reference names: `{partyId}/{instanceGuid}` (apis.md 6.2).
fn guid(reference: &str) -> Option<Uuid> {
    reference.parse().map(|id: InstanceId| id.guid()).or_else(|_| reference.trim().parse()).ok()
}

/// Digits without the blanks and points that they may be grouped by, if they are nothing else. A KID may end in a hyphen.
fn digits(text: &str, hyphen: bool) -> Option<String> {
    let plain: String =
        text.chars().filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '.')).take(MOST_DIGITS + 1).collect();
    let bare = plain.strip_suffix('-').filter(|_| hyphen).unwrap_or(&plain);
    let good = !bare.is_empty() && plain.len() <= MOST_DIGITS && bare.bytes().all(|byte| byte.is_ascii_digit());
    good.then_some(plain)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::archive::tests::filing;
    use jiff::civil::date;
    use vat_return::{Period, PeriodKind};

    fn information(of: &Filing) -> PaymentInformation {
        PaymentInformation {
            submission_reference: of.instance.as_ref().unwrap().to_string(),
            org_number: of.subject.org_number.to_string(),
            period: of.subject.period,
            kid: PaymentKid::new("20260531179784"),
            amount: 79_857.into(),
            payee: "Skatteetaten".into(),
            due: date(2026, 12, 10),
            account: "7694 05 14009".into(),
            swift: None,
            iban: None,
            information: None,
        }
    }

    fn of_this() -> Filing {
        Filing { instance: Some("51400101/8c6f6c1e-8b1f-4a3d-9d3c-1b7d5f0e2a44".parse().unwrap()), ..filing("one") }
    }

    #[test]
    fn what_is_to_be_paid_is_of_this_company_period_and_instance() {
        let filing = of_this();
        let of = |change: &dyn Fn(&mut PaymentInformation)| {
            let mut all = information(&filing);
            change(&mut all);
            told(all.write().as_bytes(), &filing)
        };
        let payment = of(&|_| {}).unwrap();
        assert_eq!((payment.account.as_deref(), payment.amount), (Some("76940514009"), 79_857.into()));
        assert_eq!(of(&|all| all.org_number = "315203856".into()), Err(NotTold::Foreign("company")));
        let other = Period { kind: PeriodKind::Year, index: 1, year: 1999 };
        assert_eq!(of(&|all| all.period = other), Err(NotTold::Foreign("period")));
        for reference in ["51400101/8c6f6c1e-8b1f-4a3d-9d3c-1b7d5f0e2a45", "x", "1/2", "51400101"] {
            assert_eq!(of(&|all| all.submission_reference = reference.into()), Err(NotTold::Foreign("instance")));
        }
        assert!(of(&|all| all.submission_reference = "8C6F6C1E-8B1F-4A3D-9D3C-1B7D5F0E2A44".into()).is_ok());
        assert_eq!(told(b"<a/>", &filing), Err(NotTold::Unreadable));
    }

    #[test]
    fn only_digits_are_paid_by() {
        let filing = of_this();
        for evil in [
            "12345678903\n  KID  999",
            "\u{1b}[2J12345678903",
            "\u{202e}30987654321",
            "12345678903 (ny konto: 99999999999)",
            "=1+1",
            "-",
            &"1".repeat(300_000),
        ] {
            let all = PaymentInformation { account: evil.into(), kid: PaymentKid::new(evil), ..information(&filing) };
            let payment = told(all.write().as_bytes(), &filing);
            // What XML itself cannot say is no payment information at all.
            let Ok(payment) = payment else { continue };
            assert_eq!((payment.kid, payment.account), (None, None), "{evil:.40}");
        }
        let hyphen = PaymentInformation { kid: PaymentKid::new("34000009324568-"), ..information(&filing) };
        let paid = told(hyphen.write().as_bytes(), &filing).unwrap();
        assert_eq!(paid.kid.unwrap().as_str(), "34000009324568-");
    }
}
