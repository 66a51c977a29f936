//! Looks at files: what each is, from its beginning, and the bytes of those that are returns.

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use shown::Shown;

use crate::{
    Bounds, LARGEST, Place, Refused,
    attachable::{self, Kind},
    kind::{self, FileKind, Guess},
    open,
    packed::{self, PackedError},
};

/// How much of a file's beginning is read to tell what it is.
const HEAD: usize = 4 * 1024;
/// How much of a larger file is looked through for its root element.
const LONG_HEAD: u64 = 1_000_000;
/// How much of a PDF is looked through for its name.
const PDF_HEAD: u64 = 2_000_000;

/// Something that was found.
#[derive(Debug)]
pub struct Item {
    /// Where.
    pub name: Name,
    /// Which of the named paths it was found in.
    pub root: usize,
    /// It was named itself.
    pub named: bool,
    /// What it is.
    pub kind: FileKind,
    /// What was read of it.
    pub content: Content,
}

/// Where something was found: a file, or a file within packed files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The file on disk.
    pub path: PathBuf,
    /// Names within packed files, the outermost first; only to be shown.
    pub within: Vec<String>,
}

/// What was read.
#[derive(Debug)]
pub enum Content {
    /// A return, or what was meant as one: all of it.
    Return(Vec<u8>),
    /// One of Skatteetaten's documents, to be shown: all of it.
    Shown(Vec<u8>),
    /// Its kind says enough.
    Known,
    /// A packed file; what is in it came before.
    Packed(Inside),
    /// Why it was not read.
    Refused(Refused),
}

/// What was in a packed file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Inside {
    /// Returns, or what was meant as one.
    pub returns: usize,
    /// Neighbours.
    pub neighbours: usize,
    /// What could not be read.
    pub refused: usize,
    /// Hidden files.
    pub hidden: usize,
    /// Other files.
    pub others: usize,
}

impl Name {
    /// The name without folders: `mva.xml`, or `eksport.zip/klient/mva.xml`.
    pub fn file_name(&self) -> String {
        let own = Shown::file_name(&self.path);
        std::iter::once(own.as_str()).chain(self.within.iter().map(String::as_str)).collect::<Vec<_>>().join("/")
    }

    fn last(&self) -> String {
        match self.within.last() {
            Some(name) => name.clone(),
            None => self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        }
    }

    fn inside(&self, name: String) -> Self {
        let mut within = self.within.clone();
        within.push(name);
        Self { path: self.path.clone(), within }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&Shown::path(&self.path), f)?;
        self.within.iter().try_for_each(|name| write!(f, "/{name}"))
    }
}

/// Looks at files one by one, from as many threads as one likes, and within its bounds all together.
#[derive(Debug)]
pub struct Look {
    bounds: Bounds,
    /// Bytes of returns that were read.
    bytes: AtomicU64,
    /// Bytes that were unpacked.
    unpacked: AtomicU64,
    /// Entries of packed files.
    entries: AtomicUsize,
    stopped: AtomicBool,
}

/// Where something is, and how deep in packed files.
struct At {
    name: Name,
    root: usize,
    named: bool,
    depth: usize,
    /// Bytes it takes where it is packed.
    packed: Option<u64>,
}

impl At {
    fn item(&self, kind: FileKind, content: Content) -> Item {
        Item { name: self.name.clone(), root: self.root, named: self.named, kind, content }
    }

    fn refused(&self, kind: FileKind, why: impl Into<Refused>) -> Item {
        self.item(kind, Content::Refused(why.into()))
    }

    /// What is called XML, or was named itself, was meant as a return if it is nothing else.
    fn is_meant(&self, kind: FileKind) -> bool {
        !kind.is_neighbour() && (self.named || is_called_xml(&self.name.last()))
    }
}

fn is_called_xml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

type Each<'e> = &'e mut dyn FnMut(Item);

impl Look {
    /// Looks within these bounds.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            bytes: AtomicU64::new(0),
            unpacked: AtomicU64::new(0),
            entries: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Looks at no more; what is being looked at is ended soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// Looks at a file: what is in it, and then itself where it is packed.
    pub fn at(&self, place: &Place, each: Each<'_>) {
        let name = Name { path: place.path.clone(), within: Vec::new() };
        let at = At { name, root: place.root, named: place.named, depth: 0, packed: None };
        if self.stopped.load(Ordering::SeqCst) {
            return;
        }
        match open::open(&place.path) {
            Ok((file, size)) => {
                if let Err(why) = self.file(file, size, &at, each) {
                    each(at.refused(FileKind::Unknown, why));
                }
            }
            Err(why) => each(at.refused(FileKind::Unknown, why)),
        }
    }

