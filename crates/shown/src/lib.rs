//! Text from outside, made fit to be shown.
//!
//! Names and texts of authorities, files, integrations and archives reach a terminal, the log, the account of a filing, notifications
//! and the window. Whoever writes them may write more than words: a control sequence that a terminal obeys, a line break
//! after which a line of ours is forged ("Konto: …"), a character that turns what follows around, three hundred thousand
//! letters. [`Shown`] is made where such a text comes in, and is all that can be shown of it: one line, of bounded length,
//! of characters that can be seen.
//!
//! It is for showing only. What is compared, signed, sent or used as a name of something stays what it was.
//!
//! ```
//! use shown::Shown;
//!
//! let name = Shown::line("Fjordlys AS\n  Konto: 9999 99 99999\u{1b}[2J");
//! assert_eq!(name.as_str(), "Fjordlys AS Konto: 9999 99 99999[2J");
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod cell;
mod order;

pub use order::NameKey;

use serde::{Deserialize, Deserializer, Serialize};
use std::{borrow::Cow, fmt, ops::Deref, path::Path};

/// Longest line, in characters. Names in Enhetsregisteret have at most 175, file names on the usual systems 255.
pub const LONGEST_LINE: usize = 300;

/// Longest text of an authority, in characters. The longest documented one, a schema complaint, has some hundreds.
pub const LONGEST_TEXT: usize = 4_000;

/// How many marks may sit on one letter; no language that is written in Norway needs more than two.
const MOST_MARKS: usize = 3;

/// One line that can be shown anywhere.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Shown(String);

impl Shown {
    /// A name or a title: at most [`LONGEST_LINE`] characters.
    #[must_use]
    pub fn line(text: &str) -> Self {
        Self::within(text, LONGEST_LINE)
    }

    /// A sentence or some of an authority's, as one line: at most [`LONGEST_TEXT`] characters.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::within(text, LONGEST_TEXT)
    }

    /// A file's own name, or the whole path of one that has none.
    #[must_use]
    pub fn file_name(path: &Path) -> Self {
        Self::line(&path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy()))
    }

    /// A whole path.
    #[must_use]
    pub fn path(path: &Path) -> Self {
        Self::text(&path.to_string_lossy())
    }

    /// At most `most` characters; what is cut off has an ellipsis in its place.
    #[must_use]
    pub fn within(text: &str, most: usize) -> Self {
        let mut line = String::new();
        let (mut length, mut marks, mut blank) = (0, 0, false);
        for character in text.chars() {
            if is_blank(character) {
                // Not before the first word, and one between two.
                blank = length > 0;
                continue;
            }
            if is_unseen(character) {
                continue;
            }
            marks = if is_mark(character) { marks + 1 } else { 0 };
            if marks > MOST_MARKS {
                continue;
            }
            if length + usize::from(blank) >= most {
                line.pop();
                line.push('…');
                break;
            }
            if std::mem::take(&mut blank) {
                line.push(' ');
                length += 1;
            }
            line.push(character);
            length += 1;
        }
        Self(line)
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The line, for a view that has texts.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// What separates words, lines among it: one blank stands for any number of them.
fn is_blank(character: char) -> bool {
    // U+2028 and U+2029 are white space by Unicode; the no-break spaces of amounts stay as they are.
    character.is_whitespace() && !matches!(character, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// What cannot be seen: controls, what turns the direction of writing, zero width, tags, and what fonts draw nothing for.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
                | '\u{f0000}'..='\u{10ffff}'
        )
        || (character as u32) & 0xfffe == 0xfffe
}

/// What is drawn onto the letter before it.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Several lines, for what is a text of many: each is a [`Shown`], and all together are at most [`LONGEST_TEXT`] characters.
#[must_use]
pub fn lines(text: &str) -> String {
    let bounded: String = text.chars().take(LONGEST_TEXT).collect();
    let lines: Vec<String> = bounded.lines().map(|line| Shown::text(line).into_string()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// One line for the log out of whatever was to be written there: a line of somebody else's is never a line of its own.
#[must_use]
pub fn log_line(text: &str) -> Cow<'_, str> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    if body.chars().all(|character| !is_unseen(character) && !matches!(character, '\u{2028}' | '\u{2029}')) {
        return Cow::Borrowed(text);
    }
    let shown = |character: char| match character {
        '\t' => ' ',
        other if is_unseen(other) || matches!(other, '\u{2028}' | '\u{2029}') => '\u{fffd}',
        other => other,
    };
    let mut line: String = body.chars().map(shown).collect();
    if body.len() < text.len() {
        line.push('\n');
    }
    Cow::Owned(line)
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'_, str>::deserialize(deserializer).map(|text| Self::line(&text))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Self::line(text)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Self::line(&text)
    }
}

