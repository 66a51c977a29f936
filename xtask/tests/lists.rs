//! That a list of all variants of an enum has them all: what is made of it, an SQL predicate for one, says nothing of one that
//! was forgotten.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// How many a source says that all of an enum are: `const ALL: [Self; 10]` within `impl State {`.
fn listed(source: &str) -> Vec<(String, usize)> {
    let of_block = |block: &str| {
        let name = block.split(" {").next()?.to_owned();
        let count = block.split("\n}\n").next()?.split("const ALL: [Self; ").nth(1)?.split(']').next()?.parse().ok()?;
        Some((name, count))
    };
    source.split("\nimpl ").skip(1).filter_map(of_block).collect()
}

/// The variants of an enum that a source declares.
fn variants(source: &str, name: &str) -> Option<usize> {
    let body = source.split(&format!("enum {name} {{\n")).nth(1)?.split("\n}").next()?;
    let is_variant = |line: &&str| line.strip_prefix("    ").is_some_and(|it| it.starts_with(char::is_uppercase));
    Some(body.lines().filter(is_variant).count())
}

#[test]
fn a_list_of_all_has_all() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("crates");
    let (mut looked_at, mut wrong) = (0, Vec::new());
    for of_crate in fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path().join("src")) {
        let sources: Vec<String> = sources(&of_crate).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        for (name, count) in sources.iter().flat_map(|source| listed(source)) {
            looked_at += 1;
            let declared = sources.iter().find_map(|source| variants(source, &name));
            if declared != Some(count) {
                wrong.push(format!("{}: {name} has {declared:?}, its list {count}", of_crate.display()));
            }
        }
    }
    assert!(looked_at > 8, "{looked_at}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_handbook_says_what_every_state_means() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let texts = fs::read_to_string(root.join("crates/view/messages/nb.json")).unwrap();
    let handbook = fs::read_to_string(root.join("docs/handbook.md")).unwrap();
    let table = handbook.split("## Hva tilstandene betyr").nth(1).unwrap().split("\n## ").next().unwrap();
    // Those in bold may have a comma in them.
    let told: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|cell| cell.split([',', '*']).map(str::trim))
        .chain(table.split("**").skip(1).step_by(2))
        .collect();
    let labels: Vec<&str> =
        texts.split("\"state.").skip(1).filter_map(|rest| rest.split("\": \"").nth(1)?.split('"').next()).collect();
    let missing: Vec<&&str> = labels.iter().filter(|label| !told.contains(*label)).collect();
    assert!(labels.len() > 9, "{labels:?}");
    assert!(missing.is_empty(), "{missing:?} {told:?}");
}

#[test]
fn a_variant_that_was_forgotten_is_seen() {
    let source = "/// .\npub enum State {\n    /// One.\n    One,\n    /// Two.\n    Two {\n        /// Of.\n        of: u8,\n    },\n}\n\nimpl State {\n    pub const ALL: [Self; 1] = [Self::One];\n}\n";
    assert_eq!(listed(source), [("State".to_owned(), 1)]);
    assert_eq!(variants(source, "State"), Some(2));
}
