//! The operating system's keyring, for real: Secret Service on a private D-Bus, with GNOME Keyring behind it or nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![cfg(target_os = "linux")]

#[path = "../../../tests/support/needed.rs"]
mod needed;

use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use id_porten::SystemRandom;
use store::{
    keyring::{Keyring, KeyringError, SystemKeyring},
    vault::Vault,
};
use view::KeyringState;

/// Runs one of the ignored tests below within a D-Bus session of its own, after `before`.
fn within_session(before: &str, inner: &str) {
    for needed in ["dbus-run-session", "gnome-keyring-daemon", "gdbus"] {
        if Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            needed::absent("keyring", &format!("{needed} is not installed"));
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let script = format!("{before}\nexec \"$0\" --exact {inner} --ignored --nocapture");
    let output = Command::new("timeout")
        .args(["60", "dbus-run-session", "--", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{inner}: {}\n{out}\n{err}", output.status);
    assert!(out.contains("1 passed"), "{inner} has not run: {out}");
}

#[test]
fn a_secret_service_keeps_the_vaults_key() {
    // The daemon tells its address on standard output, which is not needed on this bus.
    within_session("printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null", "keeps");
}

#[test]
#[ignore = "run by a_secret_service_keeps_the_vaults_key"]
fn keeps() {
    let keyring = SystemKeyring::named("Momsbud test", "vault");
    assert_eq!(keyring.load().unwrap(), None);
    keyring.delete().unwrap();
    keyring.store(b"\x00\xffone").unwrap();
    keyring.store(b"\x00\xfftwo").unwrap();
    assert_eq!(keyring.load().unwrap().unwrap().as_slice(), b"\x00\xfftwo");
    keyring.delete().unwrap();
    assert_eq!(keyring.load().unwrap(), None);

    let vault = Vault::open(&keyring, &SystemRandom).unwrap();
    assert_eq!(vault.state(), KeyringState::Available);
    let sealed = vault.seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
    let again = Vault::open(&keyring, &SystemRandom).unwrap();
    assert_eq!(again.unseal("tokens", "1", &sealed).unwrap().as_slice(), b"hemmelig");
}

#[test]
fn no_secret_service_is_a_missing_keyring() {
    within_session("export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus", "missing");
}

#[test]
#[ignore = "run by no_secret_service_is_a_missing_keyring"]
fn missing() {
    let keyring = SystemKeyring::named("Momsbud test", "vault");
    assert!(matches!(keyring.load(), Err(KeyringError::Missing(_))), "{:?}", keyring.load());
    assert!(matches!(keyring.store(b"x"), Err(KeyringError::Missing(_))));
    assert_eq!(Vault::open(&keyring, &SystemRandom).unwrap().state(), KeyringState::Missing);
}

#[test]
fn a_locked_keyring_that_nobody_unlocks_does_not_hang() {
    // Unlocked once, so that there is a login keyring with the key in it; then started anew, locked, without a display
    // on which anybody could be asked.
    within_session(
        "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
         \"$0\" --exact stores --ignored >/dev/null || exit 1
         gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \\
            --method org.freedesktop.Secret.Service.Lock \"['/org/freedesktop/secrets/collection/login']\" >/dev/null || exit 1",
        "locked",
    );
}

#[test]
#[ignore = "run by a_locked_keyring_that_nobody_unlocks_does_not_hang"]
fn stores() {
    SystemKeyring::named("Momsbud test", "vault").store(b"kept").unwrap();
}

#[test]
#[ignore = "run by a_locked_keyring_that_nobody_unlocks_does_not_hang"]
fn locked() {
    let begun = Instant::now();
    let vault = Vault::open(&SystemKeyring::named("Momsbud test", "vault"), &SystemRandom).unwrap();
    assert_ne!(vault.state(), KeyringState::Available, "{:?}", vault.problem());
    assert_eq!(vault.state(), KeyringState::Locked, "{:?}", vault.problem());
    assert!(begun.elapsed() < Duration::from_secs(40));
}
