//! A terminal obeys the program and nobody else.
//!
//! What is printed holds names and texts of others: of files, folders, authorities, tables. Each is made fit to be shown
//! where it comes in ([`shown::Shown`]). Should one be forgotten, it still orders a terminal nothing: what arrives at one
//! are the few sequences that this program writes itself, and characters that can be seen. What goes to a file or another
//! program is left as it is, byte for byte.

use std::io::{self, Write};

/// What this program writes to a terminal beside text: colours and weight (`anstyle`), and the line of a batch that is
/// written anew.
const OURS: [&[u8]; 9] =
    [b"\x1b[0m", b"\x1b[1m", b"\x1b[2m", b"\x1b[4m", b"\x1b[31m", b"\x1b[32m", b"\x1b[33m", b"\x1b[36m", b"\r\x1b[2K"];

/// A stream to a terminal, without what it could obey; or to something else, as it is.
pub(crate) struct Unobeyed<W> {
    stream: W,
    terminal: bool,
    /// The beginning of a character or a sequence whose rest is still to come.
    begun: Vec<u8>,
}

impl<W: Write> Unobeyed<W> {
    /// Over a stream that leads to a terminal, or to none.
    pub(crate) fn new(stream: W, terminal: bool) -> Self {
        Self { stream, terminal, begun: Vec::new() }
    }
}

impl<W: Write> Write for Unobeyed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.terminal {
            return self.stream.write(bytes);
        }
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(bytes);
        let (seen, begun) = seen(&all);
        self.begun = begun.to_vec();
        self.stream.write_all(&seen)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// What of it can be seen, and what at its end is only begun.
fn seen(all: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut seen = Vec::with_capacity(all.len());
    let mut left = all;
    while let Some(first) = left.first() {
        if let Some(ours) = OURS.iter().find(|ours| left.starts_with(ours)) {
            seen.extend_from_slice(ours);
            left = left.get(ours.len()..).unwrap_or_default();
            continue;
        }
        if OURS.iter().any(|ours| ours.starts_with(left)) {
            return (seen, left);
        }
        if first.is_ascii() {
            if !first.is_ascii_control() || matches!(first, b'\n' | b'\t') {
                seen.push(*first);
            }
            left = left.get(1..).unwrap_or_default();
            continue;
        }
        let one = left.get(..left.len().min(4)).unwrap_or_default();
        let (length, character) = match std::str::from_utf8(one) {
            Ok(text) => first_of(text),
            Err(error) if error.valid_up_to() > 0 => {
                first_of(std::str::from_utf8(one.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default())
            }
            // Cut off within a character.
            Err(error) if error.error_len().is_none() => return (seen, left),
            Err(error) => (error.error_len().unwrap_or(1), char::REPLACEMENT_CHARACTER),
        };
        if !shown::is_unseen(character) && !matches!(character, '\u{2028}' | '\u{2029}') {
            seen.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        left = left.get(length.max(1)..).unwrap_or_default();
    }
    (seen, left)
}

fn first_of(text: &str) -> (usize, char) {
    text.chars().next().map_or((1, char::REPLACEMENT_CHARACTER), |first| (first.len_utf8(), first))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(parts: &[&[u8]], terminal: bool) -> String {
        let mut stream = Unobeyed::new(Vec::new(), terminal);
        for part in parts {
            stream.write_all(part).unwrap();
        }
        stream.flush().unwrap();
        String::from_utf8_lossy(&stream.stream).into_owned()
    }

    #[test]
    fn a_terminal_gets_our_colours_and_nobody_elses_orders() {
        let ours = "\x1b[1m\x1b[31mmomsbud-cli:\x1b[0m Øving\tà\n\r\x1b[2K3 av 4";
        assert_eq!(written(&[ours.as_bytes()], true), ours);
        for (given, wanted) in [
            ("a\x1b[2Jb", "a[2Jb"),
            ("a\x1b]0;title\x07b", "a]0;titleb"),
            ("a\x1b[8mb", "a[8mb"),
            ("a\rb\x08\x7f", "ab"),
            ("a\u{9b}2J\u{202e}b\u{200b}", "a2Jb"),
            ("a\x1b\x1b[1mb", "a\x1b[1mb"),
            ("a\u{2028}b", "ab"),
        ] {
            assert_eq!(written(&[given.as_bytes()], true), wanted, "{given:?}");
            assert_eq!(written(&[given.as_bytes()], false), given, "a file gets what is written");
        }
    }

    #[test]
    fn what_is_written_in_parts_is_the_same() {
        let text = "\x1b[33må\x1b[2J\u{9b}€😀\x1b[0m".as_bytes();
        let one_by_one: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(written(&one_by_one, true), "\x1b[33må[2J€😀\x1b[0m");
        assert_eq!(written(&[b"a\xff\xfeb\xe5r"], true), "a\u{fffd}\u{fffd}b\u{fffd}r");
        // What is only begun at the end is nothing.
        assert_eq!(written(&[b"a\x1b["], true), "a");
    }
}
