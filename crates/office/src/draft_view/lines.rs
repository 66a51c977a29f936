//! The lines of a draft by theme, each with what it may choose.

use std::collections::HashMap;

use drafts::{Cell, Draft, DraftLine, Rate};
use rust_decimal::Decimal;
use vat_return::{
    Category, Language, VatReturn, explain,
    tables::{Specification, tables},
};
use view::{DraftCell, DraftChoice, DraftComparedRow, DraftGroup, DraftLineView, texts::kroner};

use super::{choices, remark};

/// The lines by theme, and the lists of remarks that they name.
pub(super) fn of(draft: &Draft, language: Language) -> (Vec<DraftGroup>, Vec<Vec<DraftChoice>>) {
    let shown = draft.shown();
    let mut lists: Vec<Vec<DraftChoice>> = Vec::new();
    // What may stand on a line hangs on its code, its specification and its sign: most lines share it with others.
    let mut known: HashMap<(Option<String>, Option<String>, bool, bool), u32> = HashMap::new();
    let mut groups = Vec::new();
    for group in explain(&shown, language).groups {
        let mut lines = Vec::new();
        for said in &group.lines {
            let (Some(line), Some(typed)) = (shown.lines.get(said.index), draft.lines.get(said.index)) else {
                continue;
            };
            let amount = line.base.as_ref().map_or(line.vat.value, |base| base.value);
            let negative = if amount.is_zero() { draft.is_without_base(typed) } else { amount < Decimal::ZERO };
            let specification = typed.specification.as_ref().map(ToString::to_string);
            let place = (typed.code.as_ref().map(ToString::to_string), specification, negative, line.base.is_some());
            let list = *known.entry(place).or_insert_with(|| {
                let mut asked = line.clone();
                if amount.is_zero() && negative {
                    asked.vat.value = -Decimal::ONE;
                }
                lists.push(choices(explain::remarks_of_line(&asked, draft.category, language)));
                u32::try_from(lists.len() - 1).unwrap_or_default()
            });
            lines.push(view(draft, typed, said.description, list, language));
        }
        groups.push(DraftGroup { title: group.title.to_owned(), lines });
    }
    (groups, lists)
}

fn view(draft: &Draft, line: &DraftLine, description: &str, remark_list: u32, language: Language) -> DraftLineView {
    let has_base = !draft.is_without_base(line);
    let (first, last) = (draft.period.first_day(), draft.period.last_day());
    let rates = tables().code(line.written_code()).filter(|_| has_base);
    let computed = draft.computed_vat(line);
    DraftLineView {
        id: line.id.0,
        code: line.code.as_ref().map(ToString::to_string),
        description: description.to_owned(),
        deduction: line.deducts.is_some(),
        specification: line.specification.as_ref().map(ToString::to_string),
        specifications: specifications(draft.category, line, language),
        remark: line.note.as_ref().map(remark),
        remark_list,
        own_code: line.own_code.as_ref().map(ToString::to_string),
        // A file may have a base where none belongs: it is shown, so that it can be taken away.
        has_base: has_base || line.base != Cell::Empty,
        base: cell(Some(&line.base)),
        rate: match &line.rate {
            Rate::Typed(rate) => Some(rate.to_string()),
            Rate::Usual if has_base => draft.usual_rate(line.written_code()).map(str::to_owned),
            Rate::Usual | Rate::Absent => None,
        },
        rates: rates.map(|code| tables().rates_of(code, first, last).map(str::to_owned).collect()).unwrap_or_default(),
        vat: match &line.vat {
            Some(vat) => cell(Some(vat)),
            None => DraftCell { amount: draft.vat_of(line).map(kroner), text: None },
        },
        vat_typed: line.vat.is_some(),
        computed: computed.map(kroner),
        off_by: draft.typed_over(line).map(kroner),
    }
}

fn cell(cell: Option<&Cell>) -> DraftCell {
    match cell {
        Some(Cell::Amount(amount)) => DraftCell { amount: Some(kroner(*amount)), text: None },
        Some(Cell::Text(text)) => DraftCell { amount: None, text: Some(text.to_string()) },
        Some(Cell::Empty) | None => DraftCell::default(),
    }
}

/// The specifications that a category has and a code may carry, as the rules on them say.
fn specifications(category: Category, line: &DraftLine, language: Language) -> Vec<DraftChoice> {
    let code = line.written_code();
    let fits = |specification: &Specification| {
        tables().categories_of(*specification).has(category)
            && match specification {
                Specification::Adjustment => matches!(code, "1" | "81"),
                Specification::LossOnClaims => matches!(code, "1" | "11" | "12" | "13"),
                Specification::Reversal => matches!(code, "1" | "81"),
                Specification::Withdrawal => matches!(code, "3" | "5" | "31" | "33"),
                Specification::CompensationAdjustment => matches!(code, "1" | "14" | "81"),
                Specification::CompensationRight => matches!(code, "86" | "88" | "91"),
            }
    };
    let choice = |it: Specification| DraftChoice {
        value: it.xml().to_owned(),
        words: explain::specification_name(it, language).to_owned(),
    };
    Specification::ALL.into_iter().filter(fits).map(choice).collect()
}

/// Two returns of a company side by side, by code in the order of the list.
pub(super) fn compared(
    now: &VatReturn,
    before: &VatReturn,
    category: Category,
    language: Language,
) -> Vec<DraftComparedRow> {
    let mut codes: Vec<&str> = Vec::new();
    for line in before.lines.iter().chain(&now.lines) {
        if !codes.contains(&line.code.value.as_str()) {
            codes.push(&line.code.value);
        }
    }
    codes.sort_by_key(|code| {
        tables().code(code).and_then(|code| tables().row(code)).map_or((u8::MAX, u8::MAX), |row| row.order)
    });
    let total = |ret: &VatReturn, code: &str| {
        let lines = ret.lines.iter().filter(|line| line.code.value == code);
        // Of sales the base says more, of deductions there is only VAT; the deduction of reverse charge is on its line.
        let with_base: Vec<Decimal> =
            lines.clone().filter_map(|line| line.base.as_ref()).map(|base| base.value).collect();
        let amounts = if with_base.is_empty() { lines.map(|line| line.vat.value).collect() } else { with_base };
        amounts.into_iter().fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount).unwrap_or(sum))
    };
    let row = |code: &&str| DraftComparedRow {
        code: (*code).to_owned(),
        description: tables()
            .code(code)
            .map(|known| explain::code_name(known, false, category, language).to_owned())
            .unwrap_or_default(),
        before: kroner(total(before, code)),
        now: kroner(total(now, code)),
    };
    codes.iter().map(row).collect()
}
