//! That the recipes lead somewhere: every path that `CONTRIBUTING.md` and `docs/architecture.md` name is there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, clippy::disallowed_methods)]

use std::{fs, path::Path};

#[test]
fn every_path_in_the_recipes_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut named, mut missing) = (0, Vec::new());
    for document in ["CONTRIBUTING.md", "docs/architecture.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        let quoted = text.split('`').skip(1).step_by(2);
        let is_path = |it: &&str| {
            let first = it.split('/').next().unwrap();
            ["crates", "src-tauri", "ui", "xtask", "tests", "docs", "hosted-page", "packaging"].contains(&first)
                && !it.contains(char::is_whitespace)
                && !it.contains("NAME")
        };
        for path in quoted.filter(is_path) {
            named += 1;
            if !root.join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(named > 50, "only {named} paths were found");
    assert!(missing.is_empty(), "{missing:#?}");
}
