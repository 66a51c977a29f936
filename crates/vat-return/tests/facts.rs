//! The rule table against `docs/facts/validation-rules.tsv`, field by field.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use vat_return::rules::{Needs, RULES};
use vat_return::tables::Categories;

#[test]
fn the_rule_table_is_the_facts_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/facts/validation-rules.tsv");
    let facts = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> =
        facts.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), RULES.len());
    for (row, rule) in rows.iter().zip(&RULES) {
        let [number, identifier, applies_to, severity, category, needs, ..] = *row.as_slice() else {
            panic!("{row:?}");
        };
        assert_eq!(rule.number, number);
        assert_eq!(rule.identifier, identifier, "{number}");
        assert_eq!(rule.severity.word(), severity, "{number}");
        assert_eq!(rule.group, category, "{number}");
        let wanted = match needs {
            "offline" => Needs::Offline,
            "clock" => Needs::Clock,
            "register" => Needs::Register,
            "history" => Needs::History,
            "account" => Needs::Account,
            other => panic!("{number}: {other}"),
        };
        assert_eq!(rule.needs, wanted, "{number}");
        let wanted = match applies_to {
            // Of the rules for all, only R104 is about the category that is filed elsewhere.
            "all" if number == "R104" => Categories::EVERY,
            "all" => Categories::ALL,
            "alminnelig" => Categories::GENERAL,
            "primaernaering" => Categories::PRIMARY,
            "alminnelig,primaernaering" => Categories::ORDINARY,
            "alminnelig,primaernaering,omvendtAvgiftsplikt" => Categories::ORDINARY.with(Categories::REVERSE_CHARGE),
            "kompensasjon" => Categories::COMPENSATION,
            "omvendtAvgiftsplikt" => Categories::REVERSE_CHARGE,
            other => panic!("{number}: {other}"),
        };
        assert_eq!(rule.applies_to, wanted, "{number}");
        // The only rule that compares with something that is published nowhere.
        assert_eq!(rule.can_be_asked(), number != "R085", "{number}");
    }
    let alone = RULES.iter().filter(|rule| rule.can_be_asked() && matches!(rule.needs, Needs::Offline | Needs::Clock));
    assert_eq!(alone.count(), 72);
}
