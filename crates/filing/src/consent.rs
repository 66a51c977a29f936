//! What a person must say yes to outside the window's content: where secrets go, and whose policy holds.
//!
//! The window draws what it is given, and whatever has got into it could draw and press a button too. So these are asked in
//! the operating system's own dialog, and on the command line at the terminal.

use std::sync::Arc;

use vat_return::Language;

use crate::{confirmation::Confirmation, view::LanguageName};

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
pub(crate) async fn given(consent: Arc<dyn Consent>, question: Question) -> bool {
    tokio::task::spawn_blocking(move || consent.gives(&question)).await.unwrap_or(false)
}

impl Question {
    /// As it is put.
    #[must_use]
    pub fn words(&self, language: LanguageName) -> Confirmation {
        let [title, text, yes, no] = self.each(language);
        Confirmation { title, text, yes, no }
    }

    /// Title, text, yes and no.
    fn each(&self, language: LanguageName) -> [String; 4] {
        let language: Language = language.into();
        let one = |nb: &str, nn: &str, en: &str| match language {
            Language::Nb => nb.to_owned(),
            Language::Nn => nn.to_owned(),
            Language::En => en.to_owned(),
        };
        match self {
            Self::TokensGoTo { integration, hosts } => {
                let hosts = hosts.join("\n");
                [
                    one(
                        "Tokens går til en annen tjener",
                        "Tokena går til ein annan tenar",
                        "Tokens go to another server",
                    ),
                    match language {
                        Language::Nb => format!(
                            "Integrasjonen «{integration}» sender innlogging og hemmeligheter til:\n\n{hosts}\n\nDet er ikke \
                             ID-portens egen adresse. Den som har tjeneren, kan levere mva-meldinger i ditt navn. Godta bare \
                             om du vet hvem det er."
                        ),
                        Language::Nn => format!(
                            "Integrasjonen «{integration}» sender innlogging og løyndomar til:\n\n{hosts}\n\nDet er ikkje \
                             ID-porten si eiga adresse. Den som har tenaren, kan levere mva-meldingar i ditt namn. Godta \
                             berre om du veit kven det er."
                        ),
                        Language::En => format!(
                            "The integration “{integration}” sends sign-ins and secrets to:\n\n{hosts}\n\nThat is not \
                             ID-porten's own address. Whoever has that server can file VAT returns in your name. Accept only \
                             if you know who it is."
                        ),
                    },
                    one("Godta tjeneren", "Godta tenaren", "Accept the server"),
                    one("Avbryt", "Avbryt", "Cancel"),
                ]
            }
            Self::PolicyIsFrom { firm, fingerprint } => [
                one("Regler for jobbkonto", "Reglar for jobbkonto", "Rules for work accounts"),
                match language {
                    Language::Nb => format!(
                        "Filen sier at den er fra «{firm}». Sammenlign nøkkelen med den du har fått fra administratoren:\n\n\
                         {fingerprint}\n\nEr den en annen, avbryt: den som har signert, bestemmer hvem som slipper inn her."
                    ),
                    Language::Nn => format!(
                        "Fila seier at ho er frå «{firm}». Samanlikn nøkkelen med den du har fått frå administratoren:\n\n\
                         {fingerprint}\n\nEr han ein annan, avbryt: den som har signert, bestemmer kven som slepp inn her."
                    ),
                    Language::En => format!(
                        "The file says that it is from “{firm}”. Compare its key with the one that the administrator has \
                         given you:\n\n{fingerprint}\n\nIf it is another, cancel: whoever has signed decides who gets in here."
                    ),
                },
                one("Nøkkelen er riktig", "Nøkkelen er rett", "The key is right"),
                one("Avbryt", "Avbryt", "Cancel"),
            ],
        }
    }
}

/// Says the same to everything: for tests, and for a command that was told so by its flags.
#[derive(Debug, Clone, Copy)]
pub struct Always(pub bool);

impl Consent for Always {
    fn gives(&self, _: &Question) -> bool {
        self.0
    }
}
