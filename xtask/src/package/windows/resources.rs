//! What Windows reads from a program beside its code: whether it is there.

use crate::command::{Done, Failure};
use std::{fs, path::Path};

/// What the manifest of both programs says.
const MANIFEST: &[&str] =
    &["level=\"asInvoker\"", "PerMonitorV2", ">UTF-8<", "longPathAware", "Microsoft.Windows.Common-Controls"];

/// What is told of a file under its properties.
const VERSION_INFORMATION: &[&str] = &["FileDescription", "ProductName", "Momsbud", "LegalCopyright", "FileVersion"];

/// Looks that a program has its manifest, its icon and its version: the one given, if one is.
///
/// # Errors
/// What it lacks.
pub(super) fn check(program: &Path, version: Option<&str>) -> Done {
    let bytes = fs::read(program).map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
    let lacks = |what: &str| Failure::new(format!("{} has no {what} in it", program.display()));
    for part in MANIFEST {
        if !has(&bytes, part.as_bytes()) {
            return Err(lacks(part));
        }
    }
    for part in VERSION_INFORMATION.iter().copied().chain(version) {
        let wide: Vec<u8> = part.encode_utf16().flat_map(u16::to_le_bytes).collect();
        if !has(&bytes, &wide) {
            return Err(lacks(part));
        }
    }
    // The largest picture of the icon is a PNG of 256 points.
    if has(&bytes, b"\x89PNG\r\n\x1a\n") { Ok(()) } else { Err(lacks("icon")) }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
