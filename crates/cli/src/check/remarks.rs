//! Remarks in free text, and the coded remarks that would do in their place.

use vat_return::Language;
use vat_return::explain::explain;
use vat_return::{Position, Remark, VatReturn};

/// A remark in free text.
pub(super) struct FreeText {
    pub(super) at: Position,
    pub(super) text: String,
    /// Coded remarks that may stand in its place, in words.
    pub(super) instead: Vec<&'static str>,
}

/// The remarks in free text of a return.
pub(super) fn of(ret: &VatReturn, language: Language) -> Vec<FreeText> {
    let own = |remark: &Option<Remark>| match remark {
        Some(Remark::Description(text)) => Some((text.at, text.value.to_string())),
        _ => None,
    };
    // Few returns have any, and explaining a return of a hundred thousand lines takes its time.
    if own(&ret.remark).is_none() && ret.lines.iter().all(|line| own(&line.remark).is_none()) {
        return Vec::new();
    }
    let explained = explain(ret, language);
    let mut found: Vec<FreeText> = explained
        .groups
        .into_iter()
        .flat_map(|group| group.lines)
        .filter_map(|line| Some((line.free_text?, own(&ret.lines.get(line.index)?.remark)?)))
        .chain(explained.free_text.zip(own(&ret.remark)))
        .map(|(said, (at, text))| FreeText { at, text, instead: said.instead })
        .collect();
    found.sort_by_key(|remark| remark.at);
    found
}

impl FreeText {
    /// That the return is handled by a person, and what would do instead.
    pub(super) fn said(&self, language: Language) -> String {
        let said = crate::text(language, "check.remarks.handledByAPerson");
        if self.instead.is_empty() {
            return said.to_owned();
        }
        let quoted = |name: &&str| crate::filled(language, "check.remarks.quoted", &[("name", name)]);
        let names = self.instead.iter().map(quoted).collect::<Vec<_>>().join(", ");
        format!("{said} {}", crate::filled(language, "check.remarks.codedInstead", &[("names", &names)]))
    }
}
