//! `momsbud-cli resume`: goes on with what is open, and fetches the receipts that are due.

use crate::console::Console;
use crate::earlier::{Earlier, name, print_stopped, standing};
use crate::follow::{deadline_after, follow_signed_in};
use crate::office::{OfficeArgs, Purpose, forbidden, is_rules, problem, stopping, within};
use crate::outcome::{outcome, print_outcome};
use crate::sign_in::SignInArgs;
use crate::stop::{Stop, Stopped};
use crate::word::Word;
use crate::{Exit, Failure};
use access::work::rights::Action;
use office::Office;
use std::sync::Arc;
use view::{BatchState, ErrorCode, FilingState, Problem};

/// Goes on with what is open, and fetches the receipts that are due.
///
/// What has been delivered is followed until its receipt is in the archive. What has not been delivered is asked about
/// before it goes on, unless --yes is given; with --give-up it is given up instead, and what was made of it at Altinn is
/// deleted. `history` shows what there is.
///
/// Status 0: nothing is open any more, and every receipt is in the archive (with --give-up: it is given up). 1: something is
/// still open (waits for its receipt or a signature, was declined), was rejected after delivery, has an answer that must be
/// looked at, or it was too late to give it up. 2: it could not be tried. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// Go on with what has not been delivered without asking.
    #[arg(long)]
    yes: bool,
    /// How long to wait for receipts, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    /// Gives this one up, if it has not been delivered.
    #[arg(long, value_name = "FILING", conflicts_with_all = ["yes", "wait"])]
    give_up: Option<String>,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// One JSON object a filing and line instead of text.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    within(&args.office, Purpose::Filing, args.sign_in.browser(), console, async |office, stop, console| {
        let needs = if args.give_up.is_some() { Action::CancelFiling } else { Action::ContinueFiling };
        if let Some(exit) = forbidden(office, &[Action::History, needs], console)? {
            return Ok(exit);
        }
        let mut earlier = Earlier::default();
        let done = match &args.give_up {
            Some(id) => give_up(office, id, args, stop, console).await,
            None => {
                let Args { yes, wait, json, sign_in, .. } = args;
                all_that_is_open(office, *yes, *wait, *json, sign_in, &mut earlier, stop, console).await
            }
        };
        let Some(Stopped(signal)) = done.as_ref().err().and_then(|failure| failure.downcast_ref().copied()) else {
            return done;
        };
        stopping(console)?;
        office.halt().await;
        print_stopped(office, earlier.ids().chain(args.give_up.as_deref()), console)?;
        Ok(Exit::Stopped(signal))
    })
}

/// Goes on with everything that is open, and tells how each ended.
#[allow(clippy::too_many_arguments, reason = "what two commands have in common of their arguments")]
pub(crate) async fn all_that_is_open(
    office: &Arc<Office>,
    yes: bool,
    wait: u64,
    json: bool,
    sign_in: &SignInArgs,
    earlier: &mut Earlier,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let open = match office.filings().open_filings() {
        Ok(open) => open,
        Err(error) => return failed(&error, console),
    };
    let batch = office.batch().view().is_some_and(|batch| batch.state == BatchState::Interrupted);
    if batch {
        let text = console.say("resume.aBatchWasNotFinished");
        writeln!(console.err, "{text}")?;
    }
    if open.is_empty() {
        let text = console.say("resume.noFilingIsOpen");
        writeln!(console.err, "{text}")?;
        return Ok(if batch { Exit::No } else { Exit::Done });
    }
    if let Some(exit) = sign_in.make_sure(office, stop, console).await? {
        return Ok(exit);
    }
    *earlier = Earlier::resume_earlier(office, &[], yes, stop, console).await?;
    let going: Vec<String> = earlier.ids().map(str::to_owned).collect();
    let deadline = deadline_after(wait);
    let mut words = Vec::new();
    for filing in &open {
        let (word, now) = if going.contains(&filing.id) {
            follow_signed_in(office, &filing.id, false, deadline, sign_in, stop, console).await?
        } else {
            (Word::Waiting, office.filings().filing(&filing.id))
        };
        words.push(word);
        let file = format!("{} {}", filing.row.org_number, filing.row.period);
        print_outcome(&outcome(file, word, now), office.environment(), json, console)?;
    }
    Ok(if words.contains(&Word::Failed) {
        Exit::Failed
    } else if !batch && words.iter().all(|word| *word == Word::Received) {
        Exit::Done
    } else {
        Exit::No
    })
}

async fn give_up(
    office: &Arc<Office>,
    id: &str,
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let filing = match office.filings().filing(id) {
        Ok(filing) => filing,
        Err(error) => return failed(&error, console),
    };
    // What has been made of it at Altinn is deleted in her name.
    if filing.instance.is_some()
        && !filing.row.state.is_finished()
        && let Some(exit) = args.sign_in.make_sure(office, stop, console).await?
    {
        return Ok(exit);
    }
    match stop.or(office.filings().cancel_filing(id)).await? {
        Ok(given_up) => {
            if args.json {
                writeln!(console.out, "{}", serde_json::to_string(&given_up)?)?;
            } else {
                let (style, text) = standing(&given_up, console);
                writeln!(console.out, "{}: {style}{text}{style:#}", name(&given_up, console))?;
            }
            Ok(if given_up.row.state == FilingState::Abandoned { Exit::Done } else { Exit::No })
        }
        Err(error) => failed(&error, console),
    }
}

fn failed(error: &Problem, console: &mut Console<'_>) -> Result<Exit, Failure> {
    problem(error, console)?;
    let no = matches!(error.code, ErrorCode::NotFound | ErrorCode::TooLateToCancel) && !is_rules(error);
    Ok(if no { Exit::No } else { Exit::Failed })
}