    /// Looks at bytes that lie in memory, as at a file of that name.
    pub fn bytes(&self, name: &str, bytes: Vec<u8>, named: bool, each: Each<'_>) {
        let name = Name { path: PathBuf::from(name), within: Vec::new() };
        let at = At { name, root: 0, named, depth: 0, packed: None };
        if let Err(why) = self.stream(&mut Cursor::new(bytes), &at, each) {
            each(at.refused(FileKind::Unknown, why));
        }
    }

    fn file(&self, mut file: File, size: u64, at: &At, each: Each<'_>) -> Result<(), Refused> {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(HEAD).min(HEAD));
        file.by_ref().take(HEAD as u64).read_to_end(&mut bytes)?;
        let whole = bytes.len() < HEAD;
        let kind = match kind::guess(&bytes, whole) {
            Guess::Kind(FileKind::Gzip) => {
                file.seek(SeekFrom::Start(0))?;
                return self.gzip(file, at, each);
            }
            Guess::Kind(FileKind::Pdf) => pdf(&mut file, at)?,
            Guess::Kind(kind) => kind,
            Guess::CompoundFile => office(&mut file)?.unwrap_or(FileKind::Unknown),
            Guess::ZipLike => match office(&mut file)? {
                Some(kind) => {
                    each(at.item(kind, Content::Known));
                    return Ok(());
                }
                None => {
                    file.seek(SeekFrom::Start(0))?;
                    return self.zip(BufReader::new(file), at, each);
                }
            },
            Guess::Later if size > LARGEST => {
                file.by_ref().take(LONG_HEAD).read_to_end(&mut bytes)?;
                known_kind(kind::guess(&bytes, false), FileKind::Xml)
            }
            Guess::Later => {
                open::rest_into(file, size, LARGEST, &mut bytes)?;
                let kind = known_kind(kind::guess(&bytes, true), FileKind::Text);
                self.deliver(bytes, kind, at, each);
                return Ok(());
            }
        };
        if self.is_wanted(kind, at) {
            open::rest_into(file, size, LARGEST, &mut bytes)?;
            self.deliver(bytes, kind, at, each);
        } else {
            each(at.item(kind, Content::Known));
        }
        Ok(())
    }

    /// Something that comes out of a packed file.
    fn stream(&self, from: &mut dyn Read, at: &At, each: Each<'_>) -> Result<(), Refused> {
        let mut bytes = Vec::new();
        self.unpack(from, HEAD as u64, at, &mut bytes)?;
        let whole = bytes.len() < HEAD;
        let kind = match kind::guess(&bytes, whole) {
            Guess::Kind(FileKind::Gzip) | Guess::ZipLike | Guess::CompoundFile => {
                return self.nested(from, bytes, at, each);
            }
            Guess::Kind(kind) => kind,
            Guess::Later => {
                self.unpack(from, LARGEST + 1, at, &mut bytes)?;
                known_kind(kind::guess(&bytes, true), FileKind::Text)
            }
        };
        if self.is_wanted(kind, at) {
            self.unpack(from, LARGEST + 1, at, &mut bytes)?;
            let size = bytes.len() as u64;
            if size > LARGEST {
                return Err(Refused::TooLarge { size, limit: LARGEST });
            }
            self.deliver(bytes, kind, at, each);
        } else {
            each(at.item(kind, Content::Known));
        }
        Ok(())
    }

