//! The answers that a question offers, in words: bokmål, nynorsk, English.

use crate::question::{Question, QuestionKind};
use crate::words::{Texts, pick};
use vat_return::tables::{Specification, tables};
use vat_return::{Category, Language, explain};

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What it is.
    pub title: String,
    /// What follows from it.
    pub detail: String,
}

/// What a person may answer beside the choices of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// Nothing.
    None,
    /// A standard code of the list.
    Code,
    /// Nine digits.
    OrgNumber,
    /// Words of her own; the return is then handled by a person at Skatteetaten.
    Remark,
    /// An amount in kroner.
    Amount,
    /// A KID.
    Kid,
    /// A share in per cent.
    Share,
}

impl Question {
    /// What may be answered beside the choices.
    pub fn free(&self) -> Free {
        match self.kind {
            QuestionKind::UnmappedCode
            | QuestionKind::AmbiguousCode
            | QuestionKind::TaxTableMissing
            | QuestionKind::CodeDirection => Free::Code,
            QuestionKind::OrgnrMissing => Free::OrgNumber,
            QuestionKind::RemarkNeeded => Free::Remark,
            QuestionKind::ForeignCurrency => Free::Amount,
            QuestionKind::RefundKid => Free::Kid,
            QuestionKind::ShareUnknown => Free::Share,
            _ => Free::None,
        }
    }

    /// An answer in words, whether it is one of the choices or not.
    pub fn option(&self, answer: &str, language: Language) -> Words {
        let (title, detail) = match texts(self.kind, answer) {
            Some((title, detail)) => (pick(language, title).to_owned(), pick(language, detail).to_owned()),
            None => self.spelt(answer, language),
        };
        Words { title, detail: detail.replace("{about}", &self.about) }
    }

    /// Answers that are codes, remarks, shares and numbers.
    fn spelt(&self, answer: &str, language: Language) -> (String, String) {
        let plain = || (answer.to_owned(), String::new());
        match self.kind {
            QuestionKind::ShareUnknown => (explain::rate(answer, language), String::new()),
            QuestionKind::RemarkNeeded => match tables().remark(answer) {
                Some(row) => (
                    remark(row.name),
                    pick(language, ["Merknad fra listen", "Merknad frå lista", "A remark of the list"]).to_owned(),
                ),
                None => (
                    format!("«{answer}»"),
                    pick(
                        language,
                        [
                            "Fritekst: meldingen behandles manuelt hos Skatteetaten",
                            "Fritekst: meldinga blir handsama manuelt hos Skatteetaten",
                            "Free text: the return is handled by a person at Skatteetaten",
                        ],
                    )
                    .to_owned(),
                ),
            },
            QuestionKind::JointRegistration | QuestionKind::OrgnrMissing | QuestionKind::RefundKid => plain(),
            _ => code(answer, language).unwrap_or_else(plain),
        }
    }
}

/// The remark of the list in words, as the return's lines have it.
fn remark(name: &str) -> String {
    // The list's names are words that are written together.
    let mut words = String::new();
    for (at, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && at > 0 {
            words.push(' ');
            words.extend(letter.to_lowercase());
        } else if at == 0 {
            words.extend(letter.to_uppercase());
        } else {
            words.push(letter);
        }
    }
    words
}

/// `3`, `1 justering`, `0`.
fn code(answer: &str, language: Language) -> Option<(String, String)> {
    let (number, specification) = answer.split_once(' ').unwrap_or((answer, ""));
    if ["0", "7", "20", "21", "22"].contains(&number) {
        let title = pick(language, ["Ikke i meldingen", "Ikkje i meldinga", "Not in the return"]);
        return Some((title.to_owned(), format!("{} {number}", word(language))));
    }
    let known = tables().code(number)?;
    let name = explain::code_name(known, false, Category::Ordinary, language);
    let title = format!("{} {number}: {name}", word(language));
    let detail = Specification::of_text(specification)
        .map(|specification| explain::specification_name(specification, language).to_owned())
        .unwrap_or_default();
    Some((title, detail))
}

fn word(language: Language) -> &'static str {
    pick(language, ["Kode", "Kode", "Code"])
}

const NONE: Texts = ["", "", ""];

