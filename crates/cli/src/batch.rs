//! `momsbud-cli batch`: many returns checked and filed in one go, several companies at once.

use crate::console::{Console, DEVIATING, GOOD, QUIET, STRONG};
use crate::office::{OfficeArgs, forbidden, is_rules, passed_by, problem};
use crate::sign_in::SignInArgs;
use crate::submit::{Outcome, Word, agreed, tell};
use crate::{Exit, Failure};
use filing::view::{BatchState, BatchView, CardNote, ErrorCode, ErrorView, FilingState, ReturnCard, VerdictName};
use filing::work::rights::Action;
use filing::{Office, Opened};
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Files many returns in one go, and waits for their receipts.
///
/// Every return is checked here and by Skatteetaten first. What is ugyldig, lies there twice or has been filed before is
/// left out, and said; one bad return stops no other. A company's returns are filed one after another in the order of
/// their periods, several companies at once. Asks once before anything is filed, unless --yes is given.
///
/// Ctrl-C stops: what is under way and what has not begun is gone on with by `batch --continue` or in the window; nothing
/// is ever delivered twice.
///
/// Status 0: every return was filed and its receipt is in the archive (with --no-wait: delivered). 1: some were not filed
/// (ugyldig, double, refused, declined, filed before), or wait for something; the others were. 2: it could not be tried, or
/// what became of one is not known yet. 130: stopped with Ctrl-C.
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
    #[arg(long, value_name = "N", default_value_t = filing::AT_ONCE, value_parser = at_once)]
    concurrency: usize,
    /// Do not wait for receipts: done as soon as everything is delivered.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for receipts after the last delivery, seconds; what has not come then is fetched later, by any
    /// start of Momsbud.
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
struct Whole<'a> {
    batch: Option<&'a BatchView>,
    stopped: bool,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let mut setup = args.office.setup(args.sign_in.browser()).await?;
        setup.at_once = args.concurrency;
        let office = match Office::open(setup).await {
            Ok(office) => office,
            Err(error) => {
                problem(&error.into(), console)?;
                return Ok(Exit::Failed);
            }
        };
        office.speak(crate::language(console.language));
        // Heard from the beginning: between two steps Ctrl-C would end the program without a word.
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                let _ = stop.send(true);
            }
        });
        let needs: &[Action] = match args.go_on {
            true => &[Action::ContinueBatch],
            false => &[Action::OpenPaths, Action::CheckAll, Action::StartBatch],
        };
        if let Some(exit) = forbidden(&office, needs, console)? {
            office.close().await;
            return Ok(exit);
        }
        let exit = match args.sign_in.make_sure(&office, console).await? {
            None => batch(&office, args, stopped, console).await?,
            Some(exit) => exit,
        };
        office.close().await;
        Ok(exit)
    })?
}

