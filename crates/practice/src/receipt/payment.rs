//! Payment information (apis.md 6.3): reference, KID, amount, account, due date.

use super::oslo;
use crate::world::Company;
use crate::xml::escape;
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vat_return::{Category, Language, Period, calendar};

const NAMESPACE: &str =
    "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:betalingsinformasjon:v1.0";
/// The account of the published example; its check digit is right.
const ACCOUNT: &str = "12345678903";

/// The one text of a file that goes its own way, so that it is known for what it is wherever it comes to lie.
const INVENTED: &str = "ØVING: oppdiktet, ikke betal";

/// What is to be paid for one return.
#[derive(Debug, Clone)]
pub(crate) struct Payment {
    pub(crate) reference: String,
    pub(crate) company: Company,
    period: Period,
    pub(crate) period_words: String,
    pub(crate) category_words: &'static str,
    pub(crate) kid: String,
    /// `fastsattMerverdiavgift`, kroner.
    pub(crate) assessed: Decimal,
    pub(crate) due: Date,
    pub(crate) account: &'static str,
}

impl Payment {
    /// The payment of a return received now; nothing if the return cannot be read.
    pub(crate) fn of(content: &[u8], reference: String, company: &Company, received: Timestamp) -> Option<Self> {
        let ret = vat_return::read(content).ok()?;
        let (category, period) = (ret.category.value, ret.period.value);
        let today = received.to_zoned(oslo()).date();
        let deadline = calendar::deadline(category, &period).unwrap_or(today);
        Some(Self {
            reference,
            company: company.clone(),
            period,
            period_words: period.in_words(Language::Nb),
            category_words: words(category),
            kid: kid(&company.org_number, &period),
            assessed: ret.assessed_vat.value,
            // Payment is due with the return (apis.md 7.1); after that, at once: in the published example the due
            // date of a late return is the day it came in.
            due: deadline.max(today),
            account: ACCOUNT,
        })
    }

    /// Whether there is something to pay.
    pub(crate) fn has_payment(&self) -> bool {
        self.assessed > Decimal::ZERO
    }

    /// `betalingsinformasjon.xml`.
    pub(crate) fn xml(&self) -> String {
        let amount = self.assessed.max(Decimal::ZERO);
        format!(
            "<?xml version='1.0' encoding='UTF-8'?>\n<betalingsinformasjon xmlns=\"{NAMESPACE}\">\n  \
             <innsendingsreferanse>{reference}</innsendingsreferanse>\n  <skattepliktig>\n    \
             <organisasjonsnummer>{org}</organisasjonsnummer>\n  </skattepliktig>\n  <skattleggingsperiode>\n    \
             <periode>\n      <{element}>{value}</{element}>\n    </periode>\n    <aar>{year}</aar>\n  \
             </skattleggingsperiode>\n  <kundeidentifikasjonsnummer>{kid}</kundeidentifikasjonsnummer>\n  \
             <beloep>{amount}</beloep>\n  <betaleTil>Skatteetaten</betaleTil>\n  <betalingsfrist>{due}</betalingsfrist>\n  \
             <betalesTilKonto>\n    <norskKontonummer>{account}</norskKontonummer>\n  </betalesTilKonto>\n  \
             <informasjon>{INVENTED}</informasjon>\n\
             </betalingsinformasjon>\n",
            reference = self.reference,
            org = self.company.org_number,
            element = self.period.xml_element(),
            value = escape(&self.period.xml_value()),
            year = self.period.year,
            kid = self.kid,
            due = self.due,
            account = self.account,
        )
    }
}

fn words(category: Category) -> &'static str {
    match category {
        Category::Ordinary => "Alminnelig næring",
        Category::PrimaryIndustry => "Primærnæring",
        Category::Compensation => "Merverdiavgiftskompensasjon",
        Category::ReverseCharge => "Omvendt avgiftsplikt",
        Category::ECommerce => "Forenklet ordning for e-handel",
    }
}

/// A KID for company and period, always the same, with a MOD10 check digit (apis.md 7.5).
fn kid(org_number: &str, period: &Period) -> String {
    let base = format!("{org_number}{:04}{:02}", period.year, period.index);
    let sum: u32 = base
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(10))
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{base}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vat_return::PeriodKind;

    #[test]
    fn the_kid_has_a_right_check_digit() {
        let kid = kid("311797816", &Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 });
        let luhn: u32 = kid
            .chars()
            .rev()
            .filter_map(|digit| digit.to_digit(10))
            .enumerate()
            .map(|(n, digit)| if n % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
            .sum();
        assert_eq!((kid.len(), luhn % 10), (16, 0), "{kid}");
    }

    #[test]
    fn the_account_has_a_right_check_digit() {
        let sum: u32 = ACCOUNT
            .chars()
            .filter_map(|digit| digit.to_digit(10))
            .zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])
            .map(|(d, w)| d * w)
            .sum();
        assert_eq!(sum % 11, 0);
    }
}
