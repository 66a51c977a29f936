//! That no import points upward, and none in a circle: the `use` of every crate's modules and the imports of the window, held
//! against the tables of `docs/architecture.md`.
//!
//! A module is a file or a folder right below `src`. One that stands in no table, or a name in a table that is no module, fails
//! as well: the drawing is never older than the house.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Who imports what: (from, to) with one place that does.
type Arrows = BTreeMap<(String, String), String>;

/// The rows of a table, from the top down, each with its modules.
type Layers = Vec<(String, Vec<String>)>;

/// The tables: blocks of the document that begin with a word and the folder they are about.
fn tables(document: &str, word: &str) -> BTreeMap<String, Layers> {
    let mut tables = BTreeMap::new();
    for block in document.split(&format!("\n```{word} ")).skip(1) {
        let (folder, rest) = block.split_once('\n').unwrap();
        let rows = rest.split("\n```").next().unwrap().lines().filter_map(|line| line.split_once(':'));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        tables
            .insert(folder.trim().to_owned(), rows.map(|(name, modules)| (name.to_owned(), words(modules))).collect());
    }
    tables
}

/// All files below a folder with one of these endings, in the order of their names.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|it| ending == *it)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Where a Rust file stands among the modules: `office/batch.rs` is `["office", "batch"]`, `office/mod.rs` `["office"]`.
fn module(src: &Path, file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(src).unwrap().with_extension("");
    let mut names: Vec<_> = relative.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    if names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// The source without comments, strings, and the tests in it.
fn bare(source: &str) -> String {
    let mut bare = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("#[cfg(test)]\nmod ") && rest.lines().nth(1).is_some_and(|line| line.ends_with('{')) {
            break;
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("r#\"") {
            rest = rest.split_once("\"#").map_or("", |(_, rest)| rest);
        } else if rest.starts_with("r\"") {
            rest = rest[2..].split_once('"').map_or("", |(_, rest)| rest);
        } else if c == '"' {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            rest = end.map_or("", |(end, _)| &rest[end + 1..]);
        } else if let Some(quoted) = ["'\"'", "'\\''", "'\\\\'"].iter().find(|it| rest.starts_with(**it)) {
            rest = &rest[quoted.len()..];
        } else {
            bare.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    bare
}

/// The paths of `a::{b, c::{d, e}}`: `a::b`, `a::c::d`, `a::c::e`.
fn spread(tree: &str) -> Vec<String> {
    let Some((head, body)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or(tree).trim().to_owned()];
    };
    let body = body.rsplit_once('}').map_or(body, |(body, _)| body);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in body.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().unwrap().push(c);
    }
    let inside = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    inside.flat_map(spread).map(|path| format!("{}{path}", head.trim())).collect()
}

/// Every path that begins with `crate` or `super`, in `use` and elsewhere.
fn paths(bare: &str) -> Vec<String> {
    let mut found = Vec::new();
    let starts = |text: &str, word: &str| text.strip_prefix(word).is_some_and(|rest| rest.starts_with("::"));
    let mut before = ' ';
    for (at, c) in bare.char_indices() {
        let fresh = !(before.is_alphanumeric() || before == '_' || before == ':' || before == '$');
        before = c;
        let rest = &bare[at..];
        if !fresh || !(starts(rest, "crate") || starts(rest, "super")) {
            continue;
        }
        let name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        let end = rest.find(|c| !name(c)).unwrap_or(rest.len());
        let tree = if rest[end..].starts_with('{') { rest.split(';').next().unwrap_or(rest) } else { &rest[..end] };
        found.extend(spread(&tree.split_whitespace().collect::<Vec<_>>().join(" ").replace(":: ", "::")));
    }
    found
}

/// The modules that a file declares for tests only.
fn tests_of(src: &Path, file: &Path) -> Vec<Vec<String>> {
    let source = fs::read_to_string(file).unwrap();
    let declared = source.split("#[cfg(test)]\n").skip(1).filter_map(|rest| {
        let name = rest.trim_start().trim_start_matches("pub(crate) ").strip_prefix("mod ")?.split(';').next()?.trim();
        name.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| name.to_owned())
    });
    let mut parent = module(src, file);
    if ["lib", "main"].contains(&parent[0].as_str()) {
        parent.clear();
    }
    declared.map(|name| parent.iter().cloned().chain([name]).collect()).collect()
}

