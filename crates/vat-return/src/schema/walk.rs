//! Holds a document against its schema in one pass, handing on values and collecting every complaint.
//!
//! What an element may be is decided by the state of its parent: how far in the sequence it has come, and how
//! often the last place was used. After a complaint the state goes on where most complaints to come are true
//! ones: a known element too early means that those before it are missing; an unknown one is passed over whole.

use super::namespaces::{INSTANCE, Namespaces};
use super::sequence::Progress;
use super::{Also, Content, Element, Schema, Simple, Sink, Type};
use crate::complaint::{Complaint, ComplaintKind, Rejection, shortened};
use crate::model::Position;
use crate::xml::scan::{Scanner, Start, Text, Token};
use crate::xml::{Fault, encoding, escape, names};

/// Largest file, in bytes.
pub(crate) const MOST_BYTES: usize = 25_000_000;
/// Deepest element.
const MOST_LEVELS: usize = 256;

/// Reads a document into a sink.
pub(crate) fn read(bytes: &[u8], schema: &'static Schema, sink: &mut impl Sink) -> Result<(), Rejection> {
    if bytes.len() > MOST_BYTES {
        return Err(Rejection::TooLarge { size: bytes.len() });
    }
    if let Some(beginning) = other_beginning(bytes) {
        return Err(Rejection::NotXml(Complaint {
            at: Position { line: 1, column: 1 },
            path: String::new(),
            found: if is_text(&beginning) { shortened(&beginning) } else { String::new() },
            expected: "<".to_owned(),
            kind: ComplaintKind::NotMarkup,
        }));
    }
    let decoded = encoding::decode(bytes).map_err(|undecoded| rejection(undecoded.fault, &undecoded.text, ""))?;
    let text = &*decoded.text;
    if text[decoded.content..].trim_matches([' ', '\t', '\n', '\r']).is_empty() {
        return Err(Rejection::Empty);
    }
    let scanner = Scanner::new(text, decoded.content).map_err(|fault| rejection(fault, text, ""))?;
    let mut walk = Walk {
        scanner,
        schema,
        sink,
        frames: Vec::with_capacity(8),
        namespaces: Namespaces::default(),
        value: Gathered::default(),
        complaints: Vec::new(),
        finished: false,
    };
    match walk.run() {
        Ok(()) if walk.complaints.is_empty() => Ok(()),
        Ok(()) | Err(Stop::Enough) => Err(Rejection::Structure(walk.complaints)),
        Err(Stop::Fault(fault)) => Err(rejection(*fault, text, &walk.path(""))),
        Err(Stop::OtherDocument(complaint)) => Err(Rejection::NotAReturn(*complaint)),
    }
}

/// Whether it can be quoted: other files than texts are full of control characters.
fn is_text(beginning: &str) -> bool {
    !beginning.chars().any(|character| character.is_ascii_control() && !character.is_ascii_whitespace())
}

/// The beginning of a file that cannot be XML in any encoding: something visible before the first `<`.
fn other_beginning(bytes: &[u8]) -> Option<String> {
    let unmarked = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let visible = unmarked.trim_ascii_start();
    // A zero or a byte order mark of UTF-16 is for the decoder to judge.
    if matches!(visible, [] | [b'<' | 0 | 0xFE | 0xFF, ..]) {
        return None;
    }
    let line = visible.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let line = &line[..line.len().min(40)];
    Some(match std::str::from_utf8(line) {
        Ok(text) => text.to_owned(),
        // Cut within a letter.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&line[..error.valid_up_to()]).into_owned(),
        Err(_) => line.iter().copied().map(char::from).collect(),
    })
}

fn rejection(fault: Fault, text: &str, path: &str) -> Rejection {
    let complaint = Complaint {
        at: Scanner::place(text, fault.offset),
        path: path.to_owned(),
        found: fault.found,
        expected: fault.expected,
        kind: fault.kind,
    };
    match fault.kind {
        ComplaintKind::DocumentType | ComplaintKind::TooDeep | ComplaintKind::TooManyLines => {
            Rejection::UnsafeXml(complaint)
        }
        _ => Rejection::NotXml(complaint),
    }
}

