//! Two desks of a firm with one office register, at the same authorities: a period is filed once, whatever dies when, and who
//! comes second is told who was first.

use std::{
    process::{Child, Stdio},
    thread,
};

use serde_json::{Value, json};

use crate::{
    cluster::Cluster,
    desk::{Desk, INGRID, Practice, VIKA, a_return, in_a_session, lines, text, until, waited},
    office_register::{PASSWORD, admit, empty, move_in, sql},
};

/// Two desks that have moved in, and what they share.
pub(crate) struct Firm {
    pub(crate) cluster: Cluster,
    pub(crate) practice: std::sync::Arc<Practice>,
    pub(crate) kari: Desk,
    pub(crate) ola: Desk,
}

impl Firm {
    pub(crate) fn new() -> Self {
        let cluster = Cluster::start("");
        empty(&cluster);
        let practice = Practice::start();
        practice.receipts_take(0.2);
        let (kari, ola) = (Desk::with_keyring(&practice), Desk::with_keyring(&practice));
        let made = kari.tell(&["register", "create", &cluster.address("admin")], PASSWORD);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
        for (role, desk) in [("kari", &kari), ("ola", &ola)] {
            let password = admit(desk, &cluster, role);
            move_in(desk, &cluster, role, &password);
        }
        Self { cluster, practice, kari, ola }
    }

    /// One value of the register, as text.
    pub(crate) fn told(&self, select: &str) -> String {
        let config = format!("host={} user=postgres dbname=momsbud", self.cluster.folder().display());
        waited(async {
            let (client, connection) = tokio_postgres::connect(&config, tokio_postgres::NoTls).await.unwrap();
            let driven = tokio::spawn(connection);
            let told: String = client.query_one(&format!("SELECT ({select})::text"), &[]).await.unwrap().get(0);
            drop(client);
            let _ended = driven.await;
            told
        })
    }

    /// The leases of whoever has died are over.
    fn leases_are_over(&self) {
        sql(
            &self.cluster,
            "momsbud",
            "UPDATE register.claims SET lease_until = clock_timestamp() - interval '1 second'",
        );
    }
}

