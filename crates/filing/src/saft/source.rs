//! Files of a delivery: which of what was dropped are SAF-T, whose they are, and the reading of them.

use std::{
    fs,
    io::{self, Cursor, Read, Seek, SeekFrom},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, atomic::AtomicBool, atomic::AtomicU64, atomic::Ordering},
    thread,
};

use books::Answers;
use files::{Bounds, Place as Listed};
use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use saf_t::{Ledger, Limits, Problem, Refusal, Source, Texts, read_delivery, read_heads, read_texts};
use sha2::{Digest as _, Sha256};
use shown::Shown;
use vat_return::{Category, PeriodKind};
use view::ids::DeliveryId;

use super::{Book, Choice, Delivery, File, Place, Refused};

/// Bytes from the beginning of a file in which its root must be met.
const HEAD: usize = 16 * 1024;
/// Entries of a packed file that are looked at.
const ENTRIES: usize = 2_000;
/// Bytes that are hashed at a time.
const PIECE: usize = 1 << 20;

/// What was found among the paths that were named.
#[derive(Debug, Default)]
pub struct SortedPaths {
    /// SAF-T files, and packed files of them.
    pub saft: Vec<PathBuf>,
    /// Everything else that was named.
    pub others: Vec<PathBuf>,
    /// Folders that SAF-T files were found in.
    pub folders: Vec<PathBuf>,
}

/// Tells SAF-T files from the rest, by what is in them. Folders are looked through, and are among the rest too.
pub fn sorted(paths: Vec<PathBuf>) -> SortedPaths {
    let mut found = SortedPaths::default();
    for path in paths {
        if path.is_dir() {
            let listed = files::list(std::slice::from_ref(&path), &Bounds::default(), &|| true);
            let inside = listed.places.iter().filter(|place| is_named_so(place)).map(|place| place.path.clone());
            let saft: Vec<PathBuf> = inside.filter(|path| is_saft(path)).collect();
            if !saft.is_empty() {
                found.folders.push(path.clone());
            }
            found.saft.extend(saft);
            found.others.push(path);
        } else if is_saft(&path) {
            found.saft.push(path);
        } else {
            found.others.push(path);
        }
    }
    found
}

fn is_named_so(place: &Listed) -> bool {
    place
        .path
        .extension()
        .is_some_and(|ending| ["xml", "zip", "gz"].iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Whether a file is a SAF-T file of any kind, or packs one and no return.
fn is_saft(path: &Path) -> bool {
    let Ok((mut file, _)) = files::open::open(path) else { return false };
    let mut head = Vec::new();
    if (&mut file).take(HEAD as u64).read_to_end(&mut head).is_err() {
        return false;
    }
    if head.starts_with(b"\x1f\x8b") {
        let mut packed = Vec::new();
        let again = file.seek(SeekFrom::Start(0));
        // What is broken further on is said when it is read.
        let _ = again.and_then(|_| MultiGzDecoder::new(file).take(HEAD as u64).read_to_end(&mut packed));
        return root(&packed).is_some_and(|name| is_audit_file(&name));
    }
    if !head.starts_with(b"PK\x03\x04") {
        return root(&head).is_some_and(|name| is_audit_file(&name));
    }
    if file.seek(SeekFrom::Start(0)).is_err() {
        return false;
    }
    let Ok(mut archive) = zip::ZipArchive::new(file) else { return false };
    let mut saft = false;
    for index in 0..archive.len().min(ENTRIES) {
        let Ok(entry) = archive.by_index(index) else { continue };
        if entry.is_dir() || !entry.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with(".xml")) {
            continue;
        }
        let mut head = Vec::new();
        if entry.take(HEAD as u64).read_to_end(&mut head).is_err() {
            continue;
        }
        match root(&head) {
            Some(name) if is_audit_file(&name) => saft = true,
            // Returns are opened as before, and say of the rest what it is.
            Some(name) if name.starts_with("mvaMelding") => return false,
            _ => {}
        }
    }
    saft
}

fn is_audit_file(name: &str) -> bool {
    name.eq_ignore_ascii_case("AuditFile")
}

/// The local name of the first element.
fn root(head: &[u8]) -> Option<String> {
    // Every other byte is nothing in UTF-16; a name of the schema has ASCII letters only.
    let text: String = head.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let mut rest = text.as_str();
    loop {
        rest = rest.get(rest.find('<')? + 1..)?;
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.get(after.find("-->")? + 3..)?;
        } else if rest.starts_with('?') || rest.starts_with('!') {
            rest = rest.get(rest.find('>')?..)?;
        } else {
            let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next()?;
            return Some(name.rsplit(':').next()?.to_owned());
        }
    }
}

