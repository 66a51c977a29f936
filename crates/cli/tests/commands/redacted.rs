//! What a command said, without what differs from run to run and from machine to machine.

use std::process::Output;

use crate::desk::{Desk, text};

/// Standard output and then standard error, a line each, with names for what differs: folders, keys, moments, ports.
pub(crate) fn redacted(desk: &Desk, output: &Output) -> String {
    let folder = desk.folder.path().to_str().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    let said = said.replace(folder, "[folder]").replace('\u{a0}', " ");
    let mut shown = String::new();
    for line in said.lines() {
        let words: Vec<String> = line.split(' ').map(word).collect();
        let mut words = if is_fingerprint(line) { "[fingerprint]".to_owned() } else { words.join(" ") };
        // A day with its time, as people write it: 2026-11-21 12.30.
        if let Some((before, after)) = words.split_once("[day] ")
            && after.len() >= 5
            && after.is_char_boundary(5)
            && is_time(&after[..5])
        {
            words = format!("{before}[day] [time]{}", &after[5..]);
        }
        shown.push_str(words.trim_end());
        shown.push('\n');
    }
    shown
}

/// Two digits, a point, two digits.
fn is_time(text: &str) -> bool {
    text.chars().zip("dd.dd".chars()).all(|(c, f)| if f == 'd' { c.is_ascii_digit() } else { c == f })
}

fn word(word: &str) -> String {
    // A signature may begin and end with any of its signs.
    let bare = word.trim_matches(['"', ',']);
    if is_base64(bare) {
        return word.replace(bare, "[long]");
    }
    // What stands around a value is no part of it.
    let core = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '[');
    let Some(at) = word.find(core).filter(|_| !core.is_empty()) else { return word.to_owned() };
    let (before, after) = (&word[..at], &word[at + core.len()..]);
    // Names of files and addresses are no signatures, unless they are very long.
    let long = if core.contains('/') { 100 } else { 40 };
    let name = if let Some(rest) = core.find("127.0.0.1:").map(|at| &core[at..]) {
        // Whatever comes behind the port is different every time.
        let head = &core[..core.len() - rest.len()];
        return format!("{before}{head}[address]");
    } else if core.starts_with("[folder]") {
        return format!("{before}{}{after}", dates(core));
    } else if is_key(core) {
        "[key]"
    } else if core.is_ascii() && core.len() >= long {
        "[long]"
    } else {
        return format!("{before}{}{after}", dates(core));
    };
    format!("{before}{name}{after}")
}

/// Eight groups of four hexadecimal digits: what a key is known by.
fn is_fingerprint(line: &str) -> bool {
    let groups: Vec<&str> = line.split(' ').collect();
    groups.len() == 8 && groups.iter().all(|group| group.len() == 4 && group.chars().all(|c| c.is_ascii_hexdigit()))
}

/// A key or a signature: long, of letters, digits, `+` and `/`, and neither a path nor an address.
fn is_base64(word: &str) -> bool {
    let is_address = word.contains(':') || word.contains('.') || word.contains('_') || word.contains('-');
    word.len() >= 40 && !is_address && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
}

/// 8-4-4-4-12 hexadecimal digits, or 32 or 16 of them.
fn is_key(word: &str) -> bool {
    let parts: Vec<usize> = word.split('-').map(str::len).collect();
    let hex = word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let whole = parts == [32] || (parts == [16] && word.chars().any(|c| c.is_ascii_alphabetic()));
    hex && (parts == [8, 4, 4, 4, 12] || whole)
}

/// The same without days and times: 2026-11-21, 21.11.2026, 12:30:05, 12:30. Those of the sample and of the call stay.
fn dates(word: &str) -> String {
    const FIXED: [&str; 1] = ["2026-11-21"];
    let mut shown = String::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let forms = [("dddd-dd-dd", "[day]"), ("dd.dd.dddd", "[day]"), ("dd:dd:dd", "[time]"), ("dd:dd", "[time]")];
        let found = forms.into_iter().find(|(form, _)| {
            let has = |(c, f): (char, char)| if f == 'd' { c.is_ascii_digit() } else { c == f };
            // A place in a file has no more than line and column; a time stands by itself.
            let by_itself = form.len() > 5 || word.len() == 5;
            by_itself && rest.len() >= form.len() && rest.chars().zip(form.chars()).all(has)
        });
        match found {
            Some((form, name)) if !FIXED.contains(&&rest[..form.len()]) => {
                shown.push_str(name);
                rest = &rest[form.len()..];
            }
            _ => {
                shown.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    shown
}
