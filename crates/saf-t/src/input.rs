//! Bytes to UTF-8, whatever the file says it is, in one bounded buffer that knows its line.
//!
//! UTF-8 is passed on as it stands. What is declared or marked otherwise is translated; bytes that are no UTF-8 in a file
//! that claims to be are taken for windows-1252, sequence by sequence, and that is noted (facts, section 7).

use std::io::{self, BufRead, Read};

/// Bytes read at a time.
const CHUNK: usize = 128 * 1024;

/// What one tag, text or comment may have. The longest value of the schema has some thousand characters.
pub(crate) const LONGEST: u64 = 4 * 1024 * 1024;

/// How the bytes are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Windows1252,
    Latin9,
}

/// What was odd about the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct EncodingFacts {
    /// There were bytes that the declared encoding does not have.
    pub(crate) guessed: bool,
    /// The declaration names another encoding than the bytes have, or one that is not known.
    pub(crate) misdeclared: bool,
}

/// Reads UTF-8 out of anything.
pub(crate) struct Input<R> {
    inner: R,
    encoding: Encoding,
    begun: bool,
    ended: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    /// Bytes of `text` that were given out before the present chunk.
    before: u64,
    lines_before: u64,
    /// Where the present event began, in bytes of UTF-8.
    event: u64,
    /// Bytes taken from the inner reader.
    pub(crate) taken: u64,
    pub(crate) facts: EncodingFacts,
}

