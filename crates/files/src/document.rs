//! Skatteetaten's documents that lie beside returns, in words. They are shown and nothing is done with them.

use shown::Shown;
use vat_return::{
    Decision, Kid, Language, OrgNumber, Period,
    envelope::{Envelope, Taxpayer},
    explain::{amount, day},
    payment_information::PaymentInformation,
    validation_result::ValidationResult,
};

use crate::FileKind;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// The envelope of a submission.
    Envelope(Box<Envelope>),
    /// The verdict on a return: what it decides, and what can be read of it.
    ValidationResult(Decision, Option<Box<ValidationResult>>),
    /// What to pay.
    PaymentInformation(Box<PaymentInformation>),
    /// One of the others that cannot be read: cut off, or of another form.
    Unreadable(FileKind),
}

/// A line about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about, e.g. `Beløp`.
    pub label: &'static str,
    /// What the document says, e.g. `79 857 kr`.
    pub value: String,
}

impl Document {
    /// Reads a document of that kind; none when it is of no kind that is shown, or there is nothing to read.
    pub fn read(kind: FileKind, bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let read = match kind {
            FileKind::Envelope => Envelope::read(bytes).ok().map(|read| Self::Envelope(Box::new(read))),
            FileKind::ValidationResult => {
                let (decision, result) = Decision::read(Some(bytes));
                Some(Self::ValidationResult(decision, result.map(Box::new)))
            }
            FileKind::PaymentInformation => {
                PaymentInformation::read(bytes).ok().map(|read| Self::PaymentInformation(Box::new(read)))
            }
            _ => return None,
        };
        Some(read.unwrap_or(Self::Unreadable(kind)))
    }

    /// The verdict, where it is one that can be read.
    pub fn verdict(&self) -> Option<&ValidationResult> {
        if let Self::ValidationResult(_, result) = self { result.as_deref() } else { None }
    }

