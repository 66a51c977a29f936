//! What is worth knowing of a delivery before a period is looked at.

use books::{Evidence, QuestionKind};
use vat_return::Language;
use view::{BooksFact, MayFile};

use super::{Book, Choice};

fn fact(good: bool, title: String, text: String) -> BooksFact {
    BooksFact { good, title, text }
}

/// Four facts, as the mock-up has them: whose file, debit and credit, codes, amounts; and what else was odd.
pub(super) fn of(
    book: &Book,
    choice: &Choice,
    may_file: MayFile,
    person: Option<&str>,
    language: Language,
) -> Vec<BooksFact> {
    let say = |key| crate::text(language, key).to_owned();
    let company = books::company(&book.ledger, &choice.answers);
    let mut facts = Vec::new();
    let person = person.unwrap_or_default();
    facts.push(match may_file {
        MayFile::Yes => fact(
            true,
            say("saft.facts.theOrganisationNumberIsYours"),
            crate::filled(language, "saft.facts.mayFileFor", &[("person", &person), ("company", &company.name)]),
        ),
        MayFile::No => fact(
            false,
            say("saft.facts.theFileIsForAnother"),
            crate::filled(language, "saft.facts.mayNotFileForIf", &[("person", &person), ("company", &company.name)]),
        ),
        MayFile::Unknown if company.org_number.is_some() => {
            fact(true, say("saft.facts.theOrganisationNumberWasRead"), say("saft.facts.whetherYouMayFileFor"))
        }
        MayFile::Unknown => {
            fact(false, say("saft.facts.theOrganisationNumberIsMissing"), say("saft.facts.youAreAskedForIt"))
        }
    });
    facts.push(match book.unbalanced.as_slice() {
        [] => fact(
            true,
            say("saft.facts.debitAndCreditAgree"),
            crate::filled(
                language,
                "saft.facts.inAllVouchers",
                &[("count", &vat_return::explain::amount(book.ledger.len().into()))],
            ),
        ),
        [first, rest @ ..] => fact(
            false,
            crate::filled(language, "saft.facts.voucherDoesNotBalance", &[("number", &book.ledger.number(*first))]),
            if rest.is_empty() {
                say("saft.facts.debitAndCreditDiffer")
            } else {
                crate::filled(language, "saft.facts.andMore", &[("count", &rest.len().to_string())])
            },
        ),
    });
    let Some(drafted) = &choice.drafted else { return facts };
    let unmapped: Vec<String> = drafted
        .draft
        .questions
        .iter()
        .filter(|question| {
            matches!(
                question.kind,
                QuestionKind::UnmappedCode | QuestionKind::AmbiguousCode | QuestionKind::TaxTableMissing
            )
        })
        .map(|question| format!("«{}»", question.about))
        .collect();
    facts.push(if unmapped.is_empty() {
        fact(true, say("saft.facts.allVatCodesAreKnown"), String::new())
    } else {
        fact(
            unmapped.len() < 2,
            crate::filled(language, "saft.facts.ownCodesLeadNowhere", &[("count", &unmapped.len().to_string())]),
            crate::filled(language, "saft.facts.whichYouAreAskedAbout", &[("codes", &unmapped.join(", "))]),
        )
    });
    let derived: usize = drafted
        .draft
        .evidence
        .iter()
        .filter(|(evidence, _)| !matches!(evidence, Evidence::Stated | Evidence::Answer))
        .map(|(_, count)| count)
        .sum();
    if derived > 0 {
        facts.push(fact(
            false,
            crate::filled(language, "saft.facts.linesLackAnAmountOf", &[("count", &derived.to_string())]),
            say("saft.facts.momsbudTakesItFromThe"),
        ));
    }
    facts
}
