//! What a rule is.

use super::findings::Findings;
use super::subject::Subject;
use crate::context::{Account, History, Register};
use crate::finding::Severity;
use crate::tables::Categories;

/// What a rule needs to know, beside the file and the official lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Nothing more.
    Offline,
    /// The day of filing.
    Clock,
    /// The entity register or the VAT register.
    Register,
    /// The company's earlier returns.
    History,
    /// The company's account.
    Account,
}

/// The official page that publishes a rule, in the repository Skatteetaten/mva-meldingen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// `docs/mvameldingen/forretningsregler/index.md`.
    Ordinary,
    /// `docs/kompensasjon/forretningsregler/index.md`.
    Compensation,
    /// `docs/omvendt/forretningsregler/index.md`.
    ReverseCharge,
}

impl Source {
    /// The page.
    pub const fn page(self) -> &'static str {
        match self {
            Self::Ordinary => "docs/mvameldingen/forretningsregler/index.md",
            Self::Compensation => "docs/kompensasjon/forretningsregler/index.md",
            Self::ReverseCharge => "docs/omvendt/forretningsregler/index.md",
        }
    }
}

/// How a rule is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ask {
    /// By reading the file: a return that could be read has passed.
    Reader,
    /// Of the return and the day of filing.
    Return(fn(&Subject<'_>, &mut Findings)),
    /// Of the earlier returns too.
    History(fn(&Subject<'_>, &History, &mut Findings)),
    /// Of the registers too.
    Register(fn(&Subject<'_>, &Register, &mut Findings)),
    /// Of the account too.
    Account(fn(&Subject<'_>, &Account, &mut Findings)),
    /// Not at all: what it compares with is not published.
    Unpublished,
}

/// A rule of the table.
#[derive(Debug)]
pub struct Rule {
    /// Number, e.g. `R020`.
    pub number: &'static str,
    /// Official identifier (`avvikKode`).
    pub identifier: &'static str,
    /// Categories of return it is for.
    pub applies_to: Categories,
    /// How bad a breach is.
    pub severity: Severity,
    /// Official group (`kategori`).
    pub group: &'static str,
    /// What it needs to know.
    pub needs: Needs,
    /// Where it is published.
    pub source: Source,
    pub(super) ask: Ask,
}

impl Rule {
    /// Whether Momsbud can ask the rule at all, given what it needs.
    pub const fn can_be_asked(&self) -> bool {
        !matches!(self.ask, Ask::Unpublished)
    }
}
