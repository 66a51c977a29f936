//! The answers that a question offers, in words: bokmål, nynorsk, English.

use crate::question::{Question, QuestionKind};
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
            Some((title, detail)) => {
                (crate::text(language, title).to_owned(), crate::text(language, detail).to_owned())
            }
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
                Some(row) => (remark(row.name), crate::text(language, "options.aRemarkOfTheList").to_owned()),
                None => (format!("«{answer}»"), crate::text(language, "options.freeTextTheReturnIs").to_owned()),
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
        let title = crate::text(language, "options.notInTheReturn");
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
    crate::text(language, "options.code")
}

/// No second line.
const NONE: &str = "";

/// Answers that are words of the program's own.
fn texts(kind: QuestionKind, answer: &str) -> Option<(&'static str, &'static str)> {
    use QuestionKind::{
        AccountMapping, BaseTimesRate, BaseUnknown, DeclarationPeriod, DuplicateVoucher, ForeignCurrency, MissingPart,
        NoEntries, NokBaseMissing, PeriodIncomplete, PeriodMismatch, RateNotValid, RefundKid, Specification,
        TaxOnUntaxedCode, TaxUnknown, TaxWithoutCode, UnbalancedVoucher, UncodedVatPosting, VoucherDifference,
    };
    Some(match (kind, answer) {
        (UncodedVatPosting, "1 justering") => ("options.adjustmentOfInputVat", "options.aLineOfItsOwnCode"),
        (UncodedVatPosting, "1") => ("options.ordinaryDeductionWithoutItsCode", "options.addedToCode1"),
        (UncodedVatPosting, "3") => ("options.ordinarySaleWithoutItsCode", "options.addedToCode3With"),
        (UncodedVatPosting, "1 tapPåKrav" | "3 tapPåKrav") => ("options.lossOnClaims", "options.aLineOfItsOwnLoss"),
        (UncodedVatPosting, "1 tilbakeføringAvInngåendeMerverdiavgift") => {
            ("options.reversalOfInputVat", "options.aLineOfItsOwn")
        }
        (UncodedVatPosting, "ignore") => ("options.doesNotBelongToThe", "options.aSettlementOrASlip"),
        (PeriodMismatch | DeclarationPeriod, "date") => ("options.byVoucherDate", "options.vatBelongsToThePeriod"),
        (PeriodMismatch, "accounting") => ("options.byAccountingPeriod", "options.theVouchersCountWhereThey"),
        (DeclarationPeriod, "declared") => ("options.byThePeriodThatThe", "options.theVouchersCountInThe"),
        (PeriodIncomplete | MissingPart | NoEntries, "without") => {
            ("options.buildTheReturnAllThe", "options.whatIsMissingIsNot")
        }
        (VoucherDifference, "stated") => ("options.theVatStatedOnThe", NONE),
        (VoucherDifference, "accounts") => ("options.theVatOnTheVat", "options.thenTheReturnAgreesWith"),
        (TaxUnknown, "rate") => ("options.computeItBaseRate", NONE),
        (TaxUnknown, "none") => ("options.noVatOnTheseVouchers", "options.theBaseCountsTheVat"),
        (BaseUnknown | NokBaseMissing, "derived") => ("options.useTheComputedBase", "options.vatDividedByTheRate"),
        (BaseTimesRate | RateNotValid, "keep") => {
            ("options.keepWhatTheBooksSay", "options.skatteetatenMayReportADeviation")
        }
        (TaxOnUntaxedCode, "drop") => ("options.leaveTheVatOut", "options.theCodeIsWithoutVat"),
        (TaxWithoutCode, "ignore") => ("options.leaveTheAmountOut", NONE),
        (Specification, "none") => ("options.noAnOrdinaryLine", NONE),
        (Specification, answer) => {
            let title: &'static str = match vat_return::tables::Specification::of_text(answer)? {
                vat_return::tables::Specification::Withdrawal => "options.yesWithdrawal",
                vat_return::tables::Specification::LossOnClaims => "options.yesLossOnClaims",
                _ => return None,
            };
            (title, "options.getsALineOfIts")
        }
        (UnbalancedVoucher, "include") => ("options.countAsBooked", NONE),
        (UnbalancedVoucher, "leave_out") => ("options.leaveVouchersOut", "options.staysOutOfTheReturn"),
        (ForeignCurrency, "leave_out") => ("options.leaveItOut", "options.itIsNotInThe"),
        (DuplicateVoucher, "both") => ("options.twoVouchersCountBoth", NONE),
        (DuplicateVoucher, "once") => ("options.theSameVoucherCountIt", NONE),
        (AccountMapping, "output") => ("options.anAccountOfOutputVat", NONE),
        (AccountMapping, "input") => ("options.anAccountOfInputVat", NONE),
        (AccountMapping, "settlement") => ("options.theSettlementAccount", NONE),
        (AccountMapping, "none") => ("options.noVatAccount", NONE),
        (RefundKid, "none") => ("options.noKid", NONE),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(kind: QuestionKind) -> Question {
        Question {
            kind,
            about: "V9".into(),
            vouchers: vec![],
            effect: 0,
            foreign: false,
            choices: vec![],
            suggestion: None,
        }
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
