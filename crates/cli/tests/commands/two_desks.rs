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
struct Firm {
    cluster: Cluster,
    practice: std::sync::Arc<Practice>,
    kari: Desk,
    ola: Desk,
}

impl Firm {
    fn new() -> Self {
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
    fn told(&self, select: &str) -> String {
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
fn files(desk: &Desk, file: &str) -> Child {
    desk.command(&["submit", "--yes", "--json", "--login-hint", INGRID, file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> (i32, Vec<Value>) {
    lines(&child.wait_with_output().unwrap())
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
    for (number, call) in ["createInstance", "putEnvelope", "firstNext", "secondNext"].iter().enumerate() {
        killed(&firm, call, number);
    }
    the_register_is_away(&mut firm);
    without_the_register(&mut firm);
    // Each delivery is known to the register, once.
    let delivered = firm.practice.deliveries().to_string();
    assert_eq!(firm.told("SELECT count(*) FROM register.deliveries"), delivered);
    assert_eq!(firm.told("SELECT count(*) FROM register.claims WHERE phase <> 'free'"), "0");
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
    let period = ["mars-april", "mai-juni", "juli-august", "september-oktober"][number];
    let put = |desk: &Desk| desk.put(&format!("{call}.xml"), a_return(VIKA, period));
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