impl From<Shown> for String {
    fn from(shown: Shown) -> Self {
        shown.0
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_cannot_write_lines_of_its_own() {
        for breaks in ["\n", "\r\n", "\u{85}", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}"] {
            let name = Shown::line(&format!("Fjordlys AS{breaks}  Konto: 9999 99 99999"));
            assert_eq!(name, "Fjordlys AS Konto: 9999 99 99999", "{breaks:?}");
        }
    }

    #[test]
    fn a_terminal_has_nothing_to_obey() {
        assert_eq!(Shown::line("\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31mNavn\u{8}\u{7f}\u{0}"), "[2J]0;title31mNavn");
    }

    #[test]
    fn nothing_is_turned_around_or_hidden() {
        // "faktura", U+202E and "fdp.exe" are shown as "fakturaexe.pdf" where the character in it is obeyed.
        assert_eq!(Shown::line("faktura\u{202e}fdp.exe"), "fakturafdp.exe");
        assert_eq!(Shown::line("\u{2066}A\u{2069}\u{200f}B\u{61c}\u{feff}C\u{200b}\u{ad}\u{e0041}D\u{3164}"), "ABCD");
        assert_eq!(Shown::line(&format!("A{}", "\u{301}".repeat(1_000))), format!("A{}", "\u{301}".repeat(3)).as_str());
    }

    #[test]
    fn three_hundred_thousand_characters_are_three_hundred() {
        let long = Shown::line(&"å".repeat(300_000));
        assert_eq!(long.chars().count(), LONGEST_LINE);
        assert!(long.ends_with('…'));
        let exact = "å".repeat(LONGEST_LINE);
        assert_eq!(Shown::line(&exact), exact.as_str());
        assert!(Shown::text(&"å ".repeat(300_000)).chars().count() <= LONGEST_TEXT);
    }

    #[test]
    fn names_as_people_and_companies_have_them_stay() {
        for name in [
            "Åse Ødegård-Næss",
            "Łódź & Søn AS",
            "Ĳsvogel B.V.",
            "株式会社",
            "עברית",
            "9 600 kr",
            "9\u{a0}600",
            "A/S “X”",
        ] {
            assert_eq!(Shown::line(name), name);
        }
        assert_eq!(Shown::line("  Fjordlys \t Interiør  AS "), "Fjordlys Interiør AS");
        assert_eq!(Shown::line(" \u{200b}\n "), "");
    }

    #[test]
    fn it_is_made_where_json_is_read() {
        let read: Shown = serde_json::from_str(r#""Nor\u001b[31ma\nLund""#).unwrap();
        assert_eq!(read, "Nor[31ma Lund");
        assert_eq!(serde_json::to_string(&read).unwrap(), r#""Nor[31ma Lund""#);
    }

    #[test]
    fn a_file_is_named_by_its_own_name() {
        assert_eq!(Shown::file_name(Path::new("/tmp/\u{1b}[2Jmva.xml")), "[2Jmva.xml");
        assert_eq!(Shown::file_name(Path::new("/")), "/");
        assert_eq!(Shown::path(Path::new("/tmp/a\nb")), "/tmp/a b");
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_unicode_is_shown_with_what_can_be_read() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/tmp/mva-\xe5rlig.xml"));
        assert_eq!(Shown::file_name(path), "mva-\u{fffd}rlig.xml");
    }

    #[test]
    fn a_text_of_many_lines_keeps_them() {
        assert_eq!(
            lines("Nytt:\r\n\n- det \u{1b}[1mførste\u{202e}\n- det andre\n"),
            "Nytt:\n\n- det [1mførste\n- det andre"
        );
        assert!(lines(&"å\n".repeat(300_000)).chars().count() <= LONGEST_TEXT);
    }

    #[test]
    fn a_line_of_the_log_stays_one() {
        let forged = "INFO refused: no\n2026-11-28T23:00:00Z  INFO delivered\u{1b}[2J\n";
        assert_eq!(log_line(forged), "INFO refused: no\u{fffd}2026-11-28T23:00:00Z  INFO delivered\u{fffd}[2J\n");
        assert!(matches!(log_line("INFO plain: å\n"), Cow::Borrowed("INFO plain: å\n")));
    }

    proptest! {
        #[test]
        fn whatever_comes_in_one_bounded_line_comes_out(text in ".{0,600}|[\\s\\S]{0,600}") {
            let shown = Shown::line(&text);
            prop_assert!(shown.chars().count() <= LONGEST_LINE);
            prop_assert!(!shown.chars().any(|c| is_unseen(c) || (is_blank(c) && c != ' ')));
            prop_assert_eq!(Shown::line(&shown), shown.clone());
        }
    }
}