/// Who of a crate's modules imports whom.
fn rust_arrows(src: &Path) -> (BTreeSet<String>, Arrows) {
    let all = files(src, &["rs"]);
    let known: BTreeSet<Vec<String>> = all.iter().map(|file| module(src, file)).collect();
    let tests: Vec<Vec<String>> = all.iter().flat_map(|file| tests_of(src, file)).collect();
    let (mut modules, mut arrows) = (BTreeSet::new(), Arrows::new());
    for file in &all {
        let from = module(src, file);
        if tests.iter().any(|it| from.starts_with(it)) || ["lib", "main"].contains(&from[0].as_str()) {
            continue;
        }
        modules.insert(from[0].clone());
        for path in paths(&bare(&fs::read_to_string(file).unwrap())) {
            let mut at = from.clone();
            let mut names = path.split("::").peekable();
            if names.next_if_eq(&"crate").is_some() {
                at.clear();
            }
            while names.next_if_eq(&"super").is_some() {
                at.pop();
            }
            for name in names {
                at.push(name.to_owned());
                if !known.contains(&at) {
                    at.pop();
                    break;
                }
            }
            if let Some(to) = at.first().filter(|to| **to != from[0]) {
                let place = format!("{}: {path}", file.strip_prefix(src).unwrap().display());
                arrows.entry((from[0].clone(), to.clone())).or_insert(place);
            }
        }
    }
    (modules, arrows)
}

/// The room of a file of the window: its folder, one of the places, or the file itself where it lies outside.
fn room(relative: &Path) -> String {
    let names: Vec<_> = relative.iter().map(|name| name.to_str().unwrap()).collect();
    match names[..] {
        ["places", place, _, ..] => format!("places/{place}"),
        [folder, _, ..] => folder.to_owned(),
        _ => relative.with_extension("").display().to_string(),
    }
}

/// Who of the window's rooms imports whom. Its tests import what they like.
fn window_arrows(src: &Path) -> (BTreeSet<String>, Arrows) {
    let (mut rooms, mut arrows) = (BTreeSet::new(), Arrows::new());
    for file in files(src, &["ts", "tsx"]) {
        let relative = file.strip_prefix(src).unwrap();
        let from = room(relative);
        if relative.to_string_lossy().contains(".test.") || from == "tests" {
            continue;
        }
        rooms.insert(from.clone());
        let source = fs::read_to_string(&file).unwrap();
        let ends = |text: &str| ["from ", "import ", "import("].iter().any(|it| text.ends_with(it));
        for (at, _) in source.match_indices("\".").filter(|(at, _)| ends(&source[..*at])) {
            let address = source[at + 1..].split('"').next().unwrap();
            let mut to = relative.parent().unwrap().to_owned();
            for name in address.split('/') {
                match name {
                    "." => {}
                    ".." => drop(to.pop()),
                    _ => to.push(name),
                }
            }
            // A folder stands for the `index.ts` in it.
            let to = room(&if src.join(&to).is_dir() { to.join("index.ts") } else { to.with_extension("ts") });
            if to != from {
                arrows.entry((from.clone(), to)).or_insert(format!("{}: {address}", relative.display()));
            }
        }
    }
    (rooms, arrows)
}

