//! What is said of a refusal or a fault: the window's own texts (`ui/src/i18n`), with what to do at a terminal in place of
//! what to do in a window.

use crate::console::Console;
use messages::{Language, Messages, fill};
use view::{ErrorCode, FilingState, Problem};

/// The window's texts of errors; `build.rs` takes them along.
static WINDOW: Messages = messages::files!("window", env!("OUT_DIR"));

/// What is said of an error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ErrorText {
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
const WITHOUT: [(&str, &str); 16] = [
    ("company", "value.company"),
    ("count", "value.unknown"),
    ("right", "value.right"),
    ("file", "value.file"),
    ("other", "value.file"),
    ("person", "value.person"),
    ("path", "value.path"),
    ("desk", "value.desk"),
    ("since", "value.unknown"),
    ("ending", "value.unknown"),
    ("limit", "value.unknown"),
    ("found", "value.unknown"),
    ("period", "value.unknown"),
    ("orgNumber", "value.unknown"),
    ("foundPeriod", "value.unknown"),
    ("foundOrgNumber", "value.unknown"),
];

/// What is said of an error in a language.
pub(crate) fn error_text(error: &Problem, language: Language) -> ErrorText {
    let code = serde_json::to_value(error.code).ok().and_then(|code| code.as_str().map(str::to_owned));
    let code = code.unwrap_or_default();
    // One that was rejected does not count, and what is sent next replaces nothing.
    let rejected = is_rejected_before(error);
    let subject = if rejected { "rejectedBefore".to_owned() } else { format!("error.{code}") };
    let text = |part: &str| match WINDOW.find(language, &format!("{subject}.{part}")) {
        Some(text) => filled(text, error, language),
        None => String::new(),
    };
    // Much that is asked for at a terminal is no filing, and never was there.
    let text = |part: &str| match (error.code, part) {
        (ErrorCode::NotFound, "title") => crate::text(language, "error.notFound.title").to_owned(),
        (ErrorCode::NotFound, "text") => translated(&error.message, language)
            .unwrap_or_else(|| crate::text(language, "error.notFound.text").to_owned()),
        _ => text(part),
    };
    let title = text("title");
    // A code of which the window says nothing is told as the office tells it.
    let title = if title.is_empty() { error.message.trim_end_matches('.').to_owned() } else { title };
    let terminal = if rejected { Some("error.terminal.rejectedBefore") } else { at_a_terminal(error.code) };
    let todo = match terminal {
        Some(key) => crate::text(language, key).to_owned(),
        None => text("todo"),
    };
    let told = error.code == ErrorCode::NotFound && translated(&error.message, language).is_some();
    let technical = (needs_technical_text(error.code) && !told)
        .then(|| crate::filled(language, "error.technical", &[("message", &error.message)]));
    ErrorText { title, text: text("text"), todo, technical }
}

/// Whether what was filed before was rejected by Skatteetaten.
pub(crate) fn is_rejected_before(error: &Problem) -> bool {
    error.code == ErrorCode::AlreadyFiled
        && error.values.get("state").is_some_and(|state| *state == view::texts::word(&FilingState::Rejected))
}

/// What the office says of something that is not there, in the language: its own words are the English text.
fn translated(message: &str, language: Language) -> Option<String> {
    let key = NOT_THERE.iter().find(|key| crate::text(Language::En, key) == message)?;
    Some(crate::text(language, key).to_owned())
}

/// What may be asked for and not be there.
const NOT_THERE: &[&str] = &[
    "error.notThere.draft",
    "error.notThere.filing",
    "error.notThere.key",
    "error.notThere.integration",
    "error.notThere.integrationOrFixed",
    "error.notThere.client",
    "error.notThere.deleted",
    "error.notThere.return",
    "error.notThere.receiptYet",
    "error.notThere.receipt",
    "error.notThere.archived",
    "error.notThere.batch",
    "error.notThere.practice",
];

/// A text with its `{name}`s filled in.
fn filled(text: &str, error: &Problem, language: Language) -> String {
    fill(text, |name| {
        let without = || {
            let (_, key) = WITHOUT.iter().find(|(other, _)| *other == name)?;
            Some(WINDOW.text(language, key).to_owned())
        };
        error.values.get(name).cloned().or_else(without)
    })
}

