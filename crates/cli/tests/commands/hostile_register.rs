//! A register, or a colleague with rights in it, that names what is not its own: nobody's instances are thrown away for that,
//! nothing is noted as delivered, no document goes under another's name, and nobody is kept from leaving.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    desk::{FJORDLYS, INGRID, VIKA, a_return, in_a_session, until},
    office_register::{admit, sql},
    two_desks::{Firm, files},
};

/// SHA-256 of `%PDF forged`.
const FORGED: &str = "0bdfd521db1f71b3915834982bd1bf834d52416d17fc3b32d1d45cee2917b127";

#[test]
fn a_register_that_names_what_is_not_its_own_is_not_obeyed() {
    in_a_session("hostile_register::within_the_session");
}

#[test]
#[ignore = "run by a_register_that_names_what_is_not_its_own_is_not_obeyed"]
fn within_the_session() {
    let firm = Firm::new();
    let delivered = firm.kari.files(INGRID, &[&firm.kari.put("vika.xml", a_return(VIKA, "januar-februar"))]);
    let id = delivered[0]["filing"]["id"].as_str().unwrap().to_owned();
    what_is_not_owed_is_not_kept(&firm, &id);
    another_companys_instances_are_left_alone(&firm, &id);
    a_forged_document_goes_to_nobody(&firm, &id);
    nobody_is_kept_by_a_name(&firm);
}

/// What practice invents is kept by no register, whoever tells it.
fn what_is_not_owed_is_not_kept(firm: &Firm, id: &str) {
    let kept = format!("SELECT payment IS NULL FROM register.filings WHERE id = '{id}'");
    assert_eq!(firm.told(&kept), "true");
    sql(
        &firm.cluster,
        "momsbud",
        &format!("UPDATE register.filings SET payment = '{{\"kid\": \"1\"}}' WHERE id = '{id}'"),
    );
    assert_eq!(firm.told(&kept), "true", "nor of a program of before");
}

/// A claim of Fjordlys that names an instance of Vika's, left behind by a desk that died: whoever runs the server writes it past
/// the schema, which refuses it to everybody else.
fn plant(firm: &Firm, phase: &str, instance: &str, (from, to): (&str, &str)) {
    sql(
        &firm.cluster,
        "momsbud",
        &format!(
            "SET session_replication_role = replica; \
             INSERT INTO register.claims (environment, org_number, category, period_from, period_to, era, fence, phase, desk, \
             filing, role, instance, made_role, made_desk, made_filing, lease_until) \
             SELECT environment, '{FJORDLYS}', category, '{from}', '{to}', era, 1, '{phase}', desk, \
             '0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44', role, '{instance}', role, desk, '0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44', \
             clock_timestamp() - interval '1 second' FROM register.claims WHERE org_number = '{VIKA}' LIMIT 1"
        ),
    );
}

