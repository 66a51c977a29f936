//! What one sign-in asks for beyond its integration.

use std::time::Duration;

/// How long a sign-in may take, from the browser's opening to its coming home.
const DEFAULT_LIMIT: Duration = Duration::from_secs(5 * 60);

/// The language of the issuer's pages and of the page after the callback.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum UiLocale {
    /// Bokmål.
    #[default]
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl UiLocale {
    /// The value of `ui_locales` (apis.md section 3.1).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }
}

/// What one sign-in asks for beyond its integration.
#[derive(Debug, Clone)]
pub struct SignInOptions {
    /// The language.
    pub ui_locale: UiLocale,
    /// Whether the person must prove herself even where single sign-on would let her through: "sign in as another".
    pub prompt_login: bool,
    /// Who is expected, in the issuer's own form; the test ID-porten takes `testid:{pid}_idporten-loa-high`.
    pub login_hint: Option<String>,
    /// How long it may take; five minutes by default.
    pub limit: Duration,
}

impl Default for SignInOptions {
    fn default() -> Self {
        Self { ui_locale: UiLocale::default(), prompt_login: false, login_hint: None, limit: DEFAULT_LIMIT }
    }
}
