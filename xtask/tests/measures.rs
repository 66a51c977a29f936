//! Two figures that show whether the house still has rooms: how far the window's error has spread, and how much one type of
//! the office can do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// How often the window's error may be named outside `view`, the shell and the command line. It is made of a
/// `view::Problem` in `crates/view/src/error.rs`.
const ERROR_VIEWS: usize = 20;
/// Functions that are called on `Office` itself. What a person does lies in its parts (`office.returns()`, …).
const OFFICE: usize = 40;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The functions of every `impl TYPE {` of a source: visible ones, and all.
fn functions(source: &str, of: &str) -> (Vec<String>, usize) {
    let (mut visible, mut all) = (Vec::new(), 0);
    for block in source.split(&format!("\nimpl {of} {{\n")).skip(1) {
        for line in block.split("\n}\n").next().unwrap().lines() {
            let Some(rest) = line.strip_prefix("    ").filter(|rest| !rest.starts_with(' ')) else { continue };
            let Some((before, after)) = rest.split_once("fn ") else { continue };
            if !before.split_whitespace().all(|word| word.starts_with("pub") || ["async", "const"].contains(&word)) {
                continue;
            }
            all += 1;
            if before.starts_with("pub ") {
                visible.push(after.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    (visible, all)
}

#[test]
fn the_windows_error_stays_at_the_edge() {
    let mut named = Vec::new();
    for folder in fs::read_dir(root().join("crates")).unwrap().map(|it| it.unwrap().path()) {
        if folder.ends_with("cli") {
            continue;
        }
        for file in files(&folder.join("src")) {
            let relative = file.strip_prefix(root()).unwrap().display().to_string();
            let count = fs::read_to_string(&file).unwrap().matches("ErrorView").count();
            if count > 0 && !relative.starts_with("crates/view/src") {
                named.push((relative, count));
            }
        }
    }
    let count: usize = named.iter().map(|(_, count)| count).sum();
    println!("ErrorView outside view, shell and command line: {count}");
    assert!(count <= ERROR_VIEWS, "{count} times, at most {ERROR_VIEWS}: {named:#?}");
}

#[test]
fn the_office_is_in_parts() {
    let (mut visible, mut all) = (Vec::new(), 0);
    for file in files(&root().join("crates/office/src/office")) {
        let (more, count) = functions(&fs::read_to_string(file).unwrap(), "Office");
        visible.extend(more);
        all += count;
    }
    println!("functions of Office: {}, with its own helpers {all}", visible.len());
    assert!(visible.len() > 10, "they could not be read: {visible:?}");
    assert!(visible.len() <= OFFICE, "{} functions, at most {OFFICE}: {visible:#?}", visible.len());
}

/// That the tests above can count.
#[test]
fn functions_are_counted() {
    let source = "\nimpl Office {\n    /// One fn here.\n    pub async fn open(setup: Setup) {\n        let fn_x = 1;\n    }\n\n    \
                  pub(super) fn may(&self) {}\n    fn own(&self) {}\n}\n\nimpl Returns<'_> {\n    pub fn check(self) {}\n}\n";
    assert_eq!(functions(source, "Office"), (vec!["open".to_owned()], 3));
    assert_eq!(functions(source, "Returns<'_>").0, ["check"]);
}
