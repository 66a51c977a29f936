//! `momsbud-cli generate`: man pages and shell completions, for whoever makes a package.
//!
//! The program writes them itself so that they cannot differ from what it takes.

use crate::{Cli, Exit, Failure};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::{fs, path::PathBuf};

/// The program's name, as it is called.
const NAME: &str = "momsbud-cli";

/// Writes man pages and shell completions.
///
/// Into `man` and `completions` of a folder.
///
/// Status 0: written. 2: they could not be written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to.
    folder: PathBuf,
}

#[expect(clippy::disallowed_methods, reason = "what is packed is for everybody to read")]
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::Command;

    /// Columns that a terminal has at least, less the names and the space around them.
    const ONE_LINE: usize = 80 - 15;

    /// Every command that does something itself, as it is called.
    fn leaves(command: &Command, called: &str) -> Vec<(String, Command)> {
        let called = format!("{called} {}", command.get_name()).trim_start().to_owned();
        if !command.has_subcommands() {
            return vec![(called, command.clone())];
        }
        command.get_subcommands().flat_map(|below| leaves(below, &called)).collect()
    }

    fn folded(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn help_and_man_page_of_every_command_name_its_statuses() {
        let commands = leaves(&Cli::command(), "");
        assert!(commands.len() > 25, "{}", commands.len());
        for (called, mut command) in commands {
            let help = folded(&command.render_long_help().to_string());
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page).unwrap();
            let page = folded(&String::from_utf8(page).unwrap());
            for text in [help, page] {
                assert!(text.contains("Status 0: "), "{called}: {text}");
                assert!(text.contains(". 2: "), "{called}: {text}");
            }
        }
    }

    #[test]
    fn the_help_says_how_many_attachments_a_return_takes() {
        let limit = format!("up to {} times", filing::attachments::MOST_ATTACHMENTS);
        let mut takes = leaves(&Cli::command(), "");
        takes.retain(|(_, command)| command.get_arguments().any(|it| it.get_id() == "attach"));
        assert!(takes.len() > 1, "{takes:?}");
        for (called, mut command) in takes {
            let help = folded(&command.render_long_help().to_string());
            assert!(help.contains(&limit), "{called}: {help}");
        }
    }

    #[test]
    fn every_command_is_one_line_in_the_list() {
        let mut pending = vec![Cli::command()];
        let mut wrong = Vec::new();
        while let Some(command) = pending.pop() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            if !(10..=ONE_LINE).contains(&about.chars().count()) || about.contains('\n') {
                wrong.push(format!("{}: {about:?}", command.get_name()));
            }
            pending.extend(command.get_subcommands().cloned());
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_man_page_says_what_the_program_is() {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(
            page.contains("momsbud\\-cli \\- Checks, explains, files and practises Norwegian VAT returns"),
            "{page}"
        );
    }
}
