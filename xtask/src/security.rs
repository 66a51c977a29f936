//! The papers on security name the tests that show what they promise; a name that is no test is a promise that nobody keeps.

use crate::command::root;
use std::fs;

/// The papers.
const PAPERS: [&str; 2] = ["SECURITY.md", "docs/security-advice.md"];

/// What a paper names: the test, and the file that it is said to be in. Written as a link whose text is code.
fn named(paper: &str) -> Vec<(String, String)> {
    let mut named = Vec::new();
    for part in paper.split("[`").skip(1) {
        let Some((name, rest)) = part.split_once("`](") else { continue };
        if let Some((file, _)) = rest.split_once(')') {
            named.push((name.to_owned(), file.trim_start_matches("../").to_owned()));
        }
    }
    named
}

/// Whether a file has a test of this name: a function marked as one, or a step of the real window.
fn has(text: &str, file: &str, name: &str) -> bool {
    if file.ends_with(".rs") {
        let function = format!("fn {name}(");
        return text.match_indices(&function).any(|(at, _)| {
            // Marks and comments stand between the mark and the function.
            let before = &text[..at];
            let item = before.rfind("\n\n").map_or(before, |blank| &before[blank..]);
            let marked = ["#[test]", "#[tokio::test", "#[should_panic"].iter().any(|mark| item.contains(mark));
            // What nobody runs shows nothing.
            marked && !item.contains("#[ignore")
        }) || text.contains("proptest!") && text.contains(&function);
    }
    ["step", "test", "it"].iter().any(|word| text.contains(&format!("{word}(\"{name}\"")))
}

/// Whether only Windows compiles a file, so that `cargo xtask windows test` runs what is in it, and nobody else.
fn is_of_windows(file: &str) -> bool {
    file.ends_with("/on_windows.rs") || file.ends_with("/windows.rs")
}

/// Names of the papers that are no tests.
fn missing() -> Vec<String> {
    let mut missing = Vec::new();
    for paper in PAPERS {
        let Ok(text) = fs::read_to_string(root().join(paper)) else {
            missing.push(format!("{paper} cannot be read"));
            continue;
        };
        for (name, file) in named(&text) {
            let text = fs::read_to_string(root().join(&file)).unwrap_or_default();
            let there = has(&text, &file, &name) && (!is_of_windows(&file) || crate::windows::runs(&file, &name));
            if !there {
                missing.push(format!("{paper}: {name} is no test in {file}"));
            }
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_test_that_the_security_papers_name_is_there() {
        assert_eq!(missing(), [""; 0]);
        let count = fs::read_to_string(root().join(PAPERS[0])).map(|text| named(&text).len());
        assert!(count.is_ok_and(|count| count > 50), "the promises have names beside them");
    }

    /// Clippy refuses what `clippy.toml` names in the crates that ask for it at their root: all but those two whose work it is.
    #[test]
    fn every_crate_keeps_to_the_bounded_ways_of_files() {
        let attribute = "#![cfg_attr(not(test), deny(clippy::disallowed_methods))]";
        let list = fs::read_to_string(root().join("clippy.toml")).unwrap_or_default();
        assert!(["std::fs::write", "std::fs::File::open"].iter().all(|it| list.contains(it)), "clippy.toml");
        let mut crates: Vec<_> =
            fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src")).collect();
        crates.push(root().join("src-tauri/src"));
        let mut free = Vec::new();
        for source in crates {
            for file in ["lib.rs", "main.rs"].map(|file| source.join(file)) {
                let Ok(text) = fs::read_to_string(&file) else { continue };
                if !text.contains(attribute) {
                    free.push(file.strip_prefix(root()).unwrap_or(&file).display().to_string());
                }
            }
        }
        free.sort();
        assert_eq!(free, ["crates/disk/src/lib.rs", "crates/files/src/lib.rs"]);
    }

    #[test]
    fn a_name_that_is_no_test_is_found() {
        let paper = "| promise | [`a_thing`](crates/a.rs), [`says so`](tests/b.test.mjs) | [not code](c.rs) |";
        assert_eq!(
            named(paper),
            [("a_thing", "crates/a.rs"), ("says so", "tests/b.test.mjs")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        let rust = "fn helper() {}\n\n    /// Words.\n    #[test]\n    fn a_thing() {}\n\nfn a_thing_else() {}\n";
        assert!(has(rust, "a.rs", "a_thing"));
        assert!(!has("    #[test]\n    #[ignore = \"slow\"]\n    fn a_thing() {}\n", "a.rs", "a_thing"));
        assert!(!has(rust, "a.rs", "helper") && !has(rust, "a.rs", "a_thing_else") && !has(rust, "a.rs", "a_thin"));
        let script = "  step(\"says so\", async () => {});";
        assert!(has(script, "b.test.mjs", "says so") && !has(script, "b.test.mjs", "says"));
    }
}
