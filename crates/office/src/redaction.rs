//! Texts without who uses the machine: for the report of first aid, and for the log that is sent to a helper.

use std::path::{MAIN_SEPARATOR, Path};

/// Stands where a user's name stood.
const SOMEBODY: &str = "•••";
/// A national id or an account number.
const LONG_NUMBER: usize = 11;

/// What is left out of a text: the home folder, which becomes `~`, the user's name as a part of any path, and every
/// run of eleven digits or more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redaction {
    /// The home folder as it was given and as it is without links; without a separator at the end, the longest first.
    homes: Vec<String>,
    /// The last part of each.
    names: Vec<String>,
    /// Whether upper and lower case are the same, and `/` is as good as `\`.
    windows: bool,
}

impl Redaction {
    /// For whoever lives in this folder.
    pub(crate) fn of(home: Option<&Path>) -> Self {
        let given = home.map(|home| home.display().to_string());
        let whole = home.and_then(|home| home.canonicalize().ok()).map(|home| home.display().to_string());
        Self::new(given.into_iter().chain(whole), cfg!(windows))
    }

    fn new(homes: impl IntoIterator<Item = String>, windows: bool) -> Self {
        let mut redaction = Self { windows, ..Self::default() };
        for home in homes {
            // Windows writes a path without links so.
            let home = home.strip_prefix(r"\\?\").unwrap_or(&home);
            let home = home.trim_end_matches(|letter| redaction.separates(letter));
            let name = home.rsplit(|letter| redaction.separates(letter)).next().unwrap_or_default();
            // The root of a disk is nobody's.
            if name.is_empty() || name.ends_with(':') {
                continue;
            }
            let name = name.to_owned();
            if !redaction.homes.iter().any(|known| known == home) {
                redaction.homes.push(home.to_owned());
            }
            if !redaction.names.contains(&name) {
                redaction.names.push(name);
            }
        }
        redaction.homes.sort_by_key(|home| std::cmp::Reverse(home.len()));
        redaction
    }

    /// The text without all that.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for home in &self.homes {
            text = self.replace(&text, home, "~", |before| before.is_none_or(|letter| !is_of_a_path(letter)));
        }
        for name in &self.names {
            text = self.replace(&text, name, SOMEBODY, |before| before.is_some_and(|it| self.separates(it)));
        }
        without_long_numbers(&text)
    }

    /// A path without all that: one that leads into the home folder by another way begins with `~` too.
    pub(crate) fn path(&self, path: &Path) -> String {
        let plain = self.apply(&path.display().to_string());
        // What is not there yet lies in something that is.
        let known = path.ancestors().find_map(|part| Some((part, part.canonicalize().ok()?)));
        let Some((part, whole)) = known else { return plain };
        let whole = match path.strip_prefix(part) {
            Ok(rest) if !rest.as_os_str().is_empty() => whole.join(rest),
            _ => whole,
        };
        let whole = whole.display().to_string();
        let whole = self.apply(whole.strip_prefix(r"\\?\").unwrap_or(&whole));
        if whole.starts_with('~') && !plain.starts_with('~') { whole } else { plain }
    }

    /// Replaces what stands there as whole parts of a path; `begins` says what may stand before it.
    fn replace(&self, text: &str, wanted: &str, with: &str, begins: impl Fn(Option<char>) -> bool) -> String {
        let mut done = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let before = if done.is_empty() { None } else { text[..text.len() - rest.len()].chars().next_back() };
            if let Some(after) = self.after(rest, wanted).filter(|after| begins(before) && self.ends_before(after)) {
                done.push_str(with);
                rest = after;
            } else {
                done.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
        done
    }

    /// What comes after `wanted` in a text that begins with it.
    fn after<'t>(&self, text: &'t str, wanted: &str) -> Option<&'t str> {
        let mut letters = text.chars();
        for wanted in wanted.chars() {
            let letter = letters.next()?;
            let same = letter == wanted
                || (self.separates(letter) && self.separates(wanted))
                || (self.windows && letter.to_lowercase().eq(wanted.to_lowercase()));
            if !same {
                return None;
            }
        }
        Some(letters.as_str())
    }

    /// Whether a part of a path has ended where this text begins.
    fn ends_before(&self, text: &str) -> bool {
        let mut letters = text.chars();
        match letters.next() {
            None => true,
            // The end of a sentence, or of a name before its extension.
            Some('.') => !letters.next().is_some_and(is_of_a_name),
            Some(letter) => self.separates(letter) || !is_of_a_name(letter),
        }
    }

    fn separates(&self, letter: char) -> bool {
        letter == '/' || letter == MAIN_SEPARATOR || (self.windows && letter == '\\')
    }
}

