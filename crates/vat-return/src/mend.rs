//! What a machine can mend of a return without deciding anything about tax: how values are written, what the schema
//! wants in its place, and what belongs on two lines.
//!
//! Only what is mended changes; every other byte, comments included, stays as it is. Nothing is rounded, and a line of
//! reverse charge is split only where the sum of the return proves to the krone that its deduction is meant.
//!
//! ```
//! use vat_return::{mend, samples};
//!
//! let exported = String::from_utf8_lossy(samples::ALL[0].bytes).replace("<sats>25<", "<sats>25.0<");
//! let mended = mend::mend(exported.as_bytes())?;
//! assert_eq!(mended.bytes, samples::ALL[0].bytes);
//! assert_eq!(mended.changes[0].to_string(), "22:7: sats: 25.0 -> 25");
//! # Ok::<(), vat_return::Rejection>(())
//! ```

pub(crate) mod changes;
mod order;
mod tree;

pub use changes::{Change, ChangeKind};

use crate::complaint::Rejection;
use crate::language::Language;
use crate::model::{Position, VatReturn};
use crate::read;
use crate::xml::encoding;
use crate::xml::scan::Scanner;
use tree::Document;

/// A return that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// The file. Without changes it is the same byte for byte.
    pub bytes: Vec<u8>,
    /// What was changed, in the order of the file.
    pub changes: Vec<Change>,
}

/// Mends what can be mended. What cannot is left as it is, for [`check_bytes`](crate::check_bytes) to find.
///
/// # Errors
/// [`Rejection`] when the file is no return that can be read as XML.
pub fn mend(bytes: &[u8]) -> Result<Mended, Rejection> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if let Some(rest) = bytes.strip_prefix(MARK)
        && rest.starts_with(MARK)
    {
        let mut mended = mend(rest)?;
        let found = changes::Found::new(0, ChangeKind::ByteOrderMark, "", "\u{feff}", "");
        mended.changes.insert(0, found.placed(Position { line: 1, column: 1 }));
        return Ok(mended);
    }
    match read(bytes) {
        Ok(_) | Err(Rejection::Structure(_)) => {}
        // The root in no namespace, or in one that is nearly right.
        Err(other @ Rejection::NotAReturn(_)) if !order::is_nearly_a_return(&other) => return Err(other),
        Err(Rejection::NotAReturn(_)) => {}
        Err(other) => return Err(other),
    }
    let unchanged = || Mended { bytes: bytes.to_vec(), changes: Vec::new() };
    let Ok(decoded) = encoding::decode(bytes) else { return Ok(unchanged()) };
    let Some(mut document) = Document::read(&decoded.text) else { return Ok(unchanged()) };
    let mut found = Vec::new();
    order::mend(&mut document.root, &mut found);
    changes::mend(&mut document.root, &mut found);
    if found.is_empty() {
        return Ok(unchanged());
    }
    let Some(mended) = encoding::encode_as(bytes, &document.write()) else { return Ok(unchanged()) };
    found.sort_by_key(|change| change.offset);
    let place = |change: changes::Found| {
        let at = Scanner::place(&decoded.text, change.offset);
        change.placed(at)
    };
    let changes: Vec<Change> = found.into_iter().map(place).collect();
    // What still cannot be read was no better for it: then only what is sure to be right is given back.
    match read(&mended) {
        Err(other @ (Rejection::NotXml(_) | Rejection::UnsafeXml(_) | Rejection::NotAReturn(_))) => Err(other),
        _ => Ok(Mended { bytes: mended, changes }),
    }
}

/// Whether anything in a return that was read could be mended though no rule finds it: amounts with `.0`.
pub(crate) fn has_written_decimals(ret: &VatReturn) -> bool {
    let written = |amount: rust_decimal::Decimal| amount.scale() > 0 && amount.fract().is_zero();
    written(ret.assessed_vat.value)
        || ret
            .lines
            .iter()
            .any(|line| written(line.vat.value) || line.base.as_ref().is_some_and(|base| written(base.value)))
}

impl Change {
    /// The change as one sentence.
    pub fn text(&self, language: Language) -> String {
        changes::text(self, language)
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Position { line, column } = self.at;
        write!(f, "{line}:{column}: {}: {} -> {}", self.element, self.before, self.after)
    }
}

#[cfg(test)]
mod tests;
