//! How returns came out, each with its line or its JSON object: what several commands tell in the same words.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::office::explained;
use crate::word::Word;
use crate::{Failure, words};
use filing::view::{Delivered, EnvironmentName, ErrorCode, ErrorView, FilingState, FilingView, NeighbourView};
use serde::Serialize;
use std::io;

/// How one return came out.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) file: String,
    /// `received`, `delivered`, `rejected`, `unclear`, `waiting`, `refused`, `invalid`, `declined`, `failed`.
    pub(crate) outcome: Word,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filing: Option<FilingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<ErrorView>,
    /// What it is, where it is no return and is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) neighbour: Option<NeighbourView>,
}

/// How a filing has come out that nothing works on any more.
pub(crate) fn word_at_rest(filing: &FilingView) -> Word {
    match (filing.row.state, filing.delivered) {
        (FilingState::Received, _) => Word::Received,
        (FilingState::Refused, _) => Word::Refused,
        (FilingState::Rejected, _) => Word::Rejected,
        (FilingState::Unclear, _) => Word::Unclear,
        (FilingState::Abandoned, _) => Word::Declined,
        (_, Delivered::Yes) => Word::Delivered,
        (_, Delivered::Unknown) => Word::Failed,
        (_, Delivered::No) => Word::Waiting,
    }
}

/// A filing that came out so.
pub(crate) fn outcome(file: String, word: Word, filing: Result<FilingView, ErrorView>) -> Outcome {
    let (filing, error) = match filing {
        Ok(filing) => (Some(filing), None),
        Err(error) => (None, Some(error)),
    };
    Outcome { file, outcome: word, filing, error, neighbour: None }
}

/// Tells how a return came out.
pub(crate) fn tell(
    outcome: &Outcome,
    environment: EnvironmentName,
    json: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if json {
        return Ok(writeln!(console.out, "{}", serde_json::to_string(outcome)?)?);
    }
    let (style, text) = match outcome.outcome {
        Word::Received => (GOOD, console.say("mottatt", "motteken", "received")),
        Word::Delivered => (
            GOOD,
            console.say(
                "levert; kvitteringen er ikke kommet",
                "levert; kvitteringa er ikkje komen",
                "delivered; no receipt yet",
            ),
        ),
        Word::Waiting => (DEVIATING, console.say("venter", "ventar", "waiting")),
        Word::Rejected => (
            INVALID,
            console.say(
                "levert, men avvist av Skatteetaten; rett og send på nytt",
                "levert, men avvist av Skatteetaten; rett og send på nytt",
                "delivered, but rejected by the Tax Administration; correct it and file again",
            ),
        ),
        Word::Unclear => (
            DEVIATING,
            console.say(
                "levert; svaret fra Skatteetaten må ses på",
                "levert; svaret frå Skatteetaten må sjåast på",
                "delivered; the Tax Administration's answer must be looked at",
            ),
        ),
        Word::Refused => (INVALID, console.say("ikke sendt inn", "ikkje send inn", "not filed")),
        Word::Invalid if outcome.error.as_ref().is_some_and(|error| is_unread(error.code)) => {
            (INVALID, console.say("ikke lest, ikke sendt inn", "ikkje lesen, ikkje send inn", "not read, not filed"))
        }
        Word::Invalid => {
            (INVALID, console.say("ugyldig, ikke sendt inn", "ugyldig, ikkje send inn", "invalid, not filed"))
        }
        Word::Declined => (DEVIATING, console.say("ikke sendt inn", "ikkje send inn", "not filed")),
        Word::Failed => (INVALID, console.say("det gikk ikke", "det gjekk ikkje", "it did not work")),
    };
    writeln!(console.out, "{STRONG}{}{STRONG:#} {style}{text}{style:#}", outcome.file)?;
    let waits_for = outcome.filing.as_ref().and_then(|filing| filing.problem.as_ref());
    if let Some(neighbour) = &outcome.neighbour
        && outcome.error.as_ref().is_some_and(|error| is_no_return(error.code))
    {
        tell_neighbour(neighbour, console)?;
    } else if let Some(error) = outcome.error.as_ref().or(waits_for) {
        let said = words::said(error, console.language);
        writeln!(console.out, "  {}", said.title)?;
        for line in explained(error, &said) {
            writeln!(console.out, "  {QUIET}{line}{QUIET:#}")?;
        }
        // What the folder holds instead of returns.
        if let Some(neighbour) = &outcome.neighbour {
            tell_neighbour(neighbour, console)?;
        }
    }
    if let Some(filing) = &outcome.filing {
        crate::receipt::payment(filing, environment, console)?;
    }
    Ok(())
}

/// Whether nobody has looked into a file at all: nothing is known of what it holds.
fn is_unread(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::FileUnreadable
            | ErrorCode::FileMissing
            | ErrorCode::FileIsFolder
            | ErrorCode::FileTooLarge
            | ErrorCode::LinkLeadsOut
            | ErrorCode::FilesLeftOut
            | ErrorCode::PackedUnreadable
    )
}

/// Whether a refusal is that the file is something else: then what it is says more.
fn is_no_return(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::NotXml | ErrorCode::NotAReturn)
}

/// What a file is that is no return, what it says, and what to do with it.
fn tell_neighbour(neighbour: &NeighbourView, console: &mut Console<'_>) -> io::Result<()> {
    writeln!(console.out, "  {}", neighbour.title)?;
    for fact in &neighbour.facts {
        writeln!(console.out, "    {QUIET}{}:{QUIET:#} {}", fact.label, fact.value)?;
    }
    writeln!(console.out, "  {QUIET}{}{QUIET:#}", neighbour.advice)
}
