//! The message files of every crate, held against each other and against the sources that ask for them.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use messages::Language;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

#[allow(dead_code, clippy::print_stdout)]
#[path = "../build.rs"]
mod build;

/// Keys that are put together, and the test that holds each of them against what puts it together.
const PUT_TOGETHER: [(&str, &str); 4] = [
    // texts.rs, every_rule_has_title_message_and_advice_in_three_languages
    ("vat-return", "finding."),
    // texts/labels.rs, everything_in_the_lists_has_a_name
    ("vat-return", "label."),
    // registering/texts.rs, every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for
    ("access", "access."),
    // work/texts.rs, every_failure_has_words_and_a_next_step_and_no_text_is_left_over
    ("access", "work."),
];

type Texts = BTreeMap<String, String>;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every folder of message files but this crate's own: name, files by language, and the sources beside it.
fn folders() -> Vec<(String, BTreeMap<String, Texts>, String)> {
    let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|it| it.unwrap().path());
    let homes: Vec<PathBuf> = crates.chain([workspace().join("src-tauri")]).collect();
    let mut folders = Vec::new();
    for home in homes {
        let name = home.file_name().unwrap().to_str().unwrap().to_owned();
        if name == "messages" || !home.join("messages").is_dir() {
            continue;
        }
        let mut files = BTreeMap::new();
        for file in fs::read_dir(home.join("messages")).unwrap().map(|it| it.unwrap().path()) {
            let text = fs::read_to_string(&file).unwrap();
            let texts: Texts = serde_json::from_str(&text).unwrap();
            // As they are written here, so that two people's changes meet and a key stands once.
            assert!(serde_json::to_string_pretty(&texts).unwrap() + "\n" == text, "{}: not in order", file.display());
            files.insert(file.file_stem().unwrap().to_str().unwrap().to_owned(), texts);
        }
        for (code, mut sections) in translations() {
            files.insert(code, sections.remove(package(&name)).unwrap_or_default());
        }
        folders.push((name, files, sources(&home.join("src"))));
    }
    assert!(folders.len() >= 7, "{}", folders.len());
    folders
}

/// What a folder's crate is called.
fn package(folder: &str) -> &str {
    match folder {
        "src-tauri" => "momsbud",
        crates => crates,
    }
}

/// The languages whose texts stand in one file, in sections by who says them.
fn translations() -> Vec<(String, BTreeMap<String, Texts>)> {
    let files = fs::read_dir(workspace().join("translations")).unwrap().map(|it| it.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let sections: BTreeMap<String, Texts> = serde_json::from_str(&text).unwrap();
        let keys: usize = sections.values().map(Texts::len).sum();
        assert_eq!(text.matches("\": \"").count(), keys, "{}: a key stands twice, or two on a line", file.display());
        (file.file_stem().unwrap().to_str().unwrap().to_owned(), sections)
    };
    files.map(read).collect()
}

