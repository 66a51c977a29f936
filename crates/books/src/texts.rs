//! Questions, warnings and refusals in words.

use crate::posting::Evidence;
use crate::question::{Question, QuestionKind};
use crate::warning::Warning;
use saf_t::number::NumberError;
use saf_t::{Oddity, Problem, Refusal, ZipTrouble};
use vat_return::Language;
use vat_return::explain::{amount, day as day_in_words};

/// Øre as kroner with the language's grouping, e.g. `1 234,50 kr`.
pub fn kroner(ore: i128) -> String {
    let whole = rust_decimal::Decimal::try_from_i128_with_scale(ore, 2).unwrap_or(rust_decimal::Decimal::MAX);
    format!("{} kr", amount(whole.normalize()))
}

impl Question {
    /// What is asked, in a few words.
    pub fn title(&self, language: Language) -> &'static str {
        crate::text(language, title(self.kind))
    }

    /// What it is about and why it is asked.
    pub fn text(&self, language: Language) -> String {
        let about = match self.kind {
            // Journal, number and date.
            QuestionKind::UncodedVatPosting
            | QuestionKind::VoucherDifference
            | QuestionKind::Specification
            | QuestionKind::ShareUnknown
            | QuestionKind::DuplicateVoucher
            | QuestionKind::TaxWithoutCode => voucher(&self.about, language),
            // A voucher, or an own code.
            QuestionKind::ForeignCurrency if is_voucher(&self.about) => voucher(&self.about, language),
            QuestionKind::ForeignCurrency => format!("«{}»", self.about),
            _ => self.about.clone(),
        };
        let text = crate::text(language, explanation(self.kind));
        // What begins a sentence begins it with a large letter.
        let about = if text.starts_with("{about}") { messages::capital(&about) } else { about };
        text.replace("{about}", &about)
    }
}

/// Whether something asked about is a voucher: `journal/number/date`.
fn is_voucher(about: &str) -> bool {
    about.rsplit_once('/').is_some_and(|(rest, day)| rest.contains('/') && day.parse::<jiff::civil::Date>().is_ok())
}

/// `journal/number/date` as people write it.
fn voucher(about: &str, language: Language) -> String {
    let mut parts = about.rsplitn(2, '/');
    let date = parts.next().unwrap_or_default();
    let number = parts.next().and_then(|rest| rest.split_once('/')).map_or("", |(_, number)| number);
    let word = crate::text(language, "saidOf.voucher");
    let day = date.parse().map_or_else(|_| date.to_owned(), |day| day_in_words(day, language));
    format!("{word} {number} ({day})")
}

fn title(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::ChoosePeriod => "saidOf.whichPeriod",
        QuestionKind::PeriodIncomplete => "saidOf.theFileDoesNotCover",
        QuestionKind::PeriodMismatch => "saidOf.voucherDateAndAccountingPeriod",
        QuestionKind::DeclarationPeriod => "saidOf.theFileNamesAnotherPeriod",
        QuestionKind::MissingPart => "saidOf.aPartIsMissing",
        QuestionKind::NoEntries => "saidOf.theFileHasNoVouchers",
        QuestionKind::OrgnrMissing => "saidOf.theOrganisationNumberIsMissing",
        QuestionKind::TaxTableMissing => "saidOf.theTaxTableIsMissing",
        QuestionKind::UnmappedCode => "saidOf.unknownVatCode",
        QuestionKind::AmbiguousCode => "saidOf.vatCodeWithSeveralMeanings",
        QuestionKind::CodeDirection => "saidOf.aCodeForSalesOn",
        QuestionKind::RateNotValid => "saidOf.theRateDoesNotFit",
        QuestionKind::TaxOnUntaxedCode => "saidOf.vatOnACodeWithout",
        QuestionKind::TaxWithoutCode => "saidOf.anAmountOfVatWithout",
        QuestionKind::Specification => "saidOf.withdrawalOrLossOnA",
        QuestionKind::UncodedVatPosting => "saidOf.vatPostedWithoutACode",
        QuestionKind::VoucherDifference => "saidOf.statedVatAndVatAccount",
        QuestionKind::TaxUnknown => "saidOf.theAmountOfVatIs",
        QuestionKind::ShareUnknown => "saidOf.unknownDeductibleShare",
        QuestionKind::BaseUnknown => "saidOf.theBaseIsNotStated",
        QuestionKind::BaseTimesRate => "saidOf.baseRateIsNotThe",
        QuestionKind::ZeroRatedInvisible => "saidOf.incomeWithoutAVatCode",
        QuestionKind::RemarkNeeded => "saidOf.theLineNeedsARemark",
        QuestionKind::ForeignCurrency => "saidOf.amountsInNokAreMissing",
        QuestionKind::NokBaseMissing => "saidOf.basesInNokAreMissing",
        QuestionKind::UnbalancedVoucher => "saidOf.unbalancedVoucher",
        QuestionKind::DuplicateVoucher => "saidOf.theSameVoucherTwice",
        QuestionKind::AccountMapping => "saidOf.isThisAVatAccount",
        QuestionKind::JointRegistration => "saidOf.whomIsTheReturnFor",
        QuestionKind::RefundKid => "saidOf.aKidForTheMoney",
    }
}

