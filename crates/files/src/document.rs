//! Skatteetaten's documents that lie beside returns, in words. They are shown and nothing is done with them.

use shown::Shown;
use vat_return::{
    Kid, Language, OrgNumber, Period,
    envelope::{Envelope, Taxpayer},
    explain::{amount, day},
    payment_information::PaymentInformation,
    validation_result::{Outcome, ValidationResult},
};

use crate::FileKind;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// The envelope of a submission.
    Envelope(Box<Envelope>),
    /// The verdict on a return.
    ValidationResult(Box<ValidationResult>),
    /// What to pay.
    PaymentInformation(Box<PaymentInformation>),
    /// One of them that cannot be read: cut off, of another namespace, with a word that is not known.
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
                ValidationResult::read(bytes).ok().map(|read| Self::ValidationResult(Box::new(read)))
            }
            FileKind::PaymentInformation => {
                PaymentInformation::read(bytes).ok().map(|read| Self::PaymentInformation(Box::new(read)))
            }
            _ => return None,
        };
        Some(read.unwrap_or(Self::Unreadable(kind)))
    }

    /// The verdict, where it is one.
    pub fn verdict(&self) -> Option<&ValidationResult> {
        if let Self::ValidationResult(result) = self { Some(result) } else { None }
    }

    /// What the document says, in words, with the reasons of a verdict.
    pub fn facts(&self, language: Language) -> Vec<Fact> {
        let mut facts = self.summary(language);
        let label = match language {
            Language::Nb | Language::Nn => "Avvik",
            Language::En => "Deviation",
        };
        let deviations = self.verdict().into_iter().flat_map(|result| &result.deviations);
        for detail in deviations.flat_map(|deviation| &deviation.details).take(MOST_DEVIATIONS) {
            let reason = [&detail.reason, &detail.rule_definition, &detail.code];
            let reason = reason.into_iter().find(|text| !text.trim().is_empty()).cloned().unwrap_or_default();
            facts.push(Fact { label, value: Shown::text(&reason).into() });
        }
        facts
    }

    /// What the document says, in words: of a verdict only what it is.
    pub fn summary(&self, language: Language) -> Vec<Fact> {
        let say = |nb, nn, en| match language {
            Language::Nb => nb,
            Language::Nn => nn,
            Language::En => en,
        };
        let mut facts = Vec::new();
        // What stands in the file is shown, and may be anything.
        let mut fact = |label, value: String| facts.push(Fact { label, value: Shown::text(&value).into() });
        let company = say("Virksomhet", "Verksemd", "Company");
        let period = say("Termin", "Termin", "Period");
        match self {
            Self::Envelope(envelope) => {
                let number = match &envelope.taxpayer {
                    Taxpayer::OrgNumber(number) => grouped(number),
                    Taxpayer::IdentificationNumber(number) => number.clone(),
                    // A national id is shown to nobody.
                    Taxpayer::BirthNumber(_) => "•••".to_owned(),
                };
                fact(company, number);
                fact(period, in_words(envelope.period, language));
                let files = say("Filer i innsendingen", "Filer i innsendinga", "Files of the submission");
                fact(files, envelope.attachments.len().to_string());
            }
            Self::ValidationResult(result) => {
                let verdict = match result.outcome {
                    Outcome::NoDeviations => {
                        say("Ingen avvik: godtatt", "Ingen avvik: godteken", "No deviations: accepted")
                    }
                    Outcome::Deviating => say(
                        "Avvikende: godtatt med avvik",
                        "Avvikande: godteken med avvik",
                        "Deviating: accepted with deviations",
                    ),
                    Outcome::Incomplete => say(
                        "Mangelfull: godtatt med mangler",
                        "Mangelfull: godteken med manglar",
                        "Incomplete: accepted, with something missing",
                    ),
                    Outcome::Invalid => {
                        say("Ugyldig: ikke godtatt", "Ugyldig: ikkje godteken", "Invalid: not accepted")
                    }
                };
                fact(say("Svar", "Svar", "Verdict"), verdict.to_owned());
            }
            Self::PaymentInformation(payment) => {
                fact(company, grouped(&payment.org_number));
                fact(period, in_words(payment.period, language));
                fact(say("Beløp", "Beløp", "Amount"), format!("{} kr", amount(payment.amount)));
                if let Some(kid) = &payment.kid {
                    let wrong = say("(ikke en gyldig KID)", "(ikkje ein gyldig KID)", "(no valid KID)");
                    fact(
                        "KID",
                        match Kid::parse(kid.as_str()) {
                            Ok(_) => kid.as_str().to_owned(),
                            Err(_) => format!("{} {wrong}", kid.as_str()),
                        },
                    );
                }
                fact(say("Konto", "Konto", "Account"), payment.account.clone());
                fact(say("Frist", "Frist", "Due"), day(payment.due, language));
            }
            Self::Unreadable(FileKind::ValidationResult) => {
                let unread = say(
                    "Kan ikke forstås: meldingen regnes ikke som godtatt",
                    "Kan ikkje forståast: meldinga blir ikkje rekna som godteken",
                    "Cannot be understood: the return is not taken for accepted",
                );
                fact(say("Svar", "Svar", "Verdict"), unread.to_owned());
            }
            Self::Unreadable(_) => {
                let unread = say(
                    "Kan ikke leses: filen er avkuttet eller har en annen form",
                    "Kan ikkje lesast: fila er avkutta eller har ei anna form",
                    "Cannot be read: the file is cut off or has another form",
                );
                fact(say("Innhold", "Innhald", "Content"), unread.to_owned());
            }
        }
        facts
    }
}

/// Deviations that are shown of a verdict.
const MOST_DEVIATIONS: usize = 100;

fn grouped(number: &str) -> String {
    OrgNumber::parse(number).map_or_else(|_| number.to_owned(), |number| number.grouped())
}

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
            (FileKind::ValidationResult, b"<valideringsresultat/>".as_slice(), "Kan ikke forstås"),
            (FileKind::ValidationResult, b"<valideringsresultat xmlns=\"urn:v2\"><avvikVed", "Kan ikke forstås"),
            (FileKind::PaymentInformation, b"<betalingsinformasjon/>", "Kan ikke leses"),
        ] {
            let document = Document::read(kind, bytes).unwrap();
            assert!(document.facts(Language::Nb)[0].value.starts_with(said) && document.verdict().is_none());
        }
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
