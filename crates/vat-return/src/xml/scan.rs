//! One pass over the text: start tags, end tags and text, each well-formed or a fault.
//!
//! Lines are counted where the bytes are looked at anyway. Comments and processing instructions are checked and
//! skipped.

use super::markup::{self, Attribute};
use super::{Fault, names};
use crate::complaint::ComplaintKind;
use crate::model::Position;

/// More lines than this are refused.
const MOST_LINES: u32 = 1_000_000;

/// What comes next in the document.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// A start tag; its attributes are in [`Scanner::attributes`] until the next token.
    Start(Start<'a>),
    /// The end tag of the open element.
    End,
    /// Characters and references.
    Text(Text<'a>),
    /// The content of a CDATA section, and where it begins, also as a byte offset.
    Section(&'a str, Position, usize),
    /// Nothing more.
    Finish,
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'a> {
    /// Qualified name.
    pub(crate) name: &'a str,
    /// Whether the name has a prefix.
    pub(crate) prefixed: bool,
    /// Whether the tag is its own end, `<a/>`.
    pub(crate) empty: bool,
    /// Where the tag begins.
    pub(crate) at: Position,
    /// The same as a byte offset.
    pub(crate) offset: usize,
}

/// A run of characters and references up to the next `<`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// As it stands in the document.
    pub(crate) raw: &'a str,
    /// Byte offset.
    pub(crate) offset: usize,
    seen: u8,
    lines: Lines,
}

impl Text<'_> {
    /// Only white space, none of it by reference.
    pub(crate) fn is_blank(&self) -> bool {
        self.seen & VISIBLE == 0
    }

    /// Means what it says: no references, no carriage returns.
    pub(crate) fn is_literal(&self) -> bool {
        self.seen & (REFERENCE | RETURN) == 0
    }

    /// Where the first character that is not white space stands.
    pub(crate) fn at(&self) -> Position {
        let mut lines = self.lines;
        let blanks = self.raw.len() - self.raw.trim_start_matches([' ', '\t', '\n', '\r']).len();
        lines.pass(&self.raw[..blanks], self.offset);
        lines.at(self.offset + blanks)
    }
}

/// Where the line of the current offset begins, and how many of its bytes do not begin a character.
#[derive(Debug, Clone, Copy)]
struct Lines {
    line: u32,
    /// Byte offset of the line's first character.
    begins: usize,
    /// Bytes since then that continue a character of several.
    continuing: usize,
}

impl Lines {
    #[inline]
    fn next_line(&mut self, begins: usize) {
        *self = Self { line: self.line + 1, begins, continuing: 0 };
    }

    /// Counts what a piece that begins at `offset` has of line ends and wide characters.
    fn pass(&mut self, piece: &str, offset: usize) {
        for newline in memchr::memchr_iter(b'\n', piece.as_bytes()) {
            self.next_line(offset + newline + 1);
        }
        self.pass_wide(piece, offset);
    }

    /// The same when the line ends are counted already.
    fn pass_wide(&mut self, piece: &str, offset: usize) {
        let last = &piece.as_bytes()[self.begins.saturating_sub(offset)..];
        self.continuing += last.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
    }

    #[inline]
    fn at(&self, offset: usize) -> Position {
        // At most 25 MB are read, so that a column fits.
        Position { line: self.line, column: (offset - self.begins - self.continuing) as u32 + 1 }
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// How many letters of ASCII, in steps of at most eight, stand at `at`: where most names end.
#[inline]
fn letters(bytes: &[u8], at: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    let mut end = at;
    while let Some(eight) = bytes.get(end..end + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let word = u64::from_le_bytes(eight);
        // Capitals become small; then the top bit of each byte tells whether it is at least `a`, and beyond `z`.
        let small = (word | (ONES * 0x20)) & !TOPS;
        let from_a = (small | TOPS) - ONES * u64::from(b'a');
        let beyond_z = small + ONES * u64::from(0x7F - b'z');
        let others = (!from_a | beyond_z | word) & TOPS;
        if others != 0 {
            return end + others.trailing_zeros() as usize / 8;
        }
        end += 8;
    }
    end
}

// What a byte of text may be.
const VISIBLE: u8 = 1;
const REFERENCE: u8 = 2;
const RETURN: u8 = 4;
const LINE: u8 = 8;
const BRACKET: u8 = 16;
const STOP: u8 = 32;
const WIDE: u8 = 64;

const TEXT: [u8; 256] = {
    let mut table = [VISIBLE; 256];
    let mut byte = 0x80;
    while byte < 256 {
        table[byte] = VISIBLE | WIDE;
        byte += 1;
    }
    table[b' ' as usize] = 0;
    table[b'\t' as usize] = 0;
    table[b'\n' as usize] = LINE;
    table[b'\r' as usize] = RETURN;
    table[b'&' as usize] = VISIBLE | REFERENCE;
    table[b']' as usize] = VISIBLE | BRACKET;
    table[b'<' as usize] = STOP;
    table
};

// What a byte of a name may be; 0 ends the name.
const LETTER: u8 = 1;
const COLON: u8 = 2;

const NAME: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-' | b'.' => LETTER,
            b':' => COLON,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// The scanner.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    lines: Lines,
    /// Attributes of the last start tag.
    pub(crate) attributes: Vec<Attribute<'a>>,
}

impl<'a> Scanner<'a> {
    /// Scans a decoded text from `content` on.
    pub(crate) fn new(text: &'a str, content: usize) -> Result<Self, Fault> {
        check_characters(text)?;
        let mut lines = Lines { line: 1, begins: 0, continuing: 0 };
        lines.pass(&text[..content], 0);
        Ok(Self { text, at: content, lines, attributes: Vec::new() })
    }

