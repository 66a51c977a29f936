//! A desk leaves the office register: at a terminal it is asked first, and a register that is gone for good keeps nobody, once
//! she has been told what is lost.

use std::path::Path;

use serde_json::json;

use crate::{
    desk::{INGRID, VIKA, a_return, in_a_session},
    office_register::sql,
    terminal::Terminal,
    two_desks::Firm,
};

#[test]
fn a_desk_that_leaves_is_asked_and_one_whose_register_is_gone_may_leave() {
    in_a_session("leaving::within_the_session");
}

#[test]
#[ignore = "run by a_desk_that_leaves_is_asked_and_one_whose_register_is_gone_may_leave"]
fn within_the_session() {
    let mut firm = Firm::new();
    let filed = firm.kari.files(INGRID, &[&firm.kari.put("vika.xml", a_return(VIKA, "januar-februar"))]);
    let id = filed[0]["filing"]["id"].as_str().unwrap().to_owned();
    let copy = firm.kari.path("copy");

    // A person is asked; no is no.
    let mut asked = Terminal::open(firm.kari.command(&["register", "leave", "--to", &copy]));
    asked.until("momsbud?");
    asked.types("n");
    assert_eq!(asked.end().0, 1);
    assert!(!Path::new(&copy).exists());
    assert_eq!(firm.kari.said(&["register", "status"]).0, 0, "she is in it still");

    // One that answers is not gone.
    let (status, said) = firm.kari.said(&["register", "leave", "--gone", "--yes"]);
    assert!(status == 2 && said.contains("Kontorregisteret svarer"), "{status}: {said}");

    // Nor is one that turns her away: that can be mended, and a script does not answer for her.
    sql(&firm.cluster, "postgres", "ALTER ROLE ola NOLOGIN");
    let (status, said) = firm.ola.said(&["register", "leave", "--gone", "--yes"]);
    assert!(status == 1 && said.contains("ikke sikkert at registeret er borte"), "{status}: {said}");
    sql(&firm.cluster, "postgres", "ALTER ROLE ola LOGIN");
    assert_eq!(firm.ola.said(&["register", "status"]).0, 0, "he is in it still");

    firm.cluster.down();
    let local = rusqlite::Connection::open(firm.kari.folder.path().join("data/momsbud.db")).unwrap();
    local.execute("INSERT INTO register_outbox (filing) VALUES (?1)", [&id]).unwrap();
    drop(local);
    let (status, said) = firm.kari.said(&["register", "leave", "--to", &copy]);
    assert!(status == 2 && said.contains("kan ikke nås"), "{status}: {said}");
    let (status, said) = firm.kari.said(&["register", "leave", "--gone"]);
    assert!(status == 1 && said.contains("kan ikke nås") && said.contains(&id), "nobody answers: {status}: {said}");
    let mut asked = Terminal::open(firm.kari.command(&["register", "leave", "--gone"]));
    asked.until("Ingen kopi");
    asked.until("vite om 1 innsendinger");
    asked.types("j");
    let (status, said) = asked.end();
    assert!(status == 0 && said.contains("uten kopi"), "{status}: {said}");
    assert_eq!(firm.kari.said(&["register", "status"]).0, 1, "she is in none");
    assert_eq!(firm.kari.history()[0]["id"], json!(id), "what is filed stays");
    let (status, lines) = firm.ola.json(&["register", "leave", "--gone", "--yes"]);
    assert_eq!((status, &lines[0]), (0, &json!({"untold": 0, "underWay": []})));
}
