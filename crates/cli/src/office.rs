//! Which office a subcommand means: folders, environment, browser. The same folders as the window's, so that both see
//! the same filings and the same sign-in.

use crate::console::Console;
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure, error_texts};
use access::{
    Environment, PracticeAddresses, environment::Overrides, session::open_without_argv, work::Work,
    work::rights::Action,
};
use id_porten::{Browser, BrowserError};
pub(crate) use office::hardening;
use office::{Office, Setup};
use std::env;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::keyring::SystemKeyring;
use url::Url;
use vat_return::Language;
use view::{CardNote, EnvironmentName, ErrorCode, PassedView, ReturnCard};

/// The window's identifier (tauri.conf.json): the name of its data folder.
const IDENTIFIER: &str = "no.momsbud.desktop";

/// Arguments of every subcommand that opens the office.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OfficeArgs {
    /// Which authorities.
    #[arg(long, value_enum, default_value_t = EnvironmentChoice::Practice)]
    environment: EnvironmentChoice,
    /// Where the practice authorities are: the `control` address that `momsbud-cli practice` prints
    /// [default: the environment variable MOMSBUD_PRACTICE].
    #[arg(long, value_name = "URL")]
    practice: Option<Url>,
    #[command(flatten)]
    folders: Folders,
}

/// Where everything lies.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Folders {
    /// Database and sealed secrets [default: MOMSBUD_DATA_DIR, else the window's].
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Receipts [default: MOMSBUD_ARCHIVE_DIR, else the window's].
    #[arg(long, value_name = "FOLDER")]
    archive_dir: Option<PathBuf>,
}

/// The value of `--environment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EnvironmentChoice {
    /// Practice authorities on this machine.
    Practice,
    /// The authorities' test environment.
    Test,
    /// The real authorities.
    Production,
}

