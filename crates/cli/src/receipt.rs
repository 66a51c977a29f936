//! `momsbud-cli receipt`: what came back for a filing, and what to pay.

use crate::console::{Console, GOOD, QUIET, STRONG};
use crate::earlier::{print_state, print_stopped, standing};
use crate::follow::{deadline_after, follow_signed_in, money, practice};
use crate::office::{OfficeArgs, Purpose, forbidden, problem, stopping, within};
use crate::sign_in::SignInArgs;
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure};
use access::work::rights::Action;
use office::Office;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use view::{Delivered, EnvironmentName, ErrorCode, FilingState, FilingView, HistoryQuery, PaymentView, Problem};

/// Shows what came back for a filing, and what to pay.
///
/// With --fetch, a receipt that has not come yet is waited for; what has come is fetched from Altinn once more.
///
/// Status 0: the return is received and the receipt is there. 1: it has not come yet, the return was rejected or its answer
/// must be looked at, or there is no such filing. 2: it could not be found out. 130: stopped with Ctrl-C.
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
    // What came back lies here; only what is fetched anew is asked for.
    let purpose = if args.fetch { Purpose::Looking } else { Purpose::AtHome };
    within(&args.office, purpose, args.sign_in.browser(), console, async |office, stop, console| {
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
            Ok(Some(id)) => Ok(office.filings().filing(&id).map(Some)),
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
                // A rejected return has a receipt too.
                let fine = filing.has_receipt && filing.row.state.is_accepted();
                Ok(if fine { Exit::Done } else { Exit::No })
            }
            Ok(None) => {
                let text = console.say("receipt.nothingHasBeenFiled");
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
fn find(office: &Office, args: &Args) -> Result<Option<String>, Problem> {
    if let Some(id) = &args.filing {
        return Ok(Some(id.clone()));
    }
    let newest = office.filings().history(&HistoryQuery { limit: 1, ..HistoryQuery::default() })?;
    Ok(newest.rows.into_iter().next().map(|row| row.id))
}

/// How long the second look at an answer may take.
const LOOK: Duration = Duration::from_secs(10);

/// Has an answer that nobody has understood read once more, and waits a moment for what comes of it.
async fn looked_at_again(
    office: &Arc<Office>,
    id: &str,
    args: &Args,
    stop: &Stop,
) -> Result<Result<FilingView, Problem>, Failure> {
    let deadline = Instant::now() + Duration::from_secs(args.wait).min(LOOK);
    let mut filing = stop.or(office.filings().fetch_receipt_again(id)).await?;
    while filing.as_ref().is_ok_and(|filing| filing.row.state == FilingState::Unclear) && Instant::now() < deadline {
        stop.or(tokio::time::sleep(Duration::from_millis(200))).await?;
        filing = office.filings().filing(id);
    }
    Ok(filing)
}

/// Fetches what has come, or waits for it.
async fn fetch(
    office: &Arc<Office>,
    id: &str,
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Result<Option<FilingView>, Problem>, Failure> {
    let filing = match office.filings().filing(id) {
        Ok(filing) => filing,
        Err(error) => return Ok(Err(error)),
    };
    if filing.row.state == FilingState::Unclear {
        return Ok(looked_at_again(office, id, args, stop).await?.map(Some));
    }
    if filing.delivered != Delivered::Yes || filing.row.state.is_finished() {
        return Ok(stop.or(office.filings().fetch_receipt_again(id)).await?.map(Some));
    }
    if let Err(error) = office.filings().resume(id) {
        return Ok(Err(error));
    }
    let deadline = deadline_after(args.wait);
    let (_, filing) = follow_signed_in(office, id, false, deadline, &args.sign_in, stop, console).await?;
    if let Ok(filing) = &filing
        && !filing.has_receipt
        && !args.json
    {
        print_state(filing, console)?;
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
    print_stopped(office, id.as_deref().into_iter(), console)?;
    Ok(Exit::Stopped(signal))
}

fn show(filing: &FilingView, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let row = &filing.row;
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#} {} · {} · {}{}",
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.period,
        money(&row.assessed_vat),
        practice(environment, console)
    )?;
    let (style, text) = standing(filing, console);
    writeln!(console.out, "  {style}{text}{style:#}")?;
    payment(filing, environment, console)
}

/// Payment and files, one a line. In practice no KID and no account: nobody shall pay an invented claim. What there is no
/// payment of is said in words.
pub(crate) fn payment(filing: &FilingView, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let practice = environment == EnvironmentName::Practice;
    let sum = filing.row.assessed_vat.as_str();
    match (&filing.payment, filing.row.state) {
        (_, FilingState::Rejected) => say_of_payment(console, |console| console.say("receipt.nothingIsToBePaid"))?,
        (payment, _) if sum.starts_with('-') => {
            let provisional = payment.as_ref().is_none_or(|payment| payment.provisional);
            if provisional && payment.is_some() {
                say_provisional(console)?;
            }
            if payment.is_some() {
                let label = console.say("receipt.refund");
                row(console, label, &money(sum.trim_start_matches('-')))?;
                say_of_payment(console, |console| refund_words(practice, provisional, console))?;
            }
        }
        (Some(_), _) if sum == "0" => say_of_payment(console, |console| console.say("receipt.thereIsNothingToPay"))?,
        (Some(payment), _) => bill(payment, practice, console)?,
        (None, _) if filing.delivered == Delivered::Yes => {
            say_of_payment(console, |console| console.say("receipt.thePaymentInformationHasNot"))?
        }
        (None, _) => {}
    }
    if let Some(folder) = &filing.archive_folder {
        writeln!(console.out, "  {QUIET}{folder}{QUIET:#}")?;
    }
    Ok(())
}

fn row(console: &mut Console<'_>, label: &str, value: &str) -> io::Result<()> {
    writeln!(console.out, "  {label:<15}{GOOD}{value}{GOOD:#}")
}

fn say_of_payment<'t>(console: &mut Console<'_>, text: impl Fn(&Console<'_>) -> &'t str) -> io::Result<()> {
    let text = text(console);
    writeln!(console.out, "  {text}")
}

fn say_provisional(console: &mut Console<'_>) -> io::Result<()> {
    let text = console.say("receipt.provisionalAmountWaitForThe");
    writeln!(console.out, "  {QUIET}{text}{QUIET:#}")
}

fn refund_words(practice: bool, provisional: bool, console: &Console<'_>) -> &'static str {
    if practice {
        console.say("receipt.nothingIsPaidOutIn")
    } else if provisional {
        console.say("receipt.theAmountHoldsOnceThe")
    } else {
        console.say("receipt.theTaxAdministrationPaysThe")
    }
}

fn bill(payment: &PaymentView, practice: bool, console: &mut Console<'_>) -> io::Result<()> {
    if practice {
        let band = console.say("receipt.practiceDoNotPay");
        writeln!(console.out, "  {STRONG}{band}{STRONG:#}")?;
    }
    if payment.provisional {
        say_provisional(console)?;
    }
    let [account, amount, due] =
        ["receipt.account", "receipt.amount", "receipt.due"].map(|key| crate::text(console.language, key));
    let missing = if payment.provisional {
        console.say("receipt.comesWhenTheReturnIs")
    } else {
        console.say("receipt.notStated")
    };
    let (kid, at) = if practice {
        (console.say("receipt.practiceNoKid"), console.say("receipt.practiceNoAccount"))
    } else {
        (payment.kid.as_deref().unwrap_or(missing), payment.account.as_deref().unwrap_or(missing))
    };
    row(console, "KID", kid)?;
    row(console, account, at)?;
    row(console, amount, &payment.amount)?;
    row(console, due, payment.due.as_deref().unwrap_or(missing))
}
