//! What the window shows of a file that lies beside returns.

use std::path::PathBuf;

use files::{Document, FileKind};
use filing::filings;
use vat_return::Language;
use view::{NeighbourFact, NeighbourName, NeighbourView, Verdict};

use super::findings;

/// A file that is no return, and is known.
#[derive(Debug, Clone)]
pub(crate) struct Neighbour {
    pub(crate) kind: FileKind,
    /// One of Skatteetaten's documents, read.
    document: Option<Document>,
    /// What it decides, where it is a verdict: read as the verdict of a filing is.
    verdict: Option<Verdict>,
    /// Where it lies, if it may be a spreadsheet with returns.
    pub(crate) sheet: Option<PathBuf>,
}

impl Neighbour {
    /// A file of that kind; `bytes` are looked at where it is shown.
    pub(crate) fn new(kind: FileKind, bytes: &[u8]) -> Self {
        let verdict = kind == FileKind::ValidationResult && !bytes.is_empty();
        let verdict = verdict.then(|| filings::verdict(Some(bytes)).0);
        Self { kind, document: Document::read(kind, bytes), verdict, sheet: None }
    }

    /// Which of several says most of a folder without returns: the smaller number.
    pub(crate) fn weight(kind: FileKind) -> usize {
        let order = [FileKind::OwnArchive, FileKind::SafTFinancial, FileKind::OldForm, FileKind::ReturnedReturn];
        // A packed file is that, whatever papers lie in it.
        let paper = usize::from(!matches!(kind, FileKind::Zip | FileKind::Gzip));
        order.iter().position(|other| *other == kind).unwrap_or(order.len() + paper)
    }

    pub(super) fn view(&self, language: Language) -> NeighbourView {
        let facts = self.document.iter().flat_map(|document| document.summary(language));
        let result = self.document.as_ref().and_then(Document::verdict);
        NeighbourView {
            kind: name(self.kind),
            title: self.kind.title(language).to_owned(),
            advice: self
                .document
                .as_ref()
                .and_then(|it| it.advice(language))
                .unwrap_or_else(|| self.kind.advice(language))
                .to_owned(),
            verdict: self.verdict,
            facts: facts.map(|fact| NeighbourFact { label: fact.label.to_owned(), value: fact.value }).collect(),
            findings: findings::merged(None, result, None, language),
            sheet: self.sheet.is_some(),
        }
    }
}

fn name(kind: FileKind) -> NeighbourName {
    match kind {
        FileKind::Envelope => NeighbourName::Envelope,
        FileKind::ValidationResult => NeighbourName::ValidationResult,
        FileKind::PaymentInformation => NeighbourName::PaymentInformation,
        FileKind::Receipt => NeighbourName::Receipt,
        FileKind::ReturnedReturn => NeighbourName::ReturnedReturn,
        FileKind::SafTFinancial => NeighbourName::SafTFinancial,
        FileKind::SafTCashRegister => NeighbourName::SafTCashRegister,
        FileKind::OldForm => NeighbourName::OldForm,
        FileKind::WebPage => NeighbourName::WebPage,
        FileKind::Xml => NeighbourName::Xml,
        FileKind::Pdf => NeighbourName::Pdf,
        FileKind::TextDocument => NeighbourName::TextDocument,
        FileKind::Spreadsheet => NeighbourName::Spreadsheet,
        FileKind::Presentation => NeighbourName::Presentation,
        FileKind::Image => NeighbourName::Image,
        FileKind::Json => NeighbourName::Json,
        FileKind::Text => NeighbourName::Text,
        FileKind::Zip => NeighbourName::Zip,
        FileKind::Gzip => NeighbourName::Gzip,
        FileKind::OtherPacked => NeighbourName::OtherPacked,
        FileKind::Email => NeighbourName::TextDocument,
        FileKind::AppleDouble => NeighbourName::AppleDouble,
        FileKind::Program => NeighbourName::Program,
        FileKind::Empty => NeighbourName::Empty,
        FileKind::OwnArchive => NeighbourName::OwnArchive,
        _ => NeighbourName::Unknown,
    }
}
