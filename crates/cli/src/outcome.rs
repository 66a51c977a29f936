//! How returns came out, each with its line or its JSON object: what several commands tell in the same words.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::office::explained;
use crate::word::Word;
use crate::{Failure, error_texts};
use serde::Serialize;
use std::io;
use view::{Delivered, EnvironmentName, ErrorCode, ErrorView, FilingState, FilingView, NeighbourView, Problem};

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
pub(crate) fn outcome_of_state(filing: &FilingView) -> Word {
    match filing.row.state {
        FilingState::Received => Word::Received,
        FilingState::Refused => Word::Refused,
        FilingState::Rejected => Word::Rejected,
        FilingState::Unclear => Word::Unclear,
        FilingState::Abandoned => Word::Declined,
        FilingState::Queued
        | FilingState::Running
        | FilingState::Waiting
        | FilingState::WaitingSignature
        | FilingState::WaitingAnswer => match filing.delivered {
            Delivered::Yes => Word::Delivered,
            Delivered::Unknown => Word::Failed,
            Delivered::No => Word::Waiting,
        },
    }
}

/// A filing that came out so.
pub(crate) fn outcome(file: String, word: Word, filing: Result<FilingView, Problem>) -> Outcome {
    let (filing, error) = match filing {
        Ok(filing) => (Some(filing), None),
        Err(error) => (None, Some(error.into())),
    };
    Outcome { file, outcome: word, filing, error, neighbour: None }
}

/// Tells how a return came out.
pub(crate) fn print_outcome(
    outcome: &Outcome,
    environment: EnvironmentName,
    json: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if json {
        return Ok(writeln!(console.out, "{}", serde_json::to_string(outcome)?)?);
    }
    let (style, text) = match outcome.outcome {
        Word::Received => (GOOD, console.say("outcome.received")),
        Word::Delivered => (GOOD, console.say("outcome.deliveredNoReceiptYet")),
        Word::Waiting => (DEVIATING, console.say("outcome.waiting")),
        Word::Rejected => (INVALID, console.say("outcome.deliveredButRejectedByThe")),
        Word::Unclear => (DEVIATING, console.say("outcome.deliveredTheTaxAdministrationsAnswer")),
        Word::Refused => (INVALID, console.say("outcome.notFiled")),
        Word::Invalid if outcome.error.as_ref().is_some_and(|error| is_unread(error.code)) => {
            (INVALID, console.say("outcome.notReadNotFiled"))
        }
        Word::Invalid => (INVALID, console.say("outcome.invalidNotFiled")),
        Word::Declined => (DEVIATING, console.say("outcome.notFiled")),
        Word::Failed => (INVALID, console.say("outcome.itDidNotWork")),
    };
    writeln!(console.out, "{STRONG}{}{STRONG:#} {style}{text}{style:#}", outcome.file)?;
    let waits_for = outcome.filing.as_ref().and_then(|filing| filing.problem.as_ref());
    if let Some(neighbour) = &outcome.neighbour
        && outcome.error.as_ref().is_some_and(|error| is_no_return(error.code))
    {
        print_related_file(neighbour, console)?;
    } else if let Some(error) = outcome.error.as_ref().or(waits_for) {
        let error = &Problem::from(error.clone());
        let said = error_texts::error_text(error, console.language);
        writeln!(console.out, "  {}", said.title)?;
        for line in explained(error, &said) {
            writeln!(console.out, "  {QUIET}{line}{QUIET:#}")?;
        }
        // What the folder holds instead of returns.
        if let Some(neighbour) = &outcome.neighbour {
            print_related_file(neighbour, console)?;
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
fn print_related_file(neighbour: &NeighbourView, console: &mut Console<'_>) -> io::Result<()> {
    writeln!(console.out, "  {}", neighbour.title)?;
    for fact in &neighbour.facts {
        writeln!(console.out, "    {QUIET}{}:{QUIET:#} {}", fact.label, fact.value)?;
    }
    writeln!(console.out, "  {QUIET}{}{QUIET:#}", neighbour.advice)
}
