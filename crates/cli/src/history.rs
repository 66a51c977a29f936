//! `momsbud-cli history`: what has been filed.

use office::Office;
use view::{FilingRow, FilingState, HistoryPage, HistoryQuery, Problem, local, state_name};

use crate::console::{Console, QUIET, STRONG};
use crate::follow::practice;
use crate::office::{OfficeArgs, Purpose, SystemBrowser, problem, within};
use crate::{Exit, Failure};
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
    within(&args.office, Purpose::AtHome, browser, console, async |office, _, console| {
        let page = match pages(office, query, args.limit) {
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
        let last = shown.saturating_add(args.offset);
        if shown > 0 && last < page.total {
            let of = console.say("history.of");
            let line = format!("{}–{last} {of} {}", args.offset.saturating_add(1), page.total);
            // A program that reads the rows must not take these for all; they are no row.
            let out: &mut dyn std::io::Write = if args.json { &mut console.err } else { &mut console.out };
            writeln!(out, "{QUIET}{line}{QUIET:#}")?;
        }
        if page.rows.is_empty() && !args.json {
            let none = console.say("history.thereIsNoSuchFiling");
            writeln!(console.err, "{none}")?;
        }
        Ok(if page.rows.is_empty() { Exit::No } else { Exit::Done })
    })
}

/// As many rows as are asked for: the office gives no more than a page of them at once.
fn pages(office: &Office, mut query: HistoryQuery, limit: u32) -> Result<HistoryPage, Problem> {
    let mut all = HistoryPage { rows: Vec::new(), total: 0 };
    loop {
        let known = u32::try_from(all.rows.len()).unwrap_or(u32::MAX);
        query.limit = limit.saturating_sub(known);
        let page = office.filings().history(&query)?;
        all.total = page.total;
        let count = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
        all.rows.extend(page.rows);
        query.offset = query.offset.saturating_add(count);
        if count == 0 || query.limit <= count || query.offset >= all.total {
            return Ok(all);
        }
    }
}

fn show(row: &FilingRow, console: &mut Console<'_>) -> std::io::Result<()> {
    let state = view::small_letter(state_name(row.state, row.verdict, false, console.language));
    let replaced = if row.replaced { console.say("history.replaced") } else { "" };
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

#[cfg(test)]
mod tests {
    use super::{FilingState, StateChoice};
    use clap::ValueEnum as _;

    /// What is queued belongs to the batch under way, which `batch` shows.
    #[test]
    fn every_state_but_queued_can_be_asked_for() {
        let offered: Vec<FilingState> = StateChoice::value_variants().iter().map(|choice| (*choice).into()).collect();
        let missing: Vec<FilingState> = FilingState::ALL.into_iter().filter(|state| !offered.contains(state)).collect();
        assert_eq!(missing, [FilingState::Queued]);
    }
}
