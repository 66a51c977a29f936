//! What another desk filed is fetched from the office register, compared with its sum, and mirrored whole; what somebody has
//! changed in the database is named and never written over what was fetched before.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{
    desk::{FJORDLYS, INGRID, VIKA, a_return, in_a_session},
    office_register::{PASSWORD, sql},
    two_desks::Firm,
};

#[test]
fn what_another_desk_filed_is_fetched_verified_and_mirrored() {
    in_a_session("mirror::within_the_session");
}

#[test]
#[ignore = "run by what_another_desk_filed_is_fetched_verified_and_mirrored"]
fn within_the_session() {
    let mut firm = Firm::new();
    let mut ids = Vec::new();
    for (name, company) in [("vika.xml", VIKA), ("fjordlys.xml", FJORDLYS)] {
        let filed = firm.kari.files(INGRID, &[&firm.kari.put(name, a_return(company, "januar-februar"))]);
        ids.push(filed[0]["filing"]["id"].as_str().unwrap().to_owned());
    }
    let (vika, fjordlys) = (&ids[0], &ids[1]);
    let all: usize = firm.told("SELECT count(*) FROM register.manifests").parse().unwrap();
    assert!(all > 6, "{all}");
    assert_eq!(firm.ola.history().len(), 0, "Ola has filed nothing");

    // One filing, as it lies at the desk that filed it.
    let one = firm.ola.path("one");
    let (status, lines) = firm.ola.json(&["register", "mirror", vika, "--to", &one]);
    assert_eq!((status, &lines[0]["there"], &lines[0]["left"]), (0, &json!(0), &json!([])), "{lines:?}");
    let receipt = |folder: &str, company: &str, id: &str| {
        Path::new(folder).join(company).join("documents").join(id).join("kvittering.pdf")
    };
    let fetched = fs::read(receipt(&one, VIKA, vika)).unwrap();
    let at_kari = files_below(&firm.kari.folder.path().join("archive"), "kvittering.pdf");
    assert!(at_kari.iter().any(|path| fs::read(path).unwrap() == fetched), "{at_kari:?}");
    assert!(!Path::new(&one).join(FJORDLYS).exists());

    // All of them, and again.
    let whole = firm.ola.path("whole");
    let counts = |lines: &[Value]| (lines[0]["fetched"].as_u64().unwrap(), lines[0]["there"].as_u64().unwrap());
    let (status, lines) = firm.ola.json(&["register", "mirror", "--to", &whole]);
    assert_eq!((status, counts(&lines)), (0, (all as u64, 0)), "{lines:?}");
    // Broken off it goes on: what is there stays, what is not is fetched.
    fs::remove_file(receipt(&whole, FJORDLYS, fjordlys)).unwrap();
    let (status, lines) = firm.ola.json(&["register", "mirror", "--to", &whole]);
    assert_eq!((status, counts(&lines)), (0, (1, all as u64 - 1)), "{lines:?}");

    // Somebody changes a receipt in the database.
    sql(
        &firm.cluster,
        "momsbud",
        &format!(
            "ALTER TABLE register.documents DROP CONSTRAINT documents_check; \
             UPDATE register.documents SET bytes = '%PDF forged' WHERE sha256 = (SELECT sha256 FROM register.manifests \
             WHERE filing = '{vika}' AND name = 'kvittering.pdf')"
        ),
    );
    let later = firm.ola.path("later");
    let (status, said) = firm.ola.said(&["register", "mirror", "--to", &later]);
    assert!(status == 1 && said.contains("noen har endret det der") && said.contains("kvittering.pdf"), "{said}");
    assert!(!receipt(&later, VIKA, vika).exists(), "what was forged is not written");
    assert_eq!(fs::read(receipt(&whole, VIKA, vika)).unwrap(), fetched);
    // And its sum with it: then what was fetched before says otherwise, and stays.
    sql(
        &firm.cluster,
        "momsbud",
        &format!(
            "INSERT INTO register.documents VALUES (sha256('%PDF forged too'), '%PDF forged too'); \
             UPDATE register.manifests SET sha256 = sha256('%PDF forged too') \
             WHERE filing = '{vika}' AND name = 'kvittering.pdf'"
        ),
    );
    let (status, lines) = firm.ola.json(&["register", "mirror", "--to", &whole]);
    let left = json!([{"filing": vika, "name": "kvittering.pdf", "why": "differs"}]);
    assert_eq!((status, &lines[0]["left"]), (1, &left), "{lines:?}");
    assert_eq!(fs::read(receipt(&whole, VIKA, vika)).unwrap(), fetched);

    // What is none, is not there, or may not be seen any more.
    let refused = |arguments: &[&str], words: &str| {
        let (status, said) = firm.ola.said(&[&["register", "mirror", "--to", &later], arguments].concat());
        assert!(status == 2 && said.contains(words), "{arguments:?}: {status}: {said}");
    };
    refused(&["../1"], "ikke nøkkelen");
    refused(&["0b0f7a3e-51c5-4a5c-9d5c-3f6f0f5f2f10"], "ingen dokumenter");
    let admin = firm.cluster.address("admin");
    let revoked = firm.kari.tell(&["register", "revoke", "ola", "--register", &admin], PASSWORD);
    assert_eq!(revoked.status.code(), Some(0));
    refused(&[], "Du har ikke tilgang");
    firm.cluster.down();
    let (status, said) = firm.kari.said(&["register", "mirror", "--to", &firm.kari.path("away")]);
    assert!(status == 2 && said.contains("kan ikke nås"), "{status}: {said}");
}

/// Files of that name, however deep.
fn files_below(folder: &Path, name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files_below(&path, name));
        } else if path.file_name().is_some_and(|own| own == name) {
            found.push(path);
        }
    }
    found
}
