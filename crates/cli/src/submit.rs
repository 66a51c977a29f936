//! `momsbud-cli submit`: checks returns, files them, and waits for their receipts.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::earlier::{Earlier, print_stopped};
use crate::error_texts::is_rejected_before;
use crate::follow::{agreed, deadline_after, follow_signed_in, money, owed, practice};
use crate::office::{OfficeArgs, Purpose, forbidden, is_rules, passed_by, problem, same_files, stopping, within};
use crate::outcome::{Outcome, outcome, outcome_of_state, print_outcome};
use crate::sign_in::SignInArgs;
use crate::stop::{Stop, Stopped};
use crate::word::Word;
use crate::{Exit, Failure};
use access::work::rights::Action;
use filing::saft::{MadeOf, SHEET_CSV, SHEET_HTML};
use office::{Office, OpenedReturns};
use shown::Shown;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use view::{
    CardNote, Delivered, EnvironmentName, ErrorCode, FilingView, LineChange, LineView, Problem, ReturnCard, VerdictName,
};

/// Checks returns, files them, and waits for their receipts.
///
/// Every return is checked here and by Skatteetaten first; what is ugyldig is not filed, and of two returns of one period
/// neither. Without --yes each filing is asked about, and so is a new version of a period that was filed before, and what
/// an earlier command left undelivered.
///
/// A return that is delivered and waits for its receipt is not filed again: its receipt is waited for.
///
/// Ctrl-C stops at any moment; what is delivered then, and what is not, is said. Nothing goes on by itself but with a line
/// that says so.
///
/// Status 0: every return was filed and its receipt is in the archive. 1: one was not filed (ugyldig, refused, declined,
/// filed before, two of one period), was rejected after delivery, has an answer that must be looked at, or waits for
/// something; the others were. 2: it could not
/// be tried, or what became of one is not known. 130: stopped with Ctrl-C.
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
    /// File although the office register does not answer, where the administrator permits it: another desk may file the
    /// period as well, and Momsbud cannot know.
    #[arg(long)]
    without_register: bool,
    /// Do not wait for receipts: done as soon as everything is delivered.
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for a receipt, seconds; what has not come then is fetched by `momsbud-cli resume`, by another
    /// `submit` of the same file, or by the window.
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
    /// What the return was made of, if a command made it; taken when the return lies open.
    #[arg(skip)]
    made_of: RefCell<Option<MadeOf>>,
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
            without_register: false,
            no_wait: false,
            wait: 900,
            sign_in: sign_in.clone(),
            attach: Vec::new(),
            instance: None,
            json: false,
            paths: vec![path],
            made_of: RefCell::default(),
        }
    }

    /// The same with files that go with the return.
    pub(crate) fn with(self, attach: Vec<PathBuf>) -> Self {
        Self { attach, ..self }
    }

    /// The same with what the return was made of: the filing keeps the reconciliation.
    pub(crate) fn made_of(self, made: MadeOf) -> Self {
        Self { made_of: RefCell::new(Some(made)), ..self }
    }
}

/// What a command has under way, for when it is stopped.
#[derive(Debug, Default)]
pub(crate) struct UnderWay {
    /// Filings that this command has begun: file and key.
    own: Vec<(String, String)>,
    /// What was left open before and goes on.
    earlier: Earlier,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    within(&args.office, Purpose::Filing, args.sign_in.browser(), console, async |office, stop, console| {
        let mut needs = vec![Action::CheckReturn, Action::FileReturn];
        needs.push(if args.instance.is_some() { Action::ContinueUnfinished } else { Action::OpenPaths });
        if !args.attach.is_empty() {
            needs.push(Action::Attach);
        }
        if args.made_of.borrow().is_some() {
            needs.push(Action::MakeReturn);
        }
        if let Some(exit) = forbidden(office, &needs, console)? {
            return Ok(exit);
        }
        if let Some(exit) = args.sign_in.make_sure(office, stop, console).await? {
            return Ok(exit);
        }
        let mut under_way = UnderWay::default();
        match submit(office, args, &mut under_way, stop, console).await {
            Ok(exit) => Ok(exit),
            Err(failure) => stopped(office, args, &under_way, failure, console).await,
        }
    })
}

