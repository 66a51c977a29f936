#![allow(clippy::unwrap_used)]
use std::fs;

use rust_decimal::Decimal;
use vat_return::{Category, Period, PeriodKind};
use view::{Delivered, EnvironmentName, FilingState, StepName, ids::FilingId};

use super::*;
use crate::filings::Subject;

pub(crate) fn filing(id: &str) -> Filing {
    Filing {
        number: 1,
        id: FilingId::named(id),
        subject: Subject {
            environment: EnvironmentName::Production,
            org_number: "311797816".parse().unwrap(),
            category: Category::Ordinary,
            period: Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 },
        },
        company_name: Some("Fjord/lys: AS".into()),
        assessed_vat: Decimal::from(79_857),
        sha256: String::new(),
        file_name: "mva.xml".into(),
        authorization: Some(access::authorizations::AuthorizationId::new("a")),
        filed_by: Some("Ingrid Solvang".into()),
        signed_by: None,
        correction: false,
        state: FilingState::WaitingAnswer,
        step: StepName::Archive,
        delivered: Delivered::Yes,
        instance: None,
        problem: None,
        begun_at: "2026-11-21T10:00:00Z".parse().unwrap(),
        // Past midnight in Norway.
        delivered_at: Some("2026-11-21T23:30:00Z".parse().unwrap()),
        payment: None,
        verdict: None,
        substatus: None,
        archive_folder: None,
        files: Vec::new(),
        replaced: false,
    }
}

/// A folder that is sealed by nobody and in which nothing has happened.
pub(crate) fn plain() -> FolderContents<'static> {
    FolderContents { events: &[], attachments: &[], language: Language::Nb, key: None }
}

fn documents(text: &'static str) -> Vec<Document> {
    vec![Document::new(SENT_RETURN, text.as_bytes())]
}

fn put(archive: &Archive, filing: &Filing, folder: &str, text: &'static str) -> String {
    archive.put(filing, folder, &documents(text), &plain()).unwrap().folder
}

#[test]
fn each_filing_of_a_period_has_the_next_number() {
    let root = tempfile::tempdir().unwrap();
    let archive = Archive::new(root.path().to_owned());
    let (first, second) = (filing("one"), filing("two"));
    let folder = archive.choose(&first).unwrap();
    assert_eq!(folder, "Produksjon/Fjord_lys_ AS 311797816/2026 september–oktober/1 (2026-11-22)");
    assert_eq!(put(&archive, &first, &folder, "one"), folder);
    // Put away twice (the program died in between), it is still one folder.
    assert_eq!(put(&archive, &first, &folder, "one again"), folder);
    assert_eq!(fs::read(archive.path(&folder).unwrap().join("mva-melding.xml")).unwrap(), b"one again");
    // Chosen at the same moment by another program, it is taken by now.
    let taken = put(&archive, &second, &folder, "two");
    assert!(taken.contains("/2 ("), "{taken}");
    assert_eq!(fs::read(archive.path(&folder).unwrap().join("mva-melding.xml")).unwrap(), b"one again");
    assert_eq!(fs::read_dir(archive.path(&folder).unwrap().parent().unwrap()).unwrap().count(), 2);
}

/// Whoever can write to the archive may call a folder what he likes: no number in a name makes two filings share a folder,
/// of which the second would take the first one's receipt away.
#[test]
fn no_number_in_a_name_has_two_filings_in_one_folder() {
    let root = tempfile::tempdir().unwrap();
    let archive = Archive::new(root.path().to_owned());
    let place = root.path().join("Produksjon/Fjord_lys_ AS 311797816/2026 september–oktober");
    for planted in ["4294967295 (2026-11-22)", "99999 (2026-11-22)", "100000 (2026-11-22)", "999999999999999999999 x"] {
        fs::create_dir_all(place.join(planted)).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/", place.join("100001 (2026-11-22)")).unwrap();
    let mut folders = Vec::new();
    for id in ["one", "two", "three"] {
        let filing = filing(id);
        let folder = archive.choose(&filing).unwrap();
        folders.push((put(&archive, &filing, &folder, "x"), filing.id.clone()));
    }
    for (folder, id) in &folders {
        assert_eq!(Manifest::read(&archive.path(folder).unwrap()).unwrap().filing, *id, "{folders:?}");
    }
}

/// A program that is killed between the folder and the row that names it.
#[test]
fn a_filing_that_has_a_folder_gets_no_second_one() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::new(folder.path().to_owned());
    let filing = filing("one");
    let first = archive.put_under_way(&filing, &documents("return"), &plain()).unwrap().folder;
    assert_eq!(archive.put_under_way(&filing, &documents("return"), &plain()).unwrap().folder, first);
    let moved = Archive::new(folder.path().join("new")).with_earlier(vec![folder.path().to_owned()]);
    assert_eq!(moved.choose(&filing).unwrap(), first);
    let another = self::filing("two");
    assert_ne!(archive.put_under_way(&another, &documents("return"), &plain()).unwrap().folder, first);
}

