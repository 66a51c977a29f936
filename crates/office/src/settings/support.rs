//! The log for whoever helps: the newest lines, with everything left out that says who anybody is.
//!
//! The log holds no secrets in the first place. What is done here is the second lock: whatever looks like a national
//! id, a token, an e-mail address or the name of a home folder is left out before a person sees it and sends it on.

use std::{
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use crate::redaction::Redaction;

/// The most that is shown, in bytes: what a person can look through and an e-mail can hold.
const LIMIT: usize = 200_000;
/// From this length on, letters and digits without a blank that begin as a token does are one.
const TOKEN: usize = 20;

/// The newest lines of the log files in `folder`, oldest first, ready to be shown and sent.
///
/// # Errors
/// The folder cannot be read; a folder that is not there yet is an empty log.
pub fn newest(folder: &Path, home: Option<&Path>) -> io::Result<String> {
    let entries = disk::entries(folder)?;
    let mut logs: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).filter(|path| is_log(path)).collect();
    // The date is in the name.
    logs.sort();
    let mut parts: Vec<String> = Vec::new();
    let mut room = LIMIT;
    for file in logs.iter().rev() {
        let text = last_bytes(file, room)?;
        let part = end_of(&text, room).to_owned();
        room -= part.len();
        parts.push(part);
        if room == 0 || text.len() > room {
            break;
        }
    }
    parts.reverse();
    let redaction = Redaction::of(home);
    Ok(parts.concat().lines().map(|line| redact(line, &redaction)).collect::<Vec<_>>().join("\n"))
}

/// The end of a file, one byte more than is wanted of it, so that it shows whether there is more.
fn last_bytes(path: &Path, wanted: usize) -> io::Result<String> {
    let (mut file, size) = files::open::open(path)?;
    let most = (wanted as u64).saturating_add(1);
    file.seek(io::SeekFrom::Start(size.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_log(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.starts_with("momsbud") && name.ends_with(".log"))
}

/// The last whole lines that have room.
fn end_of(text: &str, room: usize) -> &str {
    if text.len() <= room {
        return text;
    }
    let from = text.char_indices().map(|(at, _)| at).find(|at| text.len() - at <= room).unwrap_or(text.len());
    text[from..].split_once('\n').map_or("", |(_, whole)| whole)
}

/// A line without what says who anybody is.
fn redact(line: &str, redaction: &Redaction) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut word = String::new();
    for letter in line.chars() {
        if is_edge(letter) {
            kept.push_str(&without_secrets(&word));
            kept.push(letter);
            word.clear();
        } else {
            word.push(letter);
        }
    }
    kept.push_str(&without_secrets(&word));
    // Last: a number that is left out of a token would end it where it goes on.
    redaction.apply(&kept)
}

fn is_edge(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';')
}

fn without_secrets(word: &str) -> String {
    // Tokens and keys: three parts of base64, or anything that begins as a JSON Web Token does.
    if let Some(at) = word.find("eyJ").filter(|at| word.len() - at >= TOKEN) {
        return format!("{}[token]", &word[..at]);
    }
    if let Some((name, host)) = word.split_once('@')
        && !name.is_empty()
        && host.contains('.')
    {
        return "[e-mail]".to_owned();
    }
    // What an address asks may be a code or a state.
    match word.split_once('?') {
        Some((address, query)) if address.contains("://") && !query.is_empty() => format!("{address}?[left out]"),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn bare(line: &str) -> String {
        redact(line, &Redaction::of(Some(Path::new("/home/ingrid"))))
    }

    #[test]
    fn what_says_who_anybody_is_is_left_out() {
        assert_eq!(bare("id 14838411585 signed in"), "id [number] signed in");
        assert_eq!(bare("id=148384 11585, konto 1234.56.78903"), "id=[number], konto [number]");
        assert_eq!(bare("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.abc_-9"), "token [token]");
        assert_eq!(bare("\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.abc\""), "\"[token]\"");
        assert_eq!(bare("from ingrid.solvang@firma.no."), "from [e-mail]");
        assert_eq!(bare("cannot open /home/ingrid/Dokumenter/mva.xml"), "cannot open ~/Dokumenter/mva.xml");
        assert_eq!(
            bare("GET http://127.0.0.1:4001/callback?code=abc&state=1"),
            "GET http://127.0.0.1:4001/callback?[left out]"
        );
        assert_eq!(bare("eyJhbGciOiJSUzI1NiJ9.eyJzdWIi14838411585.abc"), "[token]");
        assert_eq!(bare("cannot open /home/ingridx/y and /srv/ingrid/z"), "cannot open /home/ingridx/y and /srv/•••/z");
        assert_eq!(bare("token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx.abc"), "token=[token]");
    }

    #[test]
    fn what_a_supporter_needs_stays() {
        for line in [
            "2026-06-09T16:42:07.123456Z  INFO filing::engine: An unfinished filing goes on. filing=0197-aa",
            "org 311797816 period 2026 status=504 https://platform.altinn.no/authentication",
        ] {
            assert_eq!(bare(line), line);
        }
    }

    #[test]
    fn the_newest_whole_lines_are_shown_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("momsbud.2026-06-08.log"), "old 1\nold 2\n").unwrap();
        fs::write(folder.path().join("momsbud.2026-06-09.log"), "new 14838411585\n").unwrap();
        fs::write(folder.path().join("other.txt"), "not mine").unwrap();
        assert_eq!(newest(folder.path(), None).unwrap(), "old 1\nold 2\nnew [number]");
        assert_eq!(newest(&folder.path().join("none"), None).unwrap(), "");
        let long = format!("{}\nlast line\n", "x".repeat(LIMIT));
        fs::write(folder.path().join("momsbud.2026-06-10.log"), long).unwrap();
        let shown = newest(folder.path(), None).unwrap();
        assert!(shown.ends_with("last line") && shown.len() < LIMIT, "{}", shown.len());
    }
}
