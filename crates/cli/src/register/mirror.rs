//! Documents of filings, fetched from the office register.

use std::path::PathBuf;

use office::register::Mirrored;
use serde_json::{Value, json};
use shown::Shown;
use view::ids::FilingId;

use super::{Folders, Text, said, seat};
use crate::console::{Console, INVALID};
use crate::stop::Stop;
use crate::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(crate) struct MirrorArgs {
    #[command(flatten)]
    folders: Folders,
    /// A filing's key, as history and status show it [default: all that you may see].
    #[arg(value_name = "FILING")]
    filing: Option<String>,
    /// The folder; it is made.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn mirror(args: &MirrorArgs, stop: &Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let seat = seat(&args.folders)?;
    seat.may_mirror()?;
    let key = args.filing.as_deref().map(str::parse::<FilingId>).transpose();
    let (Ok(filing), asked) = (key, args.filing.as_deref().unwrap_or_default()) else {
        let filing = Shown::line(args.filing.as_deref().unwrap_or_default());
        console.failed(&crate::filled(console.language, "register.noFiling", &[("filing", &filing)]));
        return Ok(Exit::Failed);
    };
    let register = stop.or(seat.join()).await??;
    let Mirrored { fetched, there, left } = stop.or(seat.mirror(&register, filing.as_ref(), &args.to)).await??;
    if filing.is_some() && fetched + there == 0 && left.is_empty() {
        console.failed(&crate::filled(console.language, "register.noDocuments", &[("filing", &asked)]));
        return Ok(Exit::Failed);
    }
    for document in left.iter().filter(|_| !args.json) {
        let (name, filing) = (Shown::line(&document.name), Shown::line(&document.filing));
        let why = document.why.text(console.language);
        let values: [Text<'_>; 3] = [("name", &name), ("filing", &filing), ("why", &why)];
        let text = crate::filled(console.language, "register.mirrorLeft", &values);
        writeln!(console.out, "{INVALID}■{INVALID:#} {text}")?;
    }
    let folder = Shown::path(&args.to);
    let values: [Text<'_>; 3] = [("fetched", &fetched), ("there", &there), ("folder", &folder)];
    let not_fetched: Vec<Value> =
        left.iter().map(|it| json!({"filing": it.filing, "name": it.name, "why": it.why})).collect();
    let value = json!({"fetched": fetched, "there": there, "left": not_fetched});
    said(args.json, &value, "register.mirrored", &values, console)?;
    Ok(if left.is_empty() { Exit::Done } else { Exit::No })
}
