//! `momsbud-cli batch`: many returns checked and filed in one go, several companies at once.

use crate::console::{Console, DEVIATING, GOOD, QUIET, STRONG};
use crate::earlier::{Earlier, print_stopped};
use crate::follow::{agreed, deadline_after, money, owed, practice};
use crate::office::{OfficeArgs, Purpose, forbidden, is_rules, passed_by, problem, same_files, stopping, within_with};
use crate::outcome::{Outcome, outcome_of_state, print_outcome};
use crate::sign_in::SignInArgs;
use crate::stop::{Signal, Stop, Stopped};
use crate::submit::{environment_name, same_period};
use crate::word::Word;
use crate::{Exit, Failure};
use access::work::rights::Action;
use disk::Out;
use office::{Office, OpenedReturns, Setup};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use view::{
    BatchState, BatchView, CardNote, EnvironmentName, ErrorCode, FilingState, Problem, ReturnCard, VerdictName,
};

/// Files many returns in one go, and waits for their receipts.
///
/// Every return is checked here and by Skatteetaten first. What is ugyldig, lies there twice or has been filed before is
/// left out, and said; one bad return stops no other. A company's returns are filed one after another in the order of
/// their periods, several companies at once. Asks once before anything is filed, unless --yes is given.
///
/// Ctrl-C stops: what is under way and what has not begun is gone on with by `batch --continue` or in the window; nothing
/// is ever delivered twice. Where everything was delivered, --continue fetches the receipts that are missing.
///
/// Status 0: every return was filed and its receipt is in the archive (with --no-wait: delivered). 1: some were not filed
/// (ugyldig, double, refused, declined, filed before), were rejected after delivery, have an answer that must be looked at,
/// or wait for something; the others were.
/// 2: it could not be tried, or what became of one is not known yet. 130: stopped with Ctrl-C.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// File without asking.
    #[arg(long)]
    yes: bool,
    /// Go on with the batch that was left in the middle.
    #[arg(long = "continue", conflicts_with = "paths")]
    go_on: bool,
    /// File periods again that have been filed before: new versions replace the old ones.
    #[arg(long)]
    correction: bool,
    /// How many companies to file for at once.
    #[arg(long, value_name = "N", default_value_t = office::AT_ONCE, value_parser = at_once)]
    concurrency: usize,
    /// Do not wait for receipts: done as soon as everything is delivered.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for receipts after the last delivery, seconds; what has not come then is fetched by `batch
    /// --continue`, by `momsbud-cli resume`, or by the window.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    /// Write company, KID, account, amount and due date to this file, for a spreadsheet (UTF-8, semicolons).
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// One JSON object a return and line, and a last one with the whole batch, instead of text.
    #[arg(long)]
    json: bool,
    /// Files, or folders whose returns are meant.
    #[arg(required_unless_present = "go_on", value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
}

fn at_once(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=16) => Ok(n),
        _ => Err("a number from 1 to 16".into()),
    }
}

/// The last line with `--json`.
#[derive(Serialize)]
struct BatchSummary<'a> {
    environment: EnvironmentName,
    batch: Option<&'a BatchView>,
    stopped: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let browser = args.sign_in.browser();
    let change = |setup: &mut Setup| setup.at_once = args.concurrency;
    within_with(&args.office, Purpose::Filing, browser, change, console, async |office, stop, console| {
        let needs: &[Action] = match args.go_on {
            true => &[Action::ContinueBatch],
            false => &[Action::OpenPaths, Action::CheckAll, Action::StartBatch],
        };
        if let Some(exit) = forbidden(office, needs, console)? {
            return Ok(exit);
        }
        // Told before anything is filed: afterwards there would be payments and no list of them.
        let table = match args.csv.as_ref().map(|file| office.batch().place_for(file)).transpose() {
            Ok(table) => table,
            Err(error) => {
                problem(&error, console)?;
                return Ok(Exit::Failed);
            }
        };
        if let Some(exit) = args.sign_in.make_sure(office, stop, console).await? {
            return Ok(exit);
        }
        let mut earlier = Earlier::default();
        let done = batch(office, args, table, &mut earlier, stop, console).await;
        let Some(Stopped(signal)) = done.as_ref().err().and_then(|failure| failure.downcast_ref().copied()) else {
            return done;
        };
        stopping(console)?;
        office.halt().await;
        print_stopped(office, earlier.ids(), console)?;
        let text = console.say("batch.nothingHasBeenFiledBy");
        writeln!(console.err, "{text}")?;
        Ok(Exit::Stopped(signal))
    })
}