    /// The next token. `open` is the name of the open element, or empty outside the root.
    ///
    /// With `blanks_count` every run of characters is a token; without it, those of white space only are passed.
    #[inline]
    pub(crate) fn next(&mut self, open: &str, blanks_count: bool) -> Result<Token<'a>, Fault> {
        loop {
            if !blanks_count {
                self.pass_blanks()?;
            }
            let bytes = self.text.as_bytes();
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'<'), Some(b'/')) => return self.end(open),
                (Some(b'<'), Some(b'!')) => {
                    if let Some(section) = self.declared()? {
                        return Ok(section);
                    }
                }
                (Some(b'<'), Some(b'?')) => {
                    let end = markup::instruction(self.text, self.at)?;
                    self.pass(end)?;
                }
                (Some(b'<'), _) => return self.start(),
                (Some(_), _) => return self.run(),
                (None, _) => return Ok(Token::Finish),
            }
        }
    }

    /// A value that means what it says and is followed by the end tag of its element, as almost all are: passes
    /// both and returns the value. Anything else is left for [`Scanner::next`].
    #[inline]
    pub(crate) fn plain_value(&mut self, name: &str) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        let mut seen = 0;
        while let Some(byte) = bytes.get(end) {
            let class = TEXT[usize::from(*byte)];
            seen |= class;
            if class & (STOP | LINE | RETURN | REFERENCE | BRACKET) != 0 {
                break;
            }
            end += 1;
        }
        let name_end = end + 2 + name.len();
        let ends = bytes.get(end) == Some(&b'<')
            && bytes.get(end + 1) == Some(&b'/')
            && bytes.get(name_end) == Some(&b'>')
            && bytes.get(end + 2..name_end) == Some(name.as_bytes());
        if !ends {
            return None;
        }
        let value = &self.text[self.at..end];
        if seen & WIDE != 0 {
            self.lines.pass_wide(value, self.at);
        }
        self.at = name_end + 1;
        Some(value)
    }

    /// Goes on to the next `<` if there is nothing but white space before it.
    #[inline]
    fn pass_blanks(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let before = self.lines;
        let mut end = self.at;
        loop {
            match bytes.get(end) {
                Some(b' ' | b'\t' | b'\r') => end += 1,
                Some(b'\n') => {
                    end += 1;
                    self.lines.next_line(end);
                }
                Some(b'<') | None => {
                    self.at = end;
                    return if self.lines.line == before.line { Ok(()) } else { self.bound_lines() };
                }
                Some(_) => {
                    self.lines = before;
                    return Ok(());
                }
            }
        }
    }

    /// Where a byte offset stands, counted from the beginning: for faults.
    pub(crate) fn place(text: &str, offset: usize) -> Position {
        let before = text.get(..offset).unwrap_or(text);
        let begins = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
        let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        Position {
            line: u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1),
            column: characters(&before[begins..]).saturating_add(1),
        }
    }

    /// Goes on to `end`, counting lines.
    fn pass(&mut self, end: usize) -> Result<(), Fault> {
        self.lines.pass(&self.text[self.at..end], self.at);
        self.at = end;
        self.bound_lines()
    }

    fn bound_lines(&self) -> Result<(), Fault> {
        if self.lines.line > MOST_LINES {
            return Err(Fault::new(self.lines.begins, ComplaintKind::TooManyLines));
        }
        Ok(())
    }

    #[inline]
    fn run(&mut self) -> Result<Token<'a>, Fault> {
        let bytes = self.text.as_bytes();
        let (offset, before) = (self.at, self.lines);
        let mut seen = 0;
        let mut end = offset;
        while let Some(byte) = bytes.get(end) {
            let class = TEXT[usize::from(*byte)];
            if class & (STOP | LINE) != 0 {
                if class == STOP {
                    break;
                }
                self.lines.next_line(end + 1);
            }
            seen |= class;
            end += 1;
        }
        self.at = end;
        if seen & LINE != 0 {
            self.bound_lines()?;
        }
        let raw = &self.text[offset..end];
        if seen & WIDE != 0 {
            self.lines.pass_wide(raw, offset);
        }
        if seen & BRACKET != 0
            && let Some(place) = memchr::memmem::find(raw.as_bytes(), b"]]>")
        {
            return Err(Fault::new(offset + place, ComplaintKind::SectionEnd).found("]]>"));
        }
        Ok(Token::Text(Text { raw, offset, seen, lines: before }))
    }

    #[inline]
    fn start(&mut self) -> Result<Token<'a>, Fault> {
        let bytes = self.text.as_bytes();
        let offset = self.at;
        let at = self.lines.at(offset);
        let begin = offset + 1;
        let mut end = letters(bytes, begin);
        let mut seen = if end > begin { LETTER } else { 0 };
        while let Some(byte) = bytes.get(end) {
            let class = NAME[usize::from(*byte)];
            if class == 0 {
                break;
            }
            seen |= class;
            end += 1;
        }
        let name = &self.text[begin..end];
        let good = match bytes.get(begin) {
            Some(b'0'..=b'9' | b'-' | b'.') => false,
            _ if seen == LETTER => true,
            _ => names::is_qualified(name),
        };
        let after = bytes.get(end);
        if !good {
            return Err(match after {
                None => Fault::new(offset, ComplaintKind::EndsEarly).found("<"),
                Some(_) => self.bad_tag(offset),
            });
        }
        self.attributes.clear();
        let mut start = Start { name, prefixed: seen & COLON != 0, empty: false, at, offset };
        if after == Some(&b'>') && seen & WIDE == 0 {
            self.at = end + 1;
        } else {
            let (end, empty) = self.rest_of_tag(offset, end)?;
            start.empty = empty;
            self.pass(end)?;
        }
        Ok(Token::Start(start))
    }

    /// Attributes and the end of a start tag whose name ends at `end`.
    fn rest_of_tag(&mut self, offset: usize, mut end: usize) -> Result<(usize, bool), Fault> {
        let bytes = self.text.as_bytes();
        loop {
            let next = markup::skip_blanks(bytes, end);
            match bytes.get(next) {
                Some(b'>') => return Ok((next + 1, false)),
                Some(b'/') if bytes.get(next + 1) == Some(&b'>') => return Ok((next + 2, true)),
                None => return Err(Fault::new(offset, ComplaintKind::EndsEarly).found("<").expected(">")),
                Some(_) if next == end => return Err(self.bad_tag(offset)),
                Some(_) => {
                    let (attribute, after) = markup::attribute(self.text, next)?;
                    if self.attributes.iter().any(|other| other.name == attribute.name) {
                        return Err(Fault::new(next, ComplaintKind::DuplicateAttribute).found(attribute.name));
                    }
                    // Comparing all with all must stay cheap; the schema knows four attributes.
                    if self.attributes.len() >= 256 {
                        return Err(Fault::new(next, ComplaintKind::Attribute).found(attribute.name));
                    }
                    self.attributes.push(attribute);
                    end = after;
                }
            }
        }
    }

    fn bad_tag(&self, offset: usize) -> Fault {
        let tag = self.text[offset..].split_inclusive(['>', '\n', '\r']).next().unwrap_or_default();
        Fault::new(offset, ComplaintKind::Tag).found(tag.trim_end())
    }

    #[inline]
    fn end(&mut self, open: &str) -> Result<Token<'a>, Fault> {
        let bytes = self.text.as_bytes();
        let name_end = self.at + 2 + open.len();
        if !open.is_empty() && bytes.get(self.at + 2..name_end) == Some(open.as_bytes()) {
            if bytes.get(name_end) == Some(&b'>') && open.is_ascii() {
                self.at = name_end + 1;
                return Ok(Token::End);
            }
            let end = markup::skip_blanks(bytes, name_end);
            if bytes.get(end) == Some(&b'>') {
                self.pass(end + 1)?;
                return Ok(Token::End);
            }
        }
        Err(self.wrong_end(open))
    }

    fn wrong_end(&self, open: &str) -> Fault {
        let rest = &self.text[self.at..];
        let Some((tag, _)) = rest.split_once('>') else {
            return Fault::new(self.at, ComplaintKind::EndsEarly).found("</").expected(open);
        };
        let name = tag[2..].trim_end_matches([' ', '\t', '\n', '\r']);
        if !names::is_name(name) || (name == open && !open.is_empty()) {
            return self.bad_tag(self.at);
        }
        let kind = if open.is_empty() { ComplaintKind::OutsideRoot } else { ComplaintKind::WrongEnd };
        Fault::new(self.at, kind).found(name).expected(open)
    }

    /// What begins with `<!`: comments are passed, a section is returned, a document type is refused.
    fn declared(&mut self) -> Result<Option<Token<'a>>, Fault> {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!--") {
            let end = markup::comment(self.text, self.at)?;
            self.pass(end)?;
            return Ok(None);
        }
        if rest.starts_with("<![CDATA[") {
            let offset = self.at;
            let at = self.lines.at(offset);
            let (content, end) = markup::section(self.text, offset)?;
            self.pass(end)?;
            return Ok(Some(Token::Section(content, at, offset)));
        }
        let shown = rest.split([' ', '>', '\n', '\r']).next().unwrap_or_default();
        let kind = if rest.starts_with("<!DOCTYPE") { ComplaintKind::DocumentType } else { ComplaintKind::Declared };
        Err(Fault::new(self.at, kind).found(shown))
    }
}

