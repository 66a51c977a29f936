//! The page that the browser shows when it has come home. It has no script, loads nothing and says only what is so.

use crate::Language;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// How the browser's part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The tokens are home.
    SignedIn,
    /// The person or the issuer said no, or the program was told to stop.
    NotSignedIn,
    /// The answer belongs to another sign-in.
    NotOurs,
    /// The answer was good, what followed was not.
    Failed,
    /// What follows takes long.
    Waiting,
    /// A request that is no callback.
    Nothing,
}

/// The page in the person's language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    locale: Language,
}

const STYLE: &str = "\
:root{color-scheme:light dark;--paper:#fff;--ground:#f2f5f6;--ink:#22303a;--quiet:#4b5b66;--accent:#0b5c66;--rule:#d5dde1}\
@media(prefers-color-scheme:dark){:root{--paper:#1a2227;--ground:#11171b;--ink:#e8eef1;--quiet:#a9b7bf;--accent:#5bb5c0;--rule:#33414a}}\
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);\
font:1rem/1.5 Inter,system-ui,sans-serif}\
main{background:var(--paper);border:1px solid var(--rule);border-top:4px solid var(--accent);border-radius:8px;\
margin:1rem;padding:2rem;max-width:26rem}\
h1{font-size:1.375rem;line-height:1.75rem;margin:1rem 0 .5rem}p{margin:0;color:var(--quiet)}svg{display:block}\
.mark{fill:var(--accent)}.lines{fill:var(--paper)}";

impl Page {
    pub(crate) fn new(locale: Language) -> Self {
        Self { locale }
    }

    /// The value of `Content-Security-Policy`: nothing but this page's own style.
    pub(crate) fn policy() -> String {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    }

    /// The page itself.
    pub(crate) fn html(self, ending: Ending) -> String {
        let (title, text) = self.words(ending);
        let lang = self.locale.code();
        format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body><main>\
             <svg width=\"40\" height=\"40\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><rect class=\"mark\" width=\"32\" height=\"32\" rx=\"7.5\"/>\
             <path class=\"lines\" d=\"M9.5 6h3.55l3.35 6.6L22.1 6h3.55l-2.4 13.25h-3.3l1.35-7.5-5 5.75h-1.2l-2.95-5.75-1.35 7.5H7.1z\"/>\
             <path class=\"lines\" d=\"M6.75 21.25h16.1l-.3 1.75H6.45zM9.4 25h12.8l-.3 1.75H9.1z\"/></svg>\
             <h1>{title}</h1><p>{text}</p></main></body></html>\n"
        )
    }

    fn words(self, ending: Ending) -> (&'static str, &'static str) {
        let (title, text) = match ending {
            Ending::SignedIn => ("callback.signedIn.title", "callback.signedIn.text"),
            Ending::NotSignedIn => ("callback.notSignedIn.title", "callback.notSignedIn.text"),
            Ending::NotOurs => ("callback.notOurs.title", "callback.notOurs.text"),
            Ending::Failed => ("callback.failed.title", "callback.failed.text"),
            Ending::Waiting => ("callback.waiting.title", "callback.waiting.text"),
            Ending::Nothing => ("callback.nothing.title", "callback.nothing.text"),
        };
        (crate::text(self.locale, title), crate::text(self.locale, text))
    }
}