    /// What to do with the document, where that hangs on what it says.
    pub fn advice(&self, language: Language) -> Option<&'static str> {
        let decision = match self {
            Self::ValidationResult(decision, _) => decision,
            Self::Unreadable(_) => {
                return Some(crate::text(language, "document.downloadTheFileAgainFrom"));
            }
            Self::Envelope(_) | Self::PaymentInformation(_) => return None,
        };
        let key = match decision {
            Decision::Accepted => "document.theReturnIsAcceptedThere",
            Decision::Deviating | Decision::Incomplete => "document.theReturnIsAcceptedSee",
            Decision::Invalid => "document.correctTheReturnInThe",
            Decision::Unknown | Decision::Unreadable | Decision::Missing => "document.openTheFileAndRead",
        };
        Some(crate::text(language, key))
    }

    /// What the document says, in words, with the reasons of a verdict.
    pub fn facts(&self, language: Language) -> Vec<Fact> {
        let mut facts = self.summary(language);
        let label = crate::text(language, "document.deviation");
        let deviations = self.verdict().into_iter().flat_map(|result| &result.deviations);
        let mut details = deviations.flat_map(|deviation| &deviation.details);
        for detail in details.by_ref().take(MOST_DEVIATIONS) {
            // The older shape has no reason, and its definition may be missing too.
            let reason =
                [Some(&detail.reason), Some(&detail.rule_definition), detail.detail.as_ref(), Some(&detail.code)];
            let reason = reason.into_iter().flatten().find(|text| !text.trim().is_empty()).cloned().unwrap_or_default();
            facts.push(Fact { label, value: Shown::text(&reason).into() });
        }
        let more = details.count();
        if more > 0 {
            let value = crate::filled(language, "document.andMore", &[("more", &more)]);
            facts.push(Fact { label, value });
        }
        facts
    }

    /// What the document says, in words: of a verdict only what it is.
    pub fn summary(&self, language: Language) -> Vec<Fact> {
        let mut facts = Vec::new();
        // What stands in the file is shown, and may be anything.
        let mut fact = |label, value: String| facts.push(Fact { label, value: Shown::text(&value).into() });
        let company = crate::text(language, "document.company");
        let period = crate::text(language, "document.period");
        match self {
            Self::Envelope(envelope) => {
                let number = match &envelope.taxpayer {
                    Taxpayer::OrgNumber(number) => OrgNumber::shown(number),
                    Taxpayer::IdentificationNumber(number) => number.clone(),
                    // A national id is shown to nobody.
                    Taxpayer::BirthNumber(_) => "•••".to_owned(),
                };
                fact(company, number);
                fact(period, in_words(envelope.period, language));
                let files = crate::text(language, "document.filesOfTheSubmission");
                fact(files, envelope.attachments.len().to_string());
            }
            Self::ValidationResult(decision, _) => {
                let verdict = match decision {
                    Decision::Accepted => crate::text(language, "document.noDeviationsAccepted"),
                    Decision::Deviating => crate::text(language, "document.deviatingAcceptedWithDeviations"),
                    Decision::Incomplete => crate::text(language, "document.incompleteAcceptedWithSomethingMissing"),
                    Decision::Invalid => crate::text(language, "document.invalidNotAccepted"),
                    Decision::Unknown => crate::text(language, "document.saysSomethingUnknownTheReturn"),
                    Decision::Unreadable | Decision::Missing => crate::text(language, "document.cannotBeReadTheReturn"),
                };
                fact(crate::text(language, "document.verdict"), verdict.to_owned());
            }
            Self::PaymentInformation(payment) => {
                fact(company, OrgNumber::shown(&payment.org_number));
                fact(period, in_words(payment.period, language));
                let invented = payment.is_invented();
                let practice = crate::text(language, "document.practiceDoNotPay").to_owned();
                let sum = format!("{} kr", amount(payment.amount));
                fact(
                    crate::text(language, "document.amount"),
                    if invented { format!("{sum} · {practice}") } else { sum },
                );
                if invented {
                    let none = crate::text(language, "document.practiceNoKid");
                    fact("KID", none.to_owned());
                } else if let Some(kid) = &payment.kid {
                    let wrong = crate::text(language, "document.noValidKid");
                    fact(
                        "KID",
                        match Kid::parse(kid.as_str()) {
                            Ok(_) => kid.as_str().to_owned(),
                            Err(_) => format!("{} {wrong}", kid.as_str()),
                        },
                    );
                }
                let none = crate::text(language, "document.practiceNoAccount");
                let account = if invented { none.to_owned() } else { payment.account.clone() };
                fact(crate::text(language, "document.account"), account);
                fact(crate::text(language, "document.due"), day(payment.due, language));
            }
            Self::Unreadable(_) => {
                let unread = crate::text(language, "document.cannotBeReadTheFile");
                fact(crate::text(language, "document.content"), unread.to_owned());
            }
        }
        facts
    }
}

/// Deviations that are shown of a verdict.
const MOST_DEVIATIONS: usize = 100;

