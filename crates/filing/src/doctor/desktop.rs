//! What opens addresses on this machine: the browser that sign-in needs, and Momsbud for links of its own.

use super::{DoctorCheck, DoctorCheckId, Patient, words::Words};
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

pub(super) async fn checks(patient: &Patient, words: Words) -> [DoctorCheck; 2] {
    let asked = std::sync::Arc::clone(&patient.desktop);
    let said = tokio::task::spawn_blocking(move || (asked.handler("https"), asked.handler("momsbud"))).await;
    let (browser, links) = said.unwrap_or_else(|error| {
        let failed = || Err(BrowserError::new(error.to_string()));
        (failed(), failed())
    });
    [self::browser(browser, words), self::links(links, words)]
}

fn browser(handler: Result<Handler, BrowserError>, words: Words) -> DoctorCheck {
    let id = DoctorCheckId::Browser;
    match handler {
        Ok(Handler::Found(name)) => words.good(id, name),
        Ok(Handler::System) => words.good(id, words.say("operativsystemets", "operativsystemet sin", "the system's")),
        Ok(Handler::None) => words.note(
            id,
            words.say("ingen nettleser er valgt som standard", "ingen nettlesar er vald som standard", "no default browser is set"),
            words.say(
                "Velg en standardnettleser i innstillingene til systemet. Innloggingen har også en lenke som du kan åpne selv.",
                "Vel ein standardnettlesar i innstillingane til systemet. Innlogginga har òg ei lenkje som du kan opne sjølv.",
                "Choose a default browser in the system's settings. Sign-in also has a link that you can open yourself.",
            ),
        ),
        Err(error) => words.bad(
            id,
            format!(
                "{} ({error})",
                words.say("systemet har ingen nettleser å åpne", "systemet har ingen nettlesar å opne", "the system has no browser to open"),
            ),
            words.say(
                "Installer xdg-utils og en nettleser. Uten dem kan ikke innloggingen åpne ID-porten.",
                "Installer xdg-utils og ein nettlesar. Utan dei kan ikkje innlogginga opne ID-porten.",
                "Install xdg-utils and a browser. Without them sign-in cannot open ID-porten.",
            ),
        ),
    }
}

fn links(handler: Result<Handler, BrowserError>, words: Words) -> DoctorCheck {
    let id = DoctorCheckId::Links;
    match handler {
        Ok(Handler::Found(name)) if name.to_ascii_lowercase().contains("momsbud") => words.good(id, name),
        Ok(Handler::System) => words.good(id, words.say("operativsystemets", "operativsystemet sitt", "the system's")),
        other => {
            let found = match other {
                Ok(Handler::Found(name)) => name,
                _ => words
                    .say("ingen åpner momsbud:-lenker", "ingen opnar momsbud:-lenkjer", "nothing opens momsbud: links")
                    .to_owned(),
            };
            words.note(
                id,
                found,
                words.say(
                    "Bare integrasjoner med nettside som vei tilbake trenger dette. Installer Momsbud fra pakken, så settes det opp.",
                    "Berre integrasjonar med nettside som veg tilbake treng dette. Installer Momsbud frå pakken, så blir det sett opp.",
                    "Only integrations that come back by a web page need this. Installing Momsbud from its package sets it up.",
                ),
            )
        }
    }
}
