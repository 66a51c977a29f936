//! That the recipes lead somewhere: every path that `CONTRIBUTING.md` and `docs/architecture.md` name is there, and so is what
//! they say stands in it; and whoever begins where the table says finds a recipe.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, clippy::disallowed_methods)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What stands between backquotes, with the words before it.
fn quoted(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = text.split('`');
    std::iter::from_fn(move || Some((parts.next()?, parts.next()?)))
}

#[test]
fn every_path_in_the_recipes_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut named, mut missing) = (0, Vec::new());
    for document in ["CONTRIBUTING.md", "docs/architecture.md"] {
        let text = fs::read_to_string(root.join(document)).unwrap();
        let is_path = |it: &&str| {
            let first = it.split('/').next().unwrap();
            ["crates", "src-tauri", "ui", "xtask", "tests", "docs", "hosted-page", "packaging"].contains(&first)
                && !it.contains(char::is_whitespace)
                && !it.contains("NAME")
        };
        for path in quoted(&text).map(|(_, it)| it).filter(is_path) {
            named += 1;
            if !root.join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert!(named > 50, "only {named} paths were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn what_is_said_to_stand_in_a_file_stands_in_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let quoted: Vec<(&str, &str)> = quoted(&text).collect();
    let (mut said, mut missing) = (0, Vec::new());
    for pair in quoted.windows(2) {
        let [(_, name), (" in ", path)] = pair else { continue };
        let Ok(source) = fs::read_to_string(root.join(path)) else { continue };
        said += 1;
        if !source.contains(name) {
            missing.push(format!("`{name}` in `{path}`"));
        }
    }
    assert!(said > 10, "only {said} names were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_place_to_begin_has_a_recipe() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let recipes = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let architecture = fs::read_to_string(root.join("docs/architecture.md")).unwrap();
    let table = architecture.split("## Where do I change").nth(1).unwrap();
    let begin: Vec<&str> =
        quoted(table).map(|(_, it)| it).filter(|it| it.starts_with("crates/") || it.starts_with("ui/")).collect();
    let without: Vec<&&str> = begin.iter().filter(|it| !recipes.contains(&format!("`{it}"))).collect();
    assert!(begin.len() > 15, "{begin:?}");
    assert!(without.is_empty(), "no recipe names {without:?}");
}

/// The Rust sources of a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

#[test]
fn the_recipe_of_a_column_names_every_list_that_is_made_of_a_filing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let recipe = text.split("\n\n").find(|it| it.starts_with("**A column of a filing.**")).unwrap();
    let mut lists = 0;
    for file in ["filing", "office"].iter().flat_map(|it| sources(&root.join("crates").join(it).join("src"))) {
        let source = fs::read_to_string(&file).unwrap();
        let file = file.strip_prefix(root).unwrap().display().to_string();
        for list in source.split("// Named whole").skip(1) {
            lists += 1;
            assert!(recipe.contains(&format!("`{file}`")), "{file}");
            // One that leaves fields out with `..` says nothing of a new one.
            let named = list.split("} = ").next().unwrap();
            assert!(named.contains("let Filing {") && !named.contains(".."), "{file}: {named}");
        }
    }
    assert!(lists > 7, "{lists}");
}
