//! What a person is asked at the terminal: where tokens go, whose rules hold, and whether it was she who signed in.

use access::session::Session;
use view::{
    AnotherPersonView,
    consent::{Consent, Question},
};

use crate::console::Console;
use crate::stop;
use std::io::{self, IsTerminal as _};
use std::sync::{Mutex, PoisonError};

/// Says no to everything and remembers what it was asked, so that it can be asked at the terminal.
#[derive(Debug, Default)]
pub(crate) struct AnsweredQuestions(Mutex<Option<Question>>);

impl AnsweredQuestions {
    /// What was asked, if anything.
    pub(crate) fn question(&self) -> Option<Question> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Consent for AnsweredQuestions {
    fn gives(&self, question: &Question) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(question.clone());
        false
    }
}

/// Whether the person agrees: by what she has named when she called, or at the terminal.
pub(crate) fn agrees(question: &Question, named: &[String], console: &mut Console<'_>) -> io::Result<bool> {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let is_named = |one: &String| named.iter().any(|named| plain(named) == plain(one));
    let all = match question {
        Question::TokensGoTo { hosts, .. } => hosts.iter().all(is_named),
        Question::PolicyIsFrom { fingerprint, .. } => is_named(fingerprint),
        _ => false,
    };
    if all {
        return Ok(true);
    }
    let put = question.words(console.language);
    writeln!(console.err, "{}\n\n{}\n", put.title, put.text)?;
    said_yes(&put.yes, console)
}

/// Asks about a person who has come back and was not expected, where one has.
pub(crate) fn confirm_person(session: &Session, console: &mut Console<'_>) -> io::Result<()> {
    let another = session.sign_in_view().and_then(|view| view.another);
    let Some(AnotherPersonView { expected, came, .. }) = another else { return Ok(()) };
    let [came, expected] =
        [came, expected].map(|name| name.unwrap_or_else(|| console.say("value.nameless").to_owned()));
    let text = crate::filled(console.language, "consent.somebodyElseCame", &[("came", &came), ("expected", &expected)]);
    writeln!(console.err, "{text}")?;
    let yes = console.say("consent.signInAs").to_owned();
    let right = said_yes(&format!("{yes} {came}"), console)?;
    // Whoever asked may have given up meanwhile.
    drop(session.answer_who_came(right));
    Ok(())
}

/// Yes, if a person says so at a terminal; without one nobody has.
fn said_yes(what: &str, console: &mut Console<'_>) -> io::Result<bool> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let text = console.say("consent.nobodyIsHereToAnswer");
        writeln!(console.err, "{text}")?;
        return Ok(false);
    }
    let (yes, no) = (console.say("consent.y").to_owned(), console.say("consent.n").to_owned());
    write!(console.err, "{what}? [{yes}/{}] ", no.to_uppercase())?;
    console.err.flush()?;
    // Whoever is to stop has not said yes; what waits for the answer hears of it.
    let line = stop::typed()?.unwrap_or_default();
    Ok(["j", "ja", "y", "yes"].contains(&line.trim().to_lowercase().as_str()))
}
