//! The files of one delivery, opened, unpacked and merged.

use crate::error::{Problem, Refusal, ZipTrouble};
use crate::ledger::{Builder, Ledger};
use crate::limits::{Limits, company_digits, is_wanted};
use crate::oddity::Oddity;
use crate::part::without_gz;
use crate::scan::scan;
use crate::voucher::{Header, Sink, Voucher};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::time::SystemTime;
use zip::result::ZipError;

/// What tells whether a file is still the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Its length.
    pub length: u64,
    /// When it was last written to.
    pub modified: Option<SystemTime>,
}

/// Something that can be read from its beginning, again and again.
pub trait Source: Read + Seek {
    /// Its length and time as they are now.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn stamp(&self) -> io::Result<Stamp>;
}

impl Source for std::fs::File {
    fn stamp(&self) -> io::Result<Stamp> {
        let metadata = self.metadata()?;
        Ok(Stamp { length: metadata.len(), modified: metadata.modified().ok() })
    }
}

impl<T: AsRef<[u8]>> Source for Cursor<T> {
    fn stamp(&self) -> io::Result<Stamp> {
        Ok(Stamp { length: self.get_ref().as_ref().len() as u64, modified: None })
    }
}

/// A file of the delivery.
pub struct File<'a> {
    /// Its name; parts of a split set are known by it.
    pub name: String,
    /// Its bytes.
    pub source: &'a mut dyn Source,
}

/// Told how many bytes have been read of all files together; may break off.
pub type Progress<'a> = dyn FnMut(u64) -> ControlFlow<()> + 'a;

/// Reads all files as one delivery.
///
/// # Errors
/// [`Refusal`] when the delivery cannot be used.
pub fn read_delivery(files: &mut [File<'_>], limits: &Limits, progress: &mut Progress<'_>) -> Result<Ledger, Refusal> {
    let mut builder = Builder::new(limits);
    let mut odd = Vec::new();
    if files.is_empty() {
        return Err(Refusal { file: None, problem: Problem::Empty });
    }
    each(files, limits, progress, &mut odd, &mut |name, input| {
        builder.begin();
        match scan(input, &mut builder) {
            Err(Problem::OtherCompany) => Ok(()),
            Err(problem) => Err(problem),
            Ok(scanned) => {
                builder.end(name, scanned);
                Ok(())
            }
        }
    })?;
    for oddity in odd {
        Oddity::note(&mut builder.ledger.oddities, oddity);
    }
    builder.finish()
}

/// Whose files a delivery has, and how much there is to read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads {
    /// The nine digits of each company, in the order in which they were met; none for a file that names none.
    pub companies: Vec<Option<String>>,
    /// Bytes of XML, unpacked.
    pub bytes: u64,
}