fn in_words(period: Period, language: Language) -> String {
    period.in_words(language)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_verdict_and_a_payment_are_told_in_words() {
        let xml = b"<valideringsresultat><avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering>\
            <avvik><stiTilAvvik>/x</stiTilAvvik><avviksinformasjon><begrunnelse>Summen stemmer ikke</begrunnelse>\
            <avvikstype>ugyldig skattemelding</avvikstype><avvikKode>X</avvikKode><regelDefinisjon>R018</regelDefinisjon>\
            </avviksinformasjon></avvik></valideringsresultat>";
        let document = Document::read(FileKind::ValidationResult, xml).unwrap();
        let facts = document.facts(Language::Nb);
        assert_eq!(facts[0].value, "Ugyldig: ikke godtatt");
        assert_eq!(facts[1], Fact { label: "Avvik", value: "Summen stemmer ikke".into() });
        assert_eq!(document.summary(Language::Nb).len(), 1);
        for (kind, bytes, said) in [
            (FileKind::ValidationResult, b"<valideringsresultat/>".as_slice(), "Kan ikke leses"),
            (FileKind::ValidationResult, b"<valideringsresultat><avvikVed", "Kan ikke leses"),
            (FileKind::ValidationResult, b"<valideringsresultat xmlns=\"urn:v2\"/>", "Sier noe ukjent"),
            (FileKind::PaymentInformation, b"<betalingsinformasjon/>", "Kan ikke leses"),
        ] {
            let document = Document::read(kind, bytes).unwrap();
            let told = document.facts(Language::Nb)[0].value.clone();
            assert!(
                told.starts_with(said) && document.verdict().is_none(),
                "{told}: {}",
                String::from_utf8_lossy(bytes)
            );
        }
        // Accepted as a whole and invalid within: what a filing's end is read from says the same.
        let torn = String::from_utf8_lossy(xml).replacen("ugyldig skattemelding", "ingen avvik", 1);
        let torn = Document::read(FileKind::ValidationResult, torn.as_bytes()).unwrap();
        assert_eq!(torn.facts(Language::Nb)[0].value, "Sier noe ukjent: meldingen regnes ikke som godtatt");
        assert!(torn.advice(Language::Nb).unwrap().contains("ring Skatteetaten"));
        assert!(document.advice(Language::Nb).unwrap().starts_with("Rett meldingen"));
        let old =
            b"<valideringsresultat><status>UGYLDIG_SKATTEMELDING</status><valideringsfeil><stiTilFeil>/x</stiTilFeil>\
            <valideringsDetaljer><avvikKode>A</avvikKode><informasjon>cvc-complex</informasjon></valideringsDetaljer>\
            </valideringsfeil></valideringsresultat>";
        let old = Document::read(FileKind::ValidationResult, old).unwrap();
        assert_eq!(old.facts(Language::Nb)[1].value, "cvc-complex");
        let one = "<avvik><stiTilAvvik>/x</stiTilAvvik><avviksinformasjon><begrunnelse>Nei</begrunnelse><avvikstype>ugyldig \
            skattemelding</avvikstype><avvikKode>X</avvikKode><regelDefinisjon>Y</regelDefinisjon></avviksinformasjon></avvik>";
        let many = format!(
            "<valideringsresultat><avvikVedMeldingslevering>ugyldig skattemelding</avvikVedMeldingslevering>{}\
             </valideringsresultat>",
            one.repeat(200)
        );
        let many = Document::read(FileKind::ValidationResult, many.as_bytes()).unwrap().facts(Language::Nb);
        assert_eq!((many.len(), many.last().unwrap().value.as_str()), (102, "… og 100 til"));
        assert!(Document::read(FileKind::ValidationResult, b"").is_none());
        assert!(Document::read(FileKind::Pdf, xml).is_none());

        let payment = PaymentInformation {
            submission_reference: "1/2".into(),
            org_number: "311797816".into(),
            period: Period { kind: vat_return::PeriodKind::TwoMonths, index: 5, year: 2026 },
            kid: vat_return::PaymentKid::new("20260531179784"),
            amount: 79857.into(),
            payee: "Skatteetaten".into(),
            due: "2026-12-10".parse().unwrap(),
            account: "76940514009".into(),
            swift: None,
            iban: None,
            information: None,
        };
        let document = Document::read(FileKind::PaymentInformation, payment.write().as_bytes()).unwrap();
        let facts: Vec<String> = document
            .facts(Language::En)
            .into_iter()
            .map(|fact| format!("{}: {}", fact.label, fact.value).replace('\u{a0}', " "))
            .collect();
        assert_eq!(facts[1..3], ["Period: September–October 2026", "Amount: 79 857 kr"]);
        assert_eq!(facts[5], "Due: 10 December 2026");
    }
}