/// Begins to file, and does not wait for the end.
pub(crate) fn files(desk: &Desk, file: &str) -> Child {
    desk.command(&["submit", "--yes", "--json", "--login-hint", INGRID, file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> (i32, Vec<Value>) {
    lines(&child.wait_with_output().unwrap())
}

/// A return of a period that is over.
fn of_this_year_or_last(company: &str, period: &str) -> String {
    let made = a_return(company, period);
    if period == "november-desember" { made.replace("<aar>2026</aar>", "<aar>2025</aar>") } else { made }
}

#[test]
fn two_desks_file_a_period_once_whatever_dies_when() {
    in_a_session("two_desks::within_the_session");
}

#[test]
#[ignore = "run by two_desks_file_a_period_once_whatever_dies_when"]
fn within_the_session() {
    let mut firm = Firm::new();
    at_the_same_time(&firm);
    for (number, call) in
        ["createInstance", "putEnvelope", "firstNext", "secondNext", "readInstance"].iter().enumerate()
    {
        killed(&firm, call, number);
    }
    seen_by_the_other(&firm);
    who_is_responsible(&firm);
    the_register_is_away(&mut firm);
    without_the_register(&mut firm);
    // Each delivery is known to the register, once, and every filing as its own desk has it.
    let delivered = firm.practice.deliveries().to_string();
    assert_eq!(firm.told("SELECT count(*) FROM register.deliveries"), delivered);
    assert_eq!(firm.told("SELECT count(*) FROM register.claims WHERE phase <> 'free'"), "0");
    for (role, desk) in [("kari", &firm.kari), ("ola", &firm.ola)] {
        everything_is_told(&firm, role, desk);
    }
    what_another_has_written_stays(&firm);
    the_register_has_lost_what_was_written_last(&firm);
}

/// The register says of a desk's filings what the desk says, with what has happened and nothing that is nobody's business.
fn everything_is_told(firm: &Firm, role: &str, desk: &Desk) {
    desk.said(&["resume", "--yes", "--login-hint", INGRID]);
    for filing in desk.history() {
        let id = filing["id"].as_str().unwrap();
        let of = |value: &str| {
            firm.told(&format!("SELECT {value} FROM register.filings WHERE id = '{id}' AND role = '{role}'"))
        };
        assert_eq!(filing["state"], of("state"), "{filing}");
        assert_eq!(filing["deliveredAt"].is_null(), of("delivered") != "yes", "{filing}");
        assert!(of("jsonb_array_length(timeline)").parse::<u32>().unwrap() > 2, "{filing}");
        assert_eq!(of("filed_by"), "Ingrid Solvang");
        if filing["state"] == "received" {
            assert_eq!(of("payment IS NULL"), "true", "what practice invents leaves for nobody: {filing}");
            assert!(
                of(&format!("(SELECT count(*) FROM register.manifests WHERE filing = '{id}')")).parse::<u32>().unwrap()
                    > 3
            );
        }
    }
    let status = &desk.json(&["register", "status"]).1[0];
    assert_eq!(status["untold"], json!([]), "{status}");
    let everything = firm.told("SELECT string_agg(to_jsonb(f)::text, ' ') FROM register.filings f");
    assert!(!everything.contains("14838411585") && !everything.contains("token"), "{everything}");
}

/// While one files, the other is told who and where.
fn seen_by_the_other(firm: &Firm) {
    let file = firm.kari.put("seen.xml", a_return(crate::desk::FJORDLYS, "januar-februar"));
    firm.practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 15_000}));
    let kari = files(&firm.kari, &file);
    let status = || firm.ola.json(&["register", "status"]).1[0]["underWay"].clone();
    until("it is seen", || status().as_array().is_some_and(|all| all.len() == 1));
    let all = status();
    let seen = &all[0];
    firm.practice.no_faults();
    assert_eq!((&seen["name"], &seen["desk"]), (&json!("kari Nordmann"), &json!("pc-kari")), "{seen}");
    assert_eq!((&seen["orgNumber"], &seen["from"]), (&json!(crate::desk::FJORDLYS), &json!("2026-01-01")), "{seen}");
    // What the register says of the filing turns with it.
    let state = "SELECT coalesce(max(state), '') FROM register.filings WHERE org_number = '311797816' AND period_from = '2026-01-01'";
    until("it is told while it runs", || firm.told(state) == "running");
    let (_, said) = firm.ola.said(&["--lang", "nb", "register", "status"]);
    assert!(said.contains("sendes nå fra en annen arbeidsplass (pc-kari), av kari Nordmann"), "{said}");
    let (status_of, lines) = ended(kari);
    assert_eq!(status_of, 0, "{lines:#?}");
    assert_eq!(firm.told(state), "received");
    assert_eq!(status(), json!([]));
}

/// Companies are handed over, from one desk, and what is hers and what she stands in for is listed at the other.
fn who_is_responsible(firm: &Firm) {
    let (kari, ola) = (&firm.kari, &firm.ola);
    let told = |desk: &Desk, arguments: &[&str], words: &str| {
        let (status, said) = desk.said(&[&["register"], arguments].concat());
        assert!(status == 0 && said.contains(words), "{arguments:?}: {status}: {said}");
    };
    let hers = |desk: &Desk, arguments: &[&str]| -> Vec<String> {
        assert_eq!(desk.said(&["register", "status"]).0, 0);
        let due = desk.json(&[&["due", "--within", "366d"], arguments].concat()).1;
        let mut all: Vec<String> = due.iter().map(|one| one["orgNumber"].as_str().unwrap().to_owned()).collect();
        all.dedup();
        all.sort();
        all.dedup();
        all
    };
    assert_eq!(hers(kari, &["--mine"]), [""; 0]);
    assert_eq!(hers(kari, &["--unassigned"]), hers(kari, &[]));
    told(ola, &["hand-over", crate::desk::FJORDLYS, VIKA, "--to", "kari"], "kari har ansvaret for 2 virksomheter");
    assert_eq!((hers(kari, &["--mine"]), hers(ola, &["--mine"])), (hers(kari, &[]), vec![]));
    // On holiday: they are Ola's meanwhile, and hers afterwards.
    told(kari, &["away", "--until", "2099-07-24", "--stand-in", "ola"], "ola er stedfortreder");
    assert_eq!(hers(ola, &["--mine"]), hers(ola, &[]));
    let (_, list) = ola.said(&["due", "--within", "366d", "--by-responsible"]);
    assert!(list.contains("kari Nordmann (ola Nordmann er stedfortreder)"), "{list}");
    told(kari, &["away", "--back"], "kari er tilbake");
    assert_eq!(hers(ola, &["--mine"]), [""; 0]);
    // For good: all of hers.
    told(ola, &["hand-over", "--of", "kari", "--to", "ola"], "ola har ansvaret for 2 virksomheter");
    assert_eq!((hers(kari, &["--mine"]), hers(ola, &["--mine"])), (vec![], hers(ola, &[])));
    let (status, said) = ola.said(&["register", "hand-over", VIKA, "--to", "per"]);
    assert!(status == 2 && said.contains("ingen regnskapsfører med den rollen"), "{status}: {said}");
    told(ola, &["hand-over", "--of", "ola", "--to-nobody"], "2 virksomheter har ingen ansvarlig");
}

