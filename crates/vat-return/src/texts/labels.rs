//! What codes, themes, specifications, remarks, categories and periods are called.

use crate::language::Language;
use crate::model::Category;
use crate::period::{Period, PeriodKind};
use crate::tables::{Code, tables};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The key of a name, by group and name.
static LABELS: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    crate::MESSAGES
        .keys()
        .filter_map(|key| {
            let (group, name) = key.strip_prefix("label.")?.split_once(' ')?;
            Some((key, group, name))
        })
        .flat_map(|(key, group, name)| {
            // Several codes may share a name.
            let several = matches!(group, "code" | "deduction" | "compensation");
            let names: Vec<&str> = if several { name.split(' ').collect() } else { vec![name] };
            names.into_iter().map(move |name| ((group, name), key))
        })
        .collect()
});

fn label(group: &str, name: &str, language: Language) -> Option<&'static str> {
    // The table lives as long as the program, a key to look up need not.
    LABELS.get(&(group, name) as &(&str, &str)).map(|key| crate::text(language, key))
}

/// Fixed words.
pub(crate) fn words(name: &str, language: Language) -> &'static str {
    label("words", name, language).unwrap_or_default()
}

/// `alminnelig næring`.
pub(crate) fn category(category: Category, language: Language) -> &'static str {
    label("category", category.xml(), language).unwrap_or_default()
}

/// `to måneder`.
pub(crate) fn period_kind(kind: PeriodKind, language: Language) -> &'static str {
    label("period", kind.xml_element(), language).unwrap_or_default()
}

/// `alminnelig næring, to måneder`.
pub(crate) fn kind(of: Category, period: &Period, language: Language) -> String {
    super::fill::fill(words("kind", language), |name| match name {
        "period" => Some(period_kind(period.kind, language).to_owned()),
        "category" => Some(category(of, language).to_owned()),
        _ => None,
    })
}

/// What a code is called in a return of this category; a line without base may be the deduction of one with.
pub(crate) fn code_name(code: Option<Code>, category: Category, deduction: bool, language: Language) -> &'static str {
    let Some(code) = code else { return label("code", "unknown", language).unwrap_or_default() };
    let number = code.to_string();
    let compensation = match category {
        Category::Compensation => true,
        // There, codes 86, 88 and 91 stand for purchases that give compensation (R124).
        Category::ReverseCharge => true,
        _ => false,
    };
    let special = if compensation {
        label("compensation", &number, language)
    } else if deduction {
        label("deduction", &number, language)
    } else {
        None
    };
    special.or_else(|| label("code", &number, language)).unwrap_or_default()
}

/// What a specification is called, when the list has it.
pub(crate) fn specification(name: &str, language: Language) -> Option<&'static str> {
    label("specification", name, language)
}

/// What a remark is called, when the list has it.
pub(crate) fn remark(name: &str, language: Language) -> Option<&'static str> {
    label("remark", tables().remark(name)?.name, language)
}

/// What a theme is called.
pub(crate) fn theme(name: &str, language: Language) -> &'static str {
    label("theme", name, language).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Specification;

    #[test]
    fn everything_in_the_lists_has_a_name() {
        for language in Language::ALL.iter().copied() {
            for row in &tables().codes {
                assert!(label("code", &row.code.to_string(), language).is_some(), "{}", row.code);
                if row.categories.has(Category::Compensation) {
                    assert!(label("compensation", &row.code.to_string(), language).is_some(), "{}", row.code);
                }
                if row.direction == crate::tables::Direction::Both {
                    assert!(label("deduction", &row.code.to_string(), language).is_some(), "{}", row.code);
                }
            }
            for row in &tables().remarks {
                assert!(remark(row.name, language).is_some(), "{}", row.name);
            }
            for known in Specification::ALL {
                assert!(specification(known.xml(), language).is_some(), "{}", known.xml());
            }
            for kind in PeriodKind::ALL {
                assert!(!period_kind(kind, language).is_empty());
            }
        }
    }
}
