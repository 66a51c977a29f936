//! `momsbud-cli`: the same office for scripts.
//!
//! Every subcommand is a module with `Args` and `run`. `run` writes to the [`Console`] it is given and answers
//! with an [`Exit`]; an error is printed here, once, and ends with status 2. What cannot be written is no error of a
//! command ([`stream`]), what others have written orders a terminal nothing ([`unobeyed`]), a signal is heard at every moment
//! ([`stop`]), and a call that is wrong is told in the language that it asks for ([`call`]).

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

mod archive;
mod batch;
mod build;
mod call;
mod check;
mod consent;
mod console;
mod doctor;
mod draft;
mod due;
mod earlier;
mod error_texts;
mod escapes;
mod explain;
mod follow;
mod generate;
mod guide;
mod history;
mod integration;
mod login;
mod mend;
mod office;
mod outcome;
mod paths;
mod period;
mod practice;
mod receipt;
mod register;
mod resume;
mod saft;
mod sign;
mod sign_in;
mod stop;
mod stream;
mod submit;
mod unfinished;
mod word;
mod work;

use clap::{Parser, Subcommand};
use console::Console;
use escapes::Unobeyed;
use messages::Language;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;
use stop::{Signal, Stopped};
use stream::Steady;

/// Checks, explains, files and practises Norwegian VAT returns.
///
/// Does what the window does, with the same sign-in, history and archive. A fresh installation practises: nothing leaves
/// the computer before an environment is chosen.
///
/// Exit statuses are named in the help of each command: 0 is done, 1 is done and the answer is no, 2 is that it could not
/// be done or that the call was wrong. A command that is stopped ends with 130 (Ctrl-C), 143 (SIGTERM) or 129 (SIGHUP), and
/// says what is delivered and what goes on.
///
/// Output that nobody reads, or that a full disk does not take, stops nothing: a command goes on to its end and answers with
/// its own status. A command that only shows something ends with 2 where a disk did not take it.
#[derive(Debug, Parser)]
#[command(name = "momsbud-cli", version, max_term_width = 100)]
struct Cli {
    /// Language of findings and explanations.
    #[arg(long, global = true, value_enum, default_value_t = Language::Nb)]
    lang: Language,
    #[command(subcommand)]
    command: Command,
}

/// The words of each are those of its `Args`: the first paragraph is its line in the list, the rest its own help.
/// Whatever is written above a variant here would replace both.
#[derive(Debug, Subcommand)]
enum Command {
    #[command(subcommand)]
    Archive(archive::Command),
    Batch(batch::Args),
    Build(Box<build::Args>),
    Check(check::Args),
    Doctor(doctor::Args),
    #[command(subcommand)]
    Draft(draft::Command),
    Due(due::Args),
    Explain(explain::Args),
    Guide(guide::Args),
    #[command(hide = true)]
    Generate(generate::Args),
    History(history::Args),
    Integration(integration::Args),
    Login(login::LoginArgs),
    Logout(login::LogoutArgs),
    Mend(mend::Args),
    Practice(practice::Args),
    Receipt(receipt::Args),
    #[command(subcommand)]
    Register(register::Command),
    Resume(resume::Args),
    Saft(saft::Args),
    Sign(sign::Args),
    Status(login::StatusArgs),
    Submit(Box<submit::Args>),
    Unfinished(unfinished::Args),
    #[command(subcommand)]
    Work(work::Command),
}

/// How a subcommand ended, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Status 0: done.
    Done,
    /// Status 1: done, and the answer is no (a return is ugyldig, a filing was refused).
    No,
    /// Status 2: it could not be done.
    Failed,
    /// Status 130, 143 or 129: stopped by a signal, as a shell has it.
    Stopped(Signal),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::No => Self::from(1),
            Exit::Failed => Self::from(2),
            Exit::Stopped(signal) => Self::from(signal.status()),
        }
    }
}

/// Anything a subcommand cannot go on after; the text is for the person at the terminal.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The whole command line, from the arguments of the process to its status.
pub fn main() -> ExitCode {
    office::hardening::forbid_core_dumps();
    office::hardening::hide_from_others();
    let (to_terminal, err_to_terminal) = (io::stdout().is_terminal(), io::stderr().is_terminal());
    let mut out = Steady::new(Unobeyed::new(anstream::stdout().lock(), to_terminal));
    let mut err = Steady::new(Unobeyed::new(anstream::stderr().lock(), err_to_terminal));
    let (language, only_shows, done) = match Cli::try_parse() {
        Ok(cli) => {
            let mut console = Console::new(&mut out, &mut err, cli.lang);
            (cli.lang, cli.command.only_shows(), run(&cli.command, &mut console))
        }
        Err(wrong) => {
            let language = call::language(std::env::args_os().skip(1));
            let told = call::print_error(&wrong, &mut Console::new(&mut out, &mut err, language));
            let exit = if call::is_asked_for(&wrong) { Exit::Done } else { Exit::Failed };
            (language, true, told.map(|()| exit).map_err(Failure::from))
        }
    };
    let exit = match done {
        Ok(exit) => exit,
        Err(failure) => match failure.downcast_ref::<Stopped>() {
            Some(Stopped(signal)) => Exit::Stopped(*signal),
            None => {
                failed(failure, &mut Console::new(&mut out, &mut err, language));
                Exit::Failed
            }
        },
    };
    // A question that was stopped was answered no.
    let exit = match stop::received_signal() {
        Some(signal) if exit != Exit::Done => Exit::Stopped(signal),
        _ => exit,
    };
    // What is still held back is written now, and is missed now if it cannot be.
    let _ = out.flush();
    let Some(lost) = out.lost().filter(|error| error.kind() != io::ErrorKind::BrokenPipe) else { return exit.into() };
    let console = Console::new(&mut out, &mut err, language);
    let text = console.say("main.theOutputCouldNotBe");
    let _ = writeln!(console.err, "{}momsbud-cli:{:#} {text}: {lost}", console::INVALID, console::INVALID);
    if exit == Exit::Done && only_shows { Exit::Failed.into() } else { exit.into() }
}