impl<R: Read> Input<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            encoding: Encoding::Utf8,
            begun: false,
            ended: false,
            raw: Vec::new(),
            text: Vec::new(),
            at: 0,
            before: 0,
            lines_before: 0,
            event: 0,
            taken: 0,
            facts: EncodingFacts::default(),
        }
    }

    /// The line that is being read, from 1.
    pub(crate) fn line(&self) -> u64 {
        let given = self.text.get(..self.at).unwrap_or_default();
        self.lines_before + newlines(given) + 1
    }

    /// Whether all has been given out.
    pub(crate) fn is_at_end(&self) -> bool {
        self.ended && self.at == self.text.len()
    }

    /// The next event begins here.
    #[inline]
    pub(crate) fn begin_event(&mut self) {
        self.event = self.before + self.at as u64;
    }

    /// The first bytes, as text; for saying what a file begins with.
    pub(crate) fn beginning(&mut self) -> io::Result<String> {
        let bytes = self.fill_buf()?;
        Ok(String::from_utf8_lossy(bytes.get(..bytes.len().min(40)).unwrap_or_default()).into_owned())
    }

    fn read_more(&mut self) -> io::Result<()> {
        // What was left over stands at the front of `raw`.
        let kept = self.raw.len();
        self.raw.resize(kept + CHUNK, 0);
        let mut filled = kept;
        // As much as the declaration needs, and more than an unpacker gives at a time.
        let enough = kept + CHUNK / 2;
        while filled < enough {
            match self.inner.read(self.raw.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.taken += (filled - kept) as u64;
        self.raw.truncate(filled);
        Ok(())
    }

    /// What was read is given out: reads on, unless all of it was.
    #[cold]
    fn more(&mut self) -> io::Result<()> {
        if self.ended && self.raw.is_empty() {
            return Ok(());
        }
        if self.before + self.at as u64 - self.event > LONGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a value is too long"));
        }
        self.refill()
    }

    fn refill(&mut self) -> io::Result<()> {
        self.before += self.text.len() as u64;
        self.lines_before += newlines(&self.text);
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !(self.ended && self.raw.is_empty()) {
            self.read_more()?;
            if !self.begun {
                self.begun = true;
                self.begin();
            }
            match self.encoding {
                Encoding::Utf8 => self.take_utf8(),
                Encoding::Utf16 { big } => self.take_utf16(big),
                Encoding::Windows1252 => self.take_single(windows_1252),
                Encoding::Latin9 => self.take_single(latin_9),
            }
        }
        Ok(())
    }

    /// Byte order mark, or the shape of the first bytes, or the declaration.
    fn begin(&mut self) {
        let (encoding, mark) = match self.raw.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16 { big: false }, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16 { big: true }, 2),
            [b'<', 0, _, 0, ..] => (Encoding::Utf16 { big: false }, 0),
            [0, b'<', 0, _, ..] => (Encoding::Utf16 { big: true }, 0),
            _ => (Encoding::Utf8, 0),
        };
        self.raw.drain(..mark);
        let declared = declared_encoding(&self.raw);
        self.encoding = match (encoding, declared.as_deref()) {
            (Encoding::Utf8, None | Some("utf-8" | "utf8" | "us-ascii" | "ascii")) => Encoding::Utf8,
            (Encoding::Utf8, Some(name)) if mark == 0 => match name {
                "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252"
                | "cp-1252" => Encoding::Windows1252,
                "iso-8859-15" | "iso8859-15" | "iso_8859-15" | "latin9" | "latin-9" => Encoding::Latin9,
                // UTF-8 that calls itself utf-16 is a common slip; others are unknown.
                _ => {
                    self.facts.misdeclared = true;
                    Encoding::Utf8
                }
            },
            (Encoding::Utf8, Some(_)) => {
                self.facts.misdeclared = true;
                Encoding::Utf8
            }
            (utf16, _) => utf16,
        };
    }

    fn take_utf8(&mut self) {
        match std::str::from_utf8(&self.raw) {
            Ok(_) => {
                std::mem::swap(&mut self.raw, &mut self.text);
                self.raw.clear();
            }
            Err(error) if error.error_len().is_none() && !self.ended => {
                let tail = self.raw.split_off(error.valid_up_to());
                std::mem::swap(&mut self.raw, &mut self.text);
                self.raw = tail;
            }
            Err(_) => self.mend_utf8(),
        }
    }

    fn mend_utf8(&mut self) {
        let mut rest = std::mem::take(&mut self.raw);
        let mut from = 0;
        while let Some(bytes) = rest.get(from..).filter(|bytes| !bytes.is_empty()) {
            match std::str::from_utf8(bytes) {
                Ok(text) => {
                    self.text.extend_from_slice(text.as_bytes());
                    from = rest.len();
                }
                Err(error) => {
                    let valid = error.valid_up_to();
                    self.text.extend_from_slice(bytes.get(..valid).unwrap_or_default());
                    from += valid;
                    if error.error_len().is_none() && !self.ended {
                        break;
                    }
                    if let Some(byte) = rest.get(from) {
                        self.facts.guessed = true;
                        push(&mut self.text, windows_1252(*byte));
                        from += 1;
                    }
                }
            }
        }
        rest.drain(..from.min(rest.len()));
        self.raw = rest;
    }

    fn take_utf16(&mut self, big: bool) {
        let units = self.raw.chunks_exact(2).map(|pair| match *pair {
            [first, second] if big => u16::from_be_bytes([first, second]),
            [first, second] => u16::from_le_bytes([first, second]),
            _ => 0,
        });
        let mut units: Vec<u16> = units.collect();
        let mut used = units.len() * 2;
        // Half a pair waits for the other half.
        if !self.ended && units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            units.pop();
            used -= 2;
        }
        for character in char::decode_utf16(units) {
            push(
                &mut self.text,
                character.unwrap_or_else(|_| {
                    self.facts.guessed = true;
                    char::REPLACEMENT_CHARACTER
                }),
            );
        }
        self.raw.drain(..used);
        if self.ended {
            self.raw.clear();
        }
    }

    fn take_single(&mut self, character: fn(u8) -> char) {
        for byte in &self.raw {
            push(&mut self.text, character(*byte));
        }
        self.raw.clear();
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Input<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.text.len() {
            self.more()?;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.text.len());
    }
}

