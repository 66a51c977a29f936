//! What is said when the window is closed while something goes on: what has been delivered, and what will go on.

use access::work::rights::Action;
use filing::filings::{self, Filing};
use jiff::Timestamp;
use view::{Delivered, FilingState, Language, confirmation::Confirmation};

use super::Office;

/// How many filings are named; of more the number is.
const MOST: usize = 8;

impl Office {
    /// What a person is told before the program ends with its window: every filing that is not over, where it stands and what
    /// becomes of it. Nothing when nothing is under way, or only what has waited since before `since`, of which she was told
    /// when she closed it then.
    #[must_use]
    pub fn closing_question(&self, since: Timestamp) -> Option<Confirmation> {
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
        let seen = open.iter().filter(|filing| told && self.desk.work.sees(filing.subject.org_number.as_str()));
        let mut lines: Vec<String> = seen.take(MOST).map(|filing| line(filing, language)).collect();
        if open.len() > lines.len() {
            lines.push(more(open.len() - lines.len(), lines.is_empty(), language));
        }
        let [title, yes, no] =
            ["office.leaving.title", "office.leaving.yes", "office.leaving.no"].map(|key| crate::text(language, key));
        Some(Confirmation { title: title.into(), text: lines.join("\n\n"), yes: yes.into(), no: no.into() })
    }
}

fn line(filing: &Filing, language: Language) -> String {
    let subject = &filing.subject;
    let company = filing.company_name.as_deref().unwrap_or(subject.org_number.as_str());
    format!("{company} · {}: {}", subject.period.in_words(language), standing(filing, language))
}

/// Where a filing stands when nothing works on it any more, and what will become of it.
fn standing(filing: &Filing, language: Language) -> &'static str {
    let key = match filing.state {
        FilingState::WaitingSignature => "office.leaving.filledInAtAltinnNot",
        FilingState::Queued => "office.leaving.notBegunGoesOnWhen",
        FilingState::Running
        | FilingState::Waiting
        | FilingState::WaitingAnswer
        | FilingState::Received
        | FilingState::Refused
        | FilingState::Abandoned
        | FilingState::Rejected
        | FilingState::Unclear => match filing.delivered {
            Delivered::Yes => "office.leaving.deliveredTheReceiptHasNot",
            Delivered::Unknown => "office.leaving.perhapsDeliveredMomsbudAsksAltinn",
            Delivered::No => "office.leaving.notDeliveredGoesOnWhen",
        },
    };
    crate::text(language, key)
}

fn more(number: usize, alone: bool, language: Language) -> String {
    let key = if alone { "office.leaving.filingsAreNotFinished" } else { "office.leaving.andMoreThatAreNot" };
    crate::filled(language, key, &[("number", &number)])
}
