//! `momsbud-cli submit`: checks returns, files them, and waits for their receipts.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::office::{OfficeArgs, forbidden, is_rules, passed_by, problem, recovery};
use crate::sign_in::SignInArgs;
use crate::{Exit, Failure};
use filing::view::{
    Delivered, EnvironmentName, ErrorCode, ErrorView, FilingState, FilingView, LineChange, LineView, ReturnCard,
    VerdictName,
};
use filing::work::rights::Action;
use filing::{Office, Opened};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// Checks returns, files them, and waits for their receipts.
///
/// Every return is checked here and by Skatteetaten first; what is ugyldig is not filed. Without --yes each filing is
/// asked about, and so is a new version of a period that was filed before.
///
/// Status 0: every return was filed and its receipt is in the archive. 1: one was not filed (ugyldig, refused, declined,
/// filed before), or waits for something; the others were. 2: it could not be tried, or what became of one is not known.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    office: OfficeArgs,
    /// File without asking.
    #[arg(long)]
    yes: bool,
    /// File a period again that has been filed before: a new version replaces the old one.
    #[arg(long)]
    correction: bool,
    /// File although it could not be read from Altinn what the company has delivered, after the history was lost: you have
    /// looked in Altinn's inbox yourself.
    #[arg(long)]
    without_altinn: bool,
    /// Do not wait for receipts: done as soon as everything is delivered.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for a receipt, seconds; what has not come then is fetched later, by any start of Momsbud.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    wait: u64,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// A file that goes with the return, up to 57 times; there must be one return only.
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Goes on with what lies unfinished in Altinn (`momsbud-cli unfinished` lists it) instead of a file.
    #[arg(long, value_name = "INSTANCE", conflicts_with = "paths")]
    instance: Option<String>,
    /// One JSON object a return and line instead of text.
    #[arg(long)]
    json: bool,
    /// Files, or folders whose returns are meant.
    #[arg(required_unless_present = "instance", value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
}

impl Args {
    /// As if the command had been called for one file with the options of another command.
    pub(crate) fn of_file(
        office: &OfficeArgs,
        sign_in: &SignInArgs,
        path: PathBuf,
        yes: bool,
        correction: bool,
    ) -> Self {
        Self {
            office: office.clone(),
            yes,
            correction,
            without_altinn: false,
            no_wait: false,
            wait: 900,
            sign_in: sign_in.clone(),
            attach: Vec::new(),
            instance: None,
            json: false,
            paths: vec![path],
        }
    }
}

/// How one return came out.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    pub(crate) file: String,
    /// `received`, `delivered`, `waiting`, `refused`, `invalid`, `declined`, `failed`.
    pub(crate) outcome: Word,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filing: Option<FilingView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<ErrorView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Word {
    Received,
    Delivered,
    Waiting,
    Refused,
    Invalid,
    Declined,
    Rejected,
    Unclear,
    Failed,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    crate::block_on(async {
        let setup = args.office.setup(args.sign_in.browser()).await?;
        let office = match Office::open(setup).await {
            Ok(office) => office,
            Err(error) => {
                problem(&error.into(), console)?;
                return Ok(Exit::Failed);
            }
        };
        office.speak(crate::language(console.language));
        recovery(&office, console)?;
        let mut needs = vec![Action::CheckReturn, Action::FileReturn];
        needs.push(if args.instance.is_some() { Action::ContinueUnfinished } else { Action::OpenPaths });
        if !args.attach.is_empty() {
            needs.push(Action::Attach);
        }
        if let Some(exit) = forbidden(&office, &needs, console)? {
            office.close().await;
            return Ok(exit);
        }
        let exit = match args.sign_in.make_sure(&office, console).await? {
            None => submit(&office, args, console).await?,
            Some(exit) => exit,
        };
        office.close().await;
        Ok(exit)
    })?
}

