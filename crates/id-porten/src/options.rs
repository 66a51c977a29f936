//! What one sign-in asks for beyond its integration.

use messages::Language;
use std::time::Duration;

/// How long a sign-in may take, from the browser's opening to its coming home.
const DEFAULT_LIMIT: Duration = Duration::from_secs(5 * 60);

/// What one sign-in asks for beyond its integration.
#[derive(Debug, Clone)]
pub struct SignInOptions {
    /// The language of the issuer's pages (`ui_locales`, apis.md section 3.1) and of the page after the callback.
    pub ui_locale: Language,
    /// Whether the person must prove herself even where single sign-on would let her through: "sign in as another".
    pub prompt_login: bool,
    /// Who is expected, in the issuer's own form; the test ID-porten takes `testid:{pid}_idporten-loa-high`.
    pub login_hint: Option<String>,
    /// How long it may take; five minutes by default.
    pub limit: Duration,
}

impl Default for SignInOptions {
    fn default() -> Self {
        Self { ui_locale: Language::default(), prompt_login: false, login_hint: None, limit: DEFAULT_LIMIT }
    }
}
