//! A client that shares no line with Momsbud files against the practice authorities (issue 5: "a client written
//! against the public documentation can file against them unchanged but for the host names").

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod common;
#[path = "../../../tests/support/needed.rs"]
mod needed;

use common::World;
use practice::world::{ASTRID, INGRID, JONAS, VIKA};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

const PYTHON: &str = "/usr/bin/python3";

/// Python is optional for a developer and not for CI.
fn python_is_here() -> bool {
    if Path::new(PYTHON).exists() {
        return true;
    }
    needed::absent("python", &format!("there is no {PYTHON}"));
    false
}

async fn file(world: &World, pid: &str, org: &str, ret: &Path) -> Output {
    file_as(world, pid, org, ret, &[]).await
}

async fn file_as(world: &World, pid: &str, org: &str, ret: &Path, how: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plain_client.py");
    let mut command = tokio::process::Command::new(PYTHON);
    command.arg(script).arg(serde_json::to_string(world.at()).unwrap()).arg(pid).arg(org).arg(ret).args(how);
    command.output().await.unwrap()
}

fn write(name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn a_client_of_the_public_documentation_files_unchanged() {
    if !python_is_here() {
        return;
    }
    let world = World::start().await;
    let path = write("plain-return.xml", common::pair(VIKA).1.as_bytes());
    let output = file(&world, INGRID, VIKA, &path).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["validation"], &report["result"]), (&json!("ingen avvik"), &json!("ingen avvik")));
    assert_eq!((&report["status"], &report["amount"]), (&json!("Mottatt"), &json!("15000")));
    assert_eq!((&report["receipt_is_pdf"], &report["reference"]), (&json!(true), &report["instance"]));
    let deliveries = world.log().await["deliveries"].clone();
    assert_eq!(deliveries.as_array().unwrap().len(), 1);
    assert_eq!(deliveries[0]["instance"], report["instance"]);
}

/// As published clients write and the real service takes it: slashes at the end, letters small and large, single quotes, the
/// number as a number.
#[tokio::test]
async fn a_client_that_writes_loosely_files_too() {
    if !python_is_here() {
        return;
    }
    let world = World::start().await;
    let path = write("plain-return-loose.xml", common::pair(VIKA).1.as_bytes());
    let output = file_as(&world, INGRID, VIKA, &path, &["loose"]).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["result"], &report["status"]), (&json!("ingen avvik"), &json!("Mottatt")));
    let log = world.log().await;
    assert_eq!(log["deliveries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn it_is_told_where_a_person_without_signing_right_is_stopped() {
    if !python_is_here() {
        return;
    }
    let world = World::start().await;
    let path = write("plain-return-unsigned.xml", common::pair(VIKA).1.as_bytes());
    let output = file(&world, JONAS, VIKA, &path).await;
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.starts_with("bekreftelse: 403"), "{told}");
}

/// Every sample return that the program carries can be filed, or is refused for what it shows.
#[tokio::test]
async fn it_files_the_programs_own_samples() {
    if !python_is_here() {
        return;
    }
    let world = World::start().await;
    for sample in vat_return::samples::ALL {
        let path = write(&format!("plain-{}.xml", sample.id), sample.bytes);
        let output = file(&world, ASTRID, sample.org_number, &path).await;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            let report: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(report["status"], "Mottatt", "{}", sample.id);
        } else {
            assert!(
                told.starts_with("utfylling: 409") && told.contains("ugyldig skattemelding"),
                "{}: {told}",
                sample.id
            );
        }
    }
    let delivered = world.log().await["deliveries"].as_array().unwrap().len();
    assert!(delivered >= 2, "{delivered}");
}
