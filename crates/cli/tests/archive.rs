//! `archive` as a program of its own: verified without a network, its findings in words and as JSON, its exit codes.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use vat_return::samples;

struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_momsbud-cli"));
    program.env_remove("DBUS_SESSION_BUS_ADDRESS").env_remove("MOMSBUD_PRACTICE");
    program
}

fn run(program: &mut Command) -> (Option<i32>, String) {
    let done = program.output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

#[test]
fn an_archive_is_verified_taken_along_and_put_back() {
    let mut practice = program().arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let practice = Stopped(practice);
    let control = serde_json::from_str::<Value>(&line).unwrap()["control"].as_str().unwrap().to_owned();
    let folders = tempfile::tempdir().unwrap();
    let at = |name: &str| folders.path().join(name);
    let with = |program: &mut Command| -> (Option<i32>, String) {
        run(program.env("MOMSBUD_DATA_DIR", at("data")).env("MOMSBUD_ARCHIVE_DIR", at("archive")))
    };
    let file = at("fjordlys.xml");
    fs::write(&file, samples::by_id("fjordlys").unwrap().bytes).unwrap();
    let hint = "testid:14838411585_idporten-loa-high";
    let (code, said) =
        with(program().args(["submit", "--yes", "--login-hint", hint]).arg(&file).env("MOMSBUD_PRACTICE", &control));
    assert_eq!(code, Some(0), "{said}");

    let export = |to: &Path| {
        with(
            program().args(["archive", "export", "--all", "--json", "--out"]).arg(to).env("MOMSBUD_PRACTICE", &control),
        )
    };
    let (code, said) = export(&at("ut.zip"));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(serde_json::from_str::<Value>(&said).unwrap()["filings"], 1);
    assert!(fs::read(at("ut.zip")).unwrap().starts_with(b"PK"));
    assert_eq!(export(&at("ut.csv")).0, Some(0));
    assert!(fs::read_to_string(at("ut.csv")).unwrap().contains(";311797816;"));
    assert_eq!(export(&at("ut.pdf")).0, Some(2));
    let (code, _) = with(
        program().args(["archive", "export", "nobody", "--out"]).arg(at("x.zip")).env("MOMSBUD_PRACTICE", &control),
    );
    assert_eq!(code, Some(1), "no such filing");
    // What follows needs nobody.
    drop(practice);

    let verify = |more: &[&str]| with(program().args(["archive", "verify"]).args(more));
    let (code, said) = verify(&[]);
    assert_eq!((code, said.as_str()), (Some(0), "1 innsendinger, 7 filer kontrollert: alt er uendret\n"));
    let folder = find(&at("archive"));
    fs::write(folder.join("kvittering.pdf"), "another").unwrap();
    fs::remove_file(folder.join("konvolutt.xml")).unwrap();
    fs::write(folder.join("mer.txt"), "more").unwrap();
    let (code, said) = verify(&[]);
    assert_eq!(code, Some(1));
    for words in ["endret", "/kvittering.pdf", "mangler", "/konvolutt.xml", "til overs", "/mer.txt", "3 avvik"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (code, said) = verify(&["--json", &folder.display().to_string()]);
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, report["complaints"].as_array().unwrap().len()), (Some(1), 3), "{said}");
    fs::remove_dir_all(&folder).unwrap();
    let (code, said) = verify(&[]);
    assert!(code == Some(1) && said.contains("mappen mangler"), "{said}");
    assert_eq!(verify(&["/nowhere/at/all"]).0, Some(2));
}

/// The folder with the manifest.
fn find(folder: &Path) -> std::path::PathBuf {
    if folder.join("manifest.json").exists() {
        return folder.to_owned();
    }
    let below = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir());
    find(&below.unwrap())
}
