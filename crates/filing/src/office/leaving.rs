//! What is said when the window is closed while something goes on: what has been delivered, and what will go on.

use jiff::Timestamp;

use super::Office;
use crate::{
    confirmation::Confirmation,
    filings::{self, Filing},
    view::{Delivered, FilingState, LanguageName},
    work::rights::Action,
};

/// How many filings are named; of more the number is.
const MOST: usize = 8;

impl Office {
    /// What a person is told before the program ends with its window: every filing that is not over, where it stands and what
    /// becomes of it. Nothing when nothing is under way, or only what has waited since before `since`, of which she was told
    /// when she closed it then.
    #[must_use]
    pub fn leaving(&self, since: Timestamp) -> Option<Confirmation> {
        let told = self.may(Action::History, None).is_ok();
        let open = match self.desk.db.read(|db| filings::unfinished(db, self.desk.environment)) {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "What is under way could not be read.");
                return None;
            }
        };
        let new = |filing: &Filing| {
            filing.state == FilingState::Running
                || filing.begun_at >= since
                || filing.delivered_at.is_some_and(|at| at >= since)
        };
        let open: Vec<Filing> = open.into_iter().filter(new).collect();
        if open.is_empty() {
            return None;
        }
        let language = self.language();
        let seen = open.iter().filter(|filing| told && self.desk.work.sees(&filing.subject.org_number));
        let mut lines: Vec<String> = seen.take(MOST).map(|filing| line(filing, language)).collect();
        if open.len() > lines.len() {
            lines.push(more(open.len() - lines.len(), lines.is_empty(), language));
        }
        let [title, yes, no] = match language {
            LanguageName::Nb => ["Lukke Momsbud?", "Lukk Momsbud", "Bli her"],
            LanguageName::Nn => ["Lukke Momsbud?", "Lukk Momsbud", "Bli her"],
            LanguageName::En => ["Close Momsbud?", "Close Momsbud", "Stay"],
        };
        Some(Confirmation { title: title.into(), text: lines.join("\n\n"), yes: yes.into(), no: no.into() })
    }
}

fn line(filing: &Filing, language: LanguageName) -> String {
    let subject = &filing.subject;
    let company = filing.company_name.as_ref().unwrap_or(&subject.org_number);
    format!("{company} · {}: {}", subject.period.in_words(language.into()), standing(filing, language))
}

/// Where a filing stands when nothing works on it any more, and what will become of it.
fn standing(filing: &Filing, language: LanguageName) -> &'static str {
    let [nb, nn, en] = match (filing.state, filing.delivered) {
        (FilingState::WaitingSignature, _) => [
            "fylt ut i Altinn, ikke levert. Venter på signering.",
            "fylt ut i Altinn, ikkje levert. Ventar på signering.",
            "filled in at Altinn, not delivered. Waits for a signature.",
        ],
        (FilingState::Queued, _) => [
            "ikke begynt. Fortsetter når Momsbud åpnes og du ber om det.",
            "ikkje byrja. Held fram når Momsbud blir opna og du ber om det.",
            "not begun. Goes on when Momsbud is opened and you ask for it.",
        ],
        (_, Delivered::Yes) => [
            "LEVERT. Kvitteringen er ikke kommet; den hentes når Momsbud åpnes.",
            "LEVERT. Kvitteringa er ikkje komen; ho blir henta når Momsbud blir opna.",
            "DELIVERED. The receipt has not come; it is fetched when Momsbud is opened.",
        ],
        (_, Delivered::Unknown) => [
            "KANSKJE LEVERT. Momsbud spør Altinn før noe annet når det åpnes.",
            "KANSKJE LEVERT. Momsbud spør Altinn før noko anna når det blir opna.",
            "PERHAPS DELIVERED. Momsbud asks Altinn before anything else when it is opened.",
        ],
        (_, Delivered::No) => [
            "IKKE LEVERT. Fortsetter når Momsbud åpnes.",
            "IKKJE LEVERT. Held fram når Momsbud blir opna.",
            "NOT DELIVERED. Goes on when Momsbud is opened.",
        ],
    };
    match language {
        LanguageName::Nb => nb,
        LanguageName::Nn => nn,
        LanguageName::En => en,
    }
}

fn more(number: usize, alone: bool, language: LanguageName) -> String {
    match (language, alone) {
        (LanguageName::Nb, true) => format!("{number} innsendinger er ikke ferdige."),
        (LanguageName::Nn, true) => format!("{number} innsendingar er ikkje ferdige."),
        (LanguageName::En, true) => format!("{number} filings are not finished."),
        (LanguageName::Nb, false) => format!("Og {number} til, som ikke er ferdige."),
        (LanguageName::Nn, false) => format!("Og {number} til, som ikkje er ferdige."),
        (LanguageName::En, false) => format!("And {number} more that are not finished."),
    }
}