/// Reads the headers of all files, and nothing else.
///
/// # Errors
/// [`Refusal`] when a file cannot be used.
pub fn read_heads(files: &mut [File<'_>], limits: &Limits) -> Result<Heads, Refusal> {
    let mut heads = Heads::default();
    if files.is_empty() {
        return Err(Refusal { file: None, problem: Problem::Empty });
    }
    for file in files.iter_mut() {
        let bytes = unpacked(file.source).map_err(|error| Problem::Io(error).of(&file.name))?;
        heads.bytes = heads.bytes.saturating_add(bytes);
    }
    let companies = &mut heads.companies;
    each(files, limits, &mut |_| ControlFlow::Continue(()), &mut Vec::new(), &mut |_, input| {
        let mut head = Head(None);
        match scan(input, &mut head) {
            Err(Problem::OtherCompany) | Ok(_) => {}
            Err(problem) => return Err(problem),
        }
        if !companies.contains(&head.0) {
            companies.push(head.0);
        }
        Ok(())
    })?;
    Ok(heads)
}

/// Bytes of XML in a file: what a zip says that it unpacks to, else its length.
fn unpacked(source: &mut dyn Source) -> io::Result<u64> {
    let length = source.stamp()?.length;
    source.rewind()?;
    let mut first = [0; 4];
    let begins = fill(source, &mut first)?;
    source.rewind()?;
    if begins < 4 || !first.starts_with(b"PK") {
        return Ok(length);
    }
    let size = zip::ZipArchive::new(&mut *source).ok().and_then(|archive| archive.decompressed_size());
    source.rewind()?;
    Ok(size.and_then(|size| u64::try_from(size).ok()).unwrap_or(length))
}

/// Takes the header and wants nothing more.
struct Head(Option<String>);

impl Sink for Head {
    fn header(&mut self, header: &Header) -> Result<(), Problem> {
        self.0 = company_digits(header);
        Err(Problem::OtherCompany)
    }

    fn voucher(&mut self, _: &Voucher) -> Result<(), Problem> {
        Ok(())
    }
}

/// Reads the same files once more and hands on every voucher with its index in the ledger, for what the ledger does not
/// keep: texts and counterparties.
///
/// # Errors
/// [`Refusal`] when the files are not what they were.
pub fn read_again(
    files: &mut [File<'_>],
    limits: &Limits,
    progress: &mut Progress<'_>,
    wanted: &mut dyn FnMut(usize, &Voucher),
) -> Result<(), Refusal> {
    let mut counter = Counter { index: 0, only: limits.company.clone(), wanted };
    again(files, limits, progress, &mut counter)
}

/// Reads the same files once more into a sink; files of other companies than the one that is wanted are passed over.
pub(crate) fn again(
    files: &mut [File<'_>],
    limits: &Limits,
    progress: &mut Progress<'_>,
    sink: &mut dyn Sink,
) -> Result<(), Refusal> {
    each(files, limits, progress, &mut Vec::new(), &mut |_, input| match scan(input, sink) {
        Ok(_) | Err(Problem::OtherCompany) => Ok(()),
        Err(problem) => Err(problem),
    })
}

struct Counter<'a> {
    index: usize,
    only: Option<String>,
    wanted: &'a mut dyn FnMut(usize, &Voucher),
}

impl Sink for Counter<'_> {
    fn header(&mut self, header: &Header) -> Result<(), Problem> {
        is_wanted(header, self.only.as_deref())
    }

    fn voucher(&mut self, voucher: &Voucher) -> Result<(), Problem> {
        (self.wanted)(self.index, voucher);
        self.index += 1;
        Ok(())
    }
}

/// Bytes of a gzip file that are read at a time.
const PACKED: usize = 64 * 1024;

type Take<'a> = dyn FnMut(&str, &mut dyn Read) -> Result<(), Problem> + 'a;

fn each(
    files: &mut [File<'_>],
    limits: &Limits,
    progress: &mut Progress<'_>,
    odd: &mut Vec<Oddity>,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let duplicates = duplicates(files)?;
    let mut read = 0;
    for (index, file) in files.iter_mut().enumerate() {
        if let Some((_, of)) = duplicates.iter().find(|(at, _)| *at == index) {
            odd.push(Oddity::DuplicateFile { file: file.name.clone(), of: of.clone() });
            continue;
        }
        let name = file.name.clone();
        let done = one(file, limits, &mut read, progress, odd, take);
        done.map_err(|refusal| Refusal { file: refusal.file.or(Some(name)), ..refusal })?;
    }
    Ok(())
}

fn one(
    file: &mut File<'_>,
    limits: &Limits,
    read: &mut u64,
    progress: &mut Progress<'_>,
    odd: &mut Vec<Oddity>,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let plain = |problem: Problem| Refusal { file: None, problem };
    let before = file.source.stamp().map_err(|error| plain(error.into()))?;
    file.source.rewind().map_err(|error| plain(error.into()))?;
    let mut first = [0; 4];
    let begins = fill(file.source, &mut first).map_err(|error| plain(error.into()))?;
    file.source.rewind().map_err(|error| plain(error.into()))?;
    let done = if begins == 4 && first.starts_with(b"PK") && matches!(first, [_, _, 3, 4] | [_, _, 5, 6] | [_, _, 7, 8])
    {
        unpack(file.source, before.length, limits, read, progress, odd, take)
    } else if begins == 4 && first.starts_with(b"\x1f\x8b") {
        gunzip(file, before.length, limits, read, progress, take)
    } else {
        let mut metered = Metered::new(&mut *file.source, read, progress);
        let done = take(&file.name, &mut metered);
        done.map_err(|problem| plain(metered.blame(problem)))
    };
    // A file that was written to is never well read, and seldom well-formed: say why.
    let after = file.source.stamp().map_err(|error| plain(error.into()))?;
    if after != before && !matches!(done, Err(Refusal { problem: Problem::Cancelled, .. })) {
        return Err(plain(Problem::Changed));
    }
    done
}

/// A gzip file is one file. What is told of it are the bytes that lie on the disk: how many it unpacks to is not known.
fn gunzip(
    file: &mut File<'_>,
    length: u64,
    limits: &Limits,
    read: &mut u64,
    progress: &mut Progress<'_>,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let plain = |problem: Problem| Refusal { file: None, problem };
    let mut left = limits.unpacks_to(length);
    let mut metered = Metered::new(&mut *file.source, read, progress);
    let unpacked = MultiGzDecoder::new(BufReader::with_capacity(PACKED, &mut metered));
    let mut limited = Limited { inner: unpacked, left: &mut left, over: false };
    let done = take(without_gz(&file.name), &mut limited);
    let over = limited.over;
    done.map_err(|problem| match metered.blame(problem) {
        _ if over => plain(Problem::ZipBomb),
        Problem::Io(error) => plain(Problem::UnreadableZip(ZipTrouble::Damaged(error.to_string()))),
        problem => plain(problem),
    })
}

fn unpack(
    source: &mut dyn Source,
    length: u64,
    limits: &Limits,
    read: &mut u64,
    progress: &mut Progress<'_>,
    odd: &mut Vec<Oddity>,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let plain = |problem: Problem| Refusal { file: None, problem };
    let damaged = |error: &io::Error| plain(Problem::UnreadableZip(ZipTrouble::Damaged(error.to_string())));
    let unreadable = |error: &ZipError| {
        plain(Problem::UnreadableZip(match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ZipTrouble::Password,
            other => ZipTrouble::Damaged(other.to_string()),
        }))
    };
    let mut archive = zip::ZipArchive::new(source).map_err(|error| unreadable(&error))?;
    if archive.len() > limits.files {
        return Err(plain(Problem::ZipBomb));
    }
    let mut left = limits.unpacks_to(length);
    let (mut used, mut foreign) = (0, None);
    let mut seen: Vec<([u8; 32], String)> = Vec::new();
    let repeated = repeated_entries(&mut archive).map_err(|error| unreadable(&error))?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| unreadable(&error))?;
        let name = entry.name().map_or_else(|_| format!("{index}.xml"), |name| name.into_owned());
        let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_xml = base.len() > 4 && base.get(base.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".xml"));
        if entry.is_dir() || !is_xml || base.starts_with('.') || name.starts_with("__MACOSX") {
            continue;
        }
        if repeated.contains(&index) {
            // The same length and checksum: read it to be certain.
            let mut bytes = Limited { inner: &mut entry, left: &mut left, over: false };
            let mut hasher = Hashed(Sha256::new());
            io::copy(&mut bytes, &mut hasher).map_err(|error| damaged(&error))?;
            if bytes.over {
                return Err(plain(Problem::ZipBomb));
            }
            let hash: [u8; 32] = hasher.0.finalize().into();
            if let Some((_, of)) = seen.iter().find(|(known, _)| *known == hash) {
                odd.push(Oddity::DuplicateFile { file: name, of: of.clone() });
                continue;
            }
            seen.push((hash, name.clone()));
            drop(entry);
            entry = archive.by_index(index).map_err(|error| unreadable(&error))?;
        }
        let mut limited = Limited { inner: &mut entry, left: &mut left, over: false };
        let mut metered = Metered::new(&mut limited, read, progress);
        let done = take(&name, &mut metered);
        let done = done.map_err(|problem| metered.blame(problem));
        let over = limited.over;
        match done {
            Ok(()) => used += 1,
            Err(_) if over => return Err(plain(Problem::ZipBomb)),
            Err(problem @ Problem::NotSaft(_)) => {
                odd.push(Oddity::OtherFile { file: name.clone() });
                foreign = foreign.or(Some(problem.of(&name)));
            }
            Err(Problem::Io(error)) => return Err(damaged(&error)),
            Err(problem) => return Err(problem.of(&name)),
        }
    }
    match (used, foreign) {
        (0, Some(refusal)) => Err(refusal),
        (0, None) => Err(plain(Problem::UnreadableZip(ZipTrouble::NoXml))),
        _ => Ok(()),
    }
}

