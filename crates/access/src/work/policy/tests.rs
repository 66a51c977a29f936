#![allow(clippy::unwrap_used)]
use serde_json::{Value, json};
use view::{ErrorCode, problem};

use super::*;

fn example() -> Value {
    serde_json::from_str(include_str!("../../../../../docs/work-policy.example.json")).unwrap()
}

fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut policy = example();
    change(&mut policy);
    serde_json::to_vec(&policy).unwrap()
}

#[test]
fn the_documented_example_is_a_policy() {
    let policy = WorkPolicy::parse(&changed(|_| {})).unwrap();
    assert!(policy.governs(EnvironmentName::Production) && !policy.governs(EnvironmentName::Practice));
    assert!(policy.rules.len() >= 2);
    assert_eq!(policy.lock.idle_minutes, 15);
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let refused = |change: fn(&mut Value)| WorkPolicy::parse(&changed(change)).unwrap_err();
    assert!(matches!(refused(|it| it["rule"] = json!([])), WorkPolicyError::Content { .. }), "a misspelt name");
    assert!(matches!(refused(|it| it["rules"][0]["permissions"] = json!(["fly"])), WorkPolicyError::Content { .. }));
    let number = |it: &mut Value| it["rules"][0]["companies"] = json!(["311797817"]);
    assert!(matches!(refused(number), WorkPolicyError::Content { .. }), "a wrong check digit");
    let anybody = |it: &mut Value| {
        it["rules"][0]["groups"] = json!([]);
        it["rules"][0]["organisations"] = json!([]);
    };
    assert!(matches!(refused(anybody), WorkPolicyError::Rule(_)));
    assert!(matches!(refused(|it| it["rules"][0]["permissions"] = json!([])), WorkPolicyError::Rule(_)));
    assert!(matches!(refused(|it| it["signIn"]["clients"] = json!({})), WorkPolicyError::Rule(_)));
    assert!(matches!(refused(|it| it["lock"]["sessionMinutes"] = json!(0)), WorkPolicyError::Rule(_)));
    let plain = |it: &mut Value| it["signIn"]["issuers"] = json!({"production": "http://127.0.0.1:4001"});
    assert!(matches!(refused(plain), WorkPolicyError::Rule(_)), "a port of this machine may be anybody's");
    let plain = |it: &mut Value| it["signIn"]["endpoints"] = json!({"token": "http://localhost:1/token"});
    assert!(matches!(refused(plain), WorkPolicyError::Rule(_)));
    assert!(matches!(WorkPolicy::parse(b"{"), Err(WorkPolicyError::Content { .. })));
}

#[test]
fn of_a_file_that_is_no_policy_only_the_place_is_told() {
    let evil = "x\u{1b}[2J\nmomsbud-cli: Ordnung\u{202e}hemmelig";
    let places: [fn(&mut Value, &str); 7] = [
        |it, evil| it[evil] = json!(1),
        |it, evil| it["rules"][0][evil] = json!(1),
        |it, evil| it["version"] = json!(evil),
        |it, evil| it["environments"] = json!([evil]),
        |it, evil| it["rules"][0]["permissions"] = json!([evil]),
        |it, evil| it["rules"][0]["companies"] = json!([evil]),
        |it, evil| it["signIn"]["clients"] = json!({"test": {"clientId": "a", "authentication": evil}}),
    ];
    for (at, place) in places.iter().enumerate() {
        let parsed = WorkPolicy::parse(&changed(|it| place(it, evil))).unwrap_err();
        let said = problem::of(ErrorCode::WorkPolicyRefused, &parsed);
        for text in [&said.message, &said.details.join("\n")] {
            assert!(!text.contains("hemmelig") && !text.contains(['\u{1b}', '\u{202e}']), "{at}: {text:?}");
        }
    }
}

#[test]
fn a_client_is_an_id_or_says_how_it_proves_itself() {
    let client = |value: Value| {
        WorkPolicy::parse(&changed(|it| {
            it["signIn"]["clients"] = json!({"test": "t", "production": value});
            it["lock"]["vaultAfterSignIn"] = json!(false);
        }))
        .map(|policy| policy.sign_in.clients[&Governed::Production].clone())
    };
    assert_eq!(client(json!("one")).unwrap().authentication, AuthenticationMethod::None);
    let web = json!({"clientId": "one", "authentication": "client_secret_basic"});
    let read = client(web.clone()).unwrap();
    assert_eq!((read.client_id.as_str(), read.authentication), ("one", AuthenticationMethod::ClientSecretBasic));
    assert_eq!(serde_json::to_value(&read).unwrap(), web);
    assert_eq!(serde_json::to_value(client(json!({"clientId": "one"})).unwrap()).unwrap(), json!("one"));
    // No secret in a file, no method nobody knows, no client without an id.
    for wrong in [
        json!({"clientId": "one", "secret": "x"}),
        json!({"clientId": "one", "authentication": "password"}),
        json!({"authentication": "none"}),
        json!({"clientId": " "}),
        json!(7),
    ] {
        assert!(client(wrong.clone()).is_err(), "{wrong}");
    }
    // Its secret must not lie where it can be had only after the sign-in that needs it.
    let locked_in = changed(|it| {
        it["signIn"]["clients"]["production"] = web;
        assert_eq!(it["lock"]["vaultAfterSignIn"], json!(true));
    });
    assert!(matches!(WorkPolicy::parse(&locked_in), Err(WorkPolicyError::Rule(_))));
}

