//! `momsbud-cli history`: what has been filed.

use crate::console::{Console, QUIET, STRONG};
use crate::office::{OfficeArgs, SystemBrowser, problem, recovery};
use crate::{Exit, Failure};
use filing::Office;
use filing::view::{FilingRow, FilingState, HistoryQuery};
use std::sync::Arc;

/// Lists filings, the newest first.
///
/// Status 0: here they are. 1: there are none. 2: the history could not be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// Only this state.
    #[arg(long, value_enum)]
    state: Option<StateChoice>,
    /// Only periods of this year.
    #[arg(long, value_name = "YEAR")]
    year: Option<u16>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// How many to pass over.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u32,
    /// One JSON object a filing and line instead of text.
    #[arg(long)]
    json: bool,
    /// Company, organisation number, KID or amount.
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
}

/// The value of `--state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum StateChoice {
    Running,
    Waiting,
    WaitingSignature,
    WaitingAnswer,
    Received,
    Refused,
    Abandoned,
    Rejected,
    Unclear,
}

impl From<StateChoice> for FilingState {
    fn from(choice: StateChoice) -> Self {
        match choice {
            StateChoice::Running => Self::Running,
            StateChoice::Waiting => Self::Waiting,
            StateChoice::WaitingSignature => Self::WaitingSignature,
            StateChoice::WaitingAnswer => Self::WaitingAnswer,
            StateChoice::Received => Self::Received,
            StateChoice::Refused => Self::Refused,
            StateChoice::Abandoned => Self::Abandoned,
            StateChoice::Rejected => Self::Rejected,
            StateChoice::Unclear => Self::Unclear,
        }
    }
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let setup = args.office.setup(Arc::new(SystemBrowser { opens: false })).await?;
        let query = HistoryQuery {
            text: args.text.join(" "),
            state: args.state.map(FilingState::from),
            period: args.year.map(|year| year.to_string()),
            offset: args.offset,
            limit: args.limit,
        };
        // Reading only: what is under way is left to whoever works on it.
        let page = match Office::look(setup).await {
            Ok(office) => {
                office.speak(crate::language(console.language));
                recovery(&office, console)?;
                office.history(&query)
            }
            Err(error) => Err(error.into()),
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                problem(&error, console)?;
                return Ok(Exit::Failed);
            }
        };
        for row in &page.rows {
            if args.json {
                writeln!(console.out, "{}", serde_json::to_string(row)?)?;
            } else {
                show(row, console)?;
            }
        }
        let shown = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        if !args.json && shown + args.offset < page.total {
            let more = console.say("av", "av", "of");
            writeln!(console.out, "{QUIET}{}–{} {more} {}{QUIET:#}", args.offset + 1, args.offset + shown, page.total)?;
        }
        Ok(if page.rows.is_empty() { Exit::No } else { Exit::Done })
    })?
}

fn show(row: &FilingRow, console: &mut Console<'_>) -> std::io::Result<()> {
    let state = state(row.state, console);
    let replaced = if row.replaced { console.say(", erstattet", ", erstatta", ", replaced") } else { "" };
    writeln!(
        console.out,
        "{QUIET}{}{QUIET:#}  {STRONG}{}{STRONG:#} {} · {} · {} kr · {state}{replaced}  {QUIET}{}{QUIET:#}",
        row.begun_at.get(..10).unwrap_or(&row.begun_at),
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.period,
        row.assessed_vat,
        row.id
    )
}

pub(crate) fn state(state: FilingState, console: &Console<'_>) -> &'static str {
    match state {
        FilingState::Queued => console.say("i kø", "i kø", "queued"),
        FilingState::Running => console.say("pågår", "går føre seg", "under way"),
        FilingState::Waiting => console.say("venter", "ventar", "waiting"),
        FilingState::WaitingSignature => {
            console.say("venter på signering", "ventar på signering", "waiting for a signature")
        }
        FilingState::WaitingAnswer => {
            console.say("levert, venter på svar", "levert, ventar på svar", "delivered, waiting for the answer")
        }
        FilingState::Received => console.say("mottatt", "motteken", "received"),
        FilingState::Refused => console.say("avvist", "avvist", "refused"),
        FilingState::Abandoned => console.say("avbrutt", "avbroten", "given up"),
        FilingState::Rejected => console.say("levert, avvist", "levert, avvist", "delivered, rejected"),
        FilingState::Unclear => console.say(
            "levert, svaret må ses på",
            "levert, svaret må sjåast på",
            "delivered, the answer must be looked at",
        ),
    }
}
