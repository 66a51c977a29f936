//! That no test is left out without a word: one that only root can do says so (`tests/support/needed.rs`), and fails in CI.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() && !path.ends_with("target") { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The lines that ask whether this is root and go without a word: by a bare `return`, or by a condition that lets an assertion be.
fn silent(source: &str) -> Vec<usize> {
    let lines: Vec<&str> = source.lines().collect();
    let asks = |line: &str| {
        ["geteuid()", ".uid() != 0", ".uid() == 0", "is_root()"].iter().any(|way| line.contains(way))
            && line.contains("if ")
    };
    let goes = |at: usize| {
        lines.iter().skip(at + 1).take(4).take_while(|line| line.trim() != "}").any(|line| line.trim() == "return;")
    };
    (0..lines.len()).filter(|at| asks(lines[*at]) && goes(*at)).map(|at| at + 1).collect()
}

#[test]
fn who_is_no_root_is_told_what_was_not_tried() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri/src"] {
        for path in sources(&root.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            found.extend(
                silent(&text).iter().map(|line| format!("{}:{line}", path.strip_prefix(root).unwrap().display())),
            );
        }
    }
    assert_eq!(found, [""; 0], "needed::absent(\"root\", …) says what is left out");
}

#[test]
fn a_silent_way_out_is_seen() {
    let bare = "    if !rustix::process::geteuid().is_root() {\n        // Only root may.\n        return;\n    }\n";
    assert_eq!(silent(bare), [1]);
    assert_eq!(silent("\n    if fs::metadata(\"/proc/self\").unwrap().uid() != 0 {\n        return;\n    }\n"), [2]);
    assert_eq!(silent("    if !is_root() {\n        return needed::absent(\"root\", \"why\");\n    }\n"), [0; 0]);
    assert_eq!(silent("    if is_root() {\n        run();\n    }\n    return;\n"), [0; 0]);
}
