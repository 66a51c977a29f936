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
    // A byte order mark that stands twice, in each encoding that has one.
    for mark in [b"\xEF\xBB\xBF".as_slice(), b"\xFF\xFE", b"\xFE\xFF"] {
        if let Some(rest) = bytes.strip_prefix(mark)
            && rest.starts_with(mark)
        {
            let mut mended = mend(rest)?;
            let found = changes::LocatedChange::new(0, ChangeKind::ByteOrderMark, None, Some("\u{feff}"), None);
            mended.changes.insert(0, found.placed(Position { line: 1, column: 1 }));
            return Ok(mended);
        }
    }
    // The root in no namespace, or in one that is nearly right, is refused before anything of it is read.
    let refused = match read(bytes) {
        Ok(_) | Err(Rejection::Structure(_)) => None,
        Err(other) if order::is_nearly_a_return(&other) => Some(other),
        Err(other) => return Err(other),
    };
    let unchanged = || match &refused {
        Some(rejection) => Err(rejection.clone()),
        None => Ok(Mended { bytes: bytes.to_vec(), changes: Vec::new() }),
    };
    let Ok(decoded) = encoding::decode(bytes) else { return unchanged() };
    let Some(mut document) = Document::read(&decoded.text) else { return unchanged() };
    let mut found = Vec::new();
    let older = order::mend(&mut document.root, &mut found);
    changes::mend(&mut document.root, &mut found);
    if found.is_empty() {
        return unchanged();
    }
    let Some(mended) = encoding::encode_as(bytes, &document.write()) else { return unchanged() };
    match read(&mended) {
        Ok(_) => {}
        // What is said to be of an older version and is no whole return of this one is something else.
        Err(Rejection::Structure(_)) if !older => {}
        // Then only what is sure to be right is given back.
        Err(_) => return unchanged(),
    }
    Ok(Mended { bytes: mended, changes: placed(&decoded.text, found) })
}

/// The changes in the order of the file with their places, told in one pass: a file may have two hundred thousand.
fn placed(text: &str, mut found: Vec<changes::LocatedChange>) -> Vec<Change> {
    found.sort_by_key(|change| change.offset);
    let (mut from, mut at) = (0, Position { line: 1, column: 1 });
    let place = |change: changes::LocatedChange| {
        let passed = text.get(from..change.offset).unwrap_or_default();
        let lines = passed.bytes().filter(|byte| *byte == b'\n').count();
        let behind = passed.rsplit('\n').next().unwrap_or(passed);
        let columns = u32::try_from(behind.chars().count()).unwrap_or(u32::MAX);
        at.column = if lines > 0 { columns.saturating_add(1) } else { at.column.saturating_add(columns) };
        at.line = at.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        from = from.max(change.offset);
        change.placed(at)
    };
    found.into_iter().map(place).collect()
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
        let [element, before, after] =
            [&self.element, &self.before, &self.after].map(|text| text.as_deref().unwrap_or_default());
        write!(f, "{line}:{column}: {element}: {before} -> {after}")
    }
}

#[cfg(test)]
mod tests;
