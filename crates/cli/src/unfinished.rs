//! `momsbud-cli unfinished`: what lies begun in Altinn and was never delivered.

use crate::console::{Console, QUIET, STRONG};
use crate::follow::practice;
use crate::office::{OfficeArgs, Purpose, forbidden, problem, within};
use crate::sign_in::SignInArgs;
use crate::{Exit, Failure};
use access::work::rights::Action;
use serde::Serialize;
use view::{EnvironmentName, UnfinishedStage, UnfinishedView};

/// Lists or deletes what lies unfinished in Altinn for a company.
///
/// As the person who is signed in may see it.
/// `momsbud-cli submit --instance INSTANCE` goes on with one in which a return lies. What an open filing of Momsbud's owns
/// is not touched: give that filing up instead.
///
/// Status 0: listed, or deleted. 1: there is nothing. 2: it could not be done. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// The company, nine digits.
    #[arg(value_name = "ORGNR", required_unless_present = "delete")]
    org_number: Option<String>,
    /// Deletes this one, into Altinn's wastebasket.
    #[arg(long, value_name = "INSTANCE", conflicts_with = "org_number")]
    delete: Option<String>,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// One JSON object a line instead of text.
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Whether nothing is done but shown.
    pub(crate) fn only_shows(&self) -> bool {
        self.delete.is_none()
    }
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // Looking only: what is under way is left to whoever works on it.
    within(&args.office, Purpose::Looking, args.sign_in.browser(), console, async |office, stop, console| {
        let needs = if args.delete.is_some() { Action::DeleteUnfinished } else { Action::Unfinished };
        if let Some(exit) = forbidden(office, &[needs], console)? {
            return Ok(exit);
        }
        if let Some(exit) = args.sign_in.make_sure(office, stop, console).await? {
            return Ok(exit);
        }
        let done = match (&args.delete, &args.org_number) {
            (Some(instance), _) => stop.or(office.returns().delete_unfinished(instance)).await?.map(|()| Exit::Done),
            (None, Some(org_number)) => match stop.or(office.returns().unfinished(org_number)).await? {
                Ok(found) => {
                    for it in &found {
                        show(it, office.environment(), args.json, console)?;
                    }
                    if found.is_empty() && !args.json {
                        let none = console.say("unfinished.nothingLiesUnfinishedInAltinn");
                        writeln!(console.err, "{none}")?;
                    }
                    Ok(if found.is_empty() { Exit::No } else { Exit::Done })
                }
                Err(error) => Err(error),
            },
            (None, None) => Ok(Exit::No),
        };
        match done {
            Ok(exit) => Ok(exit),
            Err(error) => {
                problem(&error, console)?;
                Ok(Exit::Failed)
            }
        }
    })
}

/// What lies there, and at which authorities: with an amount goes whether it is a real one.
#[derive(Serialize)]
struct JsonUnfinished<'a> {
    environment: EnvironmentName,
    #[serde(flatten)]
    unfinished: &'a UnfinishedView,
}

fn show(
    it: &UnfinishedView,
    environment: EnvironmentName,
    json: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if json {
        let object = JsonUnfinished { environment, unfinished: it };
        return Ok(writeln!(console.out, "{}", serde_json::to_string(&object)?)?);
    }
    let practice = practice(environment, console);
    let stage = match it.stage {
        UnfinishedStage::Filling => console.say("unfinished.beingFilledIn"),
        UnfinishedStage::Signing => console.say("unfinished.waitingForASignature"),
        UnfinishedStage::Unknown => console.say("unfinished.unknownStep"),
    };
    let empty = console.say("unfinished.noReturnUploaded");
    let period = it.period.as_deref().unwrap_or(empty);
    let sum = it.assessed_vat.as_ref().map(|sum| format!(" · {sum} kr")).unwrap_or_default();
    let changed = it.changed_at.as_deref().map(view::local).unwrap_or_default();
    let changed = changed.get(..10).unwrap_or(&changed);
    writeln!(
        console.out,
        "{QUIET}{changed}{QUIET:#}  {STRONG}{period}{STRONG:#}{sum}{practice} · {stage} · +{}  {QUIET}{}{QUIET:#}",
        it.attachments, it.instance
    )?;
    if let Some(filing) = &it.filing {
        let own = console.say("unfinished.belongsToTheFiling");
        writeln!(console.out, "    {own} {filing}")?;
    }
    Ok(())
}