/// What another desk has written of a filing after it was given the claim stays, and is shown to whoever says otherwise.
fn what_another_has_written_stays(firm: &Firm) {
    let id = firm.kari.history()[0]["id"].as_str().unwrap().to_owned();
    let change = format!(
        "UPDATE register.filings SET state = 'rejected', desk = (SELECT id FROM register.desks WHERE role = 'ola') WHERE id = '{id}'"
    );
    // Another has been given the claim since.
    let followed = format!("UPDATE register.claims SET fence = fence + 1 WHERE filing = '{id}'");
    sql(&firm.cluster, "momsbud", &format!("{followed}; {change}"));
    let local = rusqlite::Connection::open(firm.kari.folder.path().join("data/momsbud.db")).unwrap();
    local.execute("INSERT INTO register_outbox (filing) VALUES (?1)", [&id]).unwrap();
    drop(local);
    firm.kari.said(&["resume"]);
    let status = firm.kari.json(&["register", "status"]).1[0].clone();
    assert!(status["untold"][0]["why"].as_str().unwrap().contains("arbeidsplass"), "{status}");
    assert_eq!(firm.told(&format!("SELECT state FROM register.filings WHERE id = '{id}'")), "rejected");
    // Nor does she leave without having been asked about it.
    let (status, said) = firm.kari.said(&["register", "leave", "--to", &firm.kari.path("home")]);
    assert!(status == 1 && said.contains(&id) && said.contains("arbeidsplass"), "{status}: {said}");
    sql(&firm.cluster, "momsbud", &change.replace("'ola'", "'kari'"));
    firm.kari.said(&["resume"]);
    assert_eq!(firm.kari.json(&["register", "status"]).1[0]["untold"], json!([]));
}

