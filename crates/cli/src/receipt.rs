//! `momsbud-cli receipt`: what came back for a filing, and what to pay.

use crate::console::{Console, GOOD, QUIET, STRONG};
use crate::earlier::{tell_standing, tell_stopped};
use crate::office::{OfficeArgs, Purpose, forbidden, problem, stopping, within};
use crate::sign_in::SignInArgs;
use crate::stop::{Stop, Stopped};
use crate::submit::{follow_signed_in, money};
use crate::{Exit, Failure};
use filing::Office;
use filing::view::{Delivered, EnvironmentName, ErrorCode, ErrorView, FilingView, HistoryQuery};
use filing::work::rights::Action;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use vat_return::Language;

/// Shows what came back for a filing, and what to pay.
///
/// With --fetch, a receipt that has not come yet is waited for; what has come is fetched from Altinn once more.
///
/// Status 0: the receipt is there. 1: it has not come yet, the filing was rejected, or there is no such filing. 2: it could
/// not be found out. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// Fetch the receipt from Altinn, whatever has become of the archive.
    #[arg(long)]
    fetch: bool,
    /// How long --fetch waits for a receipt that has not come, seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, requires = "fetch")]
    wait: u64,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// The filing as JSON instead of text.
    #[arg(long)]
    json: bool,
    /// The filing, as `history` shows it; the newest one if left out.
    #[arg(value_name = "FILING")]
    filing: Option<String>,
}

impl Args {
    /// Whether nothing is done but shown.
    pub(crate) fn only_shows(&self) -> bool {
        !self.fetch
    }
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    within(&args.office, Purpose::Looking, args.sign_in.browser(), console, async |office, stop, console| {
        let needs = if args.fetch { Action::FetchReceiptAgain } else { Action::Filing };
        if let Some(exit) = forbidden(office, &[needs], console)? {
            return Ok(exit);
        }
        if args.fetch
            && let Some(exit) = args.sign_in.make_sure(office, stop, console).await?
        {
            return Ok(exit);
        }
        let shown = match find(office, args) {
            Ok(Some(id)) if args.fetch => fetch(office, &id, args, stop, console).await,
            Ok(Some(id)) => Ok(office.filing(&id).map(Some)),
            Ok(None) => Ok(Ok(None)),
            Err(error) => Ok(Err(error)),
        };
        let shown = match shown {
            Err(failure) => return stopped(office, args, failure, console).await,
            Ok(shown) => shown,
        };
        match shown {
            Ok(Some(filing)) => {
                if args.json {
                    writeln!(console.out, "{}", serde_json::to_string(&filing)?)?;
                } else {
                    show(&filing, office.environment(), console)?;
                }
                Ok(if filing.has_receipt { Exit::Done } else { Exit::No })
            }
            Ok(None) => {
                let text = console.say("Ingenting er sendt inn.", "Ingenting er sendt inn.", "Nothing has been filed.");
                writeln!(console.err, "{text}")?;
                Ok(Exit::No)
            }
            Err(error) => {
                problem(&error, console)?;
                Ok(if error.code == ErrorCode::NotFound { Exit::No } else { Exit::Failed })
            }
        }
    })
}

/// The key of the filing that is meant.
fn find(office: &Office, args: &Args) -> Result<Option<String>, ErrorView> {
    if let Some(id) = &args.filing {
        return Ok(Some(id.clone()));
    }
    let newest = office.history(&HistoryQuery { limit: 1, ..HistoryQuery::default() })?;
    Ok(newest.rows.into_iter().next().map(|row| row.id))
}

/// Fetches what has come, or waits for it.
async fn fetch(
    office: &Arc<Office>,
    id: &str,
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Result<Option<FilingView>, ErrorView>, Failure> {
    let filing = match office.filing(id) {
        Ok(filing) => filing,
        Err(error) => return Ok(Err(error)),
    };
    if filing.delivered != Delivered::Yes || filing.row.state.is_finished() {
        return Ok(stop.or(office.fetch_receipt_again(id)).await?.map(Some));
    }
    if let Err(error) = office.resume(id) {
        return Ok(Err(error));
    }
    let deadline = Instant::now() + Duration::from_secs(args.wait);
    let (_, filing) = follow_signed_in(office, id, false, deadline, &args.sign_in, stop, console).await?;
    if let Ok(filing) = &filing
        && !filing.has_receipt
        && !args.json
    {
        tell_standing(filing, console)?;
    }
    Ok(filing.map(Some))
}

/// What is said when it was stopped in the middle.
async fn stopped(
    office: &Arc<Office>,
    args: &Args,
    failure: Failure,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Some(Stopped(signal)) = failure.downcast_ref().copied() else { return Err(failure) };
    stopping(console)?;
    office.halt().await;
    let id = find(office, args).ok().flatten();
    tell_stopped(office, id.as_deref().into_iter(), console)?;
    Ok(Exit::Stopped(signal))
}

fn show(filing: &FilingView, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let row = &filing.row;
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#} {} · {} · {}",
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.period,
        money(&row.assessed_vat)
    )?;
    payment(filing, environment, console)
}

/// Payment and files, one a line. In practice no KID and no account: nobody shall pay an invented claim.
pub(crate) fn payment(filing: &FilingView, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    if let Some(payment) = &filing.payment {
        let none = (environment == EnvironmentName::Practice).then(|| {
            let band = console.say("ØVING · IKKE BETAL", "ØVING · IKKJE BETAL", "PRACTICE · DO NOT PAY");
            let kid = console.say("ØVING, ingen KID", "ØVING, ingen KID", "PRACTICE, no KID");
            let account = console.say("ØVING, ingen konto", "ØVING, ingen konto", "PRACTICE, no account");
            (band, kid, account)
        });
        if let Some((band, ..)) = none {
            writeln!(console.out, "  {STRONG}{band}{STRONG:#}")?;
        }
        if payment.provisional {
            let text = console.say(
                "foreløpig beløp; vent på svaret",
                "førebels beløp; vent på svaret",
                "provisional amount; wait for the answer",
            );
            writeln!(console.out, "  {QUIET}{text}{QUIET:#}")?;
        }
        let [account, amount, due] = match console.language {
            Language::Nb => ["Konto", "Beløp", "Betalingsfrist"],
            Language::Nn => ["Konto", "Beløp", "Betalingsfrist"],
            Language::En => ["Account", "Amount", "Due"],
        };
        let mut row = |label: &str, value: &str| writeln!(console.out, "  {label:<15}{GOOD}{value}{GOOD:#}");
        row("KID", none.map_or(payment.kid.as_deref().unwrap_or("–"), |(_, kid, _)| kid))?;
        row(account, none.map_or(payment.account.as_deref().unwrap_or("–"), |(.., account)| account))?;
        row(amount, &payment.amount)?;
        row(due, payment.due.as_deref().unwrap_or("–"))?;
    }
    if let Some(folder) = &filing.archive_folder {
        writeln!(console.out, "  {QUIET}{folder}{QUIET:#}")?;
    }
    Ok(())
}
