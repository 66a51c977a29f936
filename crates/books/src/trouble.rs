//! A refusal for the window: a heading, what is wrong and where, and what to do.

use crate::texts::refusal;
use saf_t::{Problem, Refusal};
use vat_return::Language;

/// A refusal in three parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// A heading.
    pub title: String,
    /// What is wrong, and where.
    pub text: String,
    /// What to do.
    pub todo: String,
}

/// A refusal in words.
pub fn of(refused: &Refusal, language: Language) -> Said {
    let (title, todo) = parts(&refused.problem);
    Said {
        title: crate::text(language, title).to_owned(),
        text: refusal(refused, language),
        todo: crate::text(language, todo).to_owned(),
    }
}

const AGAIN: &str = "trouble.exportTheFileAgainFrom";
const ANOTHER: &str = "trouble.chooseTheExportOfSaf";

fn parts(problem: &Problem) -> (&'static str, &'static str) {
    match problem {
        Problem::Empty => ("trouble.theFileIsEmpty", AGAIN),
        Problem::NotSaft(_) => ("trouble.theFileIsNotSaf", ANOTHER),
        Problem::NotFinancial(_) => ("trouble.theFileIsACash", ANOTHER),
        Problem::OtherCountry(_) => ("trouble.theFileIsFromAnother", "trouble.momsbudMakesNorwegianVatReturns"),
        Problem::Truncated(_) => ("trouble.theFileEndsInThe", AGAIN),
        Problem::TwoCompanies(..) | Problem::DifferentCompanies(..) => {
            ("trouble.theFileHasTwoCompanies", "trouble.exportOneFileACompany")
        }
        Problem::OverlappingParts { .. } => ("trouble.twoFilesOverlap", "trouble.dropOnlyOneOfThem"),
        Problem::Changed => ("trouble.theFileChangedWhileIt", "trouble.waitUntilTheExportIs"),
        Problem::ZipBomb => ("trouble.theZipFileUnpacksTo", ANOTHER),
        Problem::UnreadableZip(_) => ("trouble.theZipFileCannotBe", AGAIN),
        Problem::Doctype(_) | Problem::Entity(..) => ("trouble.theFileIsNotSafe", ANOTHER),
        Problem::BadNumber { .. } => ("trouble.anAmountCannotBeRead", "trouble.correctTheVoucherInThe"),
        Problem::BadDate { .. } => ("trouble.aDateCannotBeRead", AGAIN),
        Problem::Cancelled => ("trouble.theReadingWasCancelled", "trouble.dropTheFileAgainWhen"),
        Problem::Io(_) => ("trouble.theFileCouldNotBe", "trouble.seeThatTheFileIs"),
        _ => ("trouble.theFileIsDamaged", AGAIN),
    }
}