/// Says why a command could not be done: as the office says it, where the failure is the office's.
fn failed(failure: Failure, console: &mut Console<'_>) {
    let failure = match failure.downcast::<::office::OfficeError>() {
        Ok(error) => {
            // The stream takes everything.
            let _ = office::problem(&(*error).into(), console);
            return;
        }
        Err(other) => other,
    };
    let Err(failure) = register::failed(failure, console) else { return };
    if let Some(error) = failure.downcast_ref::<access::session::SessionError>() {
        let _ = office::problem(&error.problem(), console);
    } else if let Some(error) = failure.downcast_ref::<office::OfficeArgsError>() {
        console.failed(&error.text(console.language));
    } else if let Some(error) = failure.downcast_ref::<io::Error>() {
        console.failed(&files::io_words(error, console.language));
    } else if let Some(text) =
        failure.downcast_ref::<access::EnvironmentError>().and_then(|it| environment(it, console))
    {
        console.failed(&text);
    } else if let Some(error) = failure.downcast_ref::<url::ParseError>() {
        let says = console.say("main.itIsNoAddress");
        console.failed(&format!("MOMSBUD_PRACTICE: {says} ({error})"));
    } else {
        console.failure(failure.as_ref());
    }
}

/// Why the environment is not as it must be: what a person can mend of it, in her language.
fn environment(error: &access::EnvironmentError, console: &Console<'_>) -> Option<String> {
    use access::EnvironmentError::{Content, File, NotHere, Strangers};
    let says = console.say("main.cannotBeRead");
    Some(match error {
        File(path, error) => {
            // Why an administrator's file is not believed names what is to be mended itself.
            if let Some(why) = error.get_ref().and_then(|why| why.downcast_ref::<access::Untrusted>()) {
                let says = console.say("main.isNotUsed");
                return Some(format!("{} {says}: {}", shown::Shown::path(path), why.text(console.language)));
            }
            format!("{} {says}: {}", shown::Shown::path(path), files::io_words(error, console.language))
        }
        NotHere(host) => crate::filled(console.language, "main.practiceElsewhere", &[("host", host)]),
        Strangers(host) => crate::filled(console.language, "main.practiceStrangers", &[("host", host)]),
        Content(path, why) => format!("{} {says}: {why}", shown::Shown::path(path)),
        _ => return None,
    })
}

impl Command {
    /// Whether what is printed is all that the command does, so that it has not been done where that is lost.
    fn only_shows(&self) -> bool {
        match self {
            Self::Explain(_) | Self::Guide(_) | Self::History(_) | Self::Mend(_) | Self::Saft(_) => true,
            Self::Receipt(args) => args.only_shows(),
            Self::Unfinished(args) => args.only_shows(),
            Self::Integration(args) => args.only_shows(),
            Self::Draft(command) => command.only_shows(),
            Self::Register(command) => command.only_shows(),
            Self::Work(command) => command.only_shows(),
            // What they answer is their status; or they do something, and that has been done.
            Self::Archive(_)
            | Self::Batch(_)
            | Self::Build(_)
            | Self::Check(_)
            | Self::Doctor(_)
            | Self::Due(_)
            | Self::Generate(_)
            | Self::Login(_)
            | Self::Logout(_)
            | Self::Practice(_)
            | Self::Resume(_)
            | Self::Sign(_)
            | Self::Status(_)
            | Self::Submit(_) => false,
        }
    }
}

fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Archive(command) => archive::run(command, console),
        Command::Batch(args) => batch::run(args, console),
        Command::Build(args) => build::run(args, console),
        Command::Check(args) => check::run(args, jiff::Timestamp::now().in_tz("Europe/Oslo")?.date(), console),
        Command::Doctor(args) => doctor::run(args, console),
        Command::Draft(command) => draft::run(command, console),
        Command::Due(args) => due::run(args, jiff::Timestamp::now(), console),
        Command::Explain(args) => explain::run(args, console),
        Command::Guide(args) => guide::run(args, console),
        Command::Generate(args) => generate::run(args),
        Command::History(args) => history::run(args, console),
        Command::Integration(args) => integration::run(args, console),
        Command::Login(args) => login::login(args, console),
        Command::Logout(args) => login::logout(args, console),
        Command::Mend(args) => mend::run(args, jiff::Timestamp::now().in_tz("Europe/Oslo")?.date(), console),
        Command::Practice(args) => practice::run(args, console),
        Command::Receipt(args) => receipt::run(args, console),
        Command::Register(command) => register::run(command, console),
        Command::Resume(args) => resume::run(args, console),
        Command::Saft(args) => saft::run(args, console),
        Command::Sign(args) => sign::run(args, console),
        Command::Status(args) => login::status(args, console),
        Command::Submit(args) => submit::run(args, console),
        Command::Unfinished(args) => unfinished::run(args, console),
        Command::Work(command) => work::run(command, console),
    }
}

/// How long the end of a command waits for what is on threads of its own, such as a keyring that asks a person.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

/// A runtime for the subcommands that talk to the network.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(future);
    runtime.shutdown_timeout(LEFT_BEHIND);
    Ok(done)
}