#[test]
fn a_hosted_page_is_https_and_hands_over_to_this_program() {
    let redirect = |page: &str, link: &str| {
        WorkPolicy::parse(&changed(|it| {
            it["signIn"]["redirect"] = json!({"kind": "hosted_page", "page": page, "deep_link": link});
        }))
    };
    assert!(redirect("https://firma.example/momsbud/", "momsbud://callback").is_ok());
    assert!(matches!(redirect("http://firma.example/", "momsbud://callback"), Err(WorkPolicyError::Rule(_))));
    assert!(matches!(redirect("https://firma.example/", "https://elsewhere.example"), Err(WorkPolicyError::Rule(_))));
}

#[test]
fn an_administrators_policy_goes_ahead_and_a_bad_one_is_not_none() {
    let (system, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let in_force = || WorkPolicy::in_force(system.path(), data.path());
    assert!(in_force().unwrap().is_none());
    let key = new_key().unwrap();
    let signed = sign(&changed(|it| it["firm"] = json!("Imported")), &key).unwrap();
    WorkPolicy::import(system.path(), data.path(), signed.as_bytes(), false).unwrap();
    assert_eq!(in_force().unwrap().unwrap().policy.firm, "Imported");
    let file = system.path().join(POLICY_FILE);
    std::fs::write(&file, r#"{"updates": "off"}"#).unwrap();
    assert_eq!(in_force().unwrap().unwrap().source, Source::Imported, "it says nothing of work accounts");
    std::fs::write(&file, json!({"updates": "off", "work": example()}).to_string()).unwrap();
    assert_eq!(in_force().unwrap().unwrap().source, Source::Administrator);
    let refused = WorkPolicy::import(system.path(), data.path(), signed.as_bytes(), true);
    assert!(matches!(refused, Err(WorkPolicyError::Administrators)));
    for bad in ["{", r#"{"work": {}}"#, r#"{"work": 7}"#] {
        std::fs::write(&file, bad).unwrap();
        assert!(in_force().is_err(), "{bad}");
    }
    // The other reader of the file lets it be.
    std::fs::write(&file, json!({"updates": "off", "work": example()}).to_string()).unwrap();
    assert!(crate::machine_policy::Policy::load(system.path(), None).is_ok());
}

#[test]
fn only_the_same_key_replaces_an_imported_policy_and_never_with_an_older_one() {
    let (system, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (key, other) = (new_key().unwrap(), new_key().unwrap());
    let version = |number: u32, key: &[u8]| sign(&changed(|it| it["version"] = json!(number)), key).unwrap();
    let import = |file: &str, freely| WorkPolicy::import(system.path(), data.path(), file.as_bytes(), freely);
    import(&version(2, &key), false).unwrap();
    assert!(matches!(import(&version(3, &other), false), Err(WorkPolicyError::AnotherKey)));
    assert!(matches!(import(&version(1, &key), false), Err(WorkPolicyError::Older { found: 1, in_force: 2 })));
    import(&version(2, &key), false).unwrap();
    let mut tampered: Value = serde_json::from_str(&version(3, &key)).unwrap();
    tampered["policy"] = json!(STANDARD.encode(changed(|it| it["firm"] = json!("Somebody"))));
    assert!(matches!(import(&tampered.to_string(), false), Err(WorkPolicyError::Signature)));
    assert!(matches!(import(&example().to_string(), false), Err(WorkPolicyError::NotSigned)));
    // Withdrawn by who signed it: no policy any more.
    let gone = sign(
        &changed(|it| {
            it["version"] = json!(4);
            it["withdrawn"] = json!(true);
        }),
        &key,
    )
    .unwrap();
    import(&gone, false).unwrap();
    assert!(WorkPolicy::in_force(system.path(), data.path()).unwrap().is_none());
    assert!(matches!(import(&version(3, &key), false), Err(WorkPolicyError::Older { .. })));
    import(&version(1, &other), true).unwrap();
    assert_eq!(WorkPolicy::in_force(system.path(), data.path()).unwrap().unwrap().policy.version, 1);
    // A file that was changed by hand is not none either.
    std::fs::write(data.path().join(IMPORTED_FILE), tampered.to_string()).unwrap();
    assert!(WorkPolicy::in_force(system.path(), data.path()).is_err());
}
