//! What the Windows API says of an administrator's folder, asked under Windows or wine (`cargo xtask windows test`).

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]
use super::*;
use std::{fs, process::Command};
use windows_permissions::{
    LocalBox, SecurityDescriptor,
    constants::{SeObjectType, SecurityInformation},
    wrappers::SetNamedSecurityInfo,
};

/// What the installer gives the folder.
const ADMINISTRATORS_ALONE: &str = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";

fn give(path: &Path, list: &str) {
    let list: LocalBox<SecurityDescriptor> = list.parse().unwrap();
    let what = SecurityInformation::Dacl | SecurityInformation::ProtectedDacl;
    SetNamedSecurityInfo(path.as_os_str(), SeObjectType::SE_FILE_OBJECT, what, None, None, list.dacl(), None).unwrap();
}

fn why(path: &Path) -> Option<Untrusted> {
    let error = open(path, &Trust { looks: true }).err()?;
    Some(
        error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<Untrusted>())
            .unwrap_or_else(|| panic!("{error}"))
            .clone(),
    )
}

/// Somebody sets her own ProgramData to have her own file read as the administrator's.
#[test]
fn the_systems_folder_is_the_systems_whatever_a_variable_says() {
    let this = std::env::current_exe().unwrap();
    let child = ["--exact", "trusted::on_windows::child", "--ignored", "--nocapture"];
    let said = Command::new(this)
        .args(child)
        .env("ProgramData", r"C:\hers")
        .env("ALLUSERSPROFILE", r"C:\hers")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains(r"\ProgramData\Momsbud") && !said.contains("hers"), "{said}");
}

#[test]
#[ignore = "run by the_systems_folder_is_the_systems_whatever_a_variable_says"]
fn child() {
    println!("{}", system_folder().display());
}

#[test]
fn what_everybody_can_write_is_not_read() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("policy.json");
    fs::write(&file, "{}").unwrap();
    give(root.path(), "D:P(A;OICI;FA;;;WD)");
    // Whoever runs the test owns it: where that is an administrator it is the list that gives it away.
    assert!(matches!(why(&file), Some(Untrusted::Writable { .. } | Untrusted::Owner { .. })), "{:?}", why(&file));
    assert!(Trust::of(&file).looks == !cfg!(debug_assertions), "a release looks everywhere");
}

/// With the list that the installer gives it is only a matter of whose it is.
#[test]
fn the_installers_list_gives_nothing_away() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("policy.json");
    fs::write(&file, "{}").unwrap();
    for path in [file.as_path(), root.path()] {
        give(path, ADMINISTRATORS_ALONE);
    }
    let found = why(&file);
    // So that the folder can be removed again.
    give(root.path(), "D:P(A;OICI;FA;;;WD)");
    assert!(matches!(found, None | Some(Untrusted::Owner { .. })), "{found:?}");
}

#[test]
fn a_folder_in_the_place_of_a_file_is_none() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("policy.json");
    fs::create_dir(&file).unwrap();
    let found = open(&file, &Trust { looks: false }).unwrap_err();
    let found = found.get_ref().and_then(|inner| inner.downcast_ref::<Untrusted>()).cloned();
    assert!(matches!(found, Some(Untrusted::NotAFile { .. })), "{found:?}");
    assert_eq!(read(&root.path().join("none.json")).unwrap(), None);
}