/// A lone CR ends a line too, but no generator of today writes one; it is not worth a second search.
fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The name in `<?xml … encoding="…"?>`, in small letters. Zero bytes are passed over, so that UTF-16 can be asked too.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head: Vec<u8> = bytes.iter().take(600).copied().filter(|byte| *byte != 0).collect();
    let head = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(head, b"?>")?;
    let declaration = head.get(..end)?;
    let rest = declaration.get(memchr::memmem::find(declaration, b"encoding")? + 8..)?;
    let quote = rest.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let value = rest.get(quote + 1..)?;
    let end = value.iter().position(|byte| Some(byte) == rest.get(quote))?;
    Some(String::from_utf8_lossy(value.get(..end)?).trim().to_ascii_lowercase())
}

fn push(text: &mut Vec<u8>, character: char) {
    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The characters of windows-1252 from 0x80 to 0x9F (unicode.org, CP1252.TXT); five places are empty there and stand for themselves.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

fn latin_9(byte: u8) -> char {
    match byte {
        0xA4 => '€',
        0xA6 => 'Š',
        0xA8 => 'š',
        0xB4 => 'Ž',
        0xB8 => 'ž',
        0xBC => 'Œ',
        0xBD => 'œ',
        0xBE => 'Ÿ',
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Gives out a few bytes at a time, so that characters are torn apart.
    struct Torn<'a>(&'a [u8], usize);

    impl Read for Torn<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read(bytes: &[u8]) -> (String, EncodingFacts) {
        let mut last = None;
        for step in [1, 2, 3, 7, 100_000] {
            let mut input = Input::new(Torn(bytes, step));
            let mut text = String::new();
            loop {
                input.begin_event();
                let given = input.fill_buf().unwrap();
                if given.is_empty() {
                    break;
                }
                text.push_str(std::str::from_utf8(given).unwrap());
                let count = given.len();
                input.consume(count);
            }
            assert!(input.is_at_end());
            let now = (text, input.facts);
            assert!(last.is_none() || last == Some(now.clone()));
            last = Some(now);
        }
        last.unwrap()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = format!("<a>Lillebø Snekkeri – 100 €{}</a>", "å".repeat(3000));
        let utf16 = |big: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let single: Vec<u8> = text
            .chars()
            .map(|c| match c {
                '–' => 0x96,
                '€' => 0x80,
                c => c as u8,
            })
            .collect();
        let declared = |name: &str| format!("<?xml version='1.0' encoding='{name}'?>").into_bytes();
        assert_eq!(read(text.as_bytes()), (text.clone(), EncodingFacts::default()));
        assert_eq!(read(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).0, text);
        assert_eq!(read(&[b"\xFF\xFE".as_slice(), &utf16(false)].concat()).0, text);
        assert_eq!(read(&[b"\xFE\xFF".as_slice(), &utf16(true)].concat()).0, text);
        assert_eq!(read(&utf16(false)).0, text);
        let guessed = read(&single);
        assert_eq!(guessed, (text.clone(), EncodingFacts { guessed: true, misdeclared: false }));
        let (said, facts) = read(&[declared("ISO-8859-1"), single].concat());
        assert!(said.ends_with(&text) && facts == EncodingFacts::default());
        let (said, facts) = read(&[declared("utf-16"), text.clone().into_bytes()].concat());
        assert!(said.ends_with(&text) && facts.misdeclared && !facts.guessed);
        assert_eq!(read(b"").0, "");
    }

    #[test]
    fn a_value_may_not_be_endless() {
        let mut input = Input::new(io::repeat(b'x'));
        input.begin_event();
        let error = loop {
            match input.fill_buf() {
                Ok(given) => {
                    let count = given.len();
                    input.consume(count);
                }
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn lines_are_counted() {
        let mut input = Input::new(b"a\nb\nc".as_slice());
        input.fill_buf().unwrap();
        input.consume(3);
        assert_eq!(input.line(), 2);
    }
}
