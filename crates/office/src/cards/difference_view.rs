//! What the window shows of a correction: the new version beside the one that was delivered, line by line.

use std::collections::HashMap;

use vat_return::{
    Language, VatReturn,
    difference::{LineDifference, difference},
    explain,
};
use view::{DifferenceView, LineChange, LineDifferenceView, LineView, texts::kroner};

use super::return_view::line_of;

/// What `after` changes against `before`.
pub(crate) fn of(before: &VatReturn, after: &VatReturn, language: Language) -> DifferenceView {
    let found = difference(before, after);
    let (old, new) = (lines(before, language), lines(after, language));
    let lines = found.lines.iter().map(|line| {
        let (change, before, after) = match *line {
            LineDifference::Same { before, after } => (LineChange::Same, Some(before), Some(after)),
            LineDifference::Changed { before, after } => (LineChange::Changed, Some(before), Some(after)),
            LineDifference::Added { after } => (LineChange::Added, None, Some(after)),
            LineDifference::Removed { before } => (LineChange::Removed, Some(before), None),
        };
        LineDifferenceView {
            change,
            before: before.and_then(|place| old.get(&place).cloned()),
            after: after.and_then(|place| new.get(&place).cloned()),
        }
    });
    DifferenceView {
        none: found.is_none(),
        assessed_before: kroner(found.assessed_before),
        assessed_after: kroner(found.assessed_after),
        lines: lines.collect(),
    }
}

/// Every line in words, by its place in the file.
fn lines(vat_return: &VatReturn, language: Language) -> HashMap<usize, LineView> {
    let explained = explain(vat_return, language);
    explained
        .groups
        .iter()
        .flat_map(|group| &group.lines)
        .filter_map(|said| Some((said.index, line_of(vat_return, said)?)))
        .collect()
}
