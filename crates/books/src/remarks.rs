//! Lines that need a remark, and the remarks of the list that fit them (rules R020, R021, R074 to R078, R086, R108).

use crate::codes::{Group, group};
use crate::line::DraftLine;
use vat_return::Category;
use vat_return::tables::{Code, RemarkPlace, Sign, Specification, tables};

/// Whether the authority will demand a remark on a line.
pub(crate) fn is_needed(line: &DraftLine, category: Category) -> bool {
    let (code, specification) = (line.key.code, line.key.specification);
    if specification == Some(Specification::Reversal) {
        return true;
    }
    let positive_tax = line.vat() > 0;
    if category == Category::Compensation {
        return positive_tax && specification != Some(Specification::CompensationAdjustment);
    }
    match line.base() {
        // Every output code but 5.
        Some(base) => base < 0 && code != 5,
        None => {
            let exempt = match specification {
                Some(Specification::Adjustment) => matches!(code, 1 | 81),
                Some(Specification::LossOnClaims) => matches!(code, 1 | 11 | 12 | 13),
                _ => false,
            };
            positive_tax && !exempt
        }
    }
}

/// The remarks of the list that may stand on the line, by name. Anything else is free text.
pub(crate) fn choices(line: &DraftLine, category: Category) -> Vec<String> {
    let amount = line.base().unwrap_or_else(|| line.vat());
    let minus_expected = category == Category::Compensation
        || group(line.key.code) == Group::Input
        || line.key.deduction
        || line.key.specification == Some(Specification::LossOnClaims);
    let expected = match line.key.specification {
        Some(Specification::LossOnClaims) => Sign::Minus,
        Some(_) => Sign::Plus,
        None if minus_expected => Sign::Minus,
        None => Sign::Plus,
    };
    let place = RemarkPlace {
        category,
        specification: line.key.specification,
        filed: if amount < 0 { Sign::Minus } else { Sign::Plus },
        expected,
        code: Code::number(line.key.code),
    };
    let tables = tables();
    tables
        .remarks
        .iter()
        .map(|row| row.name)
        .filter(|name| tables.remark_allowed(name, &place))
        .map(str::to_owned)
        .collect()
}
