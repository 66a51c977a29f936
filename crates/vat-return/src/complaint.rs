//! What is wrong with a file before any rule can look at it, and where.
//!
//! A complaint keeps names and values as the file has them; [`Complaint::text`] makes the sentence.

use crate::language::Language;
use crate::model::Position;

/// One thing that is wrong with the bytes, the XML or the structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where: the start tag of the element, or the character itself when the XML is broken.
    pub at: Position,
    /// The element within the document, e.g. `/mvaMeldingDto/skattepliktig/organisasjonsnummer`; lines of the
    /// return carry their number from 1, e.g. `mvaSpesifikasjonslinje[3]`. Empty when no element is open.
    pub path: String,
    /// What stands there: a name or a value, shortened to 80 characters. Empty when something is missing.
    pub found: String,
    /// What the schema wants: a name, several names with commas, or a pattern. May be empty.
    pub expected: String,
    /// What kind of thing is wrong.
    pub kind: ComplaintKind,
}

impl Complaint {
    /// The last name of the path: the element the complaint is about.
    pub fn element(&self) -> &str {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        last.split('[').next().unwrap_or_default()
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.text(Language::En))
    }
}

/// The kinds of complaint.
///
/// Those up to `NamespaceDeclaration` are of XML 1.0 and Namespaces in XML 1.0, the rest of XML Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ComplaintKind {
    /// The file does not begin with `<`: a picture, a PDF, a table (`found` has its beginning).
    NotMarkup,
    /// The declared character encoding is none we know (`found` has its name).
    UnknownEncoding,
    /// The declaration says another encoding than the first bytes do.
    EncodingContradiction,
    /// Bytes that the encoding does not have.
    BadBytes,
    /// A character that XML does not allow, such as a control character.
    ForbiddenCharacter,
    /// The `<?xml …?>` line is malformed or not first.
    Declaration,
    /// A start or end tag is malformed.
    Tag,
    /// An attribute is malformed.
    Attribute,
    /// The same attribute twice on an element.
    DuplicateAttribute,
    /// An end tag that closes another element than the open one.
    WrongEnd,
    /// The file ends in the middle.
    EndsEarly,
    /// A `&` that begins no reference.
    Reference,
    /// A reference to an entity that is not one of XML's own five.
    UnknownEntity,
    /// A malformed comment.
    Comment,
    /// A malformed processing instruction.
    ProcessingInstruction,
    /// `<!` that begins neither a comment nor a CDATA section.
    Declared,
    /// `]]>` in text.
    SectionEnd,
    /// Something before or after the one root element.
    OutsideRoot,
    /// A namespace prefix that is not declared.
    UnknownPrefix,
    /// A namespace declaration that Namespaces in XML forbids.
    NamespaceDeclaration,
    /// A document type declaration: refused, it is the way to attacks and no return needs one.
    DocumentType,
    /// Elements within elements beyond 256 levels.
    TooDeep,
    /// More than a million lines.
    TooManyLines,
    /// Another kind of document.
    OtherDocument,
    /// An element that the schema does not know at this place.
    UnknownElement,
    /// The right name in the wrong namespace.
    WrongNamespace,
    /// A known element, but in the wrong place or once too often.
    Misplaced,
    /// A required element is missing (`expected` names it, or the choice of names).
    Missing,
    /// An attribute that the schema does not know.
    UnknownAttribute,
    /// `xsi:nil`: no element of the schema may be nil.
    Nil,
    /// `xsi:type` with a type that may not stand here.
    Type,
    /// Text between elements.
    StrayText,
    /// An element inside a value.
    ElementInValue,
    /// A text longer than `limit` characters.
    TooLong {
        /// The longest allowed.
        limit: u32,
    },
    /// Not exactly so many digits.
    Digits {
        /// How many there must be.
        count: u8,
    },
    /// A value that is not in the schema's list.
    NotListed,
    /// Not a number (`xsd:decimal`).
    NotNumber,
    /// Not a whole number that fits 64 bits (`xsd:long`).
    NotWhole,
    /// Not a year (`xsd:gYear`).
    NotYear,
    /// Not a date (`xsd:date`).
    NotDate,
    /// Not a date and time (`xsd:dateTime`).
    NotMoment,
}

/// Why bytes could not be read as the document they should be.
///
/// For a check all of them are rule R001, one finding a complaint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// No bytes, or only white space. Most often the export was interrupted.
    #[error("the file is empty")]
    Empty,
    /// More than 25 MB (25 000 000 bytes): no return is that large.
    #[error("the file has {size} bytes, more than 25 MB")]
    TooLarge {
        /// Size in bytes.
        size: usize,
    },
    /// Not well-formed XML 1.0 with namespaces, or in an encoding we do not know.
    #[error("not well-formed XML: {0}")]
    NotXml(Complaint),
    /// XML that is refused for safety: a document type, too many levels or lines.
    #[error("refused for safety: {0}")]
    UnsafeXml(Complaint),
    /// Well-formed as far as read, but the root element is that of another document.
    #[error("another document: {0}")]
    NotAReturn(Complaint),
    /// The right document with a wrong structure: all complaints in the order of the file, at most
    /// [`Rejection::MOST_COMPLAINTS`].
    #[error("{} complaints about the structure", .0.len())]
    Structure(Vec<Complaint>),
}

impl Rejection {
    /// How many structural complaints are collected before reading gives up.
    pub const MOST_COMPLAINTS: usize = 1000;

    /// The complaints, in the order of the file. None for an empty or too large file, which have no places.
    pub fn complaints(&self) -> &[Complaint] {
        match self {
            Self::Empty | Self::TooLarge { .. } => &[],
            Self::NotXml(complaint) | Self::UnsafeXml(complaint) | Self::NotAReturn(complaint) => {
                std::slice::from_ref(complaint)
            }
            Self::Structure(complaints) => complaints,
        }
    }
}

/// What is shown of a value: at most 80 characters, line breaks made visible as spaces. What else steers a terminal stays
/// until it is shown by its code point, which [`crate::revealed`] does.
pub(crate) fn shortened(value: &str) -> String {
    const MOST: usize = 80;
    let mut short: String = value
        .chars()
        .take(MOST)
        .map(|character| if character.is_ascii_whitespace() { ' ' } else { character })
        .collect();
    if value.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