#[test]
fn a_translation_says_everything_that_the_window_says() {
    let bokmal: Texts = serde_json::from_slice(&fs::read(workspace().join("ui/src/i18n/nb.json")).unwrap()).unwrap();
    for (code, sections) in translations() {
        let window = &sections["window"];
        let missing: Vec<&String> = bokmal.keys().filter(|key| !window.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{code}: {missing:?}");
        for (key, text) in window {
            // A language may have a form of number that bokmål has not.
            let many = key.rsplit_once('_').map(|(key, _)| format!("{key}_other"));
            let bokmal = bokmal.get(key).or_else(|| bokmal.get(&many?));
            let bokmal = bokmal.unwrap_or_else(|| panic!("{code}: nobody asks for {key}"));
            assert_eq!(placeholders(text), placeholders(bokmal), "{code} {key}");
        }
    }
}

#[test]
fn a_translation_has_no_section_that_nobody_asks_for() {
    let folders = folders();
    let known = |section: &str| {
        ["messages", "window"].contains(&section) || folders.iter().any(|(name, ..)| package(name) == section)
    };
    for (code, sections) in translations() {
        let unknown: Vec<&String> = sections.keys().filter(|section| !known(section)).collect();
        assert!(unknown.is_empty(), "{code}: {unknown:?}");
    }
}

fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for path in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        if path.is_dir() {
            all.push_str(&sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    all
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_language_has_every_text_with_the_same_values() {
    let codes: BTreeSet<&str> = Language::ALL.iter().map(|language| language.code()).collect();
    for (name, files, _) in folders() {
        assert_eq!(files.keys().map(String::as_str).collect::<BTreeSet<_>>(), codes, "{name}");
        let (_, first) = files.iter().next().unwrap();
        for (code, texts) in &files {
            assert_eq!(texts.keys().collect::<Vec<_>>(), first.keys().collect::<Vec<_>>(), "{name} {code}");
            for (key, text) in texts {
                assert!(!text.trim().is_empty(), "{name} {code} {key}");
                assert_eq!(placeholders(text), placeholders(&first[key]), "{name} {code} {key}");
            }
        }
    }
}

#[test]
fn every_text_is_asked_for_and_every_text_that_is_asked_for_is_there() {
    for (name, files, source) in folders() {
        let texts = &files["nb"];
        let quoted: BTreeSet<&str> = source.split('"').collect();
        for key in texts.keys() {
            let put_together = PUT_TOGETHER.iter().any(|(of, head)| *of == name && key.starts_with(head));
            assert!(put_together || quoted.contains(key.as_str()), "{name}: nobody asks for {key}");
        }
        for asked in ["text(", "filled(", "say("].iter().flat_map(|call| source.split(call).skip(1)) {
            let literals = asked.split_once(')').map_or(asked, |(inside, _)| inside).split('"').skip(1).step_by(2);
            for key in literals.take(1).filter(|key| is_key(key)) {
                let known = texts.contains_key(key) || texts.contains_key(&format!("access.{key}"));
                assert!(known || key.starts_with("lock.") || key.starts_with("right."), "{name}: there is no {key}");
            }
        }
    }
}

/// `archive.export.company`
fn is_key(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let word =
        |part: &&str| part.starts_with(|c: char| c.is_ascii_lowercase()) && part.chars().all(char::is_alphanumeric);
    parts.len() > 1 && parts.iter().all(word)
}

#[test]
fn the_values_of_a_text_are_given_where_it_is_asked_for() {
    for (name, files, source) in folders() {
        let source: String = source.split_whitespace().collect();
        for call in source.split("filled(").skip(1) {
            let Some((before, rest)) = call.split_once("&[(") else { continue };
            let Some(key) = before.split('"').nth(1).filter(|key| files["nb"].contains_key(*key)) else { continue };
            let Some((values, _)) = rest.split_once(")])").or_else(|| rest.split_once("],")) else { continue };
            let given: BTreeSet<&str> = values
                .split("(\"")
                .map(|it| it.trim_start_matches('"'))
                .filter_map(|it| it.split('"').next())
                .collect();
            for wanted in placeholders(&files["nb"][key]) {
                assert!(given.contains(wanted), "{name}: {key} wants {wanted}, and is given {given:?}");
            }
        }
    }
}

/// What is Norwegian in the sources and no text of ours: what the authorities and accounting systems call things, what files
/// on a disk are called, and what is made up.
const NORWEGIAN_BY_RIGHT: [&str; 16] = [
    // What practice's integration is called, in every language.
    "access/src/environment.rs",
    "altinn/src/error.rs",
    "altinn/src/upload.rs",
    "books/src/options.rs",
    "books/src/uncoded.rs",
    "filing/src/archive/names.rs",
    "filing/src/engine/trouble.rs",
    "filing/src/saft/samples.rs",
    "office/src/office/reminding.rs",
    "saf-t/src/hints.rs",
    "saf-t/src/ledger.rs",
    "vat-return/src/envelope.rs",
    "vat-return/src/rules/cases.rs",
    "vat-return/src/rules/cases/content.rs",
    "vat-return/src/tables.rs",
    "vat-return/src/validation_result.rs",
];

/// Words of bokmål's texts that stand in SQL, in HTML and in names too.
const ALSO_CODE: [&str; 11] = [
    "bare",
    "enhetsregisteret",
    "holder",
    "installer",
    "lang",
    "listen",
    "null",
    "sender",
    "side",
    "skatteetaten",
    "underenhet",
];

#[test]
fn nothing_norwegian_is_said_past_the_files() {
    let (mut norwegian, mut english) = (BTreeSet::new(), BTreeSet::new());
    for (_, files, _) in folders() {
        norwegian.extend(files["nb"].values().flat_map(|text| words(text)));
        english.extend(files["en"].values().flat_map(|text| words(text)));
    }
    let only: BTreeSet<&String> =
        norwegian.difference(&english).filter(|word| !ALSO_CODE.contains(&word.as_str())).collect();
    assert!(only.len() > 500, "{}", only.len());
    let mut said = Vec::new();
    for file in
        rust_files(&workspace().join("crates")).into_iter().chain(rust_files(&workspace().join("src-tauri/src")))
    {
        let name = file.display().to_string();
        let is_program = name.contains("/src/") && !name.contains("/tests") && !name.contains("/practice/");
        if !is_program || NORWEGIAN_BY_RIGHT.iter().any(|known| name.ends_with(known)) {
            continue;
        }
        let source = fs::read_to_string(&file).unwrap();
        let program = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        // What has no space is a name.
        for text in literals(program).into_iter().filter(|text| text.contains(' ')) {
            if words(&text).iter().any(|word| only.contains(word)) {
                said.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(said.is_empty(), "{said:#?}");
}

/// Words of four letters and more, in small ones.
fn words(text: &str) -> Vec<String> {
    let all = text.split(|letter: char| !letter.is_alphabetic());
    all.filter(|word| word.chars().count() > 3).map(str::to_lowercase).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    files(folder, &["rs"])
}

/// The files of a folder whose names end so.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()) {
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("fuzz") {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|ending| endings.iter().any(|it| ending == *it)) {
            found.push(path);
        }
    }
    found
}

/// What stands between quotation marks, without what is a comment.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let here = &rest[at..];
        let next = |from: usize, end: &str| here[from..].find(end).map_or(here.len(), |to| from + to + end.len());
        let passed = if here.starts_with("//") {
            next(2, "\n")
        } else if here.starts_with("'\\") {
            next(3, "'")
        } else if here.starts_with('\'') {
            // A letter, or a lifetime.
            let mut letters = here.char_indices().skip(2);
            letters.next().filter(|(_, letter)| *letter == '\'').map_or(1, |(end, _)| end + 1)
        } else if here.starts_with('"') {
            let raw = rest[..at].ends_with("r#") || rest[..at].ends_with("r##");
            let mut end = 1;
            if raw {
                end = next(1, "\"#");
            } else {
                let mut escaped = false;
                for (index, letter) in here.char_indices().skip(1) {
                    end = index + letter.len_utf8();
                    match letter {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => break,
                        _ => {}
                    }
                }
            }
            found.push(here[..end].to_owned());
            end
        } else {
            1
        };
        rest = &here[passed..];
    }
    found
}

#[test]
fn a_fourth_language_is_one_new_file() {
    let (own, translations) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (code, name) in [("en", "English"), ("nb", "Bokmål"), ("nn", "Nynorsk")] {
        fs::write(own.path().join(code).with_extension("json"), format!(r#"{{"name": "{name}"}}"#)).unwrap();
    }
    let file = translations.path().join("se.json");
    fs::write(&file, r#"{"messages": {"name": "Davvisámegiella"}, "view": {"words.and": "ja"}}"#).unwrap();
    fs::write(translations.path().join("README.md"), "No language.").unwrap();
    let made = || build::source(&build::languages(own.path(), translations.path()).unwrap()).unwrap();
    let with = made();
    let variants = "/// Bokmål.\n#[default]\nNb,\n/// Nynorsk.\nNn,\n/// English.\nEn,\n/// Davvisámegiella.\nSe,\n";
    assert!(with.contains(variants), "{with}");
    assert!(
        with.contains("[Self::Nb, Self::Nn, Self::En, Self::Se, ]") && with.contains(r#"Self::Se => "se","#),
        "{with}"
    );
    // Its texts come from its own file, whole, and from no folder.
    let path = file.canonicalize().unwrap();
    assert!(with.contains(&format!("(Language::Se, include_str!({:?})),", path.to_string_lossy())), "{with}");
    assert!(!with.contains(r#"concat!($folder, "/se.json")"#), "{with}");
    // A language of the program's own that a folder lacks does not compile.
    assert!(with.contains(r#"($crate::Language::Nn, include_str!(concat!($folder, "/nn.json"))),"#), "{with}");

    fs::remove_file(file).unwrap();
    let without = made();
    assert!(!without.contains("se.json") && without.contains("[Self::Nb, Self::Nn, Self::En, ]"), "{without}");
}

/// Where nynorsk is named in the program's code, and by what it is had there: whoever asks which language of several it is
/// names it, and would have to be asked again by a fourth.
const NAMED: [(&str, &str); 3] = [
    // Which comes first.
    ("crates/messages/build.rs", "const FIRST"),
    ("ui/src/i18n/index.ts", "const first"),
    // The authority's page is Norwegian or English, whatever its reader's language is.
    ("crates/access/src/registering/guide.rs", "norwegian:"),
];

#[test]
fn no_code_asks_which_language_it_is() {
    let root = workspace();
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|it| it.unwrap().path());
    let of_crates = crates.filter(|path| !path.ends_with("practice")).map(|path| path.join("src"));
    let of_rust = of_crates.chain([root.join("src-tauri/src")]).flat_map(|folder| files(&folder, &["rs"]));
    let built = [root.join("crates/messages/build.rs"), root.join("crates/cli/build.rs")];
    let of_window = files(&root.join("ui/src"), &["ts", "tsx"]);
    let (mut looked_at, mut said, mut met) = (0, Vec::new(), BTreeSet::new());
    for file in of_rust.chain(built).chain(of_window) {
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let made_up = ["/tests", "/fake/", "bindings.ts", ".test.", "testids.ts"].iter().any(|it| name.contains(it));
        if made_up {
            continue;
        }
        looked_at += 1;
        let source = fs::read_to_string(&file).unwrap();
        let program = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in program.lines().filter(|line| line.contains("Language::Nn") || line.contains("\"nn\"")) {
            match NAMED.iter().find(|(known, by)| name == *known && line.contains(by)) {
                Some((known, _)) => _ = met.insert(known),
                None => said.push(format!("{name}: {}", line.trim())),
            }
        }
    }
    assert!(looked_at > 500, "{looked_at}");
    assert!(said.is_empty(), "{said:#?}");
    assert_eq!(met.len(), NAMED.len(), "{met:?}");
}
