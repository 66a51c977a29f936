//! What is worth knowing of a delivery before a period is looked at.

use books::{Evidence, QuestionKind};
use vat_return::Language;

use super::{Book, Choice};
use crate::view::{BooksFact, MayFile};

fn pick(language: Language, [nb, nn, en]: [&str; 3]) -> &str {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

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
    let say = |texts: [&str; 3]| pick(language, texts).to_owned();
    let company = books::company(&book.ledger, &choice.answers);
    let mut facts = Vec::new();
    let person = person.unwrap_or_default();
    facts.push(match may_file {
        MayFile::Yes => fact(
            true,
            say(["Organisasjonsnummeret er ditt", "Organisasjonsnummeret er ditt", "The organisation number is yours"]),
            say([
                "{person} kan sende for {company}.",
                "{person} kan sende for {company}.",
                "{person} may file for {company}.",
            ])
            .replace("{person}", person)
            .replace("{company}", &company.name),
        ),
        MayFile::No => fact(
            false,
            say([
                "Filen er for en annen virksomhet",
                "Fila er for ei anna verksemd",
                "The file is for another company",
            ]),
            say([
                "{person} kan ikke sende for {company}. Er det riktig fil, må en som kan, logge inn.",
                "{person} kan ikkje sende for {company}. Er det rett fil, må ein som kan, logge inn.",
                "{person} may not file for {company}. If the file is right, somebody who may must sign in.",
            ])
            .replace("{person}", person)
            .replace("{company}", &company.name),
        ),
        MayFile::Unknown if company.org_number.is_some() => fact(
            true,
            say(["Organisasjonsnummeret er lest", "Organisasjonsnummeret er lese", "The organisation number was read"]),
            say([
                "Om du kan sende for virksomheten, vises når du er logget inn.",
                "Om du kan sende for verksemda, viser seg når du er logga inn.",
                "Whether you may file for the company is shown when you are signed in.",
            ]),
        ),
        MayFile::Unknown => fact(
            false,
            say(["Organisasjonsnummer mangler", "Organisasjonsnummer manglar", "The organisation number is missing"]),
            say(["Du blir spurt om det.", "Du blir spurd om det.", "You are asked for it."]),
        ),
    });
    facts.push(match book.unbalanced.as_slice() {
        [] => fact(
            true,
            say(["Debet og kredit stemmer", "Debet og kredit stemmer", "Debit and credit agree"]),
            say(["i alle {count} bilag", "i alle {count} bilag", "in all {count} vouchers"])
                .replace("{count}", &vat_return::explain::amount(book.ledger.len().into())),
        ),
        [first, rest @ ..] => fact(
            false,
            say(["Bilag {number} går ikke opp", "Bilag {number} går ikkje opp", "Voucher {number} does not balance"])
                .replace("{number}", book.ledger.number(*first)),
            if rest.is_empty() {
                say(["Debet og kredit er ulike.", "Debet og kredit er ulike.", "Debit and credit differ."])
            } else {
                say(["og {count} til", "og {count} til", "and {count} more"])
                    .replace("{count}", &rest.len().to_string())
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
        fact(
            true,
            say(["Alle mva-koder er kjent", "Alle mva-kodar er kjende", "All VAT codes are known"]),
            String::new(),
        )
    } else {
        fact(
            unmapped.len() < 2,
            say([
                "{count} egne koder er ikke fordelt",
                "{count} eigne kodar er ikkje fordelte",
                "{count} own codes lead nowhere",
            ])
            .replace("{count}", &unmapped.len().to_string()),
            say([
                "{codes}, som du blir spurt om",
                "{codes}, som du blir spurd om",
                "{codes}, which you are asked about",
            ])
            .replace("{codes}", &unmapped.join(", ")),
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
            say([
                "{count} linjer mangler mva-beløp",
                "{count} linjer manglar mva-beløp",
                "{count} lines lack an amount of VAT",
            ])
            .replace("{count}", &derived.to_string()),
            say([
                "Momsbud henter beløpet fra mva-kontoene på samme bilag, ellers grunnlag × sats.",
                "Momsbud hentar beløpet frå mva-kontoane på same bilag, elles grunnlag × sats.",
                "Momsbud takes it from the VAT accounts of the voucher, else base × rate.",
            ]),
        ));
    }
    facts
}
