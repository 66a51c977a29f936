//! `momsbud-cli generate`: man pages and shell completions, for whoever makes a package.
//!
//! The program writes them itself so that they cannot differ from what it takes.

use crate::{Cli, Exit, Failure};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::{fs, path::PathBuf};

/// The program's name, as it is called.
const NAME: &str = "momsbud-cli";

/// Writes man pages into `man` and shell completions into `completions` of a folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to.
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let (man, completions) = (args.folder.join("man"), args.folder.join("completions"));
    fs::create_dir_all(&man)?;
    fs::create_dir_all(&completions)?;
    clap_mangen::generate_to(Cli::command(), &man)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        clap_complete::generate_to(shell, &mut Cli::command(), NAME, &completions)?;
    }
    Ok(Exit::Done)
}
