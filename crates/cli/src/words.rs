//! What is said of a refusal or a fault: the window's own texts (`ui/src/i18n`), with what to do at a terminal in place of
//! what to do in a window.

use crate::console::Console;
use filing::view::{ErrorCode, ErrorView, FilingState};
use std::collections::HashMap;
use vat_return::Language;

/// The window's texts of errors, one file a language; `build.rs` takes them along.
const TEXTS: [&str; 3] = [
    include_str!(concat!(env!("OUT_DIR"), "/nb.json")),
    include_str!(concat!(env!("OUT_DIR"), "/nn.json")),
    include_str!(concat!(env!("OUT_DIR"), "/en.json")),
];

/// What is said of an error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// What it is, without a full stop.
    pub(crate) title: String,
    /// What happened.
    pub(crate) text: String,
    /// What to do about it.
    pub(crate) todo: String,
    /// What the program itself says of it, in English: for a supporter, where the texts alone do not tell enough.
    pub(crate) technical: Option<String>,
}

/// Values that a text asks for and the office did not give.
const WITHOUT: [(&str, &str); 13] = [
    ("company", "value.company"),
    ("count", "value.unknown"),
    ("right", "value.right"),
    ("file", "value.file"),
    ("other", "value.file"),
    ("person", "value.person"),
    ("path", "value.path"),
    ("ending", "value.unknown"),
    ("found", "value.unknown"),
    ("period", "value.unknown"),
    ("orgNumber", "value.unknown"),
    ("foundPeriod", "value.unknown"),
    ("foundOrgNumber", "value.unknown"),
];

/// What is said of an error in a language.
pub(crate) fn said(error: &ErrorView, language: Language) -> Said {
    let [nb, nn, en] = TEXTS;
    let texts = match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    };
    let texts: HashMap<String, String> = serde_json::from_str(texts).unwrap_or_default();
    let code = serde_json::to_value(error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
    let code = code.unwrap_or_default();
    let text = |part: &str| match texts.get(&format!("error.{code}.{part}")) {
        Some(text) => filled(text, error, &texts),
        None => String::new(),
    };
    // Much that is asked for at a terminal is no filing, and never was there.
    let text = |part: &str| match (error.code, part) {
        (ErrorCode::NotFound, "title") => pick(language, ["Finnes ikke", "Finst ikkje", "Not found"]).to_owned(),
        (ErrorCode::NotFound, "text") => known(&error.message, language).unwrap_or_else(|| {
            pick(
                language,
                [
                    "Det du ba om, finnes ikke her, eller ikke lenger.",
                    "Det du bad om, finst ikkje her, eller ikkje lenger.",
                    "What you asked for is not here, or not any more.",
                ],
            )
            .to_owned()
        }),
        _ => text(part),
    };
    let title = text("title");
    // A code of which the window says nothing is told as the office tells it.
    let title = if title.is_empty() { error.message.trim_end_matches('.').to_owned() } else { title };
    let todo = match at_a_terminal(error.code) {
        Some(all) => pick(language, all).to_owned(),
        None => text("todo"),
    };
    let label = match language {
        Language::Nb | Language::Nn => "Teknisk (engelsk): ",
        Language::En => "",
    };
    let told = error.code == ErrorCode::NotFound && known(&error.message, language).is_some();
    let technical = (tells_too_little(error.code) && !told).then(|| format!("{label}{}", error.message));
    Said { title, text: text("text"), todo, technical }
}

