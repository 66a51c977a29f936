//! `login`, `status` and `logout` as programs of their own: practice authorities, a keyring on a private D-Bus, and a
//! browser that only follows links.

use std::path::Path;

use serde_json::json;

use crate::desk::{Desk, INGRID, Practice, followed, in_a_session, text};

#[test]
fn a_sign_in_from_the_command_line_lasts_until_the_sign_out() {
    in_a_session("login::within_the_session");
}

#[test]
#[ignore = "run by a_sign_in_from_the_command_line_lasts_until_the_sign_out"]
fn within_the_session() {
    let practice = Practice::start();
    let desk = Desk::with_keyring(&practice);
    // With the folders that a person has who names none.
    let run = |arguments: &[&str]| desk.at_home(arguments).output().unwrap();

    let nobody = run(&["status", "--json"]);
    assert_eq!((nobody.status.code(), text(&nobody.stdout).trim()), (Some(1), "null"), "{}", text(&nobody.stderr));

    let login = ["login", "--json", "--no-browser", "--login-hint", INGRID];
    let signed_in = followed(desk.at_home(&login));
    assert_eq!(signed_in.status.code(), Some(0), "{}", text(&signed_in.stderr));
    let session: serde_json::Value = serde_json::from_slice(&signed_in.stdout).unwrap();
    assert_eq!(session["name"], "Ingrid Solvang");
    assert_eq!(session["companies"].as_array().unwrap().len(), 2);

    let somebody = run(&["--lang", "en", "status"]);
    assert_eq!(somebody.status.code(), Some(0));
    assert!(text(&somebody.stdout).contains("Ingrid Solvang 148384 •••••"), "{}", text(&somebody.stdout));
    assert_eq!(run(&["logout", "--no-browser"]).status.code(), Some(0));
    assert_eq!(run(&["status"]).status.code(), Some(1));
    let mut lost = desk.at_home(&["status"]);
    let gone = "http://127.0.0.1:9/";
    let lost = lost.env("MOMSBUD_PRACTICE", gone).output().unwrap();
    assert_eq!(lost.status.code(), Some(2), "without authorities there is nothing to find out");
    let home = std::env::var("XDG_DATA_HOME").unwrap();
    assert!(!holds(Path::new(&home), "14838411585"), "the national id lies nowhere");
}

/// She is signed in, and Altinn does not know her: that is what is said.
#[test]
fn a_sign_in_whose_token_altinn_refuses_says_so_and_not_that_nobody_is_signed_in() {
    let desk = Desk::new();
    for status in [401, 403] {
        desk.practice.fault("exchange", &json!({"kind": "status", "status": status}));
        let login = desk.sign_in(&["login", "--no-browser", "--login-hint", INGRID]);
        let (out, err) = (text(&login.stdout), text(&login.stderr));
        assert_eq!(login.status.code(), Some(1), "{status}: {err}");
        assert!(out.contains("Ingrid Solvang") && err.contains("Altinn"), "{status}: {out}{err}");
        let (code, said) =
            desk.said(&["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys"), "--wait", "5"]);
        assert_ne!(code, 0, "{status}: {said}");
        for said in [out, err, said] {
            assert!(!said.contains("Ingen er logget inn") && !said.contains("signed in any more"), "{status}: {said}");
        }
        desk.practice.no_faults();
    }
    assert_eq!(desk.practice.deliveries(), 0);
}

fn holds(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, needle);
        }
        std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}
