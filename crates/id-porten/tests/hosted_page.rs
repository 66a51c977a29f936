//! The page that a firm hosts: its content security policy allows its own script and style and nothing else, so a change
//! of either without the hash would leave a page that does nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

const PAGE: &str = include_str!("../../../hosted-page/callback.html");

/// What stands between two tags.
fn between<'a>(open: &str, close: &str) -> Vec<&'a str> {
    PAGE.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect()
}

fn policy() -> &'static str {
    PAGE.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).unwrap().split('"').next().unwrap()
}

fn directive(name: &str) -> Vec<&'static str> {
    let found = policy().split(';').map(str::trim).find(|part| part.split(' ').next() == Some(name));
    found.unwrap_or_default().split(' ').skip(1).collect()
}

#[test]
fn the_policy_has_the_hashes_of_the_script_and_of_the_style_that_are_there() {
    for (name, open, close) in [("script-src", "<script>", "</script>"), ("style-src", "<style>", "</style>")] {
        let inline: [&str; 1] = between(open, close).try_into().unwrap();
        let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline[0])));
        assert_eq!(directive(name), [hash], "{name}");
    }
}

#[test]
fn the_page_loads_nothing_and_talks_to_nobody() {
    assert_eq!(directive("default-src"), ["'none'"]);
    assert_eq!(directive("base-uri"), ["'none'"]);
    assert_eq!(directive("form-action"), ["'none'"]);
    let lower = PAGE.to_lowercase();
    for word in [
        " src=",
        "<link",
        "@import",
        "url(",
        "fetch(",
        "xmlhttprequest",
        "localstorage",
        "cookie",
        "http://",
        "https://",
        " style=",
        " onclick=",
    ] {
        assert!(!lower.contains(word), "{word}");
    }
    assert!(PAGE.contains("<meta name=\"referrer\" content=\"no-referrer\">"));
}
