//! Why a delivery cannot be used.

use std::fmt;
use std::io;

/// Why a delivery cannot be used, and in which file that was seen.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", In(file.as_deref()))]
pub struct Refusal {
    /// The file, or the file within a zip; none where it is about all of them.
    pub file: Option<String>,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

struct In<'a>(Option<&'a str>);

impl fmt::Display for In<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |file| write!(f, "{file}: "))
    }
}

/// Where in a file: the line from 1, and the voucher that was being read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Line, from 1.
    pub line: u64,
    /// The last voucher whose number was read, if any.
    pub voucher: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.voucher.as_ref().map_or(Ok(()), |voucher| write!(f, ", voucher {voucher}"))
    }
}

/// What is wrong with a delivery. Nothing of it is kept when one of these comes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// No file was given, or one of no bytes.
    #[error("the file is empty")]
    Empty,
    /// XML, or anything else, that is no `AuditFile`: drop the export of the accounting system instead.
    #[error("this is not a SAF-T file (it begins with {0:?})")]
    NotSaft(String),
    /// A SAF-T file of another kind, such as the one of a cash register.
    #[error("this is a SAF-T file of another kind ({0})")]
    NotFinancial(String),
    /// The SAF-T of another country, named as the file does.
    #[error("this is a SAF-T file of another country ({0})")]
    OtherCountry(String),
    /// The file ends before its root does: the export or the copy was broken off.
    #[error("the file ends too early, at {0}")]
    Truncated(Place),
    /// Not well-formed XML.
    #[error("the XML is broken at {0}: {1}")]
    NotWellFormed(Place, String),
    /// A document type declaration, which no SAF-T file has and which can make a reader do things.
    #[error("the file has a document type declaration, at {0}")]
    Doctype(Place),
    /// An entity that XML does not define.
    #[error("the file has an entity of its own, &{1};, at {0}")]
    Entity(Place, String),
    /// A single value, or the depth of elements, beyond all reason.
    #[error("something in the file is too large at {0}: {1}")]
    TooLarge(Place, &'static str),
    /// A zip that cannot be opened, or holds no XML.
    #[error("the zip file cannot be opened: {0}")]
    UnreadableZip(ZipTrouble),
    /// A zip that would grow beyond all reason.
    #[error("the zip file unpacks to far more than a SAF-T file has")]
    ZipBomb,
    /// An amount that is none, or more than 64 bits hold.
    #[error("{element} {value:?} {why}, at {place}")]
    BadNumber {
        /// Where.
        place: Place,
        /// The element's name.
        element: &'static str,
        /// As written, at most some sixty characters.
        value: String,
        /// Why it is none.
        why: crate::number::NumberError,
    },
    /// A date that is in no calendar, or missing where one must be.
    #[error("{element} {value:?} is not a date, at {place}")]
    BadDate {
        /// Where.
        place: Place,
        /// The element's name.
        element: &'static str,
        /// As written.
        value: String,
    },
    /// One file with two companies.
    #[error("the file has two companies, {0} and {1}")]
    TwoCompanies(String, String),
    /// Files of two companies.
    #[error("the files are of two companies, {0} and {1}")]
    DifferentCompanies(String, String),
    /// The same voucher in two files: their selections overlap.
    #[error("voucher {voucher} is both in {first} and in {second}")]
    OverlappingParts {
        /// Its number.
        voucher: String,
        /// A file it is in.
        first: String,
        /// The other.
        second: String,
    },
    /// The file was written to while it was read.
    #[error("the file changed while it was read")]
    Changed,
    /// The file is of another company than the one that is read: it is passed over, and nobody is told.
    #[error("the file is of another company")]
    OtherCompany,
    /// The person did not want to wait.
    #[error("the reading was cancelled")]
    Cancelled,
    /// More than is counted: 2³² lines, accounts or characters of voucher numbers.
    #[error("there is more in the files than can be counted")]
    TooMuch,
    /// It could not be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
}

/// Why a zip cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZipTrouble {
    /// Cut short, overwritten, or packed in a way that is not known.
    #[error("{0}")]
    Damaged(String),
    /// It wants a password.
    #[error("it is protected with a password")]
    Password,
    /// Nothing in it is an XML file.
    #[error("there is no XML file in it")]
    NoXml,
}

impl Problem {
    /// Its name, one for each.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotSaft(_) => "not_saft",
            Self::NotFinancial(_) => "not_financial",
            Self::OtherCountry(_) => "other_country",
            Self::Truncated(_) => "truncated",
            Self::NotWellFormed(..) => "not_well_formed",
            Self::Doctype(_) => "doctype",
            Self::Entity(..) => "entity",
            Self::TooLarge(..) => "too_large",
            Self::UnreadableZip(_) => "unreadable_zip",
            Self::ZipBomb => "zip_bomb",
            Self::BadNumber { .. } => "bad_number",
            Self::BadDate { .. } => "bad_date",
            Self::TwoCompanies(..) => "two_companies",
            Self::DifferentCompanies(..) => "different_companies",
            Self::OverlappingParts { .. } => "overlapping_parts",
            Self::Changed => "changed",
            Self::OtherCompany => "other_company",
            Self::Cancelled => "cancelled",
            Self::TooMuch => "too_much",
            Self::Io(_) => "unreadable",
        }
    }

    /// The name in the answer that scripts get: those that the format's description lists, where several problems may share one.
    pub fn listed_kind(&self) -> &'static str {
        match self {
            Self::Truncated(_) | Self::Entity(..) => "not_well_formed",
            Self::ZipBomb => "unreadable_zip",
            other => other.kind(),
        }
    }

    /// The problem, seen in a file.
    pub fn of(self, file: &str) -> Refusal {
        Refusal { file: Some(file.to_owned()), problem: self }
    }
}
