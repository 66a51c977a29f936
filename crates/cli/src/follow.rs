//! Follows a filing until it has come to an end, or cannot go on by itself; and asks the person who waits.

use crate::console::Console;
use crate::sign_in::SignInArgs;
use crate::stop::Stop;
use crate::word::Word;
use crate::{Failure, stop};
use office::Office;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use view::{EnvironmentName, ErrorCode, FilingState, FilingView, Problem};

/// "79857 kr".
pub(crate) fn money(kroner: &str) -> String {
    format!("{kroner} kr")
}

/// "79857 kr å betale", "1200 kr til gode".
pub(crate) fn owed(kroner: &str, console: &Console<'_>) -> String {
    match kroner.strip_prefix('-') {
        Some(back) => format!("{} {}", money(back), console.say("follow.refund")),
        None => format!("{} {}", money(kroner), console.say("follow.toPay")),
    }
}

/// What stands behind an amount that is no real one: " · ØVING".
pub(crate) fn practice(environment: EnvironmentName, console: &Console<'_>) -> &'static str {
    match environment {
        EnvironmentName::Production => "",
        EnvironmentName::Practice => console.say("follow.practice"),
        EnvironmentName::Test => " · TEST",
    }
}

/// When a wait of so many seconds ends: a century is as good as any longer time, and there are moments so far away that no clock
/// has them.
pub(crate) fn deadline_after(seconds: u64) -> Instant {
    const CENTURY: u64 = 100 * 366 * 24 * 60 * 60;
    Instant::now() + Duration::from_secs(seconds.min(CENTURY))
}

/// Waits as [`follow`] does, and signs in anew where the sign-in ends meanwhile.
pub(crate) async fn follow_signed_in(
    office: &Arc<Office>,
    id: &str,
    no_wait: bool,
    deadline: Instant,
    sign_in: &SignInArgs,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<(Word, Result<FilingView, Problem>), Failure> {
    let mut renewed = 0;
    loop {
        let (word, filing) = stop.or(follow(office, id, no_wait, deadline)).await?;
        // An authority that accepts no sign-in at all must not ask a person again and again.
        if let Ok(waiting) = &filing
            && renewed < 2
            && !waiting.row.state.is_finished()
            && sign_in.renew(office, waiting, stop, console).await?
        {
            renewed += 1;
            continue;
        }
        return Ok((word, filing));
    }
}

/// Waits until a filing has its receipt, or cannot go on by itself.
pub(crate) async fn follow(
    office: &Office,
    id: &str,
    no_wait: bool,
    deadline: Instant,
) -> (Word, Result<FilingView, Problem>) {
    let mut events = office.events();
    loop {
        let filing = match office.filings().filing(id) {
            Ok(filing) => filing,
            Err(error) => return (Word::Failed, Err(error)),
        };
        let passing =
            filing.problem.as_ref().is_none_or(|problem| problem.code.passes() || problem.code == ErrorCode::NotFound);
        let over = Instant::now() >= deadline;
        let word = match filing.row.state {
            FilingState::Received => Some(Word::Received),
            FilingState::Refused | FilingState::Abandoned => Some(Word::Refused),
            FilingState::Rejected => Some(Word::Rejected),
            FilingState::Unclear => Some(Word::Unclear),
            FilingState::WaitingSignature => Some(Word::Waiting),
            FilingState::WaitingAnswer if no_wait || over || !passing => Some(Word::Delivered),
            FilingState::Waiting if over || !passing => Some(Word::Waiting),
            // Altinn makes its instance ready.
            FilingState::Running if over && filing.problem.is_some() => Some(Word::Waiting),
            FilingState::Running if over => Some(Word::Failed),
            FilingState::Queued | FilingState::Running | FilingState::Waiting | FilingState::WaitingAnswer => None,
        };
        if let Some(word) = word {
            return (word, Ok(filing));
        }
        tokio::select! {
            event = events.recv() => {
                if let Err(RecvError::Closed) = event {
                    return (Word::Failed, Ok(filing));
                }
            }
            // Another program may be the one that is working on it.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// Asks a person, if one is there.
pub(crate) async fn agreed(question: &str, stop: &Stop, console: &mut Console<'_>) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        let text = console.say("follow.nobodyIsHereToAnswer");
        writeln!(console.err, "{text}")?;
        return Ok(false);
    }
    let keys = console.say("follow.yN");
    write!(console.err, "{question} [{keys}] ")?;
    console.err.flush()?;
    let typed = tokio::task::spawn_blocking(stop::typed);
    let answer = stop.or(typed).await???.unwrap_or_default();
    if answer.is_empty() {
        // The end of what can be typed: the line is not ended by a person.
        writeln!(console.err)?;
    }
    Ok(matches!(answer.trim().chars().next(), Some('j' | 'J' | 'y' | 'Y')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_no_clock_can_reach_is_only_long() {
        let now = Instant::now();
        assert!(deadline_after(u64::MAX) > now + Duration::from_secs(1_000_000_000));
        assert!(deadline_after(0) <= Instant::now());
    }
}