/// An asynchronous failover: the register knows nothing of what was claimed and delivered last. Whoever files the period next looks
/// at everything of the company that lies in Altinn.
fn the_register_has_lost_what_was_written_last(firm: &Firm) {
    let lose = || {
        sql(
            &firm.cluster,
            "momsbud",
            "ALTER TABLE register.deliveries DISABLE TRIGGER deliveries_keep; DELETE FROM register.deliveries; \
             DELETE FROM register.claims; ALTER TABLE register.deliveries ENABLE TRIGGER deliveries_keep; \
             SELECT register.restored()",
        );
    };
    let put = |desk: &Desk, period: &str| {
        desk.put(&format!("lost-{period}.xml"), of_this_year_or_last(crate::desk::FJORDLYS, period))
    };
    let submit = ["submit", "--yes", "--login-hint", INGRID];
    // Delivered, and forgotten by the register: it is found, and asked about.
    let before = firm.practice.deliveries();
    firm.kari.files(INGRID, &[&put(&firm.kari, "juli-august")]);
    lose();
    let theirs = put(&firm.ola, "juli-august");
    let (status, said) = firm.ola.json(&[&submit[..], &[&theirs]].concat());
    assert_eq!((status, firm.practice.deliveries() - before), (1, 1), "{said:#?}");
    assert!(said[0].to_string().contains("alreadyFiled"), "{said:#?}");
    assert_eq!(firm.told("SELECT count(*) FROM register.deliveries"), "1");

    // About to be delivered by a desk that died: thrown away, and delivered once.
    let before = firm.practice.deliveries();
    firm.practice.fault("secondNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mine = put(&firm.kari, "september-oktober");
    let mut kari = files(&firm.kari, &mine);
    until("asked to deliver", || firm.told("SELECT count(*) FROM register.claims WHERE phase = 'delivering'") == "1");
    firm.practice.until_quiet();
    kari.kill().unwrap();
    kari.wait().unwrap();
    firm.practice.no_faults();
    lose();
    let (status, said) = firm.ola.json(&[&submit[..], &[&put(&firm.ola, "september-oktober")]].concat());
    assert!(matches!(status, 0 | 1), "{said:#?}");
    firm.kari.said(&["resume", "--yes", "--login-hint", INGRID]);
    firm.kari.said(&[&submit[..], &[&mine]].concat());
    assert_eq!(firm.practice.deliveries() - before, 1, "{said:#?}");

    // Delivered, and what lies there stays unreadable: nothing is sent on a guess, and it is said what to do. Who has looked
    // in Altinn herself goes on.
    let before = firm.practice.deliveries();
    firm.kari.files(INGRID, &[&put(&firm.kari, "november-desember")]);
    lose();
    firm.practice.fault("download", &json!({"kind": "garbled"}));
    let theirs = put(&firm.ola, "november-desember");
    for _ in 0..2 {
        let (status, said) = firm.ola.json(&[&submit[..], &[&theirs]].concat());
        assert_eq!((status, firm.practice.deliveries() - before), (1, 1), "{said:#?}");
        assert!(said[0].to_string().contains("mayBeDelivered"), "{said:#?}");
    }
    let looked = ["submit", "--yes", "--json", "--without-altinn", "--login-hint", INGRID, &theirs];
    let ola = firm.ola.command(&looked).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("she says that it is another", || firm.practice.deliveries() - before == 2);
    firm.practice.no_faults();
    let (status, said) = ended(ola);
    assert_eq!((status, firm.practice.deliveries() - before), (0, 2), "{said:#?}");
}

/// Both file the same period at the same time: one delivers, the other is told who.
fn at_the_same_time(firm: &Firm) {
    let put = |desk: &Desk| desk.put("same.xml", a_return(VIKA, "januar-februar"));
    let (one, other) = (put(&firm.kari), put(&firm.ola));
    firm.practice.fault("putEnvelope", &json!({"kind": "delay", "milliseconds": 3_000}));
    let (kari, ola) = (files(&firm.kari, &one), files(&firm.ola, &other));
    let (kari, ola) = thread::scope(|scope| {
        let (kari, ola) = (scope.spawn(|| ended(kari)), scope.spawn(|| ended(ola)));
        (kari.join().unwrap(), ola.join().unwrap())
    });
    firm.practice.no_faults();
    assert_eq!(firm.practice.deliveries(), 1, "{kari:#?}\n{ola:#?}");
    let mut statuses = [kari.0, ola.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [0, 1], "{kari:#?}\n{ola:#?}");
    let (first, second, file, desk) =
        if kari.0 == 0 { ("kari", ola, other, &firm.ola) } else { ("ola", kari, one, &firm.kari) };
    let said = second.1[0].to_string();
    assert!(said.contains("periodTaken") || said.contains("alreadyFiled"), "{said}");
    assert!(said.contains(&format!("{first} Nordmann")) && said.contains(&format!("pc-{first}")), "{said}");
    // Asked again it is a correction: nobody files it before somebody has said so.
    let again = || desk.json(&["submit", "--yes", "--login-hint", INGRID, &file]).1[0].to_string();
    until("it is asked about", || again().contains("alreadyFiled"));
    assert_eq!(firm.practice.deliveries(), 1);
    let said = again();
    assert!(said.contains(&format!("{first} Nordmann")), "{said}");
    let (status, corrected) = desk.json(&["submit", "--yes", "--correction", "--login-hint", INGRID, &file]);
    assert_eq!((status, firm.practice.deliveries()), (0, 2), "{corrected:#?}");
}

/// One desk is killed while it waits for this call; the other takes the period over, and the first comes back.
fn killed(firm: &Firm, call: &str, number: usize) {
    let period = ["mars-april", "mai-juni", "juli-august", "september-oktober", "november-desember"][number];
    let put = |desk: &Desk| desk.put(&format!("{call}.xml"), of_this_year_or_last(VIKA, period));
    let (mine, theirs) = (put(&firm.kari), put(&firm.ola));
    let before = firm.practice.deliveries();
    firm.practice.fault(call, &json!({"kind": "delay", "milliseconds": 60_000}));
    let mut kari = files(&firm.kari, &mine);
    // It has the claim, and stands at the call.
    let has = "SELECT count(*) FROM register.claims WHERE phase <> 'free'";
    match call {
        "secondNext" => until("asked to deliver", || {
            firm.told("SELECT count(*) FROM register.claims WHERE phase = 'delivering'") == "1"
        }),
        // Asked for the receipt: delivered by then, and the register has been told, so that the claim is nobody's.
        "readInstance" => {
            until("told", || firm.told("SELECT count(*) FROM register.deliveries") == (before + 1).to_string())
        }
        _ => until("claimed", || firm.told(has) == "1"),
    }
    firm.practice.until_quiet();
    kari.kill().unwrap();
    kari.wait().unwrap();
    firm.practice.no_faults();
    firm.leases_are_over();

    let (status, said) = firm.ola.json(&["submit", "--yes", "--login-hint", INGRID, &theirs]);
    assert!(matches!(status, 0 | 1), "{call}: {said:#?}");
    assert_eq!(firm.practice.deliveries() - before, 1, "{call}: {said:#?}");
    // Who comes back delivers nothing more, and says what has become of hers.
    let (_, back) = firm.kari.said(&["resume", "--yes", "--login-hint", INGRID]);
    assert_eq!(firm.practice.deliveries() - before, 1, "{call}: {back}");
    let (_, back) = firm.kari.said(&["submit", "--yes", "--login-hint", INGRID, &mine]);
    assert_eq!(firm.practice.deliveries() - before, 1, "{call}: {back}");
}

/// The register goes away in the middle: nothing is delivered without its word, and everything goes on when it is back.
fn the_register_is_away(firm: &mut Firm) {
    let file = firm.kari.put("away.xml", a_return(crate::desk::FJORDLYS, "mars-april"));
    let before = firm.practice.deliveries();
    firm.practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 2_000}));
    let kari = files(&firm.kari, &file);
    let calls = firm.practice.calls("postReturn");
    until("the return is there", || firm.practice.calls("postReturn") > calls);
    firm.cluster.down();
    firm.practice.no_faults();
    let waits = || {
        let row = firm.kari.history().into_iter().next().unwrap_or_default();
        row["state"] == "waiting"
    };
    until("it waits for the register", waits);
    assert_eq!(firm.practice.deliveries(), before);
    firm.cluster.up();
    let (status, said) = ended(kari);
    assert_eq!((status, firm.practice.deliveries() - before), (0, 1), "{said:#?}");
}

