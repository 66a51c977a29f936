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

/// As the system itself writes descriptors down, which is not always as they were given.
#[test]
fn the_systems_and_the_administrators_folders_are_believed_and_others_are_not() {
    let judged = |text: &str| {
        let descriptor: LocalBox<SecurityDescriptor> = text.parse().unwrap();
        let error = judge(&descriptor, Path::new("policy.json")).err();
        error.map(|error| error.get_ref().and_then(|inner| inner.downcast_ref::<Untrusted>()).cloned().unwrap())
    };
    for good in [
        format!("O:BA{ADMINISTRATORS_ALONE}"),
        format!("O:SY{ADMINISTRATORS_ALONE}"),
        format!("O:S-1-5-32-544{ADMINISTRATORS_ALONE}"),
        "O:SYD:(A;;GA;;;S-1-5-18)(A;;GRGX;;;WD)".to_owned(),
        "O:BAD:(D;;FA;;;BU)(A;OICIIO;FA;;;CO)(A;;FR;;;AU)".to_owned(),
    ] {
        assert_eq!(judged(&good), None, "{good}");
    }
    for owner in ["S-1-5-21-1004336348-1177238915-682003330-1001", "BU", "WD", "AU"] {
        let found = judged(&format!("O:{owner}{ADMINISTRATORS_ALONE}"));
        assert!(matches!(found, Some(Untrusted::Owner { .. })), "{owner}: {found:?}");
    }
    for entry in [
        // What a folder that somebody makes below ProgramData inherits: everybody may lay files into it.
        "(A;CIID;DCLCRPCR;;;BU)",
        "(A;OICI;FA;;;WD)",
        "(A;;FW;;;AU)",
        "(A;;0x1301bf;;;BU)",
        "(A;;GW;;;BU)",
        "(A;;SD;;;BU)",
        "(A;;WD;;;S-1-5-21-1004336348-1177238915-682003330-1001)",
        "(A;;WO;;;IU)",
    ] {
        let found = judged(&format!("O:BA{ADMINISTRATORS_ALONE}{entry}"));
        assert!(matches!(found, Some(Untrusted::Writable { .. })), "{entry}: {found:?}");
    }
    // Without a list everybody may do everything.
    assert!(matches!(judged("O:BA"), Some(Untrusted::Writable { .. })));
}

/// What is put in the place of the file or of its folder leads nowhere.
#[test]
fn a_folder_that_others_made_is_refused_before_its_file_is_read() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("Momsbud");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("policy.json");
    fs::write(&file, "{}").unwrap();
    let (Some(Untrusted::Owner { path, .. }) | Some(Untrusted::Writable { path })) = why(&file) else {
        panic!("a person's own folder is believed")
    };
    assert_eq!(path, folder);
    // An empty folder decides nothing: no file is no fault.
    let none = open(&folder.join("environments.json"), &Trust { looks: true }).unwrap_err();
    assert_eq!(none.kind(), io::ErrorKind::NotFound);
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
