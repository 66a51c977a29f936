//! XML Schema, as much of it as Skatteetaten's documents use: sequences with choices, and simple types.
//!
//! A document's schema is a handful of static tables (`return_schema` is the largest); [`walk`] holds a text
//! against them in one pass and hands every value to a [`Sink`].

pub(crate) mod namespaces;
pub(crate) mod periods;
pub(crate) mod sequence;
pub(crate) mod value;
pub(crate) mod walk;

use crate::model::Position;
use crate::period::PeriodKind;
use value::Value;

/// A document type.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Root element.
    pub(crate) root: &'static Element,
    /// Target namespace.
    pub(crate) namespace: &'static str,
    /// Which namespaces are read besides the target.
    pub(crate) also: Also,
    /// Whether what the schema does not know is passed over instead of complained about: for what the authorities
    /// send, which may grow.
    pub(crate) lenient: bool,
    /// Types that stand behind no element of their own, only behind `xsi:type`.
    pub(crate) derived: &'static [&'static Type],
}

/// Namespaces a document may have instead of its target namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Also {
    /// None.
    Nothing,
    /// No namespace at all, as the published examples of the envelope have it.
    NoNamespace,
}

/// An element at its place: the same name elsewhere may be another element.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) tag: Tag,
    pub(crate) of: &'static Type,
}

/// A type with the name it has in the schema.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) base: Option<&'static Type>,
    pub(crate) content: Content,
}

/// What stands between start and end tag.
#[derive(Debug)]
pub(crate) enum Content {
    /// Child elements in this order.
    Children(&'static [Particle]),
    /// A value.
    Value(Simple),
}

/// One place in a sequence: an element or a choice of elements.
#[derive(Debug)]
pub(crate) struct Particle {
    pub(crate) any_of: &'static [&'static Element],
    pub(crate) required: bool,
    pub(crate) repeated: bool,
}

/// Exactly one.
pub(crate) const fn one(any_of: &'static [&'static Element]) -> Particle {
    Particle { any_of, required: true, repeated: false }
}

/// One or none.
pub(crate) const fn maybe(any_of: &'static [&'static Element]) -> Particle {
    Particle { any_of, required: false, repeated: false }
}

/// Any number.
pub(crate) const fn any(any_of: &'static [&'static Element]) -> Particle {
    Particle { any_of, required: false, repeated: true }
}

/// One or more.
pub(crate) const fn some(any_of: &'static [&'static Element]) -> Particle {
    Particle { any_of, required: true, repeated: true }
}

/// Simple types by their facets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Simple {
    /// `xsd:string`.
    Text,
    /// `xsd:string` with `maxLength`.
    Limited(u32),
    /// Exactly so many of 0–9.
    Digits(u8),
    /// `xsd:string` with enumerations.
    Listed(&'static [&'static str]),
    /// The enumeration of a kind of period.
    Period(PeriodKind),
    /// `xsd:decimal`.
    Amount,
    /// `xsd:gYear`.
    Year,
    /// `xsd:long`.
    Whole,
    /// `xsd:date`.
    Date,
    /// `xsd:dateTime`.
    Moment,
}

/// Receives what [`walk`] reads. What it has received counts only if there were no complaints.
pub(crate) trait Sink {
    /// An element with children begins.
    fn open(&mut self, tag: Tag, at: Position);
    /// A value was read; `at` is its start tag.
    fn value(&mut self, tag: Tag, at: Position, value: Value<'_>);
}

/// What an element means to its sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Nothing: an element that only holds others, or is read and not kept.
    Frame,
    // The return.
    Reference,
    SystemName,
    SystemVersion,
    Period,
    PeriodValue,
    Year,
    AssessedVat,
    Line,
    LineCode,
    LineSpecification,
    LineOwnCode,
    LineBase,
    LineRate,
    LineVat,
    LineDescription,
    LineChosen,
    Kid,
    OrgNumber,
    IdentificationNumber,
    Category,
    Description,
    Chosen,
    // The envelope.
    BirthNumber,
    SubmissionType,
    InstanceStatus,
    CreatedBy,
    CreatedAt,
    ChangedAt,
    Attachment,
    AttachmentKind,
    AttachmentSource,
    AttachmentCreatedBy,
    AttachmentCreatedAt,
    FileName,
    FileExtension,
    FileContent,
    // The validation result.
    Outcome,
    Deviation,
    Path,
    VatCode,
    XmlLine,
    XmlColumn,
    Detail,
    Reason,
    DetailOutcome,
    Code,
    RuleDefinition,
    Elaboration,
    // The payment information.
    Amount,
    Payee,
    Due,
    Account,
    Swift,
    Iban,
    Information,
}
