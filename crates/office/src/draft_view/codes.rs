//! The codes a draft may use.

use drafts::Draft;
use vat_return::{Language, explain, tables::tables};
use view::DraftCode;

/// The codes of the draft's category and period, by theme in the order of the list.
pub(crate) fn codes(draft: &Draft, language: Language) -> Vec<DraftCode> {
    let (first, last) = (draft.period.first_day(), draft.period.last_day());
    let mut all = Draft::new("", draft.period, draft.category);
    for row in tables().codes.iter().filter(|row| row.categories.has(draft.category)) {
        // A code that was not yet there, or not any more, has no rate.
        if tables().rates_of(row.code, first, last).next().is_some() {
            all.add(&row.code.to_string());
        }
    }
    let shown = all.shown();
    let explained = explain(&shown, language);
    let mut codes = Vec::new();
    for group in explained.groups {
        for said in group.lines.iter().filter(|said| !said.deduction) {
            let Some(code) = shown.lines.get(said.index).and_then(|line| tables().code(&line.code.value)) else {
                continue;
            };
            let number = code.to_string();
            // Where a category has no deductions, both lines of reverse charge stand for the code.
            if codes.iter().any(|known: &DraftCode| known.code == number) {
                continue;
            }
            codes.push(DraftCode {
                code: number,
                theme: group.title.to_owned(),
                description: said.description.to_owned(),
                rates: tables().rates_of(code, first, last).map(str::to_owned).collect(),
            });
        }
    }
    codes
}