impl File {
    /// A file on the disk.
    pub fn at(path: PathBuf) -> Self {
        let name = Shown::file_name(&path).into();
        let size = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Self { name, place: Place::Path(path), size, sha256: None }
    }

    /// Whether it is the very same file.
    pub fn is_same_place(&self, other: &Self) -> bool {
        match (&self.place, &other.place) {
            (Place::Path(one), Place::Path(other)) => one == other,
            (Place::Bytes(one), Place::Bytes(other)) => one == other,
            _ => false,
        }
    }

    fn open(&self) -> Result<Box<dyn Source + Send>, Refusal> {
        match &self.place {
            Place::Bytes(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            Place::Path(path) => match files::open::open(path) {
                Ok((file, _)) => Ok(Box::new(file)),
                Err(why) => Err(Problem::Io(io::Error::other(why.to_string())).of(&self.name)),
            },
        }
    }
}

fn with_sources<T>(
    files: &[File],
    work: impl FnOnce(&mut [saf_t::File<'_>]) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut open = Vec::with_capacity(files.len());
    for file in files {
        open.push((file.name.clone(), file.open()?));
    }
    let mut given: Vec<saf_t::File<'_>> = open
        .iter_mut()
        .map(|(name, source)| saf_t::File { name: name.clone(), source: source.as_mut() as &mut dyn Source })
        .collect();
    work(&mut given)
}

/// One delivery a company: what was dropped together may be of several. A file that cannot be read at all is a delivery of
/// its own, that says why.
pub fn split(files: Vec<File>, mut key: impl FnMut() -> DeliveryId) -> Vec<Delivery> {
    let mut deliveries: Vec<Delivery> = Vec::new();
    let mut by_company: Vec<(Option<String>, Vec<File>, u64)> = Vec::new();
    let delivery = |id, files, limits, head, total, outcome: Option<Refused>| {
        let once = OnceLock::new();
        if let Some(refused) = outcome {
            let _ = once.set(Err(refused));
        }
        Delivery {
            id,
            files,
            limits,
            head,
            done: AtomicU64::new(0),
            total,
            stop: AtomicBool::new(false),
            outcome: once,
        }
    };
    for file in files {
        match with_sources(std::slice::from_ref(&file), |files| read_heads(files, &Limits::default())) {
            Err(refusal) => {
                let refused = Some(Refused(refusal));
                deliveries.push(delivery(key(), vec![file], Limits::default(), None, 0, refused));
            }
            Ok(heads) => {
                for company in heads.companies {
                    match by_company.iter_mut().find(|(known, ..)| *known == company) {
                        Some((_, files, bytes)) => {
                            files.push(file.clone());
                            *bytes += heads.bytes;
                        }
                        None => by_company.push((company, vec![file.clone()], heads.bytes)),
                    }
                }
            }
        }
    }
    // A file without a number is of the company that the others are of.
    if let [(first, ..), (second, ..)] = by_company.as_slice()
        && (first.is_none() || second.is_none())
    {
        let mut all = by_company.drain(..);
        if let (Some(mut one), Some(other)) = (all.next(), all.next()) {
            one.0 = one.0.or(other.0);
            one.1.extend(other.1);
            one.2 += other.2;
            drop(all);
            by_company.push(one);
        }
    }
    let several = by_company.len() > 1;
    for (company, files, total) in by_company {
        let only = company.clone().filter(|_| several);
        deliveries.push(delivery(key(), files, Limits { company: only, ..Limits::default() }, company, total, None));
    }
    deliveries
}

/// Reads a delivery, on a thread that may be kept waiting; `told` is called as it goes on, and when there is news.
pub fn read(delivery: &Delivery, at: Timestamp, told: &(dyn Fn() + Sync), prepare: &dyn Fn(&Book)) {
    let outcome = thread::scope(|scope| {
        let sums = scope.spawn(|| hashed(&delivery.files, &delivery.stop));
        let ledger = with_sources(&delivery.files, |files| {
            read_delivery(files, &delivery.limits, &mut |read| {
                delivery.done.store(read, Ordering::Relaxed);
                told();
                if delivery.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
        });
        let files = sums.join().unwrap_or_else(|_| delivery.files.clone());
        ledger.map(|ledger| Arc::new(book(ledger, files, at))).map_err(Refused)
    });
    // Nobody sees it before its first draft is made.
    if let Ok(book) = &outcome {
        prepare(book);
    }
    let _ = delivery.outcome.set(outcome);
}

/// Reads the texts of a delivery, for the eye and the search.
pub fn read_its_texts(delivery: &Delivery) {
    let Some(book) = delivery.book() else { return };
    let read = with_sources(&delivery.files, |files| {
        read_texts(files, &delivery.limits, &mut |_| {
            if delivery.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    });
    let texts: Option<Texts> = match read {
        // Another file by now: its texts belong to other vouchers.
        Ok(texts) if texts.len() == book.ledger.len() => Some(texts),
        Ok(_) => None,
        Err(refusal) => {
            tracing::warn!(kind = refusal.problem.kind(), "The texts of a SAF-T file could not be read.");
            None
        }
    };
    let _ = book.texts.set(texts);
}

pub(super) fn book(ledger: Ledger, files: Vec<File>, read_at: Timestamp) -> Book {
    let choice = Choice {
        kind: PeriodKind::TwoMonths,
        category: Category::Ordinary,
        learnt: false,
        period: None,
        answers: Answers::new(),
        remembered: Answers::new(),
        keep_file: false,
        made: None,
        periods: Vec::new(),
        drafted: None,
    };
    let balance = |voucher: usize| ledger.lines_of(voucher).map(|line| i128::from(ledger.line(line).1)).sum::<i128>();
    let unbalanced = ledger.vouchers().map(|(voucher, _)| voucher).filter(|voucher| balance(*voucher) != 0).collect();
    Book { ledger, files, read_at, texts: OnceLock::new(), unbalanced, state: Mutex::new(choice) }
}

/// The files with their sums.
pub(super) fn hashed(files: &[File], stop: &AtomicBool) -> Vec<File> {
    let sum = |file: &File| -> Option<String> {
        let mut hasher = Sha256::new();
        match &file.place {
            Place::Bytes(bytes) => hasher.update(bytes),
            Place::Path(path) => {
                let (mut open, _) = files::open::open(path).ok()?;
                let mut piece = vec![0; PIECE];
                loop {
                    let read = open.read(&mut piece).ok()?;
                    if stop.load(Ordering::Relaxed) {
                        return None;
                    }
                    if read == 0 {
                        break;
                    }
                    hasher.update(piece.get(..read)?);
                }
            }
        }
        Some(base16ct::lower::encode_string(&hasher.finalize()))
    };
    files.iter().map(|file| File { sha256: sum(file), ..file.clone() }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_saft_file_is_told_in_a_gzip_file_too() {
        use std::io::Write as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("regnskap.xml.gz");
        for (text, expected) in [("<AuditFile>", true), ("<mvaMeldingDto>", false), ("", false)] {
            let mut gzip = flate2::write::GzEncoder::new(fs::File::create(&path).unwrap(), flate2::Compression::fast());
            gzip.write_all(text.as_bytes()).unwrap();
            gzip.finish().unwrap();
            let found = sorted(vec![path.clone(), folder.path().to_owned()]);
            assert_eq!((found.saft.len(), found.others.len()), if expected { (2, 1) } else { (0, 2) }, "{text}");
        }
    }

    #[test]
    fn a_saft_file_is_told_by_its_root() {
        for (text, expected) in [
            ("<?xml version=\"1.0\"?><!-- <x> --><n1:AuditFile xmlns:n1=\"u\">", Some("AuditFile")),
            ("\u{feff}<AuditFile>", Some("AuditFile")),
            ("<mvaMeldingDto xmlns=\"x\">", Some("mvaMeldingDto")),
            ("%PDF-1.7", None),
            ("", None),
        ] {
            assert_eq!(root(text.as_bytes()).as_deref(), expected, "{text}");
        }
        let wide: Vec<u8> = "\u{feff}<AuditFile>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(root(&wide).as_deref(), Some("AuditFile"));
    }
}
