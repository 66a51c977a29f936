//! `momsbud-cli work`: the work account that opens the program where the firm's rules ask for it, and the rules' file.

use crate::consent::{self, AnsweredQuestions};
use crate::console::{Console, DEVIATING, GOOD, QUIET, STRONG};
use crate::office::{OfficeArgs, SystemBrowser, problem};
use crate::paths::{read_secret, read_small, read_text};
use crate::stop::{Stop, Stopped};
use crate::{Exit, Failure};
use access::work::{Work, WorkSignInRequest, policy};
use secrecy::SecretString;
use shown::Shown;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use view::{Problem, WorkView, consent::Always};

/// Opens and locks the program with a work account.
///
/// Where the firm's rules ask for one; elsewhere everything is open.
///
/// While the program is locked, or the rules do not permit something, every other command says so and ends with status 2.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Signs in with a work account in the browser.
    ///
    /// An account in Entra ID, through Ansattporten. The sign-in is kept for the window and for other commands.
    ///
    /// Status 0: open. 1: not let in; the reason is printed. 2: it could not be tried. 130: stopped with Ctrl-C.
    Login(LoginArgs),
    /// Says whether the program is open, for whom, and what she may do.
    ///
    /// Status 0: open, or no rules hold here. 1: locked. 2: it could not be found out.
    Status(StatusArgs),
    /// Locks the program, in every window and for every command.
    ///
    /// Status 0: locked. 2: it could not be done.
    #[command(alias = "logout")]
    Lock(StatusArgs),
    /// Takes a signed file with the firm's rules over.
    ///
    /// The first one holds only when its key is the one that the administrator has given: asked at the terminal, or named.
    ///
    /// Status 0: it is in force. 2: it was refused; the reason is printed.
    Import {
        #[command(flatten)]
        office: OfficeArgs,
        /// The file that `sign` made.
        file: PathBuf,
        /// What the key is known by that the administrator has given, as `key` prints it.
        #[arg(long, value_name = "FINGERPRINT")]
        key: Option<String>,
    },
    /// Keeps the secret of the client at Ansattporten, sealed.
    ///
    /// Of the client that the rules name; the secret is taken from standard input. Where nobody could sign in without it, anybody may enter it; later it takes the permission to administer.
    ///
    /// Status 0: kept. 2: it was refused; the reason is printed.
    Secret {
        #[command(flatten)]
        office: OfficeArgs,
    },
    /// Makes a key for the client at Ansattporten, and keeps it sealed.
    ///
    /// For the client that the rules name. Prints the public half, which is to be registered.
    ///
    /// Status 0: kept. 2: it was refused; the reason is printed.
    ClientKey {
        #[command(flatten)]
        office: OfficeArgs,
        /// Takes the private key from this file in PEM form instead.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Makes a key to sign rules with.
    ///
    /// Whoever has it decides. Prints what it is known by: who imports the first rules compares it.
    ///
    /// Status 0: made. 2: the file is there already or cannot be written.
    Key {
        /// Where to.
        file: PathBuf,
    },
    /// Signs a file with the firm's rules.
    ///
    /// Sees first that the rules can be followed, and prints what is to be imported. docs/work-policy.md says how they are
    /// written.
    ///
    /// Status 0: signed. 2: the rules cannot be followed, or the key cannot be used.
    Sign {
        /// The key that `key` made.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The rules.
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// Print the link and open no browser.
    #[arg(long)]
    no_browser: bool,
    /// Who signs in, in the form of the practice Ansattporten: entraid:{key}.
    #[arg(long, value_name = "HINT")]
    login_hint: Option<String>,
    /// As JSON instead of text.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    office: OfficeArgs,
    /// As JSON (`null` where no rules hold) instead of text.
    #[arg(long)]
    json: bool,
}

impl Command {
    /// Whether what is printed is what the command is called for.
    pub(crate) fn only_shows(&self) -> bool {
        matches!(self, Self::Sign { .. } | Self::ClientKey { .. })
    }
}

pub(crate) fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Login(args) => crate::block_on(login(args, console))?,
        Command::Status(args) => crate::block_on(with(&args.office, false, console, |work, console| {
            show(work.view().as_ref(), args.json, console)
        }))?,
        Command::Lock(args) => crate::block_on(with(&args.office, false, console, |work, console| {
            work.lock();
            show(work.view().as_ref(), args.json, console).map(|_| Exit::Done)
        }))?,
        Command::Import { office, file, key } => {
            let content = read_small(file, console)?;
            let named: Vec<String> = key.iter().cloned().collect();
            crate::block_on(with(office, false, console, |work, console| {
                let asked = AnsweredQuestions::default();
                let mut done = work.import(&content, &asked);
                if let Some(question) = asked.question()
                    && consent::agrees(&question, &named, console)?
                {
                    done = work.import(&content, &Always(true));
                }
                match done {
                    Ok(true) => show(work.view().as_ref(), false, console).map(|_| Exit::Done),
                    Ok(false) => {
                        let text = console.say("work.notTakenOverNobodyHas");
                        writeln!(console.err, "{text}")?;
                        Ok(Exit::Failed)
                    }
                    Err(error) => refused(&error, console),
                }
            }))?
        }
        Command::Secret { office } => {
            let secret = SecretString::from(read_secret(console)?);
            crate::block_on(with(office, false, console, |work, console| match work.set_client_secret(&secret) {
                Ok(()) => Ok(Exit::Done),
                Err(error) => refused(&error, console),
            }))?
        }
        Command::ClientKey { office, from } => {
            let pem = from.as_ref().map(|file| read_text(file, console)).transpose()?.map(SecretString::from);
            crate::block_on(with(office, false, console, |work, console| {
                let made = match &pem {
                    Some(pem) => work.import_client_key(pem),
                    None => work.make_client_key(),
                };
                match made {
                    Ok(public) => {
                        writeln!(console.out, "{public}")?;
                        Ok(Exit::Done)
                    }
                    Err(error) => refused(&error, console),
                }
            }))?
        }
        Command::Key { file } => {
            let key = policy::new_key()?;
            write_secret(file, &key, console)?;
            writeln!(console.out, "{}", policy::fingerprint_of(&key)?)?;
            Ok(Exit::Done)
        }
        Command::Sign { key, file } => {
            let signed = policy::sign(&read_small(file, console)?, &read_small(key, console)?)?;
            writeln!(console.out, "{signed}")?;
            Ok(Exit::Done)
        }
    }
}

