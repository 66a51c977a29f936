//! What each kind is called, and what to do with it.

use super::FileKind;
use vat_return::Language;

pub(super) fn title(kind: FileKind, language: Language) -> &'static str {
    crate::text(language, texts(kind).0)
}

pub(super) fn advice(kind: FileKind, language: Language) -> &'static str {
    crate::text(language, texts(kind).1)
}

/// Title and advice.
fn texts(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Return => ("kind.return.title", "kind.return.advice"),
        FileKind::Envelope => ("kind.envelope.title", "kind.envelope.advice"),
        FileKind::ValidationResult => ("kind.validationResult.title", "kind.validationResult.advice"),
        FileKind::PaymentInformation => ("kind.paymentInformation.title", "kind.paymentInformation.advice"),
        FileKind::Receipt => ("kind.receipt.title", "kind.receipt.advice"),
        FileKind::ReturnedReturn => ("kind.returnedReturn.title", "kind.returnedReturn.advice"),
        FileKind::SafTFinancial => ("kind.safTFinancial.title", "kind.safTFinancial.advice"),
        FileKind::SafTCashRegister => ("kind.safTCashRegister.title", "kind.safTCashRegister.advice"),
        FileKind::OldForm => ("kind.oldForm.title", "kind.oldForm.advice"),
        FileKind::WebPage => ("kind.webPage.title", "kind.webPage.advice"),
        FileKind::Zip => packed("kind.zip.title"),
        FileKind::Gzip => packed("kind.gzip.title"),
        FileKind::OtherPacked => ("kind.otherPacked.title", "kind.otherPacked.advice"),
        FileKind::Email => ("kind.email.title", "kind.email.advice"),
        FileKind::OwnArchive => ("kind.ownArchive.title", "kind.ownArchive.advice"),
        FileKind::AppleDouble => ("kind.appleDouble.title", "kind.appleDouble.advice"),
        FileKind::Spreadsheet => export("kind.spreadsheet.title"),
        FileKind::TextDocument => export("kind.textDocument.title"),
        FileKind::Presentation => export("kind.presentation.title"),
        FileKind::Pdf => export("kind.pdf.title"),
        FileKind::Image => export("kind.image.title"),
        FileKind::Json => export("kind.json.title"),
        FileKind::Text => export("kind.text.title"),
        FileKind::Xml => export("kind.xml.title"),
        FileKind::Program => export("kind.program.title"),
        FileKind::Empty => export("kind.empty.title"),
        FileKind::Unknown => export("kind.unknown.title"),
    }
}

fn export(title: &'static str) -> (&'static str, &'static str) {
    let advice = "kind.other.advice";
    (title, advice)
}

fn packed(title: &'static str) -> (&'static str, &'static str) {
    let advice = "kind.packed.advice";
    (title, advice)
}