/// Without the register nobody files but where the administrator permits it; what was filed so is joined afterwards, and what
/// others filed meanwhile is said.
fn without_the_register(firm: &mut Firm) {
    let period = "mai-juni";
    let put = |desk: &Desk| desk.put("without.xml", a_return(crate::desk::FJORDLYS, period));
    let (mine, theirs) = (put(&firm.kari), put(&firm.ola));
    let before = firm.practice.deliveries();
    firm.cluster.down();
    // What was last seen is read, and returns are checked.
    assert_eq!(firm.kari.said(&["check", &mine]).0, 0);
    assert!(!firm.kari.history().is_empty());
    let forced = ["submit", "--yes", "--without-register", "--login-hint", INGRID];
    let (status, said) = firm.kari.json(&[&forced[..], &[&mine]].concat());
    assert_eq!((status, firm.practice.deliveries() - before), (1, 0), "nobody permits it: {said:#?}");
    let permits = json!({"register": {"without": "ask"}}).to_string();
    firm.kari.put("system/policy.json", &permits);
    let (status, said) = firm.kari.json(&[&forced[..], &[&mine]].concat());
    assert_eq!((status, firm.practice.deliveries() - before), (0, 1), "{said:#?}");
    firm.cluster.up();
    // The other desk is faster than the news.
    let (status, said) = firm.ola.json(&["submit", "--yes", "--login-hint", INGRID, &theirs]);
    assert_eq!((status, firm.practice.deliveries() - before), (0, 2), "the risk that was named: {said:#?}");
    let twice = || {
        firm.kari.said(&["resume"]);
        firm.kari.json(&["register", "status"]).1[0]["filedTwice"].as_array().is_some_and(|filings| filings.len() == 1)
    };
    until("both are there, and it is said", twice);
}
