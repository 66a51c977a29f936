//! After Ctrl-C nothing was said of what was delivered, and a later command for another company, answered "n", carried the
//! first filing on to its receipt without a word.

use std::{thread, time::Duration};

use serde_json::json;

use crate::{
    desk::{Desk, INGRID, Practice, in_a_session, text},
    terminal::Terminal,
};

#[test]
fn another_companys_command_carries_nothing_on_unasked() {
    in_a_session("bugs::f03_interrupted_is_delivered_later::within_the_session");
}

#[test]
#[ignore = "run by another_companys_command_carries_nothing_on_unasked"]
fn within_the_session() {
    let practice = Practice::start();
    let desk = Desk::with_keyring(&practice);
    let signed_in = desk.sign_in(&["login", "--no-browser", "--login-hint", INGRID]);
    assert_eq!(signed_in.status.code(), Some(0), "{}", text(&signed_in.stderr));
    let (fjordlys, vika) = (desk.sample("fjordlys"), desk.sample("vika"));

    // Stopped before it is delivered.
    practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mut submit = Terminal::open(desk.command(&["submit", "--yes", &fjordlys]));
    practice.until_called("postReturn");
    thread::sleep(Duration::from_millis(500));
    submit.ctrl_c();
    let (status, said) = submit.end();
    assert_eq!(status, 130, "{said}");
    assert!(said.contains("Fjordlys Interiør AS 311797816") && said.contains("IKKE LEVERT"), "{said}");
    practice.no_faults();

    // Another company's: first what lies there is asked about, then its own; both answered no.
    let mut other = Terminal::open(desk.command(&["submit", &vika]));
    let asked = other.until("[j/N]");
    assert!(asked.contains("Ble ikke ferdig sist") && asked.contains("Fjordlys"), "{asked}");
    other.types("n");
    let asked = other.until("[j/N]");
    assert!(asked.contains("Den er ikke rørt") && asked.contains("Vika"), "{asked}");
    other.types("n");
    let (status, said) = other.end();
    assert_eq!(status, 1, "{said}");
    thread::sleep(Duration::from_secs(1));
    assert_eq!(practice.deliveries(), 0, "nobody has said yes");
    assert_ne!(desk.history()[0]["state"], "received");

    // A script that only looks leaves it too; one that says yes delivers it, and says so.
    assert_eq!(desk.said(&["history"]).0, 0);
    let (status, said) = desk.said(&["resume", "--yes"]);
    assert_eq!(status, 0, "{said}");
    assert!(said.contains("Fortsetter: ") && said.contains("mottatt"), "{said}");
    assert_eq!(practice.deliveries(), 1);

    // Delivered and then stopped: the next command fetches the receipt, and says that it does and how it ended.
    practice.receipts_take(2.0);
    let mut submit = Terminal::open(desk.command(&["submit", "--yes", &desk.sample("vika-avvik")]));
    crate::desk::until("it is delivered", || practice.deliveries() == 2);
    submit.ctrl_c();
    assert!(submit.end().1.contains("LEVERT"), "said at once");
    thread::sleep(Duration::from_secs(2));
    let mut third = Terminal::open(desk.command(&["submit", &desk.put("f.xml", later())]));
    let asked = third.until("[j/N]");
    assert!(asked.contains("Levert før; henter kvitteringen") && asked.contains("Vika"), "{asked}");
    third.types("n");
    let (_, said) = third.end();
    assert!(said.contains("Vika") && said.contains("mottatt, kvitteringen er i arkivet"), "{said}");
}

/// A return that nobody has filed.
fn later() -> String {
    crate::desk::a_return(crate::desk::FJORDLYS, "mai-juni")
}
