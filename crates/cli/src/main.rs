//! `momsbud-cli`: the same office for scripts.
//!
//! Every subcommand is a module with `Args` and `run`. `run` writes to the [`Console`] it is given and answers
//! with an [`Exit`]; an error is printed here, once, and ends with status 2.

mod archive;
mod batch;
mod build;
mod check;
mod consent;
mod console;
mod doctor;
mod due;
mod explain;
mod generate;
mod guide;
mod history;
mod integration;
mod login;
mod mend;
mod office;
mod practice;
mod receipt;
mod saft;
mod sign;
mod sign_in;
mod submit;
mod unfinished;
mod work;

use clap::{Parser, Subcommand};
use console::{Console, LanguageChoice};
use std::process::ExitCode;

/// Checks, explains, files and practises Norwegian VAT returns.
///
/// Does what the window does, with the same sign-in, history and archive. A fresh installation practises: nothing leaves
/// the computer before an environment is chosen.
///
/// Exit statuses are named in the help of each command: 0 is done, 1 is done and the answer is no, 2 is that it could not
/// be done or that the call was wrong.
#[derive(Debug, Parser)]
#[command(name = "momsbud-cli", version, max_term_width = 100)]
struct Cli {
    /// Language of findings and explanations.
    #[arg(long, global = true, value_enum, default_value_t = LanguageChoice::Nb)]
    lang: LanguageChoice,
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
    Saft(saft::Args),
    Sign(sign::Args),
    Status(login::StatusArgs),
    Submit(submit::Args),
    Unfinished(unfinished::Args),
    #[command(subcommand)]
    Work(work::Command),
}

/// How a subcommand ended, as scripts see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "not every subcommand is here yet")]
enum Exit {
    /// Status 0: done.
    Done,
    /// Status 1: done, and the answer is no (a return is ugyldig, a filing was refused).
    No,
    /// Status 2: it could not be done.
    Failed,
    /// Status 130: stopped with Ctrl-C, as a shell has it.
    Stopped,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::No => Self::from(1),
            Exit::Failed => Self::from(2),
            Exit::Stopped => Self::from(130),
        }
    }
}

/// Anything a subcommand cannot go on after; the text is for the person at the terminal.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    filing::hardening::forbid_core_dumps();
    let cli = Cli::parse();
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr().lock();
    let mut console = Console::new(&mut out, &mut err, cli.lang.into());
    match run(&cli.command, &mut console) {
        Ok(exit) => exit.into(),
        // Nobody reads on: `momsbud-cli check … | head`.
        Err(failure) if is_closed_pipe(failure.as_ref()) => Exit::Done.into(),
        Err(failure) => {
            console.failure(failure.as_ref());
            Exit::Failed.into()
        }
    }
}

fn is_closed_pipe(failure: &(dyn std::error::Error + 'static)) -> bool {
    failure.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(command: &Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Archive(command) => archive::run(command, console),
        Command::Batch(args) => batch::run(args, console),
        Command::Build(args) => build::run(args, console),
        Command::Check(args) => check::run(args, jiff::Timestamp::now().in_tz("Europe/Oslo")?.date(), console),
        Command::Doctor(args) => doctor::run(args, console),
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
        Command::Saft(args) => saft::run(args, console),
        Command::Sign(args) => sign::run(args, console),
        Command::Status(args) => login::status(args, console),
        Command::Submit(args) => submit::run(args, console),
        Command::Unfinished(args) => unfinished::run(args, console),
        Command::Work(command) => work::run(command, console),
    }
}

/// The language as the office names it.
fn language(language: vat_return::Language) -> filing::view::LanguageName {
    match language {
        vat_return::Language::Nb => filing::view::LanguageName::Nb,
        vat_return::Language::Nn => filing::view::LanguageName::Nn,
        vat_return::Language::En => filing::view::LanguageName::En,
    }
}

/// A runtime for the subcommands that talk to the network.
#[allow(dead_code, reason = "not every subcommand is here yet")]
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future))
}
