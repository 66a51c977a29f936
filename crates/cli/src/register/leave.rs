//! A desk leaves the register: with a copy of what it may see, or without one where the register is gone.

use std::{
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use filing::archive::Archive;
use office::register::{Leaving, Seat, SeatError, TakenHome};
use serde_json::json;
use shown::Shown;

use super::{Folders, Text, said, seat, status_text};
use crate::console::{Console, DEVIATING, GOOD};
use crate::follow::agreed;
use crate::stop::Stop;
use crate::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(crate) struct LeaveArgs {
    #[command(flatten)]
    folders: Folders,
    /// The folder for the copy; it is made.
    #[arg(long, value_name = "FOLDER", required_unless_present = "gone")]
    to: Option<PathBuf>,
    /// Leaves a register that is gone for good, without a copy; not one that answers.
    #[arg(long, conflicts_with = "to")]
    gone: bool,
    /// Leaves without asking, also where the register has not taken everything; asks all the same where it turns her away.
    #[arg(long)]
    yes: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn leave(args: &LeaveArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let seat = seat(&args.folders)?;
    seat.may_change()?;
    match &args.to {
        Some(to) => with_copy(args, &seat, to, stop, console).await,
        None => gone(args, &seat, stop, console).await,
    }
}

async fn with_copy(
    args: &LeaveArgs,
    seat: &Seat,
    to: &Path,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (data, archive) = args.folders.find()?;
    let register = stop.or(seat.join()).await??;
    let archive = Archive::new(archive).with_reserve(data.join("under-way"));
    let Leaving { under_way, untold } = stop.or(seat.leaving(&register, &archive, console.language)).await??;
    if !under_way.is_empty() {
        let text = crate::filled(console.language, "register.underWay", &[("filings", &under_way.join(" "))]);
        console.failed(&text);
        return Ok(Exit::Failed);
    }
    let folder = Shown::path(to);
    if !untold.is_empty() {
        status_text::untold(&untold, console.language, &mut console.err)?;
        let question = console.say("register.leaveUntold");
        if !args.yes && !agreed(question, stop, console).await? {
            return Ok(Exit::No);
        }
    } else if !args.yes && io::stdin().is_terminal() {
        let database = Shown::line(register.address().database());
        let values: [Text<'_>; 2] = [("database", &database), ("folder", &folder)];
        let question = crate::filled(console.language, "register.leaveAsk", &values);
        if !agreed(&question, stop, console).await? {
            return Ok(Exit::No);
        }
    }
    let TakenHome { rows, documents, left_out } = stop.or(seat.take_home(&register, to)).await??;
    seat.forget()?;
    if left_out > 0 {
        let text = crate::filled(console.language, "register.leftOut", &[("documents", &left_out)]);
        writeln!(console.err, "{DEVIATING}○{DEVIATING:#} {text}")?;
    }
    let values: [Text<'_>; 3] = [("rows", &rows), ("documents", &documents), ("folder", &folder)];
    let value = json!({"rows": rows, "documents": documents, "leftOut": left_out});
    said(args.json, &value, "register.left", &values, console)
}

/// The register is not asked anything; one that answers is left with a copy.
async fn gone(args: &LeaveArgs, seat: &Seat, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let why = match stop.or(seat.join()).await? {
        Ok(_) => {
            let text = console.say("register.notGone");
            console.failed(text);
            return Ok(Exit::Failed);
        }
        Err(error @ (SeatError::Register(_) | SeatError::Address(_) | SeatError::NoPassword)) => error,
        Err(error) => return Err(error.into()),
    };
    // What turns her away (a password, a role, a certificate) can be mended, and is no proof that nothing is there.
    let without_asking = args.yes && why.is_away();
    if let Ok(why) = why.text(console.language) {
        writeln!(console.err, "{DEVIATING}○{DEVIATING:#} {why}")?;
    }
    let Leaving { under_way, untold } = seat.leaving_without(console.language)?;
    status_text::untold(&untold, console.language, &mut console.err)?;
    for filing in &under_way {
        let text = crate::filled(console.language, "register.goneUnderWay", &[("filing", filing)]);
        writeln!(console.err, "{DEVIATING}○{DEVIATING:#} {text}")?;
    }
    if args.yes && !without_asking && !io::stdin().is_terminal() {
        let text = console.say("register.turnedAway");
        console.failed(text);
        return Ok(Exit::No);
    }
    let (untold, open) = (untold.len(), under_way.len());
    let values: [Text<'_>; 2] = [("untold", &untold), ("open", &open)];
    let question = crate::filled(console.language, "register.goneAsk", &values);
    if !without_asking && !agreed(&question, stop, console).await? {
        return Ok(Exit::No);
    }
    seat.forget()?;
    if args.json {
        writeln!(console.out, "{}", json!({"untold": untold, "underWay": under_way}))?;
    } else {
        let text = console.say("register.leftGone");
        writeln!(console.out, "{GOOD}✓{GOOD:#} {text}")?;
    }
    Ok(Exit::Done)
}
