//! A refusal for the window: a heading, what is wrong and where, and what to do.

use crate::words::{Texts, pick, refusal};
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
        title: pick(language, title).to_owned(),
        text: refusal(refused, language),
        todo: pick(language, todo).to_owned(),
    }
}

const AGAIN: Texts = [
    "Lag filen på nytt i regnskapssystemet. Momsbud bruker aldri en halv fil.",
    "Lag fila på nytt i rekneskapssystemet. Momsbud bruker aldri ei halv fil.",
    "Export the file again from the accounting system. Momsbud never uses half a file.",
];
const ANOTHER: Texts = [
    "Velg eksport av SAF-T Regnskap i regnskapssystemet, og slipp den filen her.",
    "Vel eksport av SAF-T Rekneskap i rekneskapssystemet, og slepp den fila her.",
    "Choose the export of SAF-T Financial in the accounting system, and drop that file here.",
];

fn parts(problem: &Problem) -> (Texts, Texts) {
    match problem {
        Problem::Empty => (["Filen er tom", "Fila er tom", "The file is empty"], AGAIN),
        Problem::NotSaft(_) => (["Filen er ikke SAF-T", "Fila er ikkje SAF-T", "The file is not SAF-T"], ANOTHER),
        Problem::NotFinancial(_) => (
            [
                "Filen er SAF-T fra et kassasystem",
                "Fila er SAF-T frå eit kassasystem",
                "The file is a cash register's SAF-T",
            ],
            ANOTHER,
        ),
        Problem::OtherCountry(_) => (
            ["Filen er fra et annet land", "Fila er frå eit anna land", "The file is from another country"],
            [
                "Momsbud lager norske mva-meldinger. Slipp den norske filen.",
                "Momsbud lagar norske mva-meldingar. Slepp den norske fila.",
                "Momsbud makes Norwegian VAT returns. Drop the Norwegian file.",
            ],
        ),
        Problem::Truncated(_) => {
            (["Filen slutter midt i", "Fila sluttar midt i", "The file ends in the middle"], AGAIN)
        }
        Problem::TwoCompanies(..) | Problem::DifferentCompanies(..) => (
            ["Filen har to virksomheter", "Fila har to verksemder", "The file has two companies"],
            [
                "Lag én fil for hver virksomhet. Er de fellesregistrert, kan du slå dem sammen etterpå.",
                "Lag éi fil for kvar verksemd. Er dei fellesregistrerte, kan du slå dei saman etterpå.",
                "Export one file a company. Companies that are registered together can be joined afterwards.",
            ],
        ),
        Problem::OverlappingParts { .. } => (
            ["To filer overlapper", "To filer overlappar", "Two files overlap"],
            [
                "Slipp bare den ene av dem. Da telles ingen bilag to ganger.",
                "Slepp berre den eine av dei. Då blir ingen bilag talde to gonger.",
                "Drop only one of them. Then no voucher is counted twice.",
            ],
        ),
        Problem::Changed => (
            [
                "Filen ble endret mens den ble lest",
                "Fila vart endra medan ho vart lesen",
                "The file changed while it was read",
            ],
            [
                "Vent til eksporten er ferdig, og slipp filen på nytt.",
                "Vent til eksporten er ferdig, og slepp fila på nytt.",
                "Wait until the export is done, and drop the file again.",
            ],
        ),
        Problem::ZipBomb => (
            ["Zip-filen er for stor utpakket", "Zip-fila er for stor utpakka", "The zip file unpacks to too much"],
            ANOTHER,
        ),
        Problem::UnreadableZip(_) => {
            (["Zip-filen kan ikke åpnes", "Zip-fila kan ikkje opnast", "The zip file cannot be opened"], AGAIN)
        }
        Problem::Doctype(_) | Problem::Entity(..) => {
            (["Filen er ikke trygg å lese", "Fila er ikkje trygg å lese", "The file is not safe to read"], ANOTHER)
        }
        Problem::BadNumber { .. } => (
            ["Et beløp kan ikke leses", "Eit beløp kan ikkje lesast", "An amount cannot be read"],
            [
                "Rett bilaget i regnskapssystemet, og lag filen på nytt.",
                "Rett bilaget i rekneskapssystemet, og lag fila på nytt.",
                "Correct the voucher in the accounting system, and export the file again.",
            ],
        ),
        Problem::BadDate { .. } => {
            (["En dato kan ikke leses", "Ein dato kan ikkje lesast", "A date cannot be read"], AGAIN)
        }
        Problem::Cancelled => (
            ["Lesingen er avbrutt", "Lesinga er avbroten", "The reading was cancelled"],
            ["Slipp filen på nytt når du vil.", "Slepp fila på nytt når du vil.", "Drop the file again when you like."],
        ),
        Problem::Io(_) => (
            ["Filen kunne ikke leses", "Fila kunne ikkje lesast", "The file could not be read"],
            [
                "Se om filen fortsatt er der, og at du har lov til å lese den.",
                "Sjå om fila framleis er der, og at du har lov til å lese ho.",
                "See that the file is still there, and that you may read it.",
            ],
        ),
        _ => (["Filen er ødelagt", "Fila er øydelagd", "The file is damaged"], AGAIN),
    }
}
