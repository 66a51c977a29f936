//! `momsbud-cli history`: what has been filed.

use crate::console::{Console, QUIET, STRONG};
use crate::follow::practice;
use crate::office::{OfficeArgs, Purpose, SystemBrowser, problem, within};
use crate::{Exit, Failure};
use filing::view::{FilingRow, FilingState, HistoryQuery};
use filing::{local, state_name};
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
    let query = HistoryQuery {
        text: args.text.join(" "),
        state: args.state.map(FilingState::from),
        period: args.year.map(|year| year.to_string()),
        offset: args.offset,
        limit: args.limit,
        ..HistoryQuery::default()
    };
    let browser = Arc::new(SystemBrowser { opens: false });
    // Reading only: what is under way is left to whoever works on it.
    within(&args.office, Purpose::Looking, browser, console, async |office, _, console| {
        let page = match office.history(&query) {
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
        if page.rows.is_empty() && !args.json {
            let none = console.say(
                "Historikken har ingen slik innsending.",
                "Historikken har inga slik innsending.",
                "There is no such filing in the history.",
            );
            writeln!(console.err, "{none}")?;
        }
        Ok(if page.rows.is_empty() { Exit::No } else { Exit::Done })
    })
}

fn show(row: &FilingRow, console: &mut Console<'_>) -> std::io::Result<()> {
    let state = filing::within(state_name(row.state, row.verdict, false, console.language));
    let replaced = if row.replaced { console.say(", erstattet", ", erstatta", ", replaced") } else { "" };
    // The day on the wall in Norway: what is filed after midnight there is filed on that day.
    let begun = local(&row.begun_at);
    let day = begun.get(..10).unwrap_or(&begun);
    let practice = practice(row.environment, console);
    writeln!(
        console.out,
        "{QUIET}{}{QUIET:#}  {STRONG}{}{STRONG:#} {} · {} · {} kr · {state}{replaced}{practice}  {QUIET}{}{QUIET:#}",
        day,
        row.company_name.as_deref().unwrap_or_default(),
        row.org_number,
        row.period,
        row.assessed_vat,
        row.id
    )
}
