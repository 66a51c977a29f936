//! The links that the operating system opens with the program.
//!
//! `no.momsbud.desktop:/callback?…` is what RFC 8252 section 7.1 asks for: the scheme is a name that we have, turned
//! around, so that no other program has it by accident. `momsbud://callback?…` is what pages say that were set up before.
//! Both are one door.

use id_porten::{LinkAnswer, Redirect};
use url::Url;

/// The schemes, the preferred one first.
pub const SCHEMES: [&str; 2] = ["no.momsbud.desktop", "momsbud"];
/// What an answer is called within the program, whichever way it came, and in an integration that hands over to a page.
pub const CALLBACK: &str = "momsbud://callback";

/// How an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaited {
    /// By a sign-in that is under way.
    UnderWay,
    /// By one that an earlier run of the program began and was closed over.
    Stored,
}

/// The answer of a sign-in that a link carries, whichever of the program's names it came by; none where it is another link.
#[must_use]
pub fn answer(link: &Url) -> Option<LinkAnswer> {
    LinkAnswer::read(&callback(link)?)
}

/// The link of an answer under one name; none where it is another link.
#[must_use]
pub fn callback(link: &Url) -> Option<Url> {
    if !SCHEMES.contains(&link.scheme()) || !link.username().is_empty() || link.port().is_some() {
        return None;
    }
    // `momsbud://callback`, `no.momsbud.desktop:/callback`, and either with a slash at the end.
    let place = format!("{}{}", link.host_str().unwrap_or_default(), link.path());
    if place.trim_matches('/') != "callback" {
        return None;
    }
    let mut callback = Url::parse(CALLBACK).ok()?;
    callback.set_query(link.query());
    Some(callback)
}

/// The same for the address that an integration hands over to: any of the program's own.
pub(crate) fn is_own(deep_link: &Url) -> bool {
    callback(deep_link).is_some()
}

/// A redirect whose deep link is the one that answers are known by here.
pub(crate) fn with_known_scheme(redirect: &Redirect) -> Redirect {
    match redirect {
        Redirect::HostedPage { page, deep_link } => {
            let deep_link = callback(deep_link).unwrap_or_else(|| deep_link.clone());
            Redirect::HostedPage { page: page.clone(), deep_link }
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn both_schemes_are_one_door() {
        for good in [
            "momsbud://callback?code=1&state=2",
            "momsbud://callback/?code=1&state=2",
            "momsbud:/callback?code=1&state=2",
            "no.momsbud.desktop:/callback?code=1&state=2",
            "no.momsbud.desktop://callback?code=1&state=2",
            "no.momsbud.desktop:///callback?code=1&state=2",
        ] {
            let link = Url::parse(good).unwrap();
            assert_eq!(callback(&link).unwrap().as_str(), "momsbud://callback?code=1&state=2", "{good}");
        }
        for other in [
            "momsbud://annet?code=1",
            "https://callback?code=1",
            "momsbud://u@callback?code=1",
            "no.momsbud.desktop:/callback/x?code=1",
            "momsbud:callback:1",
        ] {
            assert!(callback(&Url::parse(other).unwrap()).is_none(), "{other}");
        }
        assert!(is_own(&Url::parse(CALLBACK).unwrap()));
    }
    /// The page that firms host, and what a firm's rules are told, name the preferred scheme.
    #[test]
    fn the_page_hands_over_to_the_preferred_scheme() {
        let door = format!("{}:/callback", SCHEMES[0]);
        let page = include_str!("../../../hosted-page/callback.html");
        assert!(page.contains(&format!("`{door}?${{passed}}`")), "{door}");
        assert!(include_str!("work/policy.rs").contains(&format!("must hand over to {door}")), "{door}");
    }
}