#[test]
fn a_manifest_keeps_its_form() {
    let root = tempfile::tempdir().unwrap();
    let archive = Archive::new(root.path().to_owned());
    let first = filing("one");
    let folder = put(&archive, &first, &archive.choose(&first).unwrap(), "one");
    let manifest = fs::read_to_string(archive.path(&folder).unwrap().join(MANIFEST)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let expected = serde_json::json!({
        "version": 3,
        "filing": first.id,
        "number": 1,
        "environment": "production",
        "orgNumber": "311797816",
        "company": "Fjord/lys: AS",
        "category": "alminnelig",
        "periodElement": "skattleggingsperiodeToMaaneder",
        "period": "september-oktober",
        "year": 2026,
        "assessedVat": "79857",
        "fileName": "mva.xml",
        "instance": null,
        "filedBy": "Ingrid Solvang",
        "begunAt": "2026-11-21T11:00:00+01:00",
        "deliveredAt": "2026-11-22T00:30:00+01:00",
        "correction": false,
        "state": "waitingAnswer",
        "problem": null,
        "timeline": [],
        "files": manifest["files"],
    });
    assert_eq!(manifest, expected);
    let sum = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
    assert_eq!(manifest["files"]["mva-melding.xml"], serde_json::json!({"size": 3, "sha256": sum}));
}

/// Every earlier program wants a text there, and has written an empty one.
#[test]
fn a_name_that_nobody_knows_is_an_empty_text_in_a_manifest_and_none_elsewhere() {
    let root = tempfile::tempdir().unwrap();
    let archive = Archive::new(root.path().to_owned());
    let own = Filing { filed_by: None, ..filing("one") };
    let folder = put(&archive, &own, &archive.choose(&own).unwrap(), "one");
    let path = archive.path(&folder).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&fs::read(path.join(MANIFEST)).unwrap()).unwrap();
    assert_eq!(manifest["filedBy"], "");
    assert_eq!(Manifest::read(&path).unwrap().filed_by, None);
    assert!(!fs::read_to_string(path.join(TIMELINE)).unwrap().contains("Sendt inn av"));
}

#[test]
fn a_manifest_of_every_version_is_read() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../office/fuzz/seeds/manifest");
    let mut versions = Vec::new();
    for (seed, states) in [("old.json", None), ("second.json", Some("received")), ("received.json", Some("received"))] {
        let mut json: serde_json::Value = serde_json::from_slice(&fs::read(seeds.join(seed)).unwrap()).unwrap();
        if seed == "old.json" {
            // Its names lead out of the folder, and it is refused for them.
            assert!(manifest::Manifest::parse(json.to_string().as_bytes()).is_err());
            json["files"] = serde_json::json!({"mva-melding.xml": {"size": 1, "sha256": ""}});
        }
        let read = manifest::Manifest::parse(json.to_string().as_bytes()).unwrap();
        assert_eq!(read.state.as_deref(), states, "{seed}");
        let said = serde_json::to_value(&read).unwrap();
        // What was paid is read from its own file.
        for (key, value) in json.as_object().unwrap().iter().filter(|(key, _)| *key != "payment") {
            assert_eq!(&said[key], value, "{seed}: {key}");
        }
        versions.push(json["version"].as_u64().unwrap());
    }
    assert_eq!(versions, [1, 2, 3]);
}

#[test]
fn an_archive_that_cannot_be_written_says_so_and_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("a file");
    fs::write(&file, b"").unwrap();
    let archive = Archive::new(file.clone());
    let filing = filing("one");
    let error = archive.put(&filing, "Test/x/y/1", &documents("x"), &plain()).unwrap_err();
    let view = Problem::from(error);
    assert_eq!(view.code, ErrorCode::ArchiveUnusable);
    assert!(view.values["path"].starts_with(&file.display().to_string()));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

#[test]
fn what_stayed_in_an_earlier_folder_is_found_and_new_filings_go_to_the_new_one() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = Archive::new(old.path().to_owned());
    let first = filing("one");
    let folder = before.choose(&first).unwrap();
    put(&before, &first, &folder, "one");
    let archive = Archive::new(new.path().to_owned()).with_earlier(vec![old.path().to_owned()]);
    assert_eq!(fs::read(archive.path(&folder).unwrap().join("mva-melding.xml")).unwrap(), b"one");
    let second = archive.choose(&filing("two")).unwrap();
    assert!(second.contains("/2 ("), "{second}");
    put(&archive, &filing("two"), &second, "two");
    assert!(archive.path(&second).unwrap().starts_with(new.path()));
    // Fetched again, a receipt goes where its filing lies.
    put(&archive, &first, &folder, "one again");
    assert!(archive.path(&folder).unwrap().starts_with(old.path()));
}

/// Whoever can write to the archive puts a link in the place of a company's folder while a filing is written into it, again and
/// again: nothing is written to where it leads.
#[cfg(unix)]
#[test]
fn what_is_written_stays_within_whoever_exchanges_a_folder_meanwhile() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let (root, hers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let archive = Archive::new(root.path().join("Momsbud"));
    let own = filing("one");
    let folder = put(&archive, &own, &archive.choose(&own).unwrap(), "first");
    let company = archive.root().join(folder.split('/').take(2).collect::<Vec<_>>().join("/"));
    let (aside, link) = (root.path().join("aside"), root.path().join("link"));
    std::os::unix::fs::symlink(hers.path(), &link).unwrap();
    let over = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                // What has been made anew in the meantime is in the way, and goes.
                let _ = std::fs::rename(&company, &aside);
                let _ = std::fs::remove_dir_all(&company);
                if std::fs::rename(&link, &company).is_ok() {
                    std::thread::yield_now();
                    std::fs::rename(&company, &link).unwrap();
                }
                let _ = std::fs::remove_dir_all(&company);
                let _ = std::fs::rename(&aside, &company);
            }
        });
        let put = |_: &u32| archive.put(&own, &folder, &documents("again"), &plain()).is_ok();
        let written = (0..2_000).filter(put).count();
        over.store(true, Ordering::Relaxed);
        written
    });
    let outside: Vec<_> = std::fs::read_dir(hers.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(outside.is_empty(), "{outside:?}");
    assert!(written > 0, "none was written at all");
}
