//! `cargo xtask macos`: type-checks the program and the command line for macOS, on a Debian.
//!
//! The standard library is checked from Debian's copy of its source, as for Windows. Nothing can be compiled to its end, linked
//! or run: that takes Apple's headers and libraries, which come with Xcode only. What C there is on the way (SQLite, the
//! cryptography) is not compiled; a stand-in for the compiler and the archiver says yes and writes empty files.

use crate::{
    command::{Done, Failure, finish},
    elsewhere::Elsewhere,
    needs::{self, Purpose},
    node, package,
};
use std::{fs, os::unix::fs::PermissionsExt as _};

const TARGET: &str = "aarch64-apple-darwin";

/// Says yes to everything, makes the file it is asked for, and says that it is clang.
const STAND_IN: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    case "$1" in
        -o) shift; : > "$1" ;;
        -E) echo clang ;;
        *.a) : > "$1" ;;
    esac
    shift
done
"#;

/// Type-checks everything for macOS.
///
/// # Errors
/// Something that cannot be had or does not check.
pub(crate) fn macos(arguments: &[&str]) -> Done {
    if !arguments.is_empty() {
        return Err(Failure::new("cargo xtask macos"));
    }
    needs::install(Purpose::Build)?;
    let elsewhere = Elsewhere::ready()?;
    node::install_ui()?;
    node::npm(&["run", "build"])?;
    let stand_in = elsewhere.tools.join("stand-in");
    package::write(&stand_in, STAND_IN)?;
    let failed = |error| Failure::new(format!("{}: {error}", stand_in.display()));
    fs::set_permissions(&stand_in, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    let mut check = elsewhere.programs("check", TARGET);
    for program in ["CC", "CXX", "AR"] {
        check.env(format!("{program}_aarch64_apple_darwin"), &stand_in);
    }
    // Where Apple's headers would lie; asked for by those who compile C.
    finish(check.env("SDKROOT", "/").env("MACOSX_DEPLOYMENT_TARGET", "11.0"))
}
