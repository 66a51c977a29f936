//! That every dependency that is named is used: by a crate, if the workspace names it, and by a source, if a crate does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Used by no source, for a reason.
const WITHOUT_SOURCE: [(&str, &str); 0] = [];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The dependencies that a manifest names, of every kind and for every system; or those of the whole workspace.
fn named(manifest: &str, of_workspace: bool) -> Vec<&str> {
    let mut names = Vec::new();
    let mut within = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            within = line.ends_with("dependencies]") && (line == "[workspace.dependencies]") == of_workspace;
        } else if within && line.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            let end = line.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_');
            names.push(&line[..end.unwrap()]);
        }
    }
    names
}

/// The sources of a folder, without comments that no test runs.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            if !["target", "fuzz", "node_modules"].iter().any(|name| path.ends_with(name)) {
                all.push_str(&sources(&path));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let source = fs::read_to_string(path).unwrap();
            let is_code = |line: &&str| {
                let line = line.trim_start();
                !line.starts_with("//") || line.starts_with("///") || line.starts_with("//!")
            };
            all.extend(source.lines().filter(is_code).flat_map(|line| [line, "\n"]));
        }
    }
    all
}

/// Whether a source uses a crate: `name::`, `use name`, or one of its macros.
fn uses(sources: &str, dependency: &str) -> bool {
    let name = dependency.replace('-', "_");
    sources.match_indices(&name).any(|(at, _)| {
        let (before, after) = (&sources[..at], &sources[at + name.len()..]);
        let part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let alone = !before.ends_with(part) && !after.starts_with(part);
        // `one::rand::two` is another's.
        let first = !before.ends_with("::") || before.ends_with("{::") || before.ends_with(" ::");
        let called = after.starts_with("::") || after.starts_with('!') || before.ends_with("use ");
        let listed = before.ends_with(['{', ' ']) && after.starts_with([',', '}']) && before.contains("use {");
        alone && first && (called || listed)
    })
}

fn packages() -> Vec<(String, String, String)> {
    let crates = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<(PathBuf, PathBuf)> =
        crates.chain([root().join("xtask")]).map(|it| (it.clone(), it)).collect();
    folders.push((root(), root().join("src-tauri")));
    let read = |(package, code): (PathBuf, PathBuf)| {
        let manifest = package.join("Cargo.toml");
        (manifest.display().to_string(), fs::read_to_string(manifest).unwrap(), sources(&code))
    };
    folders.into_iter().map(read).collect()
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    let mut looked_at = 0;
    for (package, manifest, sources) in packages() {
        for dependency in named(&manifest, false) {
            looked_at += 1;
            let known = WITHOUT_SOURCE.iter().any(|(of, name)| package.ends_with(of) && *name == dependency);
            if !known && !uses(&sources, dependency) {
                unused.push(format!("{package}: {dependency}"));
            }
        }
    }
    assert!(looked_at > 200, "{looked_at}");
    assert!(unused.is_empty(), "{unused:#?}");
}

#[test]
fn every_dependency_of_the_workspace_is_named_by_a_crate() {
    let packages = packages();
    let workspace = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let all = named(&workspace, true);
    assert!(all.len() > 60, "{all:?}");
    let unnamed: Vec<&&str> =
        all.iter().filter(|it| !packages.iter().any(|(_, manifest, _)| named(manifest, false).contains(it))).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

/// What `package.json` names is imported, run by a script, or called by its name where it is set up.
#[test]
fn every_dependency_of_the_window_is_used() {
    /// Types and tools: what the compiler and other packages look for by themselves.
    const BY_THEMSELVES: [&str; 4] = ["@types/react", "@types/react-dom", "@testing-library/dom", "@tauri-apps/cli"];
    let package = fs::read_to_string(root().join("package.json")).unwrap();
    let (scripts, named) = package.split_once("\"dependencies\": {").unwrap();
    let named: Vec<&str> =
        named.lines().filter_map(|line| line.trim().strip_prefix('"')?.split_once("\": \"")).map(|it| it.0).collect();
    assert!(named.len() > 25, "{named:?}");
    let mut text = scripts.to_owned();
    let mut folders = vec![root().join("ui"), root().join("tests"), root().join("packaging")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let ends = |endings: &[&str]| path.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending));
            if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("dist") {
                folders.push(path);
            } else if ends(&["ts", "tsx", "mjs", "css"]) {
                text.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    for file in ["vite.config.ts", "eslint.config.js", "tsconfig.json"] {
        text.push_str(&fs::read_to_string(root().join(file)).unwrap());
    }
    let types = |name: &str| name.strip_prefix("@types/").is_some_and(|of| text.contains(&format!("\"{of}\"")));
    let is_used = |name: &&&str| {
        let quoted = ["\"", "/"].iter().any(|end| text.contains(&format!("\"{name}{end}")));
        quoted
            || types(name)
            || scripts.contains(&format!("{} ", if **name == "typescript" { "tsc" } else { *name }))
            || BY_THEMSELVES.contains(name)
    };
    let unused: Vec<&&str> = named.iter().filter(|name| !is_used(name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn uses_are_told_from_words() {
    assert!(uses("use rand::Rng;", "rand") && uses("    let a = rand::random();", "rand"));
    assert!(uses("use {jiff, tokio};", "jiff") && uses("messages::folder!();", "messages"));
    assert!(!uses("aws_lc_rs::rand::SystemRandom", "rand") && !uses("let bytes = 1;", "bytes"));
    assert!(!uses("operand::x", "rand") && !uses("files, messages, texts", "messages"));
    let manifest = "[dependencies]\na-b.workspace = true\n# c = 1\n\n[target.'cfg(unix)'.dev-dependencies]\nd = \"1\"\n\n[features]\ne = []\n";
    assert_eq!(named(manifest, false), ["a-b", "d"]);
    assert_eq!(named("[workspace.dependencies]\nx = \"1\"\n\n[dependencies]\ny = \"1\"\n", true), ["x"]);
}