/// The office cannot be opened as it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OfficeArgsError {
    /// No address of practice authorities was given.
    #[error(
        "where are the practice authorities? Start them with `momsbud-cli practice` and give the `control` address it \
         prints with --practice or MOMSBUD_PRACTICE"
    )]
    NoPractice,
    /// The address given is not that of running practice authorities.
    #[error("no practice authorities answer at {0}")]
    PracticeSilent(Url, #[source] reqwest::Error),
    /// The operating system names no folder.
    #[error("this system names no folder for {0}; give it with --data-dir and --archive-dir")]
    NoFolder(&'static str),
}

impl OfficeArgsError {
    /// The same in words of the language; what a library says of a connection stays as it is.
    pub(crate) fn text(&self, language: Language) -> String {
        match self {
            Self::NoPractice => crate::text(language, "office.noPractice").to_owned(),
            Self::PracticeSilent(at, why) => {
                crate::filled(language, "office.practiceSilent", &[("at", at), ("why", why)])
            }
            Self::NoFolder(_) => crate::text(language, "office.noFolder").to_owned(),
        }
    }
}

impl OfficeArgs {
    /// Which authorities.
    pub(crate) fn environment(&self) -> EnvironmentName {
        match self.environment {
            EnvironmentChoice::Practice => EnvironmentName::Practice,
            EnvironmentChoice::Test => EnvironmentName::Test,
            EnvironmentChoice::Production => EnvironmentName::Production,
        }
    }

    /// The data folder and the environment, for what needs no authority.
    pub(crate) fn place(&self) -> Result<(PathBuf, EnvironmentName), Failure> {
        Ok((self.folders.find()?.0, self.environment()))
    }

    /// The office's setup, with the given browser.
    pub(crate) async fn setup(&self, browser: Arc<dyn Browser>) -> Result<Setup, Failure> {
        self.setup_for(Purpose::Looking, browser).await
    }

    /// The same for a purpose.
    pub(crate) async fn setup_for(&self, purpose: Purpose, browser: Arc<dyn Browser>) -> Result<Setup, Failure> {
        let (data, archive) = self.folders.find()?;
        let overrides = Overrides::load(&data)?;
        let environment = match self.environment.preset(self.practice.as_ref()).await {
            // Who is signed in is known where they answer; what needs no authority is done without.
            Err(_) if purpose == Purpose::AtHome => self.environment.without_authorities()?.overridden(&overrides)?,
            preset => {
                let environment = preset?.overridden(&overrides)?;
                environment.is_of_this_user()?;
                environment
            }
        };
        Ok(Setup::new(data, archive, environment, browser)?)
    }
}

impl Folders {
    /// The folders of database and receipts: as given, or as the window has them.
    pub(crate) fn find(&self) -> Result<(PathBuf, PathBuf), OfficeArgsError> {
        let data = match self.data_dir.clone().or_else(|| folder("MOMSBUD_DATA_DIR")) {
            Some(given) => given,
            None => dirs::data_dir().ok_or(OfficeArgsError::NoFolder("data"))?.join(IDENTIFIER),
        };
        let archive = match self.archive_dir.clone().or_else(|| folder("MOMSBUD_ARCHIVE_DIR")) {
            Some(given) => given,
            None => {
                let documents = dirs::document_dir().or_else(dirs::home_dir);
                documents.ok_or(OfficeArgsError::NoFolder("receipts"))?.join("Momsbud")
            }
        };
        Ok((data, archive))
    }
}

impl EnvironmentChoice {
    /// The environment as it is built in; `practice` is where its authorities run.
    pub(crate) async fn preset(self, practice: Option<&Url>) -> Result<Environment, Failure> {
        Ok(match self {
            Self::Practice => {
                let (addresses, ansattporten) = practice_addresses(practice).await?;
                let preset = Environment::practice(&addresses)?;
                match ansattporten {
                    Some(address) => preset.with_ansattporten(&address)?,
                    None => preset,
                }
            }
            Self::Test => Environment::test()?,
            Self::Production => Environment::production()?,
        })
    }
}

/// Where nobody answers: the port that is kept for throwing away what is sent (RFC 863).
const NOWHERE: &str = "http://127.0.0.1:9";

impl EnvironmentChoice {
    /// The environment where no practice authorities run, for what asks none.
    fn without_authorities(self) -> Result<Environment, Failure> {
        Ok(match self {
            Self::Practice => {
                let addresses = PracticeAddresses {
                    id_porten: NOWHERE.to_owned(),
                    altinn_platform: NOWHERE.to_owned(),
                    altinn_app: format!("{NOWHERE}/skd/mva-melding-innsending-v1"),
                    skatteetaten: NOWHERE.to_owned(),
                };
                Environment::practice(&addresses)?.with_ansattporten(NOWHERE)?
            }
            Self::Test => Environment::test()?,
            Self::Production => Environment::production()?,
        })
    }
}

/// How long whoever is asked for something small may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Six addresses are far shorter, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// Asks the running practice authorities where each of them is, Ansattporten apart.
async fn practice_addresses(given: Option<&Url>) -> Result<(PracticeAddresses, Option<String>), Failure> {
    let control = match given {
        Some(given) => given.clone(),
        None => env::var("MOMSBUD_PRACTICE").map_err(|_| OfficeArgsError::NoPractice)?.parse()?,
    };
    // What is practised is sent to the addresses that are answered there.
    access::environment::is_here(&control)?;
    access::environment::is_own(std::slice::from_ref(&control))?;
    let silent = |error| OfficeArgsError::PracticeSilent(control.clone(), error);
    // By the client that the authorities are called with: through no proxy, and no redirect followed.
    let http = Setup::http_client()?;
    let answer = http.get(control.clone()).timeout(PATIENCE).send().await;
    let mut answer = answer.and_then(reqwest::Response::error_for_status).map_err(silent)?;
    // Whoever listens there, his answer is short or it is none.
    let mut said = Vec::new();
    while said.len() < LONGEST_ANSWER
        && let Some(part) = answer.chunk().await.map_err(silent)?
    {
        said.extend_from_slice(&part);
    }
    let said: serde_json::Value = serde_json::from_slice(&said)?;
    let ansattporten = said["ansattporten"].as_str().map(str::to_owned);
    Ok((serde_json::from_value(said)?, ansattporten))
}

fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The system's browser, or none.
pub(crate) struct SystemBrowser {
    /// Whether to open anything at all.
    pub(crate) opens: bool,
}

impl Browser for SystemBrowser {
    #[expect(clippy::disallowed_methods, reason = "addresses of a sign-in, which the office made")]
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        if !self.opens {
            return Err(BrowserError::new("--no-browser"));
        }
        if hardening::seen_by_the_portal(|| open_without_argv(address)) {
            return Ok(());
        }
        open::that_detached(address.as_str()).map_err(|error| BrowserError::new(error.to_string()))
    }
}

/// How long the end waits, when a command was stopped, for a renewal of the sign-in that is under way.
pub(crate) const AT_THE_END: Duration = Duration::from_secs(3);

/// What a command opens the office for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To file. What was left open rests until the command says otherwise.
    Filing,
    /// To look, or to go on with one filing only.
    Looking,
    /// For what is on this machine alone: no authority is asked, and none need be there.
    AtHome,
}