/// What to do at a terminal, where the window's advice names what only a window has.
fn at_a_terminal(code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::FileEmpty
        | ErrorCode::FileTooLarge
        | ErrorCode::NotXml
        | ErrorCode::NotAReturn
        | ErrorCode::UnsafeXml => "error.terminal.exportAgain",
        ErrorCode::DiskFull => "error.terminal.diskFull",
        ErrorCode::FileUnreadable => "error.terminal.fileUnreadable",
        ErrorCode::NotFound => "error.terminal.notFound",
        ErrorCode::FileMissing | ErrorCode::FileIsFolder => "error.terminal.fileMissing",
        ErrorCode::SamePeriod => "error.terminal.samePeriod",
        ErrorCode::NeedsSignIn => "error.terminal.needsSignIn",
        ErrorCode::WorkLocked => "error.terminal.workLocked",
        ErrorCode::AlreadyFiled => "error.terminal.alreadyFiled",
        ErrorCode::FiledElsewhere => "error.terminal.filedElsewhere",
        ErrorCode::DraftChangedElsewhere => "error.terminal.draftChangedElsewhere",
        ErrorCode::AttachmentAlone => "error.terminal.attachmentAlone",
        ErrorCode::NoBrowser => "error.terminal.noBrowser",
        _ => return None,
    })
}

/// Codes that have many causes: their texts say what kind of thing it is, and not which.
fn needs_technical_text(code: ErrorCode) -> bool {
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
            | ErrorCode::WorkPolicyUnusable
            | ErrorCode::WorkForbidden
            | ErrorCode::WorkPolicyRefused
            | ErrorCode::AddressRefused
            | ErrorCode::ExportRefused
    )
}

/// What a filing's state is called, within a sentence.
pub(crate) fn state(state: FilingState, console: &Console<'_>) -> String {
    view::small_letter(view::state_name(state, None, false, console.language))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use view::Delivered;

    fn view(code: &str) -> Problem {
        serde_json::from_value(serde_json::json!({
            "code": code, "message": "The program's own words.", "details": [], "values": {}, "delivered": "no",
        }))
        .unwrap()
    }

    fn sources(folder: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|it| it == "rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap().to_lowercase());
            }
        }
    }

    /// A text that the program writes otherwise is never found, and would be shown in English in every language.
    #[test]
    fn what_is_not_there_is_known_by_the_programs_own_words() {
        let mut all = String::new();
        for krate in ["view", "access", "drafts", "filing", "office"] {
            sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(krate).join("src"), &mut all);
        }
        for key in NOT_THERE {
            let own = crate::text(Language::En, key).trim_end_matches('.').to_lowercase();
            assert!(all.contains(&own), "{key}: {own}");
        }
    }

    #[test]
    fn every_code_of_the_window_has_words_in_three_languages() {
        let codes: Vec<&str> =
            WINDOW.keys().filter_map(|key| key.strip_prefix("error.")?.strip_suffix(".title")).collect();
        assert!(codes.len() > 50, "{codes:?}");
        for code in codes {
            let mut titles = Vec::new();
            for language in Language::ALL.iter().copied() {
                let said = error_text(&view(code), language);
                for part in [&said.title, &said.text, &said.todo] {
                    assert!(!part.is_empty() && !part.contains('{'), "{code} {language:?}: {part:?}");
                }
                titles.push(said.title);
            }
            assert_ne!(titles[0], titles[2], "{code}");
        }
    }

    #[test]
    fn a_period_whose_return_was_rejected_is_not_called_filed() {
        let mut error = view("alreadyFiled");
        for (state, rejected) in [("received", false), ("rejected", true)] {
            error.values = [("state".to_owned(), state.to_owned())].into();
            let said = error_text(&error, Language::Nb);
            assert_eq!(said.text.contains("avvist av Skatteetaten"), rejected, "{said:?}");
            assert!(said.todo.contains("--correction"), "{said:?}");
            assert_eq!(said.todo.contains("rettelse"), !rejected, "{said:?}");
        }
    }

    #[test]
    fn values_are_filled_in_and_a_terminal_is_told_what_it_can_do() {
        let mut error = view("samePeriod");
        error.values = [("file", "v1.xml"), ("other", "v2.xml")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        error.delivered = Delivered::No;
        let said = error_text(&error, Language::Nb);
        assert!(said.text.contains("v1.xml") && said.text.contains("v2.xml"), "{said:?}");
        assert!(said.todo.contains("kommandoen"), "{said:?}");
    }
}
