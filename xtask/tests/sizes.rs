//! That no file has outgrown a reader: none has more than 600 lines but what is generated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, clippy::disallowed_methods)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines that a file may have.
const MOST: usize = 600;
/// What a person writes.
const ENDINGS: [&str; 8] = ["rs", "ts", "tsx", "mjs", "css", "py", "sh", "sql"];
/// What a program writes.
const GENERATED: [&str; 1] = ["ui/src/bindings.ts"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if !["target", "node_modules", "dist", "corpus"].contains(&name) {
                files(&path, found);
            }
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|it| ending == *it)) {
            found.push(path);
        }
    }
}

#[test]
fn no_file_has_more_than_600_lines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri", "xtask", "ui", "tests", "packaging"] {
        files(&root.join(folder), &mut found);
    }
    assert!(found.len() > 500, "only {} files were found", found.len());
    let lines = |path: &PathBuf| fs::read_to_string(path).map_or(0, |text| text.lines().count());
    let long: Vec<String> = found
        .iter()
        .filter(|path| !GENERATED.iter().any(|it| path.ends_with(it)))
        .map(|path| (path, lines(path)))
        .filter(|(_, lines)| *lines > MOST)
        .map(|(path, lines)| format!("{}: {lines} lines", path.strip_prefix(root).unwrap().display()))
        .collect();
    assert!(long.is_empty(), "more than {MOST} lines: {long:#?}");
}
