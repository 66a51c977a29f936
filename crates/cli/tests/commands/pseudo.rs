//! A language that nobody has translated: one file for each folder of messages, every text in marks. Whatever a command, a
//! table or the calendar says outside the marks stands in the code and not in a message file.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use crate::desk::{Desk, INGRID, text};

type Texts = BTreeMap<String, String>;

/// What is the same in every language, or stands in what people gave: names of files, folders, companies and commands.
const SAME: [&str; 12] = [
    "fjordlys",
    "interiør",
    "vika",
    "mva",
    "melding",
    "momsbud",
    "submit",
    "xml",
    "konvolutt",
    "kvittering",
    "øving",
    "solvang",
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> Texts {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Pseudo-Sámi: the texts of bokmål in marks, under the names that the crates have. Also the words that only bokmål has.
fn pseudo(into: &Path) -> BTreeSet<String> {
    let crates = fs::read_dir(workspace().join("crates")).unwrap().map(|it| it.unwrap().path());
    let of_crates = crates.map(|path| (path.file_name().unwrap().to_owned(), path.join("messages")));
    let window = ("window".into(), workspace().join("ui/src/i18n"));
    let (mut norwegian, mut english) = (BTreeSet::new(), BTreeSet::new());
    for (name, folder) in of_crates.chain([window]).filter(|(_, folder)| folder.is_dir()) {
        let marked: Texts =
            read(&folder.join("nb.json")).into_iter().map(|(key, text)| (key, format!("⟦{text}⟧"))).collect();
        norwegian.extend(marked.values().flat_map(|text| words(text)));
        english.extend(read(&folder.join("en.json")).values().flat_map(|text| words(text)));
        fs::write(into.join(name).with_extension("json"), serde_json::to_vec(&marked).unwrap()).unwrap();
    }
    norwegian.difference(&english).filter(|word| !SAME.contains(&word.as_str())).cloned().collect()
}

/// Words of four letters and more, in small ones.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphabetic())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_lowercase)
        .collect()
}

/// What stands outside the marks.
fn unmarked(said: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for letter in said.chars() {
        match letter {
            // What a file says itself is quoted.
            '⟦' | '«' => depth += 1,
            '⟧' | '»' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(letter),
            _ => {}
        }
    }
    outside
}

#[test]
fn nothing_is_said_that_a_message_file_has_not() {
    let desk = Desk::new();
    let messages = tempfile::tempdir().unwrap();
    let norwegian = pseudo(messages.path());
    assert!(norwegian.len() > 500, "{}", norwegian.len());
    let mut leaks = Vec::new();
    let mut looked_at = |what: &str, said: &str| {
        assert!(said.contains('⟦'), "{what}: {said}");
        // A line of a calendar goes on in the next one.
        let outside = unmarked(&said.replace("\r\n ", ""));
        // A key of a period is made of the schema's own words.
        let outside: Vec<&str> = outside.split_whitespace().filter(|word| !word.contains('/')).collect();
        let outside = outside.join(" ");
        leaks.extend(
            words(&outside).into_iter().filter(|word| norwegian.contains(word)).map(|word| format!("{what}: {word}")),
        );
    };
    let mut say = |arguments: &[&dyn AsRef<OsStr>]| {
        let arguments: Vec<&OsStr> = arguments.iter().map(|argument| (*argument).as_ref()).collect();
        let output = desk.command(&arguments).env("MOMSBUD_MESSAGES", messages.path()).output().unwrap();
        let said = text(&output.stdout) + &text(&output.stderr);
        looked_at(&format!("{arguments:?}"), &said);
    };
    let sample = desk.sample("fjordlys");
    for sample in &vat_return::samples::ALL {
        // What its sender has written is shown as it stands.
        let own = String::from_utf8_lossy(sample.bytes).replace("første", "1.");
        let file = desk.put(&format!("{}.xml", sample.org_number), own);
        say(&[&"check", &file]);
        say(&[&"explain", &file]);
    }
    say(&[&"check", &desk.put("notat.txt", "no return")]);
    say(&[&"unknown"]);
    say(&[&"receipt", &"nothing"]);
    say(&[&"submit", &"--yes", &"--login-hint", &INGRID, &sample]);
    say(&[&"history"]);
    say(&[&"archive", &"verify"]);
    say(&[&"guide"]);
    say(&[&"doctor", &"--offline"]);
    say(&[&"due", &"--within", &"366d"]);
    for id in ["saft-fjordlys", "saft-vika"] {
        let file = desk.put("books.xml", filing::saft_sample(id).unwrap().1);
        say(&[&"saft", &file]);
        say(&[&"build", &file]);
    }
    let table = desk.path("ut.csv");
    let to = desk
        .command(&["archive", "export", "--all", "--out", &table])
        .env("MOMSBUD_MESSAGES", messages.path())
        .output();
    assert!(to.unwrap().status.success());
    looked_at("the table", &fs::read_to_string(&table).unwrap());
    assert!(leaks.is_empty(), "{leaks:#?}");
}