/// Answers that are words of the program's own.
#[expect(clippy::too_many_lines, reason = "texts")]
fn texts(kind: QuestionKind, answer: &str) -> Option<(Texts, Texts)> {
    use QuestionKind::{
        AccountMapping, BaseTimesRate, BaseUnknown, DeclarationPeriod, DuplicateVoucher, ForeignCurrency, MissingPart,
        NoEntries, NokBaseMissing, PeriodIncomplete, PeriodMismatch, RateNotValid, RefundKid, Specification,
        TaxOnUntaxedCode, TaxUnknown, TaxWithoutCode, UnbalancedVoucher, UncodedVatPosting, VoucherDifference,
    };
    Some(match (kind, answer) {
        (UncodedVatPosting, "1 justering") => (
            ["Justering av inngående mva", "Justering av inngåande mva", "Adjustment of input VAT"],
            [
                "Egen linje: kode 1, justering.",
                "Eiga linje: kode 1, justering.",
                "A line of its own: code 1, adjustment.",
            ],
        ),
        (UncodedVatPosting, "1") => (
            ["Vanlig fradrag, koden mangler", "Vanleg frådrag, koden manglar", "Ordinary deduction without its code"],
            ["Legges til kode 1.", "Blir lagt til kode 1.", "Added to code 1."],
        ),
        (UncodedVatPosting, "3") => (
            ["Vanlig salg, koden mangler", "Vanleg sal, koden manglar", "Ordinary sale without its code"],
            [
                "Legges til kode 3, med grunnlag etter satsen.",
                "Blir lagt til kode 3, med grunnlag etter satsen.",
                "Added to code 3, with a base by its rate.",
            ],
        ),
        (UncodedVatPosting, "1 tapPåKrav" | "3 tapPåKrav") => (
            ["Tap på krav", "Tap på krav", "Loss on claims"],
            ["Egen linje: tap på krav.", "Eiga linje: tap på krav.", "A line of its own: loss on claims."],
        ),
        (UncodedVatPosting, "1 tilbakeføringAvInngåendeMerverdiavgift") => (
            ["Tilbakeføring av inngående mva", "Tilbakeføring av inngåande mva", "Reversal of input VAT"],
            [
                "Egen linje: kode 1, tilbakeføring. Krever merknad.",
                "Eiga linje: kode 1, tilbakeføring. Krev merknad.",
                "A line of its own: code 1, reversal. Needs a remark.",
            ],
        ),
        (UncodedVatPosting, "ignore") => (
            ["Hører ikke til meldingen", "Høyrer ikkje til meldinga", "Does not belong to the return"],
            [
                "For eksempel oppgjør eller feilføring. Mva-kontoene vil ikke stemme med meldingen.",
                "Til dømes oppgjer eller feilføring. Mva-kontoane vil ikkje stemme med meldinga.",
                "A settlement or a slip, say. The VAT accounts will not agree with the return.",
            ],
        ),
        (PeriodMismatch | DeclarationPeriod, "date") => (
            ["Etter bilagsdato", "Etter bilagsdato", "By voucher date"],
            [
                "Mva hører til perioden da dokumentet ble utstedt. Er den perioden levert, må den rettes.",
                "Mva høyrer til perioden då dokumentet vart skrive ut. Er den perioden levert, må han rettast.",
                "VAT belongs to the period in which the document was issued. If that is filed, it must be corrected.",
            ],
        ),
        (PeriodMismatch, "accounting") => (
            ["Etter regnskapsperiode", "Etter rekneskapsperiode", "By accounting period"],
            [
                "Bilagene tas med der de er ført.",
                "Bilaga blir tekne med der dei er førte.",
                "The vouchers count where they were posted.",
            ],
        ),
        (DeclarationPeriod, "declared") => (
            ["Etter terminen i filen", "Etter terminen i fila", "By the period that the file names"],
            [
                "Bilagene tas med i terminen som linjene oppgir.",
                "Bilaga blir tekne med i terminen som linjene oppgir.",
                "The vouchers count in the period that their lines name.",
            ],
        ),
        (PeriodIncomplete | MissingPart | NoEntries, "without") => (
            ["Lag meldingen likevel", "Lag meldinga likevel", "Build the return all the same"],
            [
                "Det som mangler, blir ikke med i meldingen.",
                "Det som manglar, blir ikkje med i meldinga.",
                "What is missing is not in the return.",
            ],
        ),
        (VoucherDifference, "stated") => {
            (["Mva som er oppgitt på linjene", "Mva som er oppgitt på linjene", "The VAT stated on the lines"], NONE)
        }
        (VoucherDifference, "accounts") => (
            ["Mva som er ført på mva-kontoene", "Mva som er ført på mva-kontoane", "The VAT on the VAT accounts"],
            [
                "Da stemmer meldingen med regnskapet.",
                "Då stemmer meldinga med rekneskapen.",
                "Then the return agrees with the books.",
            ],
        ),
        (TaxUnknown, "rate") => {
            (["Regn ut: grunnlag × sats", "Rekn ut: grunnlag × sats", "Compute it: base × rate"], NONE)
        }
        (TaxUnknown, "none") => (
            ["Ingen mva på disse bilagene", "Inga mva på desse bilaga", "No VAT on these vouchers"],
            ["Grunnlaget blir med, mva blir 0.", "Grunnlaget blir med, mva blir 0.", "The base counts, the VAT is 0."],
        ),
        (BaseUnknown | NokBaseMissing, "derived") => (
            ["Bruk grunnlaget som er regnet ut", "Bruk grunnlaget som er rekna ut", "Use the computed base"],
            ["Mva delt på satsen.", "Mva delt på satsen.", "VAT divided by the rate."],
        ),
        (BaseTimesRate | RateNotValid, "keep") => (
            ["Behold det som står i regnskapet", "Behald det som står i rekneskapen", "Keep what the books say"],
            [
                "Skatteetaten kan gi avvik på linjen.",
                "Skatteetaten kan gje avvik på linja.",
                "Skatteetaten may report a deviation on the line.",
            ],
        ),
        (TaxOnUntaxedCode, "drop") => (
            ["Ta ikke med mva-beløpet", "Ta ikkje med mva-beløpet", "Leave the VAT out"],
            ["Koden er uten mva.", "Koden er utan mva.", "The code is without VAT."],
        ),
        (TaxWithoutCode, "ignore") => (["Ta ikke med beløpet", "Ta ikkje med beløpet", "Leave the amount out"], NONE),
        (Specification, "none") => (["Nei, vanlig linje", "Nei, vanleg linje", "No, an ordinary line"], NONE),
        (Specification, answer) => {
            let title: Texts = match vat_return::tables::Specification::of_text(answer)? {
                vat_return::tables::Specification::Withdrawal => ["Ja, uttak", "Ja, uttak", "Yes, withdrawal"],
                vat_return::tables::Specification::LossOnClaims => {
                    ["Ja, tap på krav", "Ja, tap på krav", "Yes, loss on claims"]
                }
                _ => return None,
            };
            (title, ["Får en linje for seg.", "Får ei linje for seg.", "Gets a line of its own."])
        }
        (UnbalancedVoucher, "include") => {
            (["Ta med bilaget som det er", "Ta med bilaget som det er", "Count the voucher as it is"], NONE)
        }
        (UnbalancedVoucher | ForeignCurrency, "leave_out") => (
            ["Hold det utenfor", "Hald det utanfor", "Leave it out"],
            ["Det blir ikke med i meldingen.", "Det blir ikkje med i meldinga.", "It is not in the return."],
        ),
        (DuplicateVoucher, "both") => {
            (["To bilag: ta med begge", "To bilag: ta med begge", "Two vouchers: count both"], NONE)
        }
        (DuplicateVoucher, "once") => (
            ["Samme bilag: ta det med én gang", "Same bilag: ta det med éin gong", "The same voucher: count it once"],
            NONE,
        ),
        (AccountMapping, "output") => {
            (["Konto for utgående mva", "Konto for utgåande mva", "An account of output VAT"], NONE)
        }
        (AccountMapping, "input") => {
            (["Konto for inngående mva", "Konto for inngåande mva", "An account of input VAT"], NONE)
        }
        (AccountMapping, "settlement") => (["Oppgjørskonto", "Oppgjerskonto", "The settlement account"], NONE),
        (AccountMapping, "none") => (["Ikke en mva-konto", "Ikkje ein mva-konto", "No VAT account"], NONE),
        (RefundKid, "none") => (["Ingen KID", "Ingen KID", "No KID"], NONE),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: QuestionKind) -> Question {
        Question { kind, about: "V9".into(), vouchers: vec![], effect: 0, choices: vec![], suggestion: None }
    }

    #[test]
    fn answers_are_said_in_words() {
        let said = |kind, answer: &str| question(kind).option(answer, Language::Nb);
        assert_eq!(said(QuestionKind::UncodedVatPosting, "1 justering").title, "Justering av inngående mva");
        assert!(said(QuestionKind::UnmappedCode, "3").title.starts_with("Kode 3: Salg"));
        assert_eq!(said(QuestionKind::UnmappedCode, "0").title, "Ikke i meldingen");
        assert_eq!(said(QuestionKind::ShareUnknown, "60").title, "60\u{a0}%");
        assert_eq!(said(QuestionKind::JointRegistration, "311797816").title, "311797816");
        assert!(said(QuestionKind::RemarkNeeded, "fordi det er slik").detail.contains("manuelt"));
    }
}