/// Entries of a zip that another has the length and checksum of.
fn repeated_entries<R: Read + Seek>(archive: &mut zip::ZipArchive<R>) -> Result<Vec<usize>, ZipError> {
    let mut facts = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        facts.push((entry.size(), entry.crc32()));
    }
    let twice = |fact: &(u64, u32)| facts.iter().filter(|other| *other == fact).count() > 1;
    Ok((0..facts.len()).filter(|index| facts.get(*index).is_some_and(twice)).collect())
}

/// Files that are byte for byte one before them, with the name of that one. Only those of equal length are looked into.
fn duplicates(files: &mut [File<'_>]) -> Result<Vec<(usize, String)>, Refusal> {
    let mut lengths = Vec::with_capacity(files.len());
    for file in files.iter() {
        lengths.push(file.source.stamp().map_err(|error| Problem::Io(error).of(&file.name))?.length);
    }
    let mut seen: Vec<([u8; 32], String)> = Vec::new();
    let mut duplicates = Vec::new();
    for (index, file) in files.iter_mut().enumerate() {
        if lengths.iter().filter(|length| Some(*length) == lengths.get(index)).count() < 2 {
            continue;
        }
        let hash = hash(file.source).map_err(|error| Problem::Io(error).of(&file.name))?;
        match seen.iter().find(|(known, _)| *known == hash) {
            Some((_, of)) => duplicates.push((index, of.clone())),
            None => seen.push((hash, file.name.clone())),
        }
    }
    Ok(duplicates)
}

fn hash(source: &mut dyn Source) -> io::Result<[u8; 32]> {
    source.rewind()?;
    let mut hasher = Hashed(Sha256::new());
    io::copy(source, &mut hasher)?;
    source.seek(SeekFrom::Start(0))?;
    Ok(hasher.0.finalize().into())
}

struct Hashed(Sha256);

impl io::Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn fill(source: &mut dyn Source, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Counts what is read, tells it, and stops when told to.
struct Metered<'a, 'p> {
    inner: &'a mut dyn Read,
    read: &'a mut u64,
    progress: &'a mut Progress<'p>,
    cancelled: bool,
}

impl<'a, 'p> Metered<'a, 'p> {
    fn new(inner: &'a mut dyn Read, read: &'a mut u64, progress: &'a mut Progress<'p>) -> Self {
        Self { inner, read, progress, cancelled: false }
    }

    fn blame(&self, problem: Problem) -> Problem {
        if self.cancelled { Problem::Cancelled } else { problem }
    }
}

impl Read for Metered<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        *self.read += count as u64;
        if (self.progress)(*self.read).is_break() {
            self.cancelled = true;
            return Err(io::Error::other("cancelled"));
        }
        Ok(count)
    }
}

/// Gives out no more than is left.
struct Limited<'a, R> {
    inner: R,
    left: &'a mut u64,
    over: bool,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => *self.left = left,
            None => {
                self.over = true;
                return Err(io::Error::other("unpacks to too much"));
            }
        }
        Ok(count)
    }
}
