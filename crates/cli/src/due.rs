//! `momsbud-cli due`: which deadlines are near with nothing filed.

use crate::console::{Console, INVALID, QUIET, STRONG};
use crate::office::{OfficeArgs, gate, problem};
use crate::{Exit, Failure};
use filing::view::DueView;

/// Lists deadlines that are late or near with nothing filed.
///
/// Needs no network and nobody to be signed in. What each company files is learnt from its returns, or said in the
/// window (Frister).
///
/// Status 0: nothing is due within the time asked for, and nothing is late. 1: something is; it is listed. 2: it could
/// not be found out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// How far ahead to look: days (14d or 14) or weeks (2w).
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = days)]
    within: u16,
    /// One JSON object a deadline and line instead of text.
    #[arg(long)]
    json: bool,
}

/// `14d`, `14` or `2w` as days.
fn days(text: &str) -> Result<u16, String> {
    let wrong = || format!("{text:?} is no number of days or weeks, such as 14d or 2w (366d at most)");
    let (digits, factor) = match text.strip_suffix('w') {
        Some(weeks) => (weeks, 7),
        None => (text.strip_suffix('d').unwrap_or(text), 1),
    };
    let number: u16 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(factor).filter(|days| *days <= 366).ok_or_else(wrong)
}

pub(crate) fn run(args: &Args, now: jiff::Timestamp, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (data, environment) = args.office.place()?;
    if !data.exists() {
        // Asking must not make anything: there is no office here yet, and so no deadline.
        return Ok(Exit::Done);
    }
    let work = gate(&data, Some(environment))?;
    let due = match filing::deadlines::due(&work, &data, environment, now, args.within, console.language) {
        Ok(due) => due,
        Err(error) => {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
    };
    for one in &due {
        if args.json {
            writeln!(console.out, "{}", serde_json::to_string(one)?)?;
        } else {
            show(one, console)?;
        }
    }
    Ok(if due.is_empty() { Exit::Done } else { Exit::No })
}

fn show(due: &DueView, console: &mut Console<'_>) -> std::io::Result<()> {
    let days = due.days;
    let when = match days {
        0 => console.say("i dag", "i dag", "today").to_owned(),
        1 => console.say("i morgen", "i morgon", "tomorrow").to_owned(),
        2.. => {
            let (before, after) = (console.say("om", "om", "in"), console.say("dager", "dagar", "days"));
            format!("{before} {days} {after}")
        }
        _ => {
            let (late, unit) = if days == -1 {
                (console.say("forfalt", "forfallen", "overdue"), console.say("dag", "dag", "day"))
            } else {
                (console.say("forfalt", "forfallen", "overdue"), console.say("dager", "dagar", "days"))
            };
            format!("{late} {} {unit}", -days)
        }
    };
    let style = if days < 0 { INVALID } else { STRONG };
    writeln!(
        console.out,
        "{}  {style}{when}{style:#}  {STRONG}{}{STRONG:#} {} · {}  {QUIET}{}{QUIET:#}",
        due.deadline,
        due.company_name.as_deref().unwrap_or_default(),
        due.org_number,
        due.period,
        due.kind
    )
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn days_and_weeks_are_understood_and_nothing_else() {
        assert_eq!(days("14d"), Ok(14));
        assert_eq!(days("14"), Ok(14));
        assert_eq!(days("2w"), Ok(14));
        assert_eq!(days("0d"), Ok(0));
        for wrong in ["", "d", "14m", "-1d", "1.5d", "367d", "53w", "99999w", "14dd"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