/// Runs a command with the office open, and closes it however the command ends. Whoever waits in it does so through the
/// [`Stop`] it is given.
pub(crate) fn within(
    args: &OfficeArgs,
    purpose: Purpose,
    browser: Arc<dyn Browser>,
    console: &mut Console<'_>,
    work: impl AsyncFnOnce(&Arc<Office>, &Stop, &mut Console<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    within_with(args, purpose, browser, |_| {}, console, work)
}

/// The same with something of the setup changed.
pub(crate) fn within_with(
    args: &OfficeArgs,
    purpose: Purpose,
    browser: Arc<dyn Browser>,
    change: impl FnOnce(&mut Setup),
    console: &mut Console<'_>,
    work: impl AsyncFnOnce(&Arc<Office>, &Stop, &mut Console<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    crate::block_on(async {
        let stop = Stop::listen()?;
        let mut setup = stop.or(args.setup_for(purpose, browser)).await??;
        change(&mut setup);
        let opened = match purpose {
            Purpose::Filing => stop.or(Office::open_quietly(setup)).await?,
            Purpose::Looking | Purpose::AtHome => stop.or(Office::look(setup)).await?,
        };
        let office = match opened {
            Ok(office) => office,
            Err(error) => {
                problem(&error.into(), console)?;
                return Ok(Exit::Failed);
            }
        };
        office.speak(console.language);
        recovery(&office, console)?;
        let done = work(&office, &stop, console).await;
        if done.as_ref().is_err_and(|failure| failure.is::<Stopped>()) {
            stopping(console)?;
        }
        if stop.is_requested() {
            // What is stored at once is stored; an authority that does not answer must not keep a person who wants to go.
            let _ = tokio::time::timeout(AT_THE_END, office.close()).await;
        } else {
            stop.or(office.close()).await?;
        }
        done
    })?
}

/// Says at once that a command has heard that it is to stop: what it ends with may take a moment.
pub(crate) fn stopping(console: &mut Console<'_>) -> io::Result<()> {
    let text = console.say("office.stopping");
    writeln!(console.err, "\n{text}")?;
    console.err.flush()
}

/// The gate of a data folder, for what opens no office. Without an environment, that of the first one in which a policy
/// holds.
pub(crate) fn gate(data: &std::path::Path, environment: Option<EnvironmentName>) -> Result<Work, Failure> {
    let open = |name| Work::alone(data, &access::machine_policy::folder(), name, Arc::new(SystemKeyring::new()));
    if let Some(name) = environment {
        return Ok(open(name)?);
    }
    for name in [EnvironmentName::Production, EnvironmentName::Test] {
        let work = open(name)?;
        if work.governed() {
            return Ok(work);
        }
    }
    Ok(open(EnvironmentName::Practice)?)
}

/// Asks the firm's rules for all that a command will do, before it signs anybody in or begins; how it ends where they say
/// no.
pub(crate) fn forbidden(
    office: &office::Office,
    actions: &[Action],
    console: &mut Console<'_>,
) -> io::Result<Option<Exit>> {
    for action in actions {
        if let Err(error) = office.may_change(*action) {
            problem(&error, console)?;
            return Ok(Some(Exit::Failed));
        }
    }
    Ok(None)
}

/// Whether an error is the firm's rules'.
pub(crate) fn is_rules(error: &view::Problem) -> bool {
    matches!(error.code, ErrorCode::WorkLocked | ErrorCode::WorkPolicyUnusable | ErrorCode::WorkForbidden)
}

/// How a command ends whose sign-in was refused: with no, or not tried at all where the firm's rules keep it shut.
pub(crate) fn refused(error: &view::Problem) -> Exit {
    if is_rules(error) { Exit::Failed } else { Exit::No }
}

/// Says what was passed by in folders; what may have been wanted has a row of its own.
pub(crate) fn passed_by(passed: &PassedView, console: &mut Console<'_>) -> io::Result<()> {
    let &PassedView { hidden, others, again, .. } = passed;
    let mut parts = Vec::new();
    for (count, word) in [
        (hidden, if hidden == 1 { console.say("office.hidden2") } else { console.say("office.hidden") }),
        (again, console.say("office.foundTwice")),
        (others, if others == 1 { console.say("office.otherFile") } else { console.say("office.otherFiles") }),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if parts.is_empty() {
        return Ok(());
    }
    let not = console.say("office.passedBy");
    writeln!(console.err, "{not}: {}", parts.join(", "))
}

/// Says which returns lie there several times, the very same: each is taken once.
pub(crate) fn same_files(cards: &[ReturnCard], console: &mut Console<'_>) -> io::Result<()> {
    for card in cards {
        let others: Vec<&str> = card
            .notes
            .iter()
            .filter_map(|note| match note {
                CardNote::SameFile { file } => Some(file.as_str()),
                _ => None,
            })
            .collect();
        let Some(first) = others.first() else { continue };
        let file = &card.file_name;
        let more = others.len() - 1;
        let key = if more == 0 { "office.sameFile.one" } else { "office.sameFile.more" };
        let text = crate::filled(console.language, key, &[("file", file), ("first", first), ("more", &more)]);
        writeln!(console.err, "{text}")?;
    }
    Ok(())
}

/// Prints a problem of the office's: what it is, then what is to be said of it and done.
pub(crate) fn problem(error: &view::Problem, console: &mut Console<'_>) -> io::Result<()> {
    let style = crate::console::INVALID;
    let said = error_texts::error_text(error, console.language);
    writeln!(console.err, "{style}momsbud-cli:{style:#} {}.", said.title.trim_end_matches(['.', '?', '!']))?;
    for line in explained(error, &said) {
        writeln!(console.err, "  {line}")?;
    }
    Ok(())
}

/// What is said of a problem below its title, a line each. What the program itself says of it is English, and said to be.
pub(crate) fn explained(error: &view::Problem, said: &error_texts::ErrorText) -> Vec<String> {
    let mut lines = vec![said.text.clone()];
    match &said.technical {
        Some(technical) => lines.push(format!("{technical} {}", error.details.join(": ")).trim_end().to_owned()),
        None => lines.extend(error.details.iter().cloned()),
    }
    lines.push(said.todo.clone());
    lines.retain(|line| !line.is_empty());
    lines
}

/// Says, once, which filings had been called received and are not.
fn review(office: &office::Office, console: &mut Console<'_>) -> io::Result<()> {
    let Some(review) = office.start_view().review else { return Ok(()) };
    let style = crate::console::DEVIATING;
    let text = console.say("office.theTaxAdministrationsAnswersIn");
    writeln!(console.err, "{style}momsbud-cli:{style:#} {text}")?;
    for filing in &review.filings {
        let row = &filing.now;
        let (before, now) =
            (crate::error_texts::state(filing.before, console), crate::error_texts::state(row.state, console));
        let company = row.company_name.as_deref().unwrap_or_default();
        writeln!(console.err, "  {company} {} · {}: {before} → {now}  {}", row.org_number, row.period, row.id)?;
    }
    if let Err(error) = office.archive().dismiss_review() {
        tracing::warn!(reason = %error.message, "It could not be noted that the review was told.");
    }
    Ok(())
}

/// Says, once, what became of a history that was lost, and what a second look at old filings has changed.
pub(crate) fn recovery(office: &office::Office, console: &mut Console<'_>) -> io::Result<()> {
    review(office, console)?;
    let Some(recovery) = office.start_view().recovery else { return Ok(()) };
    let style = crate::console::DEVIATING;
    let what = match &recovery.set_aside {
        Some(place) => {
            let text = console.say("office.theDatabaseWasDamagedAnd");
            format!("{text} {place}.")
        }
        None => console.say("office.theDatabaseWasGone").to_owned(),
    };
    let (saved, back) = (recovery.saved, recovery.from_archive);
    let rebuilt =
        crate::filled(console.language, "office.filingsCouldBeReadWere", &[("saved", &saved), ("back", &back)]);
    let todo = console.say("office.ifOneIsMissingThat");
    writeln!(console.err, "{style}momsbud-cli:{style:#} {what} {rebuilt} {todo}")?;
    for folder in &recovery.unreadable {
        let text = console.say("office.cannotBeRead");
        writeln!(console.err, "  {folder}: {text}")?;
    }
    for folder in &recovery.foreign {
        let text = console.say("office.isNotFromHereAnd");
        writeln!(console.err, "  {folder}: {text}")?;
    }
    for row in &recovery.rows {
        let text = console.say("office.wasDamagedInTheDatabase");
        writeln!(console.err, "  {row}: {text}")?;
    }
    // Said here it need not be said again; that it could not be noted is no reason to stop.
    if let Err(error) = office.archive().dismiss_recovery() {
        tracing::warn!(reason = %error.message, "It could not be noted that the recovery was told.");
    }
    Ok(())
}