/// How many bytes are looked at before the next are: what the processor keeps close by.
const PIECE: usize = 16 * 1024;

/// Refuses characters that XML does not allow anywhere, so that nothing after it needs to look for them.
fn check_characters(text: &str) -> Result<(), Fault> {
    // Counting instead of stopping at the first lets the compiler look at many bytes at once.
    let forbidden = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let good = |piece: &[u8]| {
        let controls = piece.iter().fold(false, |seen, byte| seen | forbidden(byte));
        // The noncharacters begin with EF BF, which the end of a piece may cut in two.
        let plain = || memchr::memmem::find(piece, b"\xEF\xBF").is_none() && piece.last() != Some(&0xEF);
        !controls && (piece.is_ascii() || plain())
    };
    if text.as_bytes().chunks(PIECE).all(good) {
        return Ok(());
    }
    match text.char_indices().find(|(_, character)| !super::escape::is_allowed(*character)) {
        None => Ok(()),
        Some((offset, character)) => {
            let code = format!("U+{:04X}", u32::from(character));
            Err(Fault::new(offset, ComplaintKind::ForbiddenCharacter).found(&code))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn letters_end_where_the_first_other_byte_stands() {
        let letters_of = |text: &str| letters(text.as_bytes(), 0);
        for other in (0..=127_u8).map(char::from).filter(|character| !character.is_ascii_alphabetic()) {
            for place in 0..8 {
                let mut text = "azAZmMbB".to_owned();
                text.replace_range(place..=place, &other.to_string());
                assert_eq!(letters_of(&text), place, "{text:?}");
            }
        }
        assert_eq!(letters_of("skattleggingsperiode>      "), 20);
        assert_eq!(letters_of("abcdefgå"), 7);
        // What does not fill eight bytes is left for the slower loop.
        assert_eq!(letters_of("abc"), 0);
    }

    #[test]
    fn a_forbidden_character_is_seen_where_two_pieces_meet() {
        for before in PIECE - 4..=PIECE + 1 {
            let text = |last: &str| "a".repeat(before) + last;
            let fault = check_characters(&text("\u{FFFE}")).unwrap_err();
            assert_eq!((fault.kind, fault.offset), (ComplaintKind::ForbiddenCharacter, before));
            assert_eq!(check_characters(&text("\u{7}")).unwrap_err().offset, before);
            assert_eq!(check_characters(&text("\u{FFFD}")), Ok(()));
        }
    }

    #[test]
    fn tokens_and_their_places() {
        let text = "<?xml version='1.0'?>\n<å>\n <b c='æ\n' d='1'/>ø<![CDATA[<]]>\u{1F600}<e/></å>";
        let mut scanner = Scanner::new(text, 21).unwrap();
        let mut places = Vec::new();
        let mut open = vec![""];
        loop {
            match scanner.next(open.last().unwrap(), false).unwrap() {
                Token::Start(start) => {
                    assert_eq!(start.at, Scanner::place(text, start.offset), "{}", start.name);
                    places.push((start.name, start.at.line, start.at.column, scanner.attributes.len()));
                    if !start.empty {
                        open.push(start.name);
                    }
                }
                Token::End => drop(open.pop()),
                Token::Text(run) => places.push((run.raw, run.at().line, run.at().column, 0)),
                Token::Section(content, at, _) => places.push((content, at.line, at.column, 0)),
                Token::Finish => break,
            }
        }
        let expected = [
            ("å", 2, 1, 0),
            ("b", 3, 2, 2),
            ("ø", 4, 10, 0),
            ("<", 4, 11, 0),
            ("\u{1F600}", 4, 24, 0),
            ("e", 4, 25, 0),
        ];
        assert_eq!(places, expected);
    }
}