/// Modules that can be reached from themselves, each with where it leads to.
fn circles(arrows: &Arrows) -> Vec<String> {
    let reached = |from: &str| {
        let (mut all, mut next) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(at) = next.pop() {
            for (_, to) in arrows.keys().filter(|(it, _)| *it == at) {
                if all.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        all
    };
    let mut found = Vec::new();
    for ((from, to), place) in arrows {
        if reached(to).contains(from) {
            found.push(format!("{from} -> {to} is in a circle ({place})"));
        }
    }
    found
}

/// What is wrong with a folder's imports.
fn wrong(modules: &BTreeSet<String>, arrows: &Arrows, layers: Option<&Layers>) -> Vec<String> {
    let Some(layers) = layers else { return circles(arrows) };
    let mut wrong = Vec::new();
    let height: BTreeMap<&str, usize> = layers
        .iter()
        .rev()
        .enumerate()
        .flat_map(|(at, (_, all))| all.iter().map(move |it| (it.as_str(), at)))
        .collect();
    wrong
        .extend(modules.iter().filter(|it| !height.contains_key(it.as_str())).map(|it| format!("{it} is in no layer")));
    wrong.extend(height.keys().filter(|it| !modules.contains(**it)).map(|it| format!("{it} is no module")));
    let count: usize = layers.iter().map(|(_, all)| all.len()).sum();
    if count > height.len() {
        wrong.push("a module is in two layers".to_owned());
    }
    for ((from, to), place) in arrows {
        if let (Some(low), Some(high)) = (height.get(from.as_str()), height.get(to.as_str()))
            && low < high
        {
            wrong.push(format!("{from} -> {to} points upward ({place})"));
        }
    }
    // One arrow upward closes a circle through many: it is named first.
    wrong.extend(circles(arrows));
    wrong
}

fn document() -> String {
    fs::read_to_string(root().join("docs/architecture.md")).unwrap()
}

#[test]
fn no_import_points_upward_and_none_in_a_circle() {
    let tables = tables(&document(), "layers");
    let mut report = String::new();
    let mut looked_at = BTreeSet::new();
    let mut crates: Vec<_> = fs::read_dir(root().join("crates")).unwrap().map(|it| it.unwrap().path()).collect();
    crates.extend([root().join("src-tauri"), root().join("xtask")]);
    for folder in crates.iter().map(|it| it.join("src")).chain([root().join("ui/src")]) {
        let name = folder.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let (modules, arrows) = if name == "ui/src" { window_arrows(&folder) } else { rust_arrows(&folder) };
        for line in wrong(&modules, &arrows, tables.get(&name)) {
            writeln!(report, "{name}: {line}").unwrap();
        }
        looked_at.insert(name);
    }
    for name in tables.keys().filter(|it| *it != "crates" && !looked_at.contains(*it)) {
        writeln!(report, "{name}: there is no such folder").unwrap();
    }
    assert!(report.is_empty(), "\n{report}See docs/architecture.md, \"Layers\".");
}

#[test]
fn crates_import_as_drawn() {
    let tables = tables(&document(), "layers");
    let layers = &tables["crates"];
    let (mut modules, mut arrows) = (BTreeSet::new(), Arrows::new());
    for folder in fs::read_dir(root().join("crates")).unwrap().map(|it| it.unwrap().path()) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let needs = manifest.split("\n[dependencies]\n").nth(1).unwrap_or_default().split("\n[").next().unwrap();
        for line in needs.lines() {
            let to = line.split(['.', ' ', '=']).next().unwrap().to_owned();
            if root().join("crates").join(&to).is_dir() && !to.is_empty() {
                arrows.insert((name.clone(), to), "Cargo.toml".to_owned());
            }
        }
        modules.insert(name);
    }
    let wrong = wrong(&modules, &arrows, Some(layers));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// That the two tests above can fail.
#[test]
fn what_points_upward_or_in_a_circle_is_found() {
    let layers = tables("\n```layers x\ntop: office\nmiddle: filings archive\nground: ids\n```\n", "layers")
        .remove("x")
        .unwrap();
    let modules = ["office", "filings", "archive", "ids"].map(str::to_owned).into();
    let arrows = |all: &[(&str, &str)]| -> Arrows {
        all.iter().map(|(from, to)| (((*from).to_owned(), (*to).to_owned()), "here".to_owned())).collect()
    };
    let fine = arrows(&[("office", "filings"), ("office", "ids"), ("archive", "filings"), ("filings", "ids")]);
    assert_eq!(wrong(&modules, &fine, Some(&layers)), <[String; 0]>::default());
    let upward = wrong(&modules, &arrows(&[("ids", "archive")]), Some(&layers));
    assert_eq!(upward, ["ids -> archive points upward (here)"]);
    let circle = wrong(&modules, &arrows(&[("archive", "filings"), ("filings", "archive")]), Some(&layers));
    assert_eq!(circle.len(), 2, "{circle:?}");
    let without = wrong(&["office".to_owned(), "attic".to_owned()].into(), &Arrows::new(), Some(&layers));
    assert!(without.contains(&"attic is in no layer".to_owned()), "{without:?}");
    assert!(without.contains(&"ids is no module".to_owned()), "{without:?}");

    let source = "use crate::{\n    a::{B, c::D},\n    e,\n};\n// use crate::no;\nlet x = super::f::g(\"crate::no\");\n\
                  #[cfg(test)]\nmod tests {\n    use crate::no;\n}\n";
    assert_eq!(paths(&bare(source)), ["crate::a::B", "crate::a::c::D", "crate::e", "super::f::g"]);
    assert_eq!(room(Path::new("places/filing/Card.tsx")), "places/filing");
    assert_eq!(room(Path::new("parts/Button.tsx")), "parts");
    assert_eq!(room(Path::new("errors.ts")), "errors");
}
