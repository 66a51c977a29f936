//! Lines that need a remark, and the remarks of the list that fit them (rules R020, R021, R074 to R078, R086, R108).

use crate::answers::Answers;
use crate::codes::{Group, group};
use crate::line::DraftLine;
use crate::question::QuestionKind;
use vat_return::Category;
use vat_return::tables::{Code, RemarkPlace, Sign, Specification, tables};

/// Whether the authority will demand a remark on a line.
pub(crate) fn is_needed(line: &DraftLine, category: Category) -> bool {
    let (code, specification) = (line.key.code, line.key.specification);
    if specification == Some(Specification::Reversal) {
        return true;
    }
    let positive_tax = line.vat() > 0;
    let negative_base = line.base().is_some_and(|base| base < 0);
    match category {
        // R086.
        Category::Compensation => {
            let exempt = specification == Some(Specification::CompensationAdjustment) && matches!(code, 1 | 14 | 81);
            positive_tax && matches!(code, 1 | 11 | 13..=15 | 81 | 83 | 86 | 88 | 91) && !exempt
        }
        // R108; there are no deductions.
        Category::ReverseCharge => negative_base && matches!(code, 86..=89 | 91 | 92),
        // R020: every output code but 5.
        _ if line.base().is_some() => negative_base && code != 5,
        // R021.
        _ => {
            let exempt = match specification {
                Some(Specification::Adjustment) => matches!(code, 1 | 81),
                Some(Specification::LossOnClaims) => matches!(code, 1 | 11 | 12 | 13),
                _ => false,
            };
            positive_tax && !exempt
        }
    }
}

/// The remark that was answered, where one is needed and the list allows it there. What is remembered from another period, when
/// the line had another sign, would be what R074 to R076 object to.
pub(crate) fn answered<'a>(line: &DraftLine, category: Category, answers: &'a Answers) -> Option<&'a str> {
    let answer = answers.get(QuestionKind::RemarkNeeded, &line.name())?;
    let allowed = || tables().remark(answer).is_none() || choices(line, category).iter().any(|choice| choice == answer);
    (is_needed(line, category) && allowed()).then_some(answer)
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::posting::LineKey;
    use jiff::civil::date;
    use rust_decimal::Decimal;
    use saf_t::Rate;
    use std::collections::BTreeSet;
    use vat_return::{Context, Line, Located, Period, PeriodKind, Position, Remark, VatReturn};

    fn here<T>(value: T) -> Located<T> {
        Located { value, at: Position::default() }
    }

    /// The rules on remarks that a line breaks in a return of its own.
    fn broken(line: &DraftLine, category: Category, remark: Option<&str>) -> BTreeSet<&'static str> {
        let kroner = |amount: i128| here(Decimal::try_from_i128_with_scale(amount, 0).unwrap());
        let only = Line {
            at: Position::default(),
            code: here(line.key.code.to_string().into()),
            specification: line.key.specification.map(|specification| here(specification.xml().into())),
            own_code: None,
            base: line.base().map(kroner),
            rate: line.base_ore.is_some().then(|| here(line.key.rate.written().into())),
            vat: kroner(line.vat()),
            remark: remark.map(|name| Remark::Chosen(here(name.into()))),
        };
        let ret = VatReturn {
            reference: here("a".into()),
            system: None,
            period: here(Period { kind: PeriodKind::TwoMonths, index: 2, year: 2025 }),
            assessed_vat: kroner(line.vat()),
            lines: vec![only],
            kid: None,
            org_number: Some(here("999999999".into())),
            identification_number: None,
            category: here(category),
            remark: None,
        };
        let about = ["R020", "R021", "R074", "R075", "R076", "R078", "R086", "R108"];
        let report = vat_return::check(&ret, &Context::on(date(2025, 6, 1)));
        report.findings.iter().map(|finding| finding.rule).filter(|rule| about.contains(rule)).collect()
    }

    /// Every code with and without base, each specification, both signs.
    fn lines() -> Vec<DraftLine> {
        let specifications: Vec<Option<Specification>> =
            std::iter::once(None).chain(Specification::ALL.map(Some)).collect();
        let codes = tables().codes.iter().filter_map(|row| row.code.to_string().parse::<u8>().ok());
        let mut lines = Vec::new();
        for code in codes {
            for specification in &specifications {
                for (deduction, sign) in [(false, 1), (false, -1), (true, 1), (true, -1)] {
                    let rate = if deduction { Rate::ZERO } else { Rate::percent(25) };
                    let key = LineKey { code, specification: *specification, deduction, rate };
                    let base_ore = (!deduction).then_some(sign * 400_000);
                    lines.push(DraftLine { key, own_codes: BTreeSet::new(), base_ore, vat_ore: sign * 100_000 });
                }
            }
        }
        lines
    }

    /// Lines that this program makes: a base on output, none on deductions; in a compensation return a base on all.
    fn is_made(line: &DraftLine, category: Category) -> bool {
        let output = !line.key.deduction;
        match (category, group(line.key.code)) {
            (Category::Compensation, group) => output && matches!(group, Group::Input | Group::ReverseDeducted),
            (_, Group::Input) => !output,
            (_, Group::ReverseDeducted) => true,
            _ => output,
        }
    }

    #[test]
    fn a_remark_is_asked_for_exactly_where_the_rules_demand_one() {
        let mut wrong = Vec::new();
        for category in [Category::Ordinary, Category::PrimaryIndustry, Category::Compensation, Category::ReverseCharge]
        {
            for line in lines().iter().filter(|line| is_made(line, category)) {
                let demanded = broken(line, category, None);
                if is_needed(line, category) == demanded.is_empty() {
                    wrong.push(format!("{category:?} {} {:?}: {demanded:?}", line.name(), (line.base(), line.vat())));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn the_remarks_that_are_offered_are_those_the_rules_allow() {
        let mut wrong = Vec::new();
        for category in [Category::Ordinary, Category::PrimaryIndustry, Category::Compensation, Category::ReverseCharge]
        {
            let made = |line: &&DraftLine| is_made(line, category) && is_needed(line, category);
            for line in lines().iter().filter(made) {
                let offered = choices(line, category);
                for row in &tables().remarks {
                    let broken = broken(line, category, Some(row.name));
                    if offered.iter().any(|name| name == row.name) != broken.is_empty() {
                        wrong.push(format!("{category:?} {} {:?} {}: {broken:?}", line.name(), line.vat(), row.name));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }
}