/// A new file that nobody else can read.
fn write_secret(file: &Path, content: &[u8], console: &Console<'_>) -> Result<(), Failure> {
    let said = |error| format!("{}: {}", Shown::path(file), files::io_words(&error, console.language));
    let mut made = disk::create_new(file).map_err(said)?;
    made.write_all(content)?;
    Ok(made.sync_all()?)
}

async fn with(
    office: &OfficeArgs,
    opens: bool,
    console: &mut Console<'_>,
    act: impl FnOnce(&Work, &mut Console<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let setup = stop.or(office.setup(Arc::new(SystemBrowser { opens }))).await??;
    let (session, _) = stop.or(::office::alone::session(setup)).await??;
    session.work().speak(console.language);
    let done = act(session.work(), console);
    session.close().await;
    done
}

async fn login(args: &LoginArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let stop = Stop::listen()?;
    let setup = stop.or(args.office.setup(Arc::new(SystemBrowser { opens: !args.no_browser }))).await??;
    let (session, mut events) = stop.or(::office::alone::session(setup)).await??;
    let work = session.work();
    work.speak(console.language);
    let request = WorkSignInRequest { login_hint: args.login_hint.clone(), limit: None };
    let view = {
        let mut outcome = std::pin::pin!(work.sign_in(request));
        let mut told = false;
        loop {
            tokio::select! {
                view = &mut outcome => break Ok(view),
                _ = events.recv() => {
                    if let Some(link) = work.sign_in_link().filter(|_| !told) {
                        told = true;
                        crate::login::print_link(&link, console)?;
                    }
                }
                signal = stop.received_signal() => {
                    work.cancel_sign_in();
                    break Err(Stopped(signal));
                }
            }
        }
    };
    let exit = view.map_err(Failure::from).and_then(|view| show(view.as_ref(), args.json, console));
    crate::login::closed(&session, &stop).await;
    exit
}

fn refused(error: &Problem, console: &mut Console<'_>) -> Result<Exit, Failure> {
    problem(error, console)?;
    Ok(Exit::Failed)
}

fn show(view: Option<&WorkView>, json: bool, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let exit = if view.is_some_and(|view| view.locked) { Exit::No } else { Exit::Done };
    if json {
        writeln!(console.out, "{}", serde_json::to_string(&view)?)?;
        return Ok(exit);
    }
    let Some(view) = view else {
        let text = console.say("work.noRulesForWorkAccounts");
        writeln!(console.out, "{text}")?;
        return Ok(exit);
    };
    if let Some(problem) = &view.problem {
        writeln!(console.err, "{DEVIATING}{}{DEVIATING:#}\n{}\n{}", problem.title, problem.text, problem.todo)?;
        for detail in &problem.details {
            writeln!(console.err, "  {QUIET}{detail}{QUIET:#}")?;
        }
    }
    match &view.person {
        None => {
            let locked = console.say("work.momsbudIsLocked");
            let reason = view.reason.as_deref().unwrap_or_default();
            let of = view.firm.as_deref().map(|firm| format!(" ({firm})")).unwrap_or_default();
            writeln!(console.out, "{STRONG}{locked}{STRONG:#}{of}. {reason}")?;
        }
        Some(person) => {
            let email = person.email.as_deref().unwrap_or_default();
            let name = person.name.as_deref().unwrap_or_else(|| console.say("value.nameless"));
            writeln!(console.out, "{STRONG}{name}{STRONG:#} {QUIET}{email}{QUIET:#}")?;
            for organisation in &person.organisations {
                let name = organisation.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
                writeln!(console.out, "{}{name}", organisation.org_number)?;
            }
            for permission in &view.permissions {
                let name = serde_json::to_value(permission.permission)?;
                let companies = match &permission.companies {
                    None => console.say("work.all").to_owned(),
                    Some(companies) => companies.join(" "),
                };
                writeln!(console.out, "{GOOD}+{GOOD:#} {:<11}{companies}", name.as_str().unwrap_or_default())?;
            }
            if view.groups_cut {
                let text = console.say("work.ansattportenNamesTheFirst20");
                writeln!(console.out, "{DEVIATING}{text}{DEVIATING:#}")?;
            }
        }
    }
    Ok(exit)
}
