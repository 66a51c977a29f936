//! `submit … | head -1` filed one return of six and ended with 0; `check` of an invalid return, and `archive verify` of a
//! changed archive, ended with 0 when nobody read what they said.

use std::{
    fs,
    io::{BufRead as _, BufReader, pipe},
    process::Stdio,
};

use crate::desk::{ASTRID, COMPANIES, Desk, INGRID, a_return};

/// Six returns of six companies, and one more that is none where it is wanted.
fn six(desk: &Desk, and_one_bad: bool) -> String {
    for company in COMPANIES.iter().chain(&["310353159"]) {
        desk.put(&format!("six/{company}.xml"), a_return(company, "mai-juni"));
    }
    if and_one_bad {
        desk.put("six/a.xml", "<nothing/>");
    }
    desk.path("six")
}

#[test]
fn six_are_filed_though_one_line_is_read() {
    let desk = Desk::new();
    let mut submit = desk
        .command(&["submit", "--yes", "--login-hint", ASTRID, &six(&desk, false)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    // `head -1`: one line, and the pipe is closed.
    BufReader::new(submit.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains(".xml"), "{line}");
    assert_eq!(submit.wait().unwrap().code(), Some(0));
    assert_eq!((desk.history().len(), desk.practice.deliveries()), (6, 6));
}

#[test]
fn a_batch_that_nobody_reads_is_filed_and_its_status_is_its_own() {
    let desk = Desk::new();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut batch = desk.command(&["batch", "--yes", "--login-hint", ASTRID, &six(&desk, true)]);
    let ended = batch.stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
    assert_eq!(ended.code(), Some(1), "one of the seven is no return");
    assert_eq!((desk.history().len(), desk.practice.deliveries()), (6, 6));
}

#[test]
fn what_is_wrong_is_no_success_when_nobody_reads_it() {
    let desk = Desk::new();
    let unread = |arguments: &[&str]| {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        desk.command(arguments).stdout(writer).stderr(Stdio::null()).status().unwrap().code()
    };
    assert_eq!(unread(&["check", &desk.sample("fjordlys-ugyldig")]), Some(1));
    assert_eq!(unread(&["check", &desk.sample("fjordlys")]), Some(0));
    desk.files(INGRID, &[&desk.sample("fjordlys")]);
    assert_eq!(unread(&["archive", "verify"]), Some(0));
    let filing = desk.history()[0]["id"].as_str().unwrap().to_owned();
    let (_, receipt) = desk.json(&["receipt", &filing]);
    fs::write(format!("{}/kvittering.pdf", receipt[0]["archiveFolder"].as_str().unwrap()), "another").unwrap();
    assert_eq!(unread(&["archive", "verify"]), Some(1));
}
