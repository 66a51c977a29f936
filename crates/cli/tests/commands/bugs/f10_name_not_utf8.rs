//! The window panicked on a path that is not UTF-8. It is opened and filed here; `streams.rs` has every command.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _};

use crate::desk::{Desk, INGRID, text};

#[test]
fn a_file_whose_name_is_no_utf_8_is_filed() {
    let desk = Desk::new();
    let file = desk.folder.path().join(OsStr::from_bytes(b"mva-\xe6\xf8\xe5.xml"));
    fs::copy(desk.sample("fjordlys"), &file).unwrap();
    let submit = ["submit".as_ref(), "--yes".as_ref(), "--login-hint".as_ref(), OsStr::new(INGRID), file.as_os_str()];
    let output = desk.run(&submit);
    assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
    assert_eq!(desk.practice.deliveries(), 1);
}