/// Why a walk ends early. Boxed, because it is passed through every step and almost never there.
enum Stop {
    Fault(Box<Fault>),
    OtherDocument(Box<Complaint>),
    Enough,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

/// An open element.
struct Frame<'a> {
    /// Qualified name as written, which the end tag must repeat.
    name: &'a str,
    /// `None` within an element that is passed over.
    element: Option<&'static Element>,
    /// The element's type, or the one `xsi:type` chose.
    of: Option<&'static Type>,
    at: Position,
    /// Which one of several in its place, from 1; 0 where there can be one only.
    ordinal: u32,
    /// How far its children have come.
    progress: Progress,
    /// The value is not judged, because something in it has been.
    spoilt: bool,
}

impl<'a> Frame<'a> {
    fn of(start: &Start<'a>, element: Option<&'static Element>, ordinal: u32) -> Self {
        Self {
            name: start.name,
            element,
            of: element.map(|element| element.of),
            at: start.at,
            ordinal,
            progress: Progress::default(),
            spoilt: false,
        }
    }
}

/// The characters of a value: borrowed while they are one piece that means what it says.
#[derive(Default)]
struct Gathered<'a> {
    piece: &'a str,
    pieces: String,
    several: bool,
}

impl<'a> Gathered<'a> {
    fn clear(&mut self) {
        self.piece = "";
        self.pieces.clear();
        self.several = false;
    }

    #[inline]
    fn push_literal(&mut self, raw: &'a str) {
        if !self.several && self.piece.is_empty() {
            self.piece = raw;
            return;
        }
        self.more().push_str(raw);
    }

    fn push_raw(&mut self, text: &Text<'a>) -> Result<(), Fault> {
        escape::expand(text.raw, text.offset, self.more())
    }

    fn more(&mut self) -> &mut String {
        if !self.several {
            self.several = true;
            self.pieces.push_str(self.piece);
        }
        &mut self.pieces
    }

    fn text(&self) -> &str {
        if self.several { &self.pieces } else { self.piece }
    }
}

struct Walk<'a, 's, S> {
    scanner: Scanner<'a>,
    schema: &'static Schema,
    sink: &'s mut S,
    frames: Vec<Frame<'a>>,
    namespaces: Namespaces<'a>,
    value: Gathered<'a>,
    complaints: Vec<Complaint>,
    finished: bool,
}

