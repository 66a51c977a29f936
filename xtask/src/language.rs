//! A language that nobody has translated, for seeing that a new one is new files and nothing else.

use crate::command::{Done, Failure, root, say};
use std::fs;
use std::path::PathBuf;

/// Writes the made-up language, or takes its files away again.
pub(crate) fn language(arguments: &[&str]) -> Done {
    let (code, remove) = match arguments {
        [code] => (code, false),
        [code, "--remove"] => (code, true),
        _ => return Err(Failure::new("cargo xtask language CODE [--remove]")),
    };
    if !code.bytes().all(|byte| byte.is_ascii_lowercase()) || matches!(*code, "nb" | "nn" | "en" | "") {
        return Err(Failure::new(format!("{code}: two or three small letters, and none of nb, nn and en.")));
    }
    for folder in folders()? {
        let file = folder.join(code).with_extension("json");
        let done = if remove {
            fs::remove_file(&file)
        } else {
            fs::read_to_string(folder.join("nb.json")).and_then(|bokmal| fs::write(&file, marked(&bokmal)))
        };
        done.map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
        say(&file.display().to_string());
    }
    Ok(())
}

/// Every folder of messages: a new language is a file in each.
fn folders() -> Result<Vec<PathBuf>, Failure> {
    let crates = root().join("crates");
    let listed = fs::read_dir(&crates).map_err(|error| Failure::new(format!("{}: {error}", crates.display())))?;
    let of_crates = listed.filter_map(|entry| Some(entry.ok()?.path().join("messages")));
    let others = ["src-tauri/messages", "ui/src/i18n"].map(|folder| root().join(folder));
    let mut folders: Vec<_> =
        of_crates.chain(others).filter(|folder: &PathBuf| folder.join("nb.json").is_file()).collect();
    folders.sort();
    Ok(folders)
}

/// Every text in marks, one a line. How dates and numbers are written (`format.…`) is no text.
fn marked(file: &str) -> String {
    let line = |line: &str| {
        let text = line.find("\": \"").map(|at| at + 4).filter(|_| !line.trim_start().starts_with("\"format."));
        match (text, line.rfind('"')) {
            (Some(start), Some(end)) if start <= end => {
                format!("{}⟦{}⟧{}", &line[..start], &line[start..end], &line[end..])
            }
            _ => line.to_owned(),
        }
    };
    file.lines().map(|it| line(it) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_marked_and_no_key() {
        let file = "{\n  \"a.b\": \"Én {count}\",\n  \"format.clock\": \".\",\n  \"c\": \"\\\"To\\\"\"\n}\n";
        let marked = marked(file);
        assert_eq!(
            marked,
            "{\n  \"a.b\": \"⟦Én {count}⟧\",\n  \"format.clock\": \".\",\n  \"c\": \"⟦\\\"To\\\"⟧\"\n}\n"
        );
    }

    #[test]
    fn every_folder_of_messages_is_found() {
        let found = folders().unwrap();
        let ends = |end: &str| found.iter().any(|folder| folder.ends_with(end));
        assert!(ends("crates/messages/messages") && ends("src-tauri/messages") && ends("ui/src/i18n"), "{found:?}");
        assert!(found.len() > 10, "{found:?}");
    }
}
