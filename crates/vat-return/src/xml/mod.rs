//! XML 1.0 with namespaces, as much of it as these documents may have, and strict about it.
//!
//! A reader of our own rather than quick-xml: quick-xml leaves most of well-formedness to its user (names,
//! characters, `]]>`, duplicate attributes, references), knows no lines and columns, and what would have to be
//! built around it is larger and slower than this.

pub(crate) mod encoding;
pub(crate) mod escape;
pub(crate) mod markup;
pub(crate) mod names;
pub(crate) mod scan;
pub(crate) mod write;

use crate::complaint::ComplaintKind;

/// Something that makes a text not XML, with the byte offset at which it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Byte offset in the decoded text.
    pub(crate) offset: usize,
    /// What stands there.
    pub(crate) found: String,
    /// What could stand there.
    pub(crate) expected: String,
    /// Kind.
    pub(crate) kind: ComplaintKind,
}

impl Fault {
    pub(crate) fn new(offset: usize, kind: ComplaintKind) -> Self {
        Self { offset, found: String::new(), expected: String::new(), kind }
    }

    pub(crate) fn found(mut self, found: &str) -> Self {
        self.found = crate::complaint::shortened(found);
        self
    }

    pub(crate) fn expected(mut self, expected: &str) -> Self {
        self.expected = expected.into();
        self
    }
}