async fn submit(office: &Arc<Office>, args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let cards = match &args.instance {
        None => {
            let Opened { cards, passed } = office.open_counted(args.paths.clone()).await;
            passed_by(passed, console)?;
            cards
        }
        Some(instance) => match office.continue_unfinished(instance).await {
            Ok(card) => vec![card],
            Err(error) => {
                problem(&error, console)?;
                return Ok(Exit::Failed);
            }
        },
    };
    let cards = match attached(office, args, cards).await {
        Ok(cards) => cards,
        Err(error) => {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
    };
    let mut under_way = Vec::new();
    let mut outcomes = Vec::new();
    for card in cards {
        match begin(office, args, &card, console).await? {
            Begun::Filing(id) => under_way.push((card.file_name, id)),
            Begun::Not(word, error) => {
                let outcome = Outcome { file: card.file_name, outcome: word, filing: None, error };
                tell(&outcome, office.environment(), args.json, console)?;
                outcomes.push(outcome.outcome);
            }
        }
    }
    let deadline = Instant::now() + Duration::from_secs(args.wait);
    for (file, id) in under_way {
        let (word, filing) = follow(office, &id, args.no_wait, deadline).await;
        let (filing, error) = match filing {
            Ok(filing) => (Some(filing), None),
            Err(error) => (None, Some(error)),
        };
        let outcome = Outcome { file, outcome: word, filing, error };
        tell(&outcome, office.environment(), args.json, console)?;
        outcomes.push(outcome.outcome);
    }
    let fine = |word: &Word| *word == Word::Received || (args.no_wait && *word == Word::Delivered);
    Ok(if outcomes.contains(&Word::Failed) {
        Exit::Failed
    } else if outcomes.iter().all(fine) {
        Exit::Done
    } else {
        Exit::No
    })
}

/// Puts the attachments on the one return; what cannot be attached stops everything before anything is sent.
async fn attached(office: &Office, args: &Args, cards: Vec<ReturnCard>) -> Result<Vec<ReturnCard>, ErrorView> {
    let refused = |cards: &[ReturnCard]| {
        cards.iter().flat_map(|card| &card.attachments).find_map(|attachment| attachment.problem.clone())
    };
    if args.attach.is_empty() {
        return refused(&cards).map_or(Ok(cards), Err);
    }
    let returns: Vec<&ReturnCard> = cards.iter().filter(|card| card.content.is_some()).collect();
    let [card] = returns.as_slice() else {
        let names = cards.iter().map(|card| card.file_name.clone()).collect();
        return Err(ErrorView {
            code: ErrorCode::AttachmentAlone,
            message: "Attachments need one return to go with, and no more.".to_owned(),
            details: names,
            values: BTreeMap::new(),
            delivered: Delivered::No,
        });
    };
    let card = office.attach(&card.id, args.attach.clone()).await?;
    let cards: Vec<ReturnCard> =
        cards.into_iter().map(|old| if old.id == card.id { card.clone() } else { old }).collect();
    refused(&cards).map_or(Ok(cards), Err)
}

enum Begun {
    Filing(String),
    Not(Word, Option<ErrorView>),
}

/// Checks a return and begins to file it, unless something or somebody is against it.
async fn begin(office: &Office, args: &Args, card: &ReturnCard, console: &mut Console<'_>) -> Result<Begun, Failure> {
    if let Some(problem) = &card.problem {
        // A return that is kept from her is not invalid: nobody has looked at it.
        let word = if is_rules(problem) { Word::Failed } else { Word::Invalid };
        return Ok(Begun::Not(word, Some(problem.clone())));
    }
    let card = match office.check(&card.id).await {
        Ok(card) => card,
        Err(error) => return Ok(Begun::Not(Word::Failed, Some(error))),
    };
    if !args.json {
        show(&card, console)?;
    }
    if card.check.verdict == VerdictName::Invalid {
        let refused = office.file(&card.id, false).await.err();
        return Ok(Begun::Not(Word::Invalid, refused));
    }
    let question = console.say("Sende inn?", "Sende inn?", "File it?");
    if !args.yes && !agreed(question, console)? {
        return Ok(Begun::Not(Word::Declined, None));
    }
    if args.without_altinn
        && let Err(error) = office.file_without_altinn(&card.id)
    {
        return Ok(Begun::Not(Word::Failed, Some(error)));
    }
    let mut filed = office.file(&card.id, args.correction).await;
    if let Err(error) = &filed
        && error.code == ErrorCode::AlreadyFiled
        && !args.yes
    {
        show_changes(&card, console)?;
        let question = console.say(
            "Perioden er sendt inn før. Sende inn en ny versjon som erstatter den?",
            "Perioden er send inn før. Sende inn ein ny versjon som erstattar han?",
            "The period has been filed before. File a new version that replaces it?",
        );
        if !agreed(question, console)? {
            return Ok(Begun::Not(Word::Declined, None));
        }
        filed = office.file(&card.id, true).await;
    }
    Ok(match filed {
        Ok(filing) => Begun::Filing(filing.id),
        Err(error) if error.code == ErrorCode::AlreadyFiled => Begun::Not(Word::Refused, Some(error)),
        Err(error) => Begun::Not(Word::Failed, Some(error)),
    })
}

/// Waits until a filing has its receipt, or cannot go on by itself.
pub(crate) async fn follow(
    office: &Office,
    id: &str,
    no_wait: bool,
    deadline: Instant,
) -> (Word, Result<FilingView, ErrorView>) {
    let mut events = office.events();
    loop {
        let filing = match office.filing(id) {
            Ok(filing) => filing,
            Err(error) => return (Word::Failed, Err(error)),
        };
        let passing = filing.problem.as_ref().is_none_or(|problem| {
            matches!(
                problem.code,
                ErrorCode::Unreachable
                    | ErrorCode::AuthorityFault
                    | ErrorCode::Busy
                    | ErrorCode::Preparing
                    | ErrorCode::UnreadableAnswer
                    | ErrorCode::NotFound
            )
        });
        let over = Instant::now() >= deadline;
        let word = match filing.row.state {
            FilingState::Received => Some(Word::Received),
            FilingState::Refused | FilingState::Abandoned => Some(Word::Refused),
            FilingState::Rejected => Some(Word::Rejected),
            FilingState::Unclear => Some(Word::Unclear),
            FilingState::WaitingSignature => Some(Word::Waiting),
            FilingState::WaitingAnswer if no_wait || over || !passing => Some(Word::Delivered),
            FilingState::Waiting if over || !passing => Some(Word::Waiting),
            FilingState::Running if over => Some(Word::Failed),
            FilingState::Queued | FilingState::Running | FilingState::Waiting | FilingState::WaitingAnswer => None,
        };
        if let Some(word) = word {
            return (word, Ok(filing));
        }
        tokio::select! {
            event = events.recv() => {
                if let Err(RecvError::Closed) = event {
                    return (Word::Failed, Ok(filing));
                }
            }
            // Another program may be the one that is working on it.
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

pub(crate) fn agreed(question: &str, console: &mut Console<'_>) -> io::Result<bool> {
    if !io::stdin().is_terminal() {
        let text = console.say(
            "Ingen er her til å svare; bruk --yes.",
            "Ingen er her til å svare; bruk --yes.",
            "Nobody is here to answer; use --yes.",
        );
        writeln!(console.err, "{text}")?;
        return Ok(false);
    }
    let keys = console.say("j/N", "j/N", "y/N");
    write!(console.err, "{question} [{keys}] ")?;
    console.err.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().chars().next(), Some('j' | 'J' | 'y' | 'Y')))
}

/// What is about to be filed.
fn show(card: &ReturnCard, console: &mut Console<'_>) -> io::Result<()> {
    let Some(content) = &card.content else { return Ok(()) };
    let company = content.company_name.as_deref().unwrap_or_default();
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#}  {} {} · {} · {} kr",
        card.file_name, company, content.org_number, content.period, content.assessed_vat
    )?;
    for finding in &card.check.findings {
        let rule = finding.rule.as_deref().unwrap_or(&finding.identifier);
        writeln!(console.out, "  {DEVIATING}{rule}{DEVIATING:#} {}: {}", finding.title, finding.message)?;
        writeln!(console.out, "      {QUIET}{}{QUIET:#}", finding.advice)?;
    }
    for attachment in &card.attachments {
        writeln!(console.out, "  + {} {QUIET}({} B){QUIET:#}", attachment.name, attachment.size)?;
    }
    Ok(())
}

/// What a new version changes, line by line.
fn show_changes(card: &ReturnCard, console: &mut Console<'_>) -> io::Result<()> {
    let Some(earlier) = &card.earlier else { return Ok(()) };
    let difference = &earlier.difference;
    if difference.none {
        let text = console.say("Ingenting er endret.", "Ingenting er endra.", "Nothing has changed.");
        return writeln!(console.out, "  {text}");
    }
    let line = |line: &LineView| {
        let base = line.base.as_deref().map(|base| format!("{base} × {} % = ", line.rate.as_deref().unwrap_or("?")));
        format!("{} {}: {}{}", line.code, line.description, base.unwrap_or_default(), line.vat)
    };
    for changed in difference.lines.iter().filter(|it| it.change != LineChange::Same) {
        if let Some(before) = &changed.before {
            writeln!(console.out, "  {INVALID}- {}{INVALID:#}", line(before))?;
        }
        if let Some(after) = &changed.after {
            writeln!(console.out, "  {GOOD}+ {}{GOOD:#}", line(after))?;
        }
    }
    writeln!(console.out, "  {} → {} kr", difference.assessed_before, difference.assessed_after)
}

pub(crate) fn tell(
    outcome: &Outcome,
    environment: EnvironmentName,
    json: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    if json {
        return Ok(writeln!(console.out, "{}", serde_json::to_string(outcome)?)?);
    }
    let (style, text) = match outcome.outcome {
        Word::Received => (GOOD, console.say("mottatt", "motteken", "received")),
        Word::Delivered => (
            GOOD,
            console.say(
                "levert; kvitteringen er ikke kommet",
                "levert; kvitteringa er ikkje komen",
                "delivered; no receipt yet",
            ),
        ),
        Word::Waiting => (DEVIATING, console.say("venter", "ventar", "waiting")),
        Word::Rejected => (
            INVALID,
            console.say(
                "levert, men avvist av Skatteetaten; rett og send på nytt",
                "levert, men avvist av Skatteetaten; rett og send på nytt",
                "delivered, but rejected by Skatteetaten; correct it and file again",
            ),
        ),
        Word::Unclear => (
            DEVIATING,
            console.say(
                "levert; svaret fra Skatteetaten må ses på",
                "levert; svaret frå Skatteetaten må sjåast på",
                "delivered; the answer from Skatteetaten must be looked at",
            ),
        ),
        Word::Refused => (INVALID, console.say("ikke sendt inn", "ikkje send inn", "not filed")),
        Word::Invalid => {
            (INVALID, console.say("ugyldig, ikke sendt inn", "ugyldig, ikkje send inn", "invalid, not filed"))
        }
        Word::Declined => (DEVIATING, console.say("ikke sendt inn", "ikkje send inn", "not filed")),
        Word::Failed => (INVALID, console.say("det gikk ikke", "det gjekk ikkje", "it did not work")),
    };
    writeln!(console.out, "{STRONG}{}{STRONG:#} {style}{text}{style:#}", outcome.file)?;
    let waits_for = outcome.filing.as_ref().and_then(|filing| filing.problem.as_ref());
    if let Some(error) = outcome.error.as_ref().or(waits_for) {
        writeln!(console.out, "  {}", error.message)?;
        for detail in &error.details {
            writeln!(console.out, "  {QUIET}{detail}{QUIET:#}")?;
        }
    }
    if let Some(filing) = &outcome.filing {
        crate::receipt::payment(filing, environment, console)?;
    }
    Ok(())
}