fn explanation(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::ChoosePeriod => "saidOf.theFileHasVouchersWith",
        QuestionKind::PeriodIncomplete => "saidOf.theFilesSelectionDoesNot",
        QuestionKind::PeriodMismatch => "saidOf.someVouchersLieInThe",
        QuestionKind::DeclarationPeriod => "saidOf.someLinesSayThatThey",
        QuestionKind::MissingPart => "saidOf.partIsNotThere",
        QuestionKind::NoEntries => "saidOf.masterDataOnlyNoVouchers",
        QuestionKind::OrgnrMissing => "saidOf.theFileDoesNotState",
        QuestionKind::TaxTableMissing => "saidOf.codeIsUsedButThe",
        QuestionKind::UnmappedCode => "saidOf.codeIsUsedOnVouchers",
        QuestionKind::AmbiguousCode => "saidOf.codeHasSeveralRowsIn",
        QuestionKind::CodeDirection => "saidOf.codeIsUsedForSales",
        QuestionKind::RateNotValid => "saidOf.isNotARateOf",
        QuestionKind::TaxOnUntaxedCode => "saidOf.codeIsWithoutVatBut",
        QuestionKind::TaxWithoutCode => "saidOf.hasAnAmountOfVat",
        QuestionKind::Specification => "saidOf.looksLikeAWithdrawalOr",
        QuestionKind::UncodedVatPosting => "saidOf.postsOnAVatAccount",
        QuestionKind::VoucherDifference => "saidOf.inTheStatedVatIs",
        QuestionKind::TaxUnknown => "saidOf.someVouchersStateNoVat",
        QuestionKind::ShareUnknown => "saidOf.theInputAccountShowsNeither",
        QuestionKind::BaseUnknown => "saidOf.someLinesOfOutputTax",
        QuestionKind::BaseTimesRate => "saidOf.codeBaseRateDiffersBy",
        QuestionKind::ZeroRatedInvisible => "saidOf.codesStandOnVatLines",
        QuestionKind::RemarkNeeded => "saidOf.codeHasTheOppositeSign",
        QuestionKind::ForeignCurrency => "saidOf.theBooksAreKeptIn",
        QuestionKind::NokBaseMissing => "saidOf.codeLacksABaseIn",
        QuestionKind::UnbalancedVoucher => "saidOf.debitAndCreditDiffer",
        QuestionKind::DuplicateVoucher => "saidOf.isInTheFileTwice",
        QuestionKind::AccountMapping => "saidOf.accountIsNamedLikeA",
        QuestionKind::JointRegistration => "saidOf.theFilesAreOfSeveral",
        QuestionKind::RefundKid => "saidOf.theAuthorityCanPutA",
    }
}

impl Warning {
    /// The warning in words.
    pub fn text(&self, language: Language) -> String {
        let (texts, about): (&'static str, &str) = match self {
            Self::Reader(Oddity::Encoding { guessed: true }) => ("saidOf.theEncodingHadToBe", ""),
            Self::Reader(Oddity::Encoding { .. }) => ("saidOf.theFileHasAnotherEncoding", ""),
            Self::Reader(Oddity::NoNamespace) => ("saidOf.theFileHasNoNamespace", ""),
            Self::Reader(Oddity::DebitAndCredit) => ("saidOf.aLineHasDebitAnd", ""),
            Self::Reader(Oddity::Rate) => ("saidOf.aPercentageCouldNotBe", ""),
            Self::Reader(Oddity::Unreadable { element }) => ("saidOf.aValueCouldNotBe", element),
            Self::Reader(Oddity::Version { said, .. }) => ("saidOf.theFileStatesAnotherVersion", said),
            Self::Reader(Oddity::Totals { file }) => ("saidOf.theTotalsInAreNot", file),
            Self::Reader(Oddity::DuplicateFile { file, .. }) => ("saidOf.isTheSameAsAnother", file),
            Self::Reader(Oddity::OtherFile { file }) => ("saidOf.isNoSafTFile", file),
            Self::Reader(Oddity::Currencies) => ("saidOf.thePartsHaveDifferentCurrencies", ""),
            Self::OrgNumberInvalid => ("saidOf.theCheckDigitOfThe", ""),
            Self::AccountMapping { account, .. } => ("saidOf.accountWasCountedAsA", account),
            Self::Reader(_) => ("saidOf.theFileIsUnusual", ""),
        };
        crate::text(language, texts).replace("{about}", about)
    }
}

/// Where an amount was taken from, as "… linjer: hentet fra mva-kontoene".
pub fn evidence(evidence: Evidence, language: Language) -> &'static str {
    crate::text(
        language,
        match evidence {
            Evidence::Stated => "saidOf.statedOnTheLine",
            Evidence::Accounts => "saidOf.takenFromTheVouchersVat",
            Evidence::LumpSum => "saidOf.baseRateConfirmedByVat",
            Evidence::Assumed => "saidOf.baseRateNotConfirmed",
            Evidence::Answer => "saidOf.byYourAnswer",
        },
    )
}

