//! What a person must say yes to outside the window's content: where secrets go, and whose policy holds.
//!
//! The window draws what it is given, and whatever has got into it could draw and press a button too. So these are asked in
//! the operating system's own dialog, and on the command line at the terminal.

use std::sync::Arc;

use shown::Shown;

use crate::{Language, confirmation::Confirmation};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Tokens and the client's secret go to hosts that are not the known issuer's own.
    TokensGoTo {
        /// Name of the integration.
        integration: String,
        /// The hosts, as an address has them.
        hosts: Vec<String>,
    },
    /// A firm's policy is about to hold for the first time.
    PolicyIsFrom {
        /// The firm, as the policy calls it.
        firm: String,
        /// What its key is known by, to be compared with what the administrator has given.
        fingerprint: String,
    },
}

/// Asks. May take as long as a person takes; called on a thread that may wait.
pub trait Consent: Send + Sync + 'static {
    /// Whether the person says yes. No answer is no.
    fn gives(&self, question: &Question) -> bool;
}

/// Asks on a thread that may wait.
pub async fn given(consent: Arc<dyn Consent>, question: Question) -> bool {
    tokio::task::spawn_blocking(move || consent.gives(&question)).await.unwrap_or(false)
}

impl Question {
    /// As it is put.
    #[must_use]
    pub fn words(&self, language: Language) -> Confirmation {
        let [title, text, yes, no] = self.each(language);
        Confirmation { title, text, yes, no }
    }

    /// Title, text, yes and no.
    fn each(&self, language: Language) -> [String; 4] {
        match self {
            Self::TokensGoTo { integration, hosts } => {
                let (integration, hosts) = (quoted(integration), hosts.join("\n"));
                [
                    crate::text(language, "consent.tokensGoToAnotherServer").to_owned(),
                    crate::filled(
                        language,
                        "consent.theIntegrationSendsSignIns",
                        &[("integration", &integration), ("hosts", &hosts)],
                    ),
                    crate::text(language, "consent.acceptTheServer").to_owned(),
                    crate::text(language, "consent.cancel").to_owned(),
                ]
            }
            Self::PolicyIsFrom { firm, fingerprint } => {
                let firm = quoted(firm);
                [
                    crate::text(language, "consent.rulesForWorkAccounts").to_owned(),
                    crate::filled(
                        language,
                        "consent.theFileSaysThatItIs",
                        &[("firm", &firm), ("fingerprint", &fingerprint)],
                    ),
                    crate::text(language, "consent.theKeyIsRight").to_owned(),
                    crate::text(language, "consent.cancel").to_owned(),
                ]
            }
        }
    }
}

/// A name from a file that somebody has handed over, between quotation marks: it ends neither them nor the line, and pushes
/// nothing out of sight.
fn quoted(name: &str) -> String {
    const LONGEST: usize = 80;
    let name: String = name.chars().filter(|letter| !matches!(letter, '«' | '»' | '“' | '”' | '„' | '"')).collect();
    Shown::within(&name, LONGEST).into_string()
}

/// Says the same to everything: for tests, and for a command that was told so by its flags.
#[derive(Debug, Clone, Copy)]
pub struct Always(pub bool);

impl Consent for Always {
    fn gives(&self, _: &Question) -> bool {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name stands beside what is to be compared, and is the choice of whoever wants a yes.
    #[test]
    fn a_name_in_a_question_answers_it_for_nobody() {
        let hostile = format!("Fjordlys AS». Nøkkelen er:\n\nAAAA BBBB\n\nAlt er riktig.{}", "\n.".repeat(1_000));
        let fingerprint = "1111 2222 3333 4444";
        for language in Language::ALL.iter().copied() {
            let ask = |firm: &str| {
                Question::PolicyIsFrom { firm: firm.into(), fingerprint: fingerprint.into() }.words(language).text
            };
            let (plain, forged) = (ask("Fjordlys AS"), ask(&hostile));
            assert_eq!(forged.lines().count(), plain.lines().count(), "{forged}");
            assert!(forged.lines().any(|line| line == fingerprint) && !forged.lines().any(|line| line == "AAAA BBBB"));
            assert!(forged.chars().count() < plain.chars().count() + 100, "{forged}");
            assert_eq!(forged.matches(['»', '”']).count(), 1, "{forged}");
            let ask = |integration: &str| {
                Question::TokensGoTo { integration: integration.into(), hosts: vec!["evil.example".into()] }
                    .words(language)
                    .text
            };
            assert_eq!(ask(&hostile).lines().count(), ask("Min").lines().count());
            assert_eq!(ask(&hostile).matches(['»', '”']).count(), 1);
        }
    }
}
