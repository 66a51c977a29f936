//! The official examples, lists and schemas, which are Skatteetaten's and not in this repository: they lie in
//! `../shared/skatteetaten` beside it.

use std::path::{Path, PathBuf};

/// A file or folder of the official material. Where it is absent the test passes with the reason printed; in CI it fails,
/// unless `MOMSBUD_WITHOUT` names `skatteetaten`.
pub(crate) fn official(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/skatteetaten").join(path);
    if path.exists() {
        return Some(path);
    }
    absent("skatteetaten", &format!("{} is absent", path.display()));
    None
}

/// Something that a test needs is absent: in CI that is a failure, unless `MOMSBUD_WITHOUT` names it (several with commas).
pub(crate) fn absent(what: &str, why: &str) {
    let named = std::env::var("MOMSBUD_WITHOUT").is_ok_and(|names| names.split(',').any(|name| name.trim() == what));
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(named || !in_ci, "{why}; MOMSBUD_WITHOUT={what} runs the tests without it");
    eprintln!("skipped: {why}");
}