/// A refusal in words: what happened and what to do next.
pub fn refusal(refusal: &Refusal, language: Language) -> String {
    let place = |place: &saf_t::Place| {
        let line = crate::text(language, "saidOf.line");
        let voucher = crate::text(language, "saidOf.voucher");
        match &place.voucher {
            Some(number) => format!("{line} {}, {voucher} {number}", place.line),
            None => format!("{line} {}", place.line),
        }
    };
    let again = crate::text(language, "saidOf.exportAgain");
    let text = match &refusal.problem {
        Problem::Empty => crate::text(language, "saidOf.theFileIsEmpty").to_owned(),
        Problem::NotSaft(_) => crate::text(language, "saidOf.thisIsNotASaf").to_owned(),
        Problem::NotFinancial(_) => crate::text(language, "saidOf.thisIsSafTOf").to_owned(),
        Problem::OtherCountry(country) => {
            crate::text(language, "saidOf.thisIsASafT").to_owned() + &format!(": {country}.")
        }
        Problem::Truncated(at) => {
            let text = crate::text(language, "saidOf.theFileEndsTooEarly");
            format!("{text} {}. {again}", place(at))
        }
        Problem::NotWellFormed(at, _) => {
            let text = crate::text(language, "saidOf.theXmlIsBrokenAt");
            format!("{text} {}. {again}", place(at))
        }
        Problem::Doctype(at) => {
            let text = crate::text(language, "saidOf.theFileHasADocument");
            format!("{text} {}.", place(at))
        }
        Problem::Entity(at, name) => {
            let text = crate::text(language, "saidOf.theFileHasAnUnknown");
            format!("{text} &{name};, {}.", place(at))
        }
        Problem::TooLarge(at, _) => {
            let text = crate::text(language, "saidOf.aValueInTheFile");
            format!("{text} {}.", place(at))
        }
        Problem::UnreadableZip(why) => crate::text(
            language,
            match why {
                ZipTrouble::Password => "saidOf.theZipFileHasAPassword",
                ZipTrouble::NoXml => "saidOf.thereIsNoXmlIn",
                _ => "saidOf.theZipFileIsDamaged",
            },
        )
        .to_owned(),
        Problem::ZipBomb => crate::text(language, "saidOf.theZipFileUnpacksTo").to_owned(),
        Problem::BadNumber { place: at, element, value, why } => {
            let text = crate::text(
                language,
                match why {
                    NumberError::Syntax => "saidOf.isNotAnAmount",
                    NumberError::Fraction => "saidOf.hasPartOfAnOre",
                    NumberError::TooLarge => "saidOf.isLargerThanAnAmount",
                },
            );
            format!("{element} «{value}» {text} ({}).", place(at))
        }
        Problem::BadDate { place: at, element, value } => {
            let text = crate::text(language, "saidOf.isNotADate");
            format!("{element} «{value}» {text} ({}).", place(at))
        }
        Problem::TwoCompanies(one, other) => {
            let text = crate::text(language, "saidOf.theFileHasTwoCompanies");
            format!("{text}: {one}, {other}.")
        }
        Problem::DifferentCompanies(one, other) => {
            let text = crate::text(language, "saidOf.theFilesAreOfTwo");
            format!("{text}: {one}, {other}.")
        }
        Problem::OverlappingParts { voucher, first, second } => {
            let text = crate::text(language, "saidOf.theSameVoucherIsIn");
            format!("{text}: {voucher} ({first}, {second}).")
        }
        Problem::Changed => crate::text(language, "saidOf.theFileChangedWhileIt").to_owned(),
        Problem::Cancelled => crate::text(language, "saidOf.cancelled").to_owned(),
        Problem::TooMuch => crate::text(language, "saidOf.thereIsMoreInThe").to_owned(),
        Problem::Io(error) => {
            let text = crate::text(language, "saidOf.theFileCouldNotBe");
            format!("{text}: {error}.")
        }
        other => other.to_string(),
    };
    match &refusal.file {
        Some(file) => format!("{file}: {text}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_about_a_voucher_is_a_sentence_with_a_day_in_words() {
        let question = |kind| Question {
            kind,
            about: "HB/10482/2026-04-30".to_owned(),
            vouchers: Vec::new(),
            effect: 0,
            foreign: false,
            choices: Vec::new(),
            suggestion: None,
        };
        let asked = question(QuestionKind::UncodedVatPosting).text(Language::Nb);
        assert!(asked.starts_with("Bilag 10482 (30. april 2026) fører på en mva-konto"), "{asked}");
        let asked = question(QuestionKind::DuplicateVoucher).text(Language::En);
        assert!(asked.starts_with("Voucher 10482 (30 April 2026)"), "{asked}");
    }
}