/// Comes to rest, and says what of it is delivered and what will go on.
async fn stopped(
    office: &Arc<Office>,
    args: &Args,
    under_way: &UnderWay,
    failure: Failure,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let Some(Stopped(signal)) = failure.downcast_ref().copied() else { return Err(failure) };
    stopping(console)?;
    office.halt().await;
    if args.json {
        for (file, id) in &under_way.own {
            let filing = office.filings().filing(id);
            let word = filing.as_ref().map_or(Word::Failed, outcome_of_state);
            print_outcome(&outcome(file.clone(), word, filing), office.environment(), true, console)?;
        }
    } else {
        print_stopped(office, under_way.own.iter().map(|(_, id)| id.as_str()), console)?;
    }
    print_stopped(office, under_way.earlier.ids(), console)?;
    if under_way.own.is_empty() {
        let text = console.say("submit.nothingHasBeenFiledBy");
        writeln!(console.err, "{text}")?;
    }
    Ok(Exit::Stopped(signal))
}

async fn submit(
    office: &Arc<Office>,
    args: &Args,
    under_way: &mut UnderWay,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let cards = match &args.instance {
        None => {
            let OpenedReturns { cards, passed } = stop.or(office.returns().open_counted(args.paths.clone())).await?;
            passed_by(&passed, console)?;
            same_files(&cards, console)?;
            cards
        }
        Some(instance) => match stop.or(office.returns().continue_unfinished(instance)).await? {
            Ok(card) => vec![card],
            Err(error) => {
                problem(&error, console)?;
                return Ok(Exit::Failed);
            }
        },
    };
    let cards = match stop.or(attached(office, args, cards)).await? {
        Ok(cards) => cards,
        Err(error) => {
            problem(&error, console)?;
            return Ok(Exit::Failed);
        }
    };
    let made = args.made_of.take();
    let from_books = made.is_some();
    if let (Some(made), [card]) = (made, cards.as_slice())
        && let Err(error) = stop.or(office.books().made_of(&card.id, made)).await?
    {
        problem(&error, console)?;
        return Ok(Exit::Failed);
    }
    under_way.earlier = Earlier::resume_earlier(office, &cards, args.yes, stop, console).await?;
    let mut outcomes = Vec::new();
    for card in cards {
        match begin(office, args, &card, stop, console).await? {
            StartedFiling::Filing(id) => under_way.own.push((card.file_name, id)),
            StartedFiling::Not(word, error) => {
                let ReturnCard { file_name: file, neighbour, .. } = card;
                let outcome = Outcome { file, outcome: word, filing: None, error: error.map(Into::into), neighbour };
                print_outcome(&outcome, office.environment(), args.json, console)?;
                outcomes.push(outcome.outcome);
            }
        }
    }
    let deadline = deadline_after(args.wait);
    // Taken out one by one as they are told, so that what is told when it is stopped is the rest.
    while let Some((file, id)) = under_way.own.first().cloned() {
        let (word, filing) =
            follow_signed_in(office, &id, args.no_wait, deadline, &args.sign_in, stop, console).await?;
        under_way.own.remove(0);
        let outcome = outcome(file, word, filing);
        print_outcome(&outcome, office.environment(), args.json, console)?;
        if from_books && let Some(filing) = &outcome.filing {
            tell_reconciliation(filing, console)?;
        }
        outcomes.push(outcome.outcome);
    }
    under_way.earlier.report(office, deadline, stop, console).await?;
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
async fn attached(office: &Office, args: &Args, cards: Vec<ReturnCard>) -> Result<Vec<ReturnCard>, Problem> {
    let refused = |cards: &[ReturnCard]| {
        cards
            .iter()
            .flat_map(|card| &card.attachments)
            .find_map(|attachment| attachment.problem.clone().map(Problem::from))
    };
    if args.attach.is_empty() {
        return refused(&cards).map_or(Ok(cards), Err);
    }
    let returns: Vec<&ReturnCard> = cards.iter().filter(|card| card.content.is_some()).collect();
    let [card] = returns.as_slice() else {
        let names = cards.iter().map(|card| card.file_name.clone()).collect();
        return Err(Problem {
            code: ErrorCode::AttachmentAlone,
            message: "Attachments need one return to go with, and no more.".to_owned(),
            details: names,
            values: BTreeMap::new(),
            delivered: Delivered::No,
        });
    };
    let card = office.returns().attach(&card.id, args.attach.clone()).await?;
    let cards: Vec<ReturnCard> =
        cards.into_iter().map(|old| if old.id == card.id { card.clone() } else { old }).collect();
    refused(&cards).map_or(Ok(cards), Err)
}

/// Where the reconciliation of a return lies that was made of SAF-T.
fn tell_reconciliation(filing: &FilingView, console: &mut Console<'_>) -> io::Result<()> {
    let Some(folder) = &filing.archive_folder else { return Ok(()) };
    let text = console.say("submit.theReconciliationLiesIn");
    for name in [SHEET_HTML, SHEET_CSV] {
        if filing.files.iter().any(|file| file.name == name) {
            writeln!(console.out, "  {text} {}", Shown::path(&Path::new(folder).join(name)))?;
        }
    }
    Ok(())
}

enum StartedFiling {
    Filing(String),
    Not(Word, Option<Problem>),
}

/// Checks a return and begins to file it, unless something or somebody is against it.
async fn begin(
    office: &Arc<Office>,
    args: &Args,
    card: &ReturnCard,
    stop: &Stop,
    console: &mut Console<'_>,
) -> Result<StartedFiling, Failure> {
    if let Some(problem) = card.problem.clone().map(Problem::from) {
        // A return that is kept from her is not invalid: nobody has looked at it.
        let word = if is_rules(&problem) { Word::Failed } else { Word::Invalid };
        return Ok(StartedFiling::Not(word, Some(problem)));
    }
    if let Some(error) = same_period(card) {
        return Ok(StartedFiling::Not(Word::Refused, Some(error)));
    }
    let mut checked = stop.or(office.returns().check(&card.id)).await?;
    if checked.as_ref().is_err_and(|error| error.code == ErrorCode::NeedsSignIn) {
        if args.sign_in.make_sure_again(office, stop, console).await?.is_some() {
            return Ok(StartedFiling::Not(Word::Failed, checked.err()));
        }
        checked = stop.or(office.returns().check(&card.id)).await?;
    }
    let card = match checked {
        Ok(card) => card,
        Err(error) => return Ok(StartedFiling::Not(Word::Failed, Some(error))),
    };
    if !args.json {
        show(&card, office.environment(), console)?;
        if args.yes {
            // Nobody is asked, and who files is said all the same.
            writeln!(console.out, "  {}", in_whose_name(office, console))?;
        }
    }
    if card.check.verdict == VerdictName::Invalid {
        let refused = stop.or(office.filings().file(&card.id, false)).await?.err();
        return Ok(StartedFiling::Not(Word::Invalid, refused));
    }
    // The very same return, delivered already: nothing is left to be agreed to.
    if !args.correction
        && let Some(filing) = office.filings().delivered_already(&card.id)
        && !filing.row.state.is_finished()
    {
        return Ok(filed(stop.or(office.filings().file(&card.id, false)).await?));
    }
    let question = console.say("submit.fileIt");
    let question = format!("{} {question}", about(&card, office, console));
    if !args.yes && !agreed(&question, stop, console).await? {
        return Ok(StartedFiling::Not(Word::Declined, None));
    }
    if args.without_altinn
        && let Err(error) = office.filings().file_without_altinn(&card.id)
    {
        return Ok(StartedFiling::Not(Word::Failed, Some(error)));
    }
    let mut done = stop.or(office.filings().file(&card.id, args.correction)).await?;
    if let Err(error) = &done
        && error.code == ErrorCode::AlreadyFiled
        && !args.yes
    {
        show_changes(&card, console)?;
        let asked =
            if is_rejected_before(error) { "submit.thePeriodWasRejected" } else { "submit.thePeriodHasBeenFiled" };
        let question = console.say(asked);
        let question = format!("{} {question}", about(&card, office, console));
        if !agreed(&question, stop, console).await? {
            return Ok(StartedFiling::Not(Word::Declined, None));
        }
        done = stop.or(office.filings().file(&card.id, true)).await?;
    }
    let begun = filed(done);
    if args.without_register
        && let StartedFiling::Filing(id) = &begun
    {
        let question = console.say("submit.withoutRegister");
        if (args.yes || agreed(question, stop, console).await?)
            && let Err(error) = office.filings().go_without_register(&id.to_string())
        {
            return Ok(StartedFiling::Not(Word::Waiting, Some(error)));
        }
    }
    Ok(begun)
}

fn filed(done: Result<FilingView, Problem>) -> StartedFiling {
    match done {
        Ok(filing) => StartedFiling::Filing(filing.id),
        Err(error) if matches!(error.code, ErrorCode::AlreadyFiled | ErrorCode::SamePeriod) => {
            StartedFiling::Not(Word::Refused, Some(error))
        }
        Err(error) => StartedFiling::Not(Word::Failed, Some(error)),
    }
}

/// Why a return is not filed beside which another of its period lies.
pub(crate) fn same_period(card: &ReturnCard) -> Option<Problem> {
    let other = card.notes.iter().find_map(|note| match note {
        CardNote::SamePeriod { file, .. } => Some(file.clone()),
        _ => None,
    })?;
    Some(Problem {
        code: ErrorCode::SamePeriod,
        message: "Two returns of one period lie open: neither is filed.".to_owned(),
        details: Vec::new(),
        values: BTreeMap::from([("file".to_owned(), card.file_name.clone()), ("other".to_owned(), other)]),
        delivered: Delivered::No,
    })
}

/// What a person agrees to: company, period and sum, in whose name, and with whom.
pub(crate) fn about(card: &ReturnCard, office: &Office, console: &Console<'_>) -> String {
    let Some(content) = &card.content else { return card.file_name.clone() };
    let company = content.company_name.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
    format!(
        "{company}{}, {}: {}. {}",
        content.org_number,
        content.period,
        owed(&content.assessed_vat, console),
        in_whose_name(office, console)
    )
}

/// "Som Ingrid Solvang, i øving."
pub(crate) fn in_whose_name(office: &Office, console: &Console<'_>) -> String {
    let session = office.start_view().session;
    let person = session.and_then(|session| session.name.or(session.masked_id));
    let person = person.unwrap_or_else(|| console.say("value.nameless").to_owned());
    let environment = environment_name(office.environment(), console);
    crate::filled(console.language, "submit.asIn", &[("person", &person), ("environment", &environment)])
}

/// An environment in a sentence.
pub(crate) fn environment_name(environment: EnvironmentName, console: &Console<'_>) -> &'static str {
    match environment {
        EnvironmentName::Practice => console.say("submit.practice"),
        EnvironmentName::Test => "test",
        EnvironmentName::Production => console.say("submit.production"),
    }
}

/// What is about to be filed.
fn show(card: &ReturnCard, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let Some(content) = &card.content else { return Ok(()) };
    let company = content.company_name.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    writeln!(
        console.out,
        "{STRONG}{}{STRONG:#}  {}{} · {} · {}{}",
        card.file_name,
        company,
        content.org_number,
        content.period,
        money(&content.assessed_vat),
        practice(environment, console)
    )?;
    for finding in &card.check.findings {
        let rule = finding.rule.as_deref().unwrap_or(&finding.identifier);
        writeln!(console.out, "  {DEVIATING}{rule}{DEVIATING:#} {}: {}", finding.title, finding.message)?;
        if let Some(advice) = &finding.advice {
            writeln!(console.out, "      {QUIET}{advice}{QUIET:#}")?;
        }
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
        let text = console.say("submit.nothingHasChanged");
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
