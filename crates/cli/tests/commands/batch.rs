//! `batch` as a program of its own, against `practice`: what is filed, what is left out, and Ctrl-C in the middle.

use std::{
    fs,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use vat_return::samples;

use crate::desk::{ASTRID, Desk, lines, text, until};

fn batch(desk: &Desk, more: &[&str]) -> (i32, Vec<Value>) {
    desk.json(&[&["batch", "--login-hint", ASTRID], more].concat())
}

#[test]
fn a_folder_is_filed_and_what_is_not_fit_is_left_out() {
    let desk = Desk::new();
    let folder = desk.drop_folder("mai-juni");
    desk.put("mai-juni/ugyldig.xml", samples::by_id("fjordlys-ugyldig").unwrap().bytes);
    desk.put("mai-juni/ingenting.xml", "<nothing/>");
    let table = desk.path("result.csv");

    let (status, said) = batch(&desk, &[&folder]);
    assert_eq!((status, desk.practice.deliveries()), (1, 0), "nobody is here to answer: {said:#?}");

    let (status, said) = batch(&desk, &["--yes", "--csv", &table, &folder]);
    assert_eq!(status, 1, "two of them are not fit: {said:#?}");
    let count = |word: &str| said.iter().filter(|line| line["outcome"] == word).count();
    assert_eq!((count("received"), count("invalid")), (5, 2), "{said:#?}");
    let whole = said.last().unwrap();
    assert_eq!((whole["stopped"].as_bool(), whole["batch"]["received"].as_u64()), (Some(false), Some(5)));
    assert_eq!(fs::read_to_string(&table).unwrap().lines().count(), 6);
    assert_eq!(desk.practice.deliveries(), 5);

    let (status, again) = batch(&desk, &["--yes", &folder]);
    assert_eq!((status, desk.practice.deliveries()), (1, 5));
    assert!(again.iter().any(|line| line["error"]["code"] == "alreadyFiled"), "{again:#?}");
    assert_eq!(batch(&desk, &["--continue", "--yes"]).0, 1, "there is nothing to continue");
}

/// Ctrl-C is a signal only on Unix; elsewhere a console event that a test cannot send to one process.
#[cfg(unix)]
#[test]
fn control_c_leaves_a_batch_that_is_gone_on_with() {
    let desk = Desk::new();
    let folder = desk.drop_folder("juli-august");
    // Slow enough to be stopped in the middle: nothing is delivered while the second step waits.
    desk.practice.fault("putEnvelope", &json!({"kind": "delay", "milliseconds": 3_000}));
    let mut child = desk
        .command(&["batch", "--json", "--login-hint", ASTRID, "--yes", "--concurrency", "1", &folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    until("the first instance", || {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        desk.practice.calls("createInstance") > 0
    });
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (status, said) = lines(&child.wait_with_output().unwrap());
    assert_eq!((status, said.last().unwrap()["stopped"].as_bool()), (130, Some(true)), "{said:#?}");
    desk.practice.no_faults();
    assert!(desk.practice.deliveries() < 5);

    let (status, said) = batch(&desk, &["--continue", "--yes"]);
    assert_eq!(status, 0, "{said:#?}");
    assert_eq!((said.last().unwrap()["batch"]["received"].as_u64(), desk.practice.deliveries()), (Some(5), 5));
}

/// A list of payments that nobody would get is told of before there are any.
#[cfg(unix)]
#[test]
fn a_table_that_nobody_reads_is_said_before_anything_is_filed() {
    let desk = Desk::new();
    let folder = desk.drop_folder("mai-juni");
    let pipe = desk.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = |output: std::process::Output, about: &str| {
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), desk.practice.deliveries()), (Some(2), 0), "{about}: {said}");
        assert!(said.contains("Filen ble ikke lagret"), "{about}: {said}");
    };
    let asks = ["batch", "--yes", "--login-hint", ASTRID, "--csv"];
    refused(desk.run(&[&asks[..], &[&pipe, &folder]].concat()), "a pipe without a reader");

    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut closed = desk.command(&[&asks[..], &["/dev/stdout", &folder]].concat());
    refused(closed.stdout(writer).output().unwrap(), "standard output that nobody reads");

    // One who reads the first byte that does not come, and goes while somebody signs in.
    let there = pipe.clone();
    let reader = std::thread::spawn(move || drop(fs::File::open(there).unwrap()));
    refused(desk.run(&[&asks[..], &[&pipe, &folder]].concat()), "a reader who has gone");
    reader.join().unwrap();

    // One who waits gets all of it, and does not take the pause for the end.
    let there = pipe.clone();
    let reader = std::thread::spawn(move || fs::read_to_string(there).unwrap());
    let (status, said) = batch(&desk, &["--yes", "--csv", &pipe, &folder]);
    assert_eq!((status, desk.practice.deliveries()), (0, 5), "{said:#?}");
    assert_eq!(reader.join().unwrap().lines().count(), 6);
}
