//! What opens addresses on this machine: the browser that sign-in needs, and Momsbud for links of its own.

use super::{DoctorCheck, DoctorCheckId, Patient, texts::DoctorTexts};
use access::link::SCHEMES;
use id_porten::BrowserError;

/// What would open an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handler {
    /// This program, as the desktop names it.
    Found(String),
    /// None is set.
    None,
    /// This desktop cannot be asked; the operating system has one.
    System,
}

impl Handler {
    fn names_momsbud(name: &str) -> bool {
        name.to_ascii_lowercase().contains("momsbud")
    }

    /// Whether it is Momsbud, as far as can be told.
    fn is_momsbud(&self) -> bool {
        match self {
            Self::Found(name) => Self::names_momsbud(name),
            Self::System => true,
            Self::None => false,
        }
    }
}

/// Asks the desktop who opens what. May wait for other programs: not to be called on a thread that others need.
pub trait Desktop: Send + Sync + 'static {
    /// Who opens addresses of a scheme (`https`, `momsbud`).
    ///
    /// # Errors
    /// When there is nothing that opens addresses at all.
    fn handler(&self, scheme: &str) -> Result<Handler, BrowserError>;
}

/// This machine's desktop.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDesktop;

impl Desktop for SystemDesktop {
    #[cfg(all(unix, not(target_os = "macos")))]
    #[expect(clippy::disallowed_methods, reason = "a question to the desktop, whose words are the program's own")]
    fn handler(&self, scheme: &str) -> Result<Handler, BrowserError> {
        let said = std::process::Command::new("xdg-mime")
            .args(["query", "default", &format!("x-scheme-handler/{scheme}")])
            .stdin(std::process::Stdio::null())
            .output()
            .map_err(|error| BrowserError::new(format!("xdg-mime: {error}")))?;
        let name = String::from_utf8_lossy(&said.stdout).trim().to_owned();
        Ok(if name.is_empty() { Handler::None } else { Handler::Found(name) })
    }

    #[cfg(not(all(unix, not(target_os = "macos"))))]
    fn handler(&self, _: &str) -> Result<Handler, BrowserError> {
        Ok(Handler::System)
    }
}

pub(super) async fn checks(patient: &Patient, words: DoctorTexts) -> [DoctorCheck; 2] {
    let asked = std::sync::Arc::clone(&patient.desktop);
    // Momsbud opens links when it opens those of all its schemes.
    let links = |desktop: &dyn Desktop| {
        let mut all = SCHEMES.iter().map(|scheme| desktop.handler(scheme));
        let own = |said: &Result<Handler, BrowserError>| said.as_ref().is_ok_and(Handler::is_momsbud);
        let first = all.next().unwrap_or(Ok(Handler::None));
        if own(&first) { all.find(|said| !own(said)).unwrap_or(first) } else { first }
    };
    let said = tokio::task::spawn_blocking(move || (asked.handler("https"), links(asked.as_ref()))).await;
    let (browser, links) = said.unwrap_or_else(|error| {
        let failed = || Err(BrowserError::new(error.to_string()));
        (failed(), failed())
    });
    [self::browser(browser, words), self::links(links, words)]
}

fn browser(handler: Result<Handler, BrowserError>, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Browser;
    match handler {
        Ok(Handler::Found(name)) => words.good(id, name),
        Ok(Handler::System) => words.good(id, words.say("doctor.desktop.theSystems2")),
        Ok(Handler::None) => words.note(
            id,
            words.say("doctor.desktop.noDefaultBrowserIsSet"),
            words.say("doctor.desktop.chooseADefaultBrowserIn"),
        ),
        Err(error) => words.bad(
            id,
            format!("{} ({error})", words.say("doctor.desktop.theSystemHasNoBrowser"),),
            words.say("doctor.desktop.installXdgUtilsAndA"),
        ),
    }
}

fn links(handler: Result<Handler, BrowserError>, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Links;
    match handler {
        Ok(Handler::Found(name)) if Handler::names_momsbud(&name) => words.good(id, name),
        Ok(Handler::System) => words.good(id, words.say("doctor.desktop.theSystems")),
        other => {
            let found = match other {
                Ok(Handler::Found(name)) => name,
                _ => words.say("doctor.desktop.nothingOpensMomsbudLinks").to_owned(),
            };
            words.note(id, found, words.say("doctor.desktop.onlyIntegrationsThatComeBack"))
        }
    }
}
