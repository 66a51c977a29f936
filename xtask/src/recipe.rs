//! A recipe of `CONTRIBUTING.md` with the places it names looked up, and what its “*Sure:*” finds.

use crate::{
    command::{Done, Failure, root, say},
    package,
};
use std::{fs, process::Command};

/// Prints the recipes with a word in their name, or the names of all.
pub(crate) fn recipe(arguments: &[&str]) -> Done {
    let text = package::read(&root().join("CONTRIBUTING.md"))?;
    let all = recipes(&text);
    let wanted = arguments.join(" ").to_lowercase();
    let found: Vec<&(&str, &str)> =
        all.iter().filter(|(name, _)| !wanted.is_empty() && name.to_lowercase().contains(&wanted)).collect();
    if found.is_empty() {
        all.iter().for_each(|(name, _)| say(name));
        return if wanted.is_empty() { Ok(()) } else { Err(Failure::new(format!("No recipe is called {wanted:?}."))) };
    }
    for (_, recipe) in found {
        say(&format!("{recipe}\n"));
        for place in places(recipe) {
            say(&place);
        }
        for search in searches(recipe) {
            say(&format!("\n$ {search}"));
            let found = Command::new("sh").args(["-c", search]).current_dir(root()).output();
            let found = found.map_err(|error| Failure::new(format!("sh: {error}")))?;
            say(String::from_utf8_lossy(&found.stdout).trim_end());
        }
        say("");
    }
    Ok(())
}

/// Name and text of each recipe.
fn recipes(text: &str) -> Vec<(&str, &str)> {
    let part = text.split("\n## Recipes\n").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let recipe = |paragraph: &str| -> Option<usize> { paragraph.strip_prefix("**")?.find("**") };
    let named = |paragraph| recipe(paragraph).map(|end| (&paragraph[2..end + 2], paragraph.trim_end()));
    part.split("\n\n").map(str::trim_start).filter_map(named).collect()
}

/// What stands between backticks, with what stands before it.
fn quoted(text: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = text.split('`').collect();
    parts.chunks(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect()
}

/// `path:line: what stands there` of every file that is named, at the name that is said to be in it.
fn places(recipe: &str) -> Vec<String> {
    let mut before = None;
    let mut places = Vec::new();
    for (between, word) in quoted(recipe.split("*Sure:*").next().unwrap_or_default()) {
        if let Ok(source) = fs::read_to_string(root().join(word)) {
            let name = before.filter(|_| between.trim_end().ends_with(" in") || between.trim() == "(");
            let names = |line: &str, name: &str| line.contains(name) && !line.trim_start().starts_with("//");
            let at = name.and_then(|name: &str| source.lines().position(|line| names(line, name)));
            let line = at.and_then(|at| Some((at, source.lines().nth(at)?)));
            places
                .push(line.map_or_else(|| word.to_owned(), |(at, line)| format!("{word}:{}: {}", at + 1, line.trim())));
        } else {
            before = Some(word);
        }
    }
    places.dedup();
    places
}

/// The searches that show whether anything is left.
fn searches(recipe: &str) -> Vec<&str> {
    let sure = recipe.split("*Sure:*").skip(1).flat_map(quoted);
    sure.map(|(_, word)| word).filter(|word| word.starts_with("git grep ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        package::read(&root().join("CONTRIBUTING.md")).unwrap()
    }

    #[test]
    fn every_recipe_is_found_by_its_name() {
        let text = text();
        let recipes = recipes(&text);
        assert!(recipes.len() > 15, "{recipes:?}");
        let (_, limit) = recipes.iter().find(|(name, _)| *name == "A limit.").unwrap();
        let places = places(limit);
        let place = "crates/filing/src/attachments/mod.rs:";
        assert!(places.iter().any(|it| it.starts_with(place) && it.contains("MOST_ATTACHMENTS")), "{places:#?}");
    }

    /// A search that finds nothing says that all is done where nothing is.
    #[test]
    fn what_makes_sure_finds_something() {
        let text = text();
        let mut looked = 0;
        let mut empty = Vec::new();
        for (name, recipe) in recipes(&text) {
            for search in searches(recipe) {
                looked += 1;
                let found = Command::new("sh").args(["-c", search]).current_dir(root()).output().unwrap();
                // The recipe itself has the words.
                let elsewhere = String::from_utf8_lossy(&found.stdout);
                if !elsewhere.lines().any(|line| !line.starts_with("CONTRIBUTING.md")) {
                    empty.push(format!("{name} {search}"));
                }
            }
        }
        assert!(looked > 15, "{looked}");
        assert!(empty.is_empty(), "{empty:#?}");
    }
}