    /// A packed file or an Office document within a packed file.
    fn nested(&self, from: &mut dyn Read, mut bytes: Vec<u8>, at: &At, each: Each<'_>) -> Result<(), Refused> {
        let limit = self.bounds.packed.nested;
        self.unpack(from, limit + 1, at, &mut bytes)?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(Refused::TooLarge { size, limit });
        }
        if bytes.starts_with(b"\x1f\x8b") {
            return self.gzip(Cursor::new(bytes), at, each);
        }
        let mut bytes = Cursor::new(bytes);
        match office(&mut bytes)? {
            Some(kind) => {
                each(at.item(kind, Content::Known));
                Ok(())
            }
            None if bytes.get_ref().starts_with(b"PK") => self.zip(bytes, at, each),
            None => {
                each(at.item(FileKind::Unknown, Content::Known));
                Ok(())
            }
        }
    }

    fn gzip(&self, from: impl Read, at: &At, each: Each<'_>) -> Result<(), Refused> {
        self.deeper(at)?;
        let outer = at.name.last();
        let small = outer.to_ascii_lowercase();
        let name = if small.ends_with(".gz") || small.ends_with(".gzip") {
            outer.rsplit_once('.').map(|(name, _)| name.to_owned()).unwrap_or_default()
        } else {
            outer
        };
        let inner = At { name: at.name.inside(name), root: at.root, named: false, depth: at.depth + 1, packed: None };
        let mut inside = Inside::default();
        let mut unpacked = MultiGzDecoder::new(BufReader::new(from));
        // A tar in a gzip file is one packed file to everybody; what is in it is not known.
        let mut is_tar = false;
        let told = self.stream(&mut unpacked, &inner, &mut |item| {
            is_tar |= item.kind == FileKind::OtherPacked;
            if !is_tar {
                inside.count(&item);
                each(item);
            }
        });
        if is_tar {
            each(at.item(FileKind::OtherPacked, Content::Known));
            return Ok(());
        }
        if let Err(why) = told {
            inside.refused += 1;
            each(inner.refused(FileKind::Unknown, why));
        }
        each(at.item(FileKind::Gzip, Content::Packed(inside)));
        Ok(())
    }

    fn zip<R: Read + Seek>(&self, from: R, at: &At, each: Each<'_>) -> Result<(), Refused> {
        self.deeper(at)?;
        let mut zip = match packed::zip(from) {
            Ok(zip) => zip,
            Err(why) => {
                each(at.refused(FileKind::Zip, why));
                return Ok(());
            }
        };
        let mut inside = Inside::default();
        if zip.has_duplicate_names() {
            inside.refused += 1;
            each(at.refused(FileKind::Zip, PackedError::SameNames));
        }
        for index in 0..zip.len() {
            if self.stopped.load(Ordering::SeqCst) {
                return Ok(());
            }
            let limit = self.bounds.packed.entries;
            if self.entries.fetch_add(1, Ordering::SeqCst) >= limit {
                inside.refused += 1;
                each(at.refused(FileKind::Zip, PackedError::TooMany { limit }));
                break;
            }
            let inner = |name, packed| At {
                name: at.name.inside(name),
                root: at.root,
                named: false,
                depth: at.depth + 1,
                packed,
            };
            let entry = match packed::entry(&mut zip, index) {
                Ok(entry) if entry.is_folder => continue,
                Ok(entry) if entry.hidden => {
                    inside.hidden += 1;
                    continue;
                }
                Ok(entry) => entry,
                Err((name, why)) => {
                    inside.refused += 1;
                    each(inner(name, None).refused(FileKind::Unknown, why));
                    continue;
                }
            };
            let inner = inner(entry.name, Some(entry.packed));
            let told = match zip.by_index(index) {
                Ok(mut file) => self.stream(&mut file, &inner, &mut |item| {
                    inside.count(&item);
                    each(item);
                }),
                Err(error) => Err(PackedError::from(error).into()),
            };
            if let Err(why) = told {
                inside.refused += 1;
                let over = matches!(why, Refused::Packed(PackedError::TooMuch { .. }));
                each(inner.refused(FileKind::Unknown, why));
                if over {
                    break;
                }
            }
        }
        each(at.item(FileKind::Zip, Content::Packed(inside)));
        Ok(())
    }

    fn deeper(&self, at: &At) -> Result<(), PackedError> {
        let limit = self.bounds.packed.depth;
        if at.depth >= limit { Err(PackedError::TooDeep { limit }) } else { Ok(()) }
    }

    /// Reads on until there are so many bytes or no more come.
    fn unpack(&self, from: &mut dyn Read, up_to: u64, at: &At, bytes: &mut Vec<u8>) -> Result<(), Refused> {
        const PIECE: u64 = 64 * 1024;
        const SMALL: u64 = 1_000_000;
        let packed::Bounds { bytes: most, ratio, .. } = self.bounds.packed;
        loop {
            let before = bytes.len() as u64;
            let wanted = up_to.saturating_sub(before).min(PIECE);
            let read = match from.take(wanted).read_to_end(bytes) {
                Ok(read) => read as u64,
                Err(error) => return Err(PackedError::from(error).into()),
            };
            if read == 0 {
                return Ok(());
            }
            if self.unpacked.fetch_add(read, Ordering::SeqCst) + read > most {
                return Err(PackedError::TooMuch { limit: most }.into());
            }
            let size = before + read;
            if size > SMALL && at.packed.is_some_and(|packed| size / ratio > packed) {
                return Err(PackedError::TooDense { limit: ratio }.into());
            }
        }
    }

    fn is_wanted(&self, kind: FileKind, at: &At) -> bool {
        kind == FileKind::Return || kind.is_shown() || at.is_meant(kind)
    }

    fn deliver(&self, bytes: Vec<u8>, kind: FileKind, at: &At, each: Each<'_>) {
        let content = if kind.is_shown() {
            Content::Shown(bytes)
        } else if kind == FileKind::Return || at.is_meant(kind) {
            let size = bytes.len() as u64;
            let limit = self.bounds.bytes;
            if self.bytes.fetch_add(size, Ordering::SeqCst) + size > limit {
                Content::Refused(Refused::TooMuch { limit })
            } else {
                Content::Return(bytes)
            }
        } else {
            Content::Known
        };
        each(at.item(kind, content));
    }
}

