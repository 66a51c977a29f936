//! What is said of a call that is wrong: the parser's own errors in three languages, and what is shown on request.
//!
//! The parser says what is wrong as a kind with values (which argument, which value, what it may be); the words are ours.
//! Help is in English, as the names of commands and options are.

use crate::console::{Console, INVALID, STRONG};
use clap::ValueEnum as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use messages::Language;
use std::error::Error as _;
use std::ffi::OsString;
use std::io;

/// The language that a call asks for, as far as it can be read: what cannot be parsed is told in it all the same.
pub(crate) fn language(arguments: impl Iterator<Item = OsString>) -> Language {
    let mut language = Language::Nb;
    let mut arguments = arguments.take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy().into_owned();
        let value = match argument.strip_prefix("--lang") {
            Some("") => arguments.next().map(|value| value.to_string_lossy().into_owned()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        if let Some(known) = value.and_then(|value| Language::from_str(&value, false).ok()) {
            language = known;
        }
    }
    language
}

/// Whether it is no error but what was asked for: help, or the version.
pub(crate) fn is_asked_for(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

/// Shows what was asked for, or says what is wrong with the call.
pub(crate) fn print_error(error: &clap::Error, console: &mut Console<'_>) -> io::Result<()> {
    if is_asked_for(error) {
        return write!(console.out, "{}", error.render().ansi());
    }
    // A command without one of its own commands is answered with what there is.
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let missing = console.say("call.aCommandIsMissing2");
        writeln!(console.err, "{INVALID}momsbud-cli:{INVALID:#} {missing}\n")?;
        return write!(console.err, "{}", error.render().ansi());
    }
    writeln!(console.err, "{INVALID}momsbud-cli:{INVALID:#} {}", what(error, console))?;
    for line in more(error, console) {
        writeln!(console.err, "  {line}")?;
    }
    if let Some(usage) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim().strip_prefix("Usage:").unwrap_or(&usage).trim();
        let head = console.say("call.usage");
        writeln!(console.err, "\n{STRONG}{head}{STRONG:#} {usage}")?;
    }
    let help = console.say("call.moreHelp");
    writeln!(console.err, "\n{help}")
}

/// A value of the parser's, as one text; several are set apart by commas.
fn value(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let text = match error.get(kind)? {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    };
    // What a person typed is shown, and may be anything.
    (!text.is_empty()).then(|| shown::Shown::line(&text).into())
}