fn pick(language: Language, [nb, nn, en]: [&'static str; 3]) -> &'static str {
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// What the office says of something that is not there, in the language.
fn known(message: &str, language: Language) -> Option<String> {
    let row = NOT_THERE.iter().find(|row| row[2] == message)?;
    Some(pick(language, *row).to_owned())
}

/// What may be asked for and not be there: bokmål, nynorsk, and English as the office says it.
const NOT_THERE: &[[&str; 3]] = &[
    ["Det er ikke noe slikt utkast.", "Det er ikkje noko slikt utkast.", "There is no such draft."],
    ["Det er ingen slik innsending.", "Det er inga slik innsending.", "There is no such filing."],
    [
        "Det er ingen nøkkel fra dette programmet.",
        "Det er ingen nøkkel frå dette programmet.",
        "It is no key of this program.",
    ],
    ["Det er ingen slik integrasjon.", "Det er ingen slik integrasjon.", "There is no such integration."],
    [
        "Det er ingen slik integrasjon, eller den kan ikke endres.",
        "Det er ingen slik integrasjon, eller han kan ikkje endrast.",
        "There is no such integration, or it cannot be changed.",
    ],
    [
        "Reglene nevner ingen klient her som viser hvem den er på den måten.",
        "Reglane nemner ingen klient her som viser kven han er på den måten.",
        "The rules name no client here that proves itself in that way.",
    ],
    ["Det er slettet.", "Det er sletta.", "It has been deleted."],
    [
        "Det ligger ingen melding der: åpne filen og send den inn.",
        "Det ligg inga melding der: opne fila og send ho inn.",
        "No return lies in it: open the file and file it.",
    ],
    ["Kvitteringen er ikke kommet ennå.", "Kvitteringa er ikkje komen enno.", "The receipt has not come yet."],
    [
        "Ingenting er levert, så det er ingen kvittering.",
        "Ingenting er levert, så det er inga kvittering.",
        "Nothing has been delivered, so there is no receipt.",
    ],
    ["Den er ikke i arkivet lenger.", "Ho er ikkje i arkivet lenger.", "It is not in the archive any more."],
    ["Det er ingen bunke.", "Det er ingen bunke.", "There is no batch."],
    [
        "Øvingsetatene kjører ikke i dette miljøet.",
        "Øvingsetatane køyrer ikkje i dette miljøet.",
        "The practice authorities are not running in this environment.",
    ],
];

/// A text with its `{name}`s filled in.
fn filled(text: &str, error: &ErrorView, texts: &HashMap<String, String>) -> String {
    let mut filled = text.to_owned();
    for (name, value) in &error.values {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    for (name, key) in WITHOUT {
        let value = texts.get(key).map(String::as_str).unwrap_or_default();
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}

/// What to do at a terminal, where the window's advice names what only a window has.
fn at_a_terminal(code: ErrorCode) -> Option<[&'static str; 3]> {
    Some(match code {
        ErrorCode::FileEmpty
        | ErrorCode::FileTooLarge
        | ErrorCode::NotXml
        | ErrorCode::NotAReturn
        | ErrorCode::UnsafeXml => [
            "Eksporter «mva-melding (XML)» fra regnskapssystemet på nytt, og gi kommandoen den filen.",
            "Eksporter «mva-melding (XML)» frå rekneskapssystemet på nytt, og gi kommandoen den fila.",
            "Export the VAT return (XML) from the accounting system again, and give the command that file.",
        ],
        ErrorCode::DiskFull => [
            "Frigjør plass, eller gi deg selv skrivetilgang til datamappen, og prøv igjen.",
            "Frigjer plass, eller gi deg sjølv skrivetilgang til datamappa, og prøv igjen.",
            "Free some space, or give yourself the right to write in the data folder, and try again.",
        ],
        ErrorCode::FileUnreadable => [
            "Se etter om det er en vanlig fil, om den er åpen i et annet program, eller om den tilhører en annen bruker.",
            "Sjå etter om det er ei vanleg fil, om ho er open i eit anna program, eller om ho høyrer til ein annan brukar.",
            "See whether it is an ordinary file, is open in another program, or belongs to another user.",
        ],
        ErrorCode::NotFound => [
            "Se etter at nøkkelen eller navnet er riktig: history, draft list, unfinished og integration list viser dem.",
            "Sjå etter at nøkkelen eller namnet er rett: history, draft list, unfinished og integration list viser dei.",
            "See that the key or the name is right: history, draft list, unfinished and integration list show them.",
        ],
        ErrorCode::FileMissing | ErrorCode::FileIsFolder => {
            ["Se etter at stien er riktig.", "Sjå etter at stien er rett.", "See that the path is right."]
        }
        ErrorCode::SamePeriod => [
            "Gi kommandoen bare den som skal sendes inn.",
            "Gi kommandoen berre den som skal sendast inn.",
            "Give the command the one that is to be filed, and not the other.",
        ],
        ErrorCode::NeedsSignIn => {
            ["Logg inn: momsbud-cli login", "Logg inn: momsbud-cli login", "Sign in: momsbud-cli login"]
        }
        ErrorCode::WorkLocked => [
            "Logg inn med jobbkonto: momsbud-cli work login",
            "Logg inn med jobbkonto: momsbud-cli work login",
            "Sign in with a work account: momsbud-cli work login",
        ],
        ErrorCode::AlreadyFiled => [
            "Er dette en rettelse, bruk --correction. Ellers trenger du ikke gjøre noe.",
            "Er dette ei retting, bruk --correction. Elles treng du ikkje gjere noko.",
            "If this is a correction, use --correction. Otherwise there is nothing to do.",
        ],
        ErrorCode::FiledElsewhere => [
            "Vent til den er ferdig. Er den forlatt: momsbud-cli resume",
            "Vent til ho er ferdig. Er ho forlaten: momsbud-cli resume",
            "Wait until it is done. If it has been left: momsbud-cli resume",
        ],
        ErrorCode::DraftChangedElsewhere => [
            "Les utkastet på nytt med momsbud-cli draft show, og gjør endringen en gang til.",
            "Les utkastet på nytt med momsbud-cli draft show, og gjer endringa ein gong til.",
            "Read the draft again with momsbud-cli draft show, and repeat the change.",
        ],
        ErrorCode::AttachmentAlone => [
            "Gi kommandoen én mva-melding, og vedleggene med --attach.",
            "Gi kommandoen éi mva-melding, og vedlegga med --attach.",
            "Give the command one return, and the attachments with --attach.",
        ],
        ErrorCode::NoBrowser => [
            "Bruk --no-browser, og åpne lenken selv.",
            "Bruk --no-browser, og opne lenkja sjølv.",
            "Use --no-browser, and open the link yourself.",
        ],
        _ => return None,
    })
}

/// Codes that have many causes: their texts say what kind of thing it is, and not which.
fn tells_too_little(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Internal
            | ErrorCode::DataUnusable
            | ErrorCode::Unreachable
            | ErrorCode::AuthorityFault
            | ErrorCode::UnreadableAnswer
            | ErrorCode::IntegrationRefused
            | ErrorCode::FilingRefused
            | ErrorCode::KeyUnusable
            | ErrorCode::NotFound
            | ErrorCode::SignInDenied
            | ErrorCode::SignInUntrusted
            | ErrorCode::WorkForbidden
            | ErrorCode::WorkPolicyRefused
            | ErrorCode::AddressRefused
            | ErrorCode::ExportRefused
    )
}

/// What a filing's state is called, within a sentence.
pub(crate) fn state(state: FilingState, console: &Console<'_>) -> String {
    filing::within(filing::state_name(state, None, false, console.language))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use filing::view::Delivered;

    fn view(code: &str) -> ErrorView {
        serde_json::from_value(serde_json::json!({
            "code": code, "message": "The program's own words.", "details": [], "values": {}, "delivered": "no",
        }))
        .unwrap()
    }

    #[test]
    fn every_code_of_the_window_has_words_in_three_languages() {
        let texts: HashMap<String, String> = serde_json::from_str(TEXTS[0]).unwrap();
        let codes: Vec<&str> =
            texts.keys().filter_map(|key| key.strip_prefix("error.")?.strip_suffix(".title")).collect();
        assert!(codes.len() > 50, "{codes:?}");
        for code in codes {
            let mut titles = Vec::new();
            for language in [Language::Nb, Language::Nn, Language::En] {
                let said = said(&view(code), language);
                for part in [&said.title, &said.text, &said.todo] {
                    assert!(!part.is_empty() && !part.contains('{'), "{code} {language:?}: {part:?}");
                }
                titles.push(said.title);
            }
            assert_ne!(titles[0], titles[2], "{code}");
        }
    }

    #[test]
    fn values_are_filled_in_and_a_terminal_is_told_what_it_can_do() {
        let mut error = view("samePeriod");
        error.values = [("file", "v1.xml"), ("other", "v2.xml")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        error.delivered = Delivered::No;
        let said = said(&error, Language::Nb);
        assert!(said.text.contains("v1.xml") && said.text.contains("v2.xml"), "{said:?}");
        assert!(said.todo.contains("kommandoen"), "{said:?}");
    }
}
