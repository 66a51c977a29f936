//! `submit`, `history` and `receipt` as programs of their own, against `practice`.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use crate::desk::{Desk, FJORDLYS, INGRID, JONAS, KARI};

fn submit(desk: &Desk, hint: &str, more: &[&str]) -> (i32, Vec<Value>) {
    desk.json(&[&["submit", "--login-hint", hint], more].concat())
}

#[test]
fn returns_are_filed_found_again_and_not_filed_twice() {
    let desk = Desk::new();
    let (good, invalid) = (desk.sample("fjordlys"), desk.sample("fjordlys-ugyldig"));
    let (status, outcomes) = submit(&desk, INGRID, &["--yes", &good, &invalid]);
    assert_eq!(status, 1, "one of them is ugyldig: {outcomes:#?}");
    let of = |file: &str| outcomes.iter().find(|outcome| outcome["file"] == file).unwrap();
    assert_eq!(of("fjordlys-ugyldig.xml")["outcome"], "invalid");
    let received = of("fjordlys.xml");
    assert_eq!(received["outcome"], "received");
    let payment = &received["filing"]["payment"];
    assert_eq!((payment["amount"].as_str(), payment["due"].as_str()), (Some("79857"), Some("2026-12-10")));

    let (status, rows) = desk.json(&["history", "fjordlys"]);
    assert_eq!((status, rows.len()), (0, 1));
    assert_eq!(rows[0]["state"], "received");
    assert_eq!(desk.json(&["history", "nobody"]), (1, Vec::new()));

    let (status, receipt) = desk.json(&["receipt", rows[0]["id"].as_str().unwrap()]);
    assert_eq!((status, receipt[0]["hasReceipt"].as_bool()), (0, Some(true)));
    let folder = receipt[0]["archiveFolder"].as_str().unwrap();
    assert!(fs::read(Path::new(folder).join("kvittering.pdf")).unwrap().starts_with(b"%PDF"));

    let (status, again) = submit(&desk, INGRID, &["--yes", &good]);
    assert_eq!((status, again[0]["error"]["code"].as_str()), (1, Some("alreadyFiled")));
    let (status, correction) = submit(&desk, INGRID, &["--yes", "--correction", &good]);
    assert_eq!((status, correction[0]["outcome"].as_str()), (0, Some("received")));
}

#[test]
fn nobody_at_the_terminal_and_nobody_who_may_sign_are_said() {
    let desk = Desk::new();
    let file = desk.sample("vika");
    let (status, declined) = submit(&desk, JONAS, &[&file]);
    assert_eq!((status, declined[0]["outcome"].as_str()), (1, Some("declined")));
    let (status, waiting) = submit(&desk, JONAS, &["--yes", &file]);
    assert_eq!((status, waiting[0]["outcome"].as_str()), (1, Some("waiting")));
    assert_eq!(waiting[0]["filing"]["problem"]["code"], "mayNotSign");
    let (_, rows) = desk.json(&["history", "--state", "waiting-signature"]);
    assert_eq!(rows.len(), 1);
}

#[test]
fn attachments_go_with_one_return_and_what_cannot_be_attached_stops_everything() {
    let desk = Desk::new();
    let (fjordlys, vika) = (desk.sample("fjordlys"), desk.sample("vika"));
    let (pdf, png) = (desk.put("Bilag.pdf", b"%PDF-1.7 bilag"), desk.put("bilde.png", b"\x89PNG\r\n\x1a\n bilde"));
    let wrong = desk.put("skannet.pdf", b"\x89PNG\r\n\x1a\n bilde");
    let failed = |more: &[&str]| {
        let (status, said) = desk.said(&[&["submit", "--yes", "--login-hint", INGRID], more].concat());
        assert_eq!(status, 2, "{more:?}: {said}");
    };
    failed(&[&fjordlys, &vika, "--attach", &pdf]);
    failed(&[&fjordlys, "--attach", &pdf, "--attach", &wrong]);
    assert_eq!(desk.json(&["history"]), (1, Vec::new()), "nothing was begun");
    let (status, outcomes) = submit(&desk, INGRID, &["--yes", &fjordlys, "--attach", &pdf, "--attach", &png]);
    assert_eq!((status, outcomes[0]["outcome"].as_str()), (0, Some("received")), "{outcomes:#?}");
    let sent = outcomes[0]["filing"]["attachments"].as_array().unwrap();
    assert!(sent.len() == 2 && sent.iter().all(|it| it["uploaded"] == true), "{sent:#?}");
    let (status, unfinished) = desk.json(&["unfinished", FJORDLYS, "--login-hint", INGRID]);
    assert_eq!((status, unfinished.len()), (1, 0));
}

