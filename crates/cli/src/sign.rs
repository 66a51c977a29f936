//! `momsbud-cli sign`: signs what another person has filled in.

use crate::console::{Console, QUIET, STRONG};
use crate::earlier::print_stopped;
use crate::follow::{agreed, deadline_after, follow_signed_in, money, owed};
use crate::office::{OfficeArgs, Purpose, forbidden, problem, stopping, within};
use crate::outcome::{Outcome, print_outcome};
use crate::sign_in::SignInArgs;
use crate::stop::{Stop, Stopped};
use crate::submit::in_whose_name;
use crate::word::Word;
use crate::{Exit, Failure};
use access::work::rights::Action;
use office::Office;
use std::io;
use std::sync::Arc;
use view::{ErrorCode, FilingState, FilingView, Problem};

/// Signs a filing that another person has filled in.
///
/// She may not sign it herself. Waits for the receipt.
///
/// `momsbud-cli history --state waiting-signature` lists what waits for a signature. Whoever is signed in signs: with
/// --as-another, whoever signs in now. Shows what is signed and asks, unless --yes is given.
///
/// Status 0: it is signed and its receipt is in the archive (with --no-wait: delivered). 1: it was not signed (declined, or
/// she may not sign either), waits for no signature, was rejected after delivery, has an answer that must be looked at, or is
/// delivered and its receipt has not come in time. 2: it could not be tried, or what became of it is not known. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// Sign without asking.
    #[arg(long)]
    yes: bool,
    /// Sign in as another person than the one who is signed in.
    #[arg(long)]
    as_another: bool,
    /// Do not wait for the receipt: done as soon as it is delivered.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for signature and receipt, seconds; what has not come then is fetched by `momsbud-cli resume`, or by
    /// the window.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// The filing, as `history` shows it.
    #[arg(value_name = "FILING")]
    filing: String,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // Only this filing goes on; whatever else is under way is left to whoever works on it.
    within(&args.office, Purpose::Looking, args.sign_in.browser(), console, async |office, stop, console| {
        let done = sign(office, args, stop, console).await;
        let Some(Stopped(signal)) = done.as_ref().err().and_then(|failure| failure.downcast_ref().copied()) else {
            return done;
        };
        stopping(console)?;
        office.halt().await;
        print_stopped(office, std::iter::once(args.filing.as_str()), console)?;
        Ok(Exit::Stopped(signal))
    })
}

async fn sign(office: &Arc<Office>, args: &Args, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if let Some(exit) = forbidden(office, &[Action::SignFiling], console)? {
        return Ok(exit);
    }
    let filing = match office.filings().filing(&args.filing) {
        Ok(filing) => filing,
        Err(error) => {
            problem(&error, console)?;
            return Ok(if error.code == ErrorCode::NotFound { Exit::No } else { Exit::Failed });
        }
    };
    if filing.row.state != FilingState::WaitingSignature {
        let text = console.say("sign.theFilingDoesNotWait");
        writeln!(console.err, "{text}")?;
        return Ok(Exit::No);
    }
    if !args.json {
        show(&filing, console)?;
    }
    // Who signs is part of what is asked, where that is known already. A person who is not here need not sign in to say no.
    let known = !args.as_another && office.start_view().session.is_some();
    let question = console.say("sign.signAndDeliverThisOne");
    let row = &filing.row;
    let company = row.company_name.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
    let name = if known { format!(" {}", in_whose_name(office, console)) } else { String::new() };
    let owed = owed(&row.assessed_vat, console);
    let question = format!("{company}{}, {}: {owed}.{name} {question}", row.org_number, row.period);
    if !args.yes && !agreed(&question, stop, console).await? {
        print_outcome(&outcome(Word::Declined, Ok(filing)), office.environment(), args.json, console)?;
        return Ok(Exit::No);
    }
    let ended = match args.as_another {
        true => args.sign_in.sign_in(office, true, stop, console).await?,
        false => args.sign_in.make_sure(office, stop, console).await?,
    };
    if let Some(exit) = ended {
        return Ok(exit);
    }
    let deadline = deadline_after(args.wait);
    let signed = stop.or(tokio::time::timeout_at(deadline, office.filings().sign_filing(&args.filing))).await?;
    let (word, filing) = match signed {
        Ok(Ok(signed)) if signed.row.state == FilingState::WaitingSignature => (Word::Waiting, Ok(signed)),
        Ok(Ok(_)) => {
            follow_signed_in(office, &args.filing, args.no_wait, deadline, &args.sign_in, stop, console).await?
        }
        Ok(Err(error)) => (Word::Failed, Err(error)),
        // The authority has not answered in all that time.
        Err(_) => (Word::Failed, office.filings().filing(&args.filing)),
    };
    print_outcome(&outcome(word, filing), office.environment(), args.json, console)?;
    Ok(match word {
        Word::Received => Exit::Done,
        Word::Delivered if args.no_wait => Exit::Done,
        Word::Failed => Exit::Failed,
        _ => Exit::No,
    })
}

fn outcome(word: Word, filing: Result<FilingView, Problem>) -> Outcome {
    let file = match &filing {
        Ok(filing) => format!("{} {}", filing.row.org_number, filing.row.period),
        Err(_) => String::new(),
    };
    crate::outcome::outcome(file, word, filing)
}

/// What is about to be signed.
fn show(filing: &FilingView, console: &mut Console<'_>) -> io::Result<()> {
    let row = &filing.row;
    let by = console.say("sign.filledInBy");
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#} {} · {} · {} · {}\n  {QUIET}{by} {}{QUIET:#}",
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.kind,
        row.period,
        money(&row.assessed_vat),
        row.filed_by.as_deref().unwrap_or_else(|| console.say("value.nameless"))
    )?;
    for attachment in &filing.attachments {
        writeln!(console.out, "  + {} {QUIET}({} B){QUIET:#}", attachment.name, attachment.size)?;
    }
    Ok(())
}
