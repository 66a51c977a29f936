//! The official examples, lists and schemas, which are Skatteetaten's and not in this repository: they lie in
//! `../shared/skatteetaten` beside it.

#[path = "../../../../tests/support/needed.rs"]
pub(crate) mod needed;

use std::path::{Path, PathBuf};

/// A file or folder of the official material. Where it is absent the test passes with the reason printed; in CI it fails,
/// unless `MOMSBUD_WITHOUT` names `skatteetaten`.
pub(crate) fn official(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/skatteetaten").join(path);
    if path.exists() {
        return Some(path);
    }
    needed::absent("skatteetaten", &format!("{} is absent", path.display()));
    None
}