/// Letters that go on with a file's name; a blank may, and then too much is left out and not too little.
fn is_of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_')
}

/// Letters that a longer path may have before what looks like its beginning.
fn is_of_a_path(letter: char) -> bool {
    is_of_a_name(letter) || matches!(letter, '.' | '/' | '\\' | ':' | '~')
}

/// Runs of eleven digits and more, also where a blank, a point or a dash stands after the sixth or fourth.
pub(crate) fn without_long_numbers(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let mut kept = String::with_capacity(line.len());
    let mut at = 0;
    while at < letters.len() {
        let Some(end) = long_number(&letters, at) else {
            // The rest of a shorter run is not the beginning of another.
            let mut next = at + 1;
            if letters[at].is_ascii_digit() {
                while letters.get(next).is_some_and(char::is_ascii_digit) {
                    next += 1;
                }
            }
            kept.extend(&letters[at..next]);
            at = next;
            continue;
        };
        kept.push_str("[number]");
        at = end;
    }
    kept
}

fn long_number(letters: &[char], from: usize) -> Option<usize> {
    let mut digits = 0;
    let mut at = from;
    while let Some(&letter) = letters.get(at) {
        let joins = matches!(letter, ' ' | '.' | '-')
            && matches!(digits, 4 | 6)
            && letters.get(at + 1).is_some_and(char::is_ascii_digit);
        if letter.is_ascii_digit() {
            digits += 1;
        } else if !joins {
            break;
        }
        at += 1;
    }
    (digits >= LONG_NUMBER).then_some(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whoever_lives_there_is_not_named() {
        let unix = |home: &str| Redaction::new([home.to_owned()], false);
        for (home, text, shown) in [
            ("/home/ola", "/home/ola/Momsbud", "~/Momsbud"),
            ("/home/ola", "/home/ola", "~"),
            ("/home/ola/", "/home/ola", "~"),
            ("/home/ola//", "/home/ola/x, /home/ola: full (/home/ola)", "~/x, ~: full (~)"),
            ("/h/ola", "/h/olav/x", "/h/olav/x"),
            ("/h/ola", "/h/ola.old /h/ola-2 /h/ola_x", "/h/ola.old /h/ola-2 /h/ola_x"),
            ("/h/ola", "in /h/ola.", "in ~."),
            ("/h/ola", "/mnt/h/ola/x", "/mnt/h/•••/x"),
            ("/home/ola", "/srv/ola/kvitteringer", "/srv/•••/kvitteringer"),
            ("/home/ola", "/home/./ola/../ola/x", "/home/./•••/../•••/x"),
            ("/home/ola", "file:///home/ola/x", "file:///home/•••/x"),
            ("/home/ola", "Hola ola solar", "Hola ola solar"),
            ("/", "/home/ola", "/home/ola"),
            ("", "/home/ola", "/home/ola"),
            ("/home/ola", "/srv/14038112345/x 140381 12345", "/srv/[number]/x [number]"),
        ] {
            assert_eq!(unix(home).apply(text), shown, "{home}: {text}");
        }
        let windows = Redaction::new([r"\\?\C:\Users\Ola".to_owned()], true);
        assert_eq!(windows.apply(r"c:\users\OLA\x; C:/Users/ola/y"), r"~\x; ~/y");
        assert_eq!(windows.apply(r"D:\Arkiv\ola\x C:\Users\Olav"), r"D:\Arkiv\•••\x C:\Users\Olav");
        assert_eq!(Redaction::new([r"C:\".to_owned()], true).apply(r"C:\x"), r"C:\x");
    }

    #[cfg(unix)]
    #[test]
    fn other_ways_into_the_home_folder_are_the_home_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("disk/ola/data")).unwrap();
        std::os::unix::fs::symlink(root.join("disk"), root.join("home")).unwrap();
        std::os::unix::fs::symlink(root.join("disk/ola"), root.join("mine")).unwrap();
        for home in ["home/ola", "home/ola/", "disk/ola", "mine"] {
            let redaction = Redaction::of(Some(&root.join(home)));
            for path in ["home/ola/data", "disk/ola/data", "mine/data", "disk/../home/ola/data", "home/./ola//data"] {
                assert_eq!(redaction.path(&root.join(path)), "~/data", "{path} of {home}");
            }
            assert_eq!(redaction.path(&root.join("mine/data/not/there")), "~/data/not/there");
            assert_eq!(redaction.path(&root.join("mine")), "~");
            assert!(redaction.path(&root.join("disk/else")).ends_with("/disk/else"));
        }
    }
}