async fn batch(office: &Arc<Office>, args: &Args, mut stop: Stop, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (mut words, cards) = if args.go_on {
        match office.batch() {
            Some(batch) if !batch.state.is_all_sent() => {}
            _ => {
                let text = console.say(
                    "Det er ingen bunke å fortsette med.",
                    "Det er ingen bunke å halde fram med.",
                    "There is no batch to continue.",
                );
                writeln!(console.err, "{text}")?;
                return Ok(Exit::No);
            }
        }
        let cards: Vec<ReturnCard> =
            office.start_view().cards.into_iter().filter(|card| card.filing.is_some()).collect();
        if !asked(&cards, office, args, console)? {
            return Ok(Exit::No);
        }
        if let Err(error) = office.continue_batch() {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
        (Vec::new(), cards)
    } else {
        match begin(office, args, &mut stop, console).await? {
            Begun::Batch(words, cards) => (words, cards),
            Begun::Nothing(exit) => return Ok(exit),
        }
    };
    let stopped = follow(office, args, &mut stop, console).await?;
    let fine = |word: &Word| *word == Word::Received || (args.no_wait && *word == Word::Delivered);
    for card in &cards {
        let Ok(card) = office.card_view(&card.id) else { continue };
        let Some(filing) = card.filing else { continue };
        let word = match filing.row.state {
            FilingState::Received => Word::Received,
            FilingState::WaitingAnswer => Word::Delivered,
            FilingState::Refused => Word::Refused,
            FilingState::Rejected => Word::Rejected,
            FilingState::Unclear => Word::Unclear,
            FilingState::Abandoned => Word::Declined,
            FilingState::Queued if stopped => Word::Waiting,
            FilingState::Waiting | FilingState::WaitingSignature => Word::Waiting,
            FilingState::Queued | FilingState::Running => Word::Failed,
        };
        tell(
            &Outcome { file: card.file_name, outcome: word, filing: Some(filing), error: None },
            office.environment(),
            args.json,
            console,
        )?;
        words.push(word);
    }
    if let Some(file) = &args.csv
        && let Err(error) = office.export_batch(file)
    {
        problem(&error, console)?;
        words.push(Word::Failed);
    }
    let view = office.batch();
    if args.json {
        writeln!(console.out, "{}", serde_json::to_string(&Whole { batch: view.as_ref(), stopped })?)?;
    } else if let Some(view) = &view {
        summary(view, stopped, console)?;
    }
    if stopped {
        return Ok(Exit::Stopped);
    }
    // What is done needs no word at the next start.
    if view.is_some_and(|view| view.state.is_all_sent())
        && let Err(error) = office.close_batch()
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

/// Turns true with Ctrl-C.
type Stop = watch::Receiver<bool>;

/// Waits for Ctrl-C; `false` where the system has none.
async fn pressed(stop: &mut Stop) -> bool {
    stop.wait_for(|stopped| *stopped).await.is_ok()
}

enum Begun {
    Batch(Vec<Word>, Vec<ReturnCard>),
    Nothing(Exit),
}

/// Opens, checks, asks and begins.
async fn begin(
    office: &Arc<Office>,
    args: &Args,
    stop: &mut Stop,
    console: &mut Console<'_>,
) -> Result<Begun, Failure> {
    let Opened { cards: opened, passed } = office.open_counted(args.paths.clone()).await;
    passed_by(passed, console)?;
    if office.batch().is_some_and(|batch| batch.state == BatchState::Interrupted) {
        let text = console.say(
            "En bunke ble ikke ferdig sist. Fortsett med den først: batch --continue.",
            "Ein bunke blei ikkje ferdig sist. Hald fram med han først: batch --continue.",
            "A batch was not finished last time. Continue with it first: batch --continue.",
        );
        writeln!(console.err, "{text}")?;
        return Ok(Begun::Nothing(Exit::Failed));
    }
    let ids: Vec<String> = opened.iter().filter(|card| card.content.is_some()).map(|card| card.id.clone()).collect();
    let checked = tokio::select! {
        checked = office.check_all(&ids) => Some(checked),
        true = pressed(stop) => None,
    };
    match checked {
        Some(Ok(())) => {}
        Some(Err(error)) => {
            problem(&error, console)?;
            return Ok(Begun::Nothing(Exit::Failed));
        }
        None => return Ok(Begun::Nothing(Exit::Stopped)),
    }
    let mut words = Vec::new();
    let mut fit = Vec::new();
    for card in &opened {
        let card = office.card_view(&card.id).unwrap_or_else(|_| card.clone());
        match left_out(&card, args.correction) {
            None => fit.push(card),
            Some((word, error)) => {
                words.push(word);
                tell(
                    &Outcome { file: card.file_name, outcome: word, filing: None, error: Some(error) },
                    office.environment(),
                    args.json,
                    console,
                )?;
            }
        }
    }
    let exit = |words: &[Word]| if words.contains(&Word::Failed) { Exit::Failed } else { Exit::No };
    if fit.is_empty() {
        return Ok(Begun::Nothing(exit(&words)));
    }
    if !asked(&fit, office, args, console)? {
        for card in fit {
            tell(
                &Outcome { file: card.file_name, outcome: Word::Declined, filing: None, error: None },
                office.environment(),
                args.json,
                console,
            )?;
        }
        return Ok(Begun::Nothing(exit(&words)));
    }
    let ids: Vec<String> = fit.iter().map(|card| card.id.clone()).collect();
    let started = match office.start_batch(&ids, args.correction) {
        Ok(started) => started,
        Err(error) => {
            problem(&error, console)?;
            return Ok(Begun::Nothing(Exit::Failed));
        }
    };
    let out: HashSet<String> = started.left_out.iter().map(|left| left.card.clone()).collect();
    for left in started.left_out {
        let word = if left.error.code == ErrorCode::AlreadyFiled { Word::Refused } else { Word::Failed };
        words.push(word);
        let file = fit.iter().find(|card| card.id == left.card).map(|card| card.file_name.clone()).unwrap_or_default();
        tell(
            &Outcome { file, outcome: word, filing: None, error: Some(left.error) },
            office.environment(),
            args.json,
            console,
        )?;
    }
    if started.batch.is_none() {
        return Ok(Begun::Nothing(exit(&words)));
    }
    Ok(Begun::Batch(words, fit.into_iter().filter(|card| !out.contains(&card.id)).collect()))
}

/// Why a return is not put into the batch.
fn left_out(card: &ReturnCard, correction: bool) -> Option<(Word, ErrorView)> {
    if let Some(error) = &card.problem {
        let word = if is_rules(error) { Word::Failed } else { Word::Invalid };
        return Some((word, error.clone()));
    }
    let said = |code, message: String| ErrorView {
        code,
        message,
        details: Vec::new(),
        values: std::collections::BTreeMap::new(),
        delivered: filing::view::Delivered::No,
    };
    if let Some(error) = &card.check.problem {
        return Some((Word::Failed, error.clone()));
    }
    if card.check.verdict == VerdictName::Invalid {
        let mut error = said(ErrorCode::ReturnRefused, "The return must be corrected first.".into());
        error.details =
            card.check.findings.iter().map(|finding| format!("{}: {}", finding.title, finding.message)).collect();
        return Some((Word::Invalid, error));
    }
    card.notes.iter().find_map(|note| match note {
        CardNote::SamePeriod { file, .. } => Some((
            Word::Refused,
            said(ErrorCode::AlreadyFiled, format!("{file} is another return of the same company and period.")),
        )),
        CardNote::FiledBefore { at, person, .. } if !correction => Some((
            Word::Refused,
            said(ErrorCode::AlreadyFiled, format!("The period was filed at {at} by {person}; see --correction.")),
        )),
        _ => None,
    })
}

/// Says what is about to be filed: how many, for whom, by whom, to whom, and how much. Asks, unless told not to.
fn asked(cards: &[ReturnCard], office: &Office, args: &Args, console: &mut Console<'_>) -> Result<bool, Failure> {
    let start = office.start_view();
    let by = start.session.map(|session| session.name.unwrap_or(session.masked_id)).unwrap_or_default();
    let contents = || cards.iter().filter_map(|card| card.content.as_ref());
    let companies: BTreeSet<&str> = contents().map(|content| content.org_number.as_str()).collect();
    let sum = |wanted: fn(&i64) -> bool| -> i64 {
        contents().filter_map(|content| content.assessed_vat.parse::<i64>().ok()).filter(wanted).sum()
    };
    let (to_pay, refund) = (sum(|kroner| *kroner > 0), sum(|kroner| *kroner < 0));
    if !args.json {
        let [returns, of, sent_by, at, pay, back] = match console.language {
            vat_return::Language::Nb => ["meldinger", "virksomheter", "sendes av", "til", "å betale", "til gode"],
            vat_return::Language::Nn => ["meldingar", "verksemder", "blir sende av", "til", "å betale", "til gode"],
            vat_return::Language::En => ["returns", "companies", "filed by", "with", "to pay", "refund"],
        };
        let environment = format!("{:?}", start.environment).to_lowercase();
        writeln!(
            console.err,
            "{STRONG}{} {returns}{STRONG:#}, {} {of}, {sent_by} {STRONG}{by}{STRONG:#} {at} {STRONG}{environment}{STRONG:#}: \
             {pay} {to_pay} kr, {back} {refund} kr",
            cards.len(),
            companies.len(),
        )?;
    }
    let question = console.say("Sende inn alle?", "Sende inn alle?", "File them all?");
    Ok(args.yes || agreed(question, console)?)
}

/// Waits until nothing moves any more. `true` when somebody pressed Ctrl-C.
async fn follow(
    office: &Arc<Office>,
    args: &Args,
    stop: &mut Stop,
    console: &mut Console<'_>,
) -> Result<bool, Failure> {
    let mut events = office.events();
    let live = !args.json && io::stderr().is_terminal();
    let mut delivered = None;
    let mut told = String::new();
    loop {
        let Some(batch) = office.batch() else { return Ok(false) };
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
            if let Some(error) = &batch.problem {
                problem(error, console)?;
            }
            return Ok(false);
        }
        tokio::select! {
            _ = events.recv() => {}
            // Another program may be working on one of them.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            true = pressed(stop) => {
                if live {
                    writeln!(console.err)?;
                }
                return Ok(true);
            }
        }
    }
}

