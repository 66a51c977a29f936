//! Rules that are signed, and a sign-in that is shared.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, GROUP, NORA, Practice, in_a_session, text};

#[test]
fn one_sign_in_serves_every_command_and_signed_rules_hold() {
    in_a_session("work::rules::within_the_session");
}

#[test]
#[ignore = "run by one_sign_in_serves_every_command_and_signed_rules_hold"]
fn within_the_session() {
    let practice = Practice::start();
    practice.consent_is_given();
    let desk = Desk::with_keyring(&practice);
    let status = |arguments: &[&str]| desk.run(arguments).status.code();
    assert_eq!(status(&["work", "status"]), Some(0), "no rules hold");

    // One sign-in serves every command, and one lock ends it for all.
    desk.decide(GROUP, &["see"], &json!("momsbud-practice"));
    assert_eq!(status(&["work", "status"]), Some(1), "locked");
    let signed_in = desk.sign_in(&["work", "login", "--no-browser", "--login-hint", NORA]);
    assert_eq!(signed_in.status.code(), Some(0), "{}", text(&signed_in.stderr));
    let view: Value = serde_json::from_slice(&desk.run(&["work", "status", "--json"]).stdout).unwrap();
    assert_eq!((&view["person"]["name"], &view["locked"]), (&json!("Nora Lund"), &json!(false)));
    assert_eq!(status(&["work", "lock"]), Some(0));
    assert_eq!(status(&["work", "status"]), Some(1));

    // Rules that are signed: made, imported, and not replaced by another key's.
    desk.nothing_is_decided();
    let rules = json!({
        "version": 1, "firm": "Fjordlys Interiør AS", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice"}},
        "rules": [{"groups": [GROUP], "permissions": ["see"], "companies": ["all"]}],
    });
    fs::write(desk.path("rules.json"), rules.to_string()).unwrap();
    let mut fingerprints = Vec::new();
    for key in ["one.key", "two.key"] {
        let made = desk.run(&["work", "key", &desk.path(key)]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        fingerprints.push(text(&made.stdout).trim().to_owned());
        let signed = desk.run(&["work", "sign", "--key", &desk.path(key), &desk.path("rules.json")]);
        assert_eq!(signed.status.code(), Some(0), "{}", text(&signed.stderr));
        fs::write(desk.path(&format!("{key}.json")), signed.stdout).unwrap();
    }
    // The first rules hold only when their key has been compared; with nobody at a terminal, by name.
    let stranger = desk.run(&["work", "import", &desk.path("one.key.json")]);
    assert_eq!(stranger.status.code(), Some(2));
    assert!(text(&stranger.stderr).contains(&fingerprints[0]), "{}", text(&stranger.stderr));
    let wrong = ["work", "import", "--key", &fingerprints[1], &desk.path("one.key.json")];
    assert_eq!(status(&wrong), Some(2), "another's");
    assert_eq!(status(&["work", "status"]), Some(0), "nobody is locked out");
    assert_eq!(status(&["work", "import", "--key", &fingerprints[0], &desk.path("one.key.json")]), Some(0));
    assert_eq!(status(&["work", "status"]), Some(1));
    let other = desk.run(&["work", "import", &desk.path("two.key.json")]);
    assert_eq!(other.status.code(), Some(2), "{}", text(&other.stderr));
    assert!(text(&other.stderr).contains("another key"), "{}", text(&other.stderr));
    assert_eq!(status(&["work", "import", &desk.path("rules.json")]), Some(2), "not signed");
}

#[test]
fn rules_that_cannot_be_read_are_no_firms() {
    let desk = Desk::new();
    desk.put("system/policy.json", r#"{"work": {"version": 1}}"#);
    let (status, said) = desk.said(&["work", "status"]);
    assert_eq!(status, 1, "{said}");
    assert!(said.starts_with("Momsbud er låst. Reglene for jobbkontoen kan ikke leses. "), "{said}");
}
