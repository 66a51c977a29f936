//! Why something was not read, in words.

use std::io;

use vat_return::Language;

use crate::{Refused, SkipReason, Special, packed::PackedError};

/// A size as people say it.
fn megabytes(bytes: u64) -> String {
    if bytes >= 1_000_000 { format!("{} MB", bytes / 1_000_000) } else { format!("{bytes} byte") }
}

/// What the operating system says, in words of ours where they are known.
pub fn io_words(error: &io::Error, language: Language) -> String {
    if let Some(refused) = error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>()) {
        return refused.text(language);
    }
    let known = match error.kind() {
        io::ErrorKind::NotFound => crate::text(language, "unread.itDoesNotExist"),
        io::ErrorKind::PermissionDenied => crate::text(language, "unread.youMayNotReadIt"),
        _ if is_number(error, NOBODY) => crate::text(language, "unread.itIsAPipeThat"),
        io::ErrorKind::BrokenPipe => crate::text(language, "unread.whoeverReadItHasGone"),
        io::ErrorKind::Unsupported => crate::text(language, "unread.itIsAPipeA"),
        _ if is_number(error, LOOP) => crate::text(language, "unread.theLinkLeadsToItself"),
        io::ErrorKind::InvalidFilename => crate::text(language, "unread.itsNameIsTooLong"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => crate::text(language, "unread.theDiskIsFull"),
        io::ErrorKind::ReadOnlyFilesystem => crate::text(language, "unread.theDiskCanOnlyBe"),
        io::ErrorKind::AlreadyExists => crate::text(language, "unread.itExistsAlready"),
        io::ErrorKind::IsADirectory => crate::text(language, "unread.itIsAFolder"),
        io::ErrorKind::NotADirectory => crate::text(language, "unread.aPartOfThePath"),
        io::ErrorKind::AddrInUse => crate::text(language, "unread.thePortIsInUse"),
        _ => return error.to_string(),
    };
    known.to_owned()
}

/// A link that leads to itself, and a pipe that has no reader: std has no stable names for them.
#[cfg(unix)]
const LOOP: Option<i32> = Some(rustix::io::Errno::LOOP.raw_os_error());
#[cfg(unix)]
const NOBODY: Option<i32> = Some(rustix::io::Errno::NXIO.raw_os_error());
#[cfg(not(unix))]
const LOOP: Option<i32> = None;
#[cfg(not(unix))]
const NOBODY: Option<i32> = None;

fn is_number(error: &io::Error, number: Option<i32>) -> bool {
    number.is_some() && error.raw_os_error() == number
}

fn special(special: Special, language: Language) -> &'static str {
    match special {
        Special::Pipe => crate::text(language, "unread.itIsANamedPipe"),
        Special::Device => crate::text(language, "unread.itIsADeviceNot"),
        Special::Socket => crate::text(language, "unread.itIsASocketNot"),
        Special::Other => crate::text(language, "unread.itIsNoFile"),
    }
}

impl Refused {
    /// Why, in words that go on a sentence: “kunne ikke leses: den finnes ikke”.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Missing => crate::text(language, "unread.itDoesNotExist").to_owned(),
            Self::Folder => crate::text(language, "unread.itIsAFolder").to_owned(),
            Self::Special(kind) => special(*kind, language).to_owned(),
            Self::TooLarge { size, limit } => {
                let (size, limit) = (megabytes(*size), megabytes(*limit));
                // One that is packed is counted no further than to the limit.
                if size == limit {
                    return crate::filled(language, "unread.itHasMoreThanAnd", &[("limit", &limit)]);
                }
                crate::filled(language, "unread.itHasAndAtMost", &[("size", &size), ("limit", &limit)])
            }
            Self::TooMuch { limit } => {
                let limit = megabytes(*limit);
                crate::filled(language, "unread.theReturnsBeforeItHave", &[("limit", &limit)])
            }
            Self::Packed(trouble) => trouble.text(language),
            Self::Io(error) => io_words(error, language),
        }
    }
}

impl PackedError {
    /// What is wrong with a packed file, in words that go on a sentence.
    pub fn text(&self, language: Language) -> String {
        let said = match self {
            Self::Encrypted => crate::text(language, "unread.itIsLockedWithA"),
            Self::Damaged(_) => crate::text(language, "unread.itIsDamagedOrCut"),
            Self::Method(_) => crate::text(language, "unread.itIsPackedInA"),
            Self::Link => crate::text(language, "unread.itIsALinkThatIs"),
            Self::TooDense { .. } => crate::text(language, "unread.itGrowsFarMoreThan"),
            Self::SameNames => crate::text(language, "unread.severalFilesInItHave"),
            Self::TooMany { limit } => {
                return crate::filled(language, "unread.thereAreMoreThanFilesIn", &[("limit", &limit)]);
            }
            Self::TooDeep { limit } => {
                return crate::filled(language, "unread.packedFilesLieMoreThan", &[("limit", &limit)]);
            }
            Self::TooMuch { limit } => {
                let limit = megabytes(*limit);
                return crate::filled(language, "unread.moreThanComeOutOf", &[("limit", &limit)]);
            }
        };
        said.to_owned()
    }
}

impl SkipReason {
    /// Why something was left out, in words that go on a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Unreadable(error) => io_words(error, language),
            Self::Special(kind) => special(*kind, language).to_owned(),
            Self::Stopped => crate::text(language, "unread.theSearchWasStopped").to_owned(),
            Self::LeadsOut { target } => {
                let target = target.display();
                crate::filled(language, "unread.theLinkLeadsOutOf", &[("target", &target)])
            }
            Self::TooDeep { limit } => crate::filled(language, "unread.foldersLieMoreThanDeep", &[("limit", &limit)]),
            Self::TooMany { limit } => crate::filled(language, "unread.thereAreMoreThanFiles", &[("limit", &limit)]),
        }
    }
}