async fn batch(
    office: &Arc<Office>,
    args: &Args,
    table: Option<Out>,
    earlier: &mut Earlier,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (mut words, cards) = if args.go_on {
        match office.batch().view() {
            Some(batch) if !batch.state.is_all_sent() => {}
            _ if office.filings().open_filings().is_ok_and(|open| open.is_empty()) => {
                let text = console.say("batch.thereIsNoBatchTo");
                writeln!(console.err, "{text}")?;
                return Ok(Exit::No);
            }
            _ => {
                return crate::resume::all_that_is_open(
                    office,
                    args.yes,
                    args.wait,
                    args.json,
                    &args.sign_in,
                    earlier,
                    stop,
                    console,
                )
                .await;
            }
        }
        let cards: Vec<ReturnCard> =
            office.start_view().cards.into_iter().filter(|card| card.filing.is_some()).collect();
        if !confirm_batch(&cards, office, args, stop, console).await? {
            return Ok(Exit::No);
        }
        if !still_taken(table.as_ref(), office, console)? {
            return Ok(Exit::Failed);
        }
        if let Err(error) = office.batch().resume() {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
        (Vec::new(), cards)
    } else {
        match begin(office, args, table.as_ref(), earlier, stop, console).await? {
            StartedBatch::Batch(words, cards) => (words, cards),
            StartedBatch::Nothing(exit) => return Ok(exit),
        }
    };
    let stopped = follow(office, args, stop, console).await?;
    if stopped.is_some() {
        stopping(console)?;
        office.halt().await;
    }
    let fine = |word: &Word| *word == Word::Received || (args.no_wait && *word == Word::Delivered);
    for card in &cards {
        let Ok(card) = office.returns().card_view(&card.id) else { continue };
        let Some(filing) = card.filing else { continue };
        let word = match filing.row.state {
            FilingState::Queued | FilingState::Running if stopped.is_none() => Word::Failed,
            _ => outcome_of_state(&filing),
        };
        print_outcome(
            &Outcome { file: card.file_name, outcome: word, filing: Some(*filing), error: None, neighbour: None },
            office.environment(),
            args.json,
            console,
        )?;
        words.push(word);
    }
    if let Some(place) = table
        && let Err(error) = office.batch().export_to(place)
    {
        problem(&error, console)?;
        words.push(Word::Failed);
    }
    let view = office.batch().view();
    if args.json {
        let whole =
            BatchSummary { environment: office.environment(), batch: view.as_ref(), stopped: stopped.is_some() };
        writeln!(console.out, "{}", serde_json::to_string(&whole)?)?;
    } else if let Some(view) = &view {
        summary(view, office.environment(), stopped.is_some(), console)?;
    }
    if let Some(signal) = stopped {
        print_stopped(office, earlier.ids(), console)?;
        return Ok(Exit::Stopped(signal));
    }
    earlier.report(office, deadline_after(args.wait), stop, console).await?;
    // What is done needs no word at the next start.
    if view.is_some_and(|view| view.state.is_all_sent())
        && let Err(error) = office.batch().close()
    {
        problem(&error, console)?;
    }
    Ok(if words.contains(&Word::Failed) {
        Exit::Failed
    } else if words.iter().all(fine) {
        Exit::Done
    } else {
        Exit::No
    })
}

enum StartedBatch {
    Batch(Vec<Word>, Vec<ReturnCard>),
    Nothing(Exit),
}

/// Opens, checks, asks and begins.
async fn begin(
    office: &Arc<Office>,
    args: &Args,
    table: Option<&Out>,
    earlier: &mut Earlier,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<StartedBatch, Failure> {
    let OpenedReturns { cards: opened, passed } = stop.or(office.returns().open_counted(args.paths.clone())).await?;
    passed_by(&passed, console)?;
    same_files(&opened, console)?;
    if office.batch().view().is_some_and(|batch| batch.state == BatchState::Interrupted) {
        let text = console.say("batch.aBatchWasNotFinished");
        writeln!(console.err, "{text}")?;
        return Ok(StartedBatch::Nothing(Exit::Failed));
    }
    *earlier = Earlier::resume_earlier(office, &opened, args.yes, stop, console).await?;
    let ids: Vec<String> = opened.iter().filter(|card| card.content.is_some()).map(|card| card.id.clone()).collect();
    if let Some(exit) = checked(office, &ids, args, stop, console).await? {
        return Ok(StartedBatch::Nothing(exit));
    }
    let mut words = Vec::new();
    let mut fit = Vec::new();
    for card in &opened {
        let card = office.returns().card_view(&card.id).unwrap_or_else(|_| card.clone());
        match left_out(&card, args.correction) {
            None => fit.push(without_lines(card)),
            Some((word, error)) => {
                words.push(word);
                print_outcome(
                    &Outcome {
                        file: card.file_name,
                        outcome: word,
                        filing: None,
                        error: Some(error.into()),
                        neighbour: card.neighbour,
                    },
                    office.environment(),
                    args.json,
                    console,
                )?;
            }
        }
    }
    let exit = |words: &[Word]| if words.contains(&Word::Failed) { Exit::Failed } else { Exit::No };
    if fit.is_empty() {
        return Ok(StartedBatch::Nothing(exit(&words)));
    }
    if !confirm_batch(&fit, office, args, stop, console).await? {
        for card in fit {
            print_outcome(
                &Outcome { file: card.file_name, outcome: Word::Declined, filing: None, error: None, neighbour: None },
                office.environment(),
                args.json,
                console,
            )?;
        }
        return Ok(StartedBatch::Nothing(exit(&words)));
    }
    if !still_taken(table, office, console)? {
        return Ok(StartedBatch::Nothing(Exit::Failed));
    }
    let ids: Vec<String> = fit.iter().map(|card| card.id.clone()).collect();
    let started = match office.batch().start(&ids, args.correction) {
        Ok(started) => started,
        Err(error) => {
            problem(&error, console)?;
            return Ok(StartedBatch::Nothing(Exit::Failed));
        }
    };
    let names: HashMap<&str, &str> = fit.iter().map(|card| (card.id.as_str(), card.file_name.as_str())).collect();
    let out: HashSet<String> = started.left_out.iter().map(|left| left.card.clone()).collect();
    for left in started.left_out {
        let refused = matches!(left.error.code, ErrorCode::AlreadyFiled | ErrorCode::SamePeriod);
        let word = if refused { Word::Refused } else { Word::Failed };
        words.push(word);
        let file = names.get(left.card.as_str()).map(|name| (*name).to_owned()).unwrap_or_default();
        print_outcome(
            &Outcome { file, outcome: word, filing: None, error: Some(left.error), neighbour: None },
            office.environment(),
            args.json,
            console,
        )?;
    }
    if started.batch.is_none() {
        return Ok(StartedBatch::Nothing(exit(&words)));
    }
    Ok(StartedBatch::Batch(words, fit.into_iter().filter(|card| !out.contains(&card.id)).collect()))
}

/// Asks Skatteetaten about all of them, and says at a terminal how far it has come: thousands take their time.
async fn checked(
    office: &Arc<Office>,
    ids: &[String],
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Option<Exit>, Failure> {
    const PART: usize = 50;
    let live = !args.json && ids.len() > PART && io::stderr().is_terminal();
    let mut done = 0;
    for part in ids.chunks(PART) {
        let mut checked = stop.or(office.returns().check_all(part)).await?;
        if checked.as_ref().is_err_and(|error| error.code == ErrorCode::NeedsSignIn)
            && args.sign_in.make_sure_again(office, stop, console).await?.is_none()
        {
            checked = stop.or(office.returns().check_all(part)).await?;
        }
        if let Err(error) = checked {
            problem(&error, console)?;
            return Ok(Some(Exit::Failed));
        }
        done += part.len();
        if live {
            let text = console.say("batch.checked");
            write!(console.err, "\r\x1b[2K{done} / {} {text}", ids.len())?;
            console.err.flush()?;
        }
    }
    if live {
        writeln!(console.err)?;
    }
    Ok(None)
}

/// Whether the table would still be read, at the last moment before something is filed; says so where it would not.
fn still_taken(table: Option<&Out>, office: &Office, console: &mut Console<'_>) -> io::Result<bool> {
    match table.map(|place| office.batch().is_taken(place)) {
        Some(Err(error)) => problem(&error, console).map(|()| false),
        _ => Ok(true),
    }
}

/// What is still needed of a card: there may be tens of thousands of them.
fn without_lines(mut card: ReturnCard) -> ReturnCard {
    card.check.findings = Vec::new();
    card.check.causes = Vec::new();
    if let Some(content) = &mut card.content {
        content.groups = Vec::new();
    }
    card
}

/// Why a return is not put into the batch.
fn left_out(card: &ReturnCard, correction: bool) -> Option<(Word, Problem)> {
    if let Some(error) = card.problem.clone().map(Problem::from) {
        let word = if is_rules(&error) { Word::Failed } else { Word::Invalid };
        return Some((word, error));
    }
    let said = |code, message: String| Problem {
        code,
        message,
        details: Vec::new(),
        values: std::collections::BTreeMap::new(),
        delivered: view::Delivered::No,
    };
    if let Some(error) = card.check.problem.clone() {
        return Some((Word::Failed, error.into()));
    }
    if card.check.verdict == VerdictName::Invalid {
        let mut error = said(ErrorCode::ReturnRefused, "The return must be corrected first.".into());
        error.details =
            card.check.findings.iter().map(|finding| format!("{}: {}", finding.title, finding.message)).collect();
        return Some((Word::Invalid, error));
    }
    if let Some(error) = same_period(card) {
        return Some((Word::Refused, error));
    }
    card.notes.iter().find_map(|note| match note {
        CardNote::FiledBefore { at, person, state, .. } if !correction => {
            let by = person.as_deref().map(|person| format!(" by {person}")).unwrap_or_default();
            let rejected = if state.is_rejected() { " and rejected by Skatteetaten" } else { "" };
            let message = format!("The period was filed at {}{by}{rejected}; see --correction.", view::local(at));
            let error = said(ErrorCode::AlreadyFiled, message);
            Some((Word::Refused, error.with("state", view::texts::word(state))))
        }
        _ => None,
    })
}

/// Says what is about to be filed: each return with its company, period and sum, how many there are, by whom, to whom, and
/// how much. Asks, unless told not to.
async fn confirm_batch(
    cards: &[ReturnCard],
    office: &Office,
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<bool, Failure> {
    let start = office.start_view();
    let by = start.session.and_then(|session| session.name.or(session.masked_id));
    let by = by.unwrap_or_else(|| console.say("value.nameless").to_owned());
    let contents = || cards.iter().filter_map(|card| card.content.as_ref());
    let companies: BTreeSet<&str> = contents().map(|content| content.org_number.as_str()).collect();
    let (to_pay, refund) = sums(contents().map(|content| content.assessed_vat.as_str()));
    if !args.json {
        let practice = practice(start.environment, console);
        for content in contents() {
            let company = content.company_name.as_deref().unwrap_or_default();
            let owed = owed(&content.assessed_vat, console);
            writeln!(console.err, "  {company} {} · {} · {owed}{practice}", content.org_number, content.period)?;
        }
        let [sent_by, at, pay, back] =
            ["batch.filedBy", "batch.in", "batch.toPay", "batch.refund"].map(|key| crate::text(console.language, key));
        let returns = match cards.len() {
            1 => console.say("batch.return"),
            _ => console.say("batch.returns"),
        };
        let of = match companies.len() {
            1 => console.say("batch.company"),
            _ => console.say("batch.companies"),
        };
        let environment = environment_name(start.environment, console);
        writeln!(
            console.err,
            "{STRONG}{} {returns}{STRONG:#}, {} {of}, {sent_by} {STRONG}{by}{STRONG:#} {at} {STRONG}{environment}{STRONG:#}: \
             {pay} {}, {back} {}",
            cards.len(),
            companies.len(),
            money(&to_pay),
            money(&refund),
        )?;
    }
    let question = console.say("batch.fileThemAll");
    Ok(args.yes || agreed(question, stop, console).await?)
}

/// What is to be paid, and what comes back, of all amounts together: in 128 bits, since an amount can have 28 digits.
fn sums<'a>(amounts: impl Iterator<Item = &'a str>) -> (String, String) {
    let (mut to_pay, mut refund) = (0_i128, 0_i128);
    for kroner in amounts.filter_map(|amount| amount.split('.').next()?.parse::<i128>().ok()) {
        if kroner < 0 { refund -= kroner } else { to_pay += kroner }
    }
    (to_pay.to_string(), refund.to_string())
}

/// Waits until nothing moves any more, or until it is to stop.
async fn follow(
    office: &Arc<Office>,
    args: &Args,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Option<Signal>, Failure> {
    let mut events = office.events();
    let live = !args.json && io::stderr().is_terminal();
    let mut delivered = None;
    let (mut told, mut renewed) = (String::new(), false);
    loop {
        let Some(batch) = office.batch().view() else { return Ok(None) };
        if batch.state == BatchState::WaitingSignIn && batch.running == 0 && !renewed {
            // The sign-in has ended in the middle; the batch goes on by itself once there is a new one.
            renewed = true;
            match args.sign_in.make_sure_again(office, stop, console).await {
                Err(failure) => match failure.downcast_ref::<Stopped>() {
                    Some(Stopped(signal)) => return Ok(Some(*signal)),
                    None => return Err(failure),
                },
                Ok(_) => continue,
            }
        }
        let line = progress(&batch, console);
        if live && line != told {
            write!(console.err, "\r\x1b[2K{line}")?;
            console.err.flush()?;
            told = line;
        }
        let under_way = batch.queued + batch.running > 0 && !batch.state.is_all_sent();
        let still = matches!(batch.state, BatchState::Paused | BatchState::WaitingSignIn) && batch.running == 0;
        let over = if batch.state.is_all_sent() || !under_way {
            let since = *delivered.get_or_insert_with(Instant::now);
            batch.answering == 0 || args.no_wait || since.elapsed() >= Duration::from_secs(args.wait)
        } else {
            delivered = None;
            still
        };
        if over {
            if live {
                writeln!(console.err)?;
            }
            if let Some(error) = batch.problem.clone() {
                problem(&error.into(), console)?;
            }
            return Ok(None);
        }
        tokio::select! {
            _ = events.recv() => {}
            // Another program may be working on one of them.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            signal = stop.received_signal() => return Ok(Some(signal)),
        }
    }
}

fn progress(batch: &BatchView, console: &Console<'_>) -> String {
    let [received, now, queued] =
        ["batch.received", "batch.inProgress", "batch.queued"].map(|key| crate::text(console.language, key));
    format!(
        "{} / {} {received}, {} {now}, {} {queued}",
        batch.received,
        batch.total,
        batch.running + batch.answering,
        batch.queued
    )
}

fn summary(
    batch: &BatchView,
    environment: EnvironmentName,
    stopped: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let style = if batch.received == batch.total { GOOD } else { DEVIATING };
    writeln!(console.out, "{style}{}{style:#}", progress(batch, console))?;
    let due = batch.due.as_deref().unwrap_or_default();
    let pay = console.say("batch.toPay");
    let practice = match environment {
        EnvironmentName::Practice => console.say("batch.practiceDoNotPay"),
        EnvironmentName::Test => "  TEST",
        EnvironmentName::Production => "",
    };
    writeln!(console.out, "{QUIET}{pay}{QUIET:#} {} kr  {due}{practice}", batch.to_pay)?;
    if stopped && batch.queued + batch.running > 0 {
        let text = console.say("batch.stoppedContinueWithMomsbudCli");
        writeln!(console.err, "{text}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_amount_is_left_out_of_the_sums_that_are_asked_about() {
        let most = "79228162514264337593543950335";
        let (to_pay, refund) =
            sums([most, most, "1000000000000000000", "-9223372036854775809", "-1", "12"].into_iter());
        assert_eq!(to_pay, "158456325029528675187087900682");
        assert_eq!(refund, "9223372036854775810");
    }
}