fn progress(batch: &BatchView, console: &Console<'_>) -> String {
    let [received, now, queued] = match console.language {
        vat_return::Language::Nb => ["mottatt", "pågår", "i kø"],
        vat_return::Language::Nn => ["mottekne", "går føre seg", "i kø"],
        vat_return::Language::En => ["received", "in progress", "queued"],
    };
    format!(
        "{} / {} {received}, {} {now}, {} {queued}",
        batch.received,
        batch.total,
        batch.running + batch.answering,
        batch.queued
    )
}

fn summary(batch: &BatchView, stopped: bool, console: &mut Console<'_>) -> Result<(), Failure> {
    let style = if batch.received == batch.total { GOOD } else { DEVIATING };
    writeln!(console.out, "{style}{}{style:#}", progress(batch, console))?;
    let due = batch.due.as_deref().unwrap_or_default();
    let pay = console.say("å betale", "å betale", "to pay");
    writeln!(console.out, "{QUIET}{pay}{QUIET:#} {} kr  {due}", batch.to_pay)?;
    if stopped && batch.queued + batch.running > 0 {
        let text = console.say(
            "Stoppet. Fortsett med: momsbud-cli batch --continue",
            "Stoppa. Hald fram med: momsbud-cli batch --continue",
            "Stopped. Continue with: momsbud-cli batch --continue",
        );
        writeln!(console.err, "{text}")?;
    }
    Ok(())
}
