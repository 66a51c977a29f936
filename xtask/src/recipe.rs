//! A recipe of `CONTRIBUTING.md` with the places it names looked up, and what its “*Sure:*” finds.

use crate::{
    command::{Done, Failure, root, say},
    package,
};
use std::{fs, process::Command};

/// What makes a name, in the sources' three languages.
const DEFINING: [&str; 12] = [
    "fn",
    "struct",
    "enum",
    "const",
    "static",
    "trait",
    "type",
    "mod",
    "macro_rules!",
    "function",
    "interface",
    "TABLE",
];

/// Prints what the recipes say of some words, or the names of all.
///
/// A recipe with the words in its name, or the only one that has them, is printed whole; of the others the sentences that have
/// them. Where no recipe has all of the words, one will do; where none has any, what in the sources is called so.
pub(crate) fn recipe(arguments: &[&str]) -> Done {
    let text = package::read(&root().join("CONTRIBUTING.md"))?;
    let all = recipes(&text);
    let words: Vec<String> = arguments.iter().flat_map(|it| it.split_whitespace()).map(stem).collect();
    if words.is_empty() {
        all.iter().for_each(|(name, _)| say(name));
        return Ok(());
    }
    let found = about(&all, &words);
    if found.is_empty() {
        return called(&words);
    }
    for Found { name, text, whole } in &found {
        say(&format!("# {name}"));
        for place in places(text) {
            say(&place);
        }
        say(&format!("\n{text}"));
        for search in searches(text) {
            say(&format!("\n$ {search}\n{}", output(search)?));
        }
        if !whole {
            say(&format!("The whole of it: cargo xtask recipe {}", name.trim_end_matches('.').to_lowercase()));
        }
        say("");
    }
    Ok(())
}

/// What a recipe says of some words.
#[derive(Debug, PartialEq)]
struct Found<'a> {
    name: &'a str,
    text: String,
    /// All of it, and not only the sentences with the words.
    whole: bool,
}

/// What the recipes say of some words.
fn about<'a>(all: &[(&'a str, &'a str)], words: &[String]) -> Vec<Found<'a>> {
    let of_all = said(all, |text| words.iter().all(|word| text.contains(word)), words);
    if of_all.is_empty() { said(all, |text| words.iter().any(|word| text.contains(word)), words) } else { of_all }
}

/// The recipes that have something in their name, or else those that have it in their text.
fn said<'a>(all: &[(&'a str, &'a str)], has: impl Fn(&str) -> bool, words: &[String]) -> Vec<Found<'a>> {
    let has = |text: &str| has(&text.to_lowercase());
    let whole = |(name, text): &(&'a str, &'a str)| Found { name, text: (*text).to_owned(), whole: true };
    let named: Vec<Found<'a>> = all.iter().filter(|(name, _)| has(name)).map(whole).collect();
    if !named.is_empty() {
        return named;
    }
    let saying: Vec<&(&str, &str)> = all.iter().filter(|(_, text)| has(text)).collect();
    if let [one] = saying.as_slice() {
        return vec![whole(one)];
    }
    let part = |(name, text): &&(&'a str, &'a str)| {
        let some = |it: &&str| words.iter().any(|word| it.to_lowercase().contains(word));
        let those: Vec<&str> = sentences(text).into_iter().filter(some).collect();
        Found { name, text: those.join("\n"), whole: false }
    };
    saying.iter().map(part).collect()
}

/// A word as it stands in most of its forms.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    let stem = word.strip_suffix('s').filter(|it| it.len() > 3 && !it.ends_with('s'));
    stem.unwrap_or(&word).to_owned()
}

/// The sentences of a recipe.
fn sentences(recipe: &str) -> Vec<&str> {
    let ends = recipe.match_indices('.').map(|(at, _)| at + 1).filter(|end| {
        let outside = recipe[..*end].matches('`').count().is_multiple_of(2);
        outside && recipe[*end..].starts_with(char::is_whitespace)
    });
    let mut start = 0;
    let mut all = Vec::new();
    for end in ends.chain([recipe.len()]) {
        all.push(recipe[start..end].trim());
        start = end;
    }
    all.retain(|it| !it.is_empty());
    all
}

/// What in the sources is called by these words.
fn called(words: &[String]) -> Done {
    let defining = DEFINING.join("|");
    let named: Vec<String> = words.iter().map(|word| format!(r"-e '\b({defining}) \w*{word}'")).collect();
    let found = output(&format!("git grep -niE {} -- crates src-tauri ui/src xtask", named.join(" --and ")))?;
    let words = words.join(" ");
    if found.is_empty() {
        return Err(Failure::new(format!("No recipe says anything of {words:?}, and nothing is called so.")));
    }
    say(&format!("No recipe says anything of {words:?}. What is called so:\n{found}"));
    Ok(())
}