impl Inside {
    fn count(&mut self, item: &Item) {
        match &item.content {
            Content::Return(_) => self.returns += 1,
            Content::Shown(_) => self.neighbours += 1,
            Content::Known if item.kind.is_neighbour() => self.neighbours += 1,
            Content::Known => self.others += 1,
            Content::Refused(_) => self.refused += 1,
            Content::Packed(inside) => self.hidden += inside.hidden,
        }
    }
}

fn known_kind(guess: Guess, otherwise: FileKind) -> FileKind {
    if let Guess::Kind(kind) = guess { kind } else { otherwise }
}

/// The kind of an Office or OpenDocument file.
fn office<F: Read + Seek>(file: &mut F) -> io::Result<Option<FileKind>> {
    let attachable::Content::Attachable(kind) = attachable::of(file)? else { return Ok(package(file)) };
    Ok(match kind {
        Kind::Docx | Kind::Doc | Kind::Text => Some(FileKind::TextDocument),
        Kind::Xlsx | Kind::Xls | Kind::Spreadsheet => Some(FileKind::Spreadsheet),
        Kind::Pptx | Kind::Ppt | Kind::Presentation => Some(FileKind::Presentation),
        Kind::Graphics | Kind::Formula => Some(FileKind::Image),
        _ => package(file),
    })
}

/// A document or a program that is a zip file inside, and no collection of files: workbooks with macros, templates,
/// drawings, books. Without this, each of its parts would be taken for a return that failed.
fn package<F: Read + Seek>(file: &mut F) -> Option<FileKind> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let zip = packed::zip(BufReader::new(file)).ok()?;
    let parts = || zip.file_names().filter_map(Result::ok);
    let has = |name: &str| parts().any(|part| part == name);
    let below = |folder: &str| parts().any(|part| part.starts_with(folder));
    if has("[Content_Types].xml") {
        return Some(if below("xl/") {
            FileKind::Spreadsheet
        } else if below("word/") {
            FileKind::TextDocument
        } else if below("ppt/") {
            FileKind::Presentation
        } else {
            FileKind::Unknown
        });
    }
    if has("META-INF/MANIFEST.MF") {
        return Some(FileKind::Program);
    }
    // OpenDocument of other kinds, and electronic books, say in their first part what they are.
    parts().next().is_some_and(|first| first == "mimetype").then_some(FileKind::Unknown)
}

/// A PDF, or a receipt. Only one that was named is looked into: a folder may have thousands.
fn pdf(file: &mut File, at: &At) -> Result<FileKind, Refused> {
    let called = at.name.last().to_lowercase().contains("kvittering");
    if called {
        return Ok(FileKind::Receipt);
    }
    if !at.named {
        return Ok(FileKind::Pdf);
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(PDF_HEAD).read_to_end(&mut bytes)?;
    let receipt = kind::is_receipt(&bytes) || streams(&bytes).any(|text| kind::is_receipt(&text));
    Ok(if receipt { FileKind::Receipt } else { FileKind::Pdf })
}

/// The packed pieces of a PDF, unpacked, as many and as much as the words of a page or two need.
fn streams(pdf: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    const MOST: usize = 50;
    const LONGEST: u64 = 200_000;
    let starts = memchr::memmem::find_iter(pdf, b"stream\r\n").map(|at| at + 8);
    let others = memchr::memmem::find_iter(pdf, b"stream\n").map(|at| at + 7);
    starts.chain(others).take(MOST).map(|at| {
        let mut text = Vec::new();
        // Damaged pieces give what comes before the damage.
        let _ = ZlibDecoder::new(pdf.get(at..).unwrap_or_default()).take(LONGEST).read_to_end(&mut text);
        text
    })
}

#[cfg(test)]
mod tests;
