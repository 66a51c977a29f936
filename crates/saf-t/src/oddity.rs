//! What was odd about a file and could be read past.

/// Something odd. None of it is a reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// The encoding is another than the file says, or had to be guessed byte by byte.
    Encoding {
        /// Whether there were bytes that are not of the encoding.
        guessed: bool,
    },
    /// The root has no namespace.
    NoNamespace,
    /// A line has a debit and a credit amount; they were netted.
    DebitAndCredit,
    /// A percentage that is none; taken for missing.
    Rate,
    /// A value that may be left out and cannot be read; taken for left out.
    Unreadable {
        /// The element's name.
        element: &'static str,
    },
    /// The header's version is not the one the structure is of.
    Version {
        /// `AuditFileVersion`.
        said: String,
        /// By the structure.
        is: &'static str,
    },
    /// `NumberOfEntries`, `TotalDebit` or `TotalCredit` is not what the vouchers add up to.
    Totals {
        /// The file.
        file: String,
    },
    /// A file that is byte for byte another one; left out.
    DuplicateFile {
        /// The file.
        file: String,
        /// The one it is the same as.
        of: String,
    },
    /// A file in a zip that is no SAF-T file; left out.
    OtherFile {
        /// The file.
        file: String,
    },
    /// The parts have different default currencies.
    Currencies,
}

impl Oddity {
    /// The name by which scripts know it (`warnings`).
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "encoding",
            Self::NoNamespace => "namespace",
            Self::DebitAndCredit => "debit_and_credit",
            Self::Rate => "rate_unreadable",
            Self::Unreadable { .. } => "value_unreadable",
            Self::Version { .. } => "version_mismatch",
            Self::Totals { .. } => "totals_mismatch",
            Self::DuplicateFile { .. } => "duplicate_file",
            Self::OtherFile { .. } => "other_file",
            Self::Currencies => "currencies",
        }
    }

    /// Adds one that is not there yet.
    pub(crate) fn note(all: &mut Vec<Self>, one: Self) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}