/// What a search prints.
fn output(search: &str) -> Result<String, Failure> {
    let found = Command::new("sh").args(["-c", search]).current_dir(root()).output();
    let found = found.map_err(|error| Failure::new(format!("sh: {error}")))?;
    Ok(String::from_utf8_lossy(&found.stdout).trim_end().to_owned())
}

/// Name and text of each recipe.
fn recipes(text: &str) -> Vec<(&str, &str)> {
    let part = text.split("\n## Recipes\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let recipe = |paragraph: &str| -> Option<usize> { paragraph.strip_prefix("**")?.find("**") };
    let named = |paragraph| recipe(paragraph).map(|end| (&paragraph[2..end + 2], paragraph.trim_end()));
    part.split("\n\n").map(str::trim_start).filter_map(named).collect()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Every place that is named: first where the names beside it are made (`path:line: what stands there`), then files and folders
/// in which none is.
fn places(recipe: &str) -> Vec<String> {
    let said = quoted(recipe.split("*Sure:*").next().unwrap_or_default());
    let is_place = |word: &str| word.contains('/') && root().join(word).exists();
    let (mut made, mut others) = (Vec::new(), Vec::new());
    for (at, path) in said.iter().enumerate().filter(|(_, word)| is_place(word)) {
        let names = said[..at].iter().rev().take_while(|it| !is_place(it)).collect::<Vec<_>>().into_iter().rev();
        let names = names.chain(said[at + 1..].iter().take_while(|it| !is_place(it)));
        let source = fs::read_to_string(root().join(path)).unwrap_or_default();
        let before = made.len();
        for line in names.filter_map(|name| definition(&source, name)) {
            let place = format!("{path}:{}: {}", line + 1, source.lines().nth(line).unwrap_or_default().trim());
            if !made.contains(&place) {
                made.push(place);
            }
        }
        let folder = root().join(path).is_dir() && !path.ends_with('/');
        let place = if folder { format!("{path}/") } else { (*path).to_owned() };
        if made.len() == before && !others.contains(&place) {
            others.push(place);
        }
    }
    others.retain(|path| !made.iter().any(|it| it.starts_with(&format!("{path}:"))));
    made.append(&mut others);
    made
}

/// The line of a source, from 0, that makes a name.
fn definition(source: &str, name: &str) -> Option<usize> {
    let inside = |letter: char| letter.is_alphanumeric() || letter == '_';
    if !name.chars().all(inside) || name.len() < 2 {
        return None;
    }
    let makes = |line: &str| {
        let line = line.trim_start();
        let mut at = line
            .match_indices(name)
            .filter(|(at, _)| !line[..*at].ends_with(inside) && !line[at + name.len()..].starts_with(inside));
        !line.starts_with("//")
            && at.any(|(at, _)| {
                let before = line[..at].trim_end();
                let kind = before.rsplit(' ').next().unwrap_or_default();
                DEFINING.contains(&kind)
            })
    };
    // A field, where nothing else is called so.
    let field = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::"))
    };
    source.lines().position(makes).or_else(|| source.lines().position(field))
}

/// The searches that show whether anything is left.
fn searches(recipe: &str) -> Vec<&str> {
    let sure = recipe.split("*Sure:*").skip(1).flat_map(quoted);
    sure.filter(|word| word.starts_with("git grep ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        package::read(&root().join("CONTRIBUTING.md")).unwrap()
    }

    fn asked<'a>(all: &[(&'a str, &'a str)], words: &str) -> Vec<Found<'a>> {
        about(all, &words.split(' ').map(stem).collect::<Vec<_>>())
    }

    #[test]
    fn a_recipe_is_found_by_its_name_and_shows_where_its_names_are_made() {
        let text = text();
        let recipes = recipes(&text);
        assert!(recipes.len() > 15, "{recipes:?}");
        let found = asked(&recipes, "limits");
        let [Found { name: "A limit.", text: limit, whole: true }] = found.as_slice() else { panic!("{found:#?}") };
        let places = places(limit);
        assert!(places[0].starts_with("crates/filing/src/attachments/mod.rs:"), "{places:#?}");
        assert!(places[0].contains("pub const MOST_ATTACHMENTS: usize = "), "{places:#?}");
    }

    /// Names as they stand in the recipe, which were shown at the first line that had their letters, or not at all.
    #[test]
    fn every_name_beside_a_path_is_shown_where_it_is_made() {
        let text = text();
        let recipes = recipes(&text);
        let places_of = |words: &str| asked(&recipes, words).iter().flat_map(|it| places(&it.text)).collect::<Vec<_>>();
        for (words, path, line) in [
            ("deadline", "crates/vat-return/src/calendar.rs", "fn statutory_day"),
            ("logged", "crates/altinn/src/http.rs", "fn send_for_head"),
            ("column", "crates/filing/src/filings/row.rs", "fn read_plain"),
            ("column", "crates/filing/src/filings.rs", "pub struct Filing {"),
            ("manifest", "crates/filing/src/archive/manifest.rs", "const VERSION"),
            ("name", "crates/office/src/office/company_names.rs", "fn known_names"),
            ("shortcut", "ui/src/frame/shortcuts.ts", "interface ShortcutActions"),
            ("state", "crates/view/src/filing.rs", "pub enum FilingState {"),
        ] {
            let places = places_of(words);
            assert!(places.iter().any(|it| it.starts_with(path) && it.contains(line)), "{words}: {line}: {places:#?}");
        }
        let folders = places_of("remark");
        assert!(folders.contains(&"crates/vat-return/messages/".to_owned()), "{folders:#?}");
    }

    /// Words that a newcomer asks with, and the recipe that is meant.
    #[test]
    fn words_that_no_name_has_are_found_in_what_is_said() {
        let text = text();
        let recipes = recipes(&text);
        for (words, name) in [
            ("attachments", "A limit."),
            ("retry", "Which answers are tried again (retry)."),
            ("425", "Which answers are tried again (retry)."),
            ("http status", "What is logged of a call (request, duration)."),
            ("duration", "What is logged of a call (request, duration)."),
            ("withdrawn", "A state of a filing."),
            ("scheme", "A link that opens the program"),
            ("history", "A column of a filing."),
            ("export", "A column of a filing."),
            ("quiet", "A command of the terminal, a flag (--quiet, --json)."),
            ("certificate", "A fault of the practice authorities."),
            ("client key", "A secret or a key that is kept."),
            ("translation", "A language."),
            ("ctrl", "A shortcut."),
            ("default", "When reminders come."),
            ("practice fault", "A fault of the practice authorities."),
            ("company names", "Where a company's name comes from."),
            ("rejected", "A state of a filing."),
            ("60 attachments", "A limit."),
            ("second key", "A secret or a key that is kept."),
            ("redirect", "A link that opens the program"),
            ("sámi", "A language."),
        ] {
            let found = asked(&recipes, words);
            assert!(found.iter().any(|it| it.name == name), "{words}: {found:#?}");
            assert!(found.iter().all(|it| it.whole || it.text.len() < text.len() / 8), "{words}: {found:#?}");
        }
    }

    #[test]
    fn what_makes_a_name_is_known_from_what_uses_it() {
        let source = "//! fn all.\nuse all::it;\nlet it = all();\npub(crate) fn allow() {}\npub const fn all() {}\n";
        assert_eq!(definition(source, "all"), Some(4));
        assert_eq!(definition("x.key_id = 1;\nstruct A {\n    pub key_id: String,\n", "key_id"), Some(2));
        assert_eq!(definition("a _ b\n", "_"), None);
        assert_eq!(definition("let a = b;\n", "git grep"), None);
    }

    #[test]
    fn a_recipe_is_cut_where_a_sentence_ends() {
        let recipe = "**A b.** One in `a.rs`, two. Three: `git grep 'a. b'`. Four (3.1).";
        assert_eq!(sentences(recipe), ["**A b.** One in `a.rs`, two.", "Three: `git grep 'a. b'`.", "Four (3.1)."]);
    }

    /// A search that finds nothing says that all is done where nothing is.
    #[test]
    fn what_makes_sure_finds_something() {
        let text = text();
        let mut empty = Vec::new();
        for (name, recipe) in recipes(&text) {
            let searches = searches(recipe);
            assert!((1..=2).contains(&searches.len()), "{name} has {} searches", searches.len());
            for search in searches {
                let found = Command::new("sh").args(["-c", search]).current_dir(root()).output().unwrap();
                // The recipe itself has the words.
                let elsewhere = String::from_utf8_lossy(&found.stdout);
                if !elsewhere.lines().any(|line| !line.starts_with("CONTRIBUTING.md")) {
                    empty.push(format!("{name} {search}"));
                }
            }
        }
        assert!(empty.is_empty(), "{empty:#?}");
    }
}