impl<'a, S: Sink> Walk<'a, '_, S> {
    fn run(&mut self) -> Result<(), Stop> {
        loop {
            let (open, in_value) = match self.frames.last() {
                None => ("", false),
                Some(frame) => (frame.name, matches!(frame.of, Some(Type { content: Content::Value(_), .. }))),
            };
            match self.scanner.next(open, in_value)? {
                Token::Start(start) => {
                    self.start(start)?;
                    if start.empty {
                        self.end()?;
                    }
                }
                Token::End => self.end()?,
                Token::Text(text) => self.text(text)?,
                Token::Section(content, at, offset) => self.section(content, at, offset)?,
                Token::Finish => return self.finish(),
            }
        }
    }

    fn finish(&self) -> Result<(), Stop> {
        match self.frames.last() {
            None if self.finished => Ok(()),
            None => Err(Fault::new(usize::MAX, ComplaintKind::EndsEarly).found("").expected("<").into()),
            Some(frame) => {
                Err(Fault::new(usize::MAX, ComplaintKind::EndsEarly).found(frame.name).expected(frame.name).into())
            }
        }
    }

    #[inline]
    fn start(&mut self, start: Start<'a>) -> Result<(), Stop> {
        let depth = self.frames.len();
        let plain = self.scanner.attributes.is_empty();
        if !plain {
            self.namespaces.declare(&self.scanner.attributes, depth)?;
            self.check_prefixes()?;
        }
        let local = if start.prefixed { names::split(start.name).1 } else { start.name };
        let ours = if start.prefixed { self.is_ours(&start)? } else { self.namespaces.default_is_ours };
        let Some(parent) = self.frames.last_mut() else {
            return self.root(start);
        };
        let mut ordinal = 0;
        let element = match parent.of.map(|of| &of.content) {
            None => None,
            Some(Content::Value(_)) => {
                parent.spoilt = true;
                self.complain(start.at, local, local, "", ComplaintKind::ElementInValue)?;
                None
            }
            Some(Content::Children(_)) if !ours && self.schema.lenient => None,
            Some(Content::Children(particles)) => match parent.progress.admit(particles, local) {
                Some(element) if ours => {
                    if particles[parent.progress.place].repeated {
                        ordinal = parent.progress.used;
                    }
                    Some(element)
                }
                Some(_) => {
                    let found = self.namespaces.name(names::split(start.name).0).unwrap_or_default().to_owned();
                    let expected = self.namespaces.ours().to_owned();
                    self.complain(start.at, local, &found, &expected, ComplaintKind::WrongNamespace)?;
                    None
                }
                None => self.unexpected(start.at, local, ours)?,
            },
        };
        if depth >= MOST_LEVELS {
            return Err(Fault::new(start.offset, ComplaintKind::TooDeep).found(start.name).into());
        }
        self.open(start, element, ordinal, plain)
    }

    #[inline]
    fn open(
        &mut self,
        start: Start<'a>,
        element: Option<&'static Element>,
        ordinal: u32,
        plain: bool,
    ) -> Result<(), Stop> {
        // Almost every value takes this way: no frame, no pieces.
        if let Some(element) = element
            && let Content::Value(simple) = element.of.content
            && plain
            && !start.empty
            && let Some(raw) = self.scanner.plain_value(start.name)
        {
            return match simple.read(raw) {
                Ok(value) => {
                    self.sink.value(element.tag, start.at, value);
                    Ok(())
                }
                Err(kind) => self.bad_plain_value(&start, element, ordinal, raw, (kind, simple)),
            };
        }
        let mut frame = Frame::of(&start, element, ordinal);
        if let Some(element) = element {
            if !plain && !self.schema.lenient {
                let of = self.attributes(start.at, element)?;
                frame.spoilt = of.is_none();
                frame.of = Some(of.unwrap_or(element.of));
            }
            match element.of.content {
                Content::Children(_) => self.sink.open(element.tag, start.at),
                Content::Value(_) => self.value.clear(),
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    #[cold]
    fn bad_plain_value(
        &mut self,
        start: &Start<'a>,
        element: &'static Element,
        ordinal: u32,
        raw: &'a str,
        (kind, simple): (ComplaintKind, Simple),
    ) -> Result<(), Stop> {
        self.value.clear();
        self.value.piece = raw;
        self.frames.push(Frame::of(start, Some(element), ordinal));
        self.bad_value(kind, &simple.expected())?;
        self.frames.pop();
        Ok(())
    }

    fn root(&mut self, start: Start<'a>) -> Result<(), Stop> {
        if self.finished {
            return Err(Fault::new(start.offset, ComplaintKind::OutsideRoot).found(start.name).into());
        }
        let (prefix, local) = names::split(start.name);
        let name = self.namespaces.name(prefix).unwrap_or_default();
        let root = self.schema.root;
        let known = name == self.schema.namespace || (name.is_empty() && self.schema.also == Also::NoNamespace);
        if local != root.name || !known {
            let (found, expected) = if local == root.name { (name, self.schema.namespace) } else { (local, root.name) };
            return Err(Stop::OtherDocument(Box::new(Complaint {
                at: start.at,
                path: format!("/{local}"),
                found: shortened(found),
                expected: expected.to_owned(),
                kind: ComplaintKind::OtherDocument,
            })));
        }
        let ours = name.to_owned();
        self.namespaces.set_ours(&ours);
        let plain = self.scanner.attributes.is_empty();
        self.open(start, Some(root), 0, plain)
    }

    fn is_ours(&self, start: &Start<'_>) -> Result<bool, Stop> {
        let (prefix, _) = names::split(start.name);
        match self.namespaces.name(prefix) {
            Some(name) => Ok(name == self.namespaces.ours()),
            None => Err(Fault::new(start.offset, ComplaintKind::UnknownPrefix).found(start.name).into()),
        }
    }

    /// Prefixes of attributes must be declared, and no two may mean the same attribute.
    fn check_prefixes(&self) -> Result<(), Fault> {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for attribute in &self.scanner.attributes {
            let (prefix, local) = names::split(attribute.name);
            if prefix.is_empty() || prefix == "xmlns" {
                continue;
            }
            let fault = |kind| Err(Fault::new(attribute.offset, kind).found(attribute.name));
            let Some(name) = self.namespaces.name(prefix) else { return fault(ComplaintKind::UnknownPrefix) };
            if seen.contains(&(name, local)) {
                return fault(ComplaintKind::DuplicateAttribute);
            }
            seen.push((name, local));
        }
        Ok(())
    }

    /// Judges a known element's attributes; the type it has after `xsi:type`, or none if that is wrong.
    fn attributes(&mut self, at: Position, element: &'static Element) -> Result<Option<&'static Type>, Stop> {
        let mut of = Some(element.of);
        for index in 0..self.scanner.attributes.len() {
            let attribute = self.scanner.attributes[index];
            let (prefix, local) = names::split(attribute.name);
            if prefix == "xmlns" || attribute.name == "xmlns" {
                continue;
            }
            let of_instance = !prefix.is_empty() && self.namespaces.name(prefix) == Some(INSTANCE);
            let kind = match local {
                "schemaLocation" | "noNamespaceSchemaLocation" if of_instance => continue,
                "type" if of_instance => {
                    let value = attribute.value()?;
                    of = self.chosen_type(element, value.trim_matches(' '));
                    if of.is_some() {
                        continue;
                    }
                    let name = element.name;
                    self.complain(at, name, &value, element.of.name, ComplaintKind::Type)?;
                    continue;
                }
                "nil" if of_instance => ComplaintKind::Nil,
                _ => ComplaintKind::UnknownAttribute,
            };
            self.complain(at, element.name, attribute.name, "", kind)?;
        }
        Ok(of)
    }

    /// The type that `xsi:type` names: the element's own, or one derived from it.
    fn chosen_type(&self, element: &'static Element, value: &str) -> Option<&'static Type> {
        let (prefix, local) = names::split(value);
        if !names::is_qualified(value) || self.namespaces.name(prefix)? != self.namespaces.ours() {
            return None;
        }
        if local == element.of.name {
            return Some(element.of);
        }
        let derives = |of: &&&'static Type| of.base.is_some_and(|base| std::ptr::eq(base, element.of));
        self.schema.derived.iter().filter(derives).find(|of| of.name == local).copied()
    }

    #[inline]
    fn text(&mut self, text: Text<'a>) -> Result<(), Stop> {
        let Some(frame) = self.frames.last() else {
            if text.is_blank() {
                return Ok(());
            }
            // Blanks of XML only: others are what is wrong.
            let blank = [' ', '\t', '\n', '\r'];
            let blanks = text.raw.len() - text.raw.trim_start_matches(blank).len();
            let fault = Fault::new(text.offset + blanks, ComplaintKind::OutsideRoot);
            return Err(fault.found(text.raw.trim_matches(blank)).into());
        };
        match frame.of.map(|of| &of.content) {
            Some(Content::Value(_)) => {
                if text.is_literal() {
                    self.value.push_literal(text.raw);
                } else {
                    self.value.push_raw(&text)?;
                }
                Ok(())
            }
            _ if text.is_blank() => Ok(()),
            other => {
                let passed_over = other.is_none();
                // Even where nobody wants the text, its references must be good; and blanks may be references.
                let mut expanded = String::new();
                escape::expand(text.raw, text.offset, &mut expanded)?;
                let shown = expanded.trim_matches([' ', '\t', '\n', '\r']);
                if passed_over || shown.is_empty() {
                    return Ok(());
                }
                self.stray(text.at(), shown)
            }
        }
    }

    fn section(&mut self, content: &'a str, at: Position, offset: usize) -> Result<(), Stop> {
        let Some(frame) = self.frames.last() else {
            return Err(Fault::new(offset, ComplaintKind::OutsideRoot).found("<![CDATA[").into());
        };
        match frame.of.map(|of| &of.content) {
            None => Ok(()),
            Some(Content::Value(_)) => {
                if content.contains('\r') {
                    let unified = content.replace("\r\n", "\n").replace('\r', "\n");
                    self.value.more().push_str(&unified);
                } else {
                    self.value.push_literal(content);
                }
                Ok(())
            }
            // Between elements even an empty section is text (XML Schema 1.0, cvc-complex-type 2.3).
            Some(Content::Children(_)) => self.stray(at, &format!("<![CDATA[{content}]]>")),
        }
    }

    fn stray(&mut self, at: Position, shown: &str) -> Result<(), Stop> {
        let path = self.path("");
        self.push(Complaint {
            at,
            path,
            found: shortened(shown),
            expected: String::new(),
            kind: ComplaintKind::StrayText,
        })
    }

    #[inline]
    fn end(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        if let (Some(element), Some(of)) = (frame.element, frame.of) {
            match &of.content {
                Content::Value(simple) if !frame.spoilt => match simple.read(self.value.text()) {
                    Ok(value) => self.sink.value(element.tag, frame.at, value),
                    Err(kind) => self.bad_value(kind, &simple.expected())?,
                },
                Content::Value(_) => {}
                Content::Children(particles) => {
                    if let Some(missing) = frame.progress.missing(particles, particles.len()) {
                        self.complain(frame.at, "", "", &missing, ComplaintKind::Missing)?;
                    }
                }
            }
        }
        self.frames.pop();
        let depth = self.frames.len();
        self.finished = depth == 0;
        self.namespaces.forget(depth);
        Ok(())
    }

    fn bad_value(&mut self, kind: ComplaintKind, expected: &str) -> Result<(), Stop> {
        if self.schema.lenient && matches!(kind, ComplaintKind::TooLong { .. }) {
            // Whoever is lenient gets the text all the same.
            if let Some(frame) = self.frames.last()
                && let Some(element) = frame.element
            {
                self.sink.value(element.tag, frame.at, super::value::Value::Text(self.value.text()));
            }
            return Ok(());
        }
        let found = match kind {
            // Eleven digits are a national identity number, which is shown to nobody.
            ComplaintKind::Digits { count: 11 } => "•••".to_owned(),
            ComplaintKind::TooLong { .. } => self.value.text().chars().count().to_string(),
            _ => self.value.text().to_owned(),
        };
        let at = self.frames.last().map_or_else(Position::default, |frame| frame.at);
        self.complain(at, "", &found, expected, kind)
    }

    /// An element that may not come now: complains, and finds what it most likely is.
    fn unexpected(&mut self, at: Position, local: &str, ours: bool) -> Result<Option<&'static Element>, Stop> {
        let Some(parent) = self.frames.last_mut() else { return Ok(None) };
        let Some(Content::Children(particles)) = parent.of.map(|of| &of.content) else { return Ok(None) };
        let known = particles.iter().enumerate().find_map(|(place, particle)| {
            particle.any_of.iter().find(|element| element.name == local).map(|element| (place, *element))
        });
        let expected = parent.progress.allowed(particles);
        match known {
            Some((place, element)) if place > parent.progress.place && ours => {
                let absent = parent.progress.missing(particles, place).unwrap_or_default();
                parent.progress = Progress { place, used: 1 };
                self.complain(at, local, local, &absent, ComplaintKind::Missing)?;
                Ok(Some(element))
            }
            Some((_, element)) if ours => {
                self.complain(at, local, local, &expected, ComplaintKind::Misplaced)?;
                Ok(Some(element))
            }
            _ if self.schema.lenient => Ok(None),
            _ => {
                self.complain(at, local, local, &expected, ComplaintKind::UnknownElement)?;
                Ok(None)
            }
        }
    }

    /// Complains about the open element, or about a child of it that is not open yet.
    fn complain(
        &mut self,
        at: Position,
        child: &str,
        found: &str,
        expected: &str,
        kind: ComplaintKind,
    ) -> Result<(), Stop> {
        let complaint =
            Complaint { at, path: self.path(child), found: shortened(found), expected: expected.to_owned(), kind };
        self.push(complaint)
    }

    fn push(&mut self, complaint: Complaint) -> Result<(), Stop> {
        self.complaints.push(complaint);
        if self.complaints.len() >= Rejection::MOST_COMPLAINTS { Err(Stop::Enough) } else { Ok(()) }
    }

    /// The path of the open element, or of a child of it.
    fn path(&self, child: &str) -> String {
        // Deeper is only what the schema does not know.
        const DEEPEST: usize = 8;
        let mut path = String::new();
        for frame in self.frames.iter().take(DEEPEST) {
            path.push('/');
            path.push_str(names::split(frame.name).1);
            if frame.ordinal > 0 {
                path.push_str(&format!("[{}]", frame.ordinal));
            }
        }
        if self.frames.len() > DEEPEST {
            path.push_str("/…");
        }
        if !child.is_empty() {
            path.push('/');
            path.push_str(child);
        }
        path
    }
}