#[test]
fn one_fills_in_and_another_signs() {
    let desk = Desk::new();
    let file = desk.sample("fjordlys");
    let (status, waiting) = submit(&desk, JONAS, &["--yes", &file]);
    assert_eq!((status, waiting[0]["outcome"].as_str()), (1, Some("waiting")));
    let id = waiting[0]["filing"]["id"].as_str().unwrap();
    let sign = |hint: &str, more: &[&str]| {
        let (status, said) = desk.json(&[&["sign", id, "--login-hint", hint], more].concat());
        (status, said.into_iter().next().unwrap_or_default())
    };
    let (status, declined) = sign(INGRID, &[]);
    assert_eq!((status, declined["outcome"].as_str()), (1, Some("declined")), "nobody is here to say yes");
    let (status, waiting) = sign(KARI, &["--yes"]);
    assert_eq!((status, waiting["outcome"].as_str()), (1, Some("waiting")), "she may not sign either");
    assert_eq!(
        (waiting["filing"]["problem"]["code"].as_str(), &waiting["filing"]["signedBy"]),
        (Some("mayNotSign"), &Value::Null)
    );
    assert_eq!(waiting["filing"]["row"]["filedBy"], "Jonas Eide");
    let (status, signed) = sign(INGRID, &["--yes"]);
    assert_eq!((status, signed["outcome"].as_str()), (0, Some("received")), "{signed:#?}");
    assert_eq!(signed["filing"]["row"]["filedBy"], "Jonas Eide");
    assert_eq!(signed["filing"]["signedBy"], "Ingrid Solvang");
    assert_eq!(sign(INGRID, &["--yes"]), (1, Value::Null), "it waits for no signature any more");
    assert_eq!(desk.json(&["sign", "no-such-filing", "--yes"]), (1, Vec::new()));
}

/// Removes the database, as a disk or a person does.
fn lose_the_database(desk: &Desk) {
    for part in ["momsbud.db", "momsbud.db-wal", "momsbud.db-shm"] {
        let _ = fs::remove_file(desk.folder.path().join("data").join(part));
    }
}

#[test]
fn what_was_delivered_before_the_database_was_lost_is_found_and_not_delivered_again() {
    let desk = Desk::new();
    let good = desk.sample("fjordlys");
    let (status, outcomes) = submit(&desk, INGRID, &["--yes", "--no-wait", &good]);
    assert_eq!((status, outcomes[0]["outcome"].as_str()), (0, Some("delivered")), "{outcomes:#?}");
    lose_the_database(&desk);
    // There is no keyring here, so that nothing vouches for the archive but Altinn.
    let known = |status: i32, outcomes: &[Value]| {
        // Where the return itself is known to be the same its receipt is waited for; else the period is filed before.
        let (outcome, code) = (outcomes[0]["outcome"].as_str(), outcomes[0]["error"]["code"].as_str());
        (status, outcome) == (0, Some("received")) || (status, code) == (1, Some("alreadyFiled"))
    };
    let (status, outcomes) = submit(&desk, INGRID, &["--yes", &good]);
    assert!(known(status, &outcomes), "{status} {outcomes:#?}");
    assert_eq!(desk.practice.deliveries(), 1);
    // The archive may be lost with it.
    lose_the_database(&desk);
    fs::remove_dir_all(desk.folder.path().join("archive")).unwrap();
    let (status, outcomes) = submit(&desk, INGRID, &["--yes", &good]);
    assert!(known(status, &outcomes), "{status} {outcomes:#?}");
    assert_eq!(desk.practice.deliveries(), 1);
    let (_, rows) = desk.json(&["history"]);
    assert_eq!((rows.len(), rows[0]["orgNumber"].as_str()), (1, Some("311797816")), "{rows:#?}");
}

#[test]
fn a_file_name_or_path_in_an_argument_is_no_filing() {
    let desk = Desk::new();
    let victim = desk.folder.path().join("victim");
    fs::create_dir(&victim).unwrap();
    for filing in [victim.to_str().unwrap(), "../victim", "..", "/"] {
        let done = desk.command(&["receipt", filing]).output().unwrap();
        assert_ne!(done.status.code(), Some(0), "{filing:?}");
    }
    assert!(victim.exists());
    let locks: Vec<_> = fs::read_dir(desk.folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(!locks.iter().any(|path| path.extension().is_some_and(|it| it == "lock")), "{locks:?}");
}

#[cfg(unix)]
#[test]
fn a_database_that_may_only_be_read_shows_its_history() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let good = desk.sample("fjordlys");
    assert_eq!(submit(&desk, INGRID, &["--yes", &good]).0, 0);
    let data = desk.folder.path().join("data");
    // As root everything may be written, whatever its mode says: a disk that may only be read is one for root too.
    let mounted = Command::new("mount").args(["--bind", "-o", "ro"]).arg(&data).arg(&data).status();
    let remounted = Command::new("mount").args(["-o", "remount,ro,bind"]).arg(&data).status();
    let is_root = mounted.is_ok_and(|it| it.success()) && remounted.is_ok_and(|it| it.success());
    if !is_root {
        fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
        for file in fs::read_dir(&data).unwrap().map(|it| it.unwrap().path()).filter(|it| it.is_file()) {
            fs::set_permissions(file, fs::Permissions::from_mode(0o400)).unwrap();
        }
    }
    let history = desk.command(&["history"]).output().unwrap();
    // Whatever only looks works too; what was filed has its deadline, so that nothing is due.
    let looks =
        [("due", 0), ("status", 1), ("integration list", 0), ("archive verify", 0), ("draft list", 1), ("receipt", 0)];
    let looked = looks.map(|(call, wanted)| (call, wanted, desk.said(&call.split(' ').collect::<Vec<_>>())));
    if is_root {
        assert!(Command::new("umount").arg("--lazy").arg(&data).status().unwrap().success());
    } else {
        fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let said = String::from_utf8_lossy(&history.stdout).into_owned();
    assert_eq!(history.status.code(), Some(0), "{said} {}", String::from_utf8_lossy(&history.stderr));
    assert!(said.contains("311797816"), "{said}");
    for (call, wanted, (status, said)) in looked {
        assert_eq!(status, wanted, "{call}: {said}");
    }
}
