//! `integration` and `guide` as programs of their own, against practice authorities.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use serde_json::Value;

use crate::desk::{Desk, INGRID, fetch, program, text};

fn list(desk: &Desk) -> Vec<Value> {
    let listed = desk.run(&["integration", "list", "--json"]);
    assert!(listed.status.success(), "{}", text(&listed.stderr));
    serde_json::from_slice(&listed.stdout).unwrap()
}

#[test]
fn an_integration_is_exported_changed_imported_chosen_and_checked() {
    let desk = Desk::new();
    assert_eq!(list(&desk).len(), 1, "practice brings its own");
    let exported = desk.run(&["integration", "export", "standard"]);
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let changed = text(&exported.stdout)
        .replace("Momsbud øving", "Kopi")
        .replace("\"openid\",", "\"openid\", \"skatteetaten:noe-annet\",");
    let file = desk.folder.path().join("kopi.json");
    fs::write(&file, changed).unwrap();
    let imported = desk.run(&["integration", "import", file.to_str().unwrap()]);
    assert!(imported.status.success(), "{}", text(&imported.stderr));
    let id = text(&imported.stdout).trim().to_owned();

    let in_order = desk.run(&["--lang", "en", "integration", "check"]);
    assert_eq!(in_order.status.code(), Some(0), "{}{}", text(&in_order.stdout), text(&in_order.stderr));
    assert!(text(&in_order.stdout).contains("ID-porten answers"), "{}", text(&in_order.stdout));
    let wrong = desk.run(&["--lang", "en", "integration", "check", &id]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stdout).contains("skatteetaten:noe-annet"), "{}", text(&wrong.stdout));
    assert!(text(&wrong.stdout).contains("Field to correct: Scopes"), "{}", text(&wrong.stdout));

    assert!(desk.run(&["integration", "use", &id]).status.success());
    let chosen: Vec<_> = list(&desk).into_iter().filter(|row| row["chosen"] == true).collect();
    assert_eq!((chosen.len(), chosen[0]["id"].as_str()), (1, Some(id.as_str())));
    assert_eq!(chosen[0]["toMend"], 1);
    // The real issuer, and a token endpoint of somebody else's: refused until its host is named.
    let exported = text(&desk.run(&["integration", "export", "standard"]).stdout);
    let mut forged: serde_json::Value = serde_json::from_str(&exported).unwrap();
    forged["environment"] = "production".into();
    forged["integration"]["issuer"] = "https://idporten.no".into();
    forged["integration"]["endpoints"]["token"] = "https://evil.example/token".into();
    fs::write(&file, forged.to_string()).unwrap();
    let refused = desk.run(&["integration", "import", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("evil.example"), "{}", text(&refused.stderr));
    let other = desk.run(&["integration", "import", "--accept-host", "other.example", file.to_str().unwrap()]);
    assert_eq!(other.status.code(), Some(2), "that is another host");
    let named = desk.run(&["integration", "import", "--accept-host", "evil.example", file.to_str().unwrap()]);
    assert_eq!(named.status.code(), Some(0), "{}", text(&named.stderr));
    assert!(text(&named.stderr).contains("evil.example"), "{}", text(&named.stderr));
    assert_eq!(desk.run(&["integration", "export", "none"]).status.code(), Some(2));
    fs::write(&file, "{}").unwrap();
    assert_eq!(desk.run(&["integration", "import", file.to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn a_check_with_a_sign_in_goes_as_far_as_altinn() {
    let desk = Desk::new();
    let mut check = desk
        .command(&["integration", "check", "--sign-in", "--no-browser", "--login-hint", INGRID, "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(check.stderr.take().unwrap()).lines();
    let link = lines.map_while(Result::ok).find(|line| line.starts_with("http")).expect("a link");
    fetch(&link);
    let output = check.wait_with_output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let steps: Vec<_> = found["steps"].as_array().unwrap().iter().map(|step| step["step"].clone()).collect();
    assert!(steps.contains(&"exchange".into()), "{found:#}");
    assert!(found["steps"].as_array().unwrap().iter().all(|step| step["state"] == "ok"), "{found:#}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_guide_says_what_to_enter_in_both_variants() {
    for (variant, redirect) in
        [("yearly", "https://solvang.example/momsbud/"), ("simple", "http://127.0.0.1:0/callback")]
    {
        let guide = |more: &[&str]| {
            let arguments = ["guide", "--variant", variant, "--page", "https://solvang.example/momsbud/"];
            program().args(arguments).args(more).output().unwrap()
        };
        let shown = text(&guide(&[]).stdout);
        assert!(shown.contains("Gyldige redirect-URI-er") && shown.contains("Valid redirect URIs"), "{shown}");
        assert!(shown.contains(redirect), "{shown}");
        let json: Value = serde_json::from_slice(&guide(&["--json"]).stdout).unwrap();
        assert_eq!(json["redirect_uris"][0], redirect);
        assert_eq!(json["integration_type"], "api_klient");
    }
}
