//! `momsbud-cli receipt`: what came back for a filing, and what to pay.

use crate::console::{Console, GOOD, QUIET, STRONG};
use crate::office::{OfficeArgs, forbidden, problem};
use crate::sign_in::SignInArgs;
use crate::{Exit, Failure};
use filing::Office;
use filing::view::{EnvironmentName, ErrorView, FilingView, HistoryQuery};
use filing::work::rights::Action;
use std::io;

/// Shows what came back for a filing, and what to pay.
///
/// Status 0: the receipt is there. 1: it has not come yet, or there is no such filing. 2: it could not be found out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// Fetch the receipt from Altinn again, whatever has become of the archive.
    #[arg(long)]
    fetch: bool,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// The filing as JSON instead of text.
    #[arg(long)]
    json: bool,
    /// The filing, as `history` shows it; the newest one if left out.
    #[arg(value_name = "FILING")]
    filing: Option<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let setup = args.office.setup(args.sign_in.browser()).await?;
        let office = match Office::look(setup).await {
            Ok(office) => office,
            Err(error) => {
                problem(&error.into(), console)?;
                return Ok(Exit::Failed);
            }
        };
        office.speak(crate::language(console.language));
        let needs = if args.fetch { Action::FetchReceiptAgain } else { Action::Filing };
        if let Some(exit) = forbidden(&office, &[needs], console)? {
            office.close().await;
            return Ok(exit);
        }
        if args.fetch
            && let Some(exit) = args.sign_in.make_sure(&office, console).await?
        {
            office.close().await;
            return Ok(exit);
        }
        let shown = find(&office, args).await;
        office.close().await;
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
                Ok(if error.code == filing::view::ErrorCode::NotFound { Exit::No } else { Exit::Failed })
            }
        }
    })?
}

async fn find(office: &Office, args: &Args) -> Result<Option<FilingView>, ErrorView> {
    let id = match &args.filing {
        Some(id) => id.clone(),
        None => match office.history(&HistoryQuery { limit: 1, ..HistoryQuery::default() })?.rows.first() {
            Some(row) => row.id.clone(),
            None => return Ok(None),
        },
    };
    if args.fetch { office.fetch_receipt_again(&id).await.map(Some) } else { office.filing(&id).map(Some) }
}

fn show(filing: &FilingView, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let row = &filing.row;
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#} {} · {} · {} kr",
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.period,
        row.assessed_vat
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
        let mut row = |label: &str, value: &str| writeln!(console.out, "  {label:<15}{GOOD}{value}{GOOD:#}");
        row("KID", none.map_or(payment.kid.as_deref().unwrap_or("–"), |(_, kid, _)| kid))?;
        row("Konto", none.map_or(payment.account.as_deref().unwrap_or("–"), |(.., account)| account))?;
        row("Beløp", &payment.amount)?;
        row("Betalingsfrist", payment.due.as_deref().unwrap_or("–"))?;
    }
    if let Some(folder) = &filing.archive_folder {
        writeln!(console.out, "  {QUIET}{folder}{QUIET:#}")?;
    }
    Ok(())
}