/// What is wrong.
fn what(error: &clap::Error, console: &Console<'_>) -> String {
    let get = |kind| value(error, kind);
    let argument = get(ContextKind::InvalidArg).unwrap_or_default();
    let given = get(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let text = console.say("call.unknownOptionOrArgument");
            format!("{text}: {argument}")
        }
        ErrorKind::InvalidSubcommand => {
            let text = console.say("call.unknownCommand");
            format!("{text}: {}", get(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingSubcommand => console.say("call.aCommandIsMissing").to_owned(),
        ErrorKind::MissingRequiredArgument => {
            format!("{}: {argument}", console.say("call.thisIsMissing"))
        }
        ErrorKind::ArgumentConflict => match get(ContextKind::PriorArg) {
            Some(prior) if prior == argument => {
                let text = console.say("call.canBeUsedOnceOnly");
                format!("{argument} {text}")
            }
            Some(prior) => {
                let text = console.say("call.cannotBeUsedTogetherWith2");
                format!("{argument} {text} {prior}")
            }
            None => {
                let text = console.say("call.cannotBeUsedTogetherWith");
                format!("{argument} {text}")
            }
        },
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if given.is_some() => {
            let given = given.unwrap_or_default();
            crate::filled(console.language, "call.isNoValidValueFor", &[("given", &given), ("argument", &argument)])
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooFewValues | ErrorKind::NoEquals => {
            let text = console.say("call.lacksAValue");
            format!("{argument} {text}")
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            let text = console.say("call.hasTooManyValues");
            format!("{argument} {text}")
        }
        ErrorKind::InvalidUtf8 => console.say("call.anArgumentIsNoUtf").to_owned(),
        // Nothing that is known today.
        _ => {
            let text = console.say("call.theCallIsWrong");
            format!("{text}: {}", error.kind())
        }
    }
}

/// What the value should be, what there is, and what may have been meant.
fn more(error: &clap::Error, console: &Console<'_>) -> Vec<String> {
    let get = |kind| value(error, kind);
    let mut lines = Vec::new();
    if let Some(known) = get(ContextKind::ValidValue) {
        lines.push(format!("{}: {known}", console.say("call.possibleValues")));
    } else if error.kind() == ErrorKind::ValueValidation {
        lines.extend(wanted(error, console));
    }
    if let Some(known) = get(ContextKind::ValidSubcommand) {
        lines.push(format!("{}: {known}", console.say("call.commands")));
    }
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue].map(get);
    for meant in meant.into_iter().flatten() {
        lines.push(format!("{}: {meant}", console.say("call.didYouMean")));
    }
    lines
}

/// What a value should have been. The reasons of parsers are English; each argument's is one that can be said.
fn wanted(error: &clap::Error, console: &Console<'_>) -> Option<String> {
    let argument = value(error, ContextKind::InvalidArg).unwrap_or_default();
    let is = |name: &str| argument.split(' ').next() == Some(name);
    let text = if argument.contains("<DATE>") {
        console.say("call.aDateSuchAs2026")
    } else if is("--concurrency") {
        console.say("call.aNumberFrom1To")
    } else if is("--within") {
        console.say("call.daysOrWeeksSuchAs")
    } else if is("--practice") {
        console.say("call.anAddressSuchAsHttp")
    } else if argument.contains("<N>") || argument.contains("<SECONDS>") || argument.contains("<YEAR>") {
        console.say("call.aWholeNumberNotToo")
    } else {
        return error.source().map(|reason| shown::Shown::line(&reason.to_string()).into());
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Cli;
    use clap::{CommandFactory as _, Parser as _};
    use vat_return::Language;

    fn said(language: Language, call: &str) -> String {
        let error = Cli::try_parse_from(std::iter::once("momsbud-cli").chain(call.split_whitespace())).unwrap_err();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        print_error(&error, &mut Console::new(&mut out, &mut err, language)).unwrap();
        assert!(out.is_empty(), "{call}");
        anstream::adapter::strip_str(&String::from_utf8(err).unwrap()).to_string()
    }

    /// A call of every kind of mistake.
    const CALLS: [&str; 17] = [
        "chekc",
        "check",
        "check --jsn x",
        "check --date today x",
        "check --date",
        "check --json --json x",
        "history --state foo",
        "history --limit x",
        "history --limit 99999999999999",
        "batch --concurrency 99 x",
        "submit --instance a b",
        "receipt --wait 3",
        "due --within abc",
        "due --put-aside k --reason= ",
        "practice --port-base 99999999",
        "status --practice :::",
        "work sign",
    ];

    #[test]
    fn every_mistake_is_told_in_three_languages() {
        let mut all = String::new();
        for language in Language::ALL.iter().copied() {
            for call in CALLS {
                all.push_str(&format!(
                    "--- {} {call}\n{}\n",
                    format!("{language:?}").to_lowercase(),
                    said(language, call)
                ));
            }
        }
        insta::assert_snapshot!(all);
        // None of the parser's own words is left where the language is another.
        let norwegian = all.split("--- en ").next().unwrap();
        for english in ["error", "tip:", "Usage", "invalid", "required", "unexpected", "For more", "cannot"] {
            assert!(!norwegian.contains(english), "{english}: {norwegian}");
        }
    }

    #[test]
    fn every_option_that_is_parsed_says_what_it_wants_in_norwegian() {
        let mut pending = vec![(String::new(), Cli::command())];
        let mut tried = 0;
        while let Some((path, command)) = pending.pop() {
            for below in command.get_subcommands().filter(|it| it.get_name() != "help") {
                pending.push((format!("{path} {}", below.get_name()), below.clone()));
            }
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                let call = format!("{path} --{option}=\u{7f}");
                let words = || std::iter::once("momsbud-cli").chain(call.split(' ').filter(|word| !word.is_empty()));
                let Err(error) = Cli::try_parse_from(words()) else { continue };
                if error.kind() != ErrorKind::ValueValidation {
                    continue;
                }
                tried += 1;
                let said = said(Language::Nb, &call);
                for english in ["invalid", "parse", "digit", "number", "relative"] {
                    assert!(!said.contains(english), "{call}: {said}");
                }
            }
        }
        assert!(tried > 10, "{tried}");
    }

    #[test]
    fn the_language_is_found_in_a_call_that_cannot_be_parsed() {
        let of = |call: &str| language(call.split(' ').map(OsString::from));
        assert_eq!(of("chekc --lang en"), Language::En);
        assert_eq!(of("--lang=nn --foo"), Language::Nn);
        assert_eq!(of("--lang xx --language en"), Language::Nb);
        assert_eq!(of("check -- --lang en"), Language::Nb);
    }
}
