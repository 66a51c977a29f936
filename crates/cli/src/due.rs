//! `momsbud-cli due`: which deadlines are near with nothing filed.

use view::{DueView, FilingState, NameKey, OpenBecause, ResponsibleView, small_letter, state_name};

use crate::console::{Console, INVALID, QUIET, STRONG};
use crate::office::{OfficeArgs, gate, problem};
use crate::{Exit, Failure};

/// Lists deadlines that are late or near with nothing filed.
///
/// Needs no network and nobody to be signed in. What each company files is learnt from its returns, or said in the
/// window (Frister). A return that Skatteetaten rejected after delivery does not count as filed. What is late stays late
/// until it is filed, or put aside with a reason.
///
/// Status 0: nothing is due within the time asked for, and nothing is late; or it was put aside. 1: something is; it is
/// listed. 2: it could not be found out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// How far ahead to look: days (14d or 14) or weeks (2w).
    #[arg(long, value_name = "TIME", default_value = "14d", value_parser = days)]
    within: u16,
    /// One JSON object a deadline and line instead of text; `key` names it to --put-aside.
    #[arg(long)]
    json: bool,
    /// Only what you are responsible for at the office, or stand in for. As the office register said last.
    #[arg(long, conflicts_with_all = ["unassigned", "office_list"])]
    mine: bool,
    /// Only what nobody at the office is responsible for.
    #[arg(long, conflicts_with = "office_list")]
    unassigned: bool,
    /// The morning list of the whole office: by who is responsible, then what is nobody's.
    #[arg(long = "by-responsible")]
    office_list: bool,
    /// Lists what is put aside, with the reasons, instead.
    #[arg(long, conflicts_with_all = ["put_aside", "take_back"])]
    aside: bool,
    /// Puts a period aside: it is late no longer. The key is the last thing on its line.
    #[arg(long, value_name = "KEY", requires = "reason", conflicts_with = "take_back")]
    put_aside: Option<String>,
    /// Why nothing will be filed for it here.
    #[arg(long, value_name = "TEXT", requires = "put_aside", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,
    /// Takes a period back that was put aside.
    #[arg(long, value_name = "KEY")]
    take_back: Option<String>,
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
    if let Some(key) = args.put_aside.as_ref().or(args.take_back.as_ref()) {
        let kept = reminders::deadlines::put_aside(&work, &data, environment, now, key, args.reason.as_deref());
        return Ok(match kept {
            Ok(()) => Exit::Done,
            Err(error) => {
                problem(&error, console)?;
                Exit::Failed
            }
        });
    }
    let due = match reminders::deadlines::due(&work, &data, environment, now, args.within, console.language) {
        Ok(due) => due,
        Err(error) => {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
    };
    let mut due: Vec<DueView> = due.into_iter().filter(|one| one.aside.is_some() == args.aside).collect();
    due.retain(|one| match &one.responsible {
        Some(of) => !args.unassigned && (!args.mine || of.mine),
        None => !args.mine,
    });
    if args.office_list {
        // Those of one person stay in the order of their days.
        due.sort_by_cached_key(|one| one.responsible.as_ref().map_or((true, None), |of| (false, Some(person(of)))));
    }
    let mut of: Option<String> = None;
    for one in &due {
        if args.json {
            writeln!(console.out, "{}", serde_json::to_string(one)?)?;
            continue;
        }
        if args.office_list {
            let her =
                one.responsible.as_ref().map_or_else(|| console.say("due.nobodys").to_owned(), |of| of.name.clone());
            let now = one.responsible.as_ref().map_or_else(String::new, |of| of.role.clone());
            if of.as_ref() != Some(&now) {
                writeln!(console.out, "{STRONG}{her}{STRONG:#}{}", stands_in(one, console))?;
                of = Some(now);
            }
        }
        show(one, console)?;
    }
    Ok(if due.is_empty() || args.aside { Exit::Done } else { Exit::No })
}

/// Somebody's place in the list.
fn person(of: &ResponsibleView) -> (NameKey, String) {
    (NameKey::of(&of.name), of.role.clone())
}

/// Who stands in for who is responsible, where she is away.
fn stands_in(due: &DueView, console: &Console<'_>) -> String {
    let stand_in = due.responsible.as_ref().and_then(|of| of.stand_in.as_ref());
    stand_in.map_or_else(String::new, |name| {
        format!(" ({})", crate::filled(console.language, "due.standsIn", &[("name", name)]))
    })
}

fn show(due: &DueView, console: &mut Console<'_>) -> std::io::Result<()> {
    let days = due.days;
    let when = match days {
        0 => console.say("due.today").to_owned(),
        1 => console.say("due.tomorrow").to_owned(),
        2.. => {
            let (before, after) = (console.say("due.in"), console.say("due.days"));
            format!("{before} {days} {after}")
        }
        _ => {
            let (late, unit) = if days == -1 {
                (console.say("due.overdue"), console.say("due.day"))
            } else {
                (console.say("due.overdue"), console.say("due.days"))
            };
            format!("{late} {} {unit}", -days)
        }
    };
    let style = if days < 0 { INVALID } else { STRONG };
    writeln!(
        console.out,
        "{}  {style}{when}{style:#}  {STRONG}{}{STRONG:#} {} · {}  {QUIET}{}{QUIET:#}{}  {QUIET}{}{QUIET:#}",
        due.deadline,
        due.company_name.as_deref().unwrap_or_default(),
        due.org_number,
        due.period,
        due.kind,
        because(due, console),
        due.key
    )
}

/// Why it is open although there is a filing, or why it is put aside.
fn because(due: &DueView, console: &Console<'_>) -> String {
    let state = |state| small_letter(state_name(state, None, false, console.language));
    match (&due.aside, due.because) {
        (Some(reason), _) => format!("  · {} {reason}", console.say("due.putAside")),
        (None, OpenBecause::Rejected) => format!("  · {}", state(FilingState::Rejected)),
        (None, OpenBecause::Unclear) => format!("  · {}", state(FilingState::Unclear)),
        (None, OpenBecause::NothingFiled | OpenBecause::UnderWay) => String::new(),
    }
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
