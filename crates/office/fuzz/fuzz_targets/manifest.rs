//! Any bytes as the manifest of a folder of the archive: it is read or refused, and no name in it leads out of the folder.
#![no_main]

use std::path::{Component, Path};

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(names) = filing::manifest_names(bytes) {
        for name in names {
            assert!(Path::new(&name).components().all(|part| matches!(part, Component::Normal(_))), "{name:?}");
            assert!(Path::new("/archive/folder").join(&name).starts_with("/archive/folder"), "{name:?}");
        }
    }
});