fn another_companys_instances_are_left_alone(firm: &Firm, id: &str) {
    // One of Vika's that is about to be delivered when its desk dies.
    firm.practice.fault("secondNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mine = firm.kari.put("vika-2.xml", a_return(VIKA, "mars-april"));
    let mut kari = files(&firm.kari, &mine);
    until("asked to deliver", || firm.told("SELECT count(*) FROM register.claims WHERE phase = 'delivering'") == "1");
    firm.practice.until_quiet();
    kari.kill().unwrap();
    kari.wait().unwrap();
    firm.practice.no_faults();
    let open = firm.told("SELECT instance FROM register.claims WHERE phase = 'delivering'");
    let sent = firm.told(&format!("SELECT instance FROM register.filings WHERE id = '{id}'"));
    let (before, deleted) = (firm.practice.deliveries(), firm.practice.calls("deleteInstance"));
    let submit = |period: &str| {
        let file = firm.ola.put(&format!("{period}.xml"), a_return(FJORDLYS, period));
        firm.ola.json(&["submit", "--yes", "--login-hint", INGRID, &file])
    };

    // Said to be left over: it is left alone, and the period is filed.
    plant(firm, "held", &open, ("2026-01-01", "2026-02-28"));
    let (status, said) = submit("januar-februar");
    assert_eq!((status, firm.practice.deliveries() - before), (0, 1), "{said:#?}");

    // Said to be perhaps delivered, one that is not and one that is: nothing is done to it, told of it or sent, and it is said.
    for (instance, period, days) in
        [(&open, "mars-april", ("2026-03-01", "2026-04-30")), (&sent, "mai-juni", ("2026-05-01", "2026-06-30"))]
    {
        plant(firm, "delivering", instance, days);
        let (status, said) = submit(period);
        assert_eq!((status, firm.practice.deliveries() - before), (1, 1), "{period}: {said:#?}");
        assert!(said[0].to_string().contains("registerRefused"), "{said:#?}");
        let told = "SELECT count(*) FROM register.deliveries WHERE org_number = '311797816' AND period_from = ";
        assert_eq!(firm.told(&format!("{told}'{}'", days.0)), "0");
    }
    assert_eq!(firm.practice.calls("deleteInstance"), deleted, "nobody's instance is thrown away");
    // Whose it is goes on with it.
    let (_, back) = firm.kari.said(&["resume", "--yes", "--login-hint", INGRID]);
    assert_eq!(firm.practice.deliveries() - before, 2, "{back}");
}

/// Whoever can write to the archive changes a receipt, and the folder's list with it.
fn a_forged_document_goes_to_nobody(firm: &Firm, id: &str) {
    let folder = folder_of(&firm.kari.folder.path().join("archive"), id).unwrap();
    let file = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    fs::write(folder.join("kvittering.pdf"), "%PDF forged").unwrap();
    manifest["files"]["kvittering.pdf"] = json!({"size": 11, "sha256": FORGED});
    fs::write(&file, manifest.to_string()).unwrap();
    sql(&firm.cluster, "momsbud", &format!("DELETE FROM register.manifests WHERE filing = '{id}'"));
    let local = rusqlite::Connection::open(firm.kari.folder.path().join("data/momsbud.db")).unwrap();
    local.execute("INSERT INTO register_outbox (filing) VALUES (?1)", [id]).unwrap();
    drop(local);
    firm.kari.said(&["resume"]);
    let there = format!("SELECT count(*) FROM register.manifests WHERE filing = '{id}'");
    assert_eq!(firm.told(&there), "0", "told as it goes on");
    let password = admit(&firm.kari, &firm.cluster, "kari");
    let address = firm.cluster.address("kari");
    let again =
        firm.kari.tell(&["register", "move-in", "--json", "--desk", "pc-kari", &address], &format!("{password}\n"));
    let moved: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((again.status.code(), &moved["changed"]), (Some(1), &json!([id])), "{moved}");
    assert_eq!(firm.told(&there), "0", "moving in");
}

/// Documents whose names no system takes, or that read as another kind of file.
fn nobody_is_kept_by_a_name(firm: &Firm) {
    let long = "å".repeat(200);
    for name in ["NUL", "Kvittering\u{202e}fdp.exe", "a:b", "a_b", "x.", "x", &long] {
        sql(
            &firm.cluster,
            "momsbud",
            &format!(
                "INSERT INTO register.manifests (environment, filing, org_number, name, sha256, by) \
                 SELECT environment, filing, org_number, '{name}', sha256, by FROM register.manifests \
                 WHERE name = 'kvittering.pdf' ORDER BY filing LIMIT 1"
            ),
        );
    }
    let home = firm.kari.path("home");
    let (status, said) = firm.kari.said(&["register", "leave", "--yes", "--to", &home]);
    assert_eq!(status, 0, "{said}");
    let mut names = Vec::new();
    for filing in fs::read_dir(Path::new(&home).join("documents")).unwrap() {
        let files = fs::read_dir(filing.unwrap().path()).unwrap();
        names.extend(files.map(|file| file.unwrap().file_name().into_string().unwrap()));
    }
    for wanted in ["_NUL", "Kvittering_fdp.exe", "a_b", "a_b (2)", "x", "x (2)"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted}: {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("ååå")), "{names:?}");
    let rows = fs::read_to_string(Path::new(&home).join("manifests.jsonl")).unwrap();
    assert_eq!(rows.lines().count(), names.len(), "each is there: {said}");
}

fn folder_of(below: &Path, id: &str) -> Option<std::path::PathBuf> {
    for entry in fs::read_dir(below).ok()?.map(Result::unwrap).filter(|it| it.file_type().unwrap().is_dir()) {
        let path = entry.path();
        if fs::read_to_string(path.join("manifest.json")).is_ok_and(|manifest| manifest.contains(id)) {
            return Some(path);
        }
        if let Some(found) = folder_of(&path, id) {
            return Some(found);
        }
    }
    None
}
